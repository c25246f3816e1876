//! What the similarity foretells: the engine's half of `study.py`, which has the other half, the peers,
//! and says how to run both.
//!
//! Reads deals in the simple form (one row per closed deal: `id`, `created`, `closed`, `won`, `value`,
//! and any other columns as factors), learns from those that closed first, and writes of every later
//! one the share of won among its most similar predecessors and what the similar won ones were worth
//! and how long they took, with learned and with equal weights.

use std::error::Error;
use std::fs::File;
use std::path::PathBuf;

use clap::Parser;
use polars::prelude::*;
use rapport::similar_deals::columns::{candidate, days_to_quarter_end, plain_candidate};
use rapport::similar_deals::factors::{Candidate, Encoding, Factor, encode};
use rapport::similar_deals::importance::{ClosedDeals, learn};
use rapport::similar_deals::nearest::{Neighbour, Similarity, equal_weights};

#[derive(Parser)]
struct Arguments {
    /// Deals in the simple form, as Parquet
    #[arg(long)]
    deals: PathBuf,
    /// Where the forecasts go
    #[arg(long)]
    out: PathBuf,
    /// Share of deals, the earliest, that teach
    #[arg(long, default_value_t = 0.7)]
    history: f64,
    /// Numbers of similar deals
    #[arg(long, value_delimiter = ',', default_value = "10,25,50,100,200")]
    neighbours: Vec<usize>,
    /// Also the distances of the first test deals to all of history, for comparison with Python's gower
    #[arg(long)]
    distances: Option<PathBuf>,
}

/// What is no factor.
const GIVEN: [&str; 5] = ["id", "created", "closed", "won", "value"];

struct Deals {
    created: Vec<Option<i32>>,
    closed: Vec<i32>,
    won: Vec<bool>,
    value: Vec<f64>,
    candidates: Vec<Candidate>,
    /// The columns that were given as Gower's coefficient takes them.
    plain: Vec<Candidate>,
}

fn main() -> Result<(), Box<dyn Error>> {
    let arguments = Arguments::parse();
    let frame = ParquetReader::new(File::open(&arguments.deals)?).finish()?;
    let frame = frame.sort(["closed", "created", "id"], SortMultipleOptions::default().with_maintain_order(true))?;
    let deals = read(&frame)?;
    let cut = (frame.height() as f64 * arguments.history) as usize;
    let split = deals.closed[cut];
    let first = deals.closed.partition_point(|&closed| closed < split);
    let history: Vec<usize> = (0..first).collect();
    let test: Vec<usize> = (first..frame.height()).collect();

    let encoded = |encoding, known: &[usize]| -> Vec<Factor> {
        deals.candidates.iter().filter_map(|candidate| encode(candidate, known, encoding)).collect()
    };
    let days = |deal: usize| deals.created[deal].map_or(f64::NAN, |created| f64::from(deals.closed[deal] - created));
    let of_won = |deal: usize, value: f64| if deals.won[deal] { value } else { f64::NAN };
    let learned = learn(
        encoded(Encoding::LEARNED, &history),
        &ClosedDeals {
            won: history.iter().map(|&deal| deals.won[deal]).collect(),
            value: history.iter().map(|&deal| of_won(deal, deals.value[deal])).collect(),
            days: history.iter().map(|&deal| of_won(deal, days(deal))).collect(),
            deals: history.clone(),
        },
    );
    for (factor, weight) in learned.factors.iter().zip(&learned.weights) {
        eprintln!("{:24} {:9} {weight:.3}", factor.name, factor.kind.name());
    }
    // Gower's ranges are those of all deals, as Python's gower has them.
    let mut all = history.clone();
    all.extend(&test);
    let plain: Vec<Factor> =
        deals.plain.iter().filter_map(|candidate| encode(candidate, &all, Encoding::GOWER)).collect();
    let equal = equal_weights(&plain);
    let learned = Similarity { factors: &learned.factors, weights: &learned.weights };
    let gower = Similarity { factors: &plain, weights: &equal };

    let mut columns = vec![
        frame.column("id")?.slice(first as i64, test.len()),
        Column::new("won".into(), test.iter().map(|&deal| deals.won[deal]).collect::<Vec<_>>()),
        Column::new("value".into(), test.iter().map(|&deal| deals.value[deal]).collect::<Vec<_>>()),
        Column::new("days".into(), test.iter().map(|&deal| days(deal)).collect::<Vec<_>>()),
    ];
    // The most recent first: of equally similar deals these count.
    let recent: Vec<usize> = history.iter().rev().copied().collect();
    let recent_won: Vec<usize> = recent.iter().copied().filter(|&deal| deals.won[deal]).collect();
    let most = arguments.neighbours.iter().copied().max().unwrap_or(10);
    // How many neighbours foretell best is found on the later part of history, among the earlier.
    let middle = history.len() * 7 / 10;
    let earlier: Vec<usize> = history[..middle].iter().rev().copied().collect();
    for (name, similarity) in [("learned", &learned), ("gower", &gower)] {
        let near = similarity.nearest(&history[middle..], &earlier, most, 0.0);
        let tried = arguments.neighbours.iter().map(|&count| {
            let shares = near.iter().map(|near| near_share(near, count, |place| deals.won[earlier[place]]));
            (auc(shares.zip(&history[middle..]).map(|(share, &deal)| (share, deals.won[deal])).collect()), count)
        });
        let (_, chosen) = tried.fold((0.0, 0), |best, tried| if tried.0 > best.0 { tried } else { best });
        eprintln!("{name}: {chosen} neighbours foretell best on history");
        columns.push(Column::new(format!("{name}_chosen").into(), vec![chosen as i64; test.len()]));
        let near = similarity.nearest(&test, &recent, most, 0.0);
        let near_won = similarity.nearest(&test, &recent_won, most, 0.0);
        for &count in &arguments.neighbours {
            let share = |near: &Vec<_>| near_share(near, count, |place| deals.won[recent[place]]);
            let shares: Vec<f64> = near.iter().map(share).collect();
            columns.push(Column::new(format!("{name}_share_{count}").into(), shares));
            let of = |value: &dyn Fn(usize) -> f64| -> Vec<f64> {
                near_won.iter().map(|near| near_median(near, count, |place| value(recent_won[place]))).collect()
            };
            columns.push(Column::new(format!("{name}_value_{count}").into(), of(&|deal| deals.value[deal])));
            columns.push(Column::new(format!("{name}_days_{count}").into(), of(&days)));
        }
    }
    let mut out = DataFrame::new(test.len(), columns)?;
    ParquetWriter::new(File::create(&arguments.out)?).finish(&mut out)?;
    if let Some(path) = &arguments.distances {
        let some = &test[..test.len().min(50)];
        let rows =
            some.iter().map(|&deal| history.iter().map(|&other| 1.0 - gower.of(deal, other)).collect::<Vec<_>>());
        let columns = rows.enumerate().map(|(at, row)| Column::new(at.to_string().into(), row)).collect();
        ParquetWriter::new(File::create(path)?).finish(&mut DataFrame::new(history.len(), columns)?)?;
    }
    Ok(())
}

