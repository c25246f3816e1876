//! What strength and health foretell, beside the formulas that others have published.
//!
//! ```text
//! cargo bench --bench foretell -- [LAKE…] [--dates 10] [--all-kinds] [--set KEY=VALUE…] [--csv FILE]
//! ```
//!
//! At dates spread evenly over the mail of each lake, from a year after its beginning to a month or two before
//! its end, every connection of the past 365 days is scored, and every contact: who is in touch in the
//! next 30 days, who comes to an exchange (mail both ways, a meeting or a call) in the next 60, and which
//! contacts exchange mail both ways in the next 28? Prints a table per study, one of the chances (learned from the dates
//! before each date, and held against what came), one of the states of health, and writes a file to plot (lake, study, method, date, people, positives, AUC, NDCG@5).
//!
//! A lake is any folder in the input format. Company domains are read from a line `company domains:` of
//! its README, or set. People are who they are known to be at the end of the lake, so that records which
//! were made late do not hide the mail before them. Mail only, unless `--all-kinds` is given.

mod archive;
mod chances;
mod measures;
mod report;
mod rivals;
mod states;
mod studies;

use std::error::Error;
use std::path::PathBuf;

use clap::Parser;

/// Where the real archives lie beside the repository, if they do.
const BESIDE: &str = "../shared/data/lakes";

#[derive(Parser)]
struct Arguments {
    /// Lakes; by default those beside the repository
    lakes: Vec<PathBuf>,
    /// How many dates
    #[arg(long, default_value_t = 10)]
    dates: u32,
    /// Meetings and calls count too, as contact and as what is foretold
    #[arg(long)]
    all_kinds: bool,
    /// A setting of the job file, such as 'company_domains=["nordwind.example"]'
    #[arg(long, value_parser = rapport::config::parse_override)]
    set: Vec<(String, String)>,
    /// The file to plot
    #[arg(long, default_value = "target/foretell.csv")]
    csv: PathBuf,
    /// Given by cargo
    #[arg(long, hide = true)]
    bench: bool,
}

fn main() -> Result<(), Box<dyn Error>> {
    let mut arguments = Arguments::parse();
    if arguments.lakes.is_empty() {
        let beside = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join(BESIDE);
        let found = std::fs::read_dir(&beside).map_err(|_| "Name the folder of a lake")?;
        arguments.lakes = found.map(|entry| entry.map(|entry| entry.path())).collect::<Result<_, _>>()?;
        arguments.lakes.sort();
    }
    let (mut outcomes, mut reliabilities, mut states) = (Vec::new(), Vec::new(), Vec::new());
    for lake in &arguments.lakes {
        let mut archive = archive::Archive::read(lake, &arguments.set, arguments.all_kinds)?;
        for truth in [studies::Truth::InTouch, studies::Truth::Exchange] {
            outcomes.extend(studies::strength(&archive, &truth, arguments.dates)?);
        }
        outcomes.extend(studies::health(&archive, arguments.dates)?);
        reliabilities.extend(chances::of(&archive, arguments.dates)?);
        archive.count_all_kinds();
        states.extend(states::of(&archive, arguments.dates)?);
        eprintln!("{}: done", archive.name);
    }
    report::print(&outcomes);
    report::print_chances(&reliabilities);
    report::print_states(&states);
    report::write(&outcomes, &arguments.csv)?;
    println!("\nTo plot: {}", arguments.csv.display());
    Ok(())
}
