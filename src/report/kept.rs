//! Reports that are there already, in folders and in object stores: which ones, of which day, and their removal. A report
//! goes into a store file by file, its manifest last.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use chrono::NaiveDate;
use serde_json::Value;

use super::site::{self, MANIFEST};
use crate::error::{Error, Result};
use crate::storage::{Object, Remote, Storage};

/// The reports in a place: itself, and those of owners right below it.
///
/// # Errors
/// What storage refuses.
pub fn reports(place: &Storage) -> Result<Vec<Storage>> {
    let remote = match place {
        Storage::Local(folder) => return Ok(site::reports(folder)?.into_iter().map(Storage::Local).collect()),
        Storage::Remote(remote) => remote,
    };
    let objects = remote.list()?;
    let found = objects.iter().filter_map(|object| match object.name.rsplit_once('/') {
        None if object.name == MANIFEST => Some(place.clone()),
        Some((owner, MANIFEST)) if !owner.contains('/') => Some(place.join(owner)),
        _ => None,
    });
    Ok(found.collect())
}

/// As of which day a report is; none where it does not say.
///
/// # Errors
/// What storage refuses.
pub fn day(report: &Storage) -> Result<Option<NaiveDate>> {
    let day = |manifest: &Value| manifest["as_of"].as_str()?.parse().ok();
    Ok(manifest(report)?.as_ref().and_then(day))
}

fn manifest(report: &Storage) -> Result<Option<Value>> {
    let text = match report {
        Storage::Local(folder) => fs::read(folder.join(MANIFEST)).ok(),
        Storage::Remote(remote) => match remote.find(MANIFEST)? {
            None => None,
            Some(object) => {
                let local = remote.access().spool.path(MANIFEST)?;
                remote.download(&object, &local)?;
                fs::read(local).ok()
            }
        },
    };
    Ok(text.and_then(|text| serde_json::from_slice(&text).ok()))
}

/// Whether two places are the same.
pub fn is_same(one: &Storage, other: &Storage) -> bool {
    one.to_string() == other.to_string()
}

/// Deletes a report, its manifest last.
///
/// # Errors
/// A place that holds no report, and what storage refuses.
pub fn remove(report: &Storage) -> Result<()> {
    let remote = match report {
        Storage::Local(folder) => return site::remove(folder),
        Storage::Remote(remote) => remote,
    };
    let objects = remote.list()?;
    check(remote, &objects)?;
    let (manifest, others): (Vec<&Object>, Vec<&Object>) = objects.iter().partition(|object| object.name == MANIFEST);
    others.into_iter().chain(manifest).try_for_each(|object| remote.remove(object))
}

/// Puts a finished report from a local folder into a store, in the place of the one before. `go_on` may end it.
///
/// # Errors
/// A place that holds something else, and what the store refuses.
pub fn upload(local: &Path, to: &Remote, go_on: &dyn Fn() -> Result<()>) -> Result<()> {
    let before = to.list()?;
    if !before.is_empty() {
        check(to, &before)?;
    }
    let manifest = manifest(&Storage::Local(local.to_path_buf()))?.unwrap_or_default();
    let names = manifest["files"].as_array().into_iter().flatten().filter_map(Value::as_str);
    let names: BTreeSet<&str> = names.chain([MANIFEST]).collect();
    for name in names.iter().filter(|name| **name != MANIFEST) {
        go_on()?;
        to.overwrite(name, &local.join(name))?;
    }
    to.overwrite(MANIFEST, &local.join(MANIFEST))?;
    before.iter().filter(|object| !names.contains(object.name.as_str())).try_for_each(|object| to.remove(object))
}

/// Refuses what is no report.
fn check(remote: &Remote, objects: &[Object]) -> Result<()> {
    match objects.iter().any(|object| object.name == MANIFEST) {
        true => Ok(()),
        false => Err(Error::usage(
            "site",
            format!("{remote} holds other objects than a report, which would be lost"),
            "Name an empty place, a new one, or one with an earlier report",
        )),
    }
}
