//! Whether the sources were complete (rules K12, C1).

use chrono::Days;
use polars::prelude::*;

use crate::as_of::HOUR;
use crate::columns::*;
use crate::error::{Error, Result};
use crate::interactions::Context;

/// Days after enabling during which missing consent is only late.
const CONSENT_DAYS: u64 = 14;

/// `complete` or `partial`. Needs the activities.
pub fn computation_accuracy(context: &Context) -> Result<&'static str> {
    let fresh_from = context.cutoff - i64::from(context.settings.freshness_hours) * HOUR;
    let fresh = |newest: Option<i64>| newest.is_some_and(|newest| newest >= fresh_from);
    let exchange = if context.settings.consent {
        fresh(newest_permitted(context)?)
    } else {
        // Without consent Exchange is awaited for two weeks, then it is no source at all.
        context.settings.enabled_on.is_none_or(|enabled| context.as_of.date >= enabled + Days::new(CONSENT_DAYS))
    };
    Ok(if exchange && fresh(context.sources.dataverse_touched) { "complete" } else { "partial" })
}

/// When the newest Exchange row that may be used was made, microseconds.
fn newest_permitted(context: &Context) -> Result<Option<i64>> {
    let mut newest = None;
    for table in [&context.activities.messages, &context.activities.events] {
        let permitted = context.people.mailboxes.refusals(col(MAILBOX), col(OCCURRED_AT)).is_null();
        let made = table.clone().lazy().filter(permitted).select([col(CREATED_AT).max().cast(DataType::Int64)]);
        let made = made.collect().map_err(Error::engine("freshness of Exchange"))?;
        let made =
            made.column(CREATED_AT).and_then(|c| c.i64().cloned()).map_err(Error::engine("freshness of Exchange"))?;
        newest = newest.max(made.get(0));
    }
    Ok(newest)
}
