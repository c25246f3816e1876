//! The stages in which people are taken out of files, so that nothing is lost from which other files are to learn.

use super::change::{self, Counts, Goes, Rules};
use super::layout::{Place, Stage};
use super::published::{self, OpenedFile};
use crate::context::{Progress, RunContext};
use crate::error::{Error, Result};
use crate::publish::{Rewriting, renew_current, rewrite};
use crate::table::Table;

/// What is done to one file at a stage.
#[derive(Clone, Copy)]
pub struct Step {
    stage: Stage,
    /// The number of the file among the places.
    at: usize,
}

/// All steps in their order. What all files learn from some of them, and these from each other, must be there until
/// nothing is left to be learned for: first all values go, then rows, and those that tell of ids last.
pub fn steps(places: &[Place<'_>], apply: bool) -> Vec<Step> {
    let stages = if apply { &[Stage::Values, Stage::Rows, Stage::Witnesses][..] } else { &[Stage::Values] };
    let all = stages.iter().flat_map(|&stage| (0..places.len()).map(move |at| Step { stage, at }));
    all.filter(|step| step.stage <= places[step.at].last_stage()).collect()
}

impl Step {
    /// Whether the files of a table begin with this one, which is told.
    pub fn begins_table(self, places: &[Place<'_>]) -> bool {
        self.at == 0 || !std::ptr::eq(places[self.at - 1].table, places[self.at].table)
    }
}

/// Files while people are taken out of them.
pub struct Work<'a> {
    places: &'a [Place<'a>],
    /// By place, by what its rows are judged.
    goes: Vec<Goes<'a>>,
    apply: bool,
    run: &'a RunContext<'a>,
    /// By place, how much of it is to be forgotten.
    found: Vec<Counts>,
    /// Places at which nothing is left to do.
    done: Vec<usize>,
    /// Places at which something went wrong.
    refused: Vec<usize>,
    /// What went wrong there.
    pub errors: Vec<Error>,
}

impl<'a> Work<'a> {
    /// On files of which nothing was rewritten yet.
    pub fn new(places: &'a [Place<'a>], goes: Vec<Goes<'a>>, apply: bool, run: &'a RunContext<'a>) -> Work<'a> {
        let found = vec![Counts::default(); places.len()];
        let mut work =
            Work { places, goes, apply, run, found, done: Vec::new(), refused: Vec::new(), errors: Vec::new() };
        if apply {
            work.count_current_files();
        }
        work
    }

    /// A current file follows its newest partition, after which there is nothing left in it to count. What is wrong with
    /// one is told when it is its turn.
    fn count_current_files(&mut self) {
        for (at, place) in self.places.iter().enumerate().filter(|(_, place)| place.file.partition().is_none()) {
            let counted = forget_in(place, self.goes[at], Stage::Values, false, &place.run(self.run));
            self.found[at] = counted.unwrap_or_default();
        }
    }

    /// Takes all steps, as far as the errors of earlier ones let it.
    ///
    /// # Errors
    /// A signal alone; what is wrong with a file is kept among the errors.
    pub fn take_all(&mut self, steps: &[Step]) -> Result<()> {
        for &step in steps {
            self.run.check_interrupted()?;
            // What a file that is to be tried again needs to learn must not be forgotten before.
            let again = |error: &Error| matches!(error, Error::Storage { .. } | Error::PartitionBusy { .. });
            if step.stage > Stage::Values && self.errors.iter().any(again) {
                break;
            }
            if step.begins_table(self.places) {
                self.run.report(Progress::Table(self.places[step.at].table.name));
            }
            if !self.refused.contains(&step.at) && !self.is_needed_by_refused(step) {
                self.take(step)?;
            }
        }
        Ok(())
    }

    /// Whether a file keeps its rows because one that was refused needs them, which is told.
    fn is_needed_by_refused(&self, step: Step) -> bool {
        let place = &self.places[step.at];
        let is_needed =
            step.stage > Stage::Values && self.refused.iter().any(|other| place.tells_of(&self.places[*other]));
        if is_needed {
            self.run.report(Progress::PrivacyWarning(&format!(
                "table {}, {}: its rows are kept until table interactions can be rewritten, which needs them",
                place.table.name, place.partition
            )));
        }
        is_needed
    }

    fn take(&mut self, Step { stage, at }: Step) -> Result<()> {
        let place = &self.places[at];
        match forget_in(place, self.goes[at], stage, self.apply, &place.run(self.run)) {
            Ok(counts) => {
                // What the first stage counts is all there is.
                if stage == Stage::Values && self.found[at] == Counts::default() {
                    self.found[at] = counts;
                }
                if !self.apply || stage == place.last_stage() {
                    self.done.push(at);
                }
            }
            Err(error @ Error::Interrupted(_)) => return Err(error),
            Err(error) => {
                self.refused.push(at);
                self.errors.push(error);
            }
        }
        Ok(())
    }

    /// The places that are done and at which something was to be forgotten, with how much that was.
    pub fn forgotten(&self) -> Vec<(&'a Place<'a>, Counts)> {
        let mut done = self.done.clone();
        done.sort_unstable();
        let all = done.into_iter().map(|at| (&self.places[at], self.found[at]));
        all.filter(|(_, counts)| *counts != Counts::default()).collect()
    }
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
