//! Damaged input by the thousand: whatever a byte of a lake, a log or a job file becomes, a run ends with one
//! of its exit codes and in words of its own (rules R4 to R6).
//!
//! Plain pages and JSON have no checksum, so that some damage is a value like any other: runs that end well with
//! other results and without a warning are counted and printed, for people to judge.
//!
//! `RAPPORT_FUZZ_SECONDS=7200` runs for two hours, `RAPPORT_FUZZ_SEED=17` begins at a seed; a fault prints its own.
//! `RAPPORT_FUZZ_BINARY=target/release/rapport` is several times as fast.

use std::fs;
use std::os::unix::process::ExitStatusExt;
use std::path::{Path, PathBuf};
use std::process::Output;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

use crate::support::csv_lake::{self, Layout};
use crate::support::delta_log::put_delta;
use crate::support::dice::Dice;
use crate::support::small_lake::*;

/// What a damaged input may end in: done, a table that failed its checks aside, which no input should lead to.
const CODES: [i32; 4] = [0, 2, 3, 75];

const JOB: &str = r#"
job = "relationship_kpis"
schedule = "30 2 * * *"
[input]
root = "lake"
[output]
path = "out"
[reporting]
timezone = "Europe/Stockholm"
[people]
company_domains = ["nordwind.example"]
[consent]
consent = true
"#;

/// A lake with every kind of file that is read.
fn lake() -> SmallLake {
    let lake = SmallLake::new();
    let folder = lake.root().join("dataverse");
    let mut as_csv = csv_lake::tables(&folder);
    as_csv.retain(|table| ["appointment", "contact"].contains(&table.name.as_str()));
    for table in &as_csv {
        lake.remove(&table.name);
    }
    csv_lake::write(&folder, &as_csv, Layout::Both);
    for table in ["email", "task", "phonecall"] {
        put_delta(&lake, table, table);
    }
    for table in ["messages", "opt_outs"] {
        let frame = lake.read(table);
        if table == "messages" {
            fs::remove_file(lake.file(table)).unwrap();
            lake.write_text(table, "part-0.json", &lines(&exchange(table)));
        } else {
            lake.write(table, "part-1.parquet", &frame.head(Some(1)));
        }
    }
    fs::create_dir_all(job_file(&lake).parent().unwrap()).unwrap();
    fs::write(job_file(&lake), JOB).unwrap();
    lake
}

fn job_file(lake: &SmallLake) -> PathBuf {
    lake.root().parent().unwrap().join("jobs/relationship_kpis.toml")
}

fn number(name: &str, otherwise: u64) -> u64 {
    std::env::var(name).map_or(otherwise, |text| text.parse().expect("a number"))
}

fn run(lake: &SmallLake) -> Output {
    let _ = fs::remove_dir_all(lake.output());
    let program = std::env::var("RAPPORT_FUZZ_BINARY").unwrap_or(env!("CARGO_BIN_EXE_rapport").into());
    let mut rapport = std::process::Command::new(program);
    rapport.args(["run", "relationship_kpis", "--as-of", AS_OF, "--jobs"]).arg(job_file(lake).parent().unwrap());
    rapport.arg("--input").arg(lake.root()).arg("--output").arg(lake.output()).output().unwrap()
}

/// What is wrong with how a run ended, if anything is.
fn fault(output: &Output) -> Option<String> {
    let said = format!("{}{}", stderr(output), String::from_utf8_lossy(&output.stdout));
    if let Some(signal) = output.status.signal() {
        return Some(format!("ended by signal {signal}: {said}"));
    }
    let of_the_engine = ["panicked", "internal error", ".rs:", "/registry/", "polars", "RUST_BACKTRACE"];
    if let Some(words) = of_the_engine.iter().find(|words| said.contains(**words)) {
        return Some(format!("says {words:?}: {said}"));
    }
    let code = output.status.code();
    if !code.is_some_and(|code| CODES.contains(&code)) {
        return Some(format!("ended with {code:?}: {said}"));
    }
    // An input error names the table or the file.
    let names = ["table ", "file ", ".toml", ".parquet", ".json", ".csv"];
    if code != Some(0) && !names.iter().any(|name| said.contains(name)) {
        return Some(format!("names no place: {said}"));
    }
    None
}