/// Chance that a won deal has a greater share than a lost one.
fn auc(mut shares: Vec<(f64, bool)>) -> f64 {
    shares.sort_by(|one, other| one.0.total_cmp(&other.0));
    let wins = shares.iter().filter(|(_, won)| *won).count() as f64;
    let (mut below, mut sum) = (0.0, 0.0);
    for equal in shares.chunk_by(|one, other| one.0 == other.0) {
        let won = equal.iter().filter(|(_, won)| *won).count() as f64;
        sum += won * (below + (equal.len() as f64 - won) / 2.0);
        below += equal.len() as f64 - won;
    }
    sum / wins / (shares.len() as f64 - wins)
}

fn near_share(near: &[Neighbour], count: usize, won: impl Fn(usize) -> bool) -> f64 {
    let near = &near[..near.len().min(count)];
    near.iter().filter(|near| won(near.place)).count() as f64 / near.len().max(1) as f64
}

fn near_median(near: &[Neighbour], count: usize, value: impl Fn(usize) -> f64) -> f64 {
    let near = near.iter().take(count).map(|near| value(near.place));
    let mut values: Vec<f64> = near.filter(|value| !value.is_nan()).collect();
    values.sort_by(f64::total_cmp);
    match values.len() {
        0 => f64::NAN,
        count => (values[(count - 1) / 2] + values[count / 2]) / 2.0,
    }
}

fn read(frame: &DataFrame) -> Result<Deals, Box<dyn Error>> {
    let days = |name: &str| -> PolarsResult<Vec<Option<i32>>> {
        Ok(frame.column(name)?.cast(&DataType::Int32)?.i32()?.iter().collect())
    };
    let created = days("created")?;
    let closed: Option<Vec<i32>> = days("closed")?.into_iter().collect();
    let closed = closed.ok_or("every deal needs a day in closed")?;
    let won = frame.column("won")?.bool()?.iter().map(|won| won == Some(true)).collect();
    let value = frame.column("value")?.cast(&DataType::Float64)?;
    let value = value.f64()?.iter().map(|value| value.unwrap_or(f64::NAN)).collect();
    let (mut candidates, mut plain) = (Vec::new(), Vec::new());
    if created.iter().any(Option::is_some) {
        candidates.push(days_to_quarter_end(&created));
    }
    for column in frame.columns().iter().filter(|column| !GIVEN.contains(&column.name().as_str())) {
        candidates.extend(candidate(column.name(), column, &created, &|_| i32::MAX)?);
        plain.push(plain_candidate(column.name(), column)?);
    }
    Ok(Deals { created, closed, won, value, candidates, plain })
}
