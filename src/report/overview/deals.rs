//! Open opportunities by relationship: a list to sort and to filter.

use crate::error::Result;
use crate::people::RecordType;
use crate::report::book::Book;
use crate::report::card::Card;
use crate::report::html::{Html, link};
use crate::report::listing::Fold;
use crate::report::overview::lists::list;
use crate::report::record::{Record, list_page};

const COLUMNS: [&str; 7] = [
    "health_score",
    "health_state",
    "health_trend",
    "value",
    "estimated_close_date",
    "last_interaction_at",
    "next_interaction_at",
];

/// Deals of the overview; the page of all opportunities has the others.
const MOST: usize = 100;

pub fn card(book: &Book<'_>) -> Result<Html> {
    let (say, words) = (book.say, book.say.words);
    let (table, title) = (RecordType::Opportunity.kpi_table(), words.by_relationship);
    let card = Card { id: "deals", class: "full", title, table, columns: &COLUMNS, key: "" };
    if let Some(missing) = card.unless_missing(book)? {
        return Ok(missing);
    }
    let open = book.records.iter().filter(|record| record.kind == RecordType::Opportunity && record.is_open());
    let mut open: Vec<&Record<'_>> = open.collect();
    // The weakest first, those without a score last; ids decide between equals.
    open.sort_by(|one, other| {
        let score = |record: &Record<'_>| record.row.number("health_score").unwrap_or(f64::MAX);
        score(one).total_cmp(&score(other)).then(one.id.cmp(other.id))
    });
    if open.is_empty() {
        return card.of_nothing(book, words.no_open_deals);
    }
    let shown = &open[..open.len().min(MOST)];
    let mut body = list(book, RecordType::Opportunity, shown, Fold::Few)?.as_str().to_string();
    if open.len() > shown.len() {
        let all = say.findings.weakest_of.replace("{n}", &say.whole(MOST as i64));
        let all = all.replace("{m}", &say.whole(open.len() as i64));
        body.push_str(&format!("<p>{}</p>", link(Some(list_page(RecordType::Opportunity)), &all)));
    }
    card.around(book, Html::written(body))
}
