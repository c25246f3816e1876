//! Many days of a job: what no day can change is resolved once for as many of them as have it in common.

use std::panic::resume_unwind;
use std::thread;

use chrono::NaiveDate;

use crate::config::Settings;
use crate::context::{Progress, RunContext};
use crate::error::Result;
use crate::interactions::Build;
use crate::interactions::history::{DayOfHistory, History, Period, Wanted};
use crate::quality::freshness::{self, Freshness, Newest};
use crate::scratch::Scratch;
use crate::sources::{Activities, Sources};
use crate::time::AsOf;

/// The days of a backfill, which are asked for in ascending order.
pub(super) struct Days<'a> {
    sources: &'a Sources,
    settings: &'a Settings,
    history: History<'a>,
    newest: Option<NewestOfPeriod>,
    /// Whether memory has room for a day beside the one before.
    has_room: bool,
    ahead: Option<DayAhead>,
}

/// A day that was resolved before it was asked for.
struct DayAhead {
    date: NaiveDate,
    resolved: Result<DayOfHistory>,
}

/// The newest that all activities have as of the first day of a period, and whether its other days know of no newer row.
struct NewestOfPeriod {
    first: Newest,
    is_of_all: bool,
}

impl<'a> Days<'a> {
    /// Of a lake; `how` says how interactions are built, and what is wanted of them, `scratch` how much memory there is.
    pub fn of(
        sources: &'a Sources,
        activities: Activities,
        settings: &'a Settings,
        how: (Build, Wanted),
        days: &'a [NaiveDate],
        scratch: &Scratch,
    ) -> Days<'a> {
        let has_room = scratch.parts(activities.bytes()) == 1;
        let history = History::of((sources, activities), settings, how, days, has_room);
        Days { sources, settings, history, newest: None, has_room, ahead: None }
    }

    /// Whether a day begins a period, whose days have not been looked at yet.
    pub fn begins_period(&self, date: NaiveDate) -> bool {
        self.history.begins_period(date)
    }

    /// The period of the day that was resolved last.
    pub fn period(&self) -> Option<&Period> {
        self.history.period()
    }

    /// Who is who on a day, what was held by then, and how new the lake is as of it.
    ///
    /// # Errors
    /// Only what the engine runs into, and a signal to stop.
    pub fn resolve(&mut self, date: NaiveDate, run: &RunContext<'_>) -> Result<(DayOfHistory, Freshness)> {
        run.check_interrupted()?;
        let resolving = || run.report(Progress::Phase { name: "resolving people and interactions", as_of: Some(date) });
        let day = if self.history.begins_period(date) {
            self.newest = None;
            run.report(Progress::Phase { name: "resolving what the next days have in common", as_of: Some(date) });
            let day = self.history.day(date)?;
            resolving();
            day
        } else {
            resolving();
            let ahead = self.ahead.take().filter(|ahead| ahead.date == date);
            ahead.map_or_else(|| self.history.day(date), |ahead| ahead.resolved)?
        };
        let freshness = self.freshness(&day, date, run.past_until())?;
        run.report(Progress::Freshness(&freshness));
        Ok((day, freshness))
    }

    /// Publishes a day while the next one of its period is resolved, if memory has room for both: neither keeps all cores
    /// busy.
    pub fn beside_next<T>(&mut self, date: NaiveDate, publish: impl FnOnce() -> T) -> T {
        let Some(next) = self.history.next_of_period(date).filter(|_| self.has_room) else { return publish() };
        let history = &mut self.history;
        let (published, resolved) = thread::scope(|scope| {
            let resolved = scope.spawn(|| history.day(next));
            (publish(), resolved.join().unwrap_or_else(|panic| resume_unwind(panic)))
        });
        self.ahead = Some(DayAhead { date: next, resolved });
        published
    }

    /// How new the lake is as of a day. What happened after the first day of its period is not settled.
    fn freshness(&mut self, day: &DayOfHistory, date: NaiveDate, past_until: i64) -> Result<Freshness> {
        let Days { sources, settings, history, newest, .. } = self;
        let as_of = AsOf { date, timezone: settings.timezone };
        let newest_of = |activities, as_of| Newest::of(activities, &day.people, settings, as_of, past_until);
        let newest_of_day = match (history.period(), newest) {
            (Some(Period { first, last, open, .. }), newest) => {
                let known = match newest {
                    Some(known) => known,
                    None => {
                        let (first, last) =
                            (newest_of(history.activities(), *first)?, newest_of(history.activities(), *last)?);
                        newest.insert(NewestOfPeriod { first, is_of_all: first.has_row_of(&last) })
                    }
                };
                if known.is_of_all {
                    known.first.with(newest_of(open, as_of)?)
                } else {
                    newest_of(history.activities(), as_of)?
                }
            }
            (None, _) => newest_of(history.activities(), as_of)?,
        };
        Ok(freshness::of_newest(sources, newest_of_day, settings, as_of, past_until))
    }
}
