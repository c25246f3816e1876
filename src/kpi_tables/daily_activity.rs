//! The table `daily_activity`: one row per record and day of the last 60 with any activity (rule K9).

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
use crate::time::{AsOf, days_since_epoch, instant};

const LAST_DAYS: u64 = 60;
const DATE: &str = "activity_date";

/// What counts for a record on a day.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Counted {
    record: u32,
    /// Days since 1970.
    day: i32,
    counts: [u32; COUNTS.len()],
}

/// Counts of records and days, by both, of the last days before and on a day. The input may be split by record.
///
/// # Errors
/// Only what the engine runs into.
pub fn counted(context: &Context, interactions: &Interactions, day: &AsOf) -> Result<Vec<Counted>> {
    let doing = || Error::engine("table daily_activity");
    let recent = recent(interactions, day).map_err(doing())?;
    let links = &interactions.links;
    let first_day = days_since_epoch(first_day(day));
    days_of_records(links, &recent, context.people.records.table.height(), first_day).map_err(doing())
}

/// Counts of a day with those of other interactions of an earlier or the same one, as far as they are of its last days;
/// `number` says under which number a record of the others is here, if at all, and keeps their order.
pub fn with(counted: &[Counted], others: &[Counted], number: impl Fn(u32) -> Option<u32>, day: &AsOf) -> Vec<Counted> {
    let first_day = days_since_epoch(first_day(day));
    let others = others.iter().filter(|other| other.day >= first_day);
    let mut others = others.filter_map(|other| Some(Counted { record: number(other.record)?, ..*other })).peekable();
    let mut all = Vec::with_capacity(counted.len());
    for one in counted {
        let key = (one.record, one.day);
        while let Some(other) = others.next_if(|other| (other.record, other.day) < key) {
            all.push(other);
        }
        let mut one = *one;
        if let Some(other) = others.next_if(|other| (other.record, other.day) == key) {
            one.counts.iter_mut().zip(other.counts).for_each(|(count, other)| *count += other);
        }
        all.push(one);
    }
    all.extend(others);
    all
}

/// One row per record and day with emails, meetings or calls. The input may be split by record.
///
/// # Errors
/// Only what the engine runs into.
pub fn daily_activity(context: &Context, counted: &[Counted], lists: &Dictionaries) -> Result<Rows> {
    let doing = || Error::engine("table daily_activity");
    let mut columns = vec![
        Column::new(RECORD.into(), counted.iter().map(|one| one.record).collect::<Vec<_>>()),
        Column::new(DATE.into(), counted.iter().map(|one| one.day).collect::<Vec<_>>()),
    ];
    columns.extend(COUNTS.iter().enumerate().map(|(at, Count { name, .. })| {
        let counts = counted.iter().map(|one| i64::from(one.counts[at])).collect::<Vec<_>>();
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

fn first_day(day: &AsOf) -> NaiveDate {
    day.date - Days::new(LAST_DAYS - 1)
}

/// What an interaction counts as that is in no count of the last days.
const NONE: u16 = u16::MAX;
const KINDS_OF_COUNT: u16 = COUNTS.len() as u16;

/// By interaction the day among the last ones and the count it is in, as one number.
fn recent(interactions: &Interactions, as_of: &AsOf) -> PolarsResult<Vec<u16>> {
    let first_day = first_day(as_of);
    let number = |condition: Expr, at: u16| when(condition).then(typed(at)).otherwise(lit(NULL));
    let count = COUNTS.iter().zip(0u16..).map(|(count, at)| number(count.condition(), at)).collect::<Vec<_>>();
    let day = as_of.local_day(col(OCCURRED_AT)).cast(DataType::Int32) - typed(days_since_epoch(first_day));
    let recent = interactions
        .table
        .clone()
        .lazy()
        .filter(col(OCCURRED_AT).gt_eq(instant(as_of.day_start(first_day))))
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
fn days_of_records(links: &DataFrame, recent: &[u16], records: usize, first_day: i32) -> PolarsResult<Vec<Counted>> {
    let linked = links.column(RECORD)?.u32()?.cont_slice()?.iter();
    let interactions = links.column(INTERACTION)?.u32()?.cont_slice()?;
    let counts = linked.zip(interactions).map(|(&record, &number)| (record, recent[number as usize]));
    let by_record = Grouped::new(records, counts.filter(|(_, count)| *count != NONE)).sorted();
    let mut days = Vec::new();
    for record in 0..records as u32 {
        for of_day in by_record.of(record).chunk_by(|a, b| a / KINDS_OF_COUNT == b / KINDS_OF_COUNT) {
            let mut counts = [0; COUNTS.len()];
            of_day.iter().for_each(|count| counts[usize::from(count % KINDS_OF_COUNT)] += 1);
            days.push(Counted { record, day: first_day + i32::from(of_day[0] / KINDS_OF_COUNT), counts });
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

    fn counted(record: u32, day: i32, counts: [u32; COUNTS.len()]) -> Counted {
        Counted { record, day, counts }
    }

    #[test]
    fn counts_are_by_record_and_day() {
        let links = df!(RECORD => [4u32, 1, 4, 4, 1, 4], INTERACTION => [0u32, 0, 1, 2, 3, 4]).expect("links");
        let on = |day: u16, count: u16| day * KINDS_OF_COUNT + count;
        let recent = [on(2, 0), on(2, 5), on(0, 0), NONE, on(2, 0)];
        let days = days_of_records(&links, &recent, 5, 100).expect("days");
        let expected = [
            counted(1, 102, [1, 0, 0, 0, 0, 0]),
            counted(4, 100, [1, 0, 0, 0, 0, 0]),
            counted(4, 102, [2, 0, 0, 0, 0, 1]),
        ];
        assert_eq!(days, expected);
    }

    #[test]
    fn counts_of_two_parts_lie_one_in_the_other() {
        let date = NaiveDate::from_ymd_opt(1970, 4, 1).expect("a day");
        let day = AsOf { date, timezone: chrono_tz::UTC };
        let (one, two) = ([1, 0, 0, 0, 0, 0], [2, 0, 0, 0, 0, 0]);
        // The first of the last 60 days is the 31st since 1970; of the others, record 7 is not known on the day.
        let others = [counted(0, 30, one), counted(0, 31, one), counted(3, 90, one), counted(7, 90, one)];
        let own = [counted(2, 40, one), counted(4, 90, one)];
        let number = |record: u32| [Some(0), None, None, Some(4)].get(record as usize).copied().flatten();
        assert_eq!(with(&own, &others, number, &day), [counted(0, 31, one), own[0], counted(4, 90, two)]);
    }
}
