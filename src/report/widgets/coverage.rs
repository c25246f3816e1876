//! How many of us know how many at a company, and on whom the relationship rests.

use askama::Template;

use crate::error::Result;
use crate::report::book::Book;
use crate::report::card::Card;
use crate::report::coverage::accounts::{TABLE, known, rests_on};
use crate::report::html::{Html, rendered};
use crate::report::record::Record;
use crate::report::say::Say;

const COLUMNS: [&str; 8] = [
    "contacts",
    "contacts_in_touch",
    "contacts_with_relation",
    "colleagues_with_relation",
    "strongest_colleague_share",
    "strongest_contact_share",
    "contacts_known_to_one",
    "stakeholders_without_relation",
];

#[derive(Template)]
#[template(
    ext = "html",
    source = r##"<dl class="stats"><div><dt>{{ say.findings.contacts_known }}</dt><dd class="figure">{{ known }}</dd></div>
<div><dt>{{ say.findings.colleagues_who_know }}</dt><dd class="figure">{{ colleagues }}</dd></div>
<div><dt>{{ say.findings.known_to_one }}</dt><dd class="figure">{{ to_one }}</dd></div>
<div><dt>{{ say.findings.stakeholders_unknown }}</dt><dd class="figure">{{ stakeholders }}</dd></div></dl>
<dl class="facts"><div><dt>{{ say.findings.rests_on }}</dt><dd>{{ rests_on }}</dd></div>
{%- if let Some(below) = below %}<div><dt>{{ say.findings.with_companies_below }}</dt><dd>{{ below }}</dd></div>{% endif %}</dl>"##
)]
struct Coverage<'a> {
    say: &'a Say,
    known: Html,
    colleagues: Html,
    to_one: Html,
    stakeholders: Html,
    rests_on: Html,
    below: Option<Html>,
}

pub fn card(book: &Book<'_>, record: &Record<'_>) -> Result<Html> {
    let (say, findings) = (book.say, book.say.findings);
    let (id, title, key) = ("coverage", findings.coverage_of_account, record.key_in(TABLE));
    let card = Card { id, class: "full", title, table: TABLE, columns: &COLUMNS, key: &key };
    if let Some(missing) = card.unless_missing(book)? {
        return Ok(missing);
    }
    let Some(row) = book.published.first(TABLE, record.id) else {
        return card.of_nothing(book, findings.nobody_known);
    };
    let figures = book.figures(Some(row), TABLE);
    let below = row.whole("accounts_below").filter(|accounts| *accounts > 0).map(|_| {
        let of = |column: &str| figures.whole(column).as_str().to_string();
        let known = findings.known_of.replace("{n}", &of("contacts_with_relation_with_below"));
        Html::written(known.replace("{m}", &of("contacts_with_below")))
    });
    let known = known(book, row);
    let gist = Html::written(format!("{} {known}", findings.contacts_known));
    let body = rendered(&Coverage {
        say,
        known,
        colleagues: figures.whole("colleagues_with_relation"),
        to_one: figures.whole("contacts_known_to_one"),
        stakeholders: figures.whole("stakeholders_without_relation"),
        rests_on: rests_on(book, row),
        below,
    })?;
    card.folded(book, gist, body)
}
