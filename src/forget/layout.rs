//! What lies in an output: the files of every table, in the order in which they are rewritten.

use polars::prelude::Schema;

use super::carries::{Carries, carries};
use crate::error::{Error, Result};
use crate::publish::{Output, PublishedFile, published_files};
use crate::table::Table;

/// Tables that are rewritten last, in this order: what is learned from them (names, and which
/// interactions were somebody's alone) must still be there when a rewriting that was killed is
/// begun again.
const LAST: [&str; 6] =
    ["who_knows_whom", "top_contacts", "contact_kpis", "lead_kpis", "interactions", "interaction_records"];
/// A published file of a table: a partition, or the current one.
#[derive(Clone, Debug)]
pub struct Place<'a> {
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
pub fn places<'a>(output: &Output, tables: &'a [Table]) -> Result<Vec<Place<'a>>> {
    let mut ordered: Vec<&Table> = tables.iter().filter(|table| can_carry(table)).collect();
    ordered.sort_by_key(|table| LAST.iter().position(|last| *last == table.name).map_or(0, |at| at + 1));
    let mut places = Vec::new();
    for table in ordered {
        let files = published_files(output, table.name)?.into_iter();
        places.extend(files.map(|file| Place { table, partition: file.partition.clone(), file }));
    }
    Ok(places)
}

/// Whether a table has a column that can carry a person.
fn can_carry(table: &Table) -> bool {
    table.columns.iter().any(|column| !matches!(carries(table.name, column.name), None | Some(Carries::Nobody)))
}

impl Place<'_> {
    /// Whether other files learn something from this one.
    pub fn teaches(&self) -> bool {
        LAST.contains(&self.table.name)
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
