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

/// Interactions whose links are found at a time: what grows with the people of an interaction
/// times the records they matter to exists only for so many.
const CHUNK: u32 = 1 << 18;

/// `interaction`, `record`, `link`, `weight`, in that order. `interactions` are in the order of
/// [`INTERACTION`], `participants` sorted by it. The input may be split by interaction.
pub fn link(context: &Context, interactions: &DataFrame, participants: &Participants) -> Result<DataFrame> {
    let members = context.people.directory.group_members()?;
    let limits = limits(context)?;
    let watching = watching(context)?;
    let mut chunks = Vec::new();
    for from in (0..(interactions.height() as u32).max(1)).step_by(CHUNK as usize) {
        let chunk = Chunk {
            interactions,
            people: super::between(&participants.people, from, from + CHUNK)?,
            groups: super::between(&participants.groups, from, from + CHUNK)?,
            regarding: interactions.slice(i64::from(from), CHUNK as usize),
        };
        chunks.push(link_chunk(context, &chunk, &members, &limits, &watching)?.lazy());
        crate::memory::give_back();
    }
    collect(union(chunks)?, "linking interactions to records")
}

/// Some consecutive interactions.
struct Chunk<'a> {
    interactions: &'a DataFrame,
    people: DataFrame,
    groups: DataFrame,
    regarding: DataFrame,
}

fn link_chunk(
    context: &Context,
    chunk: &Chunk,
    members: &DataFrame,
    limits: &DataFrame,
    watching: &DataFrame,
) -> Result<DataFrame> {
    let records = &context.people.records;
    let deals = records.range("opportunity");
    let is_deal = col(RECORD).gt_eq(lit(deals.start)).and(col(RECORD).lt(lit(deals.end)));
    let first_lead = records.range("lead").start;
    let opens = super::gather(col(RECORD), limits, "opened")?;
    let closes = super::gather(col(RECORD), limits, "closed")?;
    let occurred = super::gather(col(INTERACTION), chunk.interactions, OCCURRED_AT)?.cast(DataType::Int64);
    let after_opening = opens.clone().is_null().or(occurred.clone().gt_eq(opens));
    let before_closing = closes.clone().is_null().or(occurred.lt(closes));

    let customers = collect(customers(context, chunk, members)?, "linking interactions to records")?.lazy();
    let interest = context.people.interest.customers.clone().lazy().filter(col(RECORD).lt(lit(first_lead)));
    let free = customers
        .clone()
        .join(interest, [col(PERSON)], [col(PERSON)], JoinArgs::new(JoinType::Inner))
        .select([col(INTERACTION), col(RECORD)]);
    let colleagues = chunk
        .people
        .clone()
        .lazy()
        .filter(takes_part())
        .select([col(INTERACTION), who::colleagues(col(WHO)).alias(USER)])
        .filter(col(USER).is_not_null());
    let participants_count = lit(context.settings.link_opportunities == LinkOpportunities::Participants);
    let watched = customers
        .join(colleagues, [col(INTERACTION)], [col(INTERACTION)], JoinArgs::new(JoinType::Inner))
        .select([col(INTERACTION), pair(PERSON, USER)])
        .join(watching.clone().lazy(), [col(PAIR)], [col(PAIR)], JoinArgs::new(JoinType::Inner))
        .filter(is_deal.clone().not().or(participants_count.and(after_opening).and(before_closing.clone())))
        .select([col(INTERACTION), col(RECORD)]);
    let by_part = union([free, watched])?.with_column(typed(PARTICIPANT_LINK).alias(LINK));
    let regarding = chunk
        .regarding
        .clone()
        .lazy()
        .filter(col(REGARDED).is_not_null())
        .select([col(INTERACTION), col(REGARDED).alias(RECORD), typed(REGARDING_LINK).alias(LINK)])
        .filter(is_deal.clone().not().or(before_closing));

    // One number per link sorts and tells duplicates apart faster than three columns do.
    let number = (col(INTERACTION).cast(DataType::UInt64) * typed(1u64 << 32)
        + col(RECORD).cast(DataType::UInt64) * typed(2u64)
        + col(LINK).cast(DataType::UInt64))
    .alias(PAIR);
    let links = union([by_part, regarding])?.select([number]).sort([PAIR], SortMultipleOptions::default());
    let links = collect(links, "linking interactions to records")?;
    let link = col(PAIR).floor_div(typed(2u64));
    let links = links
        .lazy()
        .filter(link.clone().neq_missing(link.shift(lit(1))))
        .select([
            col(PAIR).floor_div(typed(1u64 << 32)).cast(DataType::UInt32).alias(INTERACTION),
            (col(PAIR) % typed(1u64 << 32)).floor_div(typed(2u64)).cast(DataType::UInt32).alias(RECORD),
            (col(PAIR) % typed(2u64)).cast(DataType::UInt8).alias(LINK),
        ])
        .collect()
        .map_err(Error::engine("linking interactions to records"))?;
    weigh(links, is_deal)
}

