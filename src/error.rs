//! What can go wrong, worded for the person who has to mend it, with the exit code it ends in.

use std::io;
use std::path::{Path, PathBuf};

use polars::prelude::PolarsError;

use crate::plain;

/// How the folders begin in which data lies on its way from and to a store.
pub const SPOOL: &str = "rapport-spool-";

/// Characters of a name that are shown: more than a path may have.
const NAME: usize = 4_200;

/// What may fail with an [`Error`].
pub type Result<T> = std::result::Result<T, Error>;

/// What may go wrong, by what is to be done about it (R4).
#[derive(Debug, thiserror::Error)]
#[expect(missing_docs, reason = "the fields are where it is, what is wrong and the way out, as their names say")]
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

    /// What kind of error it is, in one word.
    pub fn class(&self) -> &'static str {
        match self {
            Error::Checks { .. } | Error::Engine { .. } => "failed",
            Error::Config { .. } => "configuration",
            Error::Input { .. } => "input",
            Error::Storage { .. } => "storage",
            Error::PartitionBusy { .. } => "busy",
            Error::Interrupted(_) => "interrupted",
        }
    }

    /// The exit code that the error ends the program with (R4).
    pub fn exit_code(&self) -> u8 {
        match self {
            Error::Checks { .. } | Error::Engine { .. } => FAILED,
            Error::Config { .. } => REFUSED,
            Error::Input { .. } => BROKEN_INPUT,
            Error::Storage { source, .. } if stays(source) => REFUSED,
            Error::Storage { .. } => STORAGE,
            Error::PartitionBusy { .. } => BUSY,
            Error::Interrupted(signal) => u8::try_from(128 + signal).unwrap_or(u8::MAX),
        }
    }
}

/// A code that the program ends with.
pub struct ExitCode {
    /// The number.
    pub code: u8,
    /// What has happened.
    pub meaning: &'static str,
    /// What to do about it.
    pub remedy: &'static str,
}

/// How the program ended well, finished with failures, was asked for the impossible, found broken input, met a
/// storage that may be well again later, and another run.
const DONE: u8 = 0;
const FAILED: u8 = 1;
const REFUSED: u8 = 2;
const BROKEN_INPUT: u8 = 3;
const STORAGE: u8 = 75;
const BUSY: u8 = 76;

/// Every code; `--help` and jobs/README.md show this table.
pub const EXIT_CODES: [ExitCode; 10] = [
    exit(DONE, "done", ""),
    exit(
        FAILED,
        "finished, but a table failed or broke its checks, or is partial and fail_on_partial is set",
        "read the message",
    ),
    exit(
        REFUSED,
        "usage or configuration; also a path or bucket named there that is missing or may not be used, or credentials refused",
        "correct it",
    ),
    exit(BROKEN_INPUT, "the input breaks its contract or may not be read", "mend the input, do not retry"),
    exit(STORAGE, "storage failed for now (disk full, store not answering, read error, input that changes)", "retry"),
    exit(BUSY, "another run is publishing the same partition", "retry when it has ended"),
    exit(129, "stopped by SIGHUP", ""),
    exit(130, "stopped by SIGINT", ""),
    exit(131, "stopped by SIGQUIT", ""),
    exit(143, "stopped by SIGTERM", ""),
];

const fn exit(code: u8, meaning: &'static str, remedy: &'static str) -> ExitCode {
    ExitCode { code, meaning, remedy }
}

/// The table of exit codes for `--help`.
pub fn exit_codes_help() -> String {
    let line = |exit: &ExitCode| match exit.remedy {
        "" => format!("  {:>3}  {}", exit.code, exit.meaning),
        remedy => format!("  {:>3}  {}: {remedy}", exit.code, exit.meaning),
    };
    let lines: Vec<String> = EXIT_CODES.iter().map(line).collect();
    format!("Exit codes:\n{}", lines.join("\n"))
}

/// Whether what the system says of a place stays so until somebody changes the place, its rights or its name:
/// waiting mends none of these.
pub fn stays(error: &io::Error) -> bool {
    use io::ErrorKind::{
        AlreadyExists, InvalidFilename, InvalidInput, IsADirectory, NotADirectory, PermissionDenied,
        ReadOnlyFilesystem, Unsupported,
    };
    let kind = error.kind();
    let of_place = matches!(
        kind,
        AlreadyExists
            | InvalidFilename
            | InvalidInput
            | IsADirectory
            | NotADirectory
            | PermissionDenied
            | ReadOnlyFilesystem
            | Unsupported
    );
    of_place || is_loop(error)
}

/// Whether links lead in a circle. The kind has no name of its own yet.
pub fn is_loop(error: &io::Error) -> bool {
    error.kind() == io::Error::from_raw_os_error(libc::ELOOP).kind()
}

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
        text.push_str(&as_sentence(remedy));
    }
    text
}

/// With a capital at its beginning, unless it begins with the name of a thing: a command, an option, a file, a column.
fn as_sentence(text: &str) -> String {
    let first = text.split(' ').next().unwrap_or_default().trim_end_matches([',', ';', ':']);
    let is_word = first != "rapport" && first.chars().all(char::is_alphabetic);
    let mut letters = text.chars();
    match letters.next().filter(|_| is_word) {
        Some(letter) => letter.to_uppercase().chain(letters).collect(),
        None => text.to_string(),
    }
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
        _ if stays(source) => {
            "Something else lies there, or its name cannot be one: move it away, or choose another place, \
             such as another --output"
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
            remedy: "export the table again".into(),
        };
        assert_eq!(
            error.to_string(),
            "table email: column statuscode: file part-1.parquet: \
             holds text where whole numbers are due. Export the table again"
        );
        assert!(Error::usage("--x", "m", "rapport demo makes one").to_string().ends_with(". rapport demo makes one"));
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
    fn only_what_may_pass_is_worth_a_retry() {
        use io::ErrorKind as Kind;
        for kind in [
            Kind::PermissionDenied,
            Kind::NotADirectory,
            Kind::IsADirectory,
            Kind::ReadOnlyFilesystem,
            Kind::InvalidFilename,
        ] {
            assert_eq!(Error::storage("out/x")(kind.into()).exit_code(), 2, "{kind}");
        }
        assert_eq!(Error::storage("out/x")(io::Error::from_raw_os_error(libc::ELOOP)).exit_code(), 2);
        for kind in [
            Kind::StorageFull,
            Kind::QuotaExceeded,
            Kind::ResourceBusy,
            Kind::NotConnected,
            Kind::TimedOut,
            Kind::NotFound,
        ] {
            assert_eq!(Error::storage("out/x")(kind.into()).exit_code(), 75, "{kind}");
        }
        assert_eq!(Error::storage("out/x")(io::Error::from_raw_os_error(libc::EIO)).exit_code(), 75);
    }

    #[test]
    fn signals_end_as_shells_expect() {
        assert_eq!(Error::Interrupted(2).exit_code(), 130);
        assert_eq!(Error::Interrupted(15).exit_code(), 143);
    }
}
