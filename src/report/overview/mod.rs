//! The page that everybody opens first: what needs attention, what changed, the open deals, the pipeline,
//! how well relationships are covered, and how far to trust it.

pub mod attention;
mod chances;
pub mod changes;
mod deals;
pub mod lists;
mod pipeline;
mod quality;
mod to_do;

use super::book::Book;
use super::coverage;
use super::html::Html;
use super::needs;
use super::page::Page;
use crate::error::Result;

/// The document of the overview.
///
/// # Errors
/// A template that cannot be written.
pub fn document(book: &Book<'_>) -> Result<String> {
    let words = book.say.words;
    let widgets = [
        quality::banner(book)?,
        Html::written(format!("<div class=\"title\"><h1>{}</h1></div><div class=\"cards\">", words.overview)),
        match book.published.table(needs::TABLE) {
            Some(_) => attention::card(book)?,
            None => to_do::card(book)?,
        },
        changes::card(book)?,
        deals::card(book)?,
        pipeline::card(book)?,
        coverage::card(book)?,
        quality::card(book)?,
    ];
    let mut body: String = widgets.iter().map(Html::as_str).collect();
    body.push_str("</div>");
    Page { path: "index.html".to_string(), title: words.overview, record: "", body: Html::written(body) }.document(book)
}
