//! The customer people who were contacted most, and the colleagues who contacted most.

use askama::Template;

use crate::error::Result;
use crate::people::RecordType;
use crate::report::book::Book;
use crate::report::card::Card;
use crate::report::health_words::state;
use crate::report::html::{Html, clipped, rendered, text};
use crate::report::record::Record;
use crate::report::say::Say;

const COLUMNS: [&str; 5] = ["side", "emails", "meetings", "phone_calls", "last_contact_at"];

#[derive(Template)]
#[template(
    ext = "html",
    source = r##"<div class="columns">
{%- for side in sides %}
<div><h3>{{ side.title }}</h3>
{%- if side.people.is_empty() %}<p class="quiet">{{ say.words.nobody }}</p>{% else %}
<div class="scroll" tabindex="0" role="group" aria-label="{{ side.title }}"><table class="plain"><thead><tr><th scope="col">{{ say.words.name }}</th><th scope="col" class="number">{{ say.words.emails }}</th><th scope="col" class="number">{{ say.words.meetings }}</th><th scope="col" class="number">{{ say.words.phone_calls }}</th><th scope="col">{{ say.words.last_contact }}</th></tr></thead><tbody>
{%- for person in side.people %}
<tr data-key="{{ side.code }} {{ person.rank }}"><th scope="row">{{ person.name }}{% if let Some(health) = person.health %}<br><span data-key="{{ person.key }}">{{ health }}</span>{% endif %}</th>{% for count in person.counts %}<td class="number">{{ count }}</td>{% endfor %}<td>{{ person.last }}</td></tr>
{%- endfor %}
</tbody></table></div>{% endif %}</div>
{%- endfor %}
</div>"##
)]
struct People<'a> {
    say: &'a Say,
    sides: Vec<Side>,
}

struct Side {
    code: &'static str,
    title: &'static str,
    people: Vec<Person>,
}

struct Person {
    /// The key of the person, a contact or lead, in `relationship_health`.
    key: String,
    rank: i64,
    name: Html,
    health: Option<Html>,
    counts: [Html; 3],
    last: Html,
}

pub fn card(book: &Book<'_>, record: &Record<'_>) -> Result<Html> {
    let (say, words) = (book.say, book.say.words);
    let card =
        Card { id: "people", class: "full", title: words.people, table: "top_contacts", columns: &COLUMNS, key: "" };
    if let Some(missing) = card.unless_missing(book)? {
        return Ok(missing);
    }
    let rows = book.published.of("top_contacts", &record.key());
    let customers = rows.iter().filter(|row| row.text("side") == Some("most_contacted"));
    let first = customers.min_by_key(|row| row.whole("rank"));
    let sides = [("most_contacted", words.most_contacted), ("most_contacted_by", words.most_contacted_by)];
    let sides = sides.map(|(code, title)| {
        let mut own: Vec<_> = rows.iter().filter(|row| row.text("side") == Some(code)).collect();
        own.sort_by_key(|row| row.whole("rank"));
        let people = own.into_iter().map(|row| {
            let figures = book.figures(Some(*row), "top_contacts");
            let id = row.text("person_id").unwrap_or_default();
            let kind = row.text("person_type").and_then(RecordType::from_name);
            let name = match (row.text("name"), kind) {
                (name, Some(kind)) => book.link_to("../", kind, id, name.unwrap_or(words.unnamed)),
                (name, None) => text(&clipped(name.unwrap_or(words.unnamed))),
            };
            let known = kind.filter(|kind| book.may_show(*kind, id));
            let health =
                known.and_then(|kind| book.published.first("relationship_health", &format!("{} {id}", kind.name())));
            Person {
                key: format!("{} {id}", row.text("person_type").unwrap_or_default()),
                rank: row.whole("rank").unwrap_or_default(),
                name,
                health: health.map(|row| state(say, row)),
                counts: ["emails", "meetings", "phone_calls"].map(|column| figures.whole(column)),
                last: figures.day_of_instant("last_contact_at"),
            }
        });
        Side { code, title, people: people.collect() }
    });
    let body = rendered(&People { say, sides: sides.into() })?;
    match first.and_then(|row| row.text("name")) {
        Some(name) => {
            let gist = text(&format!("{}{} {}", words.most_contacted, say.colon(), clipped(name)));
            card.folded(book, gist, body)
        }
        None => card.around(book, body),
    }
}
