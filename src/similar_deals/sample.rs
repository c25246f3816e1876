//! A sample of closed deals on which weights are tried: each query is compared with deals that had closed before it,
//! as an open deal is compared with won ones.

use rayon::prelude::*;

use super::factors::{Factor, Levels};

/// Deals to compare with, at most.
const REFERENCES: usize = 4_000;
/// Neighbours whose outcomes are averaged, where all deals are in the sample.
const NEIGHBOURS: usize = 50;
const CHUNK: usize = 16;
/// Weight of the base rate next to the neighbours, so that no forecast is exactly 0 or 1.
const PRIOR: f64 = 0.1;

/// One factor of the references, beside each other.
enum Column {
    Scaled(Vec<f32>),
    Codes(Vec<u16>),
}

/// References and what is to be foretold of them.
pub struct ReferenceSample {
    columns: Vec<Column>,
    /// When each reference closed: its rank among the deals that teach.
    ranks: Vec<usize>,
    targets: Vec<f32>,
    /// How many neighbours are averaged.
    neighbours: usize,
}

/// A deal whose target is to be foretold, by its place among the references' source.
pub struct Query {
    values: Vec<f32>,
    codes: Vec<u16>,
    rank: usize,
    target: f32,
}

/// What is used again from query to query.
#[derive(Default)]
struct Buffers {
    distances: Vec<f32>,
    keys: Vec<u64>,
    order: Vec<u32>,
}

/// What weights come to: their loss, and its slope in each of them.
pub struct Slope {
    /// Summed over queries.
    pub loss: f64,
    /// Derivative by each weight.
    pub slope: Vec<f64>,
}

impl Query {
    /// What is to be foretold.
    pub fn target(&self) -> f64 {
        f64::from(self.target)
    }
}

impl ReferenceSample {
    /// `deals` in the order in which they closed, with what is to be foretold.
    pub fn of(factors: &[Factor], deals: &[usize], targets: &[f32]) -> ReferenceSample {
        let chosen = strided(0, deals.len(), REFERENCES);
        let columns = factors
            .iter()
            .map(|factor| match &factor.levels {
                Levels::Scaled(values) => Column::Scaled(chosen.iter().map(|&at| placed(values[deals[at]])).collect()),
                Levels::Codes(codes) => Column::Codes(chosen.iter().map(|&at| codes[deals[at]]).collect()),
            })
            .collect();
        let thinned = NEIGHBOURS * chosen.len() / deals.len().max(1);
        let neighbours = thinned.max(10).min(chosen.len() / 10).max(3);
        let targets = chosen.iter().map(|&at| targets[at]).collect();
        ReferenceSample { columns, ranks: chosen, targets, neighbours }
    }

    /// Up to `most` queries among the deals from one rank up to another.
    pub fn queries(
        &self,
        factors: &[Factor],
        deals: &[usize],
        targets: &[f32],
        range: (usize, usize),
        most: usize,
    ) -> Vec<Query> {
        let enough = |rank: usize| self.ranks.partition_point(|&other| other < rank) >= 3 * self.neighbours;
        let chosen = strided(range.0, range.1, most).into_iter().filter(|&rank| enough(rank));
        chosen
            .map(|rank| {
                let deal = deals[rank];
                let mut query = Query { values: Vec::new(), codes: Vec::new(), rank, target: targets[rank] };
                for factor in factors {
                    let (value, code) = match &factor.levels {
                        Levels::Scaled(values) => (placed(values[deal]), 0),
                        Levels::Codes(codes) => (0.0, codes[deal]),
                    };
                    query.values.push(value);
                    query.codes.push(code);
                }
                query
            })
            .collect()
    }

    /// Mean target of the nearest references of each query: the mean of what half and twice the usual
    /// number of them say, so that neither the very nearest nor the many decide alone.
    pub fn foretell(&self, queries: &[Query], weights: &[f64]) -> Vec<f64> {
        let chunks: Vec<&[Query]> = queries.chunks(CHUNK).collect();
        let foretold = chunks.par_iter().map(|chunk| {
            let mut buffers = Buffers::default();
            let mut foretell = |query: &Query| {
                let Buffers { distances, keys, order } = &mut buffers;
                self.distances(query, weights, distances);
                let (few, many) = (self.neighbours.div_ceil(2), (2 * self.neighbours).min(distances.len()));
                nearest(distances, many, keys, order);
                let mean = |near: &[u32]| {
                    near.iter().map(|&at| f64::from(self.targets[at as usize])).sum::<f64>() / near.len() as f64
                };
                (mean(&order[..few]) + mean(&order[..many])) / 2.0
            };
            chunk.iter().map(&mut foretell).collect::<Vec<f64>>()
        });
        foretold.collect::<Vec<_>>().concat()
    }

    /// Loss of a mean over the nearest references whose weight falls linearly to 0, smooth enough to
    /// go down its slope. `loss` gives loss and derivative from mean and target.
    pub fn slope(&self, queries: &[Query], weights: &[f64], base: f64, loss: fn(f64, f64) -> (f64, f64)) -> Slope {
        let chunks: Vec<&[Query]> = queries.chunks(CHUNK).collect();
        let parts = chunks.par_iter().map(|chunk| {
            let mut total = Slope { loss: 0.0, slope: vec![0.0; weights.len()] };
            let mut buffers = Buffers::default();
            for query in *chunk {
                self.add_slope(query, weights, base, loss, &mut buffers, &mut total);
            }
            total
        });
        let mut total = Slope { loss: 0.0, slope: vec![0.0; weights.len()] };
        // Summed in the order of the chunks, so that the number of threads changes no digit.
        for part in parts.collect::<Vec<_>>() {
            total.loss += part.loss;
            total.slope.iter_mut().zip(part.slope).for_each(|(total, part)| *total += part);
        }
        total
    }

