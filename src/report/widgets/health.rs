//! Relationship health: score, state, trend, reason and history, and the last and next interaction.

use askama::Template;
use chrono::NaiveDate;

use crate::error::Result;
use crate::people::RecordType;
use crate::report::book::Book;
use crate::report::card::{Card, Content, missing};
use crate::report::charts::history::history;
use crate::report::definitions;
use crate::report::figures::Figures;
use crate::report::health_words::{reason, state, trend};
use crate::report::html::{Html, rendered};
use crate::report::record::Record;
use crate::report::say::Say;

const CHANCE: &str = "two_way_chance_28d";
const OF_RECORD: [&str; 6] =
    ["health_score", "health_state", "health_trend", "last_interaction_at", "next_interaction_at", CHANCE];
const OF_HEALTH: [&str; 5] =
    ["main_reason", "days_since_contact", "expected_contact_days", "health_percentile", "dormant_after_days"];

#[derive(Template)]
#[template(
    ext = "html",
    source = r##"<div class="health">
<div>
<p class="score"><span class="big">{{ score }}</span>{% if has_score %} <span class="quiet">{{ say.words.of_100 }}</span>{% endif %}</p>
<p>{{ state }} {{ trend }}</p>
{%- if let Some(reason) = reason %}<p class="why">{{ reason }}</p>{% endif %}
{%- if let Some(percentile) = percentile %}<p class="quiet">{{ percentile }}</p>{% endif %}
{%- if let Some(missing) = missing %}{{ missing }}{% endif %}
</div>
<figure>{% if let Some(chart) = chart %}{{ chart }}<figcaption>{{ say.words.health_history }}</figcaption>{% else %}<p class="quiet">{{ no_chart }}</p>{% endif %}</figure>
<dl class="facts">
<div><dt>{{ say.words.last_interaction }}</dt><dd>{{ last }}</dd></div>
<div><dt>{{ say.words.next_interaction }}</dt><dd>{{ next }}</dd></div>
{%- if let Some(chance) = chance %}<div><dt>{{ say.findings.exchange_chance }}</dt><dd>{{ chance }}</dd></div>{% endif %}
</dl>
</div>
"##
)]
struct Health<'a> {
    say: &'a Say,
    score: Html,
    has_score: bool,
    state: Html,
    trend: Html,
    reason: Option<&'a str>,
    percentile: Option<String>,
    missing: Option<Html>,
    chart: Option<Html>,
    no_chart: &'static str,
    last: Html,
    next: Html,
    chance: Option<Html>,
}

pub fn card(book: &Book<'_>, record: &Record<'_>) -> Result<Html> {
    let (say, words) = (book.say, book.say.words);
    let key = record.key();
    let health = book.published.first("relationship_health", &key);
    // Accounts have health in the table of health alone.
    let row = if record.kind == RecordType::Account { health.unwrap_or(record.row) } else { record.row };
    let figures = book.figures(Some(row), row.table());
    let scores = scores(book, &key);
    let percentile = health.and_then(|row| row.number("health_percentile"));
    let body = rendered(&Health {
        say,
        score: figures.score("health_score"),
        has_score: row.number("health_score").is_some(),
        state: state(say, row),
        trend: trend(say, row),
        reason: health.and_then(|row| reason(say, row)),
        // Nothing is better than all, itself among them.
        percentile: percentile
            .map(|share| words.better_than.replace("{share}", &say.percent(share.floor().min(99.0) / 100.0))),
        missing: match book.published.table("relationship_health") {
            Some(_) => None,
            None => Some(missing(book, "relationship_health")?),
        },
        chart: history(say, words.health_history, &scores),
        // What stands in its place.
        no_chart: match (book.published.history.len(), scores.len()) {
            (0 | 1, _) => words.one_day_only,
            (_, 0) => words.no_score_so_far,
            _ => words.first_score,
        },
        last: interaction(book, record, "last"),
        next: interaction(book, record, "next"),
        chance: chance(book, record),
    })?;
    let card = Card {
        id: "health",
        class: "full",
        title: words.health,
        table: record.kind.kpi_table(),
        columns: &OF_RECORD,
        key: &record.key_in(record.kind.kpi_table()),
    };
    let key = health.map(|_| record.key()).unwrap_or_default();
    let further = definitions::of(book, "relationship_health", &OF_HEALTH, &key);
    card.holding(book, Content { body, gist: None, further })
}

/// The chance of an exchange, where the table of the record's kind has it.
fn chance(book: &Book<'_>, record: &Record<'_>) -> Option<Html> {
    let table = record.kind.kpi_table();
    book.published.table(table).filter(|sheet| sheet.has(CHANCE))?;
    Some(book.figures(Some(record.row), table).percent(CHANCE))
}

/// The scores of the published days, from the first on that knows the record.
fn scores(book: &Book<'_>, key: &str) -> Vec<(NaiveDate, Option<f64>)> {
    let days = book.published.history.iter();
    let days = days.filter_map(|(day, sheet)| Some((*day, sheet.of(key).next()?.number("health_score"))));
    days.skip_while(|(_, score)| score.is_none()).collect()
}

/// When the last or next interaction is, of which kind and who started it; its subject where that is published.
fn interaction(book: &Book<'_>, record: &Record<'_>, which: &str) -> Html {
    let (say, words, row) = (book.say, book.say.words, record.row);
    let column = |end: &str| format!("{which}_interaction_{end}");
    let Some(at) = row.instant(&column("at")) else {
        let nothing = if which == "next" { words.none_planned } else { words.never };
        let of = format!("{}.{}", record.kind.kpi_table(), column("at"));
        return Html::written(format!("<span class=\"unknown\" data-of=\"{of}\">{nothing}</span>"));
    };
    let figures = Figures { say, row: Some(row), table: record.kind.kpi_table() };
    let kind = row.text(&column("kind")).map(|kind| words.kind(kind)).unwrap_or_default();
    let direction = row.text(&column("direction")).and_then(|direction| words.started_by(direction));
    let distance = (say.day_of(at) - book.published.as_of).num_days();
    let mut about = vec![kind.to_string()];
    about.extend(direction.map(str::to_string));
    about.push(say.distance(distance));
    let subject =
        row.text(&column("subject")).map(|subject| format!(" <q>{}</q>", crate::report::html::escaped(subject)));
    Html::written(format!(
        "{}<br><span class=\"quiet\">{}</span>{}",
        figures.instant(&column("at")),
        crate::report::html::escaped(&about.join(", ")),
        subject.unwrap_or_default()
    ))
}
