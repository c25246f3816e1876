//! A table of many rows: sorted and filtered on the page where scripts run, readable where they do not.

use askama::Template;

use super::html::{Html, address, rendered, text};
use super::say::Say;
use crate::error::Result;

/// Rows from which on a table can be filtered.
const FILTERED_FROM: usize = 16;

/// How many rows of a list a phone shows until it is asked for the rest; the style sheet has the same numbers.
#[derive(Clone, Copy, Default)]
pub enum Fold {
    /// A list among others on its page.
    #[default]
    Few,
    /// The list that its page is for.
    Many,
}

impl Fold {
    fn rows(self) -> usize {
        match self {
            Fold::Few => 5,
            Fold::Many => 20,
        }
    }
}

/// Fewer rows than these are not worth a click.
const WORTH_A_CLICK: usize = 3;

#[derive(Template)]
#[template(
    ext = "html",
    source = r##"<div class="listed">
{%- if is_filtered %}<form class="filters" hidden><label>{{ say.words.filter }} <input type="search" data-filter="text" autocomplete="off"></label>
{%- if !listing.options.is_empty() %}<label>{{ listing.options_title }} <select data-filter="state"><option value="">{{ say.words.all }}</option>{% for option in listing.options %}<option value="{{ option.code }}">{{ option.shown }}</option>{% endfor %}</select></label>{% endif %}
<output aria-live="polite" data-frame="{{ say.words.shown_of }}"></output></form>{% endif %}
<div class="scroll" tabindex="0" role="group" aria-label="{{ listing.title }}"><table class="plain list" data-sortable="{{ say.words.sort_by }}"><thead><tr>
{%- for head in listing.heads %}<th scope="col"{{ head.class() }}>{{ head.shown }}</th>{% endfor -%}
</tr></thead><tbody>
{%- for line in listing.lines %}
<tr data-key="{{ line.key }}"{% if !line.code.is_empty() %} data-state="{{ line.code }}"{% endif %}>
{%- for (cell, head) in line.cells.iter().zip(listing.heads) %}
{%- if loop.first %}<th scope="row"{{ cell.class(head) }}{% if let Some(sort) = cell.sort %} data-sort="{{ sort }}"{% endif %}>{{ cell.shown }}</th>
{%- else %}<td{{ cell.class(head) }}{% if let Some(sort) = cell.sort %} data-sort="{{ sort }}"{% endif %}>{{ cell.shown }}</td>{% endif %}
{%- endfor %}</tr>
{%- endfor %}
</tbody></table></div>{{ rest }}</div>"##
)]
struct Written<'a> {
    say: &'a Say,
    is_filtered: bool,
    listing: &'a Listing<'a>,
    rest: Html,
}

/// The table.
#[derive(Default)]
pub struct Listing<'a> {
    pub title: &'a str,
    pub heads: Vec<Head<'a>>,
    pub lines: Vec<ListLine>,
    /// Codes of lines that can be chosen, under this title; none where there is nothing to choose.
    pub options_title: &'a str,
    pub options: Vec<FilterOption<'a>>,
    /// How much of it a phone shows at first.
    pub fold: Fold,
}

/// How soon a column gives way on a tablet, which has no room for all of them. What it holds has to stand on the row's own
/// page, or elsewhere in the row. On a phone, where rows are stacked, and on paper all are there.
#[derive(Clone, Copy, Default, PartialEq)]
pub enum Rank {
    /// It never does.
    #[default]
    First,
    /// On one that is held upright.
    Second,
    /// On any.
    Third,
}

/// The head of a column.
pub struct Head<'a> {
    shown: &'a str,
    is_number: bool,
    rank: Rank,
}

/// Heads of columns; those that are among `numbers` stand to the right.
pub fn heads<'a>(names: &[&'a str], numbers: &[&'a str]) -> Vec<Head<'a>> {
    names.iter().map(|&shown| Head { shown, is_number: numbers.contains(&shown), rank: Rank::First }).collect()
}

/// The same, some of whose columns give way.
pub fn ranked<'a>(heads: Vec<Head<'a>>, rank: Rank, names: &[&str]) -> Vec<Head<'a>> {
    let of = |head: Head<'a>| Head { rank: if names.contains(&head.shown) { rank } else { head.rank }, ..head };
    heads.into_iter().map(of).collect()
}

/// The name of a row and, below it, what tells it from others of that name.
pub fn named(name: &Html, below: &Html) -> Html {
    Html::written(format!("{name}<br><span class=\"quiet\">{below}</span>"))
}

/// The attribute of an element with some classes; nothing of none.
fn classed(classes: [&str; 2]) -> Html {
    let classes: Vec<&str> = classes.into_iter().filter(|class| !class.is_empty()).collect();
    match classes.is_empty() {
        true => Html::default(),
        false => Html::written(format!(" class=\"{}\"", classes.join(" "))),
    }
}

