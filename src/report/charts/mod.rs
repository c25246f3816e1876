//! Charts as SVG, drawn here: readable without a script, good to print, the same bytes for the same numbers.
//! They take their colours from the page's style sheet by classes, and no colour is the only sign of anything.

pub mod activity;
pub mod bar;
pub mod bubbles;
pub mod graph;
pub mod history;
mod room;

/// A coordinate, rounded so that the same numbers give the same bytes everywhere.
pub(crate) fn at(value: f64) -> String {
    let text = format!("{value:.1}");
    match text.strip_suffix(".0") {
        Some("-0") => "0".to_string(),
        Some(whole) => whole.to_string(),
        None => text,
    }
}
