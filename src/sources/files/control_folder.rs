//! What lies in the folder of the lists that the administrator keeps, besides these lists.
//!
//! A list under a mistyped name reads as none: whoever stands in it and opted out is used, whoever is to be
//! erased is published. So whatever is not read there is told, and so is a folder that is missing while
//! another has nearly its name.

use crate::error::Result;
use crate::sources::contract::{CONTROL_TABLES, System};
use crate::sources::files::formats;
use crate::sources::files::lake::{Entry, Lake};
use crate::suggest::nearest;

/// What is told one by one; the rest is counted.
const TOLD: usize = 10;

/// What was found where the lists are kept.
pub enum ControlFolder {
    /// There is no such folder. Folders of the lake with nearly its usual name are told.
    Nothing(Vec<String>),
    /// What a person should know about what is there.
    Folder(Vec<String>),
}

/// Looks at the folder of control tables.
///
/// # Errors
/// A folder that is there and cannot be listed.
pub fn look(lake: &Lake) -> Result<ControlFolder> {
    let folder = lake.called(System::Control);
    let Some(entries) = lake.entries(System::Control)? else {
        let alike = lake.entries_of_root().into_iter().filter(is_nearly_control);
        let warn = |entry: Entry| {
            format!(
                "{folder} is not there, so nobody has opted out and nobody is erased; '{}' beside it is not read. \
                 Rename it, or name it with --set control=…",
                entry.name
            )
        };
        return Ok(ControlFolder::Nothing(alike.map(warn).collect()));
    };
    let systems = [System::Dataverse, System::Exchange].map(|system| lake.called(system));
    let is_system = |entry: &Entry| {
        systems.iter().any(|system| *system == format!("{}/{}", folder.trim_end_matches('/'), entry.name))
    };
    let strays: Vec<&Entry> = entries.iter().filter(|entry| !is_read(entry) && !is_system(entry)).collect();
    let mut warnings: Vec<String> = strays.iter().take(TOLD).map(|entry| stray(&folder, entry)).collect();
    if strays.len() > TOLD {
        warnings
            .push(format!("{folder}: {} further entries are no control tables and are not read", strays.len() - TOLD));
    }
    if !entries.iter().any(|entry| table_of(&entry.name).is_some()) {
        warnings.push(format!(
            "{folder} holds none of the control tables ({}), so nobody has opted out and nobody is erased",
            known()
        ));
    }
    Ok(ControlFolder::Folder(warnings))
}

/// A control table under one of its names, or a mark of a writer by the convention of Hadoop and Spark, as
/// within the folder of a table.
fn is_read(entry: &Entry) -> bool {
    table_of(&entry.name).is_some() || is_mark(&entry.name)
}

fn table_of(name: &str) -> Option<&'static str> {
    CONTROL_TABLES.iter().find(|table| formats::names(table).iter().any(|known| known == name)).map(|table| table.name)
}

/// Hidden, and not a list that somebody has hidden.
fn is_mark(name: &str) -> bool {
    let checksum = name.ends_with(".crc") || name.starts_with("._");
    let is_list = |table: &&&str| stem(name.trim_start_matches(['_', '.'])).eq_ignore_ascii_case(table);
    checksum || name.starts_with(['_', '.']) && names().iter().find(is_list).is_none()
}

fn stray(folder: &str, entry: &Entry) -> String {
    let Entry { name, is_folder } = entry;
    let stem = stem(name.trim_start_matches(['_', '.']));
    let meant = names().into_iter().find(|table| *table == stem);
    let remedy = match (meant, nearest(stem, names())) {
        (Some(table), _) if !is_folder => {
            format!("The control table {table} is Parquet: {table}.parquet, or files in a folder {table}")
        }
        (_, Some(table)) => format!("Did you mean {table}?"),
        _ => format!("The control tables are {}", known()),
    };
    let kind = if *is_folder { "folder" } else { "file" };
    format!("{folder}: the {kind} '{name}' is no control table and is not read. {remedy}")
}

/// A name without its endings.
fn stem(name: &str) -> &str {
    name.split('.').next().unwrap_or(name)
}

fn names() -> Vec<&'static str> {
    CONTROL_TABLES.iter().map(|table| table.name).collect()
}

fn known() -> String {
    names().join(", ")
}

/// `Control`, `controls`, `contro1`.
fn is_nearly_control(entry: &Entry) -> bool {
    entry.is_folder && nearest(&entry.name, ["control"]).is_some()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn entry(name: &str, is_folder: bool) -> Entry {
        Entry { name: name.to_string(), is_folder }
    }

    #[test]
    fn lists_and_marks_of_writers_are_read_or_passed_over() {
        for name in ["opt_outs", "erasures.parquet", "aliases", "group_members", ".DS_Store", "_SUCCESS", "_delta_log"]
        {
            assert!(is_read(&entry(name, true)), "{name}");
        }
        assert!(is_read(&entry("._opt_outs.parquet", false)) && is_read(&entry(".erasures.parquet.crc", false)));
    }

    #[test]
    fn what_may_be_a_list_is_told_with_what_was_meant() {
        for (name, is_folder, meant) in [
            ("optouts", true, "Did you mean opt_outs?"),
            ("Erasures", true, "Did you mean erasures?"),
            ("opt-outs.parquet", false, "Did you mean opt_outs?"),
            ("OPT_OUTS.PARQUET", false, "Did you mean opt_outs?"),
            ("erasure", true, "Did you mean erasures?"),
            ("opt_outs.csv", false, "opt_outs.parquet"),
            ("_erasures", true, "Did you mean erasures?"),
            ("archive", true, "The control tables are"),
        ] {
            let entry = entry(name, is_folder);
            assert!(!is_read(&entry), "{name}");
            let told = stray("lake/control", &entry);
            assert!(told.contains(meant) && told.contains(name), "{told}");
        }
    }

    #[test]
    fn folders_with_nearly_the_usual_name_are_found() {
        for name in ["Control", "controls", "CONTROL", "contol"] {
            assert!(is_nearly_control(&entry(name, true)), "{name}");
        }
        assert!(!is_nearly_control(&entry("contact", true)) && !is_nearly_control(&entry("exchange", true)));
    }
}
