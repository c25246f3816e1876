//! What needs attention: of each record why, how severe that is, and what is at stake; the most severe first, which is the
//! order of each owner's list.

use std::cmp::Ordering;

use askama::Template;

use crate::config::REASONS;
use crate::error::Result;
use crate::report::book::Book;
use crate::report::card::Card;
use crate::report::html::{Html, link, rendered, text};
use crate::report::listing::{Cell, Choice, Fold, Line, Listing, first_of, heads, rest};
use crate::report::needs::{COLUMNS, TABLE, Why, severest, whys};
use crate::report::page::Page;
use crate::report::record::Record;
use crate::report::record_page::{account, owner};
use crate::report::say::Say;
use crate::report::sheet::Row;

const PAGE: &str = "attention.html";

/// Records of the overview: what a person can do in a day.
const RECORDS: usize = 12;
/// Rows of the page of all of them.
const ROWS: usize = 1_000;

#[derive(Template)]
#[template(
    ext = "html",
    source = r##"<p class="quiet">{{ say.findings.attention_note }}</p>
<p class="heads" aria-hidden="true"><span>{{ say.words.name }}</span><span>{{ say.findings.severity }}, {{ say.findings.why_small }}</span><span>{{ say.findings.at_stake }}</span><span>{{ say.words.owner }}</span></p>
<ol class="to-do needs">
{%- for need in needs %}
<li><p class="what">{{ need.name }}<br><span class="quiet">{{ need.kind }}{% if let Some(account) = need.account %} · {{ account }}{% endif %}</span></p>
<ul class="why">
{%- for why in need.whys %}<li data-key="{{ why.key }}"><span class="severity"><span class="hidden">{{ say.findings.severity }}</span> {{ why.severity }}</span> <span>{{ why.sentence }}</span></li>{% endfor -%}
</ul>
<p class="stake">{% if let Some(stake) = need.stake %}<span class="label">{{ say.findings.at_stake }}</span> {{ stake }}{% endif %}</p><p class="who">{{ need.owner }}</p></li>
{%- endfor %}
</ol>{{ rest }}{% if let Some(all) = all %}<p>{{ all }}</p>{% endif %}"##
)]
struct Needs<'a> {
    say: &'a Say,
    needs: Vec<Need<'a>>,
    rest: Html,
    all: Option<Html>,
}

struct Need<'a> {
    kind: &'static str,
    name: Html,
    account: Option<Html>,
    whys: Vec<Why<'a>>,
    stake: Option<Html>,
    owner: Html,
}

/// Records with why they need attention, those first that need it most; ids decide between equals.
fn found<'a, 'b>(book: &'b Book<'a>) -> Vec<(&'b Record<'a>, Vec<(Row<'a>, Why<'a>)>)> {
    let all = book.records.iter().map(|record| (record, whys(book, record)));
    let mut found: Vec<_> = all.filter(|(_, whys)| !whys.is_empty()).collect();
    found.sort_by(|(one, whys), (other, others)| {
        let first = whys.first().zip(others.first());
        let severest = first.map_or(Ordering::Equal, |((row, _), (other, _))| severest(*row, *other));
        severest.then_with(|| one.key().cmp(&other.key()))
    });
    found
}

pub fn card(book: &Book<'_>) -> Result<Html> {
    let (say, findings) = (book.say, book.say.findings);
    let card = Card { id: "to-do", class: "full", title: findings.attention, table: TABLE, columns: &COLUMNS, key: "" };
    let found = found(book);
    if found.is_empty() {
        return card.of_nothing(book, findings.no_attention);
    }
    let rows: usize = found.iter().map(|(_, whys)| whys.len()).sum();
    let shown = found.len().min(RECORDS);
    let all = (found.len() > shown).then(|| {
        let text = findings.show_all_reasons.replace("{n}", &say.whole(rows as i64));
        link(Some(PAGE), &text)
    });
    let needs = found.into_iter().take(RECORDS).map(|(record, whys)| Need {
        kind: record.kind.word(say.words),
        name: book.link_to("", record.kind, record.id, record.row.text("name").unwrap_or(say.words.unnamed)),
        account: account(book, record, ""),
        stake: whys.first().and_then(|(row, _)| stake(book, *row)),
        whys: whys.into_iter().map(|(_, why)| why).collect(),
        owner: owner(book, record),
    });
    card.around(book, rendered(&Needs { say, needs: needs.collect(), rest: rest(say, shown, Fold::Few)?, all })?)
}

fn stake(book: &Book<'_>, row: Row<'_>) -> Option<Html> {
    row.number("value_at_stake")?;
    Some(book.figures(Some(row), TABLE).amount("value_at_stake"))
}

/// The page with all of them, and its place.
///
/// # Errors
/// A template that cannot be written.
pub fn document(book: &Book<'_>) -> Result<(String, String)> {
    let (say, words, findings) = (book.say, book.say.words, book.say.findings);
    let card =
        Card { id: "attention", class: "full", title: findings.attention, table: TABLE, columns: &COLUMNS, key: "" };
    let all: Vec<_> =
        found(book).into_iter().flat_map(|(record, whys)| whys.into_iter().map(move |why| (record, why))).collect();
    let count = all.len();
    let line = |(record, (row, why)): (&Record<'_>, (Row<'_>, Why<'_>))| {
        let code = row.text("reason").unwrap_or_default();
        let figures = book.figures(Some(row), TABLE);
        let name = book.link_to("", record.kind, record.id, record.row.text("name").unwrap_or(words.unnamed));
        let since = row.instant("since_at").map(|at| at.timestamp_micros().to_string());
        let cells = vec![
            Cell::of(name),
            Cell::telling(text(record.kind.word(words))),
            Cell::number(why.severity, row.number("severity")),
            Cell::sentence(why.sentence),
            Cell::number(figures.amount("value_at_stake"), row.number("value_at_stake")),
            Cell::by(figures.day_of_instant("since_at"), since),
            Cell::of(owner(book, record)),
        ];
        Line { key: why.key, code: code.to_string(), cells }
    };
    let names = [
        words.name,
        words.record_kind,
        findings.severity,
        findings.why,
        findings.at_stake,
        findings.since,
        words.owner,
    ];
    let listing = Listing {
        title: findings.attention,
        heads: heads(&names, &[findings.severity, findings.at_stake]),
        lines: all.into_iter().take(ROWS).map(line).collect(),
        options_title: words.reason,
        options: REASONS.iter().map(|&code| Choice { code, shown: findings.reason(code) }).collect(),
        fold: Fold::Many,
    };
    let widget = match card.unless_missing(book)? {
        Some(missing) => missing,
        None if count == 0 => card.of_nothing(book, findings.no_attention)?,
        None => card.around(book, Html::written(format!("{}{}", first_of(say, ROWS, count), listing.written(say)?)))?,
    };
    let body = format!("<div class=\"title\"><h1>{}</h1></div><div class=\"cards\">{widget}</div>", findings.attention);
    let page = Page { path: PAGE.to_string(), title: findings.attention, record: "", body: Html::written(body) };
    Ok((PAGE.to_string(), page.document(book)?))
}
