//! Which records an interaction counts for, and why (rules L1 to L5).

use polars::prelude::*;

use crate::literals::typed;

use super::event::*;
use super::judge::REGARDED;
use super::{Context, Participants, collect, union};
use crate::as_of::DAY;
use crate::columns::*;
use crate::config::LinkOpportunities;
use crate::error::{Error, Result};
use crate::people::{close_days, who};
use crate::sources::instants::days_since_epoch;

/// Why an interaction counts for a record: an index into [`LINK_REASONS`].
pub const LINK: &str = "link";
/// Reasons in the order in which they win.
pub const LINK_REASONS: [&str; 2] = ["regarding", "participant"];
const REGARDING_LINK: u8 = 0;
const PARTICIPANT_LINK: u8 = 1;
/// Share of an opportunity in an interaction (rule L5).
pub const WEIGHT: &str = "weight";
const PERSON: &str = "person";
const USER: &str = "user";

/// `interaction`, `record`, `link`, `weight`, in that order. `interactions` are in the order of
/// [`INTERACTION`], `participants` numbered by it. The input may be split by interaction.
pub fn link(context: &Context, interactions: &DataFrame, participants: &Participants) -> Result<DataFrame> {
    let records = &context.people.records;
    let deals = records.range("opportunity");
    let is_deal = col(RECORD).gt_eq(lit(deals.start)).and(col(RECORD).lt(lit(deals.end)));
    let kind = super::gather(col(INTERACTION), interactions, KIND)?;
    let takes_part = col(ROLE).lt_eq(typed(3u8)).and(col(DECLINED).not());
    let customer_role = when(kind.clone().eq(typed(CALL)))
        .then(col(ROLE).lt_eq(typed(2u8)))
        .when(kind.clone().eq(typed(MEETING)))
        .then(col(ROLE).gt(typed(1u8)).or(lit(context.settings.organizers_link)))
        .otherwise(kind.neq(typed(TASK)));

    let by_record = participants
        .people
        .clone()
        .lazy()
        .filter(takes_part.clone().and(customer_role.clone()))
        .select([col(INTERACTION), who::records(col(WHO)).alias(PERSON)])
        .filter(col(PERSON).is_not_null());
    let members = context.people.directory.group_members()?.lazy();
    let by_group = participants
        .groups
        .clone()
        .lazy()
        .filter(takes_part.clone().and(customer_role))
        .join(members, [col("group")], [col("group")], JoinArgs::new(JoinType::Inner))
        .select([col(INTERACTION), col(RECORD).alias(PERSON)]);
    let interest = context.people.interest.customers.clone().lazy();
    let candidates = union([by_record, by_group])?
        .join(interest, [col(PERSON)], [col(PERSON)], JoinArgs::new(JoinType::Inner))
        .select([col(INTERACTION), col(RECORD)]);
    let candidates = collect(candidates, "linking interactions to records")?;

    let first_lead = records.range("lead").start;
    let free = candidates.clone().lazy().filter(col(RECORD).lt(lit(first_lead)));
    let limits = limits(context)?;
    let opens = super::gather(col(RECORD), &limits, "opened")?;
    let occurred = super::gather(col(INTERACTION), interactions, OCCURRED_AT)?.cast(DataType::Int64);
    let after_opening = opens.clone().is_null().or(occurred.clone().gt_eq(opens)).or(is_deal.clone().not());
    let colleagues = participants
        .people
        .clone()
        .lazy()
        .filter(takes_part)
        .select([col(INTERACTION), who::colleagues(col(WHO)).alias(USER)])
        .filter(col(USER).is_not_null());
    let ours = context.people.interest.colleagues.clone().lazy();
    let participants_count = lit(context.settings.link_opportunities == LinkOpportunities::Participants);
    let watched = candidates
        .lazy()
        .filter(col(RECORD).gt_eq(lit(first_lead)).and(is_deal.clone().not().or(participants_count)))
        .filter(after_opening)
        .join(colleagues, [col(INTERACTION)], [col(INTERACTION)], JoinArgs::new(JoinType::Inner))
        .join(ours, [col(USER), col(RECORD)], [col(USER), col(RECORD)], JoinArgs::new(JoinType::Semi))
        .select([col(INTERACTION), col(RECORD)]);
    let by_part = union([free, watched])?.with_column(typed(PARTICIPANT_LINK).alias(LINK));
    let regarding = interactions.clone().lazy().filter(col(REGARDED).is_not_null()).select([
        col(INTERACTION),
        col(REGARDED).alias(RECORD),
        typed(REGARDING_LINK).alias(LINK),
    ]);

    let closes = super::gather(col(RECORD), &limits, "closed")?;
    let before_closing = is_deal.clone().not().or(closes.clone().is_null()).or(occurred.lt(closes));
    let links = union([by_part, regarding])?
        .filter(before_closing)
        .group_by([col(INTERACTION), col(RECORD)])
        .agg([col(LINK).min()])
        .sort([INTERACTION, RECORD], SortMultipleOptions::default());
    let links = collect(links, "linking interactions to records")?;
    let shares = links
        .clone()
        .lazy()
        .filter(is_deal.clone())
        .group_by([col(INTERACTION)])
        .agg([(lit(1.0) / len().cast(DataType::Float64)).alias(WEIGHT)]);
    let weight = when(is_deal).then(col(WEIGHT)).otherwise(lit(NULL)).alias(WEIGHT);
    let weighted = links
        .lazy()
        .join(
            shares,
            [col(INTERACTION)],
            [col(INTERACTION)],
            JoinArgs { maintain_order: MaintainOrderJoin::Left, ..JoinArgs::new(JoinType::Left) },
        )
        .with_column(weight);
    collect(weighted, "weighing links")
}

/// From when and until when (exclusive) each record takes part, microseconds; null is without limit,
/// as on all records but opportunities (rule L4).
fn limits(context: &Context) -> Result<DataFrame> {
    let as_of_day = days_since_epoch(context.as_of.date);
    let days = close_days(context.sources, &context.people.records, as_of_day)?;
    let lead = context.settings.opportunity_lead_days.map(|days| i64::from(days) * DAY);
    let mut opened = vec![None; context.people.records.table.height()];
    let mut closed = opened.clone();
    for (record, created, closing) in days {
        opened[record as usize] = created.and_then(|created| Some(created - lead?));
        closed[record as usize] = closing.map(|day| context.as_of.day_end(day));
    }
    df!("opened" => opened, "closed" => closed).map_err(Error::engine("limits of deals"))
}
