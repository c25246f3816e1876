//! The interactions of a record as definitions of KPIs look at them, made of the published tables `interactions` and
//! `interaction_records`.

use std::collections::{BTreeMap, HashMap};

use chrono::NaiveDate;
use polars::prelude::*;

use crate::config::Settings;
use crate::error::{Error, Result};
use crate::forget::published::{OpenedFile, open};
use crate::interactions::columns::{INTERACTION, OCCURRED_AT};
use crate::interactions::event::*;
use crate::interactions::reply_runs::{ANSWERED_AT, DUE, RESPONSE, ThreadEmail, of_threads};
use crate::kpis::{COLLEAGUES, EXTERNAL_PEOPLE};
use crate::people::RecordType;
use crate::publish::Outputs;
use crate::time::{AsOf, DAY, HOUR, MINUTE, days_since_epoch};

/// Why an interaction counts for the record.
pub const BY: &str = "counts_for_record_by";
/// What an email is in the turns of its thread, in words.
pub const TURN: &str = "turn";
const THREAD: &str = "thread_id";

/// Interactions of a record: the columns of [`crate::interactions::event`] that are published, those of response runs,
/// [`BY`] and [`TURN`], in the order of ids.
///
/// # Errors
/// What storage refuses, and files that are no Parquet.
pub fn of_record(
    outputs: &Outputs,
    record_type: RecordType,
    id: &str,
    as_of: AsOf,
    settings: &Settings,
) -> Result<Option<DataFrame>> {
    let (Some(interactions), Some(links)) =
        (file(outputs, "interactions", as_of.date)?, file(outputs, "interaction_records", as_of.date)?)
    else {
        return Ok(None);
    };
    let of_record = col("record_type").eq(lit(record_type.name())).and(col("record_id").eq(lit(id)));
    let links = links.collect(|rows| rows.filter(of_record).select([col(INTERACTION_ID), col("reason").alias(BY)]))?;
    let ids = links.column(INTERACTION_ID).map_err(doing())?.as_materialized_series().clone();
    let own = interactions.collect(|rows| rows.filter(among(INTERACTION_ID, ids)))?;
    let own = own.lazy().join(links.lazy(), [col(INTERACTION_ID)], [col(INTERACTION_ID)], inner());
    let own = own.sort([INTERACTION_ID], SortMultipleOptions::default()).collect().map_err(doing())?;
    let threads = own.column(THREAD).and_then(|threads| threads.drop_nulls().unique()).map_err(doing())?;
    let threads = threads.as_materialized_series().clone();
    let emails = match threads.is_empty() {
        true => own.clear(),
        false => {
            let columns = [INTERACTION_ID, THREAD, "direction", OCCURRED_AT].map(col);
            let sorted = SortMultipleOptions::default();
            interactions
                .collect(|rows| rows.filter(among(THREAD, threads)).select(columns).sort([INTERACTION_ID], sorted))?
        }
    };
    let turns = Turns::of(&emails, settings, as_of).map_err(doing())?;
    turns.beside(&defined(own).map_err(doing())?).map(Some).map_err(doing())
}

/// Those of a day.
///
/// # Errors
/// Only what the engine runs into.
pub fn of_day(interactions: &DataFrame, day: &serde_json::Value, as_of: AsOf) -> Result<DataFrame> {
    let Some(day) = day.as_str().and_then(|day| day.parse::<NaiveDate>().ok()) else {
        return Ok(interactions.clone());
    };
    let of_day = interactions
        .clone()
        .lazy()
        .filter(as_of.local_day(col(OCCURRED_AT)).eq(lit(days_since_epoch(day)).cast(DataType::Date)));
    of_day.collect().map_err(Error::engine("interactions of a day"))
}

fn doing() -> impl FnOnce(PolarsError) -> Error {
    Error::engine("interactions of a record")
}

fn inner() -> JoinArgs {
    JoinArgs { maintain_order: MaintainOrderJoin::Left, ..JoinArgs::new(JoinType::Inner) }
}

fn among(column: &str, values: Series) -> Expr {
    // Files are in the order of ids, so that row groups beyond the first and last are left out unread.
    col(column).is_in(lit(values).implode(false), false)
}

/// A published table as of a day.
///
/// # Errors
/// What storage refuses, and a file that is no Parquet.
pub fn file(outputs: &Outputs, table: &str, day: NaiveDate) -> Result<Option<OpenedFile>> {
    outputs.file(table, day)?.map(|(file, _)| open(file.bring()?)).transpose()
}

