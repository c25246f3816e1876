//! What chances were worth at earlier dates: what was foretold, and what share of it came true.

use askama::Template;

use crate::error::Result;
use crate::report::book::Book;
use crate::report::html::{Html, rendered};
use crate::report::say::Say;

const TABLE: &str = "score_calibration";

#[derive(Template)]
#[template(
    ext = "html",
    source = r##"<details><summary>{{ say.findings.chances }}</summary>
{%- if lines.is_empty() %}<p class="quiet">{{ say.findings.too_few_cases }}</p>{% else %}<p class="quiet">{{ say.findings.chances_note }}</p>
<div class="scroll" tabindex="0" role="group" aria-label="{{ say.findings.chances }}"><table class="plain"><thead><tr><th scope="col">{{ say.words.measure }}</th><th scope="col" class="number">{{ say.findings.score_range }}</th><th scope="col" class="number">{{ say.findings.foretold }}</th><th scope="col" class="number">{{ say.findings.came_true }}</th><th scope="col" class="number">{{ say.findings.cases }}</th></tr></thead><tbody>
{%- for line in lines %}
<tr data-key="{{ line.key }}"><th scope="row">{{ line.chance }}</th><td class="number">{{ line.from }}–{{ line.to }}</td><td class="number">{{ line.foretold }}</td><td class="number">{{ line.came_true }}</td><td class="number">{{ line.cases }}</td></tr>
{%- endfor %}
</tbody></table></div>{% endif %}</details>"##
)]
struct Chances<'a> {
    say: &'a Say,
    lines: Vec<ChanceBin<'a>>,
}

struct ChanceBin<'a> {
    key: String,
    chance: &'a str,
    from: Html,
    to: Html,
    foretold: Html,
    came_true: Html,
    cases: Html,
}

/// The table, where it is published.
///
/// # Errors
/// A template that cannot be written.
pub fn table(book: &Book<'_>) -> Result<Html> {
    let (say, findings) = (book.say, book.say.findings);
    let Some(sheet) = book.published.table(TABLE) else { return Ok(Html::default()) };
    let calibrated = sheet.rows().filter(|row| row.text("state") == Some("calibrated"));
    let lines = calibrated.map(|row| {
        let figures = book.figures(Some(row), TABLE);
        let score = row.text("score").unwrap_or_default();
        ChanceBin {
            key: format!("{score} {}", row.whole("bin").unwrap_or_default()),
            chance: match score {
                "contact_chance_30d" => findings.contact_chance,
                "two_way_chance_28d" => findings.exchange_chance,
                "exchange_chance_60d" => findings.exchange_chance_60,
                other => other,
            },
            from: figures.score("score_from"),
            to: figures.score("score_to"),
            foretold: figures.percent("predicted"),
            came_true: figures.percent("came_true"),
            cases: figures.whole("n"),
        }
    });
    rendered(&Chances { say, lines: lines.collect() })
}
