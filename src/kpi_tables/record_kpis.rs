//! The tables `account_kpis`, `contact_kpis`, `lead_kpis` and `opportunity_kpis`: one row per record known at the date. Their
//! columns are the KPIs of `kpis/definitions`, in the order of `kpis/column_order.rs`.

use polars::prelude::*;

use rayon::prelude::*;

use crate::error::{Error, Result};
use crate::frames::collect;
use crate::interactions::columns::OCCURRED_AT;
use crate::interactions::event::*;
use crate::interactions::record_shards::RecordShard;
use crate::interactions::{Context, Interactions};
use crate::kpi_tables::silence::{self, DaysOfInteractions};
use crate::kpis::column_order::{VERSION, is_at_the_end, place};
use crate::kpis::definitions::completeness::ACCURACY;
use crate::kpis::definitions::first_last_next::{self, Described};
use crate::kpis::evaluate::{self, Contributions, Plan, Sums};
use crate::kpis::{Measuring, kpis, ratios};
use crate::people::{RecordType, record_details};
use crate::table::{Column, ColumnType, Table, conform};
use crate::time::AsOf;

/// What of interactions is added up for records.
pub struct Addends<'a> {
    plan: Plan,
    contributions: Contributions,
    /// When each was, in microseconds.
    times: &'a [i64],
    days: DaysOfInteractions,
}

impl<'a> Addends<'a> {
    /// Of interactions; days of contact are those before and on `day`.
    ///
    /// # Errors
    /// Only what the engine runs into.
    pub fn of(context: &Context, interactions: &'a Interactions, day: &AsOf) -> Result<Addends<'a>> {
        let plan = plan(context);
        let contributions = Contributions::of(interactions, &plan)?;
        let times = interactions.table.column(OCCURRED_AT).and_then(|times| times.datetime()?.phys.cont_slice());
        let times = times.map_err(Error::engine("KPIs of records"))?;
        Ok(Addends { plan, contributions, times, days: DaysOfInteractions::of(interactions, day)? })
    }

    /// Their sums for the records of consecutive parts of the links.
    ///
    /// # Errors
    /// Only what the engine runs into.
    pub fn added(&self, parts: &[RecordShard]) -> Result<Added> {
        let Addends { plan, contributions, times, days } = self;
        let sums = parts.par_iter().map(|part| Sums::of(plan, contributions, times, part, |_, _| false));
        let sums = sums.collect::<PolarsResult<Vec<_>>>().map_err(Error::engine("KPIs of records"))?;
        Ok(Added { first: parts.first().map_or(0, |part| part.records.start), sums, days: days.of_records(parts)? })
    }
}

/// What is added up of interactions for each of some consecutive records.
pub struct Added {
    /// The first of them.
    first: u32,
    /// Of consecutive records, one part after the other.
    sums: Vec<Sums>,
    /// By record, on which of the last days there was contact.
    days: Vec<silence::Days>,
}

impl Added {
    /// All records in one part.
    pub fn joined(self) -> Added {
        Added { sums: vec![Sums::joined(&self.sums)], ..self }
    }

