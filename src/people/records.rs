//! The records that results speak of: accounts, contacts, leads, opportunities known at the date (rule T3).

use std::collections::{HashMap, HashSet};

use polars::prelude::*;

use super::merged;
use crate::error::{Error, Result};
use crate::frames::keys::{Key, KeyMap};
use crate::frames::typed_columns::{instants, integers, texts};
use crate::sources::values::ids;
use crate::sources::{Sources, contract};

/// Number of a record within a run, in the order of type and id.
pub const RECORD: &str = "record";

/// The four types of record in the order in which they sort, with the columns that name them.
pub const RECORD_TYPES: [(&str, &str, &str); 4] = [
    ("account", "accountid", "name"),
    ("contact", "contactid", "fullname"),
    ("lead", "leadid", "fullname"),
    ("opportunity", "opportunityid", "name"),
];

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
    pub fn number(&self, record_type: &str, id: &str) -> Option<u32> {
        let at = RECORD_TYPES.iter().position(|(name, _, _)| *name == record_type)?;
        self.numbers[at].get(id).copied()
    }

    /// Number of a record of any type by join key.
    pub fn by_key(&self, key: Key) -> Option<u32> {
        self.keys.get(&key).copied()
    }

    /// Type of a record by number.
    pub fn type_of(&self, record: u32) -> &'static str {
        let at = self.first[1..4].iter().filter(|&&first| record >= first).count();
        RECORD_TYPES[at].0
    }

    /// Numbers of the records of a type.
    pub fn range(&self, record_type: &str) -> std::ops::Range<u32> {
        let at = RECORD_TYPES.iter().position(|(name, _, _)| *name == record_type).unwrap_or_default();
        self.first[at]..self.first[at + 1]
    }

    /// Rows of merged records of a type, with the numbers of their masters.
    pub fn merged(&self, record_type: &str) -> &[(usize, u32)] {
        let at = RECORD_TYPES.iter().position(|(name, _, _)| *name == record_type).unwrap_or_default();
        &self.merged[at]
    }

    /// Number of the record at a row of its source table, if it is live and known; of a merged one that of
    /// its master.
    pub fn numbers_by_row(&self, record_type: &str, rows: usize) -> Vec<Option<u32>> {
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
    for (at, (record_type, id_column, name_column)) in RECORD_TYPES.into_iter().enumerate() {
        let frame = &sources.records[record_type];
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
        if record_type == contract::ACCOUNT.name {
            master_accounts = masters;
        }
        let account = account_of(frame, record_type, &master_accounts)?;
        let part = frame
            .clone()
            .lazy()
            .select([
                lit(record_type).alias("record_type"),
                col(id_column).alias("record_id"),
                col(name_column).alias("name"),
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

/// The account of each row: a contact's parent, an opportunity's account or customer (rule L4); of an
/// account in `masters` its master.
fn account_of(frame: &DataFrame, record_type: &str, masters: &HashMap<String, String>) -> Result<StringChunked> {
    let rows = 0..frame.height();
    let standing = |id: &str| masters.get(id).cloned().unwrap_or_else(|| id.to_string());
    let of_type = |id: Option<&str>, entity: Option<&str>| id.filter(|_| entity == Some("account")).map(standing);
    Ok(match record_type {
        "contact" => {
            let (parent, entity) = (texts(frame, "parentcustomerid")?, texts(frame, "parentcustomerid_entitytype")?);
            // Exports without the type column hold accounts, the usual parent.
            let untyped = entity.null_count() == entity.len();
            rows.map(|row| of_type(parent.get(row), if untyped { Some("account") } else { entity.get(row) })).collect()
        }
        "opportunity" => {
            let parent = texts(frame, "parentaccountid")?;
            let (customer, entity) = (texts(frame, "customerid")?, texts(frame, "customerid_entitytype")?);
            rows.map(|row| parent.get(row).map(standing).or_else(|| of_type(customer.get(row), entity.get(row))))
                .collect()
        }
        _ => StringChunked::full_null(PlSmallStr::EMPTY, frame.height()),
    })
}

fn canonical_without(frame: &DataFrame, column: &str, erased: &HashSet<String>) -> Result<StringChunked> {
    let ids = texts(frame, column)?;
    Ok(ids.iter().map(|id| id.filter(|id| !erased.contains(*id))).collect())
}

/// Days on which opportunities closed, by number: null while open as of the date (rule T5).
/// A closed opportunity without a date has none either: nothing limits what counts for it.
pub fn close_days(
    sources: &Sources,
    records: &Records,
    as_of_day: i32,
) -> Result<Vec<(u32, Option<i64>, Option<i32>)>> {
    let frame = &sources.records[contract::OPPORTUNITY.name];
    let created = instants(frame, "createdon")?;
    let state = integers(frame, "statecode")?;
    let closed = frame
        .column("actualclosedate")
        .and_then(|days| days.cast(&DataType::Int32))
        .map_err(Error::engine("reading close dates"))?;
    let closed = closed.i32().map_err(Error::engine("reading close dates"))?;
    Ok(records
        .range("opportunity")
        .map(|record| {
            let row = records.rows[record as usize];
            let day = closed.get(row).filter(|&day| state.get(row) != Some(0) && day <= as_of_day);
            (record, created.get(row), day)
        })
        .collect())
}
