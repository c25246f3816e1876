//! Which records an interaction counts for, and why (rules L1 to L5).

use std::ops::Range;

use polars::prelude::*;
use rayon::prelude::*;

use crate::config::LinkOpportunities;
use crate::error::{Error, Result};
use crate::frames::keys::KeyMap;
use crate::interactions::Kind;
use crate::interactions::columns::*;
use crate::interactions::drop_rules::REGARDED;
use crate::interactions::event::*;
use crate::interactions::people::view::ParticipantColumns;
use crate::interactions::{Context, Participants};
use crate::people::{RecordType, deals_as_of, person_key};
use crate::sources::roles::{ADDRESSED, STARTS};
use crate::time::{DAY, days_since_epoch};

/// Why an interaction counts for a record: an index into [`LINK_REASONS`].
pub const LINK: &str = "link";
/// Reasons in the order in which they win.
pub const LINK_REASONS: [&str; 2] = ["regarding", "participant"];
const REGARDING_LINK: u8 = 0;
const PARTICIPANT_LINK: u8 = 1;

/// Interactions that one worker links at a time.
const CHUNK: usize = 1 << 16;

/// `interaction`, `record`, `link`, in that order. `interactions` are in the order of
/// [`INTERACTION`], `participants` sorted by it. The input may be split by interaction.
///
/// A loop over interactions instead of joins: a join first pairs each contact with every deal of the company, before
/// the colleagues decide which deals count, and that intermediate result took twice as long as everything else.
pub fn link(context: &Context, interactions: &DataFrame, participants: &Participants) -> Result<DataFrame> {
    let doing = || Error::engine("linking interactions to records");
    let rules = Rules::of(context)?;
    let parts = Parts::of(interactions, participants)?;
    let count = interactions.height();
    let chunks: Vec<Links> = (0..count.div_ceil(CHUNK))
        .into_par_iter()
        .map(|chunk| rules.links(&parts, chunk * CHUNK..count.min((chunk + 1) * CHUNK)))
        .collect::<Result<_>>()?;
    let rows = chunks.iter().map(|chunk| chunk.records.len()).sum();
    let (mut numbers, mut records, mut links) =
        (Vec::with_capacity(rows), Vec::with_capacity(rows), Vec::with_capacity(rows));
    for chunk in chunks {
        numbers.extend(chunk.interactions);
        records.extend(chunk.records);
        links.extend(chunk.links);
    }
    df!(INTERACTION => numbers, RECORD => records, LINK => links).map_err(doing())
}

/// Share of each deal in its interaction: one divided by the deals that the interaction counts for,
/// null for other records (rule L5). Interactions must be whole.
pub fn weights(context: &Context, links: &DataFrame) -> Result<Column> {
    let deals = context.people.records.range(RecordType::Opportunity);
    let shares = || -> PolarsResult<Column> {
        let numbers = links.column(INTERACTION)?.u32()?.cont_slice()?;
        let records = links.column(RECORD)?.u32()?.cont_slice()?;
        let mut weights = Vec::with_capacity(numbers.len());
        for of_one in numbers.chunk_by(|a, b| a == b) {
            let records = &records[weights.len()..weights.len() + of_one.len()];
            let share = 1.0 / records.iter().filter(|record| deals.contains(record)).count().max(1) as f64;
            weights.resize(weights.len() + of_one.len(), share);
        }
        let known: BooleanChunked = records.iter().map(|record| deals.contains(record)).collect_ca(PlSmallStr::EMPTY);
        let known = known.downcast_as_array().values().clone();
        Ok(Float64Chunked::from_vec_validity("weight".into(), weights, Some(known)).into_column())
    };
    shares().map_err(Error::engine("weighing links"))
}

/// Cuts links into ranges of about `rows` that keep interactions whole; without links, one empty range.
pub fn whole_interactions(links: &DataFrame, rows: usize) -> Result<Vec<Range<usize>>> {
    let numbers = links.column(INTERACTION).and_then(|c| c.u32()?.cont_slice());
    let numbers = numbers.map_err(Error::engine("cutting links into chunks"))?;
    let (mut ranges, mut start) = (Vec::new(), 0);
    while start + rows < numbers.len() {
        let last = numbers[start + rows - 1];
        let end = start + numbers[start..].partition_point(|&number| number <= last);
        ranges.push(start..end);
        start = end;
    }
    ranges.push(start..numbers.len());
    Ok(ranges)
}

#[derive(Default)]
struct Links {
    interactions: Vec<u32>,
    records: Vec<u32>,
    links: Vec<u8>,
}

/// What links are made of.
struct Parts<'a> {
    kinds: &'a [u8],
    times: &'a [i64],
    regarded: &'a UInt32Chunked,
    people: ParticipantColumns,
    groups: ParticipantColumns,
}

impl<'a> Parts<'a> {
    fn of(interactions: &'a DataFrame, participants: &Participants) -> Result<Self> {
        let columns = || -> PolarsResult<(&[u8], &[i64], &UInt32Chunked)> {
            Ok((
                interactions.column(KIND)?.u8()?.cont_slice()?,
                interactions.column(OCCURRED_AT)?.datetime()?.phys.cont_slice()?,
                interactions.column(REGARDED)?.u32()?,
            ))
        };
        let (kinds, times, regarded) = columns().map_err(Error::engine("linking interactions to records"))?;
        let people = ParticipantColumns::of(&participants.people)?;
        let groups = ParticipantColumns::of(&participants.groups)?;
        Ok(Parts { kinds, times, regarded, people, groups })
    }
}

