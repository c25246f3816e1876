//! What is shared with whom in Dataverse: the table `principalobjectaccess` (rule C7).

use polars::prelude::*;

use crate::error::{Error, Result};
use crate::frames::keys::Key;
use crate::frames::typed_columns::keys;
use crate::sources::contract::PRINCIPALOBJECTACCESS;
use crate::sources::files::lake::Lake;
use crate::sources::tables::dataverse::version_columns;
use crate::sources::tables::load::{InputTable, live, load};
use crate::sources::values::ids;
use crate::sources::values::misfits::Misread;

/// The bit of `accessrightsmask` that lets somebody read.
const READ: i64 = 1;
const PRINCIPAL: &str = "principal";
const RECORD: &str = "record";
const MAY_READ: &str = "may_read";

/// What is shared so that it may be read.
#[derive(Default)]
pub struct Shares {
    /// Colleague or team, and record, by join keys; nothing is said of whether the lake has either.
    pub pairs: Vec<(Key, Key)>,
    /// What was read; none when the lake lacks the table.
    pub input: Option<InputTable>,
    /// Columns of which a few values could not be read.
    pub misread: Vec<Misread>,
}

/// Reads the current rows that let somebody read. Rights come with the record itself, or are inherited from a record
/// that it belongs to.
///
/// # Errors
/// Whatever is wrong with the table. An absent one shares nothing.
pub fn shares(lake: &Lake) -> Result<Shares> {
    let shape = |frame: LazyFrame| {
        let rights = ["accessrightsmask", "inheritedaccessrightsmask"].map(|mask| col(mask).fill_null(lit(0i64)));
        let [own, inherited] = rights.map(|mask| mask.and(lit(READ)).neq(lit(0i64)));
        let mut columns = vec![
            ids::repeated_key_column(col("principalid")).alias(PRINCIPAL),
            ids::key_column(col("objectid")).alias(RECORD),
            own.or(inherited).alias(MAY_READ),
        ];
        columns.extend(version_columns(&PRINCIPALOBJECTACCESS));
        frame.select(columns)
    };
    let loaded = load(lake, &PRINCIPALOBJECTACCESS, shape)?;
    let frame = live(loaded.frame, &PRINCIPALOBJECTACCESS)?;
    let may_read = frame.column(MAY_READ).and_then(|column| column.bool()).map_err(Error::engine("what is shared"))?;
    let rows = keys(&frame, PRINCIPAL)?.iter().zip(keys(&frame, RECORD)?.iter()).zip(may_read.iter());
    let pairs = rows.filter_map(|((principal, record), may)| may.filter(|may| *may).and(Some((principal?, record?))));
    Ok(Shares { pairs: pairs.collect(), input: loaded.input, misread: loaded.misread })
}
