//! The note that a run leaves beside the rows of `runs` while it works, so that one that is killed leaves a trace.
//!
//! A hidden file of the local output, locked as long as its run lives: the lock is the operating system's, and ends with its
//! process whatever ends that. Who finds a note without its lock knows that its run was killed.

use std::fs::{self, File};
use std::io::{self, Read, Write};
use std::os::unix::fs::{MetadataExt, OpenOptionsExt};
use std::path::{Path, PathBuf};

use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Serialize};

use super::{lock, modes, runs_table};
use crate::context::{Interruption, RunContext};
use crate::error::{Error, Result};
use crate::storage::{Storage, private};

/// How names of notes end. Readers take `*.parquet` and pass them by, and who removes half-written files takes `.tmp`.
const ENDING: &str = ".begun";

/// What is known of a run when it begins.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct BegunRun {
    /// The id that its row in `runs` has, or would have had.
    pub run_id: String,
    /// The job's name.
    pub job: String,
    /// The first day that was asked for.
    pub from_date: NaiveDate,
    /// The last one.
    pub as_of_date: NaiveDate,
    /// When it began.
    pub started_at: DateTime<Utc>,
    /// Equal for runs with equal settings.
    pub config_hash: String,
    /// Version of the program.
    pub program_version: String,
}

/// The note of a run that is under way. Dropping it deletes the file.
#[derive(Debug)]
pub struct Note {
    path: PathBuf,
    /// Holds the lock as long as it is open.
    file: File,
}

/// A run that was killed, and its note, which is locked by us, so that no other run reports it too.
#[derive(Debug)]
pub struct Killed {
    /// What it said when it began.
    pub run: BegunRun,
    /// To be dropped once the row of the killed run is written: that deletes it.
    pub note: Note,
}

impl Drop for Note {
    fn drop(&mut self) {
        // A note that could not be deleted does no harm: the next run finds the row that belongs to it.
        let _ = fs::remove_file(&self.path);
    }
}

/// Notes that a run begins, in the folder of `runs`, and finds the runs that were killed since the last one began. None
/// where the output is a store, in which nothing can be locked.
///
/// # Errors
/// A folder that cannot be written, or that another run holds for long.
pub fn begin(context: &RunContext<'_>, run: &BegunRun) -> Result<Option<(Note, Vec<Killed>)>> {
    let Storage::Local(output) = &context.output.storage else { return Ok(None) };
    let folder = output.join(runs_table().name);
    modes::make_folders(&folder, context.output.file_mode)?;
    // Between its making and its locking a note would be taken for that of a killed run.
    let _lock = lock::wait(&folder, context, runs_table().name)?;
    let killed = find(&folder)?;
    let path = folder.join(format!(".{}{ENDING}", run.run_id));
    let note = write(&path, run, context.interruption).map_err(Error::storage(&path))?;
    Ok(Some((note, killed)))
}

fn write(path: &Path, run: &BegunRun, interruption: &Interruption) -> io::Result<Note> {
    let note = Note { path: path.to_path_buf(), file: private::file(path)? };
    note.file.try_lock().map_err(io::Error::from)?;
    // A program that is told to stop writes its row and removes this.
    interruption.begin(path);
    (&note.file).write_all(&serde_json::to_vec(run)?)?;
    note.file.sync_all()?;
    Ok(note)
}

/// The runs whose notes are no longer locked by anybody. The caller has to hold the lock of the folder.
fn find(folder: &Path) -> Result<Vec<Killed>> {
    let mut killed = Vec::new();
    for entry in fs::read_dir(folder).map_err(Error::storage(folder))? {
        let path = entry.map_err(Error::storage(folder))?.path();
        let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
        let Some(run_id) = name.strip_prefix('.').and_then(|name| name.strip_suffix(ENDING)) else { continue };
        // A note that we may not open is of a run under another account, whose next run reports it.
        let Ok(mut file) = File::options().read(true).write(true).custom_flags(libc::O_NOFOLLOW).open(&path) else {
            continue;
        };
        // Locked: its run still works. Without a name in the folder: its run has just ended and deleted it.
        if file.try_lock().is_err() || file.metadata().is_ok_and(|file| file.nlink() == 0) {
            continue;
        }
        let mut text = String::new();
        let run = file.read_to_string(&mut text).ok().and_then(|_| serde_json::from_str::<BegunRun>(&text).ok());
        let note = Note { path, file };
        match run.filter(|run| run.run_id == run_id) {
            // Killed after its row was written: nothing is missing but the deletion of the note.
            Some(_) if folder.join(format!("{run_id}.parquet")).exists() => {}
            Some(run) => killed.push(Killed { run, note }),
            // Killed while it wrote the note, or made by somebody else: nobody knows what it was.
            None => {}
        }
    }
    killed.sort_by(|one, other| one.run.run_id.cmp(&other.run.run_id));
    Ok(killed)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn run(run_id: &str) -> BegunRun {
        let day = NaiveDate::from_ymd_opt(2026, 3, 31).unwrap();
        BegunRun {
            run_id: run_id.to_string(),
            job: "relationship_kpis".to_string(),
            from_date: day,
            as_of_date: day,
            started_at: DateTime::from_timestamp(1_775_003_400, 0).unwrap(),
            config_hash: "9c1f".to_string(),
            program_version: "0.1.0".to_string(),
        }
    }

    fn left(folder: &Path) -> usize {
        fs::read_dir(folder).unwrap().count()
    }

    #[test]
    fn a_note_tells_of_a_killed_run_and_of_no_other() {
        let folder = tempfile::TempDir::new().unwrap();
        let path = |run_id: &str| folder.path().join(format!(".{run_id}{ENDING}"));
        let interruption = Interruption::default();
        let alive = write(&path("alive"), &run("alive"), &interruption).unwrap();
        let text = |run_id: &str| serde_json::to_string(&run(run_id)).unwrap();
        fs::write(path("killed"), text("killed")).unwrap();
        // Killed amid its note, after its row, and one that was renamed.
        fs::write(path("half"), &text("half")[..20]).unwrap();
        fs::write(path("done"), text("done")).unwrap();
        fs::write(folder.path().join("done.parquet"), "a row").unwrap();
        fs::write(path("renamed"), text("other")).unwrap();
        let killed = find(folder.path()).unwrap();
        assert_eq!(killed.iter().map(|killed| &killed.run).collect::<Vec<_>>(), [&run("killed")]);
        // Whoever looks meanwhile leaves it to the one that found it.
        assert!(find(folder.path()).unwrap().is_empty());
        assert_eq!(left(folder.path()), 3, "alive, killed and the row");
        drop(killed);
        drop(alive);
        assert_eq!(left(folder.path()), 1);
    }

    #[test]
    fn a_link_in_place_of_a_note_is_not_followed() {
        let (folder, elsewhere) = (tempfile::TempDir::new().unwrap(), tempfile::TempDir::new().unwrap());
        let victim = elsewhere.path().join("victim");
        fs::write(&victim, serde_json::to_string(&run("link")).unwrap()).unwrap();
        std::os::unix::fs::symlink(&victim, folder.path().join(format!(".link{ENDING}"))).unwrap();
        assert!(find(folder.path()).unwrap().is_empty());
        assert!(victim.exists() && left(folder.path()) == 1);
    }
}
