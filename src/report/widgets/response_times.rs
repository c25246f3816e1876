//! How long each side takes to answer, and how often it does.

use crate::error::Result;
use crate::report::book::Book;
use crate::report::card::Card;
use crate::report::html::{Html, escaped};
use crate::report::record::Record;
use crate::report::sides::{SidesLine, in_few_words, sides};

const COLUMNS: [&str; 12] = [
    "avg_first_response_hours_by_us",
    "avg_first_response_hours_by_them",
    "median_first_response_hours_by_us",
    "median_first_response_hours_by_them",
    "p90_first_response_hours_by_us",
    "p90_first_response_hours_by_them",
    "response_rate_by_us",
    "response_rate_by_them",
    "responses_by_us",
    "responses_by_them",
    "responses_due_by_us",
    "responses_due_by_them",
];

pub fn card(book: &Book<'_>, record: &Record<'_>) -> Result<Html> {
    let (say, words) = (book.say, book.say.words);
    let table = record.kind.kpi_table();
    let figures = book.figures(Some(record.row), table);
    let labels = [words.mean, words.median, words.p90];
    let mut lines: Vec<SidesLine> = labels
        .iter()
        .zip(COLUMNS.chunks(2))
        .map(|(label, columns)| SidesLine {
            label: label.to_string(),
            us: figures.hours(columns[0]),
            them: figures.hours(columns[1]),
            values: [record.row.number(columns[0]), record.row.number(columns[1])],
        })
        .collect();
    lines.push(SidesLine {
        label: words.answer_rate.to_string(),
        us: figures.percent("response_rate_by_us"),
        them: figures.percent("response_rate_by_them"),
        values: [None; 2],
    });
    let answered = |by: &str, due: &str| {
        let frame = escaped(words.answered_of);
        let text = frame.replace("{n}", figures.whole(by).as_str()).replace("{due}", figures.whole(due).as_str());
        Html::written(text)
    };
    lines.push(SidesLine {
        label: words.answered.to_string(),
        us: answered("responses_by_us", "responses_due_by_us"),
        them: answered("responses_by_them", "responses_due_by_them"),
        values: [None; 2],
    });
    let median = in_few_words(say, &figures.hours(COLUMNS[2]), &figures.hours(COLUMNS[3]));
    let gist = Html::written(format!("{}{} {median}", words.median, say.colon()));
    Card {
        id: "response-times",
        class: "half",
        title: words.response_times,
        table,
        columns: &COLUMNS,
        key: &record.key_in(table),
    }
    .folded(book, gist, sides(say, lines)?)
}
