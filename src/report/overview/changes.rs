//! What changed since the published day before: records whose state of health is another one now.

use askama::Template;

use crate::error::Result;
use crate::report::book::Book;
use crate::report::card::Card;
use crate::report::health_words::state;
use crate::report::html::{Html, rendered};
use crate::report::record::Record;
use crate::report::record_page::owner;
use crate::report::say::Say;
use crate::report::sheet::Row;

const TABLE: &str = "relationship_health";
/// Changes that are shown; a morning has time for no more.
const MOST: usize = 15;

#[derive(Template)]
#[template(
    ext = "html",
    source = r##"{% if lines.is_empty() %}<p class="quiet">{{ nothing }}</p>{% else %}
<div class="scroll" tabindex="0" role="group" aria-label="{{ title }}"><table class="plain"><thead><tr><th scope="col">{{ say.words.name }}</th><th scope="col">{{ say.words.record_kind }}</th><th scope="col">{{ before }}</th><th scope="col">{{ now }}</th><th scope="col" class="number">{{ say.words.health_short }}</th><th scope="col">{{ say.words.owner }}</th></tr></thead><tbody>
{%- for line in lines %}
<tr data-key="{{ line.key }}"><th scope="row">{{ line.name }}</th><td>{{ line.kind }}</td><td>{{ line.before }}</td><td>{{ line.now }}</td><td class="number">{{ line.score }}</td><td>{{ line.owner }}</td></tr>
{%- endfor %}
</tbody></table></div>
{%- if let Some(further) = further %}<p class="quiet">{{ further }}</p>{% endif %}{% endif %}"##
)]
struct Changes<'a> {
    say: &'a Say,
    title: &'a str,
    nothing: String,
    before: String,
    now: String,
    lines: Vec<Line<'a>>,
    further: Option<String>,
}

struct Line<'a> {
    key: String,
    kind: &'a str,
    name: Html,
    before: Html,
    now: Html,
    score: Html,
    owner: Html,
}

/// A record with its rows of health: of the day before and of the day.
type Changed<'a> = (&'a Record<'a>, Row<'a>, Row<'a>);

pub fn card(book: &Book<'_>) -> Result<Html> {
    let (say, words) = (book.say, book.say.words);
    let card = Card { id: "changes", class: "full", title: words.changes, table: TABLE, columns: &["health_state"] };
    if let Some(missing) = card.unless_missing(book)? {
        return Ok(missing);
    }
    let earlier = book.published.history.iter().rev().find(|(day, _)| *day < book.published.as_of);
    let Some((day, sheet)) = earlier else {
        let said = Html::written(format!("<p class=\"quiet\">{}</p>", words.one_day_only));
        return card.around(book, said);
    };
    let changed = book.records.iter().filter_map(|record| {
        let key = record.key();
        let (before, now) = (sheet.of(&key).next()?, book.published.first(TABLE, &key)?);
        (before.text("health_state") != now.text("health_state")).then_some((record, before, now))
    });
    let mut changed: Vec<Changed<'_>> = changed.collect();
    // What fell most comes first; ids decide between equals.
    let fall = |(_, before, now): &Changed<'_>| {
        let score = |row: &Row<'_>| row.number("health_score").unwrap_or_default();
        score(before) - score(now)
    };
    changed.sort_by(|one, other| fall(other).total_cmp(&fall(one)).then(one.0.id.cmp(other.0.id)));
    let further = changed.len().saturating_sub(MOST);
    let lines = changed.iter().take(MOST).map(|(record, before, now)| Line {
        key: record.key(),
        kind: record.kind.word(words),
        name: book.link_to("", record.kind, record.id, record.row.text("name").unwrap_or(words.unnamed)),
        before: state(say, *before),
        now: state(say, *now),
        score: book.figures(Some(*now), TABLE).score("health_score"),
        owner: owner(book, record),
    });
    let body = rendered(&Changes {
        say,
        title: words.changes,
        nothing: words.no_changes.replace("{day}", &say.day(*day)),
        before: say.day(*day),
        now: say.day(book.published.as_of),
        lines: lines.collect(),
        further: (further > 0).then(|| words.further.replace("{n}", &say.whole(further as i64))),
    })?;
    card.around(book, body)
}
