//! From the ids of the golden lake to the short names by which its expectations call them.

use std::collections::HashMap;
use std::fs;
use std::path::{Path, PathBuf};

use polars::prelude::*;
use serde_json::{Value, json};

use crate::support::lake::Row;

/// Short names of records and activities: a letter and the number that their ids carry.
#[derive(Default)]
pub struct Names {
    guids: HashMap<String, String>,
    messages: HashMap<String, String>,
    events: HashMap<String, String>,
    event_ids: HashMap<String, String>,
    mailboxes: HashMap<String, String>,
}

const RECORDS: [(&str, &str, &str); 9] = [
    ("systemuser", "systemuserid", "U"),
    ("account", "accountid", "A"),
    ("contact", "contactid", "C"),
    ("lead", "leadid", "L"),
    ("opportunity", "opportunityid", "P"),
    ("email", "activityid", "E"),
    ("appointment", "activityid", "M"),
    ("phonecall", "activityid", "T"),
    ("task", "activityid", "K"),
];

impl Names {
    pub fn of(lake: &Path) -> Names {
        let mut names = Names::default();
        let dataverse = lake.join("dataverse");
        for (table, column, letter) in RECORDS {
            for [id] in texts(&dataverse.join(table), [column]) {
                let Some(id) = id.map(|id| guid(&id)) else { continue };
                names.guids.insert(id.clone(), format!("{letter}{}", number(&id[2..8])));
            }
        }
        let tracked = texts(&dataverse.join("email"), ["messageid"]);
        let copies = texts(&lake.join("exchange/messages"), ["internetMessageId"]);
        for id in tracked.into_iter().chain(copies).filter_map(|[id]| id) {
            let id = bare(&id).to_string();
            let digits = id.trim_start_matches('m').split('@').next().unwrap_or_default();
            names.messages.insert(id.clone(), format!("E{digits}"));
        }
        for [id, calendar_id] in texts(&lake.join("exchange/calendar_view"), ["id", "iCalUId"]) {
            let calendar_id = calendar_id.expect("an event has a calendar id").to_uppercase();
            let name = format!("M{}", number(&calendar_id[4..]));
            names.events.insert(calendar_id, name.clone());
            names.event_ids.extend(id.map(|id| (id, name)));
        }
        for [calendar_id, id] in texts(&dataverse.join("appointment"), ["globalobjectid", "activityid"]) {
            let name = names.guids[&guid(&id.expect("an id"))].clone();
            names.events.extend(calendar_id.map(|calendar_id| (calendar_id.to_uppercase(), name)));
        }
        for [id, mailbox] in texts(&dataverse.join("systemuser"), ["systemuserid", "azureactivedirectoryobjectid"]) {
            let name = names.guids[&guid(&id.expect("an id"))].clone();
            names.mailboxes.extend(mailbox.map(|mailbox| (guid(&mailbox), name)));
        }
        names
    }

    /// A row with short names in place of ids.
    pub fn shorten(&self, row: Row) -> Row {
        row.into_iter()
            .map(|(column, value)| {
                let short = value.as_str().and_then(|text| self.short(&column, text)).map(|name| json!(name));
                let value: Value = short.unwrap_or(value);
                (column, value)
            })
            .collect()
    }

    fn short(&self, column: &str, text: &str) -> Option<String> {
        match column {
            "interaction_id" | "last_interaction_id" | "next_interaction_id" | "thread_id" => self.interaction(text),
            "source_id" => self.source(text),
            column if column.ends_with("_id") => self.guids.get(text).cloned(),
            _ => None,
        }
    }

    fn interaction(&self, text: &str) -> Option<String> {
        let (kind, identity) = text.split_once(':')?;
        let series = identity.split('@').next().unwrap_or_default();
        let named = if kind == "email" { self.messages.get(identity) } else { self.events.get(series) };
        self.guids.get(identity).or(named).cloned()
    }

    fn source(&self, text: &str) -> Option<String> {
        if let Some(name) = self.guids.get(text).or(self.event_ids.get(text)) {
            return Some(name.clone());
        }
        let (message, mailbox) = text.rsplit_once('/')?;
        Some(format!("{}@{}", self.messages.get(bare(message))?, self.mailboxes.get(mailbox)?))
    }
}

/// Text columns of all files below a folder; a file without a column has nulls for it.
fn texts<const N: usize>(folder: &Path, columns: [&str; N]) -> Vec<[Option<String>; N]> {
    let mut found = Vec::new();
    for path in files(folder) {
        let frame = ParquetReader::new(fs::File::open(path).expect("a file")).finish().expect("Parquet");
        for row in 0..frame.height() {
            found.push(columns.map(|name| {
                let column = frame.column(name).ok()?.str().ok()?;
                column.get(row).map(str::to_string)
            }));
        }
    }
    found
}

fn files(folder: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(folder).expect("a folder of the golden lake");
    let paths = entries.map(|entry| entry.expect("an entry").path());
    paths.flat_map(|path| if path.is_dir() { files(&path) } else { vec![path] }).collect()
}

fn guid(id: &str) -> String {
    id.trim_matches(['{', '}']).to_lowercase()
}

fn bare(message_id: &str) -> &str {
    message_id.trim_matches([' ', '<', '>'])
}

fn number(digits: &str) -> u32 {
    digits.parse().expect("ids of the golden lake carry a number")
}
