//! What lies on this machine while a run reads from and writes to a store: for nobody else to read, to make
//! beforehand or to find afterwards.

use std::fs::{self, Permissions};
use std::os::unix::fs::{MetadataExt, PermissionsExt, chown, symlink};
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};

use tempfile::TempDir;

use super::kills::{Before, JOB, OTHERWISE};
use super::proxy::Fate;
use super::servers::Cloud;
use super::store::Store;
use crate::publish::interruption::storage::{AS_ROOT, Mounted};
use crate::support::not_tested::not_tested;
use crate::support::signals::heeding_all;
use crate::support::small_lake::*;

/// The account that owns nothing.
const SOMEBODY_ELSE: u32 = 65534;

/// A folder of temporary files that everybody may write to.
fn shared_folder() -> TempDir {
    let folder = TempDir::new().unwrap();
    fs::set_permissions(folder.path(), Permissions::from_mode(0o1777)).unwrap();
    folder
}

fn is_root() -> bool {
    let root = fs::metadata("/proc/self").unwrap().uid() == 0;
    if !root {
        not_tested("what a second user can read and prepare", "being one needs root", AS_ROOT);
    }
    root
}

/// What the other account gets to hear of a command.
fn as_somebody_else(program: &str, arguments: &[&Path]) -> std::process::Output {
    Command::new(program).args(arguments).uid(SOMEBODY_ELSE).gid(SOMEBODY_ELSE).output().unwrap()
}

fn names(folder: &Path) -> Vec<PathBuf> {
    fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect()
}

/// A run that is held with the whole lake, and the partition it writes, on this machine.
fn held(before: &Before, temporary: &Path, umask: &str) -> Child {
    before.proxy.begin(|asked| if asked.write == Some(0) { Fate::HeldBefore } else { Fate::Answered });
    let run = before.command(&[]);
    let mut shell = Command::new("sh");
    shell.arg("-c").arg(format!("umask {umask}; exec \"$0\" \"$@\"")).arg(run.get_program()).args(run.get_args());
    shell.envs(run.get_envs().filter_map(|(name, value)| Some((name, value?)))).env("TMPDIR", temporary);
    shell.current_dir(env!("CARGO_MANIFEST_DIR")).stdout(Stdio::null()).stderr(Stdio::piped());
    let child = heeding_all(&mut shell).spawn().unwrap();
    assert!(before.proxy.held(std::time::Duration::from_secs(60)).is_some(), "no request is held");
    child
}

#[test]
fn nobody_else_reads_what_is_on_its_way_whatever_the_umask() {
    let Some(store) = Store::new(Cloud::S3, "spool-read") else { return };
    let before = Before::new(store);
    for umask in ["000", "022", "077"] {
        before.again();
        let temporary = shared_folder();
        let mut run = held(&before, temporary.path(), umask);
        let [spool] = &names(temporary.path())[..] else { panic!("one folder") };
        let mut folders = vec![spool.clone()];
        let mut files = 0;
        while let Some(path) = folders.pop() {
            let found = fs::symlink_metadata(&path).unwrap();
            let expected = if found.is_dir() { 0o700 } else { 0o600 };
            assert_eq!(found.mode() & 0o7777, expected, "umask {umask}: {}", path.display());
            if found.is_dir() {
                folders.extend(names(&path));
            } else {
                files += 1;
                if is_root() {
                    assert!(!as_somebody_else("cat", &[&path]).status.success(), "{}", path.display());
                }
            }
        }
        assert!(files > 10, "the lake is not here: {files}");
        run.kill().unwrap();
        run.wait().unwrap();
    }
}

/// Somebody knows how the folders were named once, and which processes come next.
#[test]
fn what_somebody_else_prepared_is_neither_used_nor_followed_nor_removed() {
    let Some(store) = Store::new(Cloud::S3, "spool-prepared") else { return };
    if !is_root() {
        return;
    }
    let before = Before::new(store);
    before.again();
    let temporary = shared_folder();
    let victim = temporary.path().join("victim");
    fs::write(&victim, "precious").unwrap();
    fs::set_permissions(&victim, Permissions::from_mode(0o600)).unwrap();
    let next = std::process::id()..std::process::id() + 4000;
    for process in next.clone() {
        let folder = temporary.path().join(format!("rapport-spool-{process}"));
        fs::create_dir(&folder).unwrap();
        symlink(&victim, folder.join("lock")).unwrap();
        chown(&folder, Some(SOMEBODY_ELSE), Some(SOMEBODY_ELSE)).unwrap();
    }
    // One that looks as if it had been left behind.
    let left = temporary.path().join("rapport-spool-left");
    fs::create_dir(&left).unwrap();
    fs::write(left.join("lock"), "").unwrap();
    chown(&left, Some(SOMEBODY_ELSE), Some(SOMEBODY_ELSE)).unwrap();
    chown(left.join("lock"), Some(SOMEBODY_ELSE), Some(SOMEBODY_ELSE)).unwrap();

    let output = before.command(&[]).env("TMPDIR", temporary.path()).output().unwrap();
    assert_eq!(output.status.code(), Some(0), "{}", stderr(&output));
    assert_eq!(fs::read(&victim).unwrap(), b"precious");
    assert!(left.exists());
    assert_eq!(names(temporary.path()).len(), next.len() + 2);
    for process in next {
        assert_eq!(names(&temporary.path().join(format!("rapport-spool-{process}"))).len(), 1);
    }
}

