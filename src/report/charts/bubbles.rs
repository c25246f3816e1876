//! Open deals as circles: time from left to right, health upwards, value as area.

use std::fmt::Write;

use super::at;
use super::room::{Room, in_both};
use crate::report::html::{Html, escaped};

const LEFT: f64 = 40.0;
const RIGHT: f64 = 20.0;
const TOP: f64 = 16.0;
/// Below the lowest circle: the marks of the axis and its title.
const BOTTOM: f64 = 42.0;
const SMALLEST: f64 = 6.0;
/// Between the words of two marks, in pixels.
const APART: f64 = 62.0;

/// A deal.
pub struct Bubble {
    /// Its place in time, on the scale of the axis.
    pub time: f64,
    /// `None` where it is unknown: then the circle stands at the bottom.
    pub health: Option<f64>,
    /// The state's code, which gives the circle its look.
    pub state: String,
    /// `None` where nobody knows it: then the circle is dashed and small.
    pub value: Option<f64>,
    /// What it leads to, if it has a page.
    pub target: Option<String>,
    /// Everything about it in words.
    pub described: String,
}

/// The axis of time: where it begins and ends, and its marks.
pub struct Axis {
    pub from: f64,
    pub to: f64,
    pub marks: Vec<(f64, String)>,
    pub title: String,
    /// A place that is marked by a line: the day of the report.
    pub now: Option<(f64, String)>,
}

/// The chart; larger circles lie below smaller ones.
pub fn bubbles(title: &str, health: &str, axis: &Axis, bubbles: &[Bubble]) -> Html {
    in_both(|room| drawn(room, title, health, axis, bubbles))
}

fn drawn(room: Room, title: &str, health: &str, axis: &Axis, bubbles: &[Bubble]) -> String {
    let (width, height, largest) = room.pick((900.0, 384.0, 30.0), (360.0, 330.0, 18.0));
    let bottom = height - BOTTOM;
    let span = (axis.to - axis.from).max(1.0);
    let x = |time: f64| {
        LEFT + largest + (width - LEFT - RIGHT - 2.0 * largest) * ((time - axis.from) / span).clamp(0.0, 1.0)
    };
    let y = |score: f64| TOP + largest + (bottom - TOP - 2.0 * largest) * (1.0 - score.clamp(0.0, 100.0) / 100.0);
    let most = bubbles.iter().filter_map(|bubble| bubble.value).fold(0.0, f64::max).max(1.0);
    let radius = |bubble: &Bubble| match bubble.value {
        Some(value) => (largest * (value.max(0.0) / most).sqrt()).max(SMALLEST),
        None => SMALLEST,
    };
    let mut svg = format!(
        "<svg class=\"chart bubbles {}\" viewBox=\"0 0 {width} {height}\" role=\"group\" aria-label=\"{}\">",
        room.class(),
        escaped(title)
    );
    // Writing to a string does not fail.
    for score in [0.0, 50.0, 100.0] {
        let _ = write!(
            svg,
            "<line class=\"grid\" x1=\"{LEFT}\" x2=\"{}\" y1=\"{1}\" y2=\"{1}\"/><text class=\"tick end\" x=\"{2}\" y=\"{3}\">{score}</text>",
            at(width - RIGHT),
            at(y(score)),
            at(LEFT - 6.0),
            at(y(score) + 3.5)
        );
    }
    let _ = write!(svg, "<text class=\"tick\" x=\"0\" y=\"11\">{}</text>", escaped(health));
    let mut free = f64::NEG_INFINITY;
    for (time, mark) in &axis.marks {
        // Where there is no room for all words, those that fit are shown.
        if x(*time) < free {
            continue;
        }
        free = x(*time) + APART;
        let _ = write!(
            svg,
            "<text class=\"tick middle\" x=\"{}\" y=\"{}\">{}</text>",
            at(x(*time)),
            at(height - 27.0),
            escaped(mark)
        );
    }
    let _ = write!(
        svg,
        "<text class=\"tick end\" x=\"{}\" y=\"{}\">{}</text>",
        at(width - RIGHT),
        at(height - 4.0),
        escaped(&axis.title)
    );
    if let Some((now, shown)) = &axis.now {
        let _ = write!(
            svg,
            "<line class=\"axis\" x1=\"{0}\" x2=\"{0}\" y1=\"{TOP}\" y2=\"{1}\"/><text class=\"tick\" x=\"{2}\" y=\"{3}\">{4}</text>",
            at(x(*now)),
            at(bottom),
            at(x(*now) + 4.0),
            at(TOP + 8.0),
            escaped(shown)
        );
    }
    let mut order: Vec<&Bubble> = bubbles.iter().collect();
    order.sort_by(|one, other| radius(other).total_cmp(&radius(one)));
    for bubble in order {
        let dashed = if bubble.value.is_none() { " dashed" } else { "" };
        let circle = format!(
            "<circle class=\"bubble {}{dashed}\" cx=\"{}\" cy=\"{}\" r=\"{}\"><title>{}</title></circle>",
            escaped(&bubble.state),
            at(x(bubble.time)),
            at(y(bubble.health.unwrap_or_default())),
            at(radius(bubble)),
            escaped(&bubble.described)
        );
        let _ = match &bubble.target {
            Some(target) => write!(
                svg,
                "<a href=\"{}\" aria-label=\"{}\">{circle}</a>",
                escaped(target),
                escaped(&bubble.described)
            ),
            None => write!(svg, "{circle}"),
        };
    }
    svg.push_str("</svg>");
    svg
}
