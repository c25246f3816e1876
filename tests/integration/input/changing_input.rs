//! Input that changes while it is read: a run gives what one state of it gives, or ends with 75, and never
//! with a signal or with the advice not to run again.

use std::collections::BTreeMap;
use std::fs;
use std::os::unix::fs::FileExt;
use std::os::unix::process::CommandExt;
use std::path::Path;
use std::process::{Command, Output};
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use polars::prelude::*;

use crate::support::dice::Dice;
use crate::support::small_lake::*;

const TABLES: [&str; 2] = ["email", "contact"];

fn run(lake: &SmallLake, output: &Path) -> Output {
    let mut rapport = Command::new(env!("CARGO_BIN_EXE_rapport"));
    rapport.current_dir(env!("CARGO_MANIFEST_DIR")).args(["run", "relationship_kpis", "--as-of", AS_OF, "--quiet"]);
    rapport.args(["--set", "tables=[\"contact_kpis\", \"interactions\"]"]);
    rapport.arg("--input").arg(lake.root()).arg("--output").arg(output).output().unwrap()
}

/// Ends the swapper, also when a test fails.
struct Done<'a>(&'a AtomicBool);

impl Drop for Done<'_> {
    fn drop(&mut self) {
        self.0.store(true, Ordering::Relaxed);
    }
}

/// The files of the tables in two states that give different results.
struct States {
    lake: SmallLake,
    files: [Vec<Vec<u8>>; 2],
    results: [BTreeMap<String, Vec<u8>>; 2],
}

impl States {
    fn new() -> States {
        let lake = SmallLake::new();
        // Enough rows that they take a while to read.
        lake.change("email", |email| {
            let copies = (0..3000).map(|copy| {
                let mut rows = email.clone();
                let of_copy = |id: &Column| {
                    let ids = id.str().unwrap().apply_values(|id| format!("{copy:08x}{}", &id[8..]).into());
                    ids.into_column()
                };
                let id = of_copy(rows.column("activityid").unwrap());
                rows.with_column(id.with_name("activityid".into())).unwrap();
                rows
            });
            copies
                .reduce(|mut all, rows| {
                    all.vstack_mut(&rows).unwrap();
                    all
                })
                .unwrap()
        });
        let read = || TABLES.map(|table| fs::read(lake.file(table)).unwrap()).to_vec();
        let published = || {
            let output = tempfile::TempDir::new().unwrap();
            let run = run(&lake, output.path());
            assert_eq!(run.status.code(), Some(0), "{}", stderr(&run));
            published_in(output.path())
        };
        let one = (read(), published());
        lake.change("email", |email| email.head(Some(email.height() / 2)));
        lake.change("contact", |contact| contact.slice(1, contact.height()));
        let other = (read(), published());
        assert!(one.1 != other.1);
        States { files: [one.0, other.0], results: [one.1, other.1], lake }
    }

    /// Runs while the files change from state to state in a way and returns how often it ended with 0 and 75.
    fn outcomes(&self, what: &str, runs: usize, change: impl Fn(&Path, &[u8]) + Sync) -> [usize; 2] {
        let done = AtomicBool::new(false);
        let mut outcomes = [0; 2];
        std::thread::scope(|scope| {
            let _at_the_end = Done(&done);
            scope.spawn(|| {
                let mut dice = Dice::seeded(7);
                while !done.load(Ordering::Relaxed) {
                    for state in &self.files {
                        for (table, bytes) in TABLES.iter().zip(state) {
                            change(&self.lake.file(table), bytes);
                        }
                        std::thread::sleep(Duration::from_millis(dice.below(400) as u64));
                    }
                }
            });
            for _ in 0..runs {
                let output = tempfile::TempDir::new().unwrap();
                let ended = run(&self.lake, output.path());
                let message = stderr(&ended);
                match ended.status.code() {
                    Some(0) => {
                        let published = published_in(output.path());
                        assert!(self.results.contains(&published), "{what}: results of no state");
                        outcomes[0] += 1;
                    }
                    Some(75) => {
                        assert!(message.contains("while it was being read"), "{what}: {message}");
                        assert!(!message.contains("do not retry") && !message.contains("export"), "{what}: {message}");
                        assert!(published_in(output.path()).is_empty(), "{what}");
                        outcomes[1] += 1;
                    }
                    other => panic!("{what}: {other:?} {}: {message}", ended.status),
                }
            }
        });
        for (table, bytes) in TABLES.iter().zip(&self.files[0]) {
            fs::write(self.lake.file(table), bytes).unwrap();
        }
        println!("{what}: {} times whole, {} times to be run again", outcomes[0], outcomes[1]);
        outcomes
    }
}