#[test]
fn nothing_is_left_behind_by_success_failure_and_signals() {
    let Some(store) = Store::new(Cloud::S3, "spool-left") else { return };
    let before = Before::new(store);
    let temporary = shared_folder();
    let check = |what: &str| assert_eq!(names(temporary.path()), [""; 0].map(PathBuf::from), "{what}");
    before.again();
    assert!(before.command(&[]).env("TMPDIR", temporary.path()).status().unwrap().success());
    check("success");
    for command in ["check", "forget"] {
        let mut rapport = Command::new(env!("CARGO_BIN_EXE_rapport"));
        rapport.current_dir(env!("CARGO_MANIFEST_DIR")).envs(before.store.cloud.environment(before.store.address));
        rapport.args([command, JOB, "--input", &before.store.url("lake"), "--output", &before.store.url("out")]);
        let output = rapport.env("TMPDIR", temporary.path()).output().unwrap();
        assert_eq!(output.status.code(), Some(0), "{command}: {}", stderr(&output));
        check(command);
    }
    before.proxy.begin(|asked| if asked.write.is_some() { Fate::Refused } else { Fate::Answered });
    let patience = ["--set", "give_up_after_seconds=1", "--set", "request_timeout_seconds=1"];
    let failed = before.command(&patience).env("TMPDIR", temporary.path()).status().unwrap();
    assert_eq!(failed.code(), Some(75));
    check("failure");
    for signal in ["-TERM", "-INT", "-HUP", "-QUIT"] {
        let mut run = held(&before, temporary.path(), "022");
        assert!(Command::new("kill").args([signal, &run.id().to_string()]).status().unwrap().success());
        assert!(run.wait().unwrap().code().is_some_and(|code| code > 128), "{signal}");
        check(signal);
    }
    // Killed, it can clean up nothing, and the next one does.
    let mut run = held(&before, temporary.path(), "022");
    run.kill().unwrap();
    run.wait().unwrap();
    assert_eq!(names(temporary.path()).len(), 1);
    before.proxy.begin(|_| Fate::Answered);
    assert!(before.command(&OTHERWISE).env("TMPDIR", temporary.path()).status().unwrap().success());
    check("the run after one that was killed");
}

#[test]
fn a_folder_of_temporary_files_that_is_missing_is_refused_and_not_made() {
    let folder = TempDir::new().unwrap();
    let file = folder.path().join("file");
    fs::write(&file, "").unwrap();
    let missing = folder.path().join("none/x");
    for (temporary, fault) in [(&missing, "does not exist"), (&file, "is no folder")] {
        let mut run = Command::new(env!("CARGO_BIN_EXE_rapport"));
        run.current_dir(env!("CARGO_MANIFEST_DIR")).args(["run", JOB, "--input", "s3://lake", "--output"]);
        run.arg(folder.path().join("out")).env("TMPDIR", temporary);
        let environment = Cloud::S3.environment("127.0.0.1:9".parse().unwrap());
        let output = run.envs(environment).output().unwrap();
        let message = stderr(&output);
        assert_eq!(output.status.code(), Some(2), "{message}");
        assert!(message.contains("TMPDIR") && message.contains(fault), "{message}");
    }
    assert!(!folder.path().join("none").exists());
}

#[test]
fn a_full_disk_of_temporary_files_is_named_and_not_the_output() {
    let Some(store) = Store::new(Cloud::S3, "spool-full") else { return };
    let temporary = TempDir::new().unwrap();
    let Some(_disk) = Mounted::at(temporary.path(), "size=64k,mode=1777") else { return };
    let before = Before::new(store);
    before.again();
    let output = before.command(&[]).env("TMPDIR", temporary.path()).output().unwrap();
    let message = stderr(&output);
    assert_eq!(output.status.code(), Some(75), "{message}");
    assert!(message.contains("TMPDIR") && !message.contains("--output"), "{message}");
    assert!(before.store.published("out") == before.old);
}
