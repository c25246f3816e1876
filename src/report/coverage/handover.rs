//! What colleagues who leave know best, who comes next, and what is under way.

use crate::error::Result;
use crate::report::book::Book;
use crate::report::card::Card;
use crate::report::html::{Html, text};
use crate::report::listing::{Cell, ListLine, Listing, first_of, heads, named};
use crate::report::record::Record;
use crate::report::sheet::Row;

pub const TABLE: &str = "handover";
const COLUMNS: [&str; 6] =
    ["strength", "only_connection", "next_strength", "open_threads", "threads_awaiting_us", "planned_meetings"];
const ROWS: usize = 500;

/// Records with a page that are to be handed over, by who leaves; what only they know first.
pub fn found<'a, 'b>(book: &'b Book<'a>) -> Vec<(&'b Record<'a>, Row<'a>)> {
    let all = book.published.table(TABLE).into_iter().flat_map(|sheet| sheet.rows());
    let mut found: Vec<(&Record<'a>, Row<'a>)> = all.filter_map(|row| Some((book.record_of(row)?, row))).collect();
    found.sort_by(|(one, row), (other, others)| {
        let leaving =
            |row: &Row<'_>| (row.text("systemuser_id").map(str::to_string), row.flag("only_connection") != Some(true));
        let strength = |row: &Row<'_>| row.number("strength").unwrap_or_default();
        let by_strength = strength(others).total_cmp(&strength(row));
        leaving(row).cmp(&leaving(others)).then(by_strength).then_with(|| one.key().cmp(&other.key()))
    });
    found
}

pub fn card(book: &Book<'_>) -> Result<Html> {
    let (say, words, findings) = (book.say, book.say.words, book.say.findings);
    let title = findings.handover;
    let card = Card { id: "handover", class: "full", title, table: TABLE, columns: &COLUMNS, key: "" };
    if let Some(missing) = card.unless_missing(book)? {
        return Ok(missing);
    }
    let found = found(book);
    if found.is_empty() {
        return card.of_nothing(book, findings.nothing_to_hand_over);
    }
    let line = |(record, row): &(&Record<'_>, Row<'_>)| {
        let figures = book.figures(Some(*row), TABLE);
        let number = |column: &str| Cell::number(figures.whole(column), row.number(column));
        let leaving = row.text("systemuser_id").unwrap_or_default();
        let next = row.text("next_colleague_id").map(|id| book.colleague_called(id));
        let name = row.text("record_name").unwrap_or(words.unnamed);
        let cells = vec![
            Cell::of(named(&book.link_to("", record.kind, record.id, name), &text(words.record(record.kind)))),
            Cell::text(&book.colleague_called(leaving)),
            Cell::number(figures.score("strength"), row.number("strength")),
            Cell::text(next.as_deref().unwrap_or(findings.nobody_else)),
            Cell::number(figures.score("next_strength"), row.number("next_strength")),
            number("open_threads"),
            number("threads_awaiting_us"),
            number("planned_meetings"),
        ];
        ListLine { key: format!("{leaving} {}", record.key()), code: String::new(), cells }
    };
    let heads = heads(
        &[
            words.name,
            findings.leaving,
            words.strength,
            findings.comes_next,
            words.strength,
            findings.open_threads,
            findings.waiting_for_us,
            findings.planned_meetings,
        ],
        &[words.strength, findings.open_threads, findings.waiting_for_us, findings.planned_meetings],
    );
    let lines = found.iter().take(ROWS).map(line).collect();
    let listing = Listing { title, heads, lines, ..Listing::default() };
    let (note, cut) = (findings.handover_note, first_of(say, ROWS, found.len()));
    card.around(book, Html::written(format!("<p class=\"quiet\">{note}</p>{cut}{}", listing.written(say)?)))
}
