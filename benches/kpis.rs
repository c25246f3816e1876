//! How long the daily job takes, and how much memory, beside two yardsticks: the same tables written in
//! DuckDB (`duckdb_peer.py`), and the floor, polars reading the columns that the rules need and nothing else.
//!
//! ```text
//! cargo bench --bench kpis -- [--emails 1000000] [--runs 3] [--lake DIR] [--peer python3]
//! ```
//!
//! The lake is made once, under target/. The engines run in turns, each run a process of its own on two
//! threads; the table at the end has the medians. The results of rapport and DuckDB are compared row by row.

use std::error::Error;
use std::fs::{self, File};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::thread::sleep;
use std::time::{Duration, Instant};

use clap::Parser;
use polars::prelude::*;
use rapport::sources::contract::{self, EXPORT_COLUMNS, SourceTable, System};

const AS_OF: &str = "2026-03-31";
/// The tables that the peer makes too; rapport's have relationship health besides.
const TABLES: &str = "tables=[\"account_kpis\", \"contact_kpis\", \"lead_kpis\", \"opportunity_kpis\", \"daily_activity\", \"top_contacts\", \"interactions\", \"interaction_records\", \"dropped_activities\"]";
/// What the job file sets for the sample is set otherwise here: every mailbox is used.
const SETTINGS: [&str; 2] = ["timezone=\"UTC\"", "selected_roles=[]"];
const THREADS: &str = "2";
const POLL: Duration = Duration::from_millis(5);

#[derive(Parser)]
struct Arguments {
    /// The size of the lake: about as many distinct emails
    #[arg(long, default_value_t = 1_000_000)]
    emails: usize,
    /// How often each engine runs
    #[arg(long, default_value_t = 3)]
    runs: usize,
    /// Use this lake instead of making one
    #[arg(long)]
    lake: Option<PathBuf>,
    /// The Python that has duckdb and pyarrow
    #[arg(long, default_value = "python3")]
    peer: String,
    /// Read the lake as the floor does, and stop
    #[arg(long, hide = true)]
    floor: Option<PathBuf>,
    /// Given by cargo
    #[arg(long, hide = true)]
    bench: bool,
}

/// One run of a contender.
#[derive(Clone, Copy)]
struct Run {
    seconds: f64,
    /// Peak resident memory, in GiB.
    memory: f64,
}

struct Contender {
    name: &'static str,
    command: Command,
    runs: Vec<Run>,
}

fn main() -> Result<(), Box<dyn Error>> {
    let arguments = Arguments::parse();
    if let Some(lake) = &arguments.floor {
        return Ok(read_contract(lake)?);
    }
    let work = Path::new(env!("CARGO_TARGET_TMPDIR"));
    let lake = match &arguments.lake {
        Some(lake) => lake.canonicalize()?,
        None => made_lake(work, arguments.emails)?,
    };
    let out = work.join("kpis");
    let mut engines = engines(&arguments, &lake, &out)?;
    for turn in 1..=arguments.runs {
        for engine in &mut engines {
            let run = measured(&mut engine.command, &work.join("kpis.log"))?;
            eprintln!("turn {turn}: {}: {:.2} s, {:.2} GiB", engine.name, run.seconds, run.memory);
            engine.runs.push(run);
        }
    }
    print_table(&engines, &lake);
    if engines.iter().any(|engine| engine.name == "DuckDB") {
        let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("benches/compare.py");
        let sides = [out.join("rapport"), out.join("duckdb")];
        let equal = Command::new(&arguments.peer).arg(script).args(sides).args(["--as-of", AS_OF]).status()?.success();
        println!("\nResults of rapport and DuckDB: {}", if equal { "equal" } else { "DIFFERENT" });
    }
    Ok(())
}

/// The lake of this size, made where it is missing.
fn made_lake(work: &Path, emails: usize) -> Result<PathBuf, Box<dyn Error>> {
    let lake = work.join(format!("lake_{emails}"));
    if !lake.exists() {
        eprintln!("making a lake of {emails} emails");
        // Renamed into place at the end: a lake half made is not used.
        let unfinished = work.join("lake_unfinished");
        if unfinished.exists() {
            fs::remove_dir_all(&unfinished)?;
        }
        let mut make = Command::new(env!("CARGO"));
        make.args(["run", "--quiet", "--release", "--example", "make_lake", "--", "--out"]).arg(&unfinished);
        make.args(["--emails", &emails.to_string()]).current_dir(env!("CARGO_MANIFEST_DIR"));
        if !make.stdout(Stdio::null()).status()?.success() {
            return Err("the lake could not be made".into());
        }
        fs::rename(unfinished, &lake)?;
    }
    Ok(lake)
}

