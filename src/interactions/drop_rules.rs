//! What makes a whole event no interaction (rules N8 to N11, C4).

use polars::prelude::*;

use crate::frames::typed;
use crate::time::DAY;

use crate::interactions::Context;
use crate::interactions::columns::*;
use crate::interactions::event::*;
use crate::sources::drop_reason::DropReason;

/// Number of the live record that an interaction regards.
pub const REGARDED: &str = "regarded";

/// Adds [`REGARDED`] and settles [`REASON`] of events with their counts of participants. In
/// [`INTERNAL`] are those that stay for what they regard alone.
pub fn judge(context: &Context, events: LazyFrame) -> LazyFrame {
    let settings = context.settings;
    let regarded = context.people.records.clone();
    let events = events.with_column(
        col(REGARDING)
            .map(
                move |c| {
                    let records: UInt32Chunked =
                        c.i128()?.iter().map(|key| key.and_then(|key| regarded.by_key(key))).collect();
                    Ok(records.with_name(c.name().clone()).into_column())
                },
                |_, field| Ok(Field::new(field.name().clone(), DataType::UInt32)),
            )
            .alias(REGARDED),
    );
    let is_email = col(KIND).eq(typed(EMAIL));
    let is_meeting = col(KIND).eq(typed(MEETING));
    let no_outsider = col("outsiders").eq(typed(0u32));
    let only_erased = no_outsider.clone().and(col("external").gt(typed(0u32)));
    // Tracked work on a live record stays without an outsider; an email only where that is asked for.
    let stays = col(REGARDED).is_not_null().and(is_email.clone().not().or(lit(!settings.emails_need_external_party)));
    let limit = settings.max_recipients.map_or(lit(u32::MAX), lit);
    let long = col(ALL_DAY).fill_null(lit(false)).or(col(DURATION).gt_eq(lit(DAY)).fill_null(lit(false)));
    let everyone_declined = no_outsider.clone().not().and(col("external_people").eq(typed(0u32)));
    // Mail whose last outsider is erased goes in every profile; other work stays for what it regards.
    let erased = only_erased.and(is_email.clone().or(stays.clone().not()));
    let reason = when(col(REASON).is_not_null())
        .then(col(REASON))
        .when(erased)
        .then(DropReason::Erased.lit())
        .when(no_outsider.clone().and(stays.not()))
        .then(DropReason::InternalOnly.lit())
        .when(is_email.clone().and(lit(settings.exclude_automated)).and(col(AUTOMATED).fill_null(lit(false))))
        .then(DropReason::Automated.lit())
        .when(is_email.and(col("addressed").gt(limit)))
        .then(DropReason::MassMail.lit())
        .when(is_meeting.clone().and(lit(settings.exclude_all_day)).and(long))
        .then(DropReason::AllDayOrLonger.lit())
        .when(is_meeting.and(everyone_declined))
        .then(DropReason::Declined.lit())
        .otherwise(lit(NULL));
    events.with_columns([reason.alias(REASON), no_outsider.alias(INTERNAL)])
}

/// Whether an interaction has no outsider and so counts for what it regards alone (rule N9).
pub const INTERNAL: &str = "internal";
