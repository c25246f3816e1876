//! How many source rows are no interaction, by reason.

use std::collections::BTreeMap;

use polars::prelude::*;

use crate::error::{Error, Result};
use crate::frames::keys::{Key, KeySet, of_bytes};
use crate::interactions::columns::*;

/// Rows by reason.
pub type DroppedCounts = BTreeMap<String, u64>;

/// Of rows that were dropped: `reason`.
///
/// # Errors
/// Only what the engine runs into.
pub fn count(dropped: &DataFrame) -> Result<DroppedCounts> {
    let counted = dropped.clone().lazy().group_by([col(REASON)]).agg([len().alias("rows")]).collect();
    let counts = counted.and_then(|counted| {
        let rows = counted.column(REASON)?.str()?.iter().zip(counted.column("rows")?.idx()?.iter());
        Ok(rows.filter_map(|(reason, rows)| Some((reason?.to_string(), u64::from(rows?)))).collect())
    });
    counts.map_err(Error::engine("counting dropped rows"))
}

/// Rows that are dropped on all days of a period.
pub struct SettledDrops {
    counts: DroppedCounts,
    rows: KeySet,
}

impl SettledDrops {
    /// Of these rows: `source`, `source_id`, `reason`.
    ///
    /// # Errors
    /// Only what the engine runs into.
    pub fn of(dropped: &DataFrame) -> Result<SettledDrops> {
        let mut rows = KeySet::default();
        each(dropped, |row, _| {
            rows.insert(row);
        })?;
        Ok(SettledDrops { counts: count(dropped)?, rows })
    }

    /// Their number with that of the rows that are dropped on a day beside them. What both name is one row.
    ///
    /// # Errors
    /// Only what the engine runs into.
    pub fn with(&self, news: &DataFrame) -> Result<DroppedCounts> {
        let mut counts = self.counts.clone();
        each(news, |row, reason| {
            if self.rows.contains(&row) {
                return;
            }
            match counts.get_mut(reason) {
                Some(rows) => *rows += 1,
                None => {
                    counts.insert(reason.to_string(), 1);
                }
            }
        })?;
        Ok(counts)
    }
}

/// Calls `look` with a key of each row, and its reason.
fn each(dropped: &DataFrame, mut look: impl FnMut(Key, &str)) -> Result<()> {
    let texts = |name: &str| {
        let column = dropped.column(name).and_then(|column| column.str());
        column.map_err(Error::engine("counting dropped rows"))
    };
    let mut named = Vec::new();
    for ((source, id), reason) in texts("source")?.iter().zip(texts(SOURCE_ID)?.iter()).zip(texts(REASON)?.iter()) {
        let (Some(source), Some(id), Some(reason)) = (source, id, reason) else { continue };
        named.clear();
        for part in [source, reason, id] {
            named.extend_from_slice(part.as_bytes());
            named.push(0);
        }
        look(of_bytes(&named), reason);
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_row_that_is_dropped_on_all_days_counts_once() {
        let rows = |rows: &[[&str; 3]]| {
            let column = |at: usize| rows.iter().map(|row| row[at].to_string()).collect::<Vec<_>>();
            df!("source" => column(0), SOURCE_ID => column(1), REASON => column(2)).expect("rows")
        };
        let settled = rows(&[["email", "a", "draft"], ["email", "c", "draft"], ["task", "a", "no_time"]]);
        let news = rows(&[["email", "b", "draft"], ["email", "c", "draft"], ["email", "c", "failed"]]);
        let of = |counts: DroppedCounts| counts.into_iter().collect::<Vec<_>>();
        let drops = SettledDrops::of(&settled).expect("drops");
        let expected = [("draft", 3), ("failed", 1), ("no_time", 1)].map(|(reason, rows)| (reason.to_string(), rows));
        assert_eq!(of(drops.with(&news).expect("counts")), expected);
        assert_eq!(of(count(&news).expect("counts")), [("draft".to_string(), 2), ("failed".to_string(), 1)]);
    }
}