    fn add_slope(
        &self,
        query: &Query,
        weights: &[f64],
        base: f64,
        loss: fn(f64, f64) -> (f64, f64),
        buffers: &mut Buffers,
        total: &mut Slope,
    ) {
        let Buffers { distances, keys, order } = buffers;
        self.distances(query, weights, distances);
        let reach = (2 * self.neighbours).min(distances.len() - 1);
        nearest(distances, reach + 1, keys, order);
        let border = order[reach] as usize;
        let height = |at: u32| f64::from(distances[border] - distances[at as usize]);
        let near = &order[..reach];
        let sum: f64 = near.iter().map(|&at| height(at)).sum();
        if sum <= 0.0 {
            return;
        }
        let target = |at: u32| f64::from(self.targets[at as usize]);
        let drawn = |at: u32| (target(at) + PRIOR * base) / (1.0 + PRIOR);
        let mean = near.iter().map(|&at| height(at) * drawn(at)).sum::<f64>() / sum;
        let (value, derivative) = loss(mean, f64::from(query.target));
        total.loss += value;
        for (factor, slope) in total.slope.iter_mut().enumerate() {
            let at_border = self.distance(query, factor, border);
            let pulled =
                near.iter().map(|&at| (drawn(at) - mean) * (at_border - self.distance(query, factor, at as usize)));
            *slope += derivative * pulled.sum::<f64>() / sum;
        }
    }

    fn distance(&self, query: &Query, factor: usize, at: usize) -> f64 {
        match &self.columns[factor] {
            Column::Scaled(values) => f64::from(gap(query.values[factor], values[at])),
            Column::Codes(codes) => f64::from(u8::from(codes[at] != query.codes[factor])),
        }
    }

    /// Distances of the references that closed before the query.
    fn distances(&self, query: &Query, weights: &[f64], distances: &mut Vec<f32>) {
        let before = self.ranks.partition_point(|&rank| rank < query.rank);
        distances.clear();
        distances.resize(before, 0.0);
        for (factor, column) in self.columns.iter().enumerate() {
            let weight = weights[factor] as f32;
            if weight == 0.0 {
                continue;
            }
            match column {
                Column::Scaled(values) => {
                    let value = query.values[factor];
                    distances.iter_mut().zip(values).for_each(|(sum, &other)| *sum += weight * gap(value, other));
                }
                Column::Codes(codes) => {
                    let code = query.codes[factor];
                    let pairs = distances.iter_mut().zip(codes);
                    pairs.for_each(|(sum, &other)| *sum += if other == code { 0.0 } else { weight });
                }
            }
        }
    }
}

/// Where what is unknown lies: as far from every number as numbers are from each other at most, and
/// nowhere near [`gap`]'s limit from itself.
const UNKNOWN: f32 = 2.0;

fn placed(value: f64) -> f32 {
    if value.is_nan() { UNKNOWN } else { value as f32 }
}

fn gap(one: f32, other: f32) -> f32 {
    (one - other).abs().min(1.0)
}

/// The places of the `count` nearest, in order of distance; of equal ones the latest first.
fn nearest(distances: &[f32], count: usize, keys: &mut Vec<u64>, order: &mut Vec<u32>) {
    // Bits of distances, which are not negative, sort as they do; one whole number sorts fast.
    let key = |(at, distance): (usize, &f32)| u64::from(distance.to_bits()) << 32 | u64::from(!(at as u32));
    keys.clear();
    keys.extend(distances.iter().enumerate().map(key));
    if count < keys.len() {
        keys.select_nth_unstable(count - 1);
        keys.truncate(count);
    }
    keys.sort_unstable();
    order.clear();
    order.extend(keys.iter().map(|key| !(*key as u32)));
}

/// Up to `most` numbers from `from` up to `to`, evenly spread.
fn strided(from: usize, to: usize, most: usize) -> Vec<usize> {
    let count = to.saturating_sub(from);
    let taken = count.min(most);
    (0..taken).map(|at| from + (at * count + count / 2) / taken).collect()
}

#[cfg(test)]
mod tests {
    use super::super::factors::FactorKind;
    use super::*;

    #[test]
    fn the_slope_is_that_of_the_loss() {
        let number = |seed: usize, step: usize| {
            Levels::Scaled((0..300).map(|at| ((at * step + seed) as f64 * 0.618_034).fract()).collect())
        };
        let levels = [number(1, 31), number(5, 57), number(11, 83)];
        let factors: Vec<Factor> = levels
            .into_iter()
            .map(|levels| Factor { name: "n".into(), kind: FactorKind::Number, levels, coverage: 1.0 })
            .collect();
        let deals: Vec<usize> = (0..300).collect();
        let targets: Vec<f32> = deals.iter().map(|at| ((at * 31 + 1) as f32 * 0.618_034).fract()).collect();
        let sample = ReferenceSample::of(&factors, &deals, &targets);
        let queries = sample.queries(&factors, &deals, &targets, (150, 300), 50);
        assert_eq!(queries.len(), 50);
        let squared = |mean: f64, target: f64| ((mean - target).powi(2), 2.0 * (mean - target));
        let weights = [0.4, 0.35, 0.25];
        let found = sample.slope(&queries, &weights, 0.5, squared);
        for factor in 0..3 {
            let moved = |by: f64| {
                let mut weights = weights;
                weights[factor] += by;
                sample.slope(&queries, &weights, 0.5, squared).loss
            };
            let measured = (moved(1e-4) - moved(-1e-4)) / 2e-4;
            let near = (measured - found.slope[factor]).abs() < 0.05 * measured.abs().max(1.0);
            assert!(near, "factor {factor}: {measured} {}", found.slope[factor]);
        }
    }
}
