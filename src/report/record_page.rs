//! The page of a record.

use askama::Template;

use super::book::Book;
use super::html::{Html, rendered, text};
use super::page::Page;
use super::record::{Record, page};
use super::say::Say;
use super::widgets;
use crate::error::Result;
use crate::people::RecordType;

#[derive(Template)]
#[template(
    ext = "html",
    source = r##"<div class="title"><p class="kicker">{{ kind }}</p><h1>{{ name }}</h1>
<dl class="facts inline">{% if let Some(account) = account %}<div><dt>{{ say.words.account }}</dt><dd>{{ account }}</dd></div>{% endif %}<div><dt>{{ say.words.owner }}</dt><dd>{{ owner }}</dd></div>{% if let Some(value) = value %}<div><dt>{{ say.words.value }}</dt><dd>{{ value }}</dd></div>{% endif %}{% if let Some(close) = close %}<div><dt>{{ say.words.close_date }}</dt><dd>{{ close }}</dd></div>{% endif %}{% if let Some(url) = url %}<div><dt class="hidden">{{ say.findings.open_in_dataverse }}</dt><dd><a href="{{ url }}" rel="noreferrer">{{ say.findings.open_in_dataverse }}</a></dd></div>{% endif %}</dl></div>
<div class="cards">
{%- for widget in widgets %}{{ widget }}{% endfor -%}
</div>"##
)]
struct RecordPage<'a> {
    say: &'a Say,
    kind: &'a str,
    name: &'a str,
    account: Option<Html>,
    owner: Html,
    value: Option<Html>,
    close: Option<Html>,
    url: Option<&'a str>,
    widgets: Vec<Html>,
}

/// The document of a record's page, and its place.
///
/// # Errors
/// A template that cannot be written.
pub fn document(book: &Book<'_>, record: &Record<'_>) -> Result<(String, String)> {
    let words = book.say.words;
    let name = record.row.text("name").unwrap_or(words.unnamed);
    let figures = book.figures(Some(record.row), record.kind.kpi_table());
    let body = rendered(&RecordPage {
        say: book.say,
        kind: words.record(record.kind),
        name,
        account: account(book, record, "../"),
        owner: owner(book, record),
        value: record.row.number("value").map(|_| figures.amount("value")),
        close: record.row.day("estimated_close_date").map(|_| figures.day("estimated_close_date")),
        // Nothing but a web address becomes a link.
        url: record.row.text("record_url").filter(|url| url.starts_with("https://")),
        widgets: widgets::all(book, record)?,
    })?;
    let path = page(record.kind, record.id);
    let document = Page { path: path.clone(), title: name, record: &record.key(), body }.document(book)?;
    Ok((path, document))
}

/// The account of a contact or deal, with a link to its page.
pub fn account(book: &Book<'_>, record: &Record<'_>, up: &str) -> Option<Html> {
    let id = record.row.text("account_id").filter(|_| record.kind != RecordType::Account)?;
    let name = record.row.text("account_name").map_or_else(|| book.called(RecordType::Account, id), str::to_string);
    Some(book.link_to(up, RecordType::Account, id, &name))
}

/// The owner's name, as far as a published table has it.
pub fn owner(book: &Book<'_>, record: &Record<'_>) -> Html {
    match record.row.text("owner_id") {
        Some(id) => text(&book.colleague_called(id)),
        None => Html::written(format!("<span class=\"unknown\">{}</span>", book.say.words.unknown)),
    }
}
