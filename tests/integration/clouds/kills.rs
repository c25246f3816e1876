//! SIGKILL and SIGTERM at every request by which a run changes the store.

use std::collections::BTreeMap;
use std::process::{Child, Command, Stdio};
use std::sync::OnceLock;
use std::time::{Duration, Instant};

use super::proxy::{Asked, Fate, Proxy};
use super::servers::WRITABLE;
use super::store::{Store, without_reports};
use crate::support::small_lake::*;

pub const JOB: &str = "who_knows_whom";
/// Few tables, so that a run takes tens of requests.
pub const TABLES: [&str; 2] = ["--set", "tables=[\"connections\", \"who_knows_whom\"]"];
pub const OTHERWISE: [&str; 4] = ["--set", "tables=[\"connections\", \"who_knows_whom\"]", "--set", "consent=false"];

/// A lake in a store, what an earlier run published, and what an undisturbed run makes of it.
pub struct Before {
    pub store: Store,
    pub proxy: Proxy,
    pub old: BTreeMap<String, Vec<u8>>,
    pub new: BTreeMap<String, Vec<u8>>,
}

impl Before {
    /// What a store holds after a run is known from runs on local folders; `equal` says that it is the same.
    pub fn new(store: Store) -> Before {
        static MODEL: OnceLock<[BTreeMap<String, Vec<u8>>; 3]> = OnceLock::new();
        let [lake, old, new] = MODEL.get_or_init(|| {
            let lake = SmallLake::new();
            let local = (&*lake.root().display().to_string(), &*lake.output().display().to_string());
            let results = [&OTHERWISE[..], &TABLES].map(|settings| {
                store.run_on(JOB, local, settings);
                without_reports(files_below(&lake.output()))
            });
            let [old, new] = results;
            assert!(old.keys().eq(new.keys()) && old.values().zip(new.values()).all(|(old, new)| old != new));
            [files_below(&lake.root()), old, new]
        });
        store.put_all("lake", lake);
        let proxy = Proxy::open(store.address);
        Before { store, proxy, old: old.clone(), new: new.clone() }
    }

    /// The old results, and nothing else.
    pub fn again(&self) {
        self.store.reset("out", &self.old);
    }

    pub fn command(&self, arguments: &[&str]) -> Command {
        let mut command = self.store.command(self.proxy.address, JOB, &TABLES);
        command.args(arguments).stdout(Stdio::null()).stderr(Stdio::piped());
        command
    }

    /// The requests of an undisturbed run.
    pub fn undisturbed(&self) -> Vec<Asked> {
        self.again();
        let (noted, requests) = std::sync::mpsc::channel();
        self.proxy.begin(move |asked| {
            noted.send(asked.clone()).unwrap();
            Fate::Answered
        });
        assert!(self.command(&[]).status().unwrap().success());
        self.proxy.begin(|_| Fate::Answered);
        assert!(self.store.published("out") == self.new);
        requests.iter().collect()
    }

    /// Starts a run and returns it as soon as a request is held.
    pub fn start_held(&self, held: impl Fn(&Asked) -> Option<Fate> + Send + 'static) -> Child {
        self.proxy.begin(move |asked| held(asked).unwrap_or(Fate::Answered));
        let run = self.command(&[]).spawn().unwrap();
        assert!(self.proxy.held(Duration::from_secs(60)).is_some(), "no request is held");
        run
    }

    /// Every object is the old or the new one, and none is beside them.
    #[track_caller]
    pub fn old_or_new(&self, when: &str) {
        let left = self.store.published("out");
        assert!(left.keys().eq(self.old.keys()), "{when}: {:?}", left.keys());
        for (path, bytes) in &left {
            let whole = *bytes == self.old[path] || *bytes == self.new[path];
            assert!(whole, "{when}: {path} is neither old nor new");
        }
    }

    /// The next run ends as if nothing had been.
    #[track_caller]
    pub fn mended(&self, when: &str) {
        self.store.run(JOB, &TABLES);
        assert!(self.store.published("out") == self.new, "{when}: the next run gives something else");
    }
}

/// Starts a run over the old results and returns it as soon as the request is held.
fn until_held(before: &Before, held: impl Fn(&Asked) -> Option<Fate> + Send + 'static) -> Child {
    before.again();
    before.start_held(held)
}

#[test]
fn a_run_killed_at_any_write_to_a_store_leaves_old_or_new() {
    for cloud in WRITABLE {
        let Some(store) = Store::new(cloud, "kills") else { continue };
        let before = Before::new(store);
        let writes: Vec<Asked> = before.undisturbed().into_iter().filter(|asked| asked.write.is_some()).collect();
        // Two tables with their `current/`, and the report.
        assert!(writes.len() >= 5, "{cloud:?}: {writes:?}");
        let mut killed = 0;
        for (at, write) in writes.iter().enumerate() {
            // After a write is before the next one, and copies within a store have no body to be torn.
            let mut fates = vec![Fate::HeldBefore];
            fates.extend((write.content > 0).then_some(Fate::HeldAmid));
            fates.extend((at + 1 == writes.len()).then_some(Fate::HeldAfter));
            for fate in fates {
                killed += 1;
                let number = write.write;
                let mut run = until_held(&before, move |asked| (asked.write == number).then_some(fate));
                run.kill().unwrap();
                run.wait().unwrap();
                let when = format!("{cloud:?}: {fate:?} {} {}", write.method, write.target);
                before.old_or_new(&when);
                before.mended(&when);
            }
        }
        println!("{cloud:?}: killed at {killed} places of {} writes", writes.len());
    }
}

#[test]
fn a_run_told_to_stop_amid_a_request_ends_soon() {
    for cloud in WRITABLE {
        let Some(store) = Store::new(cloud, "stops") else { continue };
        let before = Before::new(store);
        // Amid reading, and amid the first write.
        let stops: [fn(&Asked) -> bool; 2] = [|asked| asked.number == 5, |asked| asked.write == Some(0)];
        for stop in stops {
            let run = until_held(&before, move |asked| stop(asked).then_some(Fate::HeldBefore));
            let started = Instant::now();
            let told = Command::new("kill").args(["-TERM", &run.id().to_string()]).status();
            assert!(told.unwrap().success());
            let output = run.wait_with_output().unwrap();
            let took = started.elapsed();
            assert_eq!(output.status.code(), Some(143), "{cloud:?}: {}", stderr(&output));
            assert!(took < Duration::from_secs(5), "{cloud:?}: {took:?}");
            before.old_or_new(&format!("{cloud:?}"));
            before.mended(&format!("{cloud:?}"));
        }
    }
}

#[test]
fn what_was_left_by_a_killed_run_is_no_result() {
    // The report of a run is one object, too: a table that is not partitioned has no old version to keep.
    for cloud in WRITABLE {
        let Some(store) = Store::new(cloud, "reports") else { continue };
        let before = Before::new(store);
        let mut run = until_held(&before, |asked| {
            (asked.write.is_some() && asked.target.contains("/runs/")).then_some(Fate::HeldAmid)
        });
        run.kill().unwrap();
        run.wait().unwrap();
        let left = before.store.files("out");
        assert!(!left.keys().any(|path| path.starts_with("runs/")), "{:?}", left.keys());
        assert!(without_reports(left) == before.new);
    }
}
