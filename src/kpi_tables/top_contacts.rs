//! The table `top_contacts`: whom we contacted most, and who of us did; one row per account, lead or opportunity, side and
//! rank (rule K10).

use polars::prelude::*;

use crate::error::{Error, Result};
use crate::frames::{gather, union};
use crate::interactions::columns::*;
use crate::interactions::event::*;
use crate::interactions::record_shards::RecordShard;
use crate::interactions::tables::{Dictionaries, type_place};
use crate::interactions::{Context, Interactions};
use crate::kpi_tables::everybody::Everybody;
use crate::kpi_tables::ranked_people::{KIND_COUNTS, LAST_BY_NUMBER, LAST_CONTACT, PERSON, RANK, ranked};
use crate::kpi_tables::taking_part::TakingPart;
use crate::people::RecordType;
use crate::table::{Column, ColumnType, Rows, Table, conform_places};

const SIDE: &str = "side";
const LAST_BY: &str = "last_contacted_by";
const LAST_BY_ID: &str = "last_contacted_by_id";

/// Whom records have in common with our side: of the customer side, and colleagues.
pub struct Met {
    customers: Everybody,
    colleagues: Everybody,
}

/// The first people of each record.
pub struct Ranked {
    customers: DataFrame,
    colleagues: DataFrame,
}

impl Met {
    /// Everybody of interactions whose links are split by record into `parts`; `order` has a person's place where all
    /// else is equal.
    ///
    /// # Errors
    /// Only what the engine runs into.
    pub fn of(
        context: &Context,
        interactions: &Interactions,
        parts: &[RecordShard],
        order: &(dyn Fn(u32) -> u32 + Sync),
    ) -> Result<Met> {
        let people = TakingPart::of(context, interactions)?;
        let contacts = context.people.records.range(RecordType::Contact);
        Ok(Met {
            customers: Everybody::of(parts, &contacts, &people.customers(context, order), &people.facts)?,
            colleagues: Everybody::of(parts, &contacts, &people.colleagues(context), &people.facts)?,
        })
    }

    /// The first people of these and others. `theirs` says under which number the others have a record, `own` under
    /// which number a record of theirs is here, if at all; interactions get their `places` among all.
    ///
    /// # Errors
    /// Only what the engine runs into.
    pub fn ranked_with(
        &self,
        others: &Met,
        theirs: &dyn Fn(u32) -> Option<u32>,
        own: &dyn Fn(u32) -> Option<u32>,
        places: [&[u32]; 2],
        order: &dyn Fn(u32) -> u32,
    ) -> Result<Ranked> {
        Ok(Ranked {
            customers: self.customers.ranked_with(&others.customers, theirs, own, places, order)?,
            colleagues: self.colleagues.ranked_with(&others.colleagues, theirs, Some, places, &|user| user)?,
        })
    }
}

impl Ranked {
    /// Of interactions whose links are split by record into `parts`.
    ///
    /// # Errors
    /// Only what the engine runs into.
    pub fn of(
        context: &Context,
        interactions: &Interactions,
        parts: &[RecordShard],
        order: &(dyn Fn(u32) -> u32 + Sync),
    ) -> Result<Ranked> {
        let people = TakingPart::of(context, interactions)?;
        let contacts = context.people.records.range(RecordType::Contact);
        Ok(Ranked {
            customers: ranked(parts, &contacts, &people.customers(context, order), &people.facts)?,
            colleagues: ranked(parts, &contacts, &people.colleagues(context), &people.facts)?,
        })
    }
}

/// One row per record, side and rank. The input may be split by record.
///
/// # Errors
/// Only what the engine runs into.
pub fn top_contacts(context: &Context, ranked: Ranked, lists: &Dictionaries) -> Result<Rows> {
    let records = &context.people.records;
    let (customers, ours) = (ranked.customers.lazy(), ranked.colleagues.lazy());
    let our_people = context.people.directory.colleagues.clone().lazy().select([
        col("user").alias(LAST_BY_NUMBER),
        col("systemuser_id").alias(LAST_BY_ID),
        col("name").alias(LAST_BY),
    ]);
    let left = JoinArgs::new(JoinType::Left);
    let customers = customers.join(our_people, [col(LAST_BY_NUMBER)], [col(LAST_BY_NUMBER)], left);
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
    let nobody = |name: &str| lit(NULL).cast(DataType::String).alias(name);
    let ours = ours.with_columns([
        lit("most_contacted_by").alias(SIDE),
        lit("systemuser").alias("person_type"),
        nobody(LAST_BY),
        nobody(LAST_BY_ID),
    ]);
    let columns: Vec<Expr> = [RECORD, SIDE, RANK, "person_type", "person_id", "name"]
        .into_iter()
        .chain(KIND_COUNTS)
        .chain([LAST_CONTACT, LAST_BY, LAST_BY_ID])
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
        defined_in: file!(),
        name: "top_contacts",
        version: 3,
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
            text(
                LAST_BY,
                "Name of the colleague who had that last contact with the customer person: who wrote, set up the meeting or \
                 called, else who was addressed, of several the one with the smallest id.",
                "null on rows of colleagues, when no colleague took part, and when the colleague has no name or is erased",
                "Anna Berg",
            ),
            text(
                LAST_BY_ID,
                "Id of that colleague.",
                "null on rows of colleagues, and when no colleague took part",
                "a0000001-0000-4000-8000-000000000000",
            ),
        ],
    }
}