/// The bytes as they are after one mishap, and a word for it.
fn damaged(dice: &mut Dice, whole: &[u8], is_parquet: bool) -> (Vec<u8>, &'static str) {
    let mut bytes = whole.to_vec();
    let length = bytes.len().max(1);
    // Half of the mishaps of Parquet hit its footer, where every byte has a meaning.
    let footer = match whole.last_chunk::<8>() {
        Some([a, b, c, d, ..]) if is_parquet => u32::from_le_bytes([*a, *b, *c, *d]) as usize + 8,
        _ => 0,
    };
    let begin = if footer > 0 && footer < length && dice.once_in(2) { length - footer } else { 0 };
    let at = begin + dice.below(length - begin);
    let end = length.min(at + 1 + dice.below(200));
    let what = match dice.below(9) {
        0 => {
            bytes.truncate(at);
            "truncated"
        }
        1 | 2 => {
            if let Some(byte) = bytes.get_mut(at) {
                *byte ^= 1 << dice.below(8);
            }
            "a bit flipped"
        }
        3 => {
            for _ in 0..1 + dice.below(8) {
                let at = begin + dice.below(length - begin);
                if let Some(byte) = bytes.get_mut(at) {
                    *byte = dice.below(256) as u8;
                }
            }
            "bytes replaced"
        }
        4 => {
            let part = bytes.get(at..end).unwrap_or_default().to_vec();
            bytes.splice(at..at, part);
            "a part twice"
        }
        5 => {
            bytes.drain(at..end.min(bytes.len()));
            "a part left out"
        }
        6 => {
            let fill = *dice.pick(&[0u8, 0xFF, b' ', b'9', b'{', b'[']);
            if let Some(part) = bytes.get_mut(at..end) {
                part.fill(fill);
            }
            "a part overwritten"
        }
        7 => {
            let other = dice.below(length);
            if at < bytes.len() && other < bytes.len() {
                bytes.swap(at, other);
            }
            "two bytes swapped"
        }
        _ => {
            let odd: [&[u8]; 8] =
                [b"\0", b"\"", b"\\u0000", b"99999999999999999999", b"\xC3", b"[[[[[[[[[[[[", b"\r\n\r\n", b"-1e999"];
            bytes.splice(at..at, dice.pick(&odd).iter().copied());
            "something put in"
        }
    };
    (bytes, what)
}

/// What a run published and how often it warned.
type Published = (std::collections::BTreeMap<String, Vec<u8>>, usize);

fn published(lake: &SmallLake, output: &Output) -> Published {
    (published_in(&lake.output()), stderr(output).matches(" warning ").count())
}

/// One seed: a file of the lake is damaged, a run is made, and the file is as before.
fn try_seed(lake: &SmallLake, files: &[PathBuf], clean: &Published, seed: u64) -> Result<&'static str, String> {
    let mut dice = Dice::seeded(seed);
    let file = dice.pick(files).clone();
    let whole = fs::read(&file).unwrap();
    let (mut bytes, mut what) = damaged(&mut dice, &whole, file.extension().is_some_and(|ending| ending == "parquet"));
    if dice.once_in(4) {
        (bytes, what) = damaged(&mut dice, &bytes, false);
    }
    fs::write(&file, bytes).unwrap();
    let output = run(lake);
    let fault = fault(&output);
    fs::write(&file, &whole).unwrap();
    let below = file.strip_prefix(lake.root().parent().unwrap()).unwrap_or(Path::new("?"));
    match fault {
        None if output.status.code() != Some(0) => Ok("refused"),
        None => {
            let (tables, warnings) = published(lake, &output);
            Ok(match () {
                () if tables == clean.0 => "same results",
                () if warnings > clean.1 => "other results with a warning",
                () => {
                    println!("RAPPORT_FUZZ_SEED={seed} {} {what}: other results", below.display());
                    "other results"
                }
            })
        }
        Some(fault) => Err(format!("RAPPORT_FUZZ_SEED={seed} {} {what}: {fault}", below.display())),
    }
}

#[test]
fn damaged_input_ends_in_words_and_never_in_a_crash() {
    let end = Instant::now() + Duration::from_secs(number("RAPPORT_FUZZ_SECONDS", 10));
    let next = AtomicU64::new(number("RAPPORT_FUZZ_SEED", 1));
    let worker = || {
        let lake = lake();
        let mut files: Vec<PathBuf> =
            files_below(&lake.root()).into_keys().map(|name| lake.root().join(name)).collect();
        files.push(job_file(&lake));
        let output = run(&lake);
        assert_eq!(output.status.code(), Some(0), "{}", stderr(&output));
        let clean = published(&lake, &output);
        let (mut faults, mut outcomes) = (Vec::new(), std::collections::BTreeMap::new());
        while Instant::now() < end && faults.len() < 20 {
            match try_seed(&lake, &files, &clean, next.fetch_add(1, Ordering::SeqCst)) {
                Ok(outcome) => *outcomes.entry(outcome).or_insert(0) += 1,
                Err(fault) => {
                    println!("{fault}\n");
                    faults.push(fault);
                }
            }
        }
        (faults, outcomes)
    };
    let found = std::thread::scope(|scope| {
        let workers = [scope.spawn(worker), scope.spawn(worker)];
        workers.map(|worker| worker.join().expect("a worker that did not fail"))
    });
    println!("seeds up to {}, {:?}", next.load(Ordering::SeqCst), found.each_ref().map(|(_, outcomes)| outcomes));
    let faults: Vec<String> = found.into_iter().flat_map(|(faults, _)| faults).collect();
    assert!(faults.is_empty(), "{} faults:\n{}", faults.len(), faults.join("\n\n"));
}
