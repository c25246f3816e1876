//! The 365 days of connections, as of the last of many days or of an earlier one.

use std::ops::Range;

use super::edges::Edge;
use crate::time::LocalDays;

/// Days that connections look back, the day of the date among them (rule W1).
pub const WINDOW_DAYS: u32 = 365;

/// A year of days among those that edges were found in.
#[derive(Clone, Copy)]
pub struct Window<'a> {
    days: &'a LocalDays,
    /// Place of its last day among them.
    today: u32,
}

impl<'a> Window<'a> {
    /// Up to the last of the days.
    pub fn last(days: &'a LocalDays) -> Window<'a> {
        Window { days, today: days.count() - 1 }
    }

    /// Up to so many days before the last; none where the days do not reach back that far.
    pub fn before(days: &'a LocalDays, ago: u32) -> Option<Window<'a>> {
        let today = days.count().checked_sub(1 + ago)?;
        (today + 1 >= WINDOW_DAYS).then_some(Window { days, today })
    }

    /// The first instant after it.
    pub fn end(&self) -> i64 {
        self.days.start(self.today + 1)
    }

    /// How many days before its last one an instant was.
    pub fn age(&self, at: i64) -> u32 {
        self.days.place(at).map_or(0, |place| self.today.saturating_sub(place))
    }

    /// The ages of the days at these places that lie in it, in the order of the places.
    pub fn ages(&self, places: impl Iterator<Item = u32>) -> impl Iterator<Item = u32> {
        let in_it = self.places();
        places.filter(move |place| in_it.contains(place)).map(|place| self.today - place)
    }

    /// Those of the edges of one pair, which are in the order of time, that lie in it.
    pub fn of<'e>(&self, edges: &'e [Edge]) -> &'e [Edge] {
        between(edges, self.days.start(self.places().start)..self.end())
    }

    /// Those that lie in the days after it.
    pub fn after<'e>(&self, edges: &'e [Edge], days: u32) -> &'e [Edge] {
        let last = (self.today + 1 + days).min(self.days.count());
        between(edges, self.end()..self.days.start(last))
    }

    fn places(&self) -> Range<u32> {
        (self.today + 1).saturating_sub(WINDOW_DAYS)..self.today + 1
    }
}

fn between(edges: &[Edge], time: Range<i64>) -> &[Edge] {
    let from = edges.partition_point(|edge| edge.at < time.start);
    &edges[from..edges.partition_point(|edge| edge.at < time.end)]
}
