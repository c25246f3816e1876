//! Why the record needs attention.

use crate::error::Result;
use crate::report::book::Book;
use crate::report::card::Card;
use crate::report::html::Html;
use crate::report::needs::{COLUMNS, TABLE, listed, whys};
use crate::report::record::Record;

pub fn card(book: &Book<'_>, record: &Record<'_>) -> Result<Html> {
    let (say, title) = (book.say, book.say.findings.attention);
    let card = Card { id: "attention", class: "half", title, table: TABLE, columns: &COLUMNS, key: "" };
    if let Some(missing) = card.unless_missing(book)? {
        return Ok(missing);
    }
    let whys = whys(book, record);
    if whys.is_empty() {
        return card.of_nothing(book, say.findings.no_attention_here);
    }
    card.around(book, listed(say, &whys)?)
}
