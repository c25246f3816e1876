//! Who of us knows whom at the customer, as a graph and as a list, and whom to ask for an introduction.

use std::collections::HashMap;

use askama::Template;

use crate::error::Result;
use crate::people::RecordType;
use crate::report::book::Book;
use crate::report::card::{Card, Content, missing};
use crate::report::charts::graph::{GraphLine, LINES, PEOPLE, graph};
use crate::report::html::{Html, clipped, rendered, text};
use crate::report::introduction::Draft;
use crate::report::record::{Record, file_name};
use crate::report::say::Say;
use crate::report::sheet::Row;

const TABLE: &str = "connections";
const SUGGESTIONS: &str = "who_knows_whom";
const CHANCE: &str = "contact_chance_30d";
const COLUMNS: [&str; 5] = ["strength", "label", "interactions", "last_interaction_at", CHANCE];
/// Rows of the list; an account may have thousands of connections.
const ROWS: usize = 200;
/// Requests that a page offers.
const ASKS: usize = 8;

#[derive(Template)]
#[template(
    ext = "html",
    source = r##"{% if links.is_empty() %}<p class="quiet">{{ say.words.nobody_knows }}</p>{% else %}
<div class="switched">
<div class="switch" role="group" aria-label="{{ say.words.view }}" hidden><button type="button" data-view="graph" aria-pressed="true">{{ say.words.graph }}</button><button type="button" data-view="list" aria-pressed="false">{{ say.words.list }}</button></div>
<div class="view" data-view="graph"><div class="scroll" tabindex="0" role="group" aria-label="{{ say.words.graph }}">{{ graph }}</div>
{%- if let Some(left_out) = left_out %}<p class="quiet">{{ left_out }}</p>{% endif %}</div>
<div class="view" data-view="list"><div class="scroll" tabindex="0" role="group" aria-label="{{ say.words.list }}"><table class="plain" data-sortable><thead><tr><th scope="col">{{ say.words.person }}</th><th scope="col">{{ say.words.colleague }}</th><th scope="col" class="number">{{ say.words.strength }}</th><th scope="col">{{ say.words.label }}</th><th scope="col" class="number">{{ say.words.interactions }}</th><th scope="col">{{ say.words.last_contact }}</th>{% if has_chances %}<th scope="col" class="number">{{ say.findings.contact_chance }}</th>{% endif %}</tr></thead><tbody>
{%- for link in links %}
<tr data-key="{{ link.key }}"><th scope="row">{{ link.person }}</th><td>{{ link.colleague }}</td><td class="number" data-sort="{{ link.strength_value }}">{{ link.strength }}</td><td>{{ link.label }}</td><td class="number">{{ link.interactions }}</td><td data-sort="{{ link.last_value }}">{{ link.last }}</td>{% if has_chances %}<td class="number" data-sort="{{ link.chance_value }}">{{ link.chance }}</td>{% endif %}</tr>
{%- endfor %}
</tbody></table></div></div>
</div>{% endif %}
{%- if let Some(missing) = missing %}{{ missing }}{% endif %}
{%- if !asks.is_empty() %}
<h3 class="asks-note">{{ say.words.introduce }}</h3>
<p class="quiet asks-note">{{ say.words.introduce_note }}</p>
<ul class="asks">
{%- for ask in asks %}
<li><a class="button" href="{{ ask.mailto }}">{{ ask.shown }}</a> <a href="{{ ask.file }}" download aria-label=".eml: {{ ask.shown }}">.eml</a></li>
{%- endfor %}
</ul>
{%- endif %}"##
)]
struct WhoKnowsWhom<'a> {
    say: &'a Say,
    has_chances: bool,
    links: Vec<Shown>,
    graph: Html,
    left_out: Option<String>,
    missing: Option<Html>,
    asks: Vec<Ask>,
}

struct Shown {
    key: String,
    person: Html,
    colleague: Html,
    strength: Html,
    strength_value: String,
    label: Html,
    interactions: Html,
    last: Html,
    last_value: i64,
    chance: Html,
    chance_value: String,
}

struct Ask {
    mailto: String,
    file: String,
    shown: String,
}

