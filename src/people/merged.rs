//! Records that were merged into others: each of them is its master (rule P3).

use std::collections::{HashMap, HashSet};

use polars::prelude::*;

use super::columns::{booleans, instants, texts};
use crate::error::Result;

/// The master of each merged record of a table, by publishable id, whatever the date.
///
/// A master may be merged itself, then its own master counts. Where no master is left in the lake, the last
/// record on the way stands for the others; of masters in a ring the one with the smallest id.
pub fn masters(frame: &DataFrame, id_column: &str) -> Result<HashMap<String, String>> {
    if frame.column("masterid").is_err() {
        return Ok(HashMap::new());
    }
    let (ids, masters, merged) = (texts(frame, id_column)?, texts(frame, "masterid")?, booleans(frame, "merged")?);
    if masters.null_count() == masters.len() {
        return Ok(HashMap::new());
    }
    let living: HashSet<&str> = ids.iter().flatten().collect();
    let mut links: HashMap<&str, &str> = HashMap::new();
    for row in 0..frame.height() {
        let (Some(id), Some(master)) = (ids.get(row), masters.get(row)) else { continue };
        if merged.get(row) != Some(false) && id != master && living.contains(master) {
            links.insert(id, master);
        }
    }
    Ok(followed(&links).into_iter().map(|(id, master)| (id.to_string(), master.to_string())).collect())
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

/// From when on the record of each row exists, none for always: a merged one and its master from when the
/// first of them was created.
pub fn begun(frame: &DataFrame, id_column: &str, masters: &HashMap<String, String>) -> Result<Vec<Option<i64>>> {
    let mut begun: Vec<Option<i64>> = instants(frame, "createdon")?.iter().collect();
    if masters.is_empty() {
        return Ok(begun);
    }
    let ids = texts(frame, id_column)?;
    let of_several: HashSet<&str> = masters.values().map(String::as_str).collect();
    let standing =
        |id: &'_ str| -> Option<&str> { masters.get(id).map(String::as_str).or_else(|| of_several.get(id).copied()) };
    let mut first: HashMap<&str, Option<i64>> = HashMap::new();
    for (id, created) in ids.iter().zip(&begun) {
        if let Some(standing) = id.and_then(standing) {
            first.entry(standing).and_modify(|first| *first = (*created).min(*first)).or_insert(*created);
        }
    }
    for (id, begun) in ids.iter().zip(&mut begun) {
        *begun = id.and_then(standing).and_then(|standing| first.get(standing)).map_or(*begun, |first| *first);
    }
    Ok(begun)
}

/// Every record with the one that its row names as master, in the lake or not: whoever is erased as one of
/// them is erased as the other.
pub fn pairs(frame: &DataFrame, id_column: &str) -> Result<Vec<(String, String)>> {
    let (ids, masters, merged) = (texts(frame, id_column)?, texts(frame, "masterid")?, booleans(frame, "merged")?);
    let rows = ids.iter().zip(masters.iter()).zip(merged.iter());
    let merged = rows.filter(|(_, merged)| *merged != Some(false));
    Ok(merged.filter_map(|((id, master), _)| Some((id?.to_string(), master?.to_string()))).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn chains_and_rings_end_at_one_record() {
        let links = [("a", "b"), ("b", "c"), ("f", "e"), ("e", "d"), ("d", "e"), ("g", "f"), ("h", "h")].into();
        let mut ends: Vec<_> = followed(&links).into_iter().collect();
        ends.sort_unstable();
        assert_eq!(ends, [("a", "c"), ("b", "c"), ("e", "d"), ("f", "d"), ("g", "d")]);
    }

    #[test]
    fn a_record_is_merged_where_its_master_is_there() {
        let contacts = df!(
            "contactid" => ["old", "lost", "self", "undone", "new", "unflagged"],
            "masterid" => [Some("new"), Some("gone"), Some("self"), Some("new"), None, Some("old")],
            "merged" => [Some(true), Some(true), Some(true), Some(false), Some(false), None],
        );
        let masters = masters(&contacts.expect("contacts"), "contactid").expect("masters");
        let mut masters: Vec<_> = masters.iter().map(|(id, master)| (id.as_str(), master.as_str())).collect();
        masters.sort_unstable();
        assert_eq!(masters, [("old", "new"), ("unflagged", "new")]);
    }
}
