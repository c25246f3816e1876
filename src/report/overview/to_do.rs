//! Open deals and leads whose relationship needs somebody today: poor and dormant ones, with the reason.

use askama::Template;

use crate::error::Result;
use crate::report::book::Book;
use crate::report::card::Card;
use crate::report::health_words::{reason, state, trend};
use crate::report::html::{Html, rendered};
use crate::report::listing::{Fold, rest};
use crate::report::record::Record;
use crate::report::record_page::{account, owner};
use crate::report::say::Say;

/// What a person can do in a day.
const MOST: usize = 12;

#[derive(Template)]
#[template(
    ext = "html",
    source = r##"{% if lines.is_empty() %}<p class="quiet">{{ say.words.nothing_to_do }}</p>{% else %}<p class="quiet">{{ say.words.to_do_note }}</p>
<ol class="to-do">
{%- for line in lines %}
<li data-key="{{ line.key }}"><p class="what">{{ line.name }}{% if let Some(account) = line.account %} <span class="quiet">· {{ account }}</span>{% endif %}</p><p class="how">{{ line.state }} {{ line.trend }}</p><p class="why">{{ line.reason }}</p><p class="who">{{ line.owner }}</p></li>
{%- endfor %}
</ol>{{ rest }}{% endif %}"##
)]
struct ToDo<'a> {
    say: &'a Say,
    lines: Vec<RecordToDo<'a>>,
    rest: Html,
}

struct RecordToDo<'a> {
    key: String,
    name: Html,
    account: Option<Html>,
    state: Html,
    trend: Html,
    reason: &'a str,
    owner: Html,
}

pub fn card(book: &Book<'_>) -> Result<Html> {
    let (say, words) = (book.say, book.say.words);
    let table = "relationship_health";
    let card = Card {
        id: "to-do",
        class: "full",
        title: words.to_do,
        table,
        columns: &["health_state", "main_reason"],
        key: "",
    };
    if let Some(missing) = card.unless_missing(book)? {
        return Ok(missing);
    }
    let weak =
        |record: &&Record<'_>| record.is_open() && matches!(record.row.text("health_state"), Some("poor" | "dormant"));
    let mut records: Vec<&Record<'_>> = book.records.iter().filter(weak).collect();
    // Deals before leads, then the weakest; ids decide between equals.
    records.sort_by(|one, other| {
        let score = |record: &Record<'_>| record.row.number("health_score").unwrap_or_default();
        other.kind.cmp(&one.kind).then(score(one).total_cmp(&score(other))).then(one.id.cmp(other.id))
    });
    let rest = rest(say, records.len().min(MOST), Fold::Few)?;
    let lines = records.into_iter().take(MOST).map(|record| RecordToDo {
        key: record.key(),
        name: book.link_to("", record.kind, record.id, record.row.text("name").unwrap_or(words.unnamed)),
        account: account(book, record, ""),
        state: state(say, record.row),
        trend: trend(say, record.row),
        reason: book.published.first(table, &record.key()).and_then(|row| reason(say, row)).unwrap_or(words.unknown),
        owner: owner(book, record),
    });
    card.around(book, rendered(&ToDo { say, lines: lines.collect(), rest })?)
}
