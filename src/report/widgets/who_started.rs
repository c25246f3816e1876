//! How many emails, meetings and calls there were, and who started them.

use crate::error::Result;
use crate::report::book::Book;
use crate::report::card::Card;
use crate::report::html::Html;
use crate::report::record::Record;
use crate::report::sides::{SidesLine, in_few_words, sides};

const COLUMNS: [&str; 6] = [
    "emails_sent",
    "emails_received",
    "meetings_sent",
    "meetings_received",
    "phone_calls_made",
    "phone_calls_received",
];

pub fn card(book: &Book<'_>, record: &Record<'_>) -> Result<Html> {
    let (say, words) = (book.say, book.say.words);
    let table = record.kind.kpi_table();
    let figures = book.figures(Some(record.row), table);
    let mut lines: Vec<SidesLine> = [words.emails, words.meetings, words.phone_calls]
        .iter()
        .zip(COLUMNS.chunks(2))
        .map(|(label, columns)| SidesLine {
            label: label.to_string(),
            us: figures.whole(columns[0]),
            them: figures.whole(columns[1]),
            values: [record.row.number(columns[0]), record.row.number(columns[1])],
        })
        .collect();
    // Sums are unknown where one of the counts is.
    let sum = |side: usize| lines.iter().map(|line| line.values[side]).sum::<Option<f64>>();
    let shown = |sum: Option<f64>| {
        let text = sum.map_or_else(|| words.unknown.to_string(), |sum| say.number(sum, 0));
        Html::written(format!("<strong>{text}</strong>"))
    };
    let [us, them] = [shown(sum(0)), shown(sum(1))];
    let gist = in_few_words(say, &us, &them);
    lines.push(SidesLine { label: words.total.to_string(), us, them, values: [None; 2] });
    let card = Card {
        id: "who-started",
        class: "half",
        title: words.who_started,
        table,
        columns: &COLUMNS,
        key: &record.key_in(table),
    };
    card.folded(book, gist, sides(say, lines)?)
}
