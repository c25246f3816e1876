//! Takes erased people out of what is already published (rule C4).
//!
//! Published files are rewritten, not computed again: the lake may no longer hold what they were
//! made of. What each column can carry is in [`carries`]; how the erased are recognised in
//! [`traces`]. Numbers about others stay as they were published.

mod alone;
pub mod carries;
mod change;
mod layout;
mod published;
pub mod traces;

use std::cell::Cell;
use std::collections::{HashMap, HashSet};

pub use change::Counts;
use polars::prelude::DataFrame;

use self::alone::Alone;
use self::carries::{Carries, carries};
use self::change::Rules;
use self::layout::Place;
use self::traces::Traces;
use crate::context::{Progress, RunContext};
use crate::error::{Error, Result};
use crate::people::columns::texts;
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
#[derive(Clone, Copy, Debug)]
pub struct Request<'a> {
    /// Declarations of the tables to look at, with the columns that settings add.
    pub tables: &'a [Table],
    /// Whether emails without an external participant are dropped (rule N9).
    pub emails_need_external_party: bool,
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
    let nobody = Alone::default();
    Ok(Rules::of_texts(table, traces, &nobody).apply(rows)?.0)
}

/// Finds the erased in every published file, and takes them out when asked to. A file that cannot
/// be rewritten does not keep the others from being; its error is among those returned.
///
/// # Errors
/// What keeps it from looking at the output at all, and a signal.
pub fn forget(
    request: &Request<'_>,
    traces: &mut Traces,
    run: &RunContext<'_>,
) -> Result<(Vec<Forgotten>, Vec<Error>)> {
    let places = layout::places(run.output, request.tables)?;
    let is_first = |at: usize| at == 0 || places[at - 1].table.name != places[at].table.name;
    run.report(Progress::Steps(1 + (0..places.len()).filter(|&at| is_first(at)).count() as u64));
    run.report(Progress::Step("looking for names"));
    for place in &places {
        run.go_on()?;
        readable(learn(place, traces))?;
    }
    let alone = alone_by_partition(&places, traces, request.emails_need_external_party)?;
    let nobody = Alone::default();
    let (mut forgotten, mut errors) = (Vec::new(), Vec::new());
    for (at, place) in places.iter().enumerate() {
        run.go_on()?;
        // What a file that is to be tried again needs to learn must not be forgotten before.
        if place.teaches()
            && errors.iter().any(|error: &Error| matches!(error, Error::Storage { .. } | Error::PartitionBusy { .. }))
        {
            break;
        }
        if is_first(at) {
            run.report(Progress::Step(place.table.name));
        }
        match forget_in(place, (traces, alone.get(&place.partition).unwrap_or(&nobody)), request.apply, run) {
            Ok(Counts { gone: 0, changed: 0 }) => {}
            Ok(counts) => {
                let (table, partition) = (place.table.name.to_string(), place.partition.clone());
                forgotten.push(Forgotten { table, partition, counts });
            }
            Err(error @ Error::Interrupted(_)) => return Err(error),
            Err(error) => errors.push(error),
        }
    }
    if request.apply && errors.is_empty() {
        for table in request.tables {
            purge(run, table)?;
        }
    }
    Ok((forgotten, errors))
}

/// None for a file that is broken, which is reported when it is to be rewritten. Trouble of the storage
/// ends the search: without the names in that file too little would be forgotten.
fn readable<T>(outcome: Result<T>) -> Result<Option<T>> {
    match outcome {
        Ok(found) => Ok(Some(found)),
        Err(error @ Error::Storage { .. }) => Err(error),
        Err(_) => Ok(None),
    }
}

