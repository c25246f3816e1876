//! Open opportunities by relationship: a list to sort and to filter.

use crate::error::Result;
use crate::report::book::Book;
use crate::report::card::Card;
use crate::report::html::Html;
use crate::report::overview::lists::list;
use crate::report::record::{Kind, Record};

const COLUMNS: [&str; 5] =
    ["health_score", "health_state", "health_trend", "last_interaction_at", "next_interaction_at"];

pub fn card(book: &Book<'_>) -> Result<Html> {
    let card = Card {
        id: "deals",
        class: "full",
        title: book.say.words.by_relationship,
        table: Kind::Opportunity.table(),
        columns: &COLUMNS,
    };
    if let Some(missing) = card.unless_missing(book)? {
        return Ok(missing);
    }
    let open = book.records.iter().filter(|record| record.kind == Kind::Opportunity && record.is_open());
    let mut open: Vec<&Record<'_>> = open.collect();
    // The weakest first, those without a score last; ids decide between equals.
    open.sort_by(|one, other| {
        let score = |record: &Record<'_>| record.row.number("health_score").unwrap_or(f64::MAX);
        score(one).total_cmp(&score(other)).then(one.id.cmp(other.id))
    });
    card.around(book, list(book, Kind::Opportunity, &open)?)
}
