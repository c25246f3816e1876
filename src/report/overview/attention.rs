//! What needs attention: of each record why, how severe that is, and what is at stake; the most severe first, which is the
//! order of each owner's list.

use askama::Template;

use crate::config::REASONS;
use crate::error::Result;
use crate::report::book::Book;
use crate::report::card::Card;
use crate::report::html::{Html, link, rendered, text};
use crate::report::listing::{Cell, FilterOption, Fold, ListLine, Listing, Rank, first_of, heads, named, ranked, rest};
use crate::report::needs::{COLUMNS, TABLE, Why, listed, severest, whys};
use crate::report::page::Page;
use crate::report::record::Record;
use crate::report::record_page::{account, owner};
use crate::report::say::Say;
use crate::report::sheet::Row;

const PAGE: &str = "attention.html";

/// Records of the overview: what a person can do in a day.
const RECORDS: usize = 12;
/// Rows of the page of all of them.
const ROWS: usize = 1_000;

#[derive(Template)]
#[template(
    ext = "html",
    source = r##"<p class="quiet">{{ say.findings.attention_note }}</p>
<p class="heads" aria-hidden="true"><span>{{ say.words.name }}</span><span>{{ say.findings.severity }}, {{ say.findings.why_small }}</span><span>{{ say.findings.at_stake }}</span><span>{{ say.words.owner }}</span></p>
<ol class="to-do needs">
{%- for need in needs %}
<li><p class="what">{{ need.name }}<br><span class="quiet">{{ need.kind }}{% if let Some(account) = need.account %} · {{ account }}{% endif %}</span></p>
{{ need.whys }}
<p class="stake">{% if let Some(stake) = need.stake %}<span class="label">{{ say.findings.at_stake }}</span> {{ stake }}{% endif %}</p><p class="who">{{ need.owner }}</p></li>
{%- endfor %}
</ol>{{ rest }}{% if let Some(all) = all %}<p>{{ all }}</p>{% endif %}"##
)]
struct Needs<'a> {
    say: &'a Say,
    needs: Vec<Need>,
    rest: Html,
    all: Option<Html>,
}

struct Need {
    kind: &'static str,
    name: Html,
    account: Option<Html>,
    whys: Html,
    stake: Option<Html>,
    owner: Html,
}

/// A record that needs attention, and why, the most severe first.
struct Found<'a, 'b> {
    record: &'b Record<'a>,
    first: Row<'a>,
    whys: Vec<Why<'a>>,
}

/// Records with why they need attention, those first that need it most; ids decide between equals.
fn found<'a, 'b>(book: &'b Book<'a>) -> Vec<Found<'a, 'b>> {
    let of = |record: &'b Record<'a>| {
        let whys = whys(book, record);
        Some(Found { record, first: whys.first()?.row, whys })
    };
    let mut found: Vec<Found<'a, 'b>> = book.records.iter().filter_map(of).collect();
    found
        .sort_by(|one, other| severest(one.first, other.first).then_with(|| one.record.key().cmp(&other.record.key())));
    found
}

pub fn card(book: &Book<'_>) -> Result<Html> {
    let (say, findings) = (book.say, book.say.findings);
    let card = Card { id: "to-do", class: "full", title: findings.attention, table: TABLE, columns: &COLUMNS, key: "" };
    let found = found(book);
    if found.is_empty() {
        return card.of_nothing(book, findings.no_attention);
    }
    let rows: usize = found.iter().map(|found| found.whys.len()).sum();
    let shown = found.len().min(RECORDS);
    let all = (found.len() > shown).then(|| {
        let text = findings.show_all_reasons.replace("{n}", &say.whole(rows as i64));
        link(Some(PAGE), &text)
    });
    let need = |Found { record, first, whys }: Found<'_, '_>| {
        Ok(Need {
            kind: say.words.record(record.kind),
            name: book.link_to("", record.kind, record.id, record.row.text("name").unwrap_or(say.words.unnamed)),
            account: account(book, record, ""),
            stake: stake(book, first),
            whys: listed(say, &whys)?,
            owner: owner(book, record),
        })
    };
    let needs: Result<Vec<Need>> = found.into_iter().take(RECORDS).map(need).collect();
    card.around(book, rendered(&Needs { say, needs: needs?, rest: rest(say, shown, Fold::Few)?, all })?)
}

fn stake(book: &Book<'_>, row: Row<'_>) -> Option<Html> {
    row.number("value_at_stake")?;
    Some(book.figures(Some(row), TABLE).amount("value_at_stake"))
}

/// A record and all its reasons. What is at stake and since when are those of the most severe one; the others say themselves
/// since when, where that differs.
fn line<'a>(book: &Book<'a>, Found { record, first, whys }: Found<'a, '_>) -> Result<ListLine> {
    let words = book.say.words;
    let codes: Vec<&str> = whys.iter().filter_map(|why| why.row.text("reason")).collect();
    let figures = book.figures(Some(first), TABLE);
    let since = first.instant("since_at");
    let dated = |why: Why<'a>| {
        let is_other = why.row.instant("since_at").is_some_and(|at| since != Some(at));
        let since = is_other.then(|| book.figures(Some(why.row), TABLE).day_of_instant("since_at"));
        Why { since, ..why }
    };
    let (code, whys) = (codes.join(" "), whys.into_iter().map(dated).collect::<Vec<_>>());
    let name = book.link_to("", record.kind, record.id, record.row.text("name").unwrap_or(words.unnamed));
    let cells = vec![
        Cell::of(named(&name, &text(words.record(record.kind)))),
        Cell::sentences(listed(book.say, &whys)?, first.number("severity")),
        Cell::number(figures.amount("value_at_stake"), first.number("value_at_stake")),
        Cell::by(figures.day_of_instant("since_at"), since.map(|at| at.timestamp_micros().to_string())),
        Cell::of(owner(book, record)),
    ];
    Ok(ListLine { key: record.key(), code, cells })
}

/// The page with all of them, and its place.
///
/// # Errors
/// A template that cannot be written.
pub fn document(book: &Book<'_>) -> Result<(String, String)> {
    let (say, words, findings) = (book.say, book.say.words, book.say.findings);
    let card =
        Card { id: "attention", class: "full", title: findings.attention, table: TABLE, columns: &COLUMNS, key: "" };
    let all = found(book);
    let count = all.len();
    let why = format!("{}, {}", findings.severity, findings.why_small);
    let names = [words.name, &why, findings.at_stake, findings.since, words.owner];
    let lines: Result<Vec<ListLine>> = all.into_iter().take(ROWS).map(|found| line(book, found)).collect();
    let listing = Listing {
        title: findings.attention,
        heads: ranked(heads(&names, &[findings.at_stake]), Rank::Second, &[words.owner]),
        lines: lines?,
        options_title: words.reason,
        options: REASONS.iter().map(|&code| FilterOption { code, shown: findings.reason(code) }).collect(),
        fold: Fold::Many,
    };
    let widget = match card.unless_missing(book)? {
        Some(missing) => missing,
        None if count == 0 => card.of_nothing(book, findings.no_attention)?,
        None => {
            let (note, cut) = (findings.attention_note, first_of(say, ROWS, count));
            card.around(book, Html::written(format!("<p class=\"quiet\">{note}</p>{cut}{}", listing.written(say)?)))?
        }
    };
    let body = format!("<div class=\"title\"><h1>{}</h1></div><div class=\"cards\">{widget}</div>", findings.attention);
    let page = Page { path: PAGE.to_string(), title: findings.attention, record: "", body: Html::written(body) };
    Ok((PAGE.to_string(), page.document(book)?))
}
