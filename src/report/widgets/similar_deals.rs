//! Similar won deals: the list, what they have in common with this deal, and where it lags behind them.

use askama::Template;

use crate::error::Result;
use crate::people::RecordType;
use crate::report::book::Book;
use crate::report::card::{Card, Content, missing};
use crate::report::definitions;
use crate::report::html::{Html, clipped, rendered, text};
use crate::report::record::Record;
use crate::report::say::Say;
use crate::report::sheet::Row;
use crate::report::words::factors;

const TABLE: &str = "similar_won_deals";
const BENCHMARKS: &str = "opportunity_benchmarks";
const COLUMNS: [&str; 14] = [
    "similarity",
    "factor_1",
    "interactions",
    "minutes_spent_by_us",
    "minutes_spent_by_them",
    "avg_first_response_hours_by_us",
    "avg_first_response_hours_by_them",
    "response_rate_by_us",
    "response_rate_by_them",
    "days_to_close",
    "value",
    "value_currency_id",
    "alike",
    "different",
];

#[derive(Template)]
#[template(
    ext = "html",
    source = r##"{% if deals.is_empty() %}<p class="quiet">{{ say.words.no_similar }}</p>{% else %}
{%- if is_fallback %}<p class="quiet">{{ say.words.similar_fallback }}</p>{% endif %}
<div class="scroll" tabindex="0" role="group" aria-label="{{ say.words.similar }}"><table class="plain dense"><thead><tr><th scope="col">{{ say.words.opportunity }}</th>
{%- for head in heads %}<th scope="col" class="number">{{ head }}</th>{% endfor -%}</tr></thead><tbody>
{%- for deal in deals %}
<tr data-key="{{ deal.rank }}"><th scope="row">{{ deal.name }}</th>{% for figure in deal.figures %}<td class="number">{{ figure }}</td>{% endfor %}</tr>
{%- if !deal.factors.is_empty() || !deal.different.is_empty() %}<tr class="note"><td colspan="{{ heads.len() + 1 }}"><div>{% if !deal.factors.is_empty() %}{{ say.words.in_common }}{{ say.colon() }} {{ deal.factors }}{% endif %}{% if !deal.different.is_empty() %}<br>{{ say.words.differs }}{{ say.colon() }} {{ deal.different }}{% endif %}</div></td></tr>{% endif %}
{%- endfor %}
</tbody></table></div>{% endif %}
{%- if !deals.is_empty() || !benchmarks.is_empty() || missing.is_some() %}
<h3>{{ say.words.benchmark }}</h3>
{%- if let Some(missing) = missing %}{{ missing }}{% else if benchmarks.is_empty() %}<p class="quiet">{{ say.words.no_similar }}</p>{% else %}
<div class="scroll" tabindex="0" role="group" aria-label="{{ say.words.benchmark }}"><table class="plain" data-table="opportunity_benchmarks"><thead><tr><th scope="col">{{ say.words.measure }}</th><th scope="col" class="number">{{ say.words.this_deal }}</th><th scope="col" class="number">{{ say.words.typical }}</th><th scope="col">{{ say.words.verdict }}</th></tr></thead><tbody>
{%- for line in benchmarks %}
<tr><th scope="row">{{ line.label }}</th><td class="number">{{ line.own }}</td><td class="number">{{ line.typical }}</td><td class="telling">{{ line.verdict }}</td></tr>
{%- endfor %}
</tbody></table></div>
{%- endif %}
{%- endif %}"##
)]
struct Similar<'a> {
    say: &'a Say,
    is_fallback: bool,
    heads: [&'a str; 10],
    deals: Vec<Deal>,
    missing: Option<Html>,
    benchmarks: Vec<Benchmark>,
}

struct Deal {
    rank: i64,
    name: Html,
    figures: [Html; 10],
    factors: String,
    different: String,
}

struct Benchmark {
    label: String,
    own: Html,
    typical: Html,
    verdict: Html,
}

pub fn card(book: &Book<'_>, record: &Record<'_>) -> Result<Html> {
    let (say, words) = (book.say, book.say.words);
    let card =
        Card { id: "similar-deals", class: "full", title: words.similar, table: TABLE, columns: &COLUMNS, key: "" };
    if let Some(missing) = card.unless_missing(book)? {
        return Ok(missing);
    }
    let mut rows = book.published.of(TABLE, record.id);
    rows.sort_by_key(|row| row.whole("rank"));
    let benchmarks = book.published.first(BENCHMARKS, record.id);
    let missing = match book.published.table(BENCHMARKS) {
        Some(_) => None,
        None => Some(missing(book, BENCHMARKS)?),
    };
    let body = rendered(&Similar {
        say,
        is_fallback: rows.iter().any(|row| row.text("state").is_some_and(|state| state != "similar")),
        heads: [
            words.similarity,
            words.interactions,
            words.our_time,
            words.their_time,
            words.our_answer,
            words.their_answer,
            words.our_rate,
            words.their_rate,
            words.days_to_close,
            words.value,
        ],
        deals: rows.iter().map(|row| deal(book, *row)).collect(),
        missing,
        benchmarks: benchmarks.map(|row| compared(book, row)).unwrap_or_default(),
    })?;
    let key = if benchmarks.is_some() { record.id } else { "" };
    let columns = ["state", "compared_deals", "similar_median_interactions"];
    let further = definitions::of(book, BENCHMARKS, &columns, key);
    card.holding(book, Content { body, gist: rows.first().map(|row| most_similar(say, *row)), further })
}

