//! The widgets of a record's page, one file each, in the order in which they stand on it.

mod activities;
mod attention;
mod changes;
mod coverage;
mod email_balance;
mod engagement;
mod health;
mod people;
mod response_times;
mod similar_deals;
mod summary;
mod time_spent;
mod who_knows_whom;
mod who_started;

pub use who_knows_whom::introductions;

use super::book::Book;
use super::html::Html;
use super::record::{Kind, Record};
use crate::error::Result;

/// Every widget that a record of its kind has.
///
/// # Errors
/// A template that cannot be written.
pub fn all(book: &Book<'_>, record: &Record<'_>) -> Result<Vec<Html>> {
    let (attention, summary) = (attention::card(book, record)?, summary::card(book, record)?);
    let changes = changes::card(book, record)?.unwrap_or_default();
    // What changed is short, and often nothing did: below what needs attention it leaves no gap.
    let to_do = Html::written(format!("<div class=\"stack\">{attention}{changes}</div>"));
    let mut widgets = vec![health::card(book, record)?, to_do, summary, activities::card(book, record)?];
    if record.kind != Kind::Contact {
        widgets.push(people::card(book, record)?);
    }
    widgets.push(who_started::card(book, record)?);
    widgets.push(response_times::card(book, record)?);
    widgets.push(time_spent::card(book, record)?);
    widgets.push(email_balance::card(book, record)?);
    widgets.push(engagement::card(book, record)?);
    if record.kind == Kind::Opportunity {
        widgets.push(similar_deals::card(book, record)?);
    }
    if record.kind == Kind::Account {
        widgets.push(coverage::card(book, record)?);
    }
    widgets.push(who_knows_whom::card(book, record)?);
    Ok(widgets)
}
