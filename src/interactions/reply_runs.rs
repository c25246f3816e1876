//! Turns of a thread: runs of emails in one direction, and their answers (rules K3, K5).

use polars::prelude::*;
use rayon::prelude::*;

use crate::error::{Error, Result};
use crate::frames::collect;
use crate::interactions::Context;
use crate::interactions::columns::*;
use crate::interactions::event::*;
use crate::interactions::threads::{THREAD_CONVERSATION, THREAD_ROOT};
use crate::time::DAY;

/// When a run was answered within the horizon.
pub const ANSWERED_AT: &str = "answered_at";
/// Microseconds from a run's first email to its answer, of working time where that is counted.
pub const RESPONSE: &str = "response";
/// Whether an email is the first of a run that is due.
pub const DUE: &str = "due";

/// First emails of runs that are due: `interaction`, `answered_at`, `response` (both null when
/// unanswered), `due`, sorted. `interactions` are in the order of [`INTERACTION`]. The input may be
/// split by thread.
pub fn runs(context: &Context, interactions: &DataFrame) -> Result<DataFrame> {
    let horizon = i64::from(context.settings.response_horizon_days) * DAY;
    let due = due(interactions, horizon, context.cutoff).map_err(Error::engine("runs of emails"))?;
    let columns = [
        col(INTERACTION),
        col(ANSWERED_AT).cast(INSTANT),
        context.response_time(col(OCCURRED_AT).cast(INSTANT), col(ANSWERED_AT).cast(INSTANT)).alias(RESPONSE),
        lit(true).alias(DUE),
    ];
    collect(due.lazy().select(columns), "runs of emails")
}

/// `interaction`, `occurred_at` and `answered_at` of first emails of runs that are due: those that were
/// answered within `horizon`, and those that nobody can answer in time any more. Sorted emails beside
/// each other say it all; the engine's sort by four columns took twice the time.
fn due(interactions: &DataFrame, horizon: i64, cutoff: i64) -> PolarsResult<DataFrame> {
    let kinds = interactions.column(KIND)?.u8()?;
    let ours = interactions.column(OURS)?.bool()?;
    let times = &interactions.column(OCCURRED_AT)?.datetime()?.phys;
    let conversations = interactions.column(THREAD_CONVERSATION)?.i128()?.iter();
    let threads = conversations.zip(interactions.column(THREAD_ROOT)?.u32()?.iter());
    let (mut by_conversation, mut by_root) = (Vec::new(), Vec::new());
    let emails = kinds.iter().zip(ours.iter().zip(times.iter()));
    for (interaction, ((kind, (ours, time)), (conversation, root))) in (0..).zip(emails.zip(threads)) {
        if let (Some(EMAIL), Some(ours), Some(at)) = (kind, ours, time) {
            match conversation {
                Some(thread) => by_conversation.push(ThreadEmail { thread, at, interaction, ours }),
                None => by_root.push(ThreadEmail { thread: root, at, interaction, ours }),
            }
        }
    }
    let mut due = of_threads(by_conversation, horizon, cutoff);
    due.extend(of_threads(by_root, horizon, cutoff));
    due.par_sort_unstable_by_key(|run| run.interaction);
    let answers: Int64Chunked = due.iter().map(|run| run.answered_at).collect();
    df!(
        INTERACTION => due.iter().map(|run| run.interaction).collect::<Vec<u32>>(),
        OCCURRED_AT => due.iter().map(|run| run.at).collect::<Vec<i64>>(),
        ANSWERED_AT => answers.into_series(),
    )
}

/// An email in its thread; emails sort by thread, then by time.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct ThreadEmail<T> {
    /// Its thread.
    pub thread: T,
    /// When, microseconds.
    pub at: i64,
    /// Its number, in the order of ids.
    pub interaction: u32,
    /// Whether we wrote it.
    pub ours: bool,
}

/// A run that is due.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct DueRun {
    /// Number of its first email.
    pub interaction: u32,
    /// When that was sent, microseconds.
    pub at: i64,
    /// When the other side answered within the horizon, microseconds.
    pub answered_at: Option<i64>,
}

/// The runs of these emails that are due: `horizon` is in microseconds, `cutoff` an instant.
pub fn of_threads<T: Copy + Ord + Send>(mut emails: Vec<ThreadEmail<T>>, horizon: i64, cutoff: i64) -> Vec<DueRun> {
    emails.par_sort_unstable();
    emails.dedup_by(|next, first| next.thread == first.thread && next.ours == first.ours);
    let next = emails.iter().skip(1).map(Some).chain([None]);
    let runs = emails.iter().zip(next).map(|(first, next)| {
        let answer = next.filter(|next| next.thread == first.thread && next.at - first.at <= horizon);
        DueRun { interaction: first.interaction, at: first.at, answered_at: answer.map(|next| next.at) }
    });
    runs.filter(|run| run.answered_at.is_some() || run.at + horizon < cutoff).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_run_is_answered_by_the_next_of_its_thread() {
        let email = |thread: u32, at, interaction, ours| ThreadEmail { thread, at, interaction, ours };
        let emails = vec![
            email(1, 30, 3, false),
            email(1, 10, 0, true),
            email(1, 20, 1, true),
            email(2, 31, 2, true),
            email(2, 99, 4, false),
        ];
        // The second email of ours continues the run, the answer of the other thread comes too late, and the
        // last run may still be answered.
        let run = |interaction, at, answered_at| DueRun { interaction, at, answered_at };
        assert_eq!(of_threads(emails, 50, 90), [run(0, 10, Some(30)), run(3, 30, None), run(2, 31, None)]);
    }
}
