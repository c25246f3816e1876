//! What can go wrong, worded for the person who has to mend it, with the exit code it ends in.

use std::io;
use std::path::{Path, PathBuf};

use polars::prelude::PolarsError;

use crate::plain;
use crate::storage::SPOOL;

/// Characters of a name that are shown: more than a path may have.
const NAME: usize = 4_200;

pub type Result<T> = std::result::Result<T, Error>;

#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// Command line or job file, including paths named there that do not exist.
    #[error("{}", sentence(&[("", file), ("", key)], message, remedy))]
    Config { file: Option<String>, key: Option<String>, message: String, remedy: String },

    /// The input breaks its contract; running again on the same input ends the same way.
    #[error("{}", sentence(&[("table ", &Some(table.clone())), ("column ", column), ("file ", file)], message, remedy))]
    Input { table: String, column: Option<String>, file: Option<String>, message: String, remedy: String },

    #[error("{}: {source}. {}", path.display(), storage_remedy(path, source))]
    Storage { path: PathBuf, source: io::Error },

    #[error(
        "table {table}, partition {partition}: another run is publishing it. \
         Wait until that run has ended, then run again"
    )]
    PartitionBusy { table: String, partition: String },

    /// A table of ours failed its checks, or a run of several jobs ended with failures.
    #[error("{message}")]
    Checks { message: String },

    #[error("{context}: {source}")]
    Engine { context: String, source: PolarsError },

    #[error("stopped by signal {0}; the partitions published before stay, the others are as they were")]
    Interrupted(i32),
}

impl Error {
    /// A mistake in the arguments, which no job file is to blame for.
    pub fn usage(argument: &str, message: impl Into<String>, remedy: impl Into<String>) -> Self {
        Error::Config { file: None, key: Some(argument.to_string()), message: message.into(), remedy: remedy.into() }
    }

    /// Attaches what was being computed to an error of the engine.
    pub fn engine(context: impl Into<String>) -> impl FnOnce(PolarsError) -> Self {
        let context = context.into();
        move |source| Error::Engine { context, source }
    }

    /// Attaches the path to an I/O error.
    pub fn storage(path: impl Into<PathBuf>) -> impl FnOnce(io::Error) -> Self {
        let path = path.into();
        move |source| Error::Storage { path, source }
    }

    pub fn exit_code(&self) -> u8 {
        match self {
            Error::Checks { .. } | Error::Engine { .. } => 1,
            Error::Config { .. } => 2,
            Error::Input { .. } => 3,
            Error::Storage { .. } => 75,
            Error::PartitionBusy { .. } => 76,
            Error::Interrupted(signal) => u8::try_from(128 + signal).unwrap_or(u8::MAX),
        }
    }
}

/// The table of exit codes, as `--help` and the documentation show it.
pub const EXIT_CODES: &str = "\
Exit codes:
    0  done
    1  finished, but a table failed or broke its checks, or is partial and fail_on_partial is set
    2  usage or configuration; also a path or bucket named there that is missing, or credentials refused
    3  the input breaks its contract or may not be read: mend it, do not retry
   75  storage failed for now (disk full, store not answering, read error): retry
   76  another run is publishing the same partition: retry when it has ended
  129  stopped by SIGHUP
  130  stopped by SIGINT
  131  stopped by SIGQUIT
  143  stopped by SIGTERM";

fn sentence(place: &[(&str, &Option<String>)], message: &str, remedy: &str) -> String {
    let mut text = String::new();
    for (label, name) in place {
        if let Some(name) = name {
            text.push_str(&format!("{label}{}: ", plain::cut(name, NAME)));
        }
    }
    text.push_str(message.trim_end_matches('.'));
    if !remedy.is_empty() {
        text.push_str(". ");
        text.push_str(remedy);
    }
    text
}

fn storage_remedy(path: &Path, source: &io::Error) -> &'static str {
    match source.kind() {
        io::ErrorKind::ResourceBusy => "Run again once nobody writes to it",
        io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded if is_temporary(path) => {
            "The folder of temporary files is full: free space there, or point TMPDIR at a folder on another disk, \
             then run again; what was published before is untouched"
        }
        _ if path.to_string_lossy().contains("://") => {
            "Run again; if it persists, check the network and the store's state"
        }
        io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded => {
            "Free space or choose another --output, then run again; what was published before is untouched"
        }
        io::ErrorKind::PermissionDenied | io::ErrorKind::ReadOnlyFilesystem => {
            "Give the account that runs this program write access, or choose another --output"
        }
        _ => "Run again; if it persists, check the disk or mount behind this path",
    }
}

/// Whether a file is on its way from or to a store.
fn is_temporary(path: &Path) -> bool {
    path.iter().any(|part| part.as_encoded_bytes().starts_with(SPOOL.as_bytes()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn messages_name_the_place_and_the_remedy() {
        let error = Error::Input {
            table: "email".into(),
            column: Some("statuscode".into()),
            file: Some("part-1.parquet".into()),
            message: "holds text where whole numbers are due.".into(),
            remedy: "Export the table again".into(),
        };
        assert_eq!(
            error.to_string(),
            "table email: column statuscode: file part-1.parquet: \
             holds text where whole numbers are due. Export the table again"
        );
        assert_eq!(error.exit_code(), 3);
    }

    #[test]
    fn a_full_disk_is_worth_a_retry() {
        let full = io::Error::from(io::ErrorKind::StorageFull);
        let error = Error::storage("out/x")(full);
        assert_eq!(error.exit_code(), 75);
        assert!(error.to_string().contains("Free space"), "{error}");
        let full = Error::storage("/tmp/rapport-spool-1a2b/0-mirror/email")(io::ErrorKind::StorageFull.into());
        assert!(full.to_string().contains("TMPDIR") && !full.to_string().contains("--output"), "{full}");
    }

    #[test]
    fn signals_end_as_shells_expect() {
        assert_eq!(Error::Interrupted(2).exit_code(), 130);
        assert_eq!(Error::Interrupted(15).exit_code(), 143);
    }
}
