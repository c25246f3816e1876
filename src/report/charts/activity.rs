//! Sixty days of emails, meetings and calls: ours above the line, theirs below, silent stretches shaded.

use std::fmt::Write;

use chrono::{Datelike, Days, NaiveDate, Weekday};

use super::at;
use crate::report::html::{Html, escaped};
use crate::report::say::Say;

/// Days that are shown.
pub const DAYS: u64 = 60;
/// Days without anything from which a stretch is marked as silent.
const SILENT: usize = 7;

const LEFT: f64 = 64.0;
const STEP: f64 = 11.0;
const WIDTH: f64 = LEFT + STEP * DAYS as f64 + 8.0;
const HEIGHT: f64 = 202.0;
const MIDDLE: f64 = 90.0;
/// Pixels of the highest column on either side.
const REACH: f64 = 78.0;

/// A day by kind: emails, meetings, calls.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Day {
    pub ours: [i64; 3],
    pub theirs: [i64; 3],
}

impl Day {
    fn is_silent(&self) -> bool {
        self.ours.iter().chain(&self.theirs).sum::<i64>() == 0
    }
}

/// Classes of the kinds; the style sheet fills each in another way.
const KINDS: [&str; 3] = ["email", "meeting", "call"];

/// The chart of the days up to `last`.
pub fn activity(say: &Say, title: &str, last: NaiveDate, days: &[Day]) -> Html {
    let highest = days.iter().flat_map(|day| [day.ours.iter().sum::<i64>(), day.theirs.iter().sum()]).max();
    let highest = highest.unwrap_or(0).max(3);
    let unit = REACH / highest as f64;
    let mut svg = format!(
        "<svg class=\"chart activity\" viewBox=\"0 0 {WIDTH} {HEIGHT}\" role=\"img\" aria-label=\"{}\"><defs>{}{}</defs>",
        escaped(&described(say, title, days)),
        hatch("us"),
        hatch("them")
    );
    // Writing to a string does not fail.
    for (from, length) in silences(days) {
        let x = LEFT + STEP * from as f64;
        let width = STEP * length as f64;
        let _ = write!(
            svg,
            "<rect class=\"silent\" x=\"{}\" y=\"{}\" width=\"{}\" height=\"{}\"/>",
            at(x),
            at(MIDDLE - REACH),
            at(width),
            at(2.0 * REACH)
        );
        if length >= 9 {
            let label = say.words.silent.replace("{days}", &say.days(length as i64));
            let _ = write!(
                svg,
                "<text class=\"tick middle\" x=\"{}\" y=\"{}\">{}</text>",
                at(x + width / 2.0),
                at(MIDDLE - REACH + 12.0),
                escaped(&label)
            );
        }
    }
    for (at_day, day) in days.iter().enumerate() {
        let x = LEFT + STEP * at_day as f64 + 1.5;
        let mut columns = |counts: &[i64; 3], side: &str, up: bool| {
            let mut offset = 0.0;
            for (kind, count) in KINDS.iter().zip(counts).filter(|(_, count)| **count > 0) {
                let height = unit * *count as f64;
                let y = if up { MIDDLE - offset - height } else { MIDDLE + offset };
                let _ = write!(
                    svg,
                    "<rect class=\"{side} {kind}\" x=\"{}\" y=\"{}\" width=\"8\" height=\"{}\"/>",
                    at(x),
                    at(y),
                    at((height - 1.0).max(1.0))
                );
                offset += height;
            }
        };
        columns(&day.ours, "us", true);
        columns(&day.theirs, "them", false);
    }
    axes(&mut svg, say, last, highest);
    svg.push_str("</svg>");
    Html::written(svg)
}

fn hatch(side: &str) -> String {
    format!(
        "<pattern id=\"hatch-{side}\" width=\"4\" height=\"4\" patternUnits=\"userSpaceOnUse\" patternTransform=\"rotate(45)\">\
         <rect class=\"paper\" width=\"4\" height=\"4\"/><rect class=\"{side} solid\" width=\"2\" height=\"4\"/></pattern>"
    )
}

