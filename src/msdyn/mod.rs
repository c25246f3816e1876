//! The tables of Dynamics 365 Sales (`msdyn_…`) filled from published tables, for reports that were made on them.
//!
//! [`mod@column`] says what a column of theirs is and where its value comes from; the tables are declared in [`kpi_items`] and
//! [`people`], [`ours`] reads the rows that they are made of, and [`values`] computes them. `jobs/MSDYN.md` is made of the
//! same declarations, by [`page`], and [`compare`] holds them against what the original has computed.

pub mod choices;
pub mod column;
pub mod compare;
pub mod describe;
pub mod forgetting;
pub mod kpi_items;
pub mod original;
pub mod ours;
pub mod page;
pub mod people;
pub mod personal_columns;
mod room;
pub mod values;

use std::iter;
use std::sync::LazyLock;

use chrono::{DateTime, Utc};

use crate::config::Job;
use crate::context::{Progress, RunContext};
use crate::error::Result;
use crate::people::RecordType;
use crate::publish::{self, Partition, PublishedFile, PublishedTable};
use crate::table::Table;
use original::Original;
use ours::Ours;

/// The folder of an output that the tables go to where nothing else is said.
pub const FOLDER: &str = "msdyn";

/// A table of the original, and how it is published.
pub struct Filled {
    /// What it is.
    pub original: Original,
    /// The same as a table of ours.
    pub table: Table,
}

/// Every table of the original that is filled, in the order of its documents.
pub fn tables() -> &'static [Filled] {
    static TABLES: LazyLock<Vec<Filled>> = LazyLock::new(|| {
        let records = RecordType::ALL.map(kpi_items::of_records).into_iter();
        let others = [
            people::most_contacted("most_contacted"),
            people::most_contacted("most_contacted_by"),
            people::colleagues_for_contact(),
            people::colleagues_for_company(),
            people::feature_importance(),
        ];
        let all = records.chain(RecordType::ALL.map(kpi_items::of_days)).chain(others);
        all.map(|original| Filled { table: original.declared(), original }).collect()
    });
    &TABLES
}

/// What came of filling the tables.
#[derive(Debug, Default)]
pub struct FillOutcome {
    /// Tables that were written.
    pub published: Vec<PublishedTable>,
    /// Tables that were left as they are, with the table of ours that is not published.
    pub missing: Vec<(&'static str, String)>,
}

/// Fills the tables as of a day. Each then holds that day alone, as those of the original hold what is now. Of Delta
/// tables, files that ceased to be part of them before `before` are deleted.
///
/// # Errors
/// What storage refuses, files that are no Parquet, and another run that is filling the same tables.
pub fn fill(ours: &Ours<'_>, job: &Job, context: &RunContext<'_>, before: DateTime<Utc>) -> Result<FillOutcome> {
    let partition = Partition::as_of(ours.as_of.date);
    tables().iter().try_for_each(|filled| publish::check_format(context.output, filled.table.name))?;
    let mut outcome = FillOutcome::default();
    for Filled { original, table } in tables() {
        context.check_interrupted()?;
        let Some(rows) = ours.rows(original)? else {
            let needed = original.rows.tables().swap_remove(0);
            outcome.missing.push((original.name, needed));
            continue;
        };
        context.report(Progress::Table(table.name));
        let rows = values::of_table(original, rows, ours.as_of)?;
        let metadata = publish::metadata(job, table, &partition);
        outcome.published.push(publish::replace(context, table, &partition, iter::once(Ok(rows)), &metadata)?);
        let files = publish::published_files(context.output, table.name)?;
        let earlier: Vec<Partition> =
            files.iter().filter_map(PublishedFile::partition).filter(|other| *other != partition).collect();
        publish::remove(context, table.name, &earlier)?;
        publish::renew_current(context, table)?;
        publish::vacuum(context, table.name, before)?;
    }
    Ok(outcome)
}
