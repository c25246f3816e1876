//! The story of a record: who it is, what happened, how the relationship stands, who knows whom, and what comes next.

use chrono::NaiveDate;
use polars::prelude::*;
use serde::Serialize;
use serde_json::Value;

use super::evidence::file;
use crate::error::{Error, Result};
use crate::kpis::definitions::volume::COUNT_NAMES;
use crate::people::RecordType;
use crate::publish::Outputs;
use crate::suggest::nearest;
use crate::table::Table;
use crate::table::cells::{self, Fields};

/// Everything that is published about a record.
#[derive(Debug, Serialize)]
pub struct RecordStory {
    /// account, contact, lead, opportunity.
    pub record_type: &'static str,
    /// Its id.
    pub record_id: String,
    /// Its name, if it has one.
    pub name: Value,
    /// The day.
    pub as_of: String,
    /// What there is to tell, in the order of reading.
    pub parts: Vec<RecordSection>,
    /// Tables without a file of the day.
    pub not_published: Vec<&'static str>,
    /// Other tables with rows of the record, and how many.
    pub further_rows: Vec<Further>,
    /// Commands that tell more.
    pub see: Vec<String>,
}

/// Lines about one thing.
#[derive(Debug, Serialize)]
pub struct RecordSection {
    /// What they are about.
    pub about: &'static str,
    /// The table that they are from.
    pub table: &'static str,
    /// One per row of the table.
    pub rows: Vec<Fields>,
}

/// Rows of another table.
#[derive(Debug, Serialize)]
pub struct Further {
    /// The table.
    pub table: String,
    /// How many rows.
    pub rows: usize,
}

/// What is told of a table: under which heading, and which columns.
struct Told {
    about: &'static str,
    table: &'static str,
    columns: &'static [&'static str],
}

const OWNER: &[&str] = &["owner_id", "account_id"];
const FIRST_AND_LAST: &[&str] = &[
    "first_interaction_at",
    "last_interaction_at",
    "last_interaction_kind",
    "last_interaction_direction",
    "last_interaction_id",
];
const NEXT: &[&str] =
    &["next_interaction_at", "next_interaction_kind", "next_interaction_direction", "next_interaction_id"];
const HEALTH: &[&str] = &[
    "health_score",
    "health_state",
    "health_trend",
    "earlier_health_score",
    "main_reason",
    "days_since_contact",
    "days_since_received",
    "days_since_sent",
    "contact_days",
    "expected_contact_days",
];
const WHO: [Told; 3] = [
    Told {
        about: "who is in touch",
        table: "top_contacts",
        columns: &[
            "side",
            "rank",
            "name",
            "person_type",
            "person_id",
            "emails",
            "meetings",
            "phone_calls",
            "last_contact_at",
        ],
    },
    Told {
        about: "whom to ask for an introduction",
        table: "who_knows_whom",
        columns: &[
            "rank",
            "colleague_name",
            "systemuser_id",
            "strength",
            "label",
            "last_interaction_at",
            "last_interaction_kind",
        ],
    },
    Told {
        about: "which colleagues know the company",
        table: "account_connections",
        columns: &["systemuser_id", "contacts", "strength", "label", "interactions", "last_interaction_at"],
    },
];