fn axes(svg: &mut String, say: &Say, last: NaiveDate, highest: i64) {
    let right = at(LEFT + STEP * DAYS as f64);
    let _ = write!(svg, "<line class=\"axis\" x1=\"{LEFT}\" x2=\"{right}\" y1=\"{MIDDLE}\" y2=\"{MIDDLE}\"/>");
    for (side, y) in [(say.words.us, MIDDLE - 8.0), (say.words.them, MIDDLE + 16.0)] {
        let _ = write!(svg, "<text class=\"label\" x=\"0\" y=\"{}\">{}</text>", at(y), escaped(side));
    }
    for y in [MIDDLE - REACH, MIDDLE + REACH] {
        let _ = write!(
            svg,
            "<line class=\"grid\" x1=\"{LEFT}\" x2=\"{right}\" y1=\"{0}\" y2=\"{0}\"/>\
             <text class=\"tick end\" x=\"{1}\" y=\"{2}\">{3}</text>",
            at(y),
            at(LEFT - 6.0),
            at(y + 3.5),
            say.whole(highest)
        );
    }
    let first = last.checked_sub_days(Days::new(DAYS - 1)).unwrap_or(last);
    let mut marks = 0;
    for (position, day) in first.iter_days().take(DAYS as usize).enumerate() {
        if day.weekday() != Weekday::Mon {
            continue;
        }
        let x = LEFT + STEP * position as f64;
        let _ = write!(
            svg,
            "<line class=\"grid\" x1=\"{0}\" x2=\"{0}\" y1=\"{1}\" y2=\"{2}\"/>",
            at(x),
            at(MIDDLE + REACH),
            at(MIDDLE + REACH + 6.0)
        );
        if marks % 2 == 0 && position + 4 < DAYS as usize {
            let _ = write!(
                svg,
                "<text class=\"tick\" x=\"{}\" y=\"{}\">{}</text>",
                at(x),
                at(MIDDLE + REACH + 20.0),
                escaped(&say.short_day(day))
            );
        }
        marks += 1;
    }
}

/// Where silent stretches begin, and how long they are.
fn silences(days: &[Day]) -> Vec<(usize, usize)> {
    let mut found = Vec::new();
    let mut from = 0;
    for (position, day) in days.iter().enumerate() {
        if !day.is_silent() {
            found.push((from, position - from));
            from = position + 1;
        }
    }
    found.push((from, days.len() - from));
    found.retain(|(_, length)| *length >= SILENT);
    found
}

/// The length of the longest stretch without anything.
pub fn longest_silence(days: &[Day]) -> i64 {
    let mut longest = 0;
    let mut length = 0;
    for day in days {
        length = if day.is_silent() { length + 1 } else { 0 };
        longest = longest.max(length);
    }
    longest
}

fn described(say: &Say, title: &str, days: &[Day]) -> String {
    let words = say.words;
    let sum = |of: fn(&Day) -> &[i64; 3]| days.iter().map(|day| of(day).iter().sum::<i64>()).sum();
    let (ours, theirs): (i64, i64) = (sum(|day| &day.ours), sum(|day| &day.theirs));
    let silence = say.days(longest_silence(days));
    format!("{title}. {}: {ours}. {}: {theirs}. {}: {silence}.", words.us, words.them, words.longest_silence)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn silent_stretches_are_found_at_either_end_and_between() {
        let mut days = vec![Day::default(); 20];
        days[8].ours[0] = 1;
        days[12].theirs[2] = 2;
        assert_eq!(silences(&days), [(0, 8), (13, 7)]);
        assert_eq!(longest_silence(&days), 8);
        assert_eq!(silences(&[Day::default(); 60]), [(0, 60)]);
    }
}
