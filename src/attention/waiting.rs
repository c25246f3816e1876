//! Who waits for an answer: emails that nobody has answered yet, and how long answers take in the lake.

use polars::prelude::*;

use crate::error::{Error, Result};
use crate::health::touchpoint::{Part, Sign, Way};
use crate::interactions::columns::*;
use crate::interactions::event::{EMAIL, KIND, OURS};
use crate::interactions::reply_runs::RESPONSE;
use crate::interactions::{Interactions, Kind, THREAD_CONVERSATION, THREAD_ROOT};
use crate::kpis::Side;
use crate::time::DAY;

/// Days of mail among which unanswered runs are looked for.
const MAIL_DAYS: i64 = 90;

/// A run of emails that has no answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Open {
    /// Its first email.
    pub interaction: u32,
    /// When that was sent, microseconds.
    pub at: i64,
    /// Whose answer is waited for.
    pub awaited: Side,
}

/// Runs that began since an instant and are not answered, the last of each thread, in the order of interactions.
pub fn open(interactions: &Interactions, since: i64, cutoff: i64) -> Result<Vec<Open>> {
    open_runs(&interactions.table, since, cutoff - MAIL_DAYS * DAY).map_err(Error::engine("emails without an answer"))
}

fn open_runs(table: &DataFrame, since: i64, from: i64) -> PolarsResult<Vec<Open>> {
    let kinds = table.column(KIND)?.u8()?;
    let ours = table.column(OURS)?.bool()?;
    let times = &table.column(OCCURRED_AT)?.datetime()?.phys;
    let threads = table.column(THREAD_CONVERSATION)?.i128()?.iter().zip(table.column(THREAD_ROOT)?.u32()?.iter());
    let mut emails = Vec::new();
    let rows = kinds.iter().zip(ours.iter().zip(times.iter())).zip(threads);
    for (interaction, ((kind, (ours, at)), (conversation, root))) in (0u32..).zip(rows) {
        if let (Some(EMAIL), Some(ours), Some(at)) = (kind, ours, at)
            && at >= from
        {
            emails.push((conversation, root, at, interaction, ours));
        }
    }
    emails.sort_unstable();
    let mut found = Vec::new();
    for thread in emails.chunk_by(|a, b| (a.0, a.1) == (b.0, b.1)) {
        let last = thread[thread.len() - 1].4;
        let begin = thread.iter().rposition(|email| email.4 != last).map_or(0, |at| at + 1);
        let (.., at, interaction, ours) = thread[begin];
        if at >= since {
            found.push(Open { interaction, at, awaited: if ours { Side::Them } else { Side::Us } });
        }
    }
    found.sort_unstable_by_key(|open| open.interaction);
    Ok(found)
}

/// What a record's past says of an email that waits.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SeenByRecord {
    /// One of its people wrote on that day, or was written to and not only copied.
    pub is_theirs: bool,
    /// The side that is waited for was in touch on a later day, in whatever way but a task.
    pub is_over: bool,
}

impl SeenByRecord {
    /// `begun` is the place of the day on which the email was sent.
    pub fn of(signs: &[Sign], begun: u32, awaited: Side) -> SeenByRecord {
        let (answer, email) = if awaited == Side::Us { (Way::Out, Way::In) } else { (Way::In, Way::Out) };
        let signs = &signs[signs.partition_point(|sign| sign.day() < begun)..];
        let is_theirs = |sign: &Sign| {
            sign.day() == begun && sign.kind() == Kind::Email && sign.way() == email && sign.part() == Part::Full
        };
        let is_over = |sign: &Sign| {
            sign.day() > begun && sign.kind() != Kind::Task && (sign.way() == answer || sign.way() == Way::Both)
        };
        SeenByRecord { is_theirs: signs.iter().any(is_theirs), is_over: signs.iter().any(is_over) }
    }
}

/// How long one side takes to answer, over all runs that are due.
pub struct AnswerTimes {
    /// Microseconds of those that were answered, ascending.
    times: Vec<i64>,
    /// How many were not.
    never: usize,
}

/// What stands in for runs of a young lake: so many, of which a share is never answered.
const STAND_INS: f64 = 10.0;
const NEVER_SHARE: f64 = 0.4;

impl AnswerTimes {
    /// Of a side.
    pub fn of(interactions: &Interactions, side: Side) -> Result<AnswerTimes> {
        let read = || -> PolarsResult<AnswerTimes> {
            let ours = interactions.table.column(OURS)?.bool()?;
            let runs = &interactions.runs;
            let (mut times, mut never) = (Vec::new(), 0);
            for (begin, time) in runs.column(INTERACTION)?.u32()?.iter().zip(runs.column(RESPONSE)?.i64()?.iter()) {
                let started = begin.and_then(|begin| ours.get(begin as usize));
                if started == Some(side == Side::Them) {
                    match time {
                        Some(time) => times.push(time),
                        None => never += 1,
                    }
                }
            }
            times.sort_unstable();
            Ok(AnswerTimes { times, never })
        };
        read().map_err(Error::engine("how long answers take"))
    }

