//! Why the record needs attention.

use askama::Template;

use crate::error::Result;
use crate::report::book::Book;
use crate::report::card::Card;
use crate::report::html::{Html, rendered};
use crate::report::needs::{COLUMNS, TABLE, Why, whys};
use crate::report::record::Record;
use crate::report::say::Say;

#[derive(Template)]
#[template(
    ext = "html",
    source = r##"<ul class="why">
{%- for why in whys %}<li data-key="{{ why.key }}"><span class="severity"><span class="hidden">{{ say.findings.severity }}</span> {{ why.severity }}</span> <span>{{ why.sentence }}</span></li>{% endfor -%}
</ul>"##
)]
struct Attention<'a> {
    say: &'a Say,
    whys: Vec<Why<'a>>,
}

pub fn card(book: &Book<'_>, record: &Record<'_>) -> Result<Html> {
    let (say, title) = (book.say, book.say.findings.attention);
    let card = Card { id: "attention", class: "half", title, table: TABLE, columns: &COLUMNS, key: "" };
    if let Some(missing) = card.unless_missing(book)? {
        return Ok(missing);
    }
    let whys: Vec<Why<'_>> = whys(book, record).into_iter().map(|(_, why)| why).collect();
    if whys.is_empty() {
        return card.of_nothing(book, say.findings.no_attention_here);
    }
    card.around(book, rendered(&Attention { say, whys })?)
}
