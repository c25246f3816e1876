//! Activity per record and day over the last 60 days (rule K9).

use chrono::{Days, NaiveDate};
use polars::prelude::*;

use crate::frames::typed;

use crate::error::{Error, Result};
use crate::frames::Grouped;
use crate::interactions::columns::*;
use crate::interactions::tables::{Dictionaries, type_place};
use crate::interactions::{Context, Interactions};
use crate::kpis::definitions::volume;
use crate::kpis::definitions::volume::{COUNTS, Count};
use crate::kpis::held;
use crate::table::{Column as Declared, ColumnType, Rows, Table, conform_places};
use crate::time::{days_since_epoch, instant};

const LAST_DAYS: u64 = 60;
const DATE: &str = "activity_date";

/// One row per record and day with emails, meetings or calls. The input may be split by record.
pub fn daily_activity(context: &Context, interactions: &Interactions, lists: &Dictionaries) -> Result<Rows> {
    let doing = || Error::engine("table daily_activity");
    let recent = recent(context, interactions).map_err(doing())?;
    let links = &interactions.links;
    let counted = days_of_records(links, &recent, context.people.records.table.height()).map_err(doing())?;
    let first_day = days_since_epoch(first_day(context));
    let mut columns = vec![
        Column::new(RECORD.into(), counted.iter().map(|(record, ..)| *record).collect::<Vec<_>>()),
        Column::new(DATE.into(), counted.iter().map(|(_, day, _)| first_day + i32::from(*day)).collect::<Vec<_>>()),
    ];
    columns.extend(COUNTS.iter().enumerate().map(|(at, Count { name, .. })| {
        let counts = counted.iter().map(|(.., counts)| i64::from(counts[at])).collect::<Vec<_>>();
        Column::new((*name).into(), counts)
    }));
    let rows = DataFrame::new(counted.len(), columns).map_err(doing())?;
    let rows = rows
        .lazy()
        .with_columns([type_place(context, col(RECORD)).alias("record_type"), col(RECORD).alias("record_id")]);
    let texts = lists.of_records();
    let frame = conform_places(rows, &self::table(), &texts).collect().map_err(doing())?;
    Ok(Rows { frame, texts })
}

fn first_day(context: &Context) -> NaiveDate {
    context.as_of.date - Days::new(LAST_DAYS - 1)
}

/// What an interaction counts as that is in no count of the last days.
const NONE: u16 = u16::MAX;
const KINDS_OF_COUNT: u16 = COUNTS.len() as u16;

/// By interaction the day among the last ones and the count it is in, as one number.
fn recent(context: &Context, interactions: &Interactions) -> PolarsResult<Vec<u16>> {
    let first_day = first_day(context);
    let number = |condition: Expr, at: u16| when(condition).then(typed(at)).otherwise(lit(NULL));
    let count = COUNTS.iter().zip(0u16..).map(|(count, at)| number(count.condition(), at)).collect::<Vec<_>>();
    let day = context.as_of.local_day(col(OCCURRED_AT)).cast(DataType::Int32) - typed(days_since_epoch(first_day));
    let recent = interactions
        .table
        .clone()
        .lazy()
        .filter(col(OCCURRED_AT).gt_eq(instant(context.as_of.day_start(first_day))))
        .with_column(held())
        .select([col(INTERACTION), (day.cast(DataType::UInt16) * typed(KINDS_OF_COUNT) + coalesce(&count)).alias(DATE)])
        .filter(col(DATE).is_not_null())
        .collect()?;
    let mut counted = vec![NONE; interactions.table.height()];
    for (interaction, count) in recent.column(INTERACTION)?.u32()?.iter().zip(recent.column(DATE)?.u16()?.iter()) {
        if let (Some(interaction), Some(count)) = (interaction, count) {
            counted[interaction as usize] = count;
        }
    }
    Ok(counted)
}

/// Counts of records on days, by both.
///
/// A counting sort by record, for which grouping in the engine took ten times as long.
fn days_of_records(
    links: &DataFrame,
    recent: &[u16],
    records: usize,
) -> PolarsResult<Vec<(u32, u16, [u32; COUNTS.len()])>> {
    let linked = links.column(RECORD)?.u32()?.cont_slice()?.iter();
    let interactions = links.column(INTERACTION)?.u32()?.cont_slice()?;
    let counts = linked.zip(interactions).map(|(&record, &number)| (record, recent[number as usize]));
    let by_record = Grouped::new(records, counts.filter(|(_, count)| *count != NONE)).sorted();
    let mut days = Vec::new();
    for record in 0..records as u32 {
        for of_day in by_record.of(record).chunk_by(|a, b| a / KINDS_OF_COUNT == b / KINDS_OF_COUNT) {
            let mut counts = [0; COUNTS.len()];
            of_day.iter().for_each(|count| counts[usize::from(count % KINDS_OF_COUNT)] += 1);
            days.push((record, of_day[0] / KINDS_OF_COUNT, counts));
        }
    }
    Ok(days)
}

/// The table `daily_activity`.
pub fn table() -> Table {
    let text =
        |name, description, example| Declared::new(name, ColumnType::Text, "", description, "never", "K9", example);
    let mut columns = vec![
        text("record_type", "account, contact, lead, opportunity.", "contact"),
        text("record_id", "The record.", "c0000001-0000-4000-8000-000000000000"),
        Declared {
            defined_in: file!(),
            name: DATE,
            dtype: ColumnType::Date,
            unit: "",
            description: "Day of the reporting time zone.",
            empty: "never",
            rule: "K9, T4",
            example: "2026-03-31",
        },
    ];
    let counts = volume::kpis().into_iter().map(|kpi| kpi.column);
    columns.extend(counts.filter(|column| COUNTS.iter().any(|count| count.name == column.name)));
    Table {
        defined_in: file!(),
        name: "daily_activity",
        version: 2,
        grain: "record and day of the last 60 with emails, meetings or calls",
        description: "The six counts of the KPI tables by day, for charts.",
        key: &["record_type", "record_id", "activity_date"],
        columns,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn counts_are_by_record_and_day() {
        let links = df!(RECORD => [4u32, 1, 4, 4, 1, 4], INTERACTION => [0u32, 0, 1, 2, 3, 4]).expect("links");
        let on = |day: u16, count: u16| day * KINDS_OF_COUNT + count;
        let recent = [on(2, 0), on(2, 5), on(0, 0), NONE, on(2, 0)];
        let days = days_of_records(&links, &recent, 5).expect("days");
        assert_eq!(days, [(1, 2, [1, 0, 0, 0, 0, 0]), (4, 0, [1, 0, 0, 0, 0, 0]), (4, 2, [2, 0, 0, 0, 0, 1])]);
    }
}