/// Takes in the names that were published of the erased, and the ids that were published with their
/// addresses: the lake may no longer hold them.
fn learn(place: &Place<'_>, traces: &mut Traces) -> Result<()> {
    let judged = |name: &str| carries(place.table.name, name);
    let columns = place.table.columns.iter().map(|column| column.name);
    let names: Vec<&str> =
        columns.clone().filter(|name| matches!(judged(name), Some(Carries::SubjectName(_)))).collect();
    let [name] = names.as_slice() else { return Ok(()) };
    let Some(Carries::SubjectName(id)) = judged(name) else { return Ok(()) };
    let address = columns.clone().find(|name| judged(name) == Some(Carries::SubjectAddress));
    let file = published::open(place.file.bring()?)?;
    let wanted: Vec<&str> = [id, name].into_iter().chain(address).collect();
    for offset in published::offsets(file.rows) {
        let rows = file.read(&wanted, offset, published::CHUNK)?;
        let (ids, names) = (texts(&rows, id)?, texts(&rows, name)?);
        let addresses = address.map(|address| texts(&rows, address)).transpose()?;
        for (row, (id, name)) in ids.iter().zip(names.iter()).enumerate() {
            let Some(id) = id else { continue };
            let by_address = || addresses.and_then(|all| all.get(row)).is_some_and(|text| traces.is_address(text));
            if traces.is_id(id) || by_address() {
                traces.learn_id(id.to_string());
                name.into_iter().for_each(|name| traces.learn_name(name));
            }
        }
    }
    Ok(())
}

/// The interactions of each partition that were with erased people alone.
fn alone_by_partition<'p>(
    places: &'p [Place<'_>],
    traces: &Traces,
    emails_need_external_party: bool,
) -> Result<HashMap<&'p String, Alone>> {
    let of_table = |name: &str| -> HashMap<&'p String, &'p Place<'_>> {
        let of_table = places.iter().filter(|place| place.table.name == name);
        of_table.map(|place| (&place.partition, place)).collect()
    };
    let (interactions, records) = (of_table("interactions"), of_table("interaction_records"));
    let mut known = HashSet::new();
    let mut judge = |interactions: &Place<'_>, records: &Place<'_>| {
        let open = |place: &Place<'_>| published::open(place.file.bring()?);
        alone::judge(traces, (&open(interactions)?, &open(records)?), emails_need_external_party, &mut known)
    };
    let mut judged = HashMap::new();
    for (partition, interactions) in interactions {
        let Some(records) = records.get(partition) else { continue };
        if let Some(alone) = readable(judge(interactions, records))? {
            judged.insert(partition, alone);
        }
    }
    Ok(judged)
}

/// Looks at one file, and rewrites it where that is asked for and there is something to rewrite.
fn forget_in(
    place: &Place<'_>,
    (traces, alone): (&Traces, &Alone),
    apply: bool,
    run: &RunContext<'_>,
) -> Result<Counts> {
    let (table, counts) = count(place, (traces, alone), run)?;
    if !apply || counts == Counts::default() {
        return Ok(counts);
    }
    let counted = Cell::new(Counts::default());
    let Some(partition) = place.file.partition() else {
        // Its partition was rewritten before, and the newest partition takes its place.
        return renew_current(run, place.table).map(|()| counts);
    };
    rewrite(run, &table, &partition, |file| {
        // Another run may have published since; what counts is what lies there now.
        let file = published::open(file)?;
        let table = place.declared(&file.schema)?;
        let (metadata, declared) = (file.metadata.clone(), table.clone());
        let counted = &counted;
        let frames = chunks(&table, file.rows).into_iter().map(move |(offset, rows)| {
            let names: Vec<&str> = table.columns.iter().map(|column| column.name).collect();
            let chunk = file.read(&names, offset, rows)?;
            let (chunk, found) = Rules::of(&table, traces, alone).apply(chunk)?;
            counted.set(counted.get() + found);
            Ok(chunk)
        });
        Ok(Rewriting { table: declared, metadata, frames: Box::new(frames) })
    })?;
    Ok(counted.get())
}

/// Where the rows of a table are cut.
fn chunks(table: &Table, rows: usize) -> Vec<(usize, usize)> {
    if change::needs_whole_table(table) {
        return vec![(0, rows)];
    }
    published::offsets(rows).map(|offset| (offset, published::CHUNK)).collect()
}

/// The table as it is in a file, and how many of its rows go or change.
fn count(place: &Place<'_>, (traces, alone): (&Traces, &Alone), run: &RunContext<'_>) -> Result<(Table, Counts)> {
    let file = published::open(place.file.bring()?)?;
    let table = place.declared(&file.schema)?;
    let rules = Rules::of(&table, traces, alone);
    let columns = rules.looks_at(&table);
    let mut counts = Counts::default();
    for (offset, rows) in chunks(&table, file.rows) {
        run.go_on()?;
        let (_, found) = rules.apply(file.read(&columns, offset, rows)?)?;
        counts = counts + found;
    }
    Ok((table, counts))
}
