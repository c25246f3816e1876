//! Records that were merged into others, their masters (rule P3): whoever is the one is the other.

use std::collections::{HashMap, HashSet};

use polars::prelude::*;

use crate::error::Result;
use crate::frames::typed_columns::{booleans, instants, texts};

/// The master of each merged record of a table, by publishable id, among the records created before `cutoff`.
///
/// A master may be merged itself, then its own master counts. Where no master is there, the last record on
/// the way stands for the others; of masters in a ring the one with the smallest id.
pub fn masters(frame: &DataFrame, id_column: &str, cutoff: i64) -> Result<HashMap<String, String>> {
    let mut links: HashMap<&str, &str> = HashMap::new();
    if let Some(Links { ids, created, named }) = Links::of(frame, id_column)? {
        let exists = |row: usize| created.get(row).is_none_or(|created| created < cutoff);
        let living: HashSet<&str> =
            (0..frame.height()).filter(|&row| exists(row)).filter_map(|row| ids.get(row)).collect();
        links.extend(named.into_iter().filter(|(id, master)| living.contains(id) && living.contains(master)));
    }
    Ok(followed(&links).into_iter().map(|(id, master)| (id.to_string(), master.to_string())).collect())
}

/// What the rows of a table say of masters.
struct Links<'a> {
    ids: &'a StringChunked,
    created: &'a Int64Chunked,
    /// Merged records and the masters that they name.
    named: Vec<(&'a str, &'a str)>,
}

impl<'a> Links<'a> {
    /// None for a table in which nothing was merged.
    fn of(frame: &'a DataFrame, id_column: &str) -> Result<Option<Links<'a>>> {
        if frame.column("masterid").is_err() {
            return Ok(None);
        }
        let (ids, masters, merged) = (texts(frame, id_column)?, texts(frame, "masterid")?, booleans(frame, "merged")?);
        if masters.null_count() == masters.len() {
            return Ok(None);
        }
        let rows = ids.iter().zip(masters.iter()).zip(merged.iter());
        let rows = rows.filter(|(_, merged)| *merged != Some(false));
        let named = rows.filter_map(|((id, master), _)| Some((id?, master?))).filter(|(id, master)| id != master);
        Ok(Some(Links { ids, created: instants(frame, "createdon")?, named: named.collect() }))
    }
}

/// Where each link leads in the end; what stands for itself is left out.
fn followed<'a>(links: &HashMap<&'a str, &'a str>) -> HashMap<&'a str, &'a str> {
    let mut ends: HashMap<&str, &str> = HashMap::new();
    for &start in links.keys() {
        let (mut way, mut at) = (Vec::new(), start);
        let mut places = HashMap::new();
        let end = loop {
            if let Some(&end) = ends.get(at) {
                break end;
            }
            if let Some(&place) = places.get(at) {
                let ring: &[&str] = &way[place..];
                break ring.iter().min().copied().unwrap_or(at);
            }
            let Some(&next) = links.get(at) else { break at };
            places.insert(at, way.len());
            way.push(at);
            at = next;
        };
        ends.extend(way.into_iter().map(|id| (id, end)));
    }
    ends.retain(|id, end| id != end);
    ends
}

/// Every merged record with the master that its row names, in the lake or not: whoever is erased as one of
/// them is erased as the other.
pub fn pairs(frame: &DataFrame, id_column: &str) -> Result<Vec<(String, String)>> {
    let named = Links::of(frame, id_column)?.map(|links| links.named).unwrap_or_default();
    Ok(named.into_iter().map(|(id, master)| (id.to_string(), master.to_string())).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    const INSTANT: DataType = DataType::Datetime(TimeUnit::Microseconds, None);

    #[test]
    fn chains_and_rings_end_at_one_record() {
        let links = [("a", "b"), ("b", "c"), ("f", "e"), ("e", "d"), ("d", "e"), ("g", "f"), ("h", "h")].into();
        let mut ends: Vec<_> = followed(&links).into_iter().collect();
        ends.sort_unstable();
        assert_eq!(ends, [("a", "c"), ("b", "c"), ("e", "d"), ("f", "d"), ("g", "d")]);
    }

    #[test]
    fn a_record_is_merged_where_its_master_is_there() {
        let late = [None, None, None, None, Some(5i64), None];
        let contacts = df!(
            "contactid" => ["old", "lost", "self", "undone", "new", "unflagged"],
            "masterid" => [Some("new"), Some("gone"), Some("self"), Some("new"), None, Some("old")],
            "merged" => [Some(true), Some(true), Some(true), Some(false), Some(false), None],
            "createdon" => Int64Chunked::from_iter(late).into_series().cast(&INSTANT).expect("instants"),
        )
        .expect("contacts");
        let masters = |cutoff| {
            let masters = masters(&contacts, "contactid", cutoff).expect("masters");
            let mut masters: Vec<_> = masters.into_iter().collect();
            masters.sort_unstable();
            masters
        };
        let pair = |id: &str, master: &str| (id.to_string(), master.to_string());
        assert_eq!(masters(6), [pair("old", "new"), pair("unflagged", "new")]);
        // On a day before its master, it stands for itself.
        assert_eq!(masters(5), [pair("unflagged", "old")]);
    }
}
