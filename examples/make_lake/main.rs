//! Makes lakes in the shape of the input contract: of any size for benchmarks, or the small sample with
//! every awkward case of the rules.
//!
//! ```text
//! make_lake --out DIR --emails 1000000 [--seed S]
//! make_lake --out sample_data --sample
//! ```
//!
//! A [`World`] of people and deals is drawn first; `awkward` plants the special cases in it; `history` draws
//! what happened, period by period; `tables` makes frames of it all; `write` exports them as files, with the
//! versions, deletes and duplicates of real exports. Nothing depends on the clock or on chance outside the
//! seed: the same arguments give the same bytes.

mod awkward;
mod history;
mod ids;
mod names;
mod random;
mod readme;
mod settings;
mod tables;
mod times;
mod world;
mod write;

use std::error::Error;
use std::path::PathBuf;
use std::process::ExitCode;

use clap::Parser;

use awkward::plants::Plants;
use settings::Settings;
use world::World;
use write::lake::Lake;

#[derive(Parser)]
#[command(about = "Makes a lake of invented mail, meetings and deals")]
struct Arguments {
    /// The folder of the lake, which must not exist or be empty; of a sample the folder around lake/ and README.md
    #[arg(long)]
    out: PathBuf,
    /// The scale of a benchmark lake: about as many distinct emails
    #[arg(long, required_unless_present = "sample", conflicts_with = "sample")]
    emails: Option<usize>,
    /// Another number makes another lake of the same kind
    #[arg(long, default_value_t = 1)]
    seed: u64,
    /// Make the sample lake instead
    #[arg(long)]
    sample: bool,
}

fn main() -> ExitCode {
    match run(&Arguments::parse()) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("make_lake: {error}");
            ExitCode::FAILURE
        }
    }
}

fn run(arguments: &Arguments) -> Result<(), Box<dyn Error>> {
    let (settings, root) = match arguments.emails {
        Some(emails) => (Settings::benchmark(emails, arguments.seed), arguments.out.clone()),
        None => (Settings::sample(arguments.seed), arguments.out.join("lake")),
    };
    if root.exists() && root.read_dir()?.next().is_some() {
        // Files of an older lake would be read along with the new ones.
        return Err(format!("{} is not empty", root.display()).into());
    }
    let mut world = World::drawn(&settings);
    let plants = if settings.awkward { awkward::plant(&mut world) } else { Plants::drawn(&world) };
    let mut lake = Lake::new(&root, settings.awkward);
    write::write(&mut lake, &settings, &world, &plants)?;
    for (table, (files, rows)) in &lake.written {
        println!("{table}: {rows} rows in {files} files");
    }
    if arguments.sample {
        std::fs::write(arguments.out.join("README.md"), readme::text(&lake, &plants)?)?;
    }
    Ok(())
}
