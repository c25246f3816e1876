//! Lists of records: sorted and filtered on the page where scripts run, readable where they do not.

use askama::Template;

use crate::error::Result;
use crate::report::book::Book;
use crate::report::card::Card;
use crate::report::health_words::{class, state, trend};
use crate::report::html::{Html, rendered};
use crate::report::page::Page;
use crate::report::record::{Kind, Record};
use crate::report::record_page::{account, owner};
use crate::report::say::Say;

#[derive(Template)]
#[template(
    ext = "html",
    source = r##"<div class="listed">
<form class="filters" hidden><label>{{ say.words.filter }} <input type="search" data-filter="text" autocomplete="off"></label>
<label>{{ say.words.state }} <select data-filter="state"><option value="">{{ say.words.all }}</option>{% for option in options %}<option value="{{ option.code }}">{{ option.shown }}</option>{% endfor %}</select></label>
<output aria-live="polite" data-frame="{{ say.words.shown_of }}"></output></form>
<div class="scroll" tabindex="0" role="group" aria-label="{{ title }}"><table class="plain list" data-sortable><thead><tr><th scope="col">{{ say.words.name }}</th>
{%- if has_account %}<th scope="col">{{ say.words.account }}</th>{% endif -%}
<th scope="col" class="number">{{ say.words.health_short }}</th><th scope="col">{{ say.words.state }}</th><th scope="col">{{ say.words.trend }}</th>
{%- if has_value %}<th scope="col" class="number">{{ say.words.value }}</th>{% endif -%}
{%- if has_close_date %}<th scope="col">{{ say.words.close_date }}</th>{% endif -%}
<th scope="col">{{ say.words.last_interaction }}</th><th scope="col">{{ say.words.next_interaction }}</th><th scope="col">{{ say.words.owner }}</th></tr></thead><tbody>
{%- for line in lines %}
<tr data-key="{{ line.key }}" data-state="{{ line.state_class }}"><th scope="row">{{ line.name }}</th>
{%- if has_account %}<td>{% if let Some(account) = line.account %}{{ account }}{% endif %}</td>{% endif -%}
<td class="number" data-sort="{{ line.score_value }}">{{ line.score }}</td><td>{{ line.state }}</td><td>{{ line.trend }}</td>
{%- if has_value %}<td class="number" data-sort="{{ line.value_value }}">{{ line.value }}</td>{% endif -%}
{%- if has_close_date %}<td data-sort="{{ line.close_date_value }}">{{ line.close_date }}</td>{% endif -%}
<td data-sort="{{ line.last_value }}">{{ line.last }}</td><td data-sort="{{ line.next_value }}">{{ line.next }}</td><td>{{ line.owner }}</td></tr>
{%- endfor %}
</tbody></table></div></div>"##
)]
struct List<'a> {
    say: &'a Say,
    title: &'a str,
    has_account: bool,
    has_value: bool,
    has_close_date: bool,
    options: Vec<Choice>,
    lines: Vec<Line>,
}

struct Choice {
    code: &'static str,
    shown: &'static str,
}

struct Line {
    key: String,
    state_class: &'static str,
    name: Html,
    account: Option<Html>,
    score: Html,
    score_value: String,
    state: Html,
    trend: Html,
    value: Html,
    value_value: String,
    close_date: Html,
    close_date_value: String,
    last: Html,
    last_value: String,
    next: Html,
    next_value: String,
    owner: Html,
}

/// The list of records of a kind, in the order given.
///
/// # Errors
/// A template that cannot be written.
pub fn list(book: &Book<'_>, kind: Kind, records: &[&Record<'_>]) -> Result<Html> {
    let (say, words) = (book.say, book.say.words);
    let has = |column: &str| book.published.table(kind.table()).is_some_and(|sheet| sheet.has(column));
    let benchmarks = kind == Kind::Opportunity && book.published.table(BENCHMARKS).is_some();
    let codes = ["good", "fair", "poor", "dormant"];
    let options = codes.map(|code| Choice { code, shown: words.health_state(code) });
    rendered(&List {
        say,
        title: kind.plural(words),
        has_account: matches!(kind, Kind::Contact | Kind::Opportunity),
        has_value: has("value") || benchmarks,
        has_close_date: has("estimated_close_date"),
        options: options.into(),
        lines: records.iter().map(|record| line(book, record)).collect(),
    })
}

