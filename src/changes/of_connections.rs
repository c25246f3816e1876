//! Connections that became strong or weak.

use std::collections::BTreeMap;

use super::Change;
use super::change::{ChangeKind, ChangeSide};
use crate::config::{ConnectionProfile, Settings};
use crate::connections::connection::Connection;
use crate::connections::table::word;
use crate::interactions::Context;

/// The strongest connection of each account, contact and lead that became strong, or weak, among connections of an
/// earlier day and of the date. Records that were not known then are left out, and people who are in none of so many
/// `records`.
pub fn of_connections(context: &Context, before: &[Connection], after: &[Connection], records: u32) -> Vec<Change> {
    let (before, after) = (strongest(before, records), strongest(after, records));
    let records: std::collections::BTreeSet<u32> = before.keys().chain(after.keys()).copied().collect();
    let side = |of: &BTreeMap<u32, &Connection>, record: u32| match of.get(&record) {
        Some(one) => ChangeSide { value: Some(one.strength), ..ChangeSide::of(label(one, context.settings)) },
        None => ChangeSide::of("none"),
    };
    let change = |record: u32| {
        let (before, after) = (side(&before, record), side(&after, record));
        let is = |side: &ChangeSide, labels: &[&str]| side.what.as_deref().is_some_and(|what| labels.contains(&what));
        let kind = if is(&after, &["strong"]) && !is(&before, &["strong"]) {
            ChangeKind::ConnectionStrong
        } else if is(&after, &["weak", "none"]) && is(&before, &["strong", "good"]) {
            ChangeKind::ConnectionWeak
        } else {
            return None;
        };
        Some(Change { record, kind, before, after, days: None })
    };
    records.into_iter().filter_map(change).collect()
}

/// The strongest connection of each of so many records; of several the first, whose colleague has the smallest id.
fn strongest(connections: &[Connection], records: u32) -> BTreeMap<u32, &Connection> {
    let mut found: BTreeMap<u32, &Connection> = BTreeMap::new();
    for one in connections.iter().filter(|one| one.record < records) {
        let first = found.entry(one.record).or_insert(one);
        if one.strength > first.strength {
            *first = one;
        }
    }
    found
}

/// Strong, good or weak, as the table `connections` says it.
pub fn label(one: &Connection, settings: &Settings) -> &'static str {
    let one_way = settings.connection_profile == ConnectionProfile::Enhanced && one.components.one_way();
    word(one.strength, one_way, settings)
}
