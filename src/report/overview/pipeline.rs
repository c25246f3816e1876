//! The pipeline: open deals as circles by close date, health and value. Without close dates they stand by age.

use askama::Template;
use chrono::{Datelike, NaiveDate};

use crate::error::Result;
use crate::report::book::Book;
use crate::report::card::Card;
use crate::report::charts::bubbles::{Axis, Bubble, bubbles};
use crate::report::health_words::class;
use crate::report::html::{Html, rendered};
use crate::report::record::{Kind, Record, page};
use crate::report::say::Say;

const BENCHMARKS: &str = "opportunity_benchmarks";

#[derive(Template)]
#[template(
    ext = "html",
    source = r##"<p class="quiet">{{ say.words.pipeline_note }} {{ say.words.value_unknown }}{% if let Some(note) = note %} {{ note }}{% endif %}</p>
<div class="scroll" tabindex="0" role="group" aria-label="{{ say.words.pipeline }}">{{ chart }}</div>
<ul class="legend">{% for state in states %}<li><svg viewBox="0 0 12 12" aria-hidden="true"><circle class="bubble {{ state.class }}" cx="6" cy="6" r="5"/></svg> {{ state.shown }}</li>{% endfor %}</ul>
{% if let Some(left_out) = left_out %}<p class="quiet">{{ left_out }}</p>{% endif %}"##
)]
struct Pipeline<'a> {
    say: &'a Say,
    note: Option<&'a str>,
    chart: Html,
    states: Vec<State>,
    left_out: Option<String>,
}

struct State {
    class: &'static str,
    shown: &'static str,
}

pub fn card(book: &Book<'_>) -> Result<Html> {
    let (say, words) = (book.say, book.say.words);
    let table = Kind::Opportunity.table();
    let card = Card { id: "pipeline", class: "full", title: words.pipeline, table, columns: &["health_score"] };
    let Some(sheet) = book.published.table(table) else { return card.missing(book) };
    let has_close_dates = sheet.has("estimated_close_date");
    if !has_close_dates && book.published.table(BENCHMARKS).is_none() {
        let said = format!("<p>{}</p>{}", words.pipeline_none, crate::report::card::missing(book, BENCHMARKS)?);
        return card.around(book, Html::written(said));
    }
    let open = book.records.iter().filter(|record| record.kind == Kind::Opportunity && record.is_open());
    let (mut drawn, mut without_health, mut without_time) = (Vec::new(), 0, 0);
    for record in open {
        let Some(health) = record.row.number("health_score") else {
            without_health += 1;
            continue;
        };
        match place_in_time(book, record, has_close_dates) {
            Some(time) => drawn.push(bubble(book, record, time, health)),
            None => without_time += 1,
        }
    }
    let axis = match has_close_dates {
        true => axis_of_dates(book, &drawn),
        false => axis_of_ages(say, &drawn),
    };
    let (n, m) = (say.whole(without_health), say.whole(without_time));
    let states =
        ["good", "fair", "poor", "dormant"].map(|code| State { class: class(code), shown: words.health_state(code) });
    let body = rendered(&Pipeline {
        say,
        note: (!has_close_dates).then_some(words.pipeline_age),
        chart: bubbles(words.pipeline, words.health_short, &axis, &drawn),
        states: states.into(),
        left_out: (without_health + without_time > 0)
            .then(|| words.pipeline_left_out.replace("{n}", &n).replace("{m}", &m)),
    })?;
    card.around(book, body)
}

fn place_in_time(book: &Book<'_>, record: &Record<'_>, has_close_dates: bool) -> Option<f64> {
    match has_close_dates {
        true => record.row.day("estimated_close_date").map(|day| f64::from(day.num_days_from_ce())),
        false => book.published.first(BENCHMARKS, record.id)?.number("age_days"),
    }
}

fn bubble(book: &Book<'_>, record: &Record<'_>, time: f64, health: f64) -> Bubble {
    let (say, words) = (book.say, book.say.words);
    let benchmark = book.published.first(BENCHMARKS, record.id);
    let value = record.row.number("value").or(benchmark.and_then(|row| row.number("estimated_value")));
    let name = record.row.text("name").unwrap_or(words.unnamed);
    let state = record.row.text("health_state").unwrap_or_default();
    let shown_value = value.map_or_else(|| words.unknown.to_string(), |value| say.number(value, 0));
    let when = match record.row.day("estimated_close_date") {
        Some(day) => format!("{} {}", words.close_date, say.day(day)),
        None => format!("{} {}", words.age_days, say.number(time, 0)),
    };
    let health_text = format!("{} {} ({})", words.health_short, say.score(health), words.health_state(state));
    Bubble {
        time,
        health,
        state: class(state).to_string(),
        value,
        target: Some(page(record.kind, record.id)),
        described: format!("{name}. {health_text}. {when}. {} {shown_value}", words.value),
    }
}

fn axis_of_ages(say: &Say, drawn: &[Bubble]) -> Axis {
    let oldest = drawn.iter().map(|bubble| bubble.time).fold(0.0, f64::max);
    let step =
        [7.0, 14.0, 30.0, 60.0, 90.0, 180.0, 365.0].into_iter().find(|step| oldest / step <= 8.0).unwrap_or(730.0);
    let to = (oldest / step).ceil().max(1.0) * step;
    let marks = (0..=(to / step) as usize).map(|at| at as f64 * step).map(|days| (days, say.number(days, 0)));
    Axis { from: 0.0, to, marks: marks.collect(), title: say.words.age_days.to_string(), now: None }
}

fn axis_of_dates(book: &Book<'_>, drawn: &[Bubble]) -> Axis {
    let say = book.say;
    let now = f64::from(book.published.as_of.num_days_from_ce());
    let from = drawn.iter().map(|bubble| bubble.time).fold(now, f64::min);
    let to = drawn.iter().map(|bubble| bubble.time).fold(now + 30.0, f64::max);
    let mark = |at: usize| {
        let day = from + (to - from) * at as f64 / 5.0;
        Some((day, say.day(NaiveDate::from_num_days_from_ce_opt(day as i32)?)))
    };
    let title = say.words.close_date.to_string();
    Axis { from, to, marks: (0..=5).filter_map(mark).collect(), title, now: Some((now, say.words.today.to_string())) }
}
