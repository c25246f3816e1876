//! What is published of a colleague: id, name and address.

use polars::prelude::*;

use crate::error::{Error, Result};
use crate::frames::typed_columns::{booleans, texts};
use crate::interactions::Context;
use crate::sources::{ADDRESS_TEXT, PRINCIPAL_TEXT, contract};

/// The colleague.
pub const SYSTEMUSER_ID: &str = "systemuser_id";
/// The colleague's name.
pub const COLLEAGUE_NAME: &str = "colleague_name";
/// The colleague's address.
pub const COLLEAGUE_ADDRESS: &str = "colleague_address";
/// Whether a colleague can be asked: has an address and is not disabled.
pub const CAN_BE_ASKED: &str = "can_be_asked";

/// A row for every number of a colleague: [`SYSTEMUSER_ID`], [`COLLEAGUE_NAME`],
/// [`COLLEAGUE_ADDRESS`] (the principal name where there is none), [`CAN_BE_ASKED`].
pub fn colleagues(context: &Context) -> Result<DataFrame> {
    let numbers = &context.people.directory.colleague_numbers;
    let users = &context.sources.records[contract::SYSTEMUSER.name];
    let (ids, names) = (texts(users, "systemuserid")?, texts(users, "fullname")?);
    let (addresses, principals) = (texts(users, ADDRESS_TEXT)?, texts(users, PRINCIPAL_TEXT)?);
    let disabled = booleans(users, "isdisabled")?;
    let mut rows: Vec<Option<usize>> = vec![None; numbers.len()];
    for (id, row) in ids.iter().zip(0..) {
        if let Some(&number) = id.and_then(|id| numbers.get(id)) {
            rows[number as usize].get_or_insert(row);
        }
    }
    let address = |row: usize| addresses.get(row).or(principals.get(row)).filter(|address| address.contains('@'));
    let of = |text: &dyn Fn(usize) -> Option<String>| -> Vec<Option<String>> {
        rows.iter().map(|row| row.and_then(text)).collect()
    };
    let can_be_asked = |row: usize| address(row).is_some() && disabled.get(row) != Some(true);
    df!(
        SYSTEMUSER_ID => of(&|row| ids.get(row).map(str::to_string)),
        COLLEAGUE_NAME => of(&|row| names.get(row).map(str::trim).filter(|name| !name.is_empty()).map(str::to_string)),
        COLLEAGUE_ADDRESS => of(&|row| address(row).map(str::to_string)),
        CAN_BE_ASKED => rows.iter().map(|row| row.is_some_and(can_be_asked)).collect::<Vec<_>>(),
    )
    .map_err(Error::engine("colleagues"))
}
