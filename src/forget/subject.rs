//! Which published rows name or concern a person (rule C6).

use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use polars::prelude::*;

use super::layout::Place;
use super::personal_columns::{JudgeColumn, Personal, of_every_kind};
use super::traces::Traces;
use super::{learning, published};
use crate::error::Result;
use crate::frames::typed_columns::texts;
use crate::table::Table;

/// What says which interactions count for which records.
const LINKS: &str = "interaction_records";

/// A row that names or concerns somebody, and the columns that do.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Found {
    /// Its place among the rows that were looked at.
    pub row: usize,
    /// The columns, in the order of the table.
    pub by: Vec<&'static str>,
}

/// Looks for somebody in the rows of a table.
pub struct Finder<'a> {
    judged: Vec<(&'static str, Personal)>,
    links: bool,
    traces: &'a Traces,
    theirs: &'a HashSet<Arc<str>>,
}

impl<'a> Finder<'a> {
    /// For a table with the columns that its file has. `theirs` are interactions that count for a record of theirs.
    pub fn of(
        table: &Table,
        personal_data: JudgeColumn,
        traces: &'a Traces,
        theirs: &'a HashSet<Arc<str>>,
    ) -> Finder<'a> {
        let judged =
            table.columns.iter().filter_map(|column| Some((column.name, personal_data(table.name, column.name)?)));
        let judged = judged.filter(|(_, personal_data)| *personal_data != Personal::Nobody).collect();
        Finder { judged, links: table.name == LINKS, traces, theirs }
    }

    /// The columns that decide.
    pub fn looks_at(&self, table: &Table) -> Vec<&'static str> {
        let names: Vec<&str> = self
            .judged
            .iter()
            .flat_map(|(name, personal_data)| [vec![*name], personal_data.besides()].concat())
            .collect();
        let columns = table.columns.iter().map(|column| column.name);
        columns.filter(|name| names.contains(name)).collect()
    }

    /// The rows of a part of the table that name or concern them.
    ///
    /// # Errors
    /// Only what the engine runs into.
    pub fn found(&self, rows: &DataFrame) -> Result<Vec<Found>> {
        let mut by: Vec<Vec<&'static str>> = vec![Vec::new(); rows.height()];
        for (name, judged) in &self.judged {
            let values = texts(rows, name)?;
            let people: Vec<&StringChunked> = match judged {
                Personal::TextAbout(ids) => ids.iter().map(|id| texts(rows, id)).collect::<Result<_>>()?,
                _ => Vec::new(),
            };
            for (row, value) in values.iter().enumerate() {
                let is_namesake =
                    || people.iter().any(|ids| ids.get(row).is_some_and(|id| self.traces.is_namesake(id)));
                if value.is_some_and(|value| self.concerns(*judged, value, &is_namesake)) {
                    by[row].push(name);
                }
            }
        }
        let found = by.into_iter().enumerate().filter(|(_, by)| !by.is_empty());
        Ok(found.map(|(row, by)| Found { row, by }).collect())
    }

    fn concerns(&self, judged: Personal, value: &str, is_namesake: &dyn Fn() -> bool) -> bool {
        let traces = self.traces;
        match judged {
            Personal::Nobody | Personal::SubjectName(_) => false,
            Personal::Subject | Personal::Mention { .. } => traces.is_id(value),
            Personal::SubjectAddress => traces.is_address(value),
            // Links of their interactions to records of others concern these.
            Personal::SourceKey if self.links => traces.holds_address_or_id(value),
            Personal::SourceKey | Personal::Interaction(_) => {
                self.theirs.contains(value) || traces.holds_address_or_id(value)
            }
            Personal::InteractionWithoutKind => {
                of_every_kind(value).any(|id| self.theirs.contains(&*id)) || traces.holds_address_or_id(value)
            }
            Personal::SourceText => traces.holds_address_or_id(value),
            Personal::FreeText | Personal::BeginningOf(_) => traces.are_in(value),
            Personal::CutText(longest) => traces.are_in_cut(value, longest),
            Personal::TextAbout(_) => traces.holds_address_or_id(value) || traces.holds_name(value) && !is_namesake(),
        }
    }
}

/// Of every partition the interactions that count for a record of theirs. A file that cannot be read is told when its
/// own rows are looked at.
///
/// # Errors
/// Trouble of the storage.
pub fn interactions<'p>(places: &'p [Place<'_>], traces: &Traces) -> Result<HashMap<&'p str, HashSet<Arc<str>>>> {
    let mut known: HashSet<Arc<str>> = HashSet::new();
    let mut theirs = HashMap::new();
    for place in places.iter().filter(|place| place.table.name == LINKS) {
        let read = || {
            published::open(place.file.bring()?)?.collect(|plan| {
                let is_theirs = col("record_id").is_in(lit(traces.ids_as_series()).implode(false), false);
                plan.filter(is_theirs).select([col("interaction_id")])
            })
        };
        let Some(rows) = learning::readable(read())? else { continue };
        let of_partition: &mut HashSet<Arc<str>> = theirs.entry(place.partition.as_str()).or_default();
        for id in texts(&rows, "interaction_id")?.iter().flatten() {
            let id = known.get(id).cloned().unwrap_or_else(|| id.into());
            known.insert(id.clone());
            of_partition.insert(id);
        }
    }
    Ok(theirs)
}