/// Which leads and opportunities a person and a colleague have in common: `pair`, `record`. Looking
/// up both at once keeps a contact of a company with many deals from meeting all of them.
fn watching(context: &Context) -> Result<DataFrame> {
    let interest = &context.people.interest;
    let common = interest
        .customers
        .clone()
        .lazy()
        .join(interest.colleagues.clone().lazy(), [col(RECORD)], [col(RECORD)], JoinArgs::new(JoinType::Inner))
        .select([pair(PERSON, USER), col(RECORD)]);
    collect(common, "deals in common")
}

/// Customer-side people who can link: `interaction`, `person`.
fn customers(context: &Context, chunk: &Chunk, members: &DataFrame) -> Result<LazyFrame> {
    let kind = super::gather(col(INTERACTION), chunk.interactions, KIND)?;
    let links = when(kind.clone().eq(typed(CALL)))
        .then(col(ROLE).lt_eq(typed(2u8)))
        .when(kind.clone().eq(typed(MEETING)))
        .then(col(ROLE).gt(typed(1u8)).or(lit(context.settings.organizers_link)))
        .otherwise(kind.neq(typed(TASK)));
    let links = takes_part().and(links);
    let by_record = chunk
        .people
        .clone()
        .lazy()
        .filter(links.clone())
        .select([col(INTERACTION), who::records(col(WHO)).alias(PERSON)])
        .filter(col(PERSON).is_not_null());
    let by_group = chunk
        .groups
        .clone()
        .lazy()
        .filter(links)
        .join(members.clone().lazy(), [col("group")], [col("group")], JoinArgs::new(JoinType::Inner))
        .select([col(INTERACTION), col(RECORD).alias(PERSON)]);
    union([by_record, by_group])
}

/// Bcc never links, nor does who declined (rule L2).
fn takes_part() -> Expr {
    col(ROLE).lt_eq(typed(3u8)).and(col(DECLINED).not())
}

const PAIR: &str = "pair";

/// Two numbers as one key.
fn pair(left: &str, right: &str) -> Expr {
    (col(left).cast(DataType::UInt64) * typed(1u64 << 32) + col(right).cast(DataType::UInt64)).alias(PAIR)
}

/// Adds [`WEIGHT`] to links in order.
fn weigh(links: DataFrame, is_deal: Expr) -> Result<DataFrame> {
    let shares = links
        .clone()
        .lazy()
        .filter(is_deal.clone())
        .group_by([col(INTERACTION)])
        .agg([(lit(1.0) / len().cast(DataType::Float64)).alias(WEIGHT)]);
    let weight = when(is_deal).then(col(WEIGHT)).otherwise(lit(NULL)).alias(WEIGHT);
    let left = JoinArgs { maintain_order: MaintainOrderJoin::Left, ..JoinArgs::new(JoinType::Left) };
    let weighted = links.lazy().join(shares, [col(INTERACTION)], [col(INTERACTION)], left).with_column(weight);
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