impl Head<'_> {
    fn rank_class(&self) -> &'static str {
        match self.rank {
            Rank::First => "",
            Rank::Second => "second",
            Rank::Third => "third",
        }
    }

    fn class(&self) -> Html {
        classed([if self.is_number { "number" } else { "" }, self.rank_class()])
    }
}

/// A code that lines have, and what it is called.
pub struct FilterOption<'a> {
    pub code: &'a str,
    pub shown: &'a str,
}

/// A row. Its first cell is its head.
pub struct ListLine {
    /// What it is about.
    pub key: String,
    /// What it can be chosen by: codes with spaces between them; may be empty.
    pub code: String,
    pub cells: Vec<Cell>,
}

/// A cell.
pub struct Cell {
    shown: Html,
    class: Option<&'static str>,
    /// What it is sorted by, if not by what it shows; empty where that is unknown.
    sort: Option<String>,
}

impl Cell {
    fn class(&self, head: &Head<'_>) -> Html {
        classed([self.class.unwrap_or_default(), head.rank_class()])
    }

    /// Sorted as it reads.
    pub fn of(shown: Html) -> Cell {
        Cell { shown, class: None, sort: None }
    }

    /// A text from a table.
    pub fn text(shown: &str) -> Cell {
        Cell::of(text(shown))
    }

    /// What says by itself what it is, so that it needs no head beside it on a phone.
    pub fn telling(shown: Html) -> Cell {
        Cell { class: Some("telling"), ..Cell::of(shown) }
    }

    /// An address or domain.
    pub fn address(shown: &str) -> Cell {
        Cell { class: Some("address"), ..Cell::of(address(shown)) }
    }

    /// A sentence, which needs room.
    pub fn sentence(shown: &str) -> Cell {
        Cell { class: Some("sentence"), ..Cell::text(shown) }
    }

    /// Sentences, sorted by a number.
    pub fn sentences(shown: Html, value: Option<f64>) -> Cell {
        Cell { class: Some("sentence"), ..Cell::number(shown, value) }
    }

    /// A number.
    pub fn number(shown: Html, value: Option<f64>) -> Cell {
        Cell { shown, class: Some("number"), sort: Some(value.map(|value| value.to_string()).unwrap_or_default()) }
    }

    /// Sorted by another text, such as a day.
    pub fn by(shown: Html, sort: Option<String>) -> Cell {
        Cell { shown, class: None, sort: Some(sort.unwrap_or_default()) }
    }
}

impl Listing<'_> {
    /// The markup.
    ///
    /// # Errors
    /// A template that cannot be written.
    pub fn written(&self, say: &Say) -> Result<Html> {
        let rest = rest(say, self.lines.len(), self.fold)?;
        rendered(&Written { say, is_filtered: self.lines.len() >= FILTERED_FROM, listing: self, rest })
    }
}

#[derive(Template)]
#[template(
    ext = "html",
    source = r##"<details class="rest{% if is_long %} long{% endif %}"><summary><span class="closed">{{ more }}</span><span class="opened">{{ fewer }}</span></summary></details>"##
)]
struct Rest<'a> {
    is_long: bool,
    more: String,
    fewer: &'a str,
}

/// What opens the rest of a list of so many rows on a phone. It stands right behind the list: the style sheet hides the
/// rest while this is closed, so that elsewhere and on paper all rows are there.
///
/// # Errors
/// A template that cannot be written.
pub fn rest(say: &Say, rows: usize, fold: Fold) -> Result<Html> {
    let rest = rows.saturating_sub(fold.rows());
    if rest < WORTH_A_CLICK {
        return Ok(Html::default());
    }
    let more = say.findings.show_more.replace("{n}", &say.whole(rest as i64));
    rendered(&Rest { is_long: matches!(fold, Fold::Many), more, fewer: say.findings.show_fewer })
}

/// That only the first of all rows are listed, where that is so.
pub fn first_of(say: &Say, shown: usize, all: usize) -> Html {
    if all <= shown {
        return Html::default();
    }
    let told = say.findings.first_of.replace("{n}", &say.whole(shown as i64)).replace("{m}", &say.whole(all as i64));
    Html::written(format!("<p class=\"quiet\">{told}</p>"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::language::Language;

    #[test]
    fn a_phone_offers_the_rest_where_there_is_enough_of_it() {
        let say = Say::new(Language::German, chrono_tz::UTC);
        let of = |rows, fold| rest(&say, rows, fold).unwrap();
        assert_eq!([0, 5, 7].map(|rows| of(rows, Fold::Few)), [(); 3].map(|()| Html::default()));
        assert_eq!(of(22, Fold::Many), Html::default());
        assert!(of(8, Fold::Few).as_str().contains(">3 weitere anzeigen<"));
        assert!(of(23, Fold::Many).as_str().contains(">3 weitere anzeigen<"));
        for (fold, count) in [(Fold::Few, 2), (Fold::Many, 1)] {
            let hidden = format!(":nth-child(n+{}", fold.rows() + 1);
            assert_eq!(include_str!("style.css").matches(&hidden).count(), count, "the style sheet hides {hidden}");
        }
    }
}
