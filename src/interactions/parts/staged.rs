//! Parts of interactions that other processes have built, in a folder that all of them reach.
//!
//! A part is a file of Arrow per table, named after its content, and a manifest that names them and is put there last:
//! without it there is no part. Whoever builds a part that is there puts the same there again, so that a task that is
//! lost, repeated or run twice at once does no harm. Whatever cannot be read as it was written is no part either, and is
//! built anew by who needs it.

use std::collections::BTreeMap;
use std::fs::File;
use std::io::{self, Write};
use std::sync::Arc;

use polars::prelude::*;
use polars_io::ipc::{IpcCompression, IpcReader, IpcWriter};
use serde::{Deserialize, Serialize};

use super::work_folder::{PREFIX, WorkFolder, clean, content};
use crate::error::{Error, Result};
use crate::interactions::bounces::Bounce;
use crate::interactions::{Interactions, Participants};
use crate::scratch::Scratch;
use crate::storage::{Spool, Storage};

/// A folder of parts that are all of one lake, day and job.
pub struct Staged {
    folder: WorkFolder,
    /// What the names of this folder and of those of other lakes for the same day and job begin with.
    of_day: String,
    count: u32,
}

/// One of so many parts, counted from 0.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PartOf {
    /// Which.
    pub part: u32,
    /// Of how many.
    pub count: u32,
}

/// What is said of a part that is there.
#[derive(Debug, Serialize, Deserialize)]
pub struct Manifest {
    /// Which part, from 1 on.
    pub part: u32,
    /// Of how many.
    pub of: u32,
    /// The folder in which it lies.
    pub folder: String,
    /// Rows by table.
    pub rows: BTreeMap<String, u64>,
    /// Files by table; a table without columns has none.
    files: BTreeMap<String, String>,
}

impl Staged {
    /// Of a job's day, by the mark of what was read for it.
    pub fn of(work: &Storage, job: &str, day: &str, mark: &str, count: u32, spool: Arc<Spool>) -> Staged {
        let of_day = format!("{PREFIX}{job}-{day}-");
        let folder = WorkFolder { work: work.clone(), name: format!("{of_day}{mark}"), spool };
        Staged { folder, of_day, count }
    }

    /// In how many parts.
    pub fn count(&self) -> u32 {
        self.count
    }

    /// Puts a part there.
    ///
    /// # Errors
    /// A folder that cannot be written, a store that refuses.
    pub fn put(&self, part: u32, interactions: Interactions) -> Result<Manifest> {
        self.folder.make()?;
        let mut manifest = Manifest {
            part: part + 1,
            of: self.count,
            folder: self.folder.name.clone(),
            rows: BTreeMap::new(),
            files: BTreeMap::new(),
        };
        for (name, mut table) in tables(interactions)? {
            manifest.rows.insert(name.to_string(), table.height() as u64);
            if table.width() == 0 {
                continue;
            }
            table.rechunk_mut();
            let write = |file: &File| {
                let written = IpcWriter::new(file).with_compression(Some(IpcCompression::default())).finish(&mut table);
                written.map_err(|error| match error {
                    PolarsError::IO { error, .. } => io::Error::new(error.kind(), error.to_string()),
                    other => io::Error::other(other),
                })
            };
            let prefix = format!("{}-{name}", self.part(part));
            let file = self.folder.put(write, |content| format!("{prefix}-{content}.arrow"))?;
            manifest.files.insert(name.to_string(), file);
        }
        let text = serde_json::to_vec(&manifest).map_err(|error| Error::storage(&self.folder.name)(error.into()))?;
        self.folder.put(|mut file| file.write_all(&text), |_| self.manifest(part))?;
        Ok(manifest)
    }

    /// A part, where it is there.
    ///
    /// # Errors
    /// A store that does not answer.
    pub fn take(&self, part: u32) -> Result<Option<Interactions>> {
        let Some(manifest) = self.folder.open(&self.manifest(part))? else { return Ok(None) };
        let Ok(manifest) = serde_json::from_reader::<_, Manifest>(manifest) else { return Ok(None) };
        let mut tables = BTreeMap::new();
        for (table, name) in manifest.files {
            let Some(file) = self.folder.open(&name)? else { return Ok(None) };
            if !content(&file).is_ok_and(|content| name.contains(&content)) {
                return Ok(None);
            }
            let Ok(frame) = IpcReader::new(file).finish() else { return Ok(None) };
            tables.insert(table, frame);
        }
        Ok(interactions(tables))
    }

    /// Removes all parts of the day and job, of this lake and of what it was before.
    ///
    /// # Errors
    /// A folder that cannot be removed.
    pub fn remove(&self) -> Result<()> {
        clean(&self.folder.work, &self.of_day).map(|_| ())
    }

    fn part(&self, part: u32) -> String {
        format!("{:05}-of-{:05}", part + 1, self.count)
    }

    fn manifest(&self, part: u32) -> String {
        format!("{}.json", self.part(part))
    }
}

/// The tables of a part by their names.
fn tables(interactions: Interactions) -> Result<[(&'static str, DataFrame); 7]> {
    let Interactions { table, participants, links, runs, dropped, bounces, .. } = interactions;
    let who: Vec<u64> = bounces.iter().map(|bounce| bounce.who).collect();
    let at: Vec<i64> = bounces.iter().map(|bounce| bounce.at).collect();
    let bounces = df!("who" => who, "at" => at).map_err(Error::engine("a part of interactions"))?;
    Ok([
        ("interactions", table),
        ("participants", participants.people),
        ("groups", participants.groups),
        ("links", links),
        ("runs", runs),
        ("dropped", dropped),
        ("bounces", bounces),
    ])
}

/// The part that such tables are; none when one is missing that every part has.
fn interactions(mut tables: BTreeMap<String, DataFrame>) -> Option<Interactions> {
    let mut taken = |name: &str| tables.remove(name).unwrap_or_default();
    let (table, people, groups) = (taken("interactions"), taken("participants"), taken("groups"));
    let (links, runs, dropped, bounces) = (taken("links"), taken("runs"), taken("dropped"), taken("bounces"));
    let (who, at) = (bounces.column("who").ok()?.u64().ok()?, bounces.column("at").ok()?.i64().ok()?);
    let bounces = who.iter().zip(at.iter()).filter_map(|(who, at)| Some(Bounce { who: who?, at: at? })).collect();
    let participants = Participants { people, groups, counts: DataFrame::empty() };
    let scratch = Scratch::default();
    (table.width() > 0).then_some(Interactions { table, participants, links, runs, dropped, bounces, scratch })
}
