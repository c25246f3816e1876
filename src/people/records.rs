//! The records that results speak of: accounts, contacts, leads, opportunities known at the date (rule T3).

use std::collections::{HashMap, HashSet};

use polars::prelude::*;

use super::merged;
use super::record_type::RecordType;
use crate::error::{Error, Result};
use crate::frames::keys::{Key, KeyMap};
use crate::frames::typed_columns::{instants, texts};
use crate::sources::Sources;
use crate::sources::values::ids;

/// Number of a record within a run, in the order of type and id.
pub const RECORD: &str = "record";

/// Live records, numbered in the order of type and id.
pub struct Records {
    /// One row per record: `record`, `record_type`, `record_id`, `name`, `owner_id`, `account_id`.
    pub table: DataFrame,
    /// Row of each record in its source table, by number.
    pub rows: Vec<usize>,
    /// Number of the first record of each type, and one past the last.
    pub first: [u32; 5],
    /// By publishable id; a merged record has the number of its master.
    numbers: [HashMap<String, u32>; 4],
    keys: KeyMap<u32>,
    /// Rows of merged records, with the number of the master.
    merged: [Vec<(usize, u32)>; 4],
}

impl Records {
    /// Number of a record by type and publishable id; of a merged one that of its master.
    pub fn number(&self, record_type: RecordType, id: &str) -> Option<u32> {
        self.numbers[record_type as usize].get(id).copied()
    }

    /// Number of a record of any type by join key.
    pub fn by_key(&self, key: Key) -> Option<u32> {
        self.keys.get(&key).copied()
    }

    /// Numbers of the records of a type.
    pub fn range(&self, record_type: RecordType) -> std::ops::Range<u32> {
        let at = record_type as usize;
        self.first[at]..self.first[at + 1]
    }

    /// Rows of merged records of a type, with the numbers of their masters.
    pub fn merged(&self, record_type: RecordType) -> &[(usize, u32)] {
        &self.merged[record_type as usize]
    }

    /// Number of the record at a row of its source table, if it is live and known; of a merged one that of
    /// its master.
    pub fn numbers_by_row(&self, record_type: RecordType, rows: usize) -> Vec<Option<u32>> {
        let mut numbers = vec![None; rows];
        for &(row, master) in self.merged(record_type) {
            numbers[row] = Some(master);
        }
        for record in self.range(record_type) {
            numbers[self.rows[record as usize]] = Some(record);
        }
        numbers
    }
}

