//! Everything published about a person, as JSON: the rows, and where they were looked for (rule C6).

use std::collections::HashSet;
use std::io::Write;

use serde::Serialize;

use super::layout::{self, Folder, Place};
use super::subject::{Finder, interactions};
use super::traces::Traces;
use super::{learning, published};
use crate::context::{Progress, RunContext};
use crate::error::{Error, Result};
use crate::table::Table;
use crate::table::cells::Fields;

/// What is asked of one output.
pub struct ExportRequest<'a> {
    /// The jobs that publish there.
    pub jobs: &'a [&'a str],
    /// Where that is, as people name it.
    pub output: &'a str,
    /// The folders with tables to look at.
    pub folders: &'a [Folder],
}

/// How much was written, and what could not be read.
#[derive(Default)]
pub struct Exported {
    /// Rows that were found.
    pub rows: u64,
    /// Files that were looked at.
    pub files: u64,
    /// Of files that are no readable Parquet: what they hold is not among the rows.
    pub errors: Vec<Error>,
}

#[derive(Serialize)]
struct ExportedRow<'a> {
    table: &'a str,
    partition: &'a str,
    found_by: &'a [&'static str],
    row: Fields,
}

#[derive(Serialize)]
struct LookedIn<'a> {
    table: &'a str,
    partition: &'a str,
    rows: usize,
    found: u64,
    #[serde(skip_serializing_if = "Option::is_none")]
    error: Option<String>,
}

/// Writes one object: the jobs and their output, the ids that are the person's, every row that names or concerns them
/// with the columns by which it was found, and every file that was looked at.
///
/// # Errors
/// Trouble of the storage, a writer that fails, and a signal.
pub fn export(
    request: &ExportRequest<'_>,
    traces: &mut Traces,
    run: &RunContext<'_>,
    out: &mut dyn Write,
) -> Result<Exported> {
    let places = layout::places(request.folders)?;
    run.report(Progress::Steps(1 + places.len() as u64));
    run.report(Progress::Phase { name: "looking for names", as_of: None });
    learning::learn(&places, traces, run)?;
    let traces = &*traces;
    let theirs = interactions(&places, traces)?;
    let nothing = HashSet::new();
    let (mut exported, mut looked_in) = (Exported::default(), Vec::new());
    let head =
        [("jobs", json(&request.jobs)?), ("output", json(&request.output)?), ("ids", json(&traces.sorted_ids())?)];
    let head: Vec<String> = head.iter().map(|(name, value)| format!("\"{name}\": {value}")).collect();
    write!(out, "{{{}, \"found\": [", head.join(", ")).map_err(Error::storage("the export"))?;
    for place in &places {
        run.check_interrupted()?;
        run.report(Progress::Table(place.table.name));
        let finder = |table: &Table| {
            Finder::of(
                table,
                place.folder.personal_data,
                traces,
                theirs.get(place.partition.as_str()).unwrap_or(&nothing),
            )
        };
        let before = exported.rows;
        let looked = rows_of(place, &finder, &mut |found| {
            let comma = if exported.rows == 0 { "" } else { "," };
            exported.rows += 1;
            let line = json(&found)?;
            write!(out, "{comma}\n{line}").map_err(Error::storage("the export"))
        });
        let (table, partition) = (place.table.name, place.partition.as_str());
        let found = exported.rows - before;
        exported.files += 1;
        match looked {
            Ok(rows) => looked_in.push(LookedIn { table, partition, rows, found, error: None }),
            Err(error @ Error::Checks { .. }) => {
                looked_in.push(LookedIn { table, partition, rows: 0, found, error: Some(error.to_string()) });
                exported.errors.push(error);
            }
            Err(error) => return Err(error),
        }
    }
    let published = |table: &&Table| places.iter().any(|place| place.table.name == table.name);
    let names = |of: &dyn Fn(&Folder, &Table) -> bool| -> Vec<&str> {
        let tables = request.folders.iter().flat_map(|folder| folder.tables.iter().map(move |table| (folder, table)));
        tables.filter(|(folder, table)| of(folder, table)).map(|(_, table)| table.name).collect()
    };
    let tail = [
        ("looked_in", json(&looked_in)?),
        ("not_published", json(&names(&|folder, table| folder.can_carry(table) && !published(&table)))?),
        ("tables_that_name_nobody", json(&names(&|folder, table| !folder.can_carry(table)))?),
    ];
    let tail: Vec<String> = tail.iter().map(|(name, value)| format!("\"{name}\": {value}")).collect();
    writeln!(out, "\n], {}}}", tail.join(", ")).map_err(Error::storage("the export"))?;
    Ok(exported)
}

/// Hands on the rows of a file that name or concern them; says how many rows it has.
fn rows_of<'t>(
    place: &'t Place<'_>,
    finder: &dyn Fn(&Table) -> Finder<'t>,
    hand_on: &mut dyn FnMut(ExportedRow<'_>) -> Result<()>,
) -> Result<usize> {
    let file = published::open(place.file.bring()?)?;
    let table = place.declared(&file.schema)?;
    let finder = finder(&table);
    let columns: Vec<&str> = table.columns.iter().map(|column| column.name).collect();
    for offset in published::offsets(file.rows) {
        let found = finder.found(&file.read(&finder.looks_at(&table), offset, published::CHUNK)?)?;
        if found.is_empty() {
            continue;
        }
        let rows = file.read(&columns, offset, published::CHUNK)?;
        for one in found {
            let row = Fields::of(rows.columns(), one.row);
            let (table, partition) = (place.table.name, place.partition.as_str());
            hand_on(ExportedRow { table, partition, found_by: &one.by, row })?;
        }
    }
    Ok(file.rows)
}

fn json<T: Serialize + ?Sized>(value: &T) -> Result<String> {
    serde_json::to_string(value).map_err(|error| Error::storage("the export")(error.into()))
}
