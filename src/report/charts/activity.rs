//! Sixty days of emails, meetings and calls, a lane for each: ours above its line, theirs below, silent stretches shaded.

use std::fmt::Write;

use chrono::{Datelike, Days, NaiveDate, Weekday};

use super::at;
use super::room::{Room, in_both};
use crate::report::html::{Html, escaped};
use crate::report::say::Say;

/// Days that are shown.
pub const DAYS: u64 = 60;
/// Days without anything from which a stretch is marked as silent.
const SILENT: usize = 7;

const TOP: f64 = 18.0;
const BOTTOM: f64 = 26.0;

/// Measures of the drawing, in pixels; those of time go from left to right.
struct Layout {
    room: Room,
    /// Where the first day begins: left of it are the names of lanes.
    left: f64,
    /// From the beginning of a day to that of the next.
    step: f64,
    /// The width of a day's column, which leaves some of the step empty.
    column: f64,
    /// Free room above each lane.
    gap: f64,
    /// Days of a silent stretch from which on it is wide enough for the words that tell its length.
    told: usize,
}

const ON_DESK: Layout = Layout { room: Room::Desk, left: 146.0, step: 11.0, column: 8.0, gap: 14.0, told: 9 };
/// On a phone the names of lanes stand above them, and not at their left.
const ON_PHONE: Layout = Layout { room: Room::Phone, left: 2.0, step: 5.8, column: 4.2, gap: 32.0, told: 14 };

impl Layout {
    fn x(&self, day: usize) -> f64 {
        self.left + self.step * day as f64
    }

    fn width(&self) -> f64 {
        self.x(DAYS as usize) + 8.0
    }
}

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

fn lanes(layout: &Layout, days: &[Day]) -> Vec<Lane> {
    let mut top = layout.room.pick(TOP, TOP + layout.gap - 8.0);
    let reaches = [40.0, 22.0, 22.0];
    let lane = |(kind, reach): (usize, f64)| {
        let counts = days.iter().flat_map(|day| [day.ours[kind], day.theirs[kind]]);
        let lane = Lane { kind, middle: top + reach, reach, highest: counts.max().unwrap_or(0).max(2) };
        top += 2.0 * reach + layout.gap;
        lane
    };
    reaches.into_iter().enumerate().map(lane).collect()
}

/// The chart of the days up to `last`.
pub fn activity(say: &Say, title: &str, last: NaiveDate, days: &[Day]) -> Html {
    in_both(|room| drawn(&room.pick(ON_DESK, ON_PHONE), say, title, last, days))
}

fn drawn(layout: &Layout, say: &Say, title: &str, last: NaiveDate, days: &[Day]) -> String {
    let lanes = lanes(layout, days);
    let bottom = lanes.last().map_or(TOP, |lane| lane.middle + lane.reach);
    let mut svg = format!(
        "<svg class=\"chart activity {}\" viewBox=\"0 0 {} {}\" role=\"img\" aria-label=\"{}\">",
        layout.room.class(),
        at(layout.width()),
        at(bottom + BOTTOM),
        escaped(&described(say, title, days)),
    );
    shade_silences(&mut svg, layout, say, days, bottom);
    for lane in &lanes {
        // Writing to a string does not fail.
        let _ = write!(
            svg,
            "<line class=\"axis\" x1=\"{}\" x2=\"{}\" y1=\"{2}\" y2=\"{2}\"/>",
            layout.left,
            at(layout.x(DAYS as usize)),
            at(lane.middle),
        );
        name(&mut svg, layout, say, lane);
        for (at_day, day) in days.iter().enumerate() {
            column(&mut svg, layout, lane, at_day, "us", day.ours[lane.kind]);
            column(&mut svg, layout, lane, at_day, "them", day.theirs[lane.kind]);
        }
    }
    mark_weeks(&mut svg, layout, say, last, bottom);
    svg.push_str("</svg>");
    svg
}

/// What a lane shows, and which side is above its line.
fn name(svg: &mut String, layout: &Layout, say: &Say, lane: &Lane) {
    let words = say.words;
    let label = [words.emails, words.meetings, words.phone_calls][lane.kind];
    let mut text = |class: &str, x: f64, y: f64, text: &str| {
        let _ = write!(svg, "<text class=\"{class}\" x=\"{}\" y=\"{}\">{}</text>", at(x), at(y), escaped(text));
    };
    match layout.room {
        Room::Desk => {
            text("label", 0.0, lane.middle + 4.0, label);
            text("tick end", layout.left - 6.0, lane.middle - 7.0, words.us);
            text("tick end", layout.left - 6.0, lane.middle + 14.0, words.them);
        }
        Room::Phone => {
            let y = lane.middle - lane.reach - 12.0;
            text("label", 0.0, y, label);
            text("tick end", layout.x(DAYS as usize), y, &format!("{} ▲ {} ▼", words.us, words.them));
        }
    }
}

/// One column; ours rises from the line, theirs hangs from it. The highest of a lane has its count beside it.
fn column(svg: &mut String, layout: &Layout, lane: &Lane, day: usize, side: &str, count: i64) {
    if count <= 0 {
        return;
    }
    let height = (lane.reach * count as f64 / lane.highest as f64).max(4.0);
    let y = if side == "us" { lane.middle - height } else { lane.middle };
    let x = layout.x(day) + (layout.step - layout.column) / 2.0;
    let _ = write!(
        svg,
        "<rect class=\"{side} solid\" x=\"{}\" y=\"{}\" width=\"{}\" height=\"{}\"/>",
        at(x),
        at(y),
        layout.column,
        at(height),
    );
    if count == lane.highest {
        let above = if side == "us" { y - 2.5 } else { y + height + 9.5 };
        let _ = write!(
            svg,
            "<text class=\"tick middle\" x=\"{}\" y=\"{}\">{count}</text>",
            at(x + layout.column / 2.0),
            at(above)
        );
    }
}

fn shade_silences(svg: &mut String, layout: &Layout, say: &Say, days: &[Day], bottom: f64) {
    for (from, length) in silences(days) {
        let x = layout.x(from);
        let width = layout.step * length as f64;
        let _ = write!(
            svg,
            "<rect class=\"silent\" x=\"{}\" y=\"{TOP}\" width=\"{}\" height=\"{}\"/>",
            at(x),
            at(width),
            at(bottom - TOP),
        );
        if length >= layout.told {
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
fn mark_weeks(svg: &mut String, layout: &Layout, say: &Say, last: NaiveDate, bottom: f64) {
    let first = last.checked_sub_days(Days::new(DAYS - 1)).unwrap_or(last);
    let mondays = first.iter_days().take(DAYS as usize).enumerate().filter(|(_, day)| day.weekday() == Weekday::Mon);
    for (mark, (position, day)) in mondays.enumerate() {
        let x = layout.x(position);
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
