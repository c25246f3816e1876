//! Activities of the last 60 days by day and kind, as a chart and as a table.

use std::collections::BTreeMap;

use askama::Template;
use chrono::{Days, NaiveDate};

use crate::error::Result;
use crate::kpis::definitions::volume::COUNT_NAMES;
use crate::report::book::Book;
use crate::report::card::Card;
use crate::report::charts::activity::{DAYS, Day, activity, longest_silence};
use crate::report::html::{Html, rendered, text};
use crate::report::record::Record;
use crate::report::say::Say;

#[derive(Template)]
#[template(
    ext = "html",
    source = r##"{% if lines.is_empty() %}<p class="quiet">{{ say.words.no_activities }}</p>{% endif %}
<div class="scroll" tabindex="0" role="group" aria-label="{{ say.words.activities }}">{{ chart }}</div>
<ul class="legend"><li><svg viewBox="0 0 10 10" aria-hidden="true"><rect class="us solid" width="10" height="10"/></svg> {{ say.words.us }}</li><li><svg viewBox="0 0 10 10" aria-hidden="true"><rect class="them solid" width="10" height="10"/></svg> {{ say.words.them }}</li><li>{{ say.words.longest_silence }}{{ say.colon() }} {{ longest }}</li></ul>
{%- if !lines.is_empty() %}
<details><summary>{{ say.words.as_table }}</summary>
<div class="scroll" tabindex="0" role="group" aria-label="{{ say.words.as_table }}"><table class="plain"><thead><tr><th scope="col" rowspan="2">{{ say.words.day }}</th><th scope="colgroup" colspan="2">{{ say.words.emails }}</th><th scope="colgroup" colspan="2">{{ say.words.meetings }}</th><th scope="colgroup" colspan="2">{{ say.words.phone_calls }}</th></tr>
<tr>{% for _ in 0..3 %}<th scope="col">{{ say.words.us }}</th><th scope="col">{{ say.words.them }}</th>{% endfor %}</tr></thead><tbody>
{%- for line in lines %}
<tr data-key="{{ line.key }}"><th scope="row">{{ line.day }}</th>{% for count in line.counts %}<td class="number">{{ count }}</td>{% endfor %}</tr>
{%- endfor %}
</tbody></table></div></details>
{%- endif %}
"##
)]
struct Activities<'a> {
    say: &'a Say,
    chart: Html,
    longest: String,
    lines: Vec<DayLine>,
}

struct DayLine {
    key: String,
    day: String,
    counts: Vec<Html>,
}

pub fn card(book: &Book<'_>, record: &Record<'_>) -> Result<Html> {
    let (say, words) = (book.say, book.say.words);
    let card = Card {
        id: "activities",
        class: "full",
        title: words.activities,
        table: "daily_activity",
        columns: &COUNT_NAMES,
        key: "",
    };
    if let Some(missing) = card.unless_missing(book)? {
        return Ok(missing);
    }
    let rows = book.published.of("daily_activity", &record.key());
    let by_day: BTreeMap<NaiveDate, _> =
        rows.into_iter().filter_map(|row| Some((row.day("activity_date")?, row))).collect();
    let last = book.published.as_of;
    let first = last.checked_sub_days(Days::new(DAYS - 1)).unwrap_or(last);
    let days: Vec<Day> = first
        .iter_days()
        .take(DAYS as usize)
        .map(|day| {
            let Some(row) = by_day.get(&day) else { return Day::default() };
            let counts = COUNT_NAMES.map(|column| row.whole(column).unwrap_or(0));
            let [sent, received, invited, visited, made, taken] = counts;
            Day { ours: [sent, invited, made], theirs: [received, visited, taken] }
        })
        .collect();
    let lines = by_day.iter().rev().map(|(day, row)| {
        let figures = book.figures(Some(*row), "daily_activity");
        let counts = COUNT_NAMES.iter().map(|column| figures.whole(column)).collect();
        DayLine { key: day.to_string(), day: say.day(*day), counts }
    });
    let longest = say.days(longest_silence(&days));
    let gist = text(&format!("{}{} {longest}", words.longest_silence, say.colon()));
    let chart = activity(say, words.activities, last, &days);
    card.folded(book, gist, rendered(&Activities { say, chart, longest, lines: lines.collect() })?)
}
