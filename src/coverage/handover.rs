//! The table `handover`: what colleagues who leave have to hand over, and to whom (rule W8).

use std::collections::BTreeMap;

use polars::prelude::*;

use super::instants;
use super::leaving::{self, Leaving};
use super::open_work::{self, OpenWork};
use crate::connections::colleagues::SYSTEMUSER_ID;
use crate::connections::colleagues::colleagues;
use crate::connections::connection::Connection;
use crate::error::{Error, Result};
use crate::frames::Grouped;
use crate::frames::typed_columns::texts;
use crate::interactions::event::INTERACTION_ID;
use crate::interactions::{Context, Interactions};
use crate::people::record_lists::people_of_records;
use crate::people::{DealState, RecordType, deals_as_of};
use crate::table::ColumnType::{Boolean, Float64, Int64, Text, Timestamp};
use crate::table::{Column as Declared, ColumnType, Table, conform};
use crate::time::days_since_epoch;

/// A relation that ends when a colleague leaves.
#[derive(Clone, Copy, Debug)]
struct Ending {
    user: u32,
    record: u32,
    strength: f64,
    last_at: i64,
    /// Of those who stay the one with the strongest connection: colleague, strength, when it was last.
    next: Option<(u32, f64, i64)>,
}

/// Rows in the order of the key. The input must not be split by record.
pub fn handover(context: &Context, interactions: &Interactions, connections: &[Connection]) -> Result<LazyFrame> {
    let leaving = leaving::of(context)?;
    let mut endings = Vec::new();
    if !leaving.is_empty() {
        endings = endings_of(context, connections, &leaving)?;
    }
    let pairs = endings.iter().map(|ending| (ending.user, ending.record));
    let work = open_work::of(context, interactions, pairs)?;
    let columns = columns(context, interactions, &leaving, &endings, &work)?;
    let rows = DataFrame::new(endings.len(), columns).map_err(Error::engine("table handover"))?;
    Ok(conform(rows.lazy(), &table()))
}

/// Relations of those who leave that are stronger than any of those who stay, in the order of colleague and record.
fn endings_of(context: &Context, connections: &[Connection], leaving: &Leaving) -> Result<Vec<Ending>> {
    let records = &context.people.records;
    let of_record = connections.iter().zip(0u32..).map(|(one, at)| (one.record, at));
    let of_record = Grouped::new(records.table.height(), of_record);
    let to = |record: u32| of_record.of(record).iter().map(|&at| &connections[at as usize]);
    let mut endings = Vec::new();
    for one in connections.iter().filter(|one| leaving.contains(one.user) && one.is_relation()) {
        endings.extend(ending(one.user, one.record, std::iter::once(one), to(one.record), leaving));
    }
    let today = days_since_epoch(context.as_of.date);
    let deals = deals_as_of(context.sources, records, today)?;
    let people = people_of_records(context.people);
    for (deal, state) in records.range(RecordType::Opportunity).zip(&deals) {
        if state.state != DealState::Open {
            continue;
        }
        let with_people = || people.under(deal).iter().flat_map(|&person| to(person));
        let mut users: Vec<u32> = with_people().map(|one| one.user).collect();
        users.sort_unstable();
        users.dedup();
        for user in users {
            if leaving.contains(user) && context.people.interest.colleagues.contains(&(user, deal)) {
                let own = with_people().filter(|one| one.user == user && one.is_relation());
                endings.extend(ending(user, deal, own, with_people(), leaving));
            }
        }
    }
    endings.sort_by_key(|ending| (ending.user, ending.record));
    Ok(endings)
}

/// The relation of somebody who leaves, where nobody who stays has a connection as strong.
fn ending<'a>(
    user: u32,
    record: u32,
    own: impl Iterator<Item = &'a Connection>,
    all: impl Iterator<Item = &'a Connection>,
    leaving: &Leaving,
) -> Option<Ending> {
    // Of several the one with the later last interaction, then the smaller id.
    let stronger = |one: &&Connection, other: &&Connection| {
        one.strength.total_cmp(&other.strength).then(one.last.at.cmp(&other.last.at)).then(other.user.cmp(&one.user))
    };
    let own = own.max_by(stronger)?;
    let next = all.filter(|one| !leaving.contains(one.user)).max_by(stronger);
    let next = next.map(|one| (one.user, one.strength, one.last.at));
    let is_strongest = next.is_none_or(|(_, strength, _)| own.strength >= strength);
    is_strongest.then_some(Ending { user, record, strength: own.strength, last_at: own.last.at, next })
}

