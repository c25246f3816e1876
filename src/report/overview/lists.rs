//! Lists of records, and the pages with all of a kind.

use crate::error::Result;
use crate::people::RecordType;
use crate::report::book::Book;
use crate::report::card::Card;
use crate::report::health_words::{class, state, trend};
use crate::report::html::{Html, escaped, link};
use crate::report::listing::{Cell, FilterOption, Fold, ListLine, Listing, Rank, heads, ranked};
use crate::report::page::Page;
use crate::report::record::{Record, list_page};
use crate::report::record_page::{account, owner};

const BENCHMARKS: &str = "opportunity_benchmarks";

/// Records of a page of a list: more make browsers slow.
const ROWS: usize = 1_000;

/// Which columns a list has.
struct Shown {
    account: bool,
    value: bool,
    close_date: bool,
}

/// The list of records of a kind, in the order given.
///
/// # Errors
/// A template that cannot be written.
pub fn list(book: &Book<'_>, kind: RecordType, records: &[&Record<'_>], fold: Fold) -> Result<Html> {
    let words = book.say.words;
    let has = |column: &str| book.published.table(kind.kpi_table()).is_some_and(|sheet| sheet.has(column));
    let benchmarks = kind == RecordType::Opportunity && book.published.table(BENCHMARKS).is_some();
    let shown = Shown {
        account: matches!(kind, RecordType::Contact | RecordType::Opportunity),
        value: has("value") || benchmarks,
        close_date: has("estimated_close_date"),
    };
    let mut names = vec![words.name];
    names.extend(shown.account.then_some(words.account));
    names.extend([words.health_short, words.state, words.trend]);
    names.extend(shown.value.then_some(words.value));
    names.extend(shown.close_date.then_some(words.close_date));
    names.extend([words.last_interaction, words.next_interaction, words.owner]);
    let heads = heads(&names, &[words.health_short, words.value]);
    let heads = ranked(heads, Rank::Third, &[words.trend, words.next_interaction]);
    let codes = ["good", "fair", "poor", "dormant"];
    let listing = Listing {
        title: words.records(kind),
        // The account stands below the name then.
        heads: ranked(heads, Rank::Second, &[words.account, words.owner]),
        lines: records.iter().map(|record| line(book, record, &shown)).collect(),
        options_title: words.state,
        options: codes.iter().map(|&code| FilterOption { code, shown: words.health_state(code) }).collect(),
        fold,
    };
    listing.written(book.say)
}

fn line(book: &Book<'_>, record: &Record<'_>, shown: &Shown) -> ListLine {
    let (say, words) = (book.say, book.say.words);
    let row = match record.kind {
        // Accounts have health in the table of health alone.
        RecordType::Account => book.published.first("relationship_health", &record.key()).unwrap_or(record.row),
        _ => record.row,
    };
    let own = book.figures(Some(record.row), record.kind.kpi_table());
    let health = book.figures(Some(row), row.table());
    let name = book.link_to("", record.kind, record.id, record.row.text("name").unwrap_or(words.unnamed));
    let account = account(book, record, "").unwrap_or_default();
    let mut cells = vec![Cell::of(name_with(&name, &account))];
    if shown.account {
        cells.push(Cell::telling(account));
    }
    cells.push(Cell::number(health.score("health_score"), row.number("health_score")));
    cells.extend([Cell::telling(state(say, row)), Cell::telling(trend(say, row))]);
    if shown.value {
        cells.push(value(book, record));
    }
    if shown.close_date {
        let day = record.row.day("estimated_close_date").map(|day| day.to_string());
        cells.push(Cell::by(own.day("estimated_close_date"), day));
    }
    cells.push(instant(book, record, "last_interaction_at", words.never));
    cells.push(instant(book, record, "next_interaction_at", words.none_planned));
    cells.push(Cell::of(owner(book, record)));
    ListLine { key: record.key(), code: class(row.text("health_state").unwrap_or_default()).to_string(), cells }
}

/// A name with the account below it, which the style sheet shows where there is no column for accounts.
fn name_with(name: &Html, account: &Html) -> Html {
    match account.as_str().is_empty() {
        true => name.clone(),
        false => Html::written(format!("{name}<span class=\"below quiet\">{account}</span>")),
    }
}

