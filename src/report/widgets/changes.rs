//! What changed about the record since the day before, or since the day that the job names.

use askama::Template;

use crate::error::Result;
use crate::report::book::Book;
use crate::report::card::Card;
use crate::report::health_words::said;
use crate::report::html::{Html, rendered};
use crate::report::record::Record;
use crate::report::sheet::Row;

const TABLE: &str = "changes";

#[derive(Template)]
#[template(
    ext = "html",
    source = r##"{% if let Some(since) = since %}<p class="quiet">{{ since }}</p>{% endif %}<ul class="sentences">
{%- for change in changes %}<li data-key="{{ change.key }}">{{ change.sentence }}</li>{% endfor -%}
</ul>"##
)]
struct Changes<'a> {
    since: Option<String>,
    changes: Vec<Change<'a>>,
}

struct Change<'a> {
    key: String,
    sentence: &'a str,
}

/// The widget; none where nothing changed.
pub fn card<'a>(book: &Book<'a>, record: &Record<'_>) -> Result<Option<Html>> {
    let (say, title) = (book.say, book.say.words.changes);
    let rows = book.published.of(TABLE, &record.key());
    let since = rows.first().and_then(|row| row.day("compared_to_date"));
    let change = |row: &Row<'a>| {
        let key = format!("{} {}", record.key(), row.text("change").unwrap_or_default());
        said(say, *row, "sentence").map(|sentence| Change { key, sentence })
    };
    let changes: Vec<Change<'_>> = rows.iter().filter_map(change).collect();
    if changes.is_empty() {
        return Ok(None);
    }
    let since = since.map(|day| say.findings.since_day.replace("{day}", &say.day(day)));
    let card = Card { id: "changes", class: "half", title, table: TABLE, columns: &["change", "sentence"], key: "" };
    card.around(book, rendered(&Changes { since, changes })?).map(Some)
}
