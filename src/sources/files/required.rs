//! What the files of a table must hold: each the key of the table, and one of them every other required column (rule I4).

use std::path::{Path, PathBuf};

use crate::error::{Error, Result};
use crate::sources::contract::SourceTable;
use crate::suggest::nearest;

/// Looks for the required columns of a table in its files, which lie in `place`. `has` says whether a file, by its number,
/// has a column, and `names` what the first file has.
///
/// # Errors
/// A required column that every file lacks, and a file without the key of its table, which is none of its files.
pub fn are_there(
    table: &SourceTable,
    place: &Path,
    paths: &[PathBuf],
    has: impl Fn(usize, &str) -> bool,
    names: impl FnOnce() -> Result<Vec<String>>,
) -> Result<()> {
    let mut required = table.columns.iter().filter(|column| column.required);
    if let Some(column) = required.clone().find(|column| !(0..paths.len()).any(|file| has(file, column.name))) {
        let is_other = |name: &str| !table.columns.iter().any(|column| column.name.eq_ignore_ascii_case(name));
        let names: Vec<String> = names()?.into_iter().filter(|name| is_other(name)).collect();
        let remedy = match alike(column.name, &names) {
            Some(alike) => format!("rename {alike} if that is it, else add the column to the export"),
            None => "add it to the export".to_string(),
        };
        return Err(refuse(table, column.name, place, "the column is missing in every file", remedy));
    }
    let Some(key) = required.next() else { return Ok(()) };
    let Some(at) = (0..paths.len()).find(|file| !has(*file, key.name)) else { return Ok(()) };
    let message = "the file lacks the column, which every row of the table has, so it is foreign";
    let remedy = "move it out of the table's folder, or export it again".to_string();
    Err(refuse(table, key.name, &paths[at], message, remedy))
}

/// A name that is nearly another, or has it in its own.
fn alike<'a>(name: &str, names: &'a [String]) -> Option<&'a str> {
    let names = || names.iter().map(String::as_str);
    let within = names().find(|own| own.to_lowercase().contains(&name.to_lowercase()));
    within.or_else(|| nearest(name, names()))
}

fn refuse(table: &SourceTable, column: &str, file: &Path, message: &str, remedy: String) -> Error {
    Error::Input {
        table: table.name.into(),
        column: Some(column.into()),
        file: Some(file.display().to_string()),
        message: message.into(),
        remedy,
    }
}
