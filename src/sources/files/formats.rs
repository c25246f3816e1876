//! In which formats tables lie in the lake, and how their files are called.

use std::path::Path;

use crate::sources::contract::{SourceTable, System};
use crate::storage::DELTA_LOG;

/// The format of a table's files.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Format {
    /// Parquet.
    Parquet,
    /// One JSON object per line, as Graph Data Connect lands its data sets (rule I11).
    JsonLines,
    /// CSV without header, as Synapse Link writes it unless told otherwise (rule I6).
    Csv,
}

const ENDINGS: [(&str, Format); 5] = [
    ("parquet", Format::Parquet),
    ("csv", Format::Csv),
    ("json", Format::JsonLines),
    ("jsonl", Format::JsonLines),
    ("ndjson", Format::JsonLines),
];

/// What tells that a folder is a table of another format, by the name of a file or folder in it: which of its data
/// files count says the log of that format alone.
const LOGS: [(&str, &str); 3] =
    [(DELTA_LOG, "Delta"), (".hoodie", "Apache Hudi"), (".metadata.json", "Apache Iceberg")];

/// The format whose log bears a name.
pub fn log_of(name: &str) -> Option<&'static str> {
    let is_it = |log: &str| name == log || log.ends_with(".json") && name.ends_with(log);
    LOGS.iter().find(|(log, _)| is_it(log)).map(|(_, format)| *format)
}

/// The same of a path, in parts of which a reader of folders comes by it.
pub fn log_in(path: &str) -> Option<&'static str> {
    let mut parts = path.split('/').map(|part| (log_of(part), part.starts_with(['_', '.'])));
    parts.find(|(log, is_hidden)| log.is_some() || *is_hidden).and_then(|(log, _)| log)
}

/// The names that a table may bear in its system's folder.
pub fn names(table: &SourceTable) -> Vec<String> {
    let mut names = vec![table.name.to_string()];
    if table.system == System::Dataverse {
        names.push(format!("{}_partitioned", table.name));
    }
    for (ending, _) in ENDINGS.iter().filter(|(_, format)| may_be(table.system, *format)) {
        names.push(format!("{}.{ending}", table.name));
        if *ending != "parquet" {
            names.push(format!("{}.{ending}.gz", table.name));
        }
    }
    names
}

/// Whether something is called nearly as a table is: in other letters, in the plural, as a set of the Web API is, with the
/// schema of a database or the version of a data set (`dbo.appointment`, `BasicDataSet_v0.Message_v1`).
pub fn is_nearly(table: &SourceTable, name: &str) -> bool {
    let names = names(table);
    let is_own = names.iter().any(|own| own == name);
    !is_own && names.iter().any(|own| letters(table, own) == letters(table, name))
}

/// The letters of a name in the singular, without what says nothing of what it names.
fn letters(table: &SourceTable, name: &str) -> String {
    let name = name.to_ascii_lowercase();
    let mut name = name.strip_suffix(".gz").unwrap_or(&name);
    for (ending, _) in ENDINGS.iter().filter(|(_, format)| may_be(table.system, *format)) {
        name = name.strip_suffix(ending).and_then(|name| name.strip_suffix('.')).unwrap_or(name);
    }
    let name = name.rsplit('.').next().unwrap_or_default();
    let name = name.strip_prefix("dbo_").unwrap_or(name);
    let (stem, version) = name.rsplit_once("_v").unwrap_or((name, ""));
    let is_version = !version.is_empty() && version.bytes().all(|byte| byte.is_ascii_digit());
    let name = if is_version { stem } else { name }.replace(['_', '-', ' '], "");
    match name.strip_suffix("ies") {
        Some(stem) => format!("{stem}y"),
        None => name.trim_end_matches('s').to_string(),
    }
}

/// What else files of data end with: forms that are not read, archives, and what writers of Parquet put before the ending.
const OTHER_ENDINGS: [&str; 24] = [
    "7z", "arrow", "avro", "bz2", "csv", "feather", "gz", "gzip", "json", "jsonl", "lz4", "ndjson", "ods", "orc",
    "parq", "parquet", "pq", "snappy", "tsv", "xls", "xlsb", "xlsx", "zip", "zst",
];