/// The deal that is most like this one, and how much.
fn most_similar(say: &Say, row: Row<'_>) -> Html {
    let name = clipped(row.text("won_name").unwrap_or(say.words.unnamed));
    match row.number("similarity") {
        Some(similarity) => text(&format!("{name} ({})", say.percent(similarity))),
        None => text(&name),
    }
}

fn deal<'a>(book: &'a Book<'a>, row: Row<'a>) -> Deal {
    let figures = book.figures(Some(row), TABLE);
    let id = row.text("won_opportunity_id").unwrap_or_default();
    let name = row.text("won_name").unwrap_or(book.say.words.unnamed);
    let language = book.say.language;
    let factors = ["factor_1", "factor_2", "factor_3"].iter().filter_map(|name| row.text(name));
    let factors: Vec<String> = factors.map(|factor| factors::called(language, factor)).collect();
    Deal {
        rank: row.whole("rank").unwrap_or_default(),
        name: book.link_to("../", RecordType::Opportunity, id, name),
        figures: [
            figures.percent("similarity"),
            figures.whole("interactions"),
            figures.minutes("minutes_spent_by_us"),
            figures.minutes("minutes_spent_by_them"),
            figures.hours("avg_first_response_hours_by_us"),
            figures.hours("avg_first_response_hours_by_them"),
            figures.percent("response_rate_by_us"),
            figures.percent("response_rate_by_them"),
            figures.whole("days_to_close"),
            figures.amount("value"),
        ],
        factors: row.text("alike").map_or_else(|| factors.join(", "), |alike| factors::said(language, alike)),
        different: row.text("different").map(|different| factors::said(language, different)).unwrap_or_default(),
    }
}

/// The deal beside the medians of its similar won deals at the same age.
fn compared<'a>(book: &'a Book<'a>, row: Row<'a>) -> Vec<Benchmark> {
    let words = book.say.words;
    let label = |what: &str, side: &str| format!("{what}, {side}");
    let measures: [(String, &str, Unit); 10] = [
        (words.interactions.to_string(), "interactions", Unit::Count),
        (label(words.emails, words.by_us), "emails_sent", Unit::Count),
        (label(words.emails, words.by_them), "emails_received", Unit::Count),
        (label(words.meetings, words.by_us), "meetings_sent", Unit::Count),
        (label(words.meetings, words.by_them), "meetings_received", Unit::Count),
        (label(words.answer_rate, words.by_us), "response_rate_by_us", Unit::Share),
        (label(words.answer_rate, words.by_them), "response_rate_by_them", Unit::Share),
        (label(words.response_times, words.by_us), "avg_first_response_hours_by_us", Unit::Hours),
        (label(words.response_times, words.by_them), "avg_first_response_hours_by_them", Unit::Hours),
        (words.face_time.to_string(), "face_time_minutes", Unit::Minutes),
    ];
    let figures = book.figures(Some(row), BENCHMARKS);
    let line = |(label, column, unit): (String, &str, Unit)| {
        let median = format!("similar_median_{column}");
        let shown = |column: &str| match unit {
            Unit::Count => figures.number(column, 1),
            Unit::Share => figures.percent(column),
            Unit::Hours => figures.hours(column),
            Unit::Minutes => figures.minutes(column),
        };
        let own = if unit == Unit::Count { figures.number(column, 0) } else { shown(column) };
        // What reads the same is level: 66.7 % beside 66.6 % is 67 % on both sides.
        let pair = row.number(column).zip(row.number(&median));
        let pair =
            pair.map(|(own, median)| if reads_as(book.say, unit, own, median) { (own, own) } else { (own, median) });
        Benchmark { label, own, typical: shown(&median), verdict: verdict(book.say, pair, unit == Unit::Hours) }
    };
    measures.into_iter().map(line).collect()
}

#[derive(Clone, Copy, PartialEq)]
enum Unit {
    Count,
    Share,
    Hours,
    Minutes,
}

/// Whether two values of a measure read the same.
fn reads_as(say: &Say, unit: Unit, one: f64, other: f64) -> bool {
    let read = |value: f64| match unit {
        Unit::Count => say.number(value, 1),
        Unit::Share => say.percent(value),
        Unit::Hours => say.hours(value),
        Unit::Minutes => say.minutes(value),
    };
    read(one) == read(other)
}

/// Behind, level or ahead of the median; of times to answer, less is better.
fn verdict(say: &Say, pair: Option<(f64, f64)>, less_is_better: bool) -> Html {
    let words = say.words;
    let Some((own, median)) = pair else {
        return Html::written(format!("<span class=\"unknown\">{}</span>", words.unknown));
    };
    let difference = if less_is_better { median - own } else { own - median };
    let (class, sign, word) = match difference {
        difference if difference > 0.0 => ("good", "▲", words.ahead),
        difference if difference < 0.0 => ("poor", "▼", words.lags),
        _ => ("without", "=", words.level),
    };
    Html::written(format!("<span class=\"state {class}\"><span aria-hidden=\"true\">{sign}</span> {word}</span>"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::language::Language;

    #[test]
    fn no_deal_is_ahead_of_what_reads_the_same() {
        for language in Language::ALL {
            let say = Say::new(language, chrono_tz::UTC);
            assert!(reads_as(&say, Unit::Share, 0.667, 0.666) && !reads_as(&say, Unit::Share, 0.67, 0.66));
            assert!(reads_as(&say, Unit::Hours, 3.04, 3.0) && !reads_as(&say, Unit::Hours, 3.1, 3.0));
            assert!(reads_as(&say, Unit::Minutes, 90.4, 90.0) && !reads_as(&say, Unit::Minutes, 91.0, 90.0));
            assert!(!reads_as(&say, Unit::Count, 3.0, 2.5));
        }
    }
}
