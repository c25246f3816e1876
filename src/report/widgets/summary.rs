//! The sentences about a record.

use askama::Template;

use crate::error::Result;
use crate::report::book::Book;
use crate::report::card::Card;
use crate::report::html::{Html, rendered};
use crate::report::record::Record;

#[derive(Template)]
#[template(
    ext = "html",
    source = r##"<ol class="sentences">
{%- for sentence in sentences %}<li>{{ sentence }}</li>{% endfor -%}
</ol>"##
)]
struct Summary<'a> {
    sentences: Vec<&'a str>,
}

pub fn card(book: &Book<'_>, record: &Record<'_>) -> Result<Html> {
    let words = book.say.words;
    let card = Card {
        id: "summary",
        class: "half",
        title: words.summary,
        table: "summaries",
        columns: &["sentence"],
        key: "",
    };
    if let Some(missing) = card.unless_missing(book)? {
        return Ok(missing);
    }
    let mut rows = book.published.of("summaries", &record.key());
    rows.sort_by_key(|row| row.whole("position"));
    let sentences: Vec<&str> = rows.iter().filter_map(|row| row.text("sentence")).collect();
    match sentences.is_empty() {
        true => card.of_nothing(book, words.no_summary),
        false => card.around(book, rendered(&Summary { sentences })?),
    }
}
