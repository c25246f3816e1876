//! A score from 0 to 100 over days: a line with gaps where it was unknown.

use std::fmt::Write;

use chrono::NaiveDate;

use super::at;
use crate::report::html::{Html, escaped};
use crate::report::say::Say;

const WIDTH: f64 = 300.0;
const HEIGHT: f64 = 128.0;
const LEFT: f64 = 26.0;
const RIGHT: f64 = 40.0;
const TOP: f64 = 10.0;
const BOTTOM: f64 = 22.0;

/// The line; the last score is written at its end. `None` of fewer than two days.
pub fn history(say: &Say, title: &str, scores: &[(NaiveDate, Option<f64>)]) -> Option<Html> {
    let [(first, _), .., (last, _)] = scores else { return None };
    let span = (*last - *first).num_days().max(1) as f64;
    let x = |day: NaiveDate| LEFT + (WIDTH - LEFT - RIGHT) * (day - *first).num_days() as f64 / span;
    let y = |score: f64| TOP + (HEIGHT - TOP - BOTTOM) * (1.0 - score.clamp(0.0, 100.0) / 100.0);
    let mut svg = format!(
        "<svg class=\"chart history\" viewBox=\"0 0 {WIDTH} {HEIGHT}\" role=\"img\" aria-label=\"{}\">",
        escaped(&described(say, title, scores))
    );
    // Writing to a string does not fail.
    for score in [0.0, 50.0, 100.0] {
        let level = at(y(score));
        let _ = write!(
            svg,
            "<line class=\"grid\" x1=\"{LEFT}\" x2=\"{}\" y1=\"{level}\" y2=\"{level}\"/>\
             <text class=\"tick end\" x=\"{}\" y=\"{}\">{score}</text>",
            at(WIDTH - RIGHT),
            at(LEFT - 6.0),
            at(y(score) + 3.5)
        );
    }
    let mut path = String::new();
    let mut broken = true;
    for (day, score) in scores {
        match score {
            Some(score) => {
                let _ = write!(path, "{}{} {}", if broken { "M" } else { "L" }, at(x(*day)), at(y(*score)));
                broken = false;
            }
            None => broken = true,
        }
    }
    let _ = write!(svg, "<path class=\"line\" d=\"{path}\"/>");
    if let Some((day, Some(score))) = scores.last() {
        let (x, y) = (x(*day), y(*score));
        let _ = write!(
            svg,
            "<circle class=\"dot\" cx=\"{}\" cy=\"{}\" r=\"3.5\"/><text class=\"label\" x=\"{}\" y=\"{}\">{}</text>",
            at(x),
            at(y),
            at(x + 8.0),
            at(y + 4.0),
            say.score(*score)
        );
    }
    let base = at(HEIGHT - 6.0);
    let _ = write!(
        svg,
        "<text class=\"tick\" x=\"{LEFT}\" y=\"{base}\">{}</text><text class=\"tick end\" x=\"{}\" y=\"{base}\">{}</text></svg>",
        escaped(&say.short_day(*first)),
        at(WIDTH - RIGHT),
        escaped(&say.short_day(*last))
    );
    Some(Html::written(svg))
}

fn described(say: &Say, title: &str, scores: &[(NaiveDate, Option<f64>)]) -> String {
    let said = |(day, score): &(NaiveDate, Option<f64>)| {
        let score = score.map_or_else(|| say.words.unknown.to_string(), |score| say.score(score));
        format!("{}: {score}", say.day(*day))
    };
    let ends: Vec<String> = scores.first().into_iter().chain(scores.last()).map(said).collect();
    format!("{title}. {}", ends.join("; "))
}