fn engines(arguments: &Arguments, lake: &Path, out: &Path) -> Result<Vec<Contender>, Box<dyn Error>> {
    let settings = || SETTINGS.iter().flat_map(|setting| ["--set", setting]);
    let engine = |name, mut command: Command| {
        command.env("POLARS_MAX_THREADS", THREADS).current_dir(env!("CARGO_MANIFEST_DIR"));
        Contender { name, command, runs: Vec::new() }
    };
    let mut rapport = Command::new(env!("CARGO_BIN_EXE_rapport"));
    rapport.args(["run", "relationship_kpis", "--quiet", "--as-of", AS_OF, "--input"]).arg(lake);
    rapport.arg("--output").arg(out.join("rapport")).args(settings()).args(["--set", TABLES]);
    let mut engines = vec![engine("rapport", rapport)];

    let has_peer = Command::new(&arguments.peer).args(["-c", "import duckdb, pyarrow"]).stderr(Stdio::null()).status();
    if has_peer.is_ok_and(|status| status.success()) {
        let mut peer = Command::new(&arguments.peer);
        peer.args(["benches/duckdb_peer.py", "--threads", THREADS, "--as-of", AS_OF, "--lake"]).arg(lake);
        peer.args(["--job", "jobs/relationship_kpis.toml", "--out"]).arg(out.join("duckdb")).args(settings());
        engines.push(engine("DuckDB", peer));
    } else {
        eprintln!("{} has no duckdb and pyarrow: running without the peer", arguments.peer);
    }
    let mut floor = Command::new(std::env::current_exe()?);
    floor.arg("--floor").arg(lake);
    engines.push(engine("floor", floor));
    Ok(engines)
}

/// Runs a command to its end; the system's high-water mark of its memory is read while it lives.
fn measured(command: &mut Command, log: &Path) -> Result<Run, Box<dyn Error>> {
    let start = Instant::now();
    let mut child = command.stdout(Stdio::null()).stderr(File::create(log)?).spawn()?;
    let status_file = format!("/proc/{}/status", child.id());
    let mut kib = 0.0;
    let status = loop {
        if let Some(status) = child.try_wait()? {
            break status;
        }
        let status = fs::read_to_string(&status_file).unwrap_or_default();
        let mark = status.lines().find_map(|line| line.strip_prefix("VmHWM:")?.trim().strip_suffix(" kB"));
        kib = mark.and_then(|mark| mark.parse().ok()).unwrap_or(kib);
        sleep(POLL);
    };
    if !status.success() {
        return Err(format!("{command:?} failed: {status}\n{}", fs::read_to_string(log)?).into());
    }
    Ok(Run { seconds: start.elapsed().as_secs_f64(), memory: kib / f64::from(1 << 20) })
}

fn print_table(engines: &[Contender], lake: &Path) {
    let median = |of: &dyn Fn(&Run) -> f64, engine: &Contender| {
        let mut values: Vec<f64> = engine.runs.iter().map(of).collect();
        values.sort_by(f64::total_cmp);
        (values[(values.len() - 1) / 2] + values[values.len() / 2]) / 2.0
    };
    let seconds = |engine: &Contender| median(&|run| run.seconds, engine);
    let ratio = |engine: &Contender, to: &str| match engines.iter().find(|other| other.name == to) {
        Some(other) => format!("{:.2}", seconds(engine) / seconds(other)),
        None => "–".to_string(),
    };
    println!("{}, medians of {} runs\n", lake.display(), engines[0].runs.len());
    println!("| engine | seconds | peak GiB | × DuckDB | × floor |\n|---|---|---|---|---|");
    for engine in engines {
        let memory = median(&|run| run.memory, engine);
        let (peer, floor) = (ratio(engine, "DuckDB"), ratio(engine, "floor"));
        println!("| {} | {:.1} | {memory:.2} | {peer} | {floor} |", engine.name, seconds(engine));
    }
}

/// Reads the contract's columns of every table, one table after the other, and drops them.
fn read_contract(lake: &Path) -> PolarsResult<()> {
    use contract::*;
    let dataverse = [&ACCOUNT, &CONTACT, &LEAD, &OPPORTUNITY, &SYSTEMUSER, &ROLE, &SYSTEMUSERROLES, &TEAMMEMBERSHIP];
    let activities = [&CONNECTION, &CONNECTIONROLE, &EMAIL, &APPOINTMENT, &PHONECALL, &TASK, &ACTIVITYPARTY];
    let others = [&MESSAGES, &CALENDAR_VIEW, &USERS, &OPT_OUTS, &ERASURES, &ALIASES];
    for table in dataverse.into_iter().chain(activities).chain(others) {
        read_table(lake, table)?;
    }
    Ok(())
}

fn read_table(lake: &Path, table: &SourceTable) -> PolarsResult<()> {
    let folder = match table.system {
        System::Dataverse => "dataverse",
        System::Exchange => "exchange",
        System::Control => "control",
    };
    let files = lake.join(folder).join(table.name).join("*.parquet");
    let path = PlRefPath::new(files.to_string_lossy());
    let mut scan = LazyFrame::scan_parquet(path, ScanArgsParquet::default())?;
    let schema = scan.collect_schema()?;
    let export = if table.system == System::Dataverse { EXPORT_COLUMNS } else { &[] };
    let columns = table.columns.iter().chain(export).filter(|column| schema.contains(column.name));
    let read = scan.select(columns.map(|column| col(column.name)).collect::<Vec<_>>());
    read.collect_with_engine(Engine::Streaming).map(drop)
}
