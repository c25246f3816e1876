//! Takes erased people, and what of Exchange may no longer be used, out of published tables (rules C4, C6).
//!
//! Published files are rewritten, not computed again: the lake may no longer hold what they were
//! made of. What each column can carry is in `personal_columns`; how the erased are recognised in
//! [`traces`]. Numbers about others stay as they were published.

mod alone;
mod change;
pub mod export;
mod layout;
mod learning;
mod personal_columns;
pub mod published;
mod stages;
mod subject;
pub mod traces;
pub mod withdrawn;

pub use change::Counts;
pub use layout::Folder;
pub use personal_columns::{JudgeColumn, Personal, personal_data};
use polars::prelude::DataFrame;

use self::alone::Alone;
use self::change::{Goes, Rules};
use self::stages::Work;
use self::traces::Traces;
use self::withdrawn::Withdrawn;
use crate::context::{Progress, RunContext};
use crate::error::{Error, Result};
use crate::publish::purge;
use crate::table::Table;

/// What was found in a published file, or done to it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Forgotten {
    /// Name of the table.
    pub table: String,
    /// The partition's folder name, or `current`.
    pub partition: String,
    /// Rows that go and rows that change.
    pub counts: Counts,
}

/// What to do with an output.
#[derive(Clone, Copy)]
pub struct ForgetRequest<'a> {
    /// The folders with tables to look at.
    pub folders: &'a [Folder],
    /// Whether emails without an external participant are dropped (rule N9).
    pub emails_need_external_party: bool,
    /// What of Exchange may no longer be used.
    pub withdrawn: &'a Withdrawn,
    /// Whether to rewrite, or only to say what would be.
    pub apply: bool,
}

/// Rows of a table that were just computed, without texts that tell of somebody erased: the lake still
/// has them, and a rerun must not bring back what was forgotten.
///
/// # Errors
/// Only what the engine runs into.
pub fn unnamed(table: &Table, rows: DataFrame, traces: &Traces) -> Result<DataFrame> {
    if traces.is_empty() {
        return Ok(rows);
    }
    let goes = Goes { personal_data, traces, alone: &Alone::default(), withdrawn: &Withdrawn::default() };
    Ok(Rules::of_texts(table, goes).apply(rows)?.0)
}

/// Finds the erased in every published file, and takes them out when asked to. A file that cannot
/// be rewritten does not keep the others from being; its error is among those returned.
///
/// # Errors
/// What keeps it from looking at the output at all, and a signal.
pub fn forget(
    request: &ForgetRequest<'_>,
    traces: &mut Traces,
    run: &RunContext<'_>,
) -> Result<(Vec<Forgotten>, Vec<Error>)> {
    let places = layout::places(request.folders)?;
    let steps = stages::steps(&places, request.apply);
    let tables = steps.iter().filter(|step| step.begins_table(&places)).count();
    run.report(Progress::Steps(1 + tables as u64));
    run.report(Progress::Phase { name: "looking for names", as_of: None });
    learning::learn(&places, traces, run)?;
    let traces = &*traces;
    let alone = learning::alone_by_partition(&places, traces, request.withdrawn, request.emails_need_external_party)?;
    let nobody = Alone::default();
    let goes = places.iter().map(|place| Goes {
        personal_data: place.folder.personal_data,
        traces,
        alone: alone.get(&place.partition).unwrap_or(&nobody),
        withdrawn: request.withdrawn,
    });
    let mut work = Work::new(&places, goes.collect(), request.apply, run);
    work.take_all(&steps)?;
    if request.apply && work.errors.is_empty() {
        purge_folders(request.folders, run)?;
    }
    let forgotten = work.forgotten().into_iter().map(|(place, counts)| Forgotten {
        table: place.table.name.to_string(),
        partition: place.partition.clone(),
        counts,
    });
    Ok((forgotten.collect(), work.errors))
}

/// Deletes what was replaced by the files that were rewritten.
fn purge_folders(folders: &[Folder], run: &RunContext<'_>) -> Result<()> {
    for folder in folders {
        let run = RunContext { output: &folder.output, run_id: run.run_id.clone(), ..*run };
        folder.tables.iter().try_for_each(|table| purge(&run, table))?;
    }
    Ok(())
}