/// Tells all about the record of an id.
///
/// # Errors
/// An id that no record has, with those that are near it or have that name; what storage refuses.
pub fn story(dictionary: &[Table], outputs: &Outputs, id: &str, day: NaiveDate) -> Result<RecordStory> {
    let (record_type, id, row) = found(outputs, id, day)?;
    let type_name = record_type.name();
    let kpis = record_type.kpi_table();
    let mut story = RecordStory {
        record_type: type_name,
        name: row.column("name").map_or(Value::Null, |names| cells::json(names, 0)),
        as_of: day.to_string(),
        parts: Vec::new(),
        not_published: Vec::new(),
        further_rows: Vec::new(),
        see: vec![
            format!("rapport explain {kpis} {id}"),
            format!("rapport explain relationship_health {type_name} {id} health_score"),
        ],
        record_id: id.clone(),
    };
    let happened = [OWNER, &COUNT_NAMES, FIRST_AND_LAST].concat();
    story.parts.push(RecordSection { about: "what happened", table: kpis, rows: rows(&row, &happened) });
    let of_record = |table: &Table| about(table, record_type, &id);
    let mut told = vec![kpis];
    let mut add = |story: &mut RecordStory, about: &'static str, table: &'static str, columns: &[&str]| -> Result<()> {
        told.push(table);
        let declared = dictionary.iter().find(|declared| declared.name == table);
        let Some(condition) = declared.and_then(&of_record) else { return Ok(()) };
        match file(outputs, table, day)? {
            None => story.not_published.push(table),
            Some(file) => {
                let found = file.collect(|all| all.filter(condition))?;
                if found.height() > 0 {
                    story.parts.push(RecordSection { about, table, rows: rows(&found, columns) });
                }
            }
        }
        Ok(())
    };
    add(&mut story, "how the relationship stands", "relationship_health", HEALTH)?;
    for Told { about, table, columns } in WHO {
        add(&mut story, about, table, columns)?;
    }
    story.parts.push(RecordSection { about: "what comes next", table: kpis, rows: rows(&row, NEXT) });
    if let Some(file) = file(outputs, "summaries", day)? {
        let own = col("record_type").eq(lit(type_name)).and(col("record_id").eq(lit(id.as_str())));
        let english = file.collect(|all| all.filter(own.and(col("language").eq(lit("en")))))?;
        if english.height() > 0 {
            let rows = rows(&english, &["sentence"]);
            story.parts.push(RecordSection { about: "in a few words", table: "summaries", rows });
        }
    }
    told.push("summaries");
    for table in dictionary.iter().filter(|table| !told.contains(&table.name)) {
        let Some(condition) = of_record(table) else { continue };
        if let Some(file) = file(outputs, table.name, day)? {
            let found = file.collect(|all| all.filter(condition).select([len().alias("rows")]))?;
            let rows = found.column("rows").and_then(|rows| Ok(rows.cast(&DataType::UInt64)?.u64()?.get(0)));
            let rows = rows.map_err(Error::engine("rows of a record"))?.unwrap_or_default() as usize;
            if rows > 0 {
                story.further_rows.push(Further { table: table.name.to_string(), rows });
            }
        }
    }
    Ok(story)
}

/// The condition of rows that are about a record, where a table has such.
fn about(table: &Table, record_type: RecordType, id: &str) -> Option<Expr> {
    let has = |name: &str| table.columns.iter().any(|column| column.name == name);
    let type_name = record_type.name();
    for (of_type, of_id) in [("record_type", "record_id"), ("person_type", "person_id")] {
        if has(of_type) && has(of_id) {
            return Some(col(of_type).eq(lit(type_name)).and(col(of_id).eq(lit(id))));
        }
    }
    let own = RecordType::ALL.into_iter().find(|other| table.key.contains(&other.published_id()))?;
    (own == record_type).then(|| col(record_type.published_id()).eq(lit(id)))
}

fn rows(frame: &DataFrame, columns: &[&str]) -> Vec<Fields> {
    let present: Vec<&Column> = columns.iter().filter_map(|name| frame.column(name).ok()).collect();
    let row = |row: usize| Fields::of(present.iter().copied(), row);
    (0..frame.height()).map(row).collect()
}

/// The record of an id, in the KPI table that has it.
fn found(outputs: &Outputs, asked: &str, day: NaiveDate) -> Result<(RecordType, String, DataFrame)> {
    const SHOWN: usize = 5;
    let plain = asked.trim_matches(['{', '}']).to_lowercase();
    let (mut ids, mut named) = (Vec::new(), Vec::new());
    let mut is_published = false;
    for record_type in RecordType::ALL {
        let Some(file) = file(outputs, record_type.kpi_table(), day)? else { continue };
        is_published = true;
        let key = record_type.published_id();
        let row = file.collect(|rows| rows.filter(col(key).eq(lit(asked)).or(col(key).eq(lit(plain.as_str())))))?;
        if row.height() == 1 {
            let id = row.column(key).ok().and_then(|ids| cells::text(ids, 0)).unwrap_or_default();
            return Ok((record_type, id, row));
        }
        let all = file.collect(|rows| rows.select([col(key), col("name")]))?;
        for row in 0..all.height() {
            let text = |name: &str| all.column(name).ok().and_then(|column| cells::text(column, row));
            let Some(id) = text(key) else { continue };
            if text("name").is_some_and(|name| name.to_lowercase().contains(&asked.to_lowercase())) {
                named.push(format!("{} {id}", record_type.name()));
            }
            ids.push(id);
        }
    }
    if !is_published {
        return Err(Error::usage(
            "--as-of",
            format!("no table of accounts, contacts, leads or opportunities is published as of {day}"),
            format!("Publish them by rapport run --as-of {day}, or name a day that is published"),
        ));
    }
    let remedy = match (named.is_empty(), nearest(asked, ids.iter().map(String::as_str))) {
        (false, _) => format!("Of that name there are {}", named[..named.len().min(SHOWN)].join(", ")),
        (true, Some(near)) => format!("Did you mean {near}?"),
        (true, None) => "Name the id of an account, contact, lead or opportunity, as in the KPI tables".to_string(),
    };
    Err(Error::usage("ID", format!("no record has the id {asked:?} as of {day}"), remedy))
}
