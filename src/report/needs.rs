//! Why records need attention, for the overview and for their own pages.

use std::cmp::Ordering;

use askama::Template;

use super::book::Book;
use super::health_words::said;
use super::html::{Html, rendered};
use super::record::Record;
use super::say::Say;
use super::sheet::Row;
use crate::error::Result;

/// The table with a row for each reason why a record needs attention.
pub const TABLE: &str = "attention";
/// Its columns that pages show and explain.
pub const COLUMNS: [&str; 3] = ["severity", "value_at_stake", "sentence"];

/// Why a record needs attention.
pub struct Why<'a> {
    pub row: Row<'a>,
    /// The key of the row.
    pub key: String,
    /// How likely it is that what the sentence warns of comes about, such as silence for weeks.
    pub severity: Html,
    /// In the language of the report.
    pub sentence: &'a str,
    /// Since when, where the list has no other place for it.
    pub since: Option<Html>,
}

#[derive(Template)]
#[template(
    ext = "html",
    source = r##"<ul class="why">
{%- for why in whys %}<li data-key="{{ why.key }}"><span class="severity"><span class="hidden">{{ say.findings.severity }}</span> {{ why.severity }}</span> <span>{{ why.sentence }}{% if let Some(since) = why.since %} <span class="quiet">({{ say.findings.since_small }} {{ since }})</span>{% endif %}</span></li>{% endfor -%}
</ul>"##
)]
struct Listed<'a, 'b> {
    say: &'a Say,
    whys: &'a [Why<'b>],
}

/// The list of why one record needs attention.
///
/// # Errors
/// A template that cannot be written.
pub fn listed(say: &Say, whys: &[Why<'_>]) -> Result<Html> {
    rendered(&Listed { say, whys })
}

/// Why a record needs attention, the most severe first.
pub fn whys<'a>(book: &Book<'a>, record: &Record<'_>) -> Vec<Why<'a>> {
    let mut rows = book.published.of(TABLE, &record.key());
    rows.sort_by(|one, other| severest(*one, *other).then(one.text("reason").cmp(&other.text("reason"))));
    let why = |row: Row<'a>| {
        let key = format!("{} {}", record.key(), row.text("reason").unwrap_or_default());
        let sentence = said(book.say, row, "sentence").unwrap_or_default();
        Why { row, key, severity: severity(book, row), sentence, since: None }
    };
    rows.into_iter().map(why).collect()
}

/// How likely it is that what the row warns of comes about. Of an answer that is late already it says so in a word: a list of
/// 100 % after 100 % would tell nobody anything.
fn severity(book: &Book<'_>, row: Row<'_>) -> Html {
    let is_wait = row.text("reason").is_some_and(|reason| reason.starts_with("awaiting_"));
    let figures = book.figures(Some(row), TABLE);
    match is_wait && row.flag("is_overdue") == Some(true) {
        true => figures.in_words("severity", book.say.findings.late),
        false => figures.per_cent("severity"),
    }
}

/// The order of two rows: the more severe first, then the one with more at stake; what is unknown comes last.
pub fn severest(one: Row<'_>, other: Row<'_>) -> Ordering {
    let number = |row: Row<'_>, column| row.number(column).unwrap_or(-1.0);
    let by = |column| number(other, column).total_cmp(&number(one, column));
    by("severity").then(by("value_at_stake"))
}
