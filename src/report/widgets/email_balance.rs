//! Emails sent against emails received: counts, shares and ratios of either side.

use crate::error::Result;
use crate::report::book::Book;
use crate::report::card::Card;
use crate::report::html::Html;
use crate::report::record::Record;
use crate::report::sides::{SidesLine, in_few_words, sides};

const COLUMNS: [&str; 6] = [
    "emails_sent",
    "emails_received",
    "email_ratio_by_us",
    "email_ratio_by_them",
    "email_share_by_us",
    "email_share_by_them",
];

pub fn card(book: &Book<'_>, record: &Record<'_>) -> Result<Html> {
    let (say, words) = (book.say, book.say.words);
    let table = record.kind.kpi_table();
    let figures = book.figures(Some(record.row), table);
    let [sent, received, by_us, by_them, share_by_us, share_by_them] = COLUMNS;
    let counts = [record.row.number(sent), record.row.number(received)];
    // Tables before these columns have the counts that the shares are made of.
    let all = counts.iter().copied().sum::<Option<f64>>().filter(|all| *all > 0.0);
    let share = |side: usize| all.and_then(|all| Some(counts[side]? / all));
    let said = |column: &str, side: usize| match record.row.number(column) {
        Some(_) => figures.percent(column),
        None => match share(side) {
            Some(share) => Html::written(say.percent(share)),
            None => figures.percent(column),
        },
    };
    let lines = vec![
        SidesLine {
            label: words.emails.to_string(),
            us: figures.whole(sent),
            them: figures.whole(received),
            values: counts,
        },
        SidesLine {
            label: words.share_of_mail.to_string(),
            us: said(share_by_us, 0),
            them: said(share_by_them, 1),
            values: [None; 2],
        },
        SidesLine {
            label: words.ratio.to_string(),
            us: figures.number(by_us, 2),
            them: figures.number(by_them, 2),
            values: [None; 2],
        },
    ];
    let gist = in_few_words(say, &figures.whole(sent), &figures.whole(received));
    Card {
        id: "email-balance",
        class: "half",
        title: words.email_balance,
        table,
        columns: &COLUMNS,
        key: &record.key_in(table),
    }
    .folded(book, gist, sides(say, lines)?)
}
