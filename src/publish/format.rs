//! A table stays in the format it was begun in: readers of the one would not see what the other adds.

use std::fs;

use crate::config::OutputFormat;
use crate::context::Output;
use crate::error::{Error, Result};
use crate::storage::{DELTA_LOG, Storage};

/// Whether a table's folder can take partitions in the output's format.
///
/// # Errors
/// A folder of that table in the other format.
pub fn check_format(output: &Output, table: &str) -> Result<()> {
    let folder = output.storage.join(table);
    let has_log = stored_format(&output.storage, table)? == OutputFormat::Delta;
    let fault = match output.format {
        OutputFormat::Parquet if has_log => "is a Delta table, and the job writes plain Parquet",
        OutputFormat::Delta if !has_log && holds_partitions(&folder, table)? => {
            "holds plain Parquet, and the job writes Delta tables"
        }
        _ => return Ok(()),
    };
    Err(Error::Config {
        file: None,
        key: Some("output.format".to_string()),
        message: format!("{folder} {fault}"),
        remedy: "Move that folder away, name another output folder, or set the format to what lies there".to_string(),
    })
}

/// The format in which a table lies in a folder; plain Parquet where it does not.
///
/// # Errors
/// A store that does not say what it has.
pub fn stored_format(storage: &Storage, table: &str) -> Result<OutputFormat> {
    let has_log = match storage.join(table) {
        Storage::Local(folder) => folder.join(DELTA_LOG).is_dir(),
        Storage::Remote(folder) => folder.list_here()?.folders.iter().any(|name| name == DELTA_LOG),
    };
    Ok(if has_log { OutputFormat::Delta } else { OutputFormat::Parquet })
}

/// Whether there are results in plain Parquet; the leftovers of a first Delta commit that failed are none.
fn holds_partitions(folder: &Storage, table: &str) -> Result<bool> {
    let name = format!("{table}.parquet");
    match folder {
        Storage::Local(folder) => {
            let partitions = fs::read_dir(folder).into_iter().flatten().flatten();
            Ok(partitions.map(|partition| partition.path().join(&name)).any(|file| file.exists()))
        }
        Storage::Remote(folder) => {
            let is_partition = |object: &str| object.split_once('/').is_some_and(|(_, file)| file == name);
            Ok(folder.list()?.iter().any(|object| is_partition(&object.name)))
        }
    }
}
