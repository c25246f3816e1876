//! The time that each side spent, and the time face to face.

use askama::Template;

use crate::error::Result;
use crate::report::book::Book;
use crate::report::card::Card;
use crate::report::html::{Html, rendered};
use crate::report::record::Record;
use crate::report::say::Say;
use crate::report::sides::{SidesLine, in_few_words, sides};

const COLUMNS: [&str; 4] =
    ["minutes_spent_by_us", "minutes_spent_by_them", "face_time_minutes", "interactions_without_duration"];

#[derive(Template)]
#[template(
    ext = "html",
    source = r##"{{ sides }}<dl class="facts"><div><dt>{{ say.words.face_time }}</dt><dd>{{ face_time }}</dd></div><div><dt>{{ say.words.without_duration }}</dt><dd>{{ without }}</dd></div></dl>"##
)]
struct TimeSpent<'a> {
    say: &'a Say,
    sides: Html,
    face_time: Html,
    without: Html,
}

pub fn card(book: &Book<'_>, record: &Record<'_>) -> Result<Html> {
    let (say, words) = (book.say, book.say.words);
    let table = record.kind.kpi_table();
    let figures = book.figures(Some(record.row), table);
    let [us, them, face_time, without] = COLUMNS;
    let line = SidesLine {
        label: words.time_spent.to_string(),
        us: figures.minutes(us),
        them: figures.minutes(them),
        values: [record.row.number(us), record.row.number(them)],
    };
    let gist = in_few_words(say, &line.us, &line.them);
    let body = rendered(&TimeSpent {
        say,
        sides: sides(say, vec![line])?,
        face_time: figures.minutes(face_time),
        without: figures.whole(without),
    })?;
    Card {
        id: "time-spent",
        class: "half",
        title: words.time_spent,
        table,
        columns: &COLUMNS,
        key: &record.key_in(table),
    }
    .folded(book, gist, body)
}
