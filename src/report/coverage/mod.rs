//! The page of what is missing in the CRM system and on how few people relationships rest: companies, people in no record,
//! contacts out of reach, and what colleagues who leave hand over.

pub mod accounts;
mod handover;
mod missing_people;

use super::book::Book;
use super::card::Card;
use super::html::{Html, link};
use super::page::{COVERAGE, Page};
use crate::error::Result;

/// The page with all of it.
///
/// # Errors
/// A template that cannot be written.
pub fn document(book: &Book<'_>) -> Result<String> {
    let title = book.say.findings.coverage;
    let cards =
        [missing_people::people(book)?, missing_people::contacts(book)?, accounts::card(book)?, handover::card(book)?];
    let cards: String = cards.iter().map(Html::as_str).collect();
    let body = format!("<div class=\"title\"><h1>{title}</h1></div><div class=\"cards\">{cards}</div>");
    Page { path: COVERAGE.to_string(), title, record: "", body: Html::written(body) }.document(book)
}

/// The numbers of it, for the overview, with links to where they are told.
///
/// # Errors
/// A template that cannot be written.
pub fn card(book: &Book<'_>) -> Result<Html> {
    let (say, findings) = (book.say, book.say.findings);
    let number = |count: usize, one: &str, many: &str| say.count(count as i64, one, many);
    let published = |table: &str| book.published.table(table).is_some();
    let mut lines = Vec::new();
    if published(missing_people::TABLE) {
        let (people, contacts) = (missing_people::found(book, true), missing_people::found(book, false));
        lines.push(("missing-people", number(people.len(), findings.person_missing, findings.people_missing)));
        lines.push(("lost-contacts", number(contacts.len(), findings.contact_lost, findings.contacts_lost)));
    }
    if published(accounts::TABLE) {
        let all = accounts::found(book);
        let on_one = all.iter().filter(|(_, row)| accounts::rests_on_one(*row)).count();
        let text = match all.len() {
            0 => findings.no_accounts.to_string(),
            all => {
                number(on_one, findings.account_on_one, findings.accounts_on_one).replace("{m}", &say.whole(all as i64))
            }
        };
        lines.push(("account-coverage", text));
    }
    if published(handover::TABLE) {
        let records = handover::found(book);
        lines.push(("handover", number(records.len(), findings.record_to_hand_over, findings.records_to_hand_over)));
    }
    let id = "coverage";
    let card = Card { id, class: "full", title: findings.coverage, table: accounts::TABLE, columns: &[], key: "" };
    if lines.is_empty() {
        return card.missing(book);
    }
    let items = lines.iter().map(|(id, text)| format!("<li>{}</li>", link(Some(&format!("{COVERAGE}#{id}")), text)));
    card.around(book, Html::written(format!("<ul class=\"numbers\">{}</ul>", items.collect::<String>())))
}