pub fn card(book: &Book<'_>, record: &Record<'_>) -> Result<Html> {
    let (say, words) = (book.say, book.say.words);
    let card = Card {
        id: "who-knows-whom",
        class: "full",
        title: words.who_knows_whom,
        table: TABLE,
        columns: &COLUMNS,
        key: "",
    };
    if let Some(missing) = card.unless_missing(book)? {
        return Ok(missing);
    }
    let people = people(book, record);
    let mut rows: Vec<Row<'_>> =
        people.iter().flat_map(|(kind, id)| book.published.of(TABLE, &format!("{} {id}", kind.name()))).collect();
    rows.sort_by(|one, other| {
        let strength = |row: &Row<'_>| row.number("strength").unwrap_or_default();
        strength(other).total_cmp(&strength(one))
    });
    let all = rows.len();
    let is_nothing = rows.is_empty() && book.published.table(SUGGESTIONS).is_some();
    rows.truncate(ROWS);
    let (graph, drawn) = drawn(book, &rows);
    let left_out = (all > drawn).then(|| {
        let text = say.count((all - drawn) as i64, words.one_left_out, words.left_out);
        text.replace("{m}", &say.whole(rows.len() as i64))
    });
    let missing = match book.published.table(SUGGESTIONS) {
        Some(_) => None,
        None => Some(missing(book, SUGGESTIONS)?),
    };
    // Each record's own requests; of a company the best one for each of its people.
    let alone = matches!(record.kind, RecordType::Contact | RecordType::Lead);
    let asks = suggestions(book, &people, if alone { 5 } else { 1 });
    if is_nothing && asks.is_empty() {
        return card.of_nothing(book, words.nobody_knows);
    }
    let body = rendered(&WhoKnowsWhom {
        say,
        has_chances: book.published.table(TABLE).is_some_and(|sheet| sheet.has(CHANCE)),
        links: rows.iter().map(|row| shown(book, *row)).collect(),
        graph,
        left_out,
        missing,
        asks: asks.into_iter().filter_map(|(row, person)| ask(book, row, &person)).collect(),
    })?;
    // The strongest as an example of how a number came about.
    let first = rows.first().map(|row| {
        let parts = ["systemuser_id", "person_type", "person_id"].map(|name| row.text(name).unwrap_or_default());
        parts.join(" ")
    });
    let gist = rows.first().map(|row| strongest(book, *row));
    Card { key: first.as_deref().unwrap_or_default(), ..card }
        .holding(book, Content { body, gist, further: Vec::new() })
}

/// The customer people of a record: a contact or lead itself, the contacts of an account, and of a deal those it
/// was in contact with and those of its account.
fn people<'a>(book: &Book<'a>, record: &Record<'a>) -> Vec<(RecordType, &'a str)> {
    let account = match record.kind {
        RecordType::Contact | RecordType::Lead => return vec![(record.kind, record.id)],
        RecordType::Account => Some(record.id),
        RecordType::Opportunity => record.row.text("account_id"),
    };
    let mut people = Vec::new();
    let published = book.published;
    for row in published.of("top_contacts", &record.key()) {
        let kind = row.text("person_type").and_then(RecordType::from_name);
        people.extend(kind.zip(row.text("person_id")));
    }
    let contacts = account.map(|account| book.contacts_of(account)).unwrap_or_default();
    people.extend(contacts.iter().map(|id| (RecordType::Contact, *id)));
    people.sort();
    people.dedup();
    people
}

fn person_of<'a>(row: Row<'a>) -> Option<(RecordType, &'a str)> {
    Some((RecordType::from_name(row.text("person_type")?)?, row.text("person_id")?))
}

/// A connection in a few words: who knows whom, and how well.
fn strongest(book: &Book<'_>, row: Row<'_>) -> Html {
    let colleague = book.colleague_called(row.text("systemuser_id").unwrap_or_default());
    let person = person_of(row).map(|(kind, id)| book.called(kind, id)).unwrap_or_default();
    let label = book.say.words.connection(row.text("label").unwrap_or_default());
    text(&format!("{colleague} – {} ({label})", clipped(&person)))
}

fn shown<'a>(book: &'a Book<'a>, row: Row<'a>) -> Shown {
    let figures = book.figures(Some(row), TABLE);
    let colleague = row.text("systemuser_id").unwrap_or_default();
    let (kind, person) = person_of(row).unwrap_or((RecordType::Contact, ""));
    let label = row.text("label").unwrap_or_default();
    Shown {
        key: format!("{colleague} {} {person}", kind.name()),
        person: book.link_to("../", kind, person, &book.called(kind, person)),
        colleague: text(&book.colleague_called(colleague)),
        strength: figures.score("strength"),
        strength_value: row.number("strength").unwrap_or_default().to_string(),
        label: text(book.say.words.connection(label)),
        interactions: figures.whole("interactions"),
        last: figures.day_of_instant("last_interaction_at"),
        last_value: row.instant("last_interaction_at").map_or(0, |at| at.timestamp_micros()),
        chance: figures.percent(CHANCE),
        chance_value: row.number(CHANCE).map(|chance| chance.to_string()).unwrap_or_default(),
    }
}

