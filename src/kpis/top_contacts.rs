//! Whom we contacted most, and who of us did, per account, lead and opportunity (rule K10).

use polars::prelude::*;

use crate::literals::typed;

use super::lists::{Lists, type_place};
use super::ranked_people::ranked;
use crate::columns::*;
use crate::error::{Error, Result};
use crate::interactions::event::*;
use crate::interactions::facts::Facts;
use crate::interactions::parts::{ByInteraction, Part};
use crate::interactions::{Context, Interactions, collect, gather, union};
use crate::people::who;
use crate::table::{Column, ColumnType, Rows, Table, conform_places};

const CUSTOMERS: &str = "customer people of records";
const SIDE: &str = "side";
const PERSON: &str = "person";
const RANK: &str = "rank";
const KIND_COUNTS: [&str; 3] = ["emails", "meetings", "phone_calls"];
const LAST_CONTACT: &str = "last_contact_at";

/// One row per record, side and rank. The input may be split by record, as `parts` are.
pub fn top_contacts(
    context: &Context,
    interactions: &Interactions,
    lists: &Lists,
    parts: Vec<Part>,
) -> Result<Rows> {
    let records = &context.people.records;
    let contacts = records.range("contact");
    let leads = records.range("lead");
    let between = |column: &str, range: &std::ops::Range<u32>| {
        col(column).gt_eq(lit(range.start)).and(col(column).lt(lit(range.end)))
    };
    let present = col(ROLE).lt_eq(typed(3u8)).and(col(DECLINED).not());
    let people = interactions.participants.people.clone().lazy().filter(present.clone());
    let as_contacts = people
        .clone()
        .select([col(INTERACTION), who::records(col(WHO)).alias(PERSON)])
        .filter(between(PERSON, &contacts));
    let members = members(context)?;
    let as_leads = interactions
        .participants
        .groups
        .clone()
        .lazy()
        .filter(present)
        .with_column(who::records(col(WHO)).alias(PERSON))
        .filter(between(PERSON, &contacts).fill_null(lit(false)).not())
        .join(members, [col("group")], [col("group")], JoinArgs::new(JoinType::Inner))
        .filter(between(RECORD, &leads))
        .select([col(INTERACTION), col(RECORD).alias(PERSON)]);
    let colleagues =
        people.select([col(INTERACTION), who::colleagues(col(WHO)).alias(PERSON)]).filter(col(PERSON).is_not_null());

    let customers = [collect(as_contacts, CUSTOMERS)?, collect(as_leads, CUSTOMERS)?];
    let customers = ByInteraction::new(&customers, PERSON, interactions.table.height())?;
    let colleagues = [collect(colleagues, "colleagues of records")?];
    let colleagues = ByInteraction::new(&colleagues, PERSON, interactions.table.height())?;
    let by_id = id_order(&records.table)?;
    let mut parts = parts;
    for part in &mut parts {
        part.links = collect(part.links.clone().lazy().filter(between(RECORD, &contacts).not()), CUSTOMERS)?;
    }
    let facts = Facts::of(&interactions.table)?;
    let names = (RANK, PERSON, KIND_COUNTS, LAST_CONTACT);
    let customers = ranked(&parts, &customers, &facts, |person| by_id[person as usize], names)?.lazy();
    let ours = ranked(&parts, &colleagues, &facts, |user| user, names)?.lazy();
    let customers = customers.with_columns([
        lit("most_contacted").alias(SIDE),
        gather(col(PERSON), &records.table, "record_type")?.alias("person_type"),
        gather(col(PERSON), &records.table, "record_id")?.alias("person_id"),
        gather(col(PERSON), &records.table, "name")?.alias("name"),
    ]);
    let ours = ours.join(
        context.people.directory.colleagues.clone().lazy(),
        [col(PERSON)],
        [col("user")],
        JoinArgs::new(JoinType::Inner),
    );
    let ours = ours.with_columns([lit("most_contacted_by").alias(SIDE), lit("systemuser").alias("person_type")]);
    let columns: Vec<Expr> = [RECORD, SIDE, RANK, "person_type", "person_id", "name"]
        .into_iter()
        .chain(KIND_COUNTS)
        .chain([LAST_CONTACT])
        .map(col)
        .collect();
    let rows = union([
        customers.select(columns.clone()),
        ours.with_column(col("systemuser_id").alias("person_id")).select(columns),
    ])?
    .sort([RECORD, SIDE, RANK], SortMultipleOptions::default())
    .with_columns([
        type_place(context, col(RECORD)).alias("record_type"),
        col(RECORD).alias("record_id"),
        col(LAST_CONTACT).cast(INSTANT).cast(ColumnType::Timestamp.to_polars()),
    ]);
    let texts = lists.of_records();
    let rows = conform_places(rows, &self::table(), &texts).collect();
    Ok(Rows { frame: rows.map_err(Error::engine("table top_contacts"))?, texts })
}

