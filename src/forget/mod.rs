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
mod subject;
pub mod traces;
pub mod withdrawn;

pub use change::Counts;
pub use layout::Folder;
pub use personal_columns::{JudgeColumn, Personal, personal_data};
use polars::prelude::DataFrame;

use self::alone::Alone;
use self::change::{Goes, Rules};
use self::layout::{Place, Stage};
use self::published::OpenedFile;
use self::traces::Traces;
use self::withdrawn::Withdrawn;
use crate::context::{Progress, RunContext};
use crate::error::{Error, Result};
use crate::publish::{Rewriting, purge, renew_current, rewrite};
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
    let is_first = |at: usize| at == 0 || !std::ptr::eq(places[at - 1].table, places[at].table);
    let stages = if request.apply { &[Stage::Values, Stage::Rows, Stage::Witnesses][..] } else { &[Stage::Values] };
    let steps = stages.iter().flat_map(|stage| (0..places.len()).map(move |at| (*stage, at)));
    let steps: Vec<(Stage, usize)> = steps.filter(|(stage, at)| *stage <= places[*at].last_stage()).collect();
    run.report(Progress::Steps(1 + steps.iter().filter(|(_, at)| is_first(*at)).count() as u64));
    run.report(Progress::Phase { name: "looking for names", as_of: None });
    learning::learn(&places, traces, run)?;
    let traces = &*traces;
    let alone = learning::alone_by_partition(&places, traces, request.withdrawn, request.emails_need_external_party)?;
    let nobody = Alone::default();
    let goes = |place: &Place<'_>| Goes {
        personal_data: place.folder.personal_data,
        traces,
        alone: alone.get(&place.partition).unwrap_or(&nobody),
        withdrawn: request.withdrawn,
    };
    let mut found = vec![Counts::default(); places.len()];
    // A current file follows its newest partition, after which there is nothing left in it to count. What is wrong with one
    // is told when it is its turn.
    for (at, place) in places.iter().enumerate().filter(|(_, place)| request.apply && place.file.partition().is_none())
    {
        found[at] = forget_in(place, goes(place), Stage::Values, false, &place.run(run)).unwrap_or_default();
    }
    let (mut done, mut errors, mut refused) = (Vec::new(), Vec::new(), Vec::new());
    // What all files learn from some of them, and these from each other, must be there until nothing is
    // left to be learned for: first all values go, then rows, and those that tell of ids last.
    for (stage, at) in steps {
        let place = &places[at];
        run.check_interrupted()?;
        // What a file that is to be tried again needs to learn must not be forgotten before.
        let again = |error: &Error| matches!(error, Error::Storage { .. } | Error::PartitionBusy { .. });
        if stage > Stage::Values && errors.iter().any(again) {
            break;
        }
        if is_first(at) {
            run.report(Progress::Table(place.table.name));
        }
        if refused.contains(&at) {
            continue;
        }
        if stage > Stage::Values && refused.iter().any(|other| place.tells_of(&places[*other])) {
            run.report(Progress::PrivacyWarning(&format!(
                "table {}, {}: its rows are kept until table interactions can be rewritten, which needs them",
                place.table.name, place.partition
            )));
            continue;
        }
        match forget_in(place, goes(place), stage, request.apply, &place.run(run)) {
            Ok(counts) => {
                // What the first stage counts is all there is.
                if stage == Stage::Values && found[at] == Counts::default() {
                    found[at] = counts;
                }
                if !request.apply || stage == place.last_stage() {
                    done.push(at);
                }
            }
            Err(error @ Error::Interrupted(_)) => return Err(error),
            Err(error) => {
                refused.push(at);
                errors.push(error);
            }
        }
    }
    if request.apply && errors.is_empty() {
        for folder in request.folders {
            let run = RunContext { output: &folder.output, run_id: run.run_id.clone(), ..*run };
            folder.tables.iter().try_for_each(|table| purge(&run, table))?;
        }
    }
    done.sort_unstable();
    done.retain(|at| found[*at] != Counts::default());
    let forgotten = done.into_iter().map(|at| Forgotten {
        table: places[at].table.name.to_string(),
        partition: places[at].partition.clone(),
        counts: found[at],
    });
    Ok((forgotten.collect(), errors))
}

/// Looks at one file, and rewrites it where that is asked for and there is something to rewrite at this
/// stage. Says how much of it is to be forgotten, at this stage and the next ones.
fn forget_in(place: &Place<'_>, goes: Goes<'_>, stage: Stage, apply: bool, run: &RunContext<'_>) -> Result<Counts> {
    let file = published::open(place.file.bring()?)?;
    let table = place.declared(&file.schema)?;
    let whole = count(&file, &table, &Rules::of(&table, goes), run)?;
    if !apply || whole == Counts::default() {
        return Ok(whole);
    }
    let last = place.last_stage();
    if stage < last && count(&file, &table, &rules(&table, goes, stage, last), run)? == Counts::default() {
        return Ok(whole);
    }
    drop(file);
    let Some(partition) = place.file.partition() else {
        // Its partition was rewritten before, and the newest partition takes its place.
        return renew_current(run, place.table).map(|()| whole);
    };
    rewrite(run, &table, &partition, |file| {
        // Another run may have published since; what counts is what lies there now.
        let file = published::open(file)?;
        let table = place.declared(&file.schema)?;
        let (metadata, declared) = (file.metadata.clone(), table.clone());
        let frames = chunks(&table, file.rows).into_iter().map(move |(offset, rows)| {
            let names: Vec<&str> = table.columns.iter().map(|column| column.name).collect();
            let chunk = file.read(&names, offset, rows)?;
            Ok(rules(&table, goes, stage, last).apply(chunk)?.0)
        });
        Ok(Rewriting { table: declared, metadata, frames: Box::new(frames) })
    })?;
    Ok(whole)
}

/// What is done to a table at a stage; at its last one, all that is left to do.
fn rules<'a>(table: &'a Table, goes: Goes<'a>, stage: Stage, last: Stage) -> Rules<'a> {
    match stage {
        _ if stage == last => Rules::of(table, goes),
        Stage::Values => Rules::of_values(table, goes),
        Stage::Rows | Stage::Witnesses => Rules::without_witnesses(table, goes),
    }
}

/// Where the rows of a table are cut.
fn chunks(table: &Table, rows: usize) -> Vec<(usize, usize)> {
    if change::needs_whole_table(table) {
        return vec![(0, rows)];
    }
    published::offsets(rows).map(|offset| (offset, published::CHUNK)).collect()
}

/// How many rows of a file go or change by the rules.
fn count(file: &OpenedFile, table: &Table, rules: &Rules<'_>, run: &RunContext<'_>) -> Result<Counts> {
    let columns = rules.looks_at(table);
    let mut counts = Counts::default();
    for (offset, rows) in chunks(table, file.rows) {
        run.check_interrupted()?;
        let (_, found) = rules.apply(file.read(&columns, offset, rows)?)?;
        counts = counts + found;
    }
    Ok(counts)
}