    /// These, of a day, with those of other interactions of an earlier or the same day; both are of all records, in one
    /// part. `number` says under which number a record of the others is here, if at all; interactions get their `places`
    /// among all.
    pub fn with(
        self,
        others: &Added,
        days_before: u32,
        number: impl Fn(u32) -> Option<u32>,
        places: [&[u32]; 2],
    ) -> Added {
        let Added { first, sums, mut days } = self;
        for (other, &contacts) in (0u32..).zip(&others.days) {
            if let Some(number) = number(other) {
                days[number as usize] |= contacts.checked_shr(days_before).unwrap_or(0);
            }
        }
        let sums = sums.into_iter().zip(&others.sums).map(|(sums, others)| sums.with(others, &number, places));
        Added { first, sums: sums.collect(), days }
    }
}

fn plan(context: &Context) -> Plan {
    Plan::of(&kpis(), &Measuring::of(context))
}

/// Every KPI but health of the records that something was added up for: one row per record in order of `record`. `described`
/// says more of interactions.
pub fn by_record(context: &Context, described: &Described, added: &Added, accuracy: &'static str) -> Result<DataFrame> {
    let doing = || Error::engine("KPIs of records");
    let plan = plan(context);
    let columns = added.sums.par_iter().map(|sums| evaluate::columns(&plan, sums));
    let records: usize = added.sums.iter().map(Sums::records).sum();
    let mut frame = context.people.records.table.slice(i64::from(added.first), records);
    let mut columns = columns.collect::<PolarsResult<Vec<_>>>().map_err(doing())?.into_iter();
    let mut first = columns.next().unwrap_or_default();
    columns.try_for_each(|part| first.vstack_mut_owned(part).map(drop)).map_err(doing())?;
    frame.hstack_mut(first.columns()).map_err(doing())?;
    let frame = frame.lazy().with_columns(ratios(&kpis()));
    let described = first_last_next::describe(frame, described, context.settings.publish_subjects)?;
    let mut frame = collect(described.with_column(lit(accuracy).alias(ACCURACY)), "KPIs of records")?;
    let silence = silence::columns(context, &added.days, &frame)?;
    frame.hstack_mut(&silence).map_err(doing())?;
    Ok(frame)
}

/// The rows of one record type as its `table` publishes them.
pub fn publishable(by_record: &DataFrame, context: &Context, record_type: RecordType, table: &Table) -> LazyFrame {
    let records = context.people.records.range(record_type);
    let rows = by_record.slice(i64::from(records.start), records.len());
    conform(rows.lazy().with_columns([col("record_id").alias(table.key[0]), instants()]), table)
}

/// Instants carry no zone inside of the program; published ones are UTC.
fn instants() -> Expr {
    dtype_col(&INSTANT).as_selector().as_expr().cast(ColumnType::Timestamp.to_polars())
}

/// The columns that the tables of all record types have in common: KPIs, and those of `others` that
/// other steps compute.
pub fn shared_columns(others: &[Column]) -> Vec<Column> {
    let mut columns: Vec<Column> = kpis().into_iter().map(|kpi| kpi.column).chain(others.iter().cloned()).collect();
    columns.retain(|column| !is_at_the_end(column.name));
    columns.sort_by_key(|column| place(column.name));
    columns
}

/// What lists say of the records of a type, and the KPIs that were added behind it.
fn at_the_end(record_type: RecordType) -> Vec<Column> {
    let mut columns = vec![record_details::owner_name()];
    columns.extend((record_type != RecordType::Account).then(|| record_details::account_name(record_type)));
    columns.push(record_details::record_url());
    columns.extend(kpis().into_iter().map(|kpi| kpi.column).filter(|column| is_at_the_end(column.name)));
    match record_type {
        RecordType::Lead => columns.push(record_details::lead_state()),
        RecordType::Opportunity => {
            columns.push(record_details::deal_state());
            columns.extend(record_details::of_deals());
        }
        RecordType::Account | RecordType::Contact => {}
    }
    columns
}

/// The table of a record type, with the columns that other steps compute: `others` among the KPIs, `last` behind all.
pub fn table(record_type: RecordType, subjects: bool, others: &[Column], last: &[Column]) -> Table {
    let (name, key, description): (_, &'static [&'static str], _) = match record_type {
        RecordType::Account => {
            ("account_kpis", &["account_id"], "What happened between us and each customer company, up to the date.")
        }
        RecordType::Contact => {
            ("contact_kpis", &["contact_id"], "What happened between us and each customer person, up to the date.")
        }
        RecordType::Lead => {
            ("lead_kpis", &["lead_id"], "What happened between each lead's owner and the lead, up to the date.")
        }
        RecordType::Opportunity => (
            "opportunity_kpis",
            &["opportunity_id"],
            "What happened around each deal between its team and the customer, up to the date.",
        ),
    };
    let text = |name, description, empty, rule, example| {
        Column::new(name, ColumnType::Text, "", description, empty, rule, example)
    };
    let mut columns = vec![
        text(key[0], "The record.", "never", "I2", "c0000001-0000-4000-8000-000000000000"),
        text("name", "Its name.", "null when it has none", "", "Acme"),
        text(
            "owner_id",
            "The colleague or team that owns it.",
            "null when unknown or erased",
            "",
            "a0000001-0000-4000-8000-000000000000",
        ),
    ];
    match record_type {
        RecordType::Contact => columns.push(text(
            "account_id",
            "The account it belongs to.",
            "null when it has none",
            "L2",
            "b0000001-0000-4000-8000-000000000000",
        )),
        RecordType::Opportunity => columns.push(text(
            "account_id",
            "Its account: the parent account, else the customer.",
            "null when the customer is a contact without parent account",
            "L4",
            "b0000001-0000-4000-8000-000000000000",
        )),
        RecordType::Account | RecordType::Lead => {}
    }
    columns.extend(shared_columns(others));
    columns.extend(at_the_end(record_type));
    columns.extend(last.iter().cloned());
    if subjects {
        columns.extend(first_last_next::subjects());
    }
    Table { defined_in: file!(), name, version: VERSION, grain: "record known at the date", description, key, columns }
}
