//! That there was no contact at all, once, in place of widgets that would show nothing but zeros.

use askama::Template;

use crate::error::Result;
use crate::people::RecordType;
use crate::report::book::Book;
use crate::report::card::Card;
use crate::report::html::{Html, rendered};
use crate::report::record::Record;
use crate::report::say::Say;

const COUNTS: [&str; 7] = [
    "emails_sent",
    "emails_received",
    "meetings_sent",
    "meetings_received",
    "phone_calls_made",
    "phone_calls_received",
    "followed_emails_sent",
];

#[derive(Template)]
#[template(
    ext = "html",
    source = r##"<p>{{ told }}</p>
<p class="quiet">{{ say.words.no_contact_would }}</p>
<ul class="numbers quiet">{% for title in titles %}<li>{{ title }}</li>{% endfor %}</ul>"##
)]
struct NoContact<'a> {
    say: &'a Say,
    told: String,
    titles: Vec<&'a str>,
}

/// Whether the tables say of all contact that there was none. What they do not know is not none, and what they do not hold
/// is told by the widgets.
pub fn is_certain(book: &Book<'_>, record: &Record<'_>) -> bool {
    let none_of =
        |table: &str| book.published.table(table).is_some_and(|sheet| sheet.of(&record.key()).next().is_none());
    COUNTS.iter().all(|column| record.row.whole(column) == Some(0))
        && record.row.instant("last_interaction_at").is_none()
        && none_of("daily_activity")
        && (record.kind == RecordType::Contact || none_of("top_contacts"))
}

pub fn card(book: &Book<'_>, record: &Record<'_>) -> Result<Html> {
    let (say, words) = (book.say, book.say.words);
    let mut titles = vec![words.activities];
    titles.extend((record.kind != RecordType::Contact).then_some(words.people));
    titles.extend([words.who_started, words.response_times, words.time_spent, words.email_balance, words.engagement]);
    let told = words.no_contact_until.replace("{day}", &say.day(book.published.as_of));
    let card = Card {
        id: "no-contact",
        class: "full",
        title: words.no_contact,
        table: record.kind.kpi_table(),
        columns: &[],
        key: "",
    };
    card.around(book, rendered(&NoContact { say, told, titles })?)
}
