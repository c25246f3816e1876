//! The pipeline, as the original documents it: open deals as circles by close date, health and value. A deal without
//! health stands at the bottom in grey, one without value is a tiny circle, and one whose close date is past or missing
//! is left out. Tables without close dates have the ages of deals instead.

use askama::Template;
use chrono::{Datelike, NaiveDate, Weekday};

use crate::error::Result;
use crate::people::RecordType;
use crate::report::book::Book;
use crate::report::card::Card;
use crate::report::charts::bubbles::{Axis, Bubble, bubbles};
use crate::report::health_words::class;
use crate::report::html::{Html, rendered};
use crate::report::record::{Record, page};
use crate::report::say::Say;

const BENCHMARKS: &str = "opportunity_benchmarks";

/// Circles that can still be told apart.
const CIRCLES: usize = 300;

#[derive(Template)]
#[template(
    ext = "html",
    source = r##"<p class="quiet">{% for note in notes %}{{ note }} {% endfor %}</p>
<div class="scroll" tabindex="0" role="group" aria-label="{{ say.words.pipeline }}">{{ chart }}</div>
<ul class="legend">{% for state in states %}<li><svg viewBox="0 0 12 12" aria-hidden="true"><circle class="bubble {{ state.class }}" cx="6" cy="6" r="5"/></svg> {{ state.shown }}</li>{% endfor %}</ul>"##
)]
struct Pipeline<'a> {
    say: &'a Say,
    notes: Vec<String>,
    chart: Html,
    states: Vec<State>,
}

struct State {
    class: &'static str,
    shown: &'static str,
}

pub fn card(book: &Book<'_>) -> Result<Html> {
    let (say, words, findings) = (book.say, book.say.words, book.say.findings);
    let table = RecordType::Opportunity.kpi_table();
    let columns = ["health_score", "estimated_close_date", "value"];
    let card = Card { id: "pipeline", class: "full", title: words.pipeline, table, columns: &columns, key: "" };
    let Some(sheet) = book.published.table(table) else { return card.missing(book) };
    let has_close_dates = sheet.has("estimated_close_date");
    if !has_close_dates && book.published.table(BENCHMARKS).is_none() {
        let said = format!("<p>{}</p>{}", words.pipeline_none, crate::report::card::missing(book, BENCHMARKS)?);
        return card.around(book, Html::written(said));
    }
    let open = book.records.iter().filter(|record| record.kind == RecordType::Opportunity && record.is_open());
    let as_of = f64::from(book.published.as_of.num_days_from_ce());
    let (mut drawn, mut past, mut without_time) = (Vec::new(), 0, 0);
    for record in open {
        match place_in_time(book, record, has_close_dates) {
            Some(time) if has_close_dates && time < as_of => past += 1,
            Some(time) => drawn.push(bubble(book, record, time)),
            None => without_time += 1,
        }
    }
    if drawn.is_empty() && past + without_time == 0 {
        return card.of_nothing(book, words.no_open_deals);
    }
    // The most valuable ones; equal ones in the order of the table.
    drawn.sort_by(|one, other| other.value.unwrap_or(-1.0).total_cmp(&one.value.unwrap_or(-1.0)));
    let is_cut = drawn.len() > CIRCLES;
    drawn.truncate(CIRCLES);
    let mut notes = vec![words.pipeline_note.to_string(), words.value_unknown.to_string()];
    if drawn.iter().any(|bubble| bubble.health.is_none()) {
        notes.push(findings.bottom_without_health.to_string());
    }
    if !has_close_dates {
        notes.push(words.pipeline_age.to_string());
    }
    if past + without_time > 0 {
        let told = match (past, without_time) {
            (_, 0) => findings.not_drawn_past,
            (0, _) => findings.not_drawn_undated,
            _ => findings.not_drawn,
        };
        notes.push(told.replace("{n}", &say.whole(past)).replace("{m}", &say.whole(without_time)));
    }
    if is_cut {
        notes.push(findings.largest_drawn.replace("{n}", &say.whole(CIRCLES as i64)));
    }
    let axis = match has_close_dates {
        true => axis_of_dates(book, &drawn),
        false => axis_of_ages(say, &drawn),
    };
    let known = ["good", "fair", "poor", "dormant"].map(|code| (class(code), words.health_state(code)));
    let states = known.into_iter().chain([(class(""), findings.without_health)]);
    let body = rendered(&Pipeline {
        say,
        notes,
        chart: bubbles(words.pipeline, words.health_short, &axis, &drawn),
        states: states.map(|(class, shown)| State { class, shown }).collect(),
    })?;
    card.around(book, body)
}

