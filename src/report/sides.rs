//! A table of us against the customer: a row for each measure, a bar beside each number.

use askama::Template;

use super::charts::bar::bar;
use super::html::{Html, rendered};
use super::say::Say;
use crate::error::Result;

/// A measure of both sides. The values give the bars, which share one scale within a group of rows.
pub struct SidesLine {
    pub label: String,
    pub us: Html,
    pub them: Html,
    pub values: [Option<f64>; 2],
}

/// Both sides in a few words, as in "Us 12 · Customer 9".
pub fn in_few_words(say: &Say, us: &Html, them: &Html) -> Html {
    Html::written(format!("{} {us} · {} {them}", say.words.us, say.words.them))
}

struct Drawn {
    label: String,
    us: Html,
    them: Html,
    bars: [Html; 2],
}

#[derive(Template)]
#[template(
    ext = "html",
    source = r##"<table class="sides">
<thead><tr><th scope="col"><span class="hidden">{{ say.words.measure }}</span></th><th scope="col" colspan="2">{{ say.words.us }}</th><th scope="col" colspan="2">{{ say.words.them }}</th></tr></thead>
<tbody>
{%- for line in lines %}
<tr><th scope="row">{{ line.label }}</th><td class="number">{{ line.us }}</td><td class="drawn">{{ line.bars[0] }}</td><td class="number">{{ line.them }}</td><td class="drawn">{{ line.bars[1] }}</td></tr>
{%- endfor %}
</tbody></table>
"##
)]
struct Sides<'a> {
    say: &'a Say,
    lines: Vec<Drawn>,
}

/// The table.
///
/// # Errors
/// A template that cannot be written.
pub fn sides(say: &Say, lines: Vec<SidesLine>) -> Result<Html> {
    let values = lines.iter().flat_map(|line| line.values.iter().flatten());
    let most = values.copied().fold(0.0, f64::max);
    let drawn = lines.into_iter().map(|line| {
        let share = |value: Option<f64>| if most > 0.0 { value.unwrap_or(0.0) / most } else { 0.0 };
        let [us, them] = line.values;
        let bars = [bar(share(us), "us solid", false), bar(share(them), "them solid", false)];
        Drawn { label: line.label, us: line.us, them: line.them, bars }
    });
    rendered(&Sides { say, lines: drawn.collect() })
}
