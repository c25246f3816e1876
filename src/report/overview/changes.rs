//! What changed since the day before, or since the day that the job names: in sentences, what costs most first.

use crate::error::Result;
use crate::report::book::Book;
use crate::report::card::Card;
use crate::report::health_words::said;
use crate::report::html::{Html, link, text};
use crate::report::listing::{Cell, Fold, ListLine, Listing, Rank, first_of, heads, named, ranked};
use crate::report::page::Page;
use crate::report::record::Record;
use crate::report::record_page::owner;
use crate::report::sheet::Row;

const TABLE: &str = "changes";
const PAGE: &str = "changes.html";

/// Changes of the overview; a morning has time for no more.
const MOST: usize = 12;
/// Rows of the page of all of them.
const ROWS: usize = 1_000;

/// Kinds of change, those first that one would regret not to have seen.
const ORDER: [&str; 9] = [
    "deal_lost",
    "gone_silent",
    "deal_won",
    "health_state",
    "connection_weak",
    "health_trend",
    "connection_strong",
    "deal_new",
    "top_contact",
];

/// The changes of all records with a page, in their order.
fn found<'a, 'b>(book: &'b Book<'a>) -> Vec<(&'b Record<'a>, Row<'a>)> {
    let of = |record: &'b Record<'a>| book.published.of(TABLE, &record.key()).into_iter().map(move |row| (record, row));
    let mut found: Vec<(&Record<'a>, Row<'a>)> = book.records.iter().flat_map(of).collect();
    let place = |row: Row<'_>| ORDER.iter().position(|kind| row.text("change") == Some(kind)).unwrap_or(ORDER.len());
    let rise =
        |row: Row<'_>| row.number("after_value").unwrap_or_default() - row.number("before_value").unwrap_or_default();
    found.sort_by(|(one, change), (other, changed)| {
        let by_kind = place(*change).cmp(&place(*changed));
        by_kind.then(rise(*change).total_cmp(&rise(*changed))).then_with(|| one.key().cmp(&other.key()))
    });
    found
}

fn listing<'a>(book: &Book<'a>, changes: &[(&Record<'a>, Row<'a>)]) -> Listing<'a> {
    let (say, words, findings) = (book.say, book.say.words, book.say.findings);
    let line = |(record, row): &(&Record<'a>, Row<'a>)| {
        let name = book.link_to("", record.kind, record.id, record.row.text("name").unwrap_or(words.unnamed));
        let cells = vec![
            Cell::of(named(&name, &text(words.record(record.kind)))),
            Cell::sentence(said(say, *row, "sentence").unwrap_or(words.unknown)),
            Cell::of(owner(book, record)),
        ];
        ListLine {
            key: format!("{} {}", record.key(), row.text("change").unwrap_or_default()),
            code: String::new(),
            cells,
        }
    };
    let names = [words.name, findings.change, words.owner];
    Listing {
        title: words.changes,
        heads: ranked(heads(&names, &[]), Rank::Second, &[words.owner]),
        lines: changes.iter().map(line).collect(),
        ..Listing::default()
    }
}

/// Since when, as the rows say; there may be none.
fn since(book: &Book<'_>, changes: &[(&Record<'_>, Row<'_>)]) -> Html {
    let findings = book.say.findings;
    let day = changes.first().and_then(|(_, row)| row.day("compared_to_date"));
    let all = book.published.table(TABLE).and_then(|sheet| sheet.rows().next()?.day("compared_to_date"));
    let said = match (day, all) {
        (Some(day), _) => findings.since_day.replace("{day}", &book.say.day(day)),
        (None, Some(day)) => findings.nothing_changed.replace("{day}", &book.say.day(day)),
        (None, None) => findings.nothing_changed_at_all.to_string(),
    };
    Html::written(format!("<p class=\"quiet\">{said}</p>"))
}

fn frame(book: &Book<'_>) -> Card<'static> {
    Card {
        id: "changes",
        class: "full",
        title: book.say.words.changes,
        table: TABLE,
        columns: &["change", "sentence"],
        key: "",
    }
}

pub fn card(book: &Book<'_>) -> Result<Html> {
    let card = frame(book);
    if let Some(missing) = card.unless_missing(book)? {
        return Ok(missing);
    }
    let found = found(book);
    let shown = &found[..found.len().min(MOST)];
    let mut body = since(book, shown).as_str().to_string();
    if !shown.is_empty() {
        body.push_str(listing(book, shown).written(book.say)?.as_str());
    }
    if found.len() > shown.len() {
        let all = book.say.findings.show_all.replace("{n}", &book.say.whole(found.len() as i64));
        body.push_str(&format!("<p>{}</p>", link(Some(PAGE), &all)));
    }
    card.around(book, Html::written(body))
}

/// The page with all of them, and its place.
///
/// # Errors
/// A template that cannot be written.
pub fn document(book: &Book<'_>) -> Result<(String, String)> {
    let (card, title) = (frame(book), book.say.words.changes);
    let widget = match card.unless_missing(book)? {
        Some(missing) => missing,
        None => {
            let found = found(book);
            let shown = &found[..found.len().min(ROWS)];
            let all = Listing { fold: Fold::Many, ..listing(book, shown) };
            let table = if shown.is_empty() { Html::default() } else { all.written(book.say)? };
            let cut = first_of(book.say, ROWS, found.len());
            card.around(book, Html::written(format!("{}{cut}{table}", since(book, shown))))?
        }
    };
    let body = format!("<div class=\"title\"><h1>{title}</h1></div><div class=\"cards\">{widget}</div>");
    let page = Page { path: PAGE.to_string(), title, record: "", body: Html::written(body) };
    Ok((PAGE.to_string(), page.document(book)?))
}