fn place_in_time(book: &Book<'_>, record: &Record<'_>, has_close_dates: bool) -> Option<f64> {
    match has_close_dates {
        true => record.row.day("estimated_close_date").map(|day| f64::from(day.num_days_from_ce())),
        false => book.published.first(BENCHMARKS, record.id)?.number("age_days"),
    }
}

fn bubble(book: &Book<'_>, record: &Record<'_>, time: f64) -> Bubble {
    let (say, words) = (book.say, book.say.words);
    // Tables of KPIs without values have the estimate that deals are compared by.
    let has_values = book.published.table(record.kind.kpi_table()).is_some_and(|sheet| sheet.has("value"));
    let benchmark = book.published.first(BENCHMARKS, record.id).filter(|_| !has_values);
    let health = record.row.number("health_score");
    let value = record.row.number("value").or(benchmark.and_then(|row| row.number("estimated_value")));
    let name = record.row.text("name").unwrap_or(words.unnamed);
    let state = record.row.text("health_state").unwrap_or_default();
    let shown_value = value.map_or_else(|| words.unknown.to_string(), |value| say.amount(value));
    let when = match record.row.day("estimated_close_date") {
        Some(day) => format!("{} {}", words.close_date, say.day(day)),
        None => format!("{} {}", words.age_days, say.number(time, 0)),
    };
    let score = health.map_or_else(|| words.unknown.to_string(), |score| say.score(score));
    let health_text = format!("{} {score} ({})", words.health_short, words.health_state(state));
    Bubble {
        time,
        health,
        state: health.map_or(class(""), |_| class(state)).to_string(),
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

/// From the day of the report to the latest close date. One that lies years ahead, a typing error perhaps, does not
/// push all others together: beyond the last decile times two, circles stand at the edge.
fn axis_of_dates(book: &Book<'_>, drawn: &[Bubble]) -> Axis {
    let say = book.say;
    let from = f64::from(book.published.as_of.num_days_from_ce());
    let mut ahead: Vec<f64> = drawn.iter().map(|bubble| bubble.time - from).collect();
    ahead.sort_by(f64::total_cmp);
    let decile = ahead.get(ahead.len() * 9 / 10).copied().unwrap_or_default();
    let to = from + ahead.last().copied().unwrap_or_default().min(2.0 * decile).max(30.0);
    let title = say.words.close_date.to_string();
    Axis {
        from,
        to,
        marks: marks(say, book.published.as_of, (to - from) as u64),
        title,
        now: Some((from, say.words.today.to_string())),
    }
}

/// The first days of weeks or months after a day, as far as so many days ahead, so far apart that they can be read.
fn marks(say: &Say, from: NaiveDate, days: u64) -> Vec<(f64, String)> {
    const MOST: usize = 8;
    let place = |day: NaiveDate| f64::from(day.num_days_from_ce());
    let ahead = || from.iter_days().skip(1).take(days as usize);
    if days <= 7 * MOST as u64 {
        let mondays = ahead().filter(|day| day.weekday() == Weekday::Mon);
        return mondays.map(|day| (place(day), say.short_day(day))).collect();
    }
    let months: Vec<NaiveDate> = ahead().filter(|day| day.day() == 1).collect();
    let step = [1, 2, 3, 6, 12].into_iter().find(|step| months.len() <= MOST * *step as usize).unwrap_or(12);
    let whole = months.into_iter().filter(|day| day.month0() % step == 0);
    whole.map(|day| (place(day), say.month(day))).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::language::Language;

    #[test]
    fn marks_are_mondays_of_near_dates_and_first_days_of_months_of_far_ones() {
        let say = Say::new(Language::German, chrono_tz::UTC);
        let from = NaiveDate::from_ymd_opt(2026, 3, 31).unwrap();
        let shown = |days: u64| marks(&say, from, days).into_iter().map(|(_, mark)| mark).collect::<Vec<_>>();
        assert_eq!(shown(20), ["6.\u{a0}Apr.", "13.\u{a0}Apr.", "20.\u{a0}Apr."]);
        assert_eq!(shown(62), ["Apr.\u{a0}2026", "Mai\u{a0}2026", "Juni\u{a0}2026"]);
        let quarters = ["Apr.\u{a0}2026", "Juli\u{a0}2026", "Okt.\u{a0}2026", "Jan.\u{a0}2027", "Apr.\u{a0}2027"];
        assert_eq!(shown(550)[..5], quarters);
    }
}
