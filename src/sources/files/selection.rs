//! The columns of a table out of those of a file: found by their names, cast to the types of their kinds (rule I3).

use std::path::Path;

use polars::prelude::*;

use crate::error::{Error, Result};
use crate::sources::contract::{SourceColumn, SourceTable, ValueKind};
use crate::sources::files::casts;
use crate::sources::files::needed_columns::POSITION;
use crate::sources::files::open::{Stored, is_hollow};
use crate::sources::values::misfits::Misfits;
use crate::sources::values::nested;

/// Casts and renames the columns of files that are `stored` alike, positions counted from `position`;
/// nested columns that a file lacks are null booleans, which the kernels read as absent.
pub fn selection(
    table: &SourceTable,
    columns: &[&SourceColumn],
    stored: &Stored,
    path: &Path,
    position: u64,
    misfits: &Misfits,
) -> Result<Vec<Expr>> {
    let mut selection = vec![(col(POSITION).cast(DataType::UInt64) + lit(position)).alias(POSITION)];
    for column in columns {
        let absent = || lit(NULL).cast(casts::dtype(column.kind).unwrap_or(DataType::Boolean));
        let misfit = |stored: &dyn std::fmt::Display| {
            let message = format!("the column is stored as {stored}, expected {}", casts::expectation(column.kind));
            refuse(table, column.name, path, message, "export the column in its own type")
        };
        let expr = match found(table, path, stored, column.name)? {
            None => absent(),
            Some((_, StoredColumn::Read(dtype))) if is_hollow(dtype) && column.kind == ValueKind::Struct => absent(),
            Some((name, StoredColumn::Read(dtype))) => {
                casts::read_as(col(name.clone()), dtype, column.kind, stored.times, misfits).ok_or_else(|| {
                    match nested::unfit(dtype) {
                        Some(field) => misfit(&format!("structs with {} as {}", field.name(), field.dtype())),
                        None => misfit(dtype),
                    }
                })?
            }
            Some((_, StoredColumn::Odd(word))) => return Err(misfit(&word)),
        };
        selection.push(expr.alias(column.name));
    }
    Ok(selection)
}

/// A column that a file has.
pub enum StoredColumn<'a> {
    /// Of this type.
    Read(&'a DataType),
    /// Of none that can be read.
    Odd(&'static str),
}

/// A file's name for a column and how it is stored; names may differ in letter case.
///
/// # Errors
/// Two columns whose names differ in nothing else: nobody knows which one is meant.
pub fn found<'a>(
    table: &SourceTable,
    path: &Path,
    stored: &'a Stored,
    name: &str,
) -> Result<Option<(&'a PlSmallStr, StoredColumn<'a>)>> {
    let readable = stored.schema.iter().map(|(name, dtype)| (name, StoredColumn::Read(dtype)));
    let all = readable.chain(stored.odd.iter().map(|(name, word)| (name, StoredColumn::Odd(word))));
    let mut found = all.filter(|(stored, _)| stored.eq_ignore_ascii_case(name));
    match (found.next(), found.next()) {
        (Some((one, _)), Some((other, _))) => {
            let message = match one == other {
                true => format!("the column {one} is there twice"),
                false => format!("the columns {one} and {other} differ only in letter case"),
            };
            Err(refuse(table, name, path, message, "export the column once"))
        }
        (found, _) => Ok(found),
    }
}

fn refuse(table: &SourceTable, column: &str, path: &Path, message: String, remedy: &str) -> Error {
    Error::Input {
        table: table.name.into(),
        column: Some(column.into()),
        file: Some(path.display().to_string()),
        message,
        remedy: remedy.into(),
    }
}