/// What a deal is worth. Tables of KPIs without values have the estimate that deals are compared by instead.
fn value(book: &Book<'_>, record: &Record<'_>) -> Cell {
    let has_values = book.published.table(record.kind.kpi_table()).is_some_and(|sheet| sheet.has("value"));
    let benchmark = book.published.first(BENCHMARKS, record.id).filter(|_| !has_values);
    match benchmark.and_then(|row| row.number("estimated_value")) {
        Some(value) => Cell::number(book.figures(benchmark, BENCHMARKS).amount("estimated_value"), Some(value)),
        None => {
            let shown = book.figures(Some(record.row), record.kind.kpi_table()).amount("value");
            Cell::number(shown, record.row.number("value"))
        }
    }
}

/// A day, or what it means that there is none.
fn instant(book: &Book<'_>, record: &Record<'_>, column: &str, nothing: &str) -> Cell {
    let table = record.kind.kpi_table();
    match record.row.instant(column) {
        Some(at) => {
            let shown = book.figures(Some(record.row), table).day_of_instant(column);
            Cell::by(shown, Some(at.timestamp_micros().to_string()))
        }
        None => {
            let shown = format!("<span class=\"unknown\" data-of=\"{table}.{column}\">{}</span>", escaped(nothing));
            Cell::by(Html::written(shown), None)
        }
    }
}

/// The pages with all records of a kind that have a page, by name, and their places.
///
/// # Errors
/// A template that cannot be written.
pub fn documents(book: &Book<'_>, kind: RecordType) -> Result<Vec<(String, String)>> {
    let words = book.say.words;
    let title = words.records(kind);
    let columns = ["health_score", "health_state", "health_trend", "last_interaction_at", "next_interaction_at"];
    let (table, all) = (kind.kpi_table(), words.all_records);
    let card = Card { id: "records", class: "full", title: all, table, columns: &columns, key: "" };
    let missing = card.unless_missing(book)?;
    let mut records: Vec<&Record<'_>> = book.records.iter().filter(|record| record.kind == kind).collect();
    records.sort_by_key(|record| (record.row.text("name").unwrap_or_default().to_lowercase(), record.id));
    // Without a record there is a page all the same.
    let parts: Vec<&[&Record<'_>]> = if records.is_empty() { vec![&[]] } else { records.chunks(ROWS).collect() };
    let of_part = |(at, part): (usize, &&[&Record<'_>])| {
        let widget = match &missing {
            Some(missing) => missing.clone(),
            None if part.is_empty() => card.of_nothing(book, words.no_records)?,
            None => card.around(book, list(book, kind, part, Fold::Many)?)?,
        };
        let pages = pages(book, kind, at, parts.len());
        let body = format!("<div class=\"title\"><h1>{title}</h1>{pages}</div><div class=\"cards\">{widget}</div>");
        let path = place(kind, at);
        let page = Page { path: path.clone(), title, record: "", body: Html::written(body) };
        Ok((path, page.document(book)?))
    };
    parts.iter().enumerate().map(of_part).collect()
}

/// The place of a page of the list, the first under the name that everybody links to.
fn place(kind: RecordType, at: usize) -> String {
    match at {
        0 => list_page(kind).to_string(),
        at => list_page(kind).replace(".html", &format!("-{}.html", at + 1)),
    }
}

/// Links to the other pages of the list.
fn pages(book: &Book<'_>, kind: RecordType, here: usize, of: usize) -> String {
    if of < 2 {
        return String::new();
    }
    let (say, findings) = (book.say, book.say.findings);
    let told = findings.page_of.replace("{n}", &say.whole(here as i64 + 1)).replace("{m}", &say.whole(of as i64));
    let links: Vec<String> = (0..of)
        .map(|at| {
            let target = (at != here).then(|| place(kind, at));
            format!("<li>{}</li>", link(target.as_deref(), &say.whole(at as i64 + 1)))
        })
        .collect();
    let label = escaped(findings.pages);
    format!(
        "<p class=\"quiet\">{told}</p><nav class=\"pages\" aria-label=\"{label}\"><ul>{}</ul></nav>",
        links.concat()
    )
}
