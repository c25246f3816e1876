//! The widgets of a record's page, one file each, in the order in which they stand on it.

mod activities;
mod attention;
mod changes;
mod coverage;
mod email_balance;
mod engagement;
mod health;
mod no_contact;
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
use super::record::Record;
use crate::error::Result;
use crate::people::RecordType;

/// Every widget that a record of its kind has.
///
/// # Errors
/// A template that cannot be written.
pub fn all(book: &Book<'_>, record: &Record<'_>) -> Result<Vec<Html>> {
    let (attention, summary) = (attention::card(book, record)?, summary::card(book, record)?);
    let changes = changes::card(book, record)?.unwrap_or_default();
    // What changed is short, and often nothing did: below what needs attention it leaves no gap.
    let to_do = Html::written(format!("<div class=\"stack\">{attention}{changes}</div>"));
    let mut widgets = vec![health::card(book, record)?, to_do, summary];
    if no_contact::is_certain(book, record) {
        widgets.push(no_contact::card(book, record)?);
    } else {
        widgets.extend(of_contact(book, record)?);
    }
    if record.kind == RecordType::Opportunity {
        widgets.push(similar_deals::card(book, record)?);
    }
    if record.kind == RecordType::Account {
        widgets.push(coverage::card(book, record)?);
    }
    widgets.push(who_knows_whom::card(book, record)?);
    Ok(widgets)
}

/// The widgets that tell what contact there was.
fn of_contact(book: &Book<'_>, record: &Record<'_>) -> Result<Vec<Html>> {
    let mut widgets = vec![activities::card(book, record)?];
    if record.kind != RecordType::Contact {
        widgets.push(people::card(book, record)?);
    }
    widgets.extend([
        who_started::card(book, record)?,
        response_times::card(book, record)?,
        time_spent::card(book, record)?,
        email_balance::card(book, record)?,
        engagement::card(book, record)?,
    ]);
    Ok(widgets)
}
