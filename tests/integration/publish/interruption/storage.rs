//! Output that is full or may not be written.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use rapport::config::JobKind;

use super::kills::hidden;
use crate::support::not_tested::not_tested;
use crate::support::small_lake::*;

/// What to do where an account has too few rights.
pub const AS_ROOT: &str = "Run the tests as root, in a container, say";

/// A file system of its own, for as long as it lives.
pub struct Mounted(PathBuf);

impl Mounted {
    /// None, said aloud, where this account may not mount.
    pub fn at(path: &Path, options: &str) -> Option<Mounted> {
        fs::create_dir_all(path).unwrap();
        let done = Command::new("mount").args(["-t", "tmpfs", "-o", options, "tmpfs"]).arg(path).output();
        let mounted = done.is_ok_and(|done| done.status.success());
        if !mounted {
            not_tested("a file system that is full or may not be written", "mounting one needs root", AS_ROOT);
        }
        mounted.then(|| Mounted(path.to_path_buf()))
    }

    fn again(&self, options: &str) {
        let done = Command::new("mount").args(["-o", &format!("remount,{options}")]).arg(&self.0).status();
        assert!(done.unwrap().success());
    }
}

impl Drop for Mounted {
    fn drop(&mut self) {
        let _ = Command::new("umount").arg(&self.0).status();
    }
}

#[test]
fn a_full_disk_keeps_the_old_results() {
    let lake = SmallLake::new();
    let Some(_disk) = Mounted::at(&lake.output(), "size=400k") else { return };
    let old = lake.published(&["--set", "consent=false"]);
    let filler = lake.output().join("filler");
    // Write until nothing fits: what is left is less than a page.
    let mut size = 400_000;
    while size > 0 {
        let mut file = fs::File::options().create(true).append(true).open(&filler).unwrap();
        if std::io::Write::write_all(&mut file, &vec![0; size]).is_err() {
            size /= 2;
        }
    }
    let output = lake.run(&[]);
    let message = stderr(&output);
    assert_eq!(output.status.code(), Some(75), "{message}");
    let names_a_table = JobKind::RelationshipKpis.tables().iter().any(|table| message.contains(&format!("/{table}/")));
    assert!(names_a_table && message.contains("Free space or choose another --output"), "{message}");
    assert!(published_in(&lake.output()) == old);
    assert_eq!(hidden(&lake.output()), [""; 0]);

    fs::remove_file(filler).unwrap();
    let new = lake.published(&[]);
    assert!(new.keys().eq(old.keys()) && new != old);
}

#[test]
fn an_output_that_may_not_be_written_is_named() {
    let lake = SmallLake::new();
    let Some(disk) = Mounted::at(&lake.output(), "size=1m") else { return };
    let old = lake.published(&[]);
    disk.again("ro");
    for command in ["run", "check"] {
        let as_of = if command == "run" { &["--as-of", AS_OF][..] } else { &[] };
        let output = lake.command(command, as_of).output().unwrap();
        let message = stderr(&output);
        assert_eq!(output.status.code(), Some(2), "{command}: {message}");
        assert!(message.contains("out") && message.contains("write access"), "{command}: {message}");
        assert!(published_in(&lake.output()) == old);
    }
}

#[test]
fn an_output_below_a_file_is_a_mistake_in_the_configuration() {
    let lake = SmallLake::new();
    fs::write(lake.output(), "a file").unwrap();
    let output = lake.run(&[]);
    assert_eq!(output.status.code(), Some(2), "{}", stderr(&output));
    assert_eq!(fs::read(lake.output()).unwrap(), b"a file");
}