#[test]
fn runs_under_a_swapper_give_one_state_or_end_with_75() {
    let states = States::new();
    let beside = |file: &Path| file.parent().unwrap().join(".new");
    let changed = [
        states.outcomes("replaced by renaming", 50, |file, bytes| {
            fs::write(beside(file), bytes).unwrap();
            fs::rename(beside(file), file).unwrap();
        }),
        states.outcomes("away for moments", 50, |file, bytes| {
            fs::write(beside(file), bytes).unwrap();
            fs::remove_file(file).unwrap();
            std::thread::sleep(Duration::from_millis(2));
            fs::rename(beside(file), file).unwrap();
        }),
        states.outcomes("rewritten in place", 50, |file, bytes| fs::write(file, bytes).unwrap()),
        states.outcomes("rewritten in place bit by bit", 50, |file, bytes| {
            let open = fs::File::options().write(true).open(file).unwrap();
            for (at, part) in bytes.chunks(bytes.len() / 8 + 1).enumerate() {
                open.write_all_at(part, (at * (bytes.len() / 8 + 1)) as u64).unwrap();
                std::thread::sleep(Duration::from_millis(1));
            }
            open.set_len(bytes.len() as u64).unwrap();
        }),
    ];
    assert!(changed.iter().all(|[_, again]| *again > 0), "nothing was changed at the wrong moment: {changed:?}");
}

/// Every read of as many bytes as a column has fails, as those of a disk that breaks.
#[expect(unsafe_code, reason = "seccomp is asked for by C alone")]
fn with_a_failing_disk(command: &mut Command) {
    let [load, equal, above, give] = [0x20, 0x15, 0x35, 0x06];
    let filter = |code, jt, jf, k| libc::sock_filter { code, jt, jf, k };
    // The number of the call, and the lower half of its third argument.
    let mut filters = [
        filter(load, 0, 0, 0),
        filter(equal, 0, 3, libc::SYS_pread64 as u32),
        filter(load, 0, 0, 32),
        filter(above, 0, 1, 100_000),
        filter(give, 0, 0, libc::SECCOMP_RET_ERRNO | libc::EIO as u32),
        filter(give, 0, 0, libc::SECCOMP_RET_ALLOW),
    ];
    let fail = move || {
        let program = libc::sock_fprog { len: filters.len() as u16, filter: filters.as_mut_ptr() };
        // SAFETY: plain system calls; the program outlives them.
        let done = unsafe {
            libc::prctl(libc::PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == 0
                && libc::prctl(libc::PR_SET_SECCOMP, libc::SECCOMP_MODE_FILTER, &raw const program) == 0
        };
        if done { Ok(()) } else { Err(std::io::Error::last_os_error()) }
    };
    // SAFETY: between fork and exec only system calls are made, on memory that was there before.
    unsafe { command.pre_exec(fail) };
}

#[test]
fn a_disk_that_fails_ends_with_75_and_names_the_file() {
    let lake = SmallLake::new();
    lake.change("email", |email| {
        let mut all = email;
        while all.height() < 20_000 {
            all = all.vstack(&all).unwrap();
        }
        let ids: Vec<String> =
            (0..all.height() as u64).map(|row| format!("{:016x}", row.wrapping_mul(0x9e37_79b9_7f4a_7c15))).collect();
        all.with_column(Column::new("activityid".into(), ids)).unwrap();
        all
    });
    for command in ["run", "check"] {
        let as_of = if command == "run" { &["--as-of", AS_OF][..] } else { &[] };
        let mut command_on_disk = lake.command(command, as_of);
        with_a_failing_disk(&mut command_on_disk);
        let output = command_on_disk.output().unwrap();
        let message = stderr(&output);
        assert_eq!(output.status.code(), Some(75), "{command}: {} {message}", output.status);
        assert!(message.contains("email/part-0.parquet: Input/output error"), "{command}: {message}");
    }
    assert!(!lake.output().exists() || published_in(&lake.output()).is_empty());
}

#[test]
fn a_broken_file_that_nobody_changes_still_ends_with_3() {
    let lake = SmallLake::new();
    let bytes = fs::read(lake.file("email")).unwrap();
    fs::write(lake.file("email"), &bytes[..bytes.len() - 9]).unwrap();
    lake.refused(3, &["email", "part-0.parquet"]);
    fs::remove_dir_all(lake.folder("email")).unwrap();
    fs::write(lake.file("contact"), "no Parquet").unwrap();
    lake.refused(3, &["contact", "part-0.parquet"]);
}