/// Members of all groups: `group`, `record`.
fn members(context: &Context) -> Result<LazyFrame> {
    let members = context.people.directory.group_members()?;
    let pairs: Vec<(u32, u32)> =
        (0..).zip(&members).flat_map(|(group, members)| members.iter().map(move |&member| (group, member))).collect();
    let (groups, records): (Vec<u32>, Vec<u32>) = pairs.into_iter().unzip();
    df!("group" => groups, RECORD => records).map(DataFrame::lazy).map_err(Error::engine("groups of records"))
}

/// Place of each record in the order of ids, whatever its type.
fn id_order(records: &DataFrame) -> Result<Vec<u32>> {
    let ids = records.column("record_id").and_then(|ids| ids.str()).map_err(Error::engine("ordering records by id"))?;
    let mut order: Vec<(Option<&str>, usize)> = ids.iter().zip(0..).collect();
    order.sort_unstable();
    let mut places = vec![0; order.len()];
    for (place, (_, record)) in (0..).zip(order) {
        places[record] = place;
    }
    Ok(places)
}

/// The table `top_contacts`.
pub fn table() -> Table {
    let column = |name, dtype, unit, description, empty, example| {
        Column::new(name, dtype, unit, description, empty, "K10", example)
    };
    let text = |name, description, empty, example| column(name, ColumnType::Text, "", description, empty, example);
    let count = |name, description, example| {
        column(name, ColumnType::Int64, "interactions", description, "0 when there were none", example)
    };
    Table {
        name: "top_contacts",
        version: 1,
        grain: "account, lead or opportunity, side and rank 1 to 3",
        description: "The customer people we contacted most, and the colleagues who contacted most.",
        key: &["record_type", "record_id", "side", "rank"],
        columns: vec![
            text("record_type", "account, lead, opportunity.", "never", "account"),
            text("record_id", "The record.", "never", "b0000001-0000-4000-8000-000000000000"),
            text(
                SIDE,
                "most_contacted (customer people) or most_contacted_by (colleagues).",
                "never",
                "most_contacted",
            ),
            column(
                RANK,
                ColumnType::Int64,
                "",
                "1 has the most interactions; ties by the last one, then by id.",
                "never",
                "1",
            ),
            text("person_type", "contact, lead, systemuser.", "never", "contact"),
            text("person_id", "The person.", "never", "c0000001-0000-4000-8000-000000000000"),
            text("name", "The person's name.", "null when it has none", "Xena Berg"),
            count(KIND_COUNTS[0], "Held emails in either direction.", "6"),
            count(KIND_COUNTS[1], "Held meetings in either direction.", "3"),
            count(KIND_COUNTS[2], "Held calls in either direction.", "0"),
            column(
                LAST_CONTACT,
                ColumnType::Timestamp,
                "",
                "When the last of them happened.",
                "never",
                "2026-03-20 12:00",
            ),
        ],
    }
}
