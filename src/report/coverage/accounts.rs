//! How many of us know how many at each company, and on whom that rests.

use crate::error::Result;
use crate::people::RecordType;
use crate::report::book::Book;
use crate::report::card::Card;
use crate::report::html::{Html, escaped};
use crate::report::listing::{Cell, ListLine, Listing, first_of, heads};
use crate::report::record::Record;
use crate::report::sheet::Row;

pub const TABLE: &str = "account_coverage";
const COLUMNS: [&str; 7] = [
    "contacts",
    "contacts_with_relation",
    "colleagues_with_relation",
    "strongest_colleague_share",
    "strongest_contact_share",
    "contacts_known_to_one",
    "stakeholders_without_relation",
];
const ROWS: usize = 1_000;

/// Whether all that we know there is known by one of us, or is one of them.
pub fn rests_on_one(row: Row<'_>) -> bool {
    row.flag("only_one_colleague") == Some(true) || row.flag("only_one_contact") == Some(true)
}

/// Companies with a page and how they are covered: those that rest on one person first, those where we know nobody last.
pub fn found<'a, 'b>(book: &'b Book<'a>) -> Vec<(&'b Record<'a>, Row<'a>)> {
    let of = |record: &'b Record<'a>| Some((record, book.published.first(TABLE, record.id)?));
    let accounts = book.records.iter().filter(|record| record.kind == RecordType::Account);
    let mut found: Vec<(&Record<'a>, Row<'a>)> = accounts.filter_map(of).collect();
    let order = |row: Row<'_>| {
        let known = row.whole("contacts_with_relation").unwrap_or_default();
        (known == 0, !rests_on_one(row), -row.whole("stakeholders_without_relation").unwrap_or_default(), -known)
    };
    found.sort_by(|(one, row), (other, others)| order(*row).cmp(&order(*others)).then(one.id.cmp(other.id)));
    found
}

pub fn card(book: &Book<'_>) -> Result<Html> {
    let (say, words, findings) = (book.say, book.say.words, book.say.findings);
    let (id, title) = ("account-coverage", findings.account_coverage);
    let card = Card { id, class: "full", title, table: TABLE, columns: &COLUMNS, key: "" };
    if let Some(missing) = card.unless_missing(book)? {
        return Ok(missing);
    }
    let found = found(book);
    if found.is_empty() {
        return card.of_nothing(book, findings.no_accounts);
    }
    let line = |(record, row): &(&Record<'_>, Row<'_>)| {
        let figures = book.figures(Some(*row), TABLE);
        let number = |column: &str| Cell::number(figures.whole(column), row.number(column));
        let cells = vec![
            Cell::of(book.link_to(
                "",
                RecordType::Account,
                record.id,
                record.row.text("name").unwrap_or(words.unnamed),
            )),
            Cell::number(known(book, *row), row.number("contacts_with_relation")),
            number("colleagues_with_relation"),
            Cell::of(rests_on(book, *row)),
            number("contacts_known_to_one"),
            number("stakeholders_without_relation"),
        ];
        ListLine { key: record.key(), code: String::new(), cells }
    };
    let numbers =
        [findings.contacts_known, findings.colleagues_who_know, findings.known_to_one, findings.stakeholders_unknown];
    let names = [words.account, numbers[0], numbers[1], findings.rests_on, numbers[2], numbers[3]];
    let listing = Listing {
        title: findings.account_coverage,
        heads: heads(&names, &numbers),
        lines: found.iter().take(ROWS).map(line).collect(),
        ..Listing::default()
    };
    let (note, cut) = (findings.account_coverage_note, first_of(say, ROWS, found.len()));
    card.around(book, Html::written(format!("<p class=\"quiet\">{note}</p>{cut}{}", listing.written(say)?)))
}

/// How many of its contacts we know: 4 of 12.
pub fn known(book: &Book<'_>, row: Row<'_>) -> Html {
    let figures = book.figures(Some(row), TABLE);
    let shown = book.say.findings.known_of.replace("{n}", figures.whole("contacts_with_relation").as_str());
    Html::written(shown.replace("{m}", figures.whole("contacts").as_str()))
}

/// On whom of us and on whom of them the relationship rests, and how much of it.
pub fn rests_on(book: &Book<'_>, row: Row<'_>) -> Html {
    let (say, findings) = (book.say, book.say.findings);
    let side = |id: &str, share: &str, is_only: &str, only: &str, name: &dyn Fn(&str) -> String| {
        let (name, share) = (name(row.text(id)?), row.number(share)?);
        let frame = if row.flag(is_only) == Some(true) { only } else { findings.mostly };
        // A name that reads from right to left does not turn what stands beside it.
        let name = format!("<bdi>{}</bdi>", escaped(&name));
        Some(escaped(frame).replace("{share}", &say.percent(share)).replace("{name}", &name))
    };
    let colleague = |id: &str| book.colleague_called(id);
    let contact = |id: &str| book.called(RecordType::Contact, id);
    let sides = [
        side(
            "strongest_colleague_id",
            "strongest_colleague_share",
            "only_one_colleague",
            findings.only_colleague,
            &colleague,
        ),
        side("strongest_contact_id", "strongest_contact_share", "only_one_contact", findings.only_contact, &contact),
    ];
    let said: Vec<String> = sides.into_iter().flatten().collect();
    match said.is_empty() {
        true => Html::written(format!("<span class=\"quiet\">{}</span>", findings.no_relations)),
        false => Html::written(said.join(say.semicolon())),
    }
}