/// The strongest connections as a graph, and how many of them it has.
fn drawn(book: &Book<'_>, rows: &[Row<'_>]) -> (Html, usize) {
    let (mut colleagues, mut people) = (Vec::new(), Vec::new());
    let (mut colleague_places, mut person_places) = (HashMap::new(), HashMap::new());
    let mut lines: Vec<GraphLine<'_>> = Vec::new();
    for row in rows {
        let (Some(colleague), Some(person)) = (row.text("systemuser_id"), person_of(*row)) else { continue };
        let is_full = (colleagues.len() >= PEOPLE && !colleague_places.contains_key(colleague))
            || (people.len() >= PEOPLE && !person_places.contains_key(&person));
        if is_full || lines.len() >= LINES {
            continue;
        }
        let colleague = *colleague_places.entry(colleague).or_insert_with(|| {
            colleagues.push(book.colleague_called(colleague));
            colleagues.len() - 1
        });
        let person = *person_places.entry(person).or_insert_with(|| {
            people.push(book.called(person.0, person.1));
            people.len() - 1
        });
        let label = row.text("label").unwrap_or_default();
        let strength = row.number("strength").unwrap_or_default();
        lines.push(GraphLine { colleague, person, strength, label, word: book.say.words.connection(label) });
    }
    (graph(book.say.words.who_knows_whom, &colleagues, &people, &lines), lines.len())
}

/// The requests for introductions to these people, at most so many for each.
fn suggestions<'a>(book: &Book<'a>, people: &[(RecordType, &'a str)], most: usize) -> Vec<(Row<'a>, String)> {
    let published = book.published;
    let of = |(kind, id): &(RecordType, &'a str)| {
        let mut rows = published.of(SUGGESTIONS, &format!("{} {id}", kind.name()));
        rows.sort_by_key(|row| row.whole("rank"));
        rows.truncate(most);
        let name = book.called(*kind, id);
        rows.into_iter().map(move |row| (row, name.clone())).collect::<Vec<_>>()
    };
    let mut found: Vec<(Row<'a>, String)> = people.iter().flat_map(of).collect();
    found.sort_by(|(one, _), (other, _)| {
        let strength = |row: &Row<'_>| row.number("strength").unwrap_or_default();
        strength(other).total_cmp(&strength(one))
    });
    found.truncate(ASKS);
    found
}

fn draft<'a>(row: Row<'a>, subject: &'a str) -> Option<Draft<'a>> {
    Some(Draft { address: row.text("colleague_address")?, subject, body: row.text("introduction_request")? })
}

/// The file of a suggestion.
fn file(row: Row<'_>) -> Option<String> {
    let (kind, person) = person_of(row)?;
    Some(format!("introductions/{}-{}-{}.eml", kind.name(), file_name(person), row.whole("rank")?))
}

fn ask(book: &Book<'_>, row: Row<'_>, person: &str) -> Option<Ask> {
    let words = book.say.words;
    let subject = words.introduce_subject.replace("{person}", person);
    let colleague = row.text("colleague_name").or(row.text("colleague_address"))?;
    Some(Ask {
        mailto: draft(row, &subject)?.mailto()?,
        file: format!("../{}", file(row)?),
        shown: words.introduce_by.replace("{colleague}", &clipped(colleague)).replace("{person}", &clipped(person)),
    })
}

/// The drafts that the pages of these records lead to, by their places in the site.
pub fn introductions(book: &Book<'_>, record: &Record<'_>) -> Vec<(String, String)> {
    let alone = matches!(record.kind, RecordType::Contact | RecordType::Lead);
    let found = suggestions(book, &people(book, record), if alone { 5 } else { 1 }).into_iter();
    let files = found.filter_map(|(row, person)| {
        let subject = book.say.words.introduce_subject.replace("{person}", &person);
        Some((file(row)?, draft(row, &subject)?.file()?))
    });
    files.collect()
}
