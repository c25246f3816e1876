//! How far the numbers can be trusted: what is incomplete or beyond a limit, and consent with the days left.

use askama::Template;

use crate::error::Result;
use crate::report::book::Book;
use crate::report::card::Card;
use crate::report::html::{Html, rendered, text};
use crate::report::overview::chances;
use crate::report::say::Say;
use crate::report::words::measures::{self, measure};

const TABLE: &str = "data_quality";

#[derive(Template)]
#[template(
    ext = "html",
    source = r##"{% for notice in notices %}<p class="banner" role="status"><span aria-hidden="true">⚠</span> {{ notice }}</p>{% endfor %}"##
)]
struct Banner {
    notices: Vec<String>,
}

/// What everybody has to know before they read on.
pub fn banner(book: &Book<'_>) -> Result<Html> {
    let mut notices = Vec::new();
    if book.records.is_empty() {
        notices.push(book.say.words.no_records_at_all.to_string());
    }
    if is_partial(book) {
        notices.push(book.say.words.partial.to_string());
    }
    notices.extend(consent(book).filter(|consent| !consent.is_given).map(|consent| consent.said));
    rendered(&Banner { notices })
}

fn is_partial(book: &Book<'_>) -> bool {
    book.records.iter().any(|record| record.row.text("computation_accuracy") == Some("partial"))
}

struct Consent {
    is_given: bool,
    said: String,
}

fn consent(book: &Book<'_>) -> Option<Consent> {
    let (say, words) = (book.say, book.say.words);
    let rows = book.published.of(TABLE, "consent");
    let of = |subject: &str| rows.iter().find(|row| row.text("subject") == Some(subject))?.number("value");
    let left = rows.iter().find(|row| row.text("unit") == Some("days")).and_then(|row| row.number("value"));
    let is_given = of("given")? > 0.0;
    let said = match (is_given, left) {
        (true, _) => words.consent_given.to_string(),
        (false, Some(days)) if days > 0.0 => words.consent_pending.replace("{days}", &say.days(days as i64)),
        (false, _) => words.consent_off.to_string(),
    };
    Some(Consent { is_given, said })
}

#[derive(Template)]
#[template(
    ext = "html",
    source = r##"<p>{{ accuracy }}{% if let Some(consent) = consent %} {{ consent }}{% endif %}</p>
{%- if !absent.is_empty() %}<p>{{ say.words.not_published }}{{ say.colon() }} {% for table in absent %}<code>{{ table }}</code> {% endfor %}</p>{% endif %}
<details><summary>{{ say.words.as_table }}</summary>
<div class="scroll" tabindex="0" role="group" aria-label="{{ say.words.quality }}"><table class="plain"><thead><tr><th scope="col">{{ say.words.measure }}</th><th scope="col">{{ say.words.subject }}</th><th scope="col" class="number">{{ say.words.value }}</th><th scope="col">{{ say.words.state }}</th></tr></thead><tbody>
{%- for line in lines %}
<tr data-key="{{ line.key }}"><th scope="row">{{ line.check }}</th><td>{{ line.subject }}</td><td class="number">{{ line.value }}</td><td>{{ line.state }}</td></tr>
{%- endfor %}
</tbody></table></div></details>
{{ chances }}"##
)]
struct Quality<'a> {
    say: &'a Say,
    accuracy: &'a str,
    consent: Option<String>,
    absent: Vec<&'static str>,
    lines: Vec<CheckLine<'a>>,
    chances: Html,
}

struct CheckLine<'a> {
    key: String,
    check: &'a str,
    subject: &'a str,
    value: Html,
    state: Html,
}

pub fn card(book: &Book<'_>) -> Result<Html> {
    let (say, words) = (book.say, book.say.words);
    let card = Card {
        id: "quality",
        class: "full",
        title: words.quality,
        table: TABLE,
        columns: &["check", "value", "state"],
        key: "",
    };
    let Some(sheet) = book.published.table(TABLE) else { return card.missing(book) };
    // Domains of people without a record concern who looks after all of the data.
    let rows = sheet.rows().filter(|row| book.shows_all() || row.text("check") != Some("unmatched_addresses"));
    let lines = rows.map(|row| {
        let figures = book.figures(Some(row), TABLE);
        let [check, subject, unit] = ["check", "subject", "unit"].map(|name| row.text(name).unwrap_or_default());
        CheckLine {
            key: format!("{check} {subject}"),
            check: measure(say.language, check),
            subject: measures::subject(say.language, subject),
            value: match unit {
                "share" => figures.percent("value"),
                "hours" => figures.hours("value"),
                _ => figures.number("value", 0),
            },
            state: text(match row.text("state") {
                Some("warning") => words.warning,
                Some("failed") => words.failed,
                _ => words.fine,
            }),
        }
    });
    let body = rendered(&Quality {
        say,
        // Of nothing, the notice above says all there is to say.
        accuracy: match book.records.is_empty() {
            true => "",
            false if is_partial(book) => words.partial,
            false => words.complete,
        },
        consent: consent(book).map(|consent| consent.said),
        absent: book.published.missing().collect(),
        lines: lines.collect(),
        chances: chances::table(book)?,
    })?;
    card.around(book, body)
}
