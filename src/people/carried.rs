//! The addresses in the columns of contacts, leads and colleagues; a column may hold several.

use polars::prelude::*;

use crate::error::{Error, Result};
use crate::frames::keys::Address;
use crate::frames::typed_columns::{addresses, texts};
use crate::sources::further_of;

/// An address that a row carries.
#[derive(Clone, Copy)]
pub struct Carried {
    /// The row in the frame.
    pub row: usize,
    /// Place of its column among those asked for.
    pub level: usize,
    /// The address.
    pub address: Address,
}

/// All addresses of some columns: column by column, the first of each row before any further one.
///
/// # Errors
/// A frame without these columns.
pub fn carried(frame: &DataFrame, columns: &[&str]) -> Result<Vec<Carried>> {
    let mut found = Vec::new();
    for (level, column) in columns.iter().enumerate() {
        let first = addresses(frame, column)?.iter().enumerate();
        found.extend(first.filter_map(|(row, address)| Some(Carried { row, level, address: address? })));
        let name = further_of(column);
        let further = frame.column(&name).and_then(|lists| lists.list());
        let further = further.map_err(Error::engine(format!("column {name}")))?;
        if further.null_count() == further.len() {
            continue;
        }
        for (row, list) in further.amortized_iter().enumerate() {
            let Some(list) = list else { continue };
            let list = list.as_ref().i128().map_err(Error::engine(format!("column {name}")))?;
            found.extend(list.iter().flatten().map(|address| Carried { row, level, address }));
        }
    }
    Ok(found)
}

/// The same addresses, each with the id of its row; rows without an id are left out.
///
/// # Errors
/// As [`carried`].
pub fn with_ids<'a>(frame: &'a DataFrame, id: &str, columns: &[&str]) -> Result<Vec<(&'a str, Address)>> {
    let ids = texts(frame, id)?;
    let all = carried(frame, columns)?.into_iter();
    Ok(all.filter_map(|one| Some((ids.get(one.row)?, one.address))).collect())
}

/// All addresses of each row, those of the first column first.
///
/// # Errors
/// As [`carried`].
pub fn by_row(frame: &DataFrame, columns: &[&str]) -> Result<Vec<Vec<Address>>> {
    let mut rows = vec![Vec::new(); frame.height()];
    carried(frame, columns)?.into_iter().for_each(|one| rows[one.row].push(one.address));
    Ok(rows)
}

/// The first address of each row.
///
/// # Errors
/// A frame without these columns.
pub fn first_by_row(frame: &DataFrame, columns: &[&str]) -> Result<Vec<Option<Address>>> {
    let columns = columns.iter().map(|column| addresses(frame, column)).collect::<Result<Vec<_>>>()?;
    Ok((0..frame.height()).map(|row| columns.iter().find_map(|column| column.get(row))).collect())
}
