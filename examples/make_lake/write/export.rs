//! What the export of Dataverse adds: its columns, older versions, deletes and duplicates.

use polars::functions::concat_df_diagonal;
use polars::prelude::*;

use crate::awkward::plants::Plants;
use crate::random::{Random, Stream};
use crate::tables::columns::{absent, full_text, long, rows, time};
use crate::times::{END, HOUR, MINUTE};
use crate::write::patch::{apply, twins};

/// How often rows change or go.
#[derive(Clone, Copy)]
pub struct Churn {
    pub older: f64,
    pub deleted: f64,
    pub doubled: f64,
}

/// Records change more often than they are deleted.
pub const RECORDS: Churn = Churn { older: 0.04, deleted: 0.004, doubled: 0.0 };
pub const ACTIVITIES: Churn = Churn { older: 0.04, deleted: 0.01, doubled: 0.0 };
pub const PARTIES: Churn = Churn { older: 0.03, deleted: 0.01, doubled: 0.01 };
pub const STEADY: Churn = Churn { older: 0.0, deleted: 0.0, doubled: 0.0 };

/// The export of one table, file after file.
pub struct Export {
    pub table: &'static str,
    key: &'static str,
    churn: Churn,
    seed: u64,
    exported: u64,
    /// Rows for the next file: changes reach the lake later than what they change.
    later: Vec<DataFrame>,
}

/// The rows of one file before the export's columns are added.
pub struct Fresh {
    pub frame: DataFrame,
    pub created: Vec<i64>,
    /// Planted rows are left as they are.
    pub planted: Vec<bool>,
}

impl Export {
    pub fn new(table: &'static str, key: &'static str, seed: u64, churn: Churn) -> Self {
        Export { table, key, churn, seed, exported: 0, later: Vec::new() }
    }

    /// The rows of the next file; the last one takes all that is left.
    pub fn file(&mut self, fresh: Fresh, plants: &Plants, last: bool) -> PolarsResult<DataFrame> {
        let mut frame = fresh.frame;
        apply(&mut frame, self.table, self.key, &plants.patches)?;
        self.add_columns(&mut frame, &fresh.created)?;

        let mut parts = std::mem::take(&mut self.later);
        let (now, later) = twins(&frame, self.table, self.key, &plants.twins)?;
        parts.extend(now);
        self.later.extend(later);
        let kept = self.change(&frame, &fresh.planted, &mut parts)?;
        parts.insert(0, kept);
        if last {
            parts.append(&mut self.later);
        }
        concat_df_diagonal(&parts)
    }

    fn add_columns(&mut self, frame: &mut DataFrame, created: &[i64]) -> PolarsResult<()> {
        let first = self.exported;
        self.exported += created.len() as u64;
        let each = || (first..).zip(created).map(|(number, &at)| (self.draw(number), at));
        let ids = frame.column(self.key)?.clone().with_name("Id".into());
        // What was made within the history was also exported by its end.
        let bound = |made: i64, at: i64| if made < END { at.min(END + HOUR) } else { at };
        frame.hstack_mut(&[
            ids,
            time("SinkCreatedOn", each().map(|(mut random, at)| Some(bound(at, at + random.between(5, 40) * MINUTE)))),
            time(
                "SinkModifiedOn",
                each().map(|(mut random, at)| Some(bound(at, at + random.between(60, 1_300) * MINUTE))),
            ),
            long("versionnumber", (first..self.exported).map(|number| Some(5_000_000 + 10 * number as i64))),
            absent("IsDelete", created.len(), &DataType::Boolean),
        ])?;
        Ok(())
    }

    fn draw(&self, number: u64) -> Random {
        let table = self.table.bytes().fold(0u64, |sum, byte| sum.wrapping_mul(31).wrapping_add(u64::from(byte)));
        Random::new(self.seed ^ table, Stream::Export, number)
    }

    /// Draws the fate of each row: adds older versions, deletes and duplicates to this file's parts
    /// or the next file's; returns the rows that stay in this file.
    fn change(&mut self, frame: &DataFrame, planted: &[bool], parts: &mut Vec<DataFrame>) -> PolarsResult<DataFrame> {
        let first = self.exported - frame.height() as u64;
        let (mut kept, mut older, mut moved) = (Vec::new(), Vec::new(), Vec::new());
        let (mut deleted, mut bare, mut doubled) = (Vec::new(), Vec::new(), Vec::new());
        for (row, &planted) in planted.iter().enumerate() {
            let number = row as IdxSize;
            let mut random = self.draw((first + row as u64) ^ (1 << 40));
            if planted {
                kept.push(number);
                continue;
            }
            let changed = random.chance(self.churn.older);
            if changed {
                older.push(number);
            }
            let late = changed && random.chance(0.5);
            if late { &mut moved } else { &mut kept }.push(number);
            if random.chance(self.churn.deleted) {
                if random.chance(0.5) { &mut bare } else { &mut deleted }.push(number);
            }
            if random.chance(self.churn.doubled) {
                doubled.push(number);
            }
        }
        parts.push(older_version(rows(frame, older)?)?);
        parts.push(rows(frame, doubled)?);
        self.later.push(rows(frame, moved)?);
        self.later.push(delete(rows(frame, deleted)?)?);
        let only = ["Id", "SinkCreatedOn", "SinkModifiedOn", "versionnumber", "IsDelete"];
        self.later.push(delete(rows(&frame.select(only)?, bare)?)?);
        rows(frame, kept)
    }
}

/// The rows as they were before: open, and under another title.
fn older_version(mut frame: DataFrame) -> PolarsResult<DataFrame> {
    let height = frame.height();
    for title in ["subject", "name", "fullname"] {
        if let Ok(column) = frame.column(title) {
            let texts = column.str()?.iter().map(|text| format!("(older) {}", text.unwrap_or("")));
            let texts = full_text(title, texts);
            frame.replace(title, texts)?;
        }
    }
    for (code, value) in [("statecode", 0i32), ("statuscode", 1)] {
        if frame.column(code).is_ok() {
            frame.replace(code, Column::new_scalar(code.into(), Scalar::from(value), height))?;
        }
    }
    for closing in ["actualclosedate", "actualvalue", "actualend"] {
        if let Ok(column) = frame.column(closing) {
            let dtype = column.dtype().clone();
            frame.replace(closing, absent(closing, height, &dtype))?;
        }
    }
    let version = frame.column("versionnumber")?.clone() - 5i64;
    frame.replace("versionnumber", version)?;
    let before = frame.column("SinkCreatedOn")?.clone().with_name("SinkModifiedOn".into());
    frame.replace("SinkModifiedOn", before)?;
    Ok(frame)
}

fn delete(mut frame: DataFrame) -> PolarsResult<DataFrame> {
    let version = frame.column("versionnumber")?.clone() + 5i64;
    frame.replace("versionnumber", version)?;
    frame.replace("IsDelete", Column::new_scalar("IsDelete".into(), Scalar::from(true), frame.height()))?;
    Ok(frame)
}