    /// The 90th percentile of the answers, microseconds, between two of them as those of records are; none where there are
    /// fewer than ten.
    pub fn limit(&self) -> Option<i64> {
        let tenths = self.times.len().checked_sub(1).filter(|last| *last >= 9)? * 9;
        let (lower, share) = (self.times[tenths / 10], (tenths % 10) as i64);
        let upper = self.times[tenths.div_ceil(10)];
        Some(lower + (upper - lower) * share / 10)
    }

    /// The chance that an answer comes later than `limit` or never, when none has come in `waited`.
    pub fn late(&self, waited: i64, limit: i64) -> f64 {
        self.odds(waited, limit).map_or(1.0, |odds| odds.late / odds.unanswered)
    }

    /// What that chance is made of; none where `limit` is over already.
    pub fn odds(&self, waited: i64, limit: i64) -> Option<Odds> {
        if waited >= limit {
            return None;
        }
        let later_than = |time: i64| (self.times.len() - self.times.partition_point(|&one| one <= time)) as f64;
        let never = self.never as f64 + STAND_INS * NEVER_SHARE;
        // Of the answers that stand in, nine of ten come within the limit, evenly.
        let left = 0.1 + 0.9 * (1.0 - waited as f64 / limit as f64);
        let answered = STAND_INS * (1.0 - NEVER_SHARE);
        Some(Odds {
            late: later_than(limit) + answered * 0.1 + never,
            unanswered: later_than(waited) + answered * left + never,
        })
    }
}

/// Of the runs that were unanswered after as long a time, how many were answered late or never; with those that stand in.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Odds {
    /// Answered after the limit, or never.
    pub late: f64,
    /// Unanswered after as long a time.
    pub unanswered: f64,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_last_run_of_a_thread_is_open() {
        let root = [Some(0u32), Some(0), Some(0), Some(1), Some(1), None, Some(2)];
        let mut table = df!(
            KIND => [0u8, 0, 0, 0, 0, 1, 0],
            OURS => [Some(true), Some(false), Some(false), Some(false), Some(true), Some(false), Some(false)],
            OCCURRED_AT => [10i64, 20, 30, 25, 26, 27, 5],
            THREAD_ROOT => root,
        )
        .expect("a table");
        let none: Int128Chunked = root.iter().map(|_| None::<i128>).collect();
        table.with_column(none.into_column().with_name(THREAD_CONVERSATION.into())).expect("threads");
        table.try_apply(OCCURRED_AT, |at| at.cast(&DataType::Datetime(TimeUnit::Microseconds, None))).expect("times");
        let found = open_runs(&table, 8, 0).expect("runs");
        // Their second email waits since the first of the two; what began before is left out.
        let open = |interaction, at, awaited| Open { interaction, at, awaited };
        assert_eq!(found, [open(1, 20, Side::Us), open(4, 26, Side::Them)]);
    }

    #[test]
    fn copies_are_not_theirs_and_tasks_no_answer() {
        let sign = |day, kind, way, part| Sign::new(day, kind, way, part, 0);
        let seen = |signs: &[Sign]| {
            let SeenByRecord { is_theirs, is_over } = SeenByRecord::of(signs, 7, Side::Us);
            (is_theirs, is_over)
        };
        let wrote = sign(7, Kind::Email, Way::In, Part::Full);
        let earlier = sign(6, Kind::Email, Way::Out, Part::Full);
        assert_eq!(seen(&[earlier, wrote, sign(9, Kind::Task, Way::Out, Part::Full)]), (true, false));
        assert_eq!(seen(&[wrote, sign(9, Kind::Meeting, Way::Both, Part::Full)]), (true, true));
        assert_eq!(seen(&[sign(7, Kind::Email, Way::Neither, Part::Copied)]), (false, false));
    }

    #[test]
    fn who_waited_longer_than_the_limit_has_waited_too_long() {
        let answers = AnswerTimes { times: (1..=100).collect(), never: 100 };
        assert_eq!((answers.limit(), answers.late(90, 90)), (Some(90), 1.0));
        // By hand: 10 later than 90, 100 never, 4 and 0.6 that stand in; of 200 and 10 at the beginning.
        assert!((answers.late(0, 90) - 114.6 / 210.0).abs() < 1e-12);
        assert!(answers.late(80, 90) > answers.late(40, 90));
    }
}
