//! What the customer did with the emails that were followed.

use askama::Template;

use crate::error::Result;
use crate::report::book::Book;
use crate::report::card::Card;
use crate::report::charts::bar::bar;
use crate::report::html::{Html, rendered};
use crate::report::record::Record;
use crate::report::say::Say;

const SENT: &str = "followed_emails_sent";
const COLUMNS: [&str; 9] = [
    SENT,
    "followed_emails_opened",
    "followed_emails_clicked",
    "followed_emails_attachment_opened",
    "followed_emails_replied",
    "open_rate",
    "click_rate",
    "attachment_open_rate",
    "reply_rate",
];

#[derive(Template)]
#[template(
    ext = "html",
    source = r##"<dl class="stats"><div><dt>{{ say.words.followed }}</dt><dd class="figure">{{ sent }}</dd></div>
{%- for line in lines %}
<div><dt>{{ line.label }}</dt><dd class="figure">{{ line.count }}</dd><dd>{{ line.rate }}</dd><dd>{{ line.bar }}</dd></div>
{%- endfor %}
</dl>"##
)]
struct Engagement<'a> {
    say: &'a Say,
    sent: Html,
    lines: Vec<EngagementLine>,
}

struct EngagementLine {
    label: &'static str,
    count: Html,
    rate: Html,
    bar: Html,
}

pub fn card(book: &Book<'_>, record: &Record<'_>) -> Result<Html> {
    let (say, words) = (book.say, book.say.words);
    let table = record.kind.kpi_table();
    let figures = book.figures(Some(record.row), table);
    let labels = [words.opened, words.clicked, words.attachment_opened, words.replied];
    let lines =
        labels.iter().zip(COLUMNS[1..5].iter().zip(&COLUMNS[5..])).map(|(label, (count, rate))| EngagementLine {
            label,
            count: figures.whole(count),
            rate: figures.percent(rate),
            // The room for a bar would say 0 of what is unknown.
            bar: record.row.number(rate).map(|rate| bar(rate, "them solid", false)).unwrap_or_default(),
        });
    let gist = Html::written(format!("{} {}", words.followed, figures.whole(SENT)));
    let body = rendered(&Engagement { say, sent: figures.whole(SENT), lines: lines.collect() })?;
    Card {
        id: "engagement",
        class: "full",
        title: words.engagement,
        table,
        columns: &COLUMNS,
        key: &record.key_in(table),
    }
    .folded(book, gist, body)
}
