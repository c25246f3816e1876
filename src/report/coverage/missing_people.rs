//! People who are in touch with us and in no record, and contacts who can no longer be reached.

use crate::error::Result;
use crate::people::RecordType;
use crate::report::book::Book;
use crate::report::card::Card;
use crate::report::html::Html;
use crate::report::listing::{Cell, ListLine, Listing, first_of, heads};
use crate::report::sheet::Row;

pub const TABLE: &str = "missing_people";
const PERSON: &str = "missing_person";
const ROWS: usize = 500;

/// Rows about people in no record, or about contacts out of reach, by rank. With an owner those of the owner's companies
/// and contacts.
pub fn found<'a>(book: &Book<'a>, people: bool) -> Vec<Row<'a>> {
    let may_show = |row: &Row<'_>| match (row.text("contact_id"), row.text("account_id")) {
        (Some(contact), _) => book.may_show(RecordType::Contact, contact),
        (None, Some(account)) => book.may_show(RecordType::Account, account),
        (None, None) => book.shows_all(),
    };
    let all = book.published.table(TABLE).into_iter().flat_map(|sheet| sheet.rows());
    let mut found: Vec<Row<'a>> =
        all.filter(|row| (row.text("finding") == Some(PERSON)) == people).filter(may_show).collect();
    found.sort_by_key(|row| (row.text("finding"), row.whole("rank"), row.text("address")));
    found
}

pub fn people(book: &Book<'_>) -> Result<Html> {
    let (words, findings) = (book.say.words, book.say.findings);
    let columns = ["strength", "interactions", "colleagues", "last_heard_at"];
    let line = |row: &Row<'_>| {
        let figures = book.figures(Some(*row), TABLE);
        let number = |column: &str| Cell::number(figures.whole(column), row.number(column));
        let by = row.text("strongest_colleague_id").map(|id| book.colleague_called(id)).unwrap_or_default();
        let cells = vec![
            Cell::address(row.text("address").unwrap_or_default()),
            company(book, *row),
            Cell::number(figures.score("strength"), row.number("strength")),
            Cell::text(&by),
            number("colleagues"),
            number("interactions"),
            heard(book, *row),
        ];
        ListLine { key: key(*row), code: String::new(), cells }
    };
    let numbers = [words.strength, findings.colleagues_who_know, words.interactions];
    let names = [
        findings.address,
        words.account,
        numbers[0],
        findings.best_known_by,
        numbers[1],
        numbers[2],
        findings.last_heard,
    ];
    let rows = found(book, true);
    let title = findings.missing_people;
    let lines = rows.iter().take(ROWS).map(line).collect();
    let listing = Listing { title, heads: heads(&names, &numbers), lines, ..Listing::default() };
    let card = Card { id: "missing-people", class: "full", title, table: TABLE, columns: &columns, key: "" };
    shown(book, &card, &listing, rows.len(), findings.missing_people_note, findings.nobody_missing)
}

pub fn contacts(book: &Book<'_>) -> Result<Html> {
    let (words, findings) = (book.say.words, book.say.findings);
    let line = |row: &Row<'_>| {
        let contact = row.text("contact_id").unwrap_or_default();
        let finding = match (row.text("finding"), row.text("other_address")) {
            (Some("changed_domain"), Some(address)) => findings.changed_domain.replace("{address}", address),
            (Some("changed_domain"), None) => findings.changed_domain_alone.to_string(),
            (Some("silent"), _) => findings.no_answer.to_string(),
            (Some("undeliverable"), _) => findings.undeliverable.to_string(),
            (other, _) => other.unwrap_or_default().to_string(),
        };
        let figures = book.figures(Some(*row), TABLE);
        let since = row.instant("since_at").map(|at| at.timestamp_micros().to_string());
        let cells = vec![
            Cell::of(book.link_to("", RecordType::Contact, contact, &book.called(RecordType::Contact, contact))),
            Cell::address(row.text("address").unwrap_or_default()),
            Cell::sentence(&finding),
            Cell::by(figures.day_of_instant("since_at"), since),
            heard(book, *row),
        ];
        ListLine { key: key(*row), code: String::new(), cells }
    };
    let names = [words.contact, findings.address, findings.finding, findings.since, findings.last_heard];
    let rows = found(book, false);
    let title = findings.lost_contacts;
    let lines = rows.iter().take(ROWS).map(line).collect();
    let listing = Listing { title, heads: heads(&names, &[]), lines, ..Listing::default() };
    let columns = ["finding", "since_at", "last_heard_at"];
    let card = Card { id: "lost-contacts", class: "full", title, table: TABLE, columns: &columns, key: "" };
    shown(book, &card, &listing, rows.len(), "", findings.nobody_lost)
}

fn key(row: Row<'_>) -> String {
    format!("{} {}", row.text("finding").unwrap_or_default(), row.text("address").unwrap_or_default())
}

fn heard(book: &Book<'_>, row: Row<'_>) -> Cell {
    let sort = row.instant("last_heard_at").map(|at| at.timestamp_micros().to_string());
    Cell::by(book.figures(Some(row), TABLE).day_of_instant("last_heard_at"), sort)
}

/// The account whose domain it is, else the domain.
fn company(book: &Book<'_>, row: Row<'_>) -> Cell {
    match row.text("account_id").filter(|id| book.may_show(RecordType::Account, id)) {
        Some(account) => {
            Cell::telling(book.link_to("", RecordType::Account, account, &book.called(RecordType::Account, account)))
        }
        None => Cell::address(row.text("domain").unwrap_or_default()),
    }
}

fn shown(
    book: &Book<'_>,
    card: &Card<'_>,
    listing: &Listing<'_>,
    all: usize,
    note: &str,
    nothing: &str,
) -> Result<Html> {
    if let Some(missing) = card.unless_missing(book)? {
        return Ok(missing);
    }
    if all == 0 {
        return card.of_nothing(book, nothing);
    }
    let note = if note.is_empty() { String::new() } else { format!("<p class=\"quiet\">{note}</p>") };
    let cut = first_of(book.say, ROWS, all);
    card.around(book, Html::written(format!("{note}{cut}{}", listing.written(book.say)?)))
}