fn columns(
    context: &Context,
    interactions: &Interactions,
    leaving: &Leaving,
    endings: &[Ending],
    work: &BTreeMap<(u32, u32), OpenWork>,
) -> Result<Vec<Column>> {
    let records = &context.people.records.table;
    let (types, ids) = (texts(records, "record_type")?, texts(records, "record_id")?);
    let (names, owners) = (texts(records, "name")?, texts(records, "owner_id")?);
    let users = colleagues(context)?;
    let user_ids = texts(&users, SYSTEMUSER_ID)?;
    let interaction_ids = texts(&interactions.table, INTERACTION_ID)?;
    let text = |name: &str, of: &dyn Fn(&Ending) -> Option<String>| {
        Column::new(name.into(), endings.iter().map(of).collect::<Vec<_>>())
    };
    let truth =
        |name: &str, of: &dyn Fn(&Ending) -> bool| Column::new(name.into(), endings.iter().map(of).collect::<Vec<_>>());
    let at = |name: &str, of: &dyn Fn(&Ending) -> Option<i64>| {
        instants(name, endings.iter().map(of).collect()).map_err(Error::engine("table handover"))
    };
    let none = OpenWork::default();
    let open = |ending: &Ending| work.get(&(ending.user, ending.record)).unwrap_or(&none);
    let count = |name: &str, of: &dyn Fn(&OpenWork) -> u32| {
        Column::new(name.into(), endings.iter().map(|ending| i64::from(of(open(ending)))).collect::<Vec<_>>())
    };
    let user = |user: u32| user_ids.get(user as usize).map(str::to_string);
    let of_record = |column: &StringChunked, ending: &Ending| column.get(ending.record as usize).map(str::to_string);
    Ok(vec![
        text("systemuser_id", &|ending| user(ending.user)),
        text("record_type", &|ending| of_record(types, ending)),
        text("record_id", &|ending| of_record(ids, ending)),
        text("record_name", &|ending| of_record(names, ending)),
        truth("is_disabled", &|ending| leaving.is_disabled(ending.user)),
        truth("owns_record", &|ending| owners.get(ending.record as usize) == user_ids.get(ending.user as usize)),
        truth("only_connection", &|ending| ending.next.is_none()),
        Column::new("strength".into(), endings.iter().map(|ending| ending.strength).collect::<Vec<_>>()),
        at("last_interaction_at", &|ending| Some(ending.last_at))?,
        text("next_colleague_id", &|ending| user(ending.next?.0)),
        Column::new("next_strength".into(), endings.iter().map(|one| Some(one.next?.1)).collect::<Vec<Option<f64>>>()),
        at("next_last_interaction_at", &|ending| Some(ending.next?.2))?,
        count("open_threads", &|work| work.open_threads),
        count("threads_awaiting_us", &|work| work.awaiting_us),
        count("planned_meetings", &|work| work.planned_meetings),
        at("next_meeting_at", &|ending| Some(open(ending).next_meeting?.0))?,
        text("next_meeting_id", &|ending| {
            interaction_ids.get(open(ending).next_meeting?.1 as usize).map(str::to_string)
        }),
    ])
}

/// The table `handover`.
pub fn table() -> Table {
    let column = |name, dtype: ColumnType, unit, description, empty, example| {
        Declared::new(name, dtype, unit, description, empty, "W8", example)
    };
    let text = |name, description, empty, example| column(name, Text, "", description, empty, example);
    let truth = |name, description, example| column(name, Boolean, "", description, "never", example);
    let count =
        |name, unit, description, example| column(name, Int64, unit, description, "0 when there are none", example);
    const NOBODY: &str = "null when nobody who stays was in touch; null where that colleague was forgotten";
    Table {
        defined_in: file!(),
        name: "handover",
        version: 1,
        grain: "colleague who leaves and account, contact, lead or open deal that only they know, or they know best",
        description: "What colleagues who are disabled, or are named in leaving_colleagues, have to hand over: relations \
                      that are stronger than those of all who stay, who comes next, and what is under way.",
        key: &["systemuser_id", "record_type", "record_id"],
        columns: vec![
            text("systemuser_id", "The colleague who leaves.", "never", "a0000001-0000-4000-8000-000000000000"),
            text("record_type", "account, contact, lead, opportunity.", "never", "contact"),
            text("record_id", "The record.", "never", "c0000001-0000-4000-8000-000000000000"),
            text(
                "record_name",
                "Its name.",
                "null when it has none; null where it tells of somebody forgotten",
                "Xena Berg",
            ),
            truth("is_disabled", "Whether the colleague is disabled; false where the setting names them.", "true"),
            truth("owns_record", "Whether the colleague owns the record.", "false"),
            truth("only_connection", "Whether nobody who stays was in touch with it in the past 365 days.", "true"),
            column(
                "strength",
                Float64,
                "0–100",
                "How strong the colleague's connection is, as in connections; to a deal the strongest to one of its people.",
                "never",
                "61.5",
            ),
            column("last_interaction_at", Timestamp, "", "When its last interaction was.", "never", "2026-03-20 12:00"),
            text(
                "next_colleague_id",
                "The colleague who stays with the strongest connection; of several the one last in touch, then the one with \
                 the smallest id.",
                NOBODY,
                "a0000002-0000-4000-8000-000000000000",
            ),
            column("next_strength", Float64, "0–100", "How strong that connection is.", NOBODY, "22.1"),
            column(
                "next_last_interaction_at",
                Timestamp,
                "",
                "When its last interaction was.",
                NOBODY,
                "2026-03-02 09:00",
            ),
            count(
                "open_threads",
                "threads",
                "Threads that count for the record, with the colleague in them, whose last email is at most 30 days old.",
                "2",
            ),
            count("threads_awaiting_us", "threads", "Those of them whose last email is from the other side.", "1"),
            count(
                "planned_meetings",
                "meetings",
                "Planned meetings that count for the record, with the colleague in them.",
                "1",
            ),
            column(
                "next_meeting_at",
                Timestamp,
                "",
                "When the first of them is.",
                "null when none is planned",
                "2026-04-02 10:00",
            ),
            text(
                "next_meeting_id",
                "Its interaction_id.",
                "null when none is planned; null where it was with somebody forgotten alone",
                "meeting:040000008200E00074C5B7101A82E00800000001",
            ),
        ],
    }
}