/// Numbers the records that exist before `cutoff` and are not erased; `erased` holds their ids.
/// Owners in `erased` are left out (rule C4). A merged record is its master.
pub fn number(sources: &Sources, cutoff: i64, erased: &HashSet<String>) -> Result<Records> {
    let mut rows = Vec::new();
    let mut first = [0u32; 5];
    let mut numbers: [HashMap<String, u32>; 4] = Default::default();
    let mut merged: [Vec<(usize, u32)>; 4] = Default::default();
    let mut master_accounts = HashMap::new();
    let mut keys = KeyMap::default();
    let mut parts = Vec::new();
    for record_type in RecordType::ALL {
        let (at, id_column) = (record_type as usize, record_type.id_column());
        let frame = &sources.records[record_type.name()];
        let ids = texts(frame, id_column)?;
        let created = instants(frame, "createdon")?;
        let masters = merged::masters(frame, id_column, cutoff)?;
        let mut known: Vec<(&str, usize)> = (0..frame.height())
            .filter(|&row| created.get(row).is_none_or(|created| created < cutoff))
            .filter_map(|row| ids.get(row).map(|id| (id, row)))
            .filter(|(id, _)| !erased.contains(*id) && !masters.contains_key(*id))
            .collect();
        known.sort_unstable();
        known.dedup_by_key(|(id, _)| *id);
        first[at] = rows.len() as u32;
        for (id, row) in &known {
            let number = rows.len() as u32;
            rows.push(*row);
            numbers[at].insert((*id).to_string(), number);
            keys.extend(ids::key(id).map(|key| (key, number)));
        }
        for (id, row) in ids.iter().zip(0..).filter(|_| !masters.is_empty()) {
            let Some((id, master)) = id.and_then(|id| Some((id, masters.get(id)?))) else { continue };
            let Some(&number) = numbers[at].get(master) else { continue };
            merged[at].push((row, number));
            numbers[at].insert(id.to_string(), number);
            keys.extend(ids::key(id).map(|key| (key, number)));
        }
        let taken: IdxCa = known.iter().map(|(_, row)| Some(*row as IdxSize)).collect();
        let owner = canonical_without(frame, "ownerid", erased)?;
        if record_type == RecordType::Account {
            master_accounts = masters;
        }
        let account = account_of(frame, record_type, &master_accounts, |id| {
            numbers[RecordType::Account as usize].contains_key(id)
        })?;
        let account: StringChunked = account.iter().map(|id| id.filter(|id| !erased.contains(*id))).collect();
        let part = frame
            .clone()
            .lazy()
            .select([
                lit(record_type.name()).alias("record_type"),
                col(id_column).alias("record_id"),
                col(record_type.name_column()).alias("name"),
                lit(owner.into_series()).alias("owner_id"),
                lit(account.into_series()).alias("account_id"),
            ])
            .collect()
            .and_then(|part| part.take(&taken))
            .map_err(Error::engine("numbering records"))?;
        parts.push(part.lazy());
    }
    first[4] = rows.len() as u32;
    let table = concat(parts, UnionArgs::default())
        .map(|table| table.with_row_index(RECORD, None))
        .and_then(LazyFrame::collect)
        .map_err(Error::engine("numbering records"))?;
    Ok(Records { table, rows, first, numbers, keys, merged })
}

/// When each record came to be, by number; none where that is unknown.
///
/// # Errors
/// Only what the engine runs into.
pub fn created(sources: &Sources, records: &Records) -> Result<Vec<Option<i64>>> {
    let mut created = Vec::with_capacity(records.rows.len());
    for record_type in RecordType::ALL {
        let of_rows = instants(&sources.records[record_type.name()], "createdon")?;
        created.extend(records.range(record_type).map(|record| of_rows.get(records.rows[record as usize])));
    }
    Ok(created)
}

/// The account of each row: a contact's parent, an opportunity's account or customer (rule L4); of an
/// account in `masters` its master. `is_account` tells of an id that nothing else says anything about.
fn account_of(
    frame: &DataFrame,
    record_type: RecordType,
    masters: &HashMap<String, String>,
    is_account: impl Fn(&str) -> bool,
) -> Result<StringChunked> {
    let rows = 0..frame.height();
    let standing = |id: &str| masters.get(id).cloned().unwrap_or_else(|| id.to_string());
    // Of whom nothing says what they are, the id does: files from before the type was exported lie beside newer ones.
    let of_type = |id: Option<&str>, entity: Option<&str>| {
        id.filter(|id| entity.map_or_else(|| is_account(id), |entity| entity == "account")).map(standing)
    };
    Ok(match record_type {
        RecordType::Contact => {
            let (parent, entity) = (texts(frame, "parentcustomerid")?, texts(frame, "parentcustomerid_entitytype")?);
            rows.map(|row| of_type(parent.get(row), entity.get(row))).collect()
        }
        RecordType::Opportunity => {
            let parent = texts(frame, "parentaccountid")?;
            let (customer, entity) = (texts(frame, "customerid")?, texts(frame, "customerid_entitytype")?);
            let of_customer = |row: usize| of_type(customer.get(row), entity.get(row));
            rows.map(|row| parent.get(row).map(standing).or_else(|| of_customer(row))).collect()
        }
        RecordType::Account | RecordType::Lead => StringChunked::full_null(PlSmallStr::EMPTY, frame.height()),
    })
}

fn canonical_without(frame: &DataFrame, column: &str, erased: &HashSet<String>) -> Result<StringChunked> {
    let ids = texts(frame, column)?;
    Ok(ids.iter().map(|id| id.filter(|id| !erased.contains(*id))).collect())
}