const BENCHMARKS: &str = "opportunity_benchmarks";

fn line(book: &Book<'_>, record: &Record<'_>) -> Line {
    let (say, words) = (book.say, book.say.words);
    let row = match record.kind {
        // Accounts have health in the table of health alone.
        Kind::Account => book.published.first("relationship_health", &record.key()).unwrap_or(record.row),
        _ => record.row,
    };
    let own = book.figures(Some(record.row), record.kind.table());
    let health = book.figures(Some(row), row.table());
    let micros =
        |column: &str| record.row.instant(column).map(|at| at.timestamp_micros().to_string()).unwrap_or_default();
    // Tables of KPIs without a value: the estimate that deals are compared by.
    let benchmark = book.published.first(BENCHMARKS, record.id);
    let value = record.row.number("value").or(benchmark.and_then(|row| row.number("estimated_value")));
    let shown_value = match record.row.number("value") {
        Some(_) => own.number("value", 0),
        None => book.figures(benchmark, BENCHMARKS).number("estimated_value", 0),
    };
    Line {
        key: record.key(),
        state_class: class(row.text("health_state").unwrap_or_default()),
        name: book.link_to("", record.kind, record.id, record.row.text("name").unwrap_or(words.unnamed)),
        account: account(book, record, ""),
        score: health.score("health_score"),
        score_value: row.number("health_score").map(|score| score.to_string()).unwrap_or_default(),
        state: state(say, row),
        trend: trend(say, row),
        value: shown_value,
        value_value: value.map(|value| value.to_string()).unwrap_or_default(),
        close_date: own.day("estimated_close_date"),
        close_date_value: record.row.day("estimated_close_date").map(|day| day.to_string()).unwrap_or_default(),
        last: match record.row.instant("last_interaction_at") {
            Some(_) => own.day_of_instant("last_interaction_at"),
            None => nothing(record, "last_interaction_at", words.never),
        },
        last_value: micros("last_interaction_at"),
        next: next(book, record),
        next_value: micros("next_interaction_at"),
        owner: owner(book, record),
    }
}

/// The day of the next interaction; without one, none is planned.
fn next(book: &Book<'_>, record: &Record<'_>) -> Html {
    match record.row.instant("next_interaction_at") {
        Some(_) => book.figures(Some(record.row), record.kind.table()).day_of_instant("next_interaction_at"),
        None => nothing(record, "next_interaction_at", book.say.words.none_planned),
    }
}

/// A value that is unknown because there is nothing to know, and what that means.
fn nothing(record: &Record<'_>, column: &str, meaning: &str) -> Html {
    Html::written(format!("<span class=\"unknown\" data-of=\"{}.{column}\">{meaning}</span>", record.kind.table()))
}

/// The page with all records of a kind that have a page, by name.
///
/// # Errors
/// A template that cannot be written.
pub fn document(book: &Book<'_>, kind: Kind) -> Result<String> {
    let words = book.say.words;
    let title = kind.plural(words);
    let columns = ["health_score", "health_state", "health_trend", "last_interaction_at", "next_interaction_at"];
    let card = Card { id: "records", class: "full", title: words.all_records, table: kind.table(), columns: &columns };
    let widget = match card.unless_missing(book)? {
        Some(missing) => missing,
        None => {
            let mut records: Vec<&Record<'_>> = book.records.iter().filter(|record| record.kind == kind).collect();
            records.sort_by_key(|record| (record.row.text("name").unwrap_or_default().to_lowercase(), record.id));
            card.around(book, list(book, kind, &records)?)?
        }
    };
    let body = format!("<div class=\"title\"><h1>{title}</h1></div><div class=\"cards\">{widget}</div>");
    Page { path: kind.list_page().to_string(), title, record: "", body: Html::written(body) }.document(book)
}
