//! The exact ten nearest of 200 000 won deals to each of 20 000 open ones by 30 factors, beside
//! scikit-learn's brute-force neighbours and faiss's flat index on the same vectors.
//!
//! ```text
//! cargo bench --bench similar_deals -- [--open 20000] [--won 200000] [--factors 30] [--peer python3]
//! ```
//!
//! Every contender is a process of its own, which reads the vectors from files and is timed from there
//! on; the peers (`nearest_peers.py`) need numpy, scikit-learn and faiss-cpu. The distances found are
//! compared with those of faiss for the same measure. A third of the factors of the second line of ours
//! are choices with up to 300 levels, which the peers have no distance for.

use std::error::Error;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Instant;

use clap::Parser;
use rapport::similar_deals::factors::{Factor, FactorKind, Levels};
use rapport::similar_deals::nearest::{Neighbour, Similarity};

const COUNT: usize = 10;

#[derive(Parser)]
struct Arguments {
    /// Deals to find neighbours for
    #[arg(long, default_value_t = 20_000)]
    open: usize,
    /// Deals to find them among
    #[arg(long, default_value_t = 200_000)]
    won: usize,
    /// Numbers per deal
    #[arg(long, default_value_t = 30)]
    factors: usize,
    /// The Python that has the peers
    #[arg(long, default_value = "python3")]
    peer: String,
    /// Find neighbours of the vectors in this folder, and stop
    #[arg(long, hide = true)]
    ours: Option<PathBuf>,
    /// Take a third of the factors as choices
    #[arg(long, hide = true)]
    choices: bool,
    /// Given by cargo
    #[arg(long, hide = true)]
    bench: bool,
}

fn main() -> Result<(), Box<dyn Error>> {
    let arguments = Arguments::parse();
    if let Some(folder) = &arguments.ours {
        return ours(folder, &arguments);
    }
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("similar_deals");
    fs::create_dir_all(&folder)?;
    write_vectors(&folder, &arguments)?;
    println!(
        "{} open x {} won deals x {} factors, {COUNT} nearest\n",
        arguments.open, arguments.won, arguments.factors
    );
    println!("| contender | seconds | peak GiB |\n|---|---|---|");
    for choices in [false, true] {
        let mut command = Command::new(std::env::current_exe()?);
        command.arg("--ours").arg(&folder).args(sizes(&arguments));
        command.args(choices.then_some("--choices"));
        run(command)?;
    }
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("benches/similar_deals/nearest_peers.py");
    for contender in ["faiss_l2", "faiss_l1", "sklearn_l2", "sklearn_l1", "compare"] {
        let mut command = Command::new(&arguments.peer);
        command.arg(&script).arg(contender).arg(&folder).args([arguments.factors.to_string(), COUNT.to_string()]);
        run(command)?;
    }
    Ok(())
}

fn run(mut command: Command) -> Result<(), Box<dyn Error>> {
    if command.status()?.success() { Ok(()) } else { Err(format!("{command:?} failed").into()) }
}

fn sizes(arguments: &Arguments) -> Vec<String> {
    let Arguments { open, won, factors, .. } = arguments;
    [("--open", open), ("--won", won), ("--factors", factors)]
        .iter()
        .flat_map(|(name, value)| [name.to_string(), value.to_string()])
        .collect()
}

/// Vectors around a hundred centres, as deals come in kinds, scaled by weights that sum to 1.
fn write_vectors(folder: &Path, arguments: &Arguments) -> Result<(), Box<dyn Error>> {
    let mut dice = fastrand::Rng::with_seed(7);
    let mut draw = move || dice.f32();
    let centres: Vec<f32> = (0..100 * arguments.factors).map(|_| draw()).collect();
    let weights = weights(arguments.factors);
    for (name, count) in [("open", arguments.open), ("won", arguments.won)] {
        let mut bytes = Vec::with_capacity(count * arguments.factors * 4);
        for _ in 0..count {
            let centre = (draw() * 100.0) as usize * arguments.factors;
            for (factor, weight) in weights.iter().enumerate() {
                let value = (centres[centre + factor] + 0.6 * (draw() - 0.5)).clamp(0.0, 1.0);
                bytes.extend((value * *weight as f32).to_le_bytes());
            }
        }
        fs::write(folder.join(name), bytes)?;
    }
    Ok(())
}

/// Falling, as learned ones do.
fn weights(factors: usize) -> Vec<f64> {
    let raw: Vec<f64> = (0..factors).map(|factor| 1.0 / (factor as f64 + 3.0)).collect();
    let sum: f64 = raw.iter().sum();
    raw.iter().map(|weight| weight / sum).collect()
}

fn ours(folder: &Path, arguments: &Arguments) -> Result<(), Box<dyn Error>> {
    let read = |name: &str| -> Result<Vec<f32>, Box<dyn Error>> {
        let bytes = fs::read(folder.join(name))?;
        Ok(bytes.as_chunks::<4>().0.iter().map(|bytes| f32::from_le_bytes(*bytes)).collect())
    };
    let (open, won) = (read("open")?, read("won")?);
    let weights = weights(arguments.factors);
    let begin = Instant::now();
    let factors: Vec<Factor> = weights
        .iter()
        .enumerate()
        .map(|(at, weight)| {
            let values = open.iter().chain(&won).skip(at).step_by(arguments.factors);
            let values = values.map(|value| (f64::from(*value) / weight).min(1.0));
            let levels = if arguments.choices && at % 3 == 0 {
                Levels::Codes(values.map(|value| (value * [5.0, 40.0, 300.0][at / 3 % 3]) as u16).collect())
            } else {
                Levels::Scaled(values.collect())
            };
            Factor { name: at.to_string(), kind: FactorKind::Number, levels, coverage: 1.0 }
        })
        .collect();
    let similarity = Similarity { factors: &factors, weights: &weights };
    let (deals, among) =
        ((0..arguments.open).collect::<Vec<_>>(), (arguments.open..arguments.open + arguments.won).collect::<Vec<_>>());
    let found = similarity.nearest(&deals, &among, COUNT, 0.0);
    let seconds = begin.elapsed().as_secs_f64();
    let status = fs::read_to_string("/proc/self/status").unwrap_or_default();
    let mark = status
        .lines()
        .find_map(|line| line.strip_prefix("VmHWM:")?.trim().strip_suffix(" kB")?.trim().parse::<f64>().ok());
    let label = if arguments.choices { "rapport, a third of them choices" } else { "rapport" };
    println!("| {label} | {seconds:.2} | {:.2} |", mark.unwrap_or_default() / f64::from(1 << 20));
    if !arguments.choices {
        let distances: Vec<u8> = found
            .iter()
            .flat_map(|near: &Vec<Neighbour>| near.iter().flat_map(|near| (1.0 - near.similarity).to_le_bytes()))
            .collect();
        fs::write(folder.join("distances"), distances)?;
    }
    Ok(())
}
