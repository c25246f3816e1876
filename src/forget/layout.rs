//! What lies in an output: the files of every table, in the order in which they are rewritten.

use polars::prelude::Schema;

use super::personal_columns::{JudgeColumn, Personal};
use crate::context::{Output, RunContext};
use crate::error::{Error, Result};
use crate::publish::{PublishedFile, published_files};
use crate::table::Table;

/// Tables that lose their rows last, in this order: what is learned from them (names, which
/// interactions were somebody's alone, and the ids of erased addresses) must still be there when a
/// rewriting that was killed is begun again.
const LAST: [&str; 9] = [
    "top_contacts",
    "people",
    "contact_kpis",
    "lead_kpis",
    "interactions",
    "interaction_records",
    "who_knows_whom",
    "missing_people",
    "record_access",
];

/// What is taken out at a time of the files that teach others. All else goes from a file at once.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Stage {
    /// Values of rows that stay.
    Values,
    /// Rows, except for those by which an address that is erased is known to be somebody's.
    Rows,
    /// These.
    Witnesses,
}

/// A folder with published tables.
pub struct Folder {
    /// Where it is.
    pub output: Output,
    /// Declarations of the tables to look at, with the columns that settings add.
    pub tables: Vec<Table>,
    /// Who says how their columns carry people.
    pub personal_data: JudgeColumn,
}

/// A published file of a table: a partition, or the current one.
#[derive(Clone)]
pub struct Place<'a> {
    /// The folder that it lies in.
    pub folder: &'a Folder,
    /// The table as this version declares it.
    pub table: &'a Table,
    /// The partition's folder name, or `current`.
    pub partition: String,
    /// The file.
    pub file: PublishedFile,
}

/// The files of those of the tables that can carry a person, in the order in which to rewrite them.
///
/// # Errors
/// What storage refuses. An output that is not there has no files.
pub fn places(folders: &[Folder]) -> Result<Vec<Place<'_>>> {
    let tables = folders.iter().flat_map(|folder| folder.tables.iter().map(move |table| (folder, table)));
    let mut ordered: Vec<(&Folder, &Table)> = tables.filter(|(folder, table)| folder.can_carry(table)).collect();
    ordered.sort_by_key(|(_, table)| LAST.iter().position(|last| *last == table.name).map_or(0, |at| at + 1));
    let mut places = Vec::new();
    for (folder, table) in ordered {
        let files = published_files(&folder.output, table.name)?.into_iter();
        places.extend(files.map(|file| Place { folder, table, partition: file.partition.clone(), file }));
    }
    Ok(places)
}

impl Folder {
    /// Whether a table has a column that can carry a person.
    pub fn can_carry(&self, table: &Table) -> bool {
        self.judgements(table).any(|judged| judged != Personal::Nobody)
    }

    fn judgements(&self, table: &Table) -> impl Iterator<Item = Personal> {
        table.columns.iter().filter_map(|column| (self.personal_data)(table.name, column.name))
    }
}

impl Place<'_> {
    /// Whether its rows tell whose an address is.
    pub fn witnesses(&self) -> bool {
        self.folder.judgements(self.table).any(|judged| judged == Personal::SubjectAddress)
    }

    fn tells_names(&self) -> bool {
        self.folder.judgements(self.table).any(|judged| matches!(judged, Personal::SubjectName(_)))
    }

    /// The stage by which all is forgotten in this file; the first one, where others learn nothing from it.
    pub fn last_stage(&self) -> Stage {
        match LAST.contains(&self.table.name) || self.tells_names() {
            _ if self.witnesses() => Stage::Witnesses,
            true => Stage::Rows,
            false => Stage::Values,
        }
    }

    /// The run, for what is done in the folder of this file.
    pub fn run<'a>(&'a self, run: &RunContext<'a>) -> RunContext<'a> {
        RunContext { output: &self.folder.output, run_id: run.run_id.clone(), ..*run }
    }

    /// Whether the other file, in which nothing was forgotten, needs this one to know which of its rows go.
    pub fn tells_of(&self, other: &Place<'_>) -> bool {
        (self.table.name, other.table.name) == ("interaction_records", "interactions")
            && self.partition == other.partition
    }

    /// The declaration of the table with the columns that the file has: earlier versions had
    /// fewer, and settings add some.
    ///
    /// # Errors
    /// A column that is not known, so that nobody can say whether it carries a person.
    pub fn declared(&self, schema: &Schema) -> Result<Table> {
        let columns = schema.iter_names().map(|name| {
            let known = self.table.columns.iter().find(|column| column.name == name.as_str());
            known.cloned().ok_or_else(|| Error::Checks {
                message: format!(
                    "table {}, {}: column {name} is not known to this version, which cannot say whether it carries \
                     a person; use the version that published it",
                    self.table.name, self.partition
                ),
            })
        });
        Ok(Table { columns: columns.collect::<Result<_>>()?, ..self.table.clone() })
    }
}

#[cfg(test)]
mod tests {
    use super::super::personal_columns::personal_data;
    use super::*;
    use crate::jobs;

    #[test]
    fn tables_that_tell_names_and_addresses_lose_their_rows_last() {
        let tables = jobs::tables_with_subjects();
        let tells = |table: &&Table| {
            let personal_data = table.columns.iter().map(|column| personal_data(table.name, column.name));
            let mut personal_data = personal_data.flatten();
            personal_data
                .any(|personal_data| matches!(personal_data, Personal::SubjectName(_) | Personal::SubjectAddress))
        };
        let telling: Vec<&str> = tables.iter().filter(tells).map(|table| table.name).collect();
        assert!(telling.len() >= 4 && telling.iter().all(|table| LAST.contains(table)), "{telling:?}");
    }
}