/// Whether a file is called as a table is, with an ending under which no table of its system is read (`lead.xlsx`,
/// `lead.snappy.parquet`).
pub fn is_in_other_form(table: &SourceTable, name: &str) -> bool {
    let Some((stem, endings)) = name.split_once('.') else { return false };
    let is_ending = |ending: &str| OTHER_ENDINGS.iter().any(|known| ending.eq_ignore_ascii_case(known));
    !names(table).iter().any(|own| own == name)
        && stem.eq_ignore_ascii_case(table.name)
        && endings.split('.').all(is_ending)
}

/// Whether a file may hold rows of a table in a form that is not read.
pub fn may_hold_rows(path: &Path) -> bool {
    let ending = path.extension().map(|ending| ending.to_string_lossy().to_ascii_lowercase());
    ending.is_some_and(|ending| OTHER_ENDINGS.contains(&ending.as_str()))
}

/// Files among a table's that are no data of it, by their names.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum NoData {
    /// A mark of a writer, a checksum, or what a desktop remembers of a folder.
    Mark,
    /// What its writer has not finished: it gets another name when it is.
    Unfinished,
    /// A copy that somebody kept of the file of this name.
    CopyOf(String),
}

const OF_DESKTOPS: [&str; 4] = ["desktop.ini", "thumbs.db", "ehthumbs.db", "icon\r"];
const CHECKSUMS: [&str; 5] = [".crc", ".md5", ".sha1", ".sha256", ".sha512"];
const UNFINISHED: [&str; 9] =
    [".tmp", ".temp", ".inprogress", ".in-progress", "._copying_", ".part", ".partial", ".filepart", ".crdownload"];
const COPIES: [&str; 5] = [".bak", ".backup", ".old", ".orig", "~"];

/// Whether a name is hidden from readers of folders, by the convention of Hadoop and Spark.
pub fn is_hidden(name: &str) -> bool {
    name.starts_with(['_', '.'])
}

/// What a file is when it is known to be no data.
pub fn no_data(name: &str) -> Option<NoData> {
    let small = name.to_ascii_lowercase();
    let ends = |endings: &[&str]| endings.iter().find(|ending| small.ends_with(**ending)).map(|ending| ending.len());
    // Office keeps such a file beside a workbook that is open.
    let is_lock = small.starts_with("~$");
    if is_hidden(name) || is_lock || OF_DESKTOPS.contains(&small.as_str()) || ends(&CHECKSUMS).is_some() {
        return Some(NoData::Mark);
    }
    if ends(&UNFINISHED).is_some() || small.contains(".inprogress.") {
        return Some(NoData::Unfinished);
    }
    ends(&COPIES).map(|ending| NoData::CopyOf(name[..name.len() - ending].to_string()))
}

/// Whether files of a system may be of a format.
pub fn may_be(system: System, format: Format) -> bool {
    match format {
        Format::Parquet => true,
        Format::JsonLines => system == System::Exchange,
        Format::Csv => system == System::Dataverse,
    }
}

/// What tables of a system are read as, in words.
pub fn forms(system: System) -> &'static str {
    match system {
        System::Dataverse => "Parquet or CSV",
        System::Exchange => "Parquet or JSON lines",
        System::Control => "Parquet",
    }
}

/// The format of a file, by its name; none where it is no data file.
pub fn format_of(path: &Path) -> Option<Format> {
    let name = path.file_name()?.to_str()?.to_ascii_lowercase();
    let (name, compressed) = name.strip_suffix(".gz").map_or((name.as_str(), false), |name| (name, true));
    let (_, ending) = name.rsplit_once('.')?;
    let format = ENDINGS.iter().find(|(known, _)| *known == ending).map(|(_, format)| *format)?;
    // Parquet is compressed within.
    (format != Format::Parquet || !compressed).then_some(format)
}