/// Published columns as the columns that definitions name.
fn defined(published: DataFrame) -> PolarsResult<DataFrame> {
    let micros = |column: &str, unit: i64| {
        (col(column) * lit(unit as f64)).round(0, RoundMode::HalfToEven).cast(DataType::Int64)
    };
    let kind = KINDS.iter().zip(0u8..).fold(lit(TASK), |otherwise, (name, number)| {
        when(col(KIND).eq(lit(*name))).then(lit(number)).otherwise(otherwise)
    });
    let instant = |column: &str| col(column).cast(DataType::Int64).cast(INSTANT);
    published
        .lazy()
        .with_columns([
            kind.cast(DataType::UInt8).alias(KIND),
            col("direction").eq(lit("outbound")).alias(OURS),
            col("status").eq(lit("planned")).alias(PLANNED),
            instant(OCCURRED_AT),
            instant(ENDED_AT),
            micros("duration_minutes", MINUTE).alias(DURATION),
            micros("response_hours", HOUR).alias(RESPONSE),
            instant(ANSWERED_AT),
            col("colleagues").cast(DataType::UInt32).alias(COLLEAGUES),
            col("external_people").cast(DataType::UInt32).alias(EXTERNAL_PEOPLE),
        ])
        .collect()
}

/// What emails are in the turns of their threads.
pub struct Turns {
    by_id: HashMap<String, Turn>,
}

/// What an email is in the turns of its thread.
pub struct Turn {
    is_due: bool,
    /// When the run that it begins was answered within the horizon, microseconds.
    pub answered_at: Option<i64>,
    /// The same in words: begins a run, or continues one.
    pub words: &'static str,
}

impl Turns {
    /// Of published emails.
    ///
    /// # Errors
    /// Only what the engine runs into.
    pub fn of_thread(emails: &DataFrame, settings: &Settings, as_of: AsOf) -> Result<Turns> {
        let sorted = emails.sort([INTERACTION_ID], SortMultipleOptions::default());
        sorted.and_then(|sorted| Turns::of(&sorted, settings, as_of)).map_err(Error::engine("turns of a thread"))
    }

    /// The turn of an email.
    pub fn of_email(&self, id: &str) -> Option<&Turn> {
        self.by_id.get(id)
    }

    fn of(emails: &DataFrame, settings: &Settings, as_of: AsOf) -> PolarsResult<Turns> {
        let (horizon, cutoff) = (i64::from(settings.response_horizon_days) * DAY, as_of.cutoff());
        let ids: Vec<Option<&str>> = emails.column(INTERACTION_ID)?.str()?.iter().collect();
        let directions = emails.column("direction")?.str()?.iter();
        let threads = emails.column(THREAD)?.str()?.iter();
        let times = emails.column(OCCURRED_AT)?.datetime()?.phys.iter();
        let mut by_thread: BTreeMap<&str, Vec<ThreadEmail<u32>>> = BTreeMap::new();
        for (at, ((thread, direction), time)) in threads.zip(directions).zip(times).enumerate() {
            if let (Some(thread), Some(direction), Some(time)) = (thread, direction, time) {
                let ours = direction == "outbound";
                by_thread.entry(thread).or_default().push(ThreadEmail {
                    thread: 0,
                    at: time,
                    interaction: at as u32,
                    ours,
                });
            }
        }
        let mut by_id = HashMap::new();
        for emails in by_thread.into_values() {
            let due: HashMap<u32, Option<i64>> = of_threads(emails.clone(), horizon, cutoff)
                .into_iter()
                .map(|run| (run.interaction, run.answered_at))
                .collect();
            let mut sorted = emails;
            sorted.sort_unstable();
            let mut before: Option<&ThreadEmail<u32>> = None;
            for email in &sorted {
                let continues = before.is_some_and(|before| before.ours == email.ours);
                let words = match due.get(&email.interaction) {
                    Some(Some(_)) => "begins a run that was answered within the horizon",
                    Some(None) => "begins a run that nobody answered within the horizon",
                    None if continues => "continues a run, which an earlier email began",
                    None => "begins a run that may still be answered in time",
                };
                if let Some(Some(id)) = ids.get(email.interaction as usize) {
                    let due = due.get(&email.interaction);
                    let turn = Turn { is_due: due.is_some(), answered_at: due.copied().flatten(), words };
                    by_id.insert(id.to_string(), turn);
                }
                before = Some(email);
            }
        }
        Ok(Turns { by_id })
    }

    /// Adds the columns [`DUE`] and [`TURN`].
    fn beside(&self, interactions: &DataFrame) -> PolarsResult<DataFrame> {
        let ids = interactions.column(INTERACTION_ID)?.str()?;
        let turn = |id: Option<&str>| self.by_id.get(id?);
        let due: BooleanChunked = ids.iter().map(|id| Some(turn(id).is_some_and(|turn| turn.is_due))).collect();
        let words: StringChunked = ids.iter().map(|id| turn(id).map(|turn| turn.words)).collect();
        let mut all = interactions.clone();
        all.with_column(due.with_name(DUE.into()).into_column())?;
        all.with_column(words.with_name(TURN.into()).into_column())?;
        all.with_row_index(INTERACTION.into(), None)
    }
}
