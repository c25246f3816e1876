//! Who knows whom: colleagues on the left, customer people on the right, a line for each connection.

use std::fmt::Write;

use super::at;
use crate::report::html::{Html, escaped};

/// People on either side, and lines, that still can be told apart.
pub const PEOPLE: usize = 10;
pub const LINES: usize = 30;

const WIDTH: f64 = 720.0;
const ROW: f64 = 34.0;
const LEFT: f64 = 220.0;
const RIGHT: f64 = 500.0;

/// A connection: places in the lists of colleagues and people, its strength from 0 to 100, its label's code
/// and word.
pub struct Line<'a> {
    pub colleague: usize,
    pub person: usize,
    pub strength: f64,
    pub label: &'a str,
    pub word: &'a str,
}

/// The graph. Strength is the width of a line, and its label its dashes, its colour and its text.
pub fn graph(title: &str, colleagues: &[String], people: &[String], lines: &[Line<'_>]) -> Html {
    let rows = colleagues.len().max(people.len()).max(1) as f64;
    let height = rows * ROW + 16.0;
    let place = |at: usize, of: usize| 8.0 + (rows * ROW) * (at as f64 + 0.5) / of.max(1) as f64;
    let mut svg = format!(
        "<svg class=\"chart graph\" viewBox=\"0 0 {WIDTH} {}\" role=\"img\" aria-label=\"{}\">",
        at(height),
        escaped(title)
    );
    // Writing to a string does not fail. The weakest first, so that strong ones lie above them.
    for line in lines.iter().rev() {
        let (from, to) = (place(line.colleague, colleagues.len()), place(line.person, people.len()));
        let middle = (LEFT + RIGHT) / 2.0;
        let name = |names: &[String], at: usize| names.get(at).map(|name| escaped(name)).unwrap_or_default();
        let _ = write!(
            svg,
            "<path class=\"link {}\" d=\"M{LEFT} {} C{middle} {} {middle} {} {RIGHT} {}\" stroke-width=\"{}\">\
             <title>{} – {}: {} ({})</title></path>",
            label_class(line.label),
            at(from),
            at(from),
            at(to),
            at(to),
            at(1.0 + line.strength / 14.0),
            name(colleagues, line.colleague),
            name(people, line.person),
            escaped(line.word),
            line.strength.floor()
        );
    }
    // The word on the strongest line of each person.
    for person in 0..people.len() {
        let Some(line) = lines.iter().find(|line| line.person == person) else { continue };
        let _ = write!(
            svg,
            "<text class=\"tick end halo\" x=\"{}\" y=\"{}\">{}</text>",
            at(RIGHT - 14.0),
            at(place(person, people.len()) - 5.0),
            escaped(line.word)
        );
    }
    for (position, name) in colleagues.iter().enumerate() {
        node(&mut svg, ("us", "end"), (LEFT, place(position, colleagues.len())), name);
    }
    for (position, name) in people.iter().enumerate() {
        node(&mut svg, ("them", ""), (RIGHT, place(position, people.len())), name);
    }
    svg.push_str("</svg>");
    Html::written(svg)
}

fn node(svg: &mut String, (side, anchor): (&str, &str), (x, y): (f64, f64), name: &str) {
    let text = if anchor.is_empty() { x + 12.0 } else { x - 12.0 };
    let shown = cut(name, 25);
    let _ = write!(
        svg,
        "<circle class=\"{side} solid\" cx=\"{}\" cy=\"{}\" r=\"5\"/><text class=\"name {anchor}\" x=\"{}\" y=\"{}\">{}",
        at(x),
        at(y),
        at(text),
        at(y + 4.0),
        escaped(&shown)
    );
    if shown != name {
        let _ = write!(svg, "<title>{}</title>", escaped(name));
    }
    svg.push_str("</text>");
}

fn label_class(label: &str) -> &'static str {
    match label {
        "strong" => "strong",
        "good" => "medium",
        _ => "weak",
    }
}

fn cut(text: &str, length: usize) -> String {
    match text.chars().count() > length {
        true => text.chars().take(length - 1).chain(['…']).collect(),
        false => text.to_string(),
    }
}
