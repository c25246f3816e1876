//! Turns of a thread: runs of emails in one direction, and their answers (rules K3, K5).

use polars::prelude::*;

use crate::literals::typed;

use super::Context;
use super::event::*;
use super::threads::{THREAD_CONVERSATION, THREAD_ROOT};
use crate::as_of::DAY;
use crate::columns::*;

/// When a run was answered within the horizon.
pub const ANSWERED_AT: &str = "answered_at";
/// Microseconds from a run's first email to its answer, of working time where that is counted.
pub const RESPONSE: &str = "response";
/// Whether an email is the first of a run that is due.
pub const DUE: &str = "due";

/// First emails of runs that are due: `interaction`, `answered_at`, `response` (both null when
/// unanswered), `due`, sorted. `emails` are the held ones, numbered by [`INTERACTION`]. The input may be
/// split by thread.
pub fn runs(context: &Context, emails: LazyFrame) -> LazyFrame {
    let horizon = i64::from(context.settings.response_horizon_days) * DAY;
    let time = col(OCCURRED_AT).cast(DataType::Int64);
    let thread = [THREAD_CONVERSATION, THREAD_ROOT];
    let other_thread = thread
        .map(|part| col(part).neq_missing(col(part).shift(lit(1))))
        .into_iter()
        .reduce(Expr::or)
        .unwrap_or(lit(false));
    let begins = other_thread.or(col(OURS).neq_missing(col(OURS).shift(lit(1)))).or(col("position").eq(typed(0u32)));
    let next_in_thread = thread
        .map(|part| col(part).eq_missing(col(part).shift(lit(-1))))
        .into_iter()
        .reduce(Expr::and)
        .unwrap_or(lit(false));
    let answered = next_in_thread
        .and((col(OCCURRED_AT).shift(lit(-1)).cast(DataType::Int64) - time.clone()).lt_eq(lit(horizon)))
        .fill_null(lit(false));
    let overdue = (time + lit(horizon)).lt(lit(context.cutoff));
    emails
        .filter(col(OURS).is_not_null())
        .select([col(INTERACTION), col(OCCURRED_AT), col(OURS), col(THREAD_CONVERSATION), col(THREAD_ROOT)])
        .sort([THREAD_CONVERSATION, THREAD_ROOT, OCCURRED_AT, INTERACTION], SortMultipleOptions::default())
        .with_row_index("position", None)
        .filter(begins)
        .with_column(when(answered).then(col(OCCURRED_AT).shift(lit(-1))).otherwise(lit(NULL)).alias(ANSWERED_AT))
        .filter(col(ANSWERED_AT).is_not_null().or(overdue))
        .select([
            col(INTERACTION),
            col(ANSWERED_AT).cast(INSTANT),
            context.response_time(col(OCCURRED_AT), col(ANSWERED_AT)).alias(RESPONSE),
            lit(true).alias(DUE),
        ])
        .sort([INTERACTION], SortMultipleOptions::default())
}
