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
{%- for head in listing.heads %}<th scope="col"{% if head.is_number %} class="number"{% endif %}>{{ head.shown }}</th>{% endfor -%}
</tr></thead><tbody>
{%- for line in listing.lines %}
<tr data-key="{{ line.key }}"{% if !line.code.is_empty() %} data-state="{{ line.code }}"{% endif %}>
{%- for cell in line.cells %}
{%- if loop.first %}<th scope="row"{% if let Some(class) = cell.class %} class="{{ class }}"{% endif %}{% if let Some(sort) = cell.sort %} data-sort="{{ sort }}"{% endif %}>{{ cell.shown }}</th>
{%- else %}<td{% if let Some(class) = cell.class %} class="{{ class }}"{% endif %}{% if let Some(sort) = cell.sort %} data-sort="{{ sort }}"{% endif %}>{{ cell.shown }}</td>{% endif %}
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
    pub lines: Vec<Line>,
    /// Codes of lines that can be chosen, under this title; none where there is nothing to choose.
    pub options_title: &'a str,
    pub options: Vec<Choice<'a>>,
    /// How much of it a phone shows at first.
    pub fold: Fold,
}

/// The head of a column.
pub struct Head<'a> {
    shown: &'a str,
    is_number: bool,
}

/// Heads of columns; those that are among `numbers` stand to the right.
pub fn heads<'a>(names: &[&'a str], numbers: &[&'a str]) -> Vec<Head<'a>> {
    names.iter().map(|&shown| Head { shown, is_number: numbers.contains(&shown) }).collect()
}

/// A code that lines have, and what it is called.
pub struct Choice<'a> {
    pub code: &'a str,
    pub shown: &'a str,
}

/// A row. Its first cell is its head.
pub struct Line {
    /// What it is about.
    pub key: String,
    /// What it can be chosen by; may be empty.
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