/// Which records the part of each person links to.
pub(super) struct Rules {
    /// Accounts and contacts of each person.
    free: Vec<Vec<u32>>,
    /// Leads and deals that a person and a colleague have in common, by both numbers. Looking up
    /// both at once keeps a contact of a company with many deals from meeting all of them.
    common: KeyMap<Vec<u32>, u64>,
    /// Records of each group.
    members: Vec<Vec<u32>>,
    deals: Range<u32>,
    /// From when and until when (exclusive) a deal takes part, microseconds (rule L4).
    limits: Vec<(i64, i64)>,
    participants_link_deals: bool,
    organizers_link: bool,
}

impl Rules {
    pub(super) fn of(context: &Context) -> Result<Rules> {
        let people = context.people;
        let records = &people.records;
        let first_lead = records.range(RecordType::Lead).start;
        let mut free = vec![Vec::new(); records.table.height()];
        let mut watchers = vec![Vec::new(); records.table.height()];
        for &(user, record) in &people.interest.colleagues {
            watchers[record as usize].push(user);
        }
        let mut common: KeyMap<Vec<u32>, u64> = KeyMap::default();
        for &(person, record) in &people.interest.customers {
            if record < first_lead {
                free[person as usize].push(record);
            }
            for &user in &watchers[record as usize] {
                common.entry(pair(person, user)).or_default().push(record);
            }
        }
        Ok(Rules {
            free,
            common,
            members: people.directory.group_members()?,
            deals: records.range(RecordType::Opportunity),
            limits: limits(context)?,
            participants_link_deals: context.settings.link_opportunities == LinkOpportunities::Participants,
            organizers_link: context.settings.organizers_link,
        })
    }

    fn links(&self, parts: &Parts, interactions: Range<usize>) -> Result<Links> {
        let mut found = Links::default();
        let mut people = parts.people.rows_from(interactions.start as u32)?;
        let mut groups = parts.groups.rows_from(interactions.start as u32)?;
        let (mut customers, mut colleagues, mut links) = (Vec::new(), Vec::new(), Vec::new());
        for at in interactions {
            let kind = Kind::of(parts.kinds[at]);
            customers.clear();
            colleagues.clear();
            for row in people.next(at as u32).filter(|&row| people.takes_part(row)) {
                colleagues.extend(person_key::colleague_number(people.who[row]));
                if self.role_links(kind, people.roles[row]) {
                    customers.extend(person_key::record(people.who[row]));
                }
            }
            for row in groups.next(at as u32).filter(|&row| groups.takes_part(row)) {
                if self.role_links(kind, groups.roles[row]) {
                    customers.extend(&self.members[groups.groups[row] as usize]);
                }
            }
            links.clear();
            let time = parts.times[at];
            for &customer in &customers {
                links.extend(self.free[customer as usize].iter().map(|&record| (record, PARTICIPANT_LINK)));
                for &colleague in &colleagues {
                    let common = self.common.get(&pair(customer, colleague)).into_iter().flatten();
                    let counts = common.filter(|&&record| self.deal_counts(record, time));
                    links.extend(counts.map(|&record| (record, PARTICIPANT_LINK)));
                }
            }
            let regarded = parts.regarded.get(at).filter(|&record| time < self.limits_of(record).1);
            links.extend(regarded.map(|record| (record, REGARDING_LINK)));
            links.sort_unstable_by_key(|&(record, link)| (record, link));
            links.dedup_by_key(|(record, _)| *record);
            for &(record, link) in &links {
                found.interactions.push(at as u32);
                found.records.push(record);
                found.links.push(link);
            }
        }
        Ok(found)
    }

    /// Whether somebody on the customer side links in a role, by kind (rule L2).
    pub(super) fn role_links(&self, kind: Kind, role: u8) -> bool {
        match kind {
            Kind::Call => role <= ADDRESSED,
            Kind::Meeting => role > STARTS || self.organizers_link,
            Kind::Task => false,
            Kind::Email => true,
        }
    }

    /// Whether a lead or deal counts what people do at a time.
    fn deal_counts(&self, record: u32, time: i64) -> bool {
        let (opens, closes) = self.limits_of(record);
        !self.deals.contains(&record) || self.participants_link_deals && time >= opens && time < closes
    }

    /// Why a record does not count what its people do at a time, with a colleague of the record or without.
    pub(super) fn refusal(&self, record: u32, time: i64, with_colleague: bool) -> Option<&'static str> {
        let (opens, closes) = self.limits_of(record);
        let is_deal = self.deals.contains(&record);
        match () {
            () if is_deal && !self.participants_link_deals => Some("only what regards a deal counts for it"),
            () if is_deal && time < opens => Some("it happened before the time of the deal"),
            () if is_deal && time >= closes => Some("it happened after the deal was closed"),
            () if !with_colleague => Some("no colleague of the lead or deal takes part"),
            () => None,
        }
    }

    fn limits_of(&self, record: u32) -> (i64, i64) {
        if self.deals.contains(&record) {
            self.limits[(record - self.deals.start) as usize]
        } else {
            (i64::MIN, i64::MAX)
        }
    }
}

/// Two numbers as one key.
fn pair(person: u32, user: u32) -> u64 {
    u64::from(person) << 32 | u64::from(user)
}

/// From when and until when (exclusive) each deal takes part, microseconds.
fn limits(context: &Context) -> Result<Vec<(i64, i64)>> {
    let as_of_day = days_since_epoch(context.as_of.date);
    let deals = deals_as_of(context.sources, &context.people.records, as_of_day)?;
    let lead = context.settings.opportunity_lead_days.map(|days| i64::from(days) * DAY);
    let limit = |created: Option<i64>, closing: Option<i32>| {
        let opens = created.and_then(|created| Some(created - lead?)).unwrap_or(i64::MIN);
        (opens, closing.map_or(i64::MAX, |day| context.as_of.day_end(day)))
    };
    Ok(deals.iter().map(|deal| limit(deal.created_at, deal.closed_on)).collect())
}
