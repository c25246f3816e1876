//! Sixty days of emails, meetings and calls, a lane for each: ours above its line, theirs below, silent stretches shaded.

use std::fmt::Write;

use chrono::{Datelike, Days, NaiveDate, Weekday};

use super::at;
use crate::report::html::{Html, escaped};
use crate::report::say::Say;

/// Days that are shown.
pub const DAYS: u64 = 60;
/// Days without anything from which a stretch is marked as silent.
const SILENT: usize = 7;

const LEFT: f64 = 146.0;
const STEP: f64 = 11.0;
const WIDTH: f64 = LEFT + STEP * DAYS as f64 + 8.0;
const TOP: f64 = 18.0;
const GAP: f64 = 14.0;
const BOTTOM: f64 = 26.0;

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

/// A lane for each kind, so that a single call is told from a single email by where it stands.
struct Lane {
    kind: usize,
    /// Where its line is.
    middle: f64,
    /// Pixels of the highest column on either side.
    reach: f64,
    /// What that column counts.
    highest: i64,
}

fn lanes(days: &[Day]) -> Vec<Lane> {
    let mut top = TOP;
    let reaches = [40.0, 22.0, 22.0];
    let lane = |(kind, reach): (usize, f64)| {
        let counts = days.iter().flat_map(|day| [day.ours[kind], day.theirs[kind]]);
        let lane = Lane { kind, middle: top + reach, reach, highest: counts.max().unwrap_or(0).max(2) };
        top += 2.0 * reach + GAP;
        lane
    };
    reaches.into_iter().enumerate().map(lane).collect()
}

/// The chart of the days up to `last`.
pub fn activity(say: &Say, title: &str, last: NaiveDate, days: &[Day]) -> Html {
    let lanes = lanes(days);
    let bottom = lanes.last().map_or(TOP, |lane| lane.middle + lane.reach);
    let mut svg = format!(
        "<svg class=\"chart activity\" viewBox=\"0 0 {WIDTH} {}\" role=\"img\" aria-label=\"{}\">",
        at(bottom + BOTTOM),
        escaped(&described(say, title, days)),
    );
    shade_silences(&mut svg, say, days, bottom);
    let labels = [say.words.emails, say.words.meetings, say.words.phone_calls];
    for lane in &lanes {
        // Writing to a string does not fail.
        let _ = write!(
            svg,
            "<line class=\"axis\" x1=\"{LEFT}\" x2=\"{}\" y1=\"{1}\" y2=\"{1}\"/><text class=\"label\" x=\"0\" y=\"{2}\">{3}</text>\
             <text class=\"tick end\" x=\"{4}\" y=\"{5}\">{6}</text><text class=\"tick end\" x=\"{4}\" y=\"{7}\">{8}</text>",
            at(LEFT + STEP * DAYS as f64),
            at(lane.middle),
            at(lane.middle + 4.0),
            escaped(labels[lane.kind]),
            at(LEFT - 6.0),
            at(lane.middle - 7.0),
            escaped(say.words.us),
            at(lane.middle + 14.0),
            escaped(say.words.them),
        );
        for (at_day, day) in days.iter().enumerate() {
            let x = LEFT + STEP * at_day as f64 + 1.5;
            column(&mut svg, lane, "us", x, day.ours[lane.kind]);
            column(&mut svg, lane, "them", x, day.theirs[lane.kind]);
        }
    }
    mark_weeks(&mut svg, say, last, bottom);
    svg.push_str("</svg>");
    Html::written(svg)
}

/// One column; ours rises from the line, theirs hangs from it. The highest of a lane has its count beside it.
fn column(svg: &mut String, lane: &Lane, side: &str, x: f64, count: i64) {
    if count <= 0 {
        return;
    }
    let height = (lane.reach * count as f64 / lane.highest as f64).max(4.0);
    let y = if side == "us" { lane.middle - height } else { lane.middle };
    let _ = write!(
        svg,
        "<rect class=\"{side} solid\" x=\"{}\" y=\"{}\" width=\"8\" height=\"{}\"/>",
        at(x),
        at(y),
        at(height),
    );
    if count == lane.highest {
        let above = if side == "us" { y - 2.5 } else { y + height + 9.5 };
        let _ = write!(svg, "<text class=\"tick middle\" x=\"{}\" y=\"{}\">{count}</text>", at(x + 4.0), at(above));
    }
}

fn shade_silences(svg: &mut String, say: &Say, days: &[Day], bottom: f64) {
    for (from, length) in silences(days) {
        let x = LEFT + STEP * from as f64;
        let width = STEP * length as f64;
        let _ = write!(
            svg,
            "<rect class=\"silent\" x=\"{}\" y=\"{TOP}\" width=\"{}\" height=\"{}\"/>",
            at(x),
            at(width),
            at(bottom - TOP),
        );
        if length >= 9 {
            let label = say.words.silent.replace("{days}", &say.days(length as i64));
            // The words for a short stretch are wider than it, and must not leave the chart behind its last days.
            let (anchor, place) =
                if from + length + 2 >= days.len() { ("end", x + width) } else { ("middle", x + width / 2.0) };
            let _ = write!(
                svg,
                "<text class=\"tick {anchor}\" x=\"{}\" y=\"{}\">{}</text>",
                at(place),
                at(TOP - 6.0),
                escaped(&label)
            );
        }
    }
}

/// A mark on every Monday, the day beside every second.
fn mark_weeks(svg: &mut String, say: &Say, last: NaiveDate, bottom: f64) {
    let first = last.checked_sub_days(Days::new(DAYS - 1)).unwrap_or(last);
    let mondays = first.iter_days().take(DAYS as usize).enumerate().filter(|(_, day)| day.weekday() == Weekday::Mon);
    for (mark, (position, day)) in mondays.enumerate() {
        let x = LEFT + STEP * position as f64;
        let _ = write!(
            svg,
            "<line class=\"axis\" x1=\"{0}\" x2=\"{0}\" y1=\"{1}\" y2=\"{2}\"/>",
            at(x),
            at(bottom + 3.0),
            at(bottom + 8.0)
        );
        if mark % 2 == 0 && position + 4 < DAYS as usize {
            let _ = write!(
                svg,
                "<text class=\"tick\" x=\"{}\" y=\"{}\">{}</text>",
                at(x),
                at(bottom + 20.0),
                escaped(&say.short_day(day))
            );
        }
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
