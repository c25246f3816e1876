//! Exact nearest-neighbour search under weighted distances.

use rayon::prelude::*;

use super::factors::{Factor, Levels};
use super::kernel::{BLOCK, DealRows};
use super::packed_deals::{Layout, units};

/// Blocks whose rows stay in the cache while several deals are compared with them.
const TILE: usize = 512;
/// Deals that share a tile.
const BATCH: usize = 32;

/// How deals are compared.
pub struct Similarity<'a> {
    /// What they are compared by.
    pub factors: &'a [Factor],
    /// How much each factor matters; they sum to 1.
    pub weights: &'a [f64],
}

/// A deal that is like another.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Neighbour {
    /// Its place among the deals that were searched.
    pub place: usize,
    /// From 0 to 1.
    pub similarity: f64,
}

impl Similarity<'_> {
    /// One minus the weighted mean of the distances in single factors, summed in their order.
    pub fn of(&self, one: usize, other: usize) -> f64 {
        1.0 - self.distance(one, other)
    }

    fn distance(&self, one: usize, other: usize) -> f64 {
        self.factors.iter().zip(self.weights).map(|(factor, weight)| weight * factor.distance(one, other)).sum()
    }

    /// The `count` deals of `among` most similar to each of `deals`, no less similar than `least`,
    /// the most similar first. Of equally similar ones those come first that come first in `among`.
    pub fn nearest(&self, deals: &[usize], among: &[usize], count: usize, least: f64) -> Vec<Vec<Neighbour>> {
        let layout = Layout::of(self.factors, self.weights);
        let rows = DealRows::of(&layout, among);
        let search = Search { similarity: self, layout: &layout, rows: &rows, among, count, least };
        let batches: Vec<&[usize]> = deals.chunks(BATCH).collect();
        batches.par_iter().map(|batch| search.batch(batch)).collect::<Vec<_>>().concat()
    }
}

struct Search<'a> {
    similarity: &'a Similarity<'a>,
    layout: &'a Layout<'a>,
    rows: &'a DealRows,
    among: &'a [usize],
    /// How many neighbours a deal gets.
    count: usize,
    /// The least similarity of a neighbour.
    least: f64,
}

/// What one deal has found so far.
struct NearestSoFar {
    /// The deal's own factors, packed as those of the others are.
    row: Vec<u64>,
    /// Distance in units and place.
    candidates: Vec<(u32, u32)>,
    /// The distance in units beyond which nobody is among the nearest.
    limit: u32,
}

impl Search<'_> {
    /// The neighbours of some deals, which go through the blocks together.
    fn batch(&self, deals: &[usize]) -> Vec<Vec<Neighbour>> {
        let limit = units(1.0 - self.least).ceil() as u32 + self.layout.error;
        let mut found: Vec<NearestSoFar> = deals
            .iter()
            .map(|&deal| {
                let mut row = Vec::new();
                self.layout.write(deal, &mut row);
                NearestSoFar { row, candidates: Vec::new(), limit }
            })
            .collect();
        if self.count > 0 {
            for from in (0..self.rows.blocks()).step_by(TILE) {
                let tile = from..(from + TILE).min(self.rows.blocks());
                for found in &mut found {
                    self.rows.within(&found.row, tile.clone(), found.limit, &mut found.candidates);
                    self.tighten(found);
                }
            }
        }
        deals.iter().zip(found).map(|(&deal, found)| self.exact(deal, &found)).collect()
    }

    /// A deal that is among the nearest by exact distance is, in units, no further away than the last of the nearest in
    /// units plus twice the rounding error.
    fn tighten(&self, found: &mut NearestSoFar) {
        if found.candidates.len() <= self.count.max(BLOCK) {
            return;
        }
        let (_, last, _) = found.candidates.select_nth_unstable(self.count - 1);
        let limit = last.0 + 2 * self.layout.error;
        if limit < found.limit {
            found.limit = limit;
        }
        let limit = found.limit;
        found.candidates.retain(|(distance, _)| *distance <= limit);
    }

    /// The nearest of the candidates: units are rounded, their distances are not.
    fn exact(&self, deal: usize, found: &NearestSoFar) -> Vec<Neighbour> {
        let mut nearest: Vec<(f64, u32)> = found
            .candidates
            .iter()
            .map(|&(_, place)| (self.similarity.distance(deal, self.among[place as usize]), place))
            .filter(|(distance, _)| 1.0 - distance >= self.least)
            .collect();
        let compare = |one: &(f64, u32), other: &(f64, u32)| one.0.total_cmp(&other.0).then(one.1.cmp(&other.1));
        nearest.sort_unstable_by(compare);
        nearest.truncate(self.count);
        let neighbour =
            |(distance, place): (f64, u32)| Neighbour { place: place as usize, similarity: (1.0 - distance).max(0.0) };
        nearest.into_iter().map(neighbour).collect()
    }
}

/// Weights that are all the same: Gower's coefficient.
pub fn equal_weights(factors: &[Factor]) -> Vec<f64> {
    vec![1.0 / factors.len() as f64; factors.len()]
}

/// Mean distance in each factor over pairs of deals drawn evenly from two lists.
pub fn usual_distances(factors: &[Factor], ones: &[usize], others: &[usize]) -> Vec<f64> {
    const PAIRS: usize = 10_000;
    let pairs = PAIRS.min(ones.len() * others.len());
    let pair = |at: usize| (ones[at % ones.len()], others[(at * 7919 + at / ones.len()) % others.len()]);
    let mean = |factor: &Factor| {
        let sum: f64 = (0..pairs).map(pair).map(|(one, other)| factor.distance(one, other)).sum();
        sum / pairs.max(1) as f64
    };
    factors.iter().map(mean).collect()
}

impl Factor {
    /// Whether a deal's value is known.
    pub fn is_known(&self, deal: usize) -> bool {
        match &self.levels {
            Levels::Scaled(values) => !values[deal].is_nan(),
            Levels::Codes(codes) => codes[deal] != super::factors::UNKNOWN,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::factors::{Encoding, FactorKind};
    use super::*;

    /// Deals with numbers (some unknown), few and many categories.
    fn drawn(count: usize) -> Vec<Factor> {
        let mut dice = fastrand::Rng::with_seed(1);
        let mut draw = move || dice.f64();
        let mut factors = Vec::new();
        for number in 0..9 {
            let levels = match number {
                0..3 => Levels::Scaled((0..count).map(|_| draw()).collect()),
                3..6 => {
                    Levels::Scaled((0..count).map(|_| Some(draw()).filter(|v| *v > 0.2).unwrap_or(f64::NAN)).collect())
                }
                6..8 => Levels::Codes((0..count).map(|_| (draw() * 5.0) as u16).collect()),
                _ => Levels::Codes((0..count).map(|_| (draw() * 700.0) as u16).collect()),
            };
            factors.push(Factor { name: number.to_string(), kind: FactorKind::Number, levels, coverage: 1.0 });
        }
        factors
    }

    #[test]
    fn the_search_finds_what_comparing_everything_finds() {
        let factors = drawn(1_003);
        let learned = [0.3, 0.01, 0.09, 0.2, 0.0, 0.1, 0.15, 0.05, 0.1];
        let (deals, among): (Vec<usize>, Vec<usize>) = ((0..103).collect(), (103..1_003).rev().collect());
        for weights in [&learned[..], &equal_weights(&factors)] {
            let similarity = Similarity { factors: &factors, weights };
            for (count, least) in [(10, 0.0), (1, 0.5), (2_000, 0.6), (0, 0.0)] {
                let found = similarity.nearest(&deals, &among, count, least);
                for (&deal, found) in deals.iter().zip(found) {
                    let mut all: Vec<(f64, usize)> = (0..among.len())
                        .map(|place| (1.0 - similarity.of(deal, among[place]), place))
                        .filter(|(distance, _)| 1.0 - distance >= least)
                        .collect();
                    all.sort_by(|one, other| one.0.total_cmp(&other.0).then(one.1.cmp(&other.1)));
                    all.truncate(count);
                    let places: Vec<usize> = all.iter().map(|(_, place)| *place).collect();
                    assert_eq!(found.iter().map(|near| near.place).collect::<Vec<_>>(), places, "{count} {least}");
                }
            }
        }
    }

    #[test]
    fn units_are_never_further_off_than_they_say() {
        let factors = drawn(300);
        let weights = [0.3, 0.01, 0.09, 0.2, 0.00003, 0.09997, 0.15, 0.05, 0.1];
        let layout = Layout::of(&factors, &weights);
        let deals: Vec<usize> = (0..300).collect();
        let rows = DealRows::of(&layout, &deals);
        let similarity = Similarity { factors: &factors, weights: &weights };
        for deal in 0..20 {
            let (mut row, mut found) = (Vec::new(), Vec::new());
            layout.write(deal, &mut row);
            rows.within(&row, 0..rows.blocks(), u32::MAX, &mut found);
            assert_eq!(found.len(), 300);
            for (distance, place) in found {
                let exact = units(1.0 - similarity.of(deal, deals[place as usize]));
                assert!((f64::from(distance) - exact).abs() <= f64::from(layout.error), "{distance} {exact}");
            }
        }
    }

    #[test]
    fn equal_deals_are_wholly_similar_and_gower_is_the_mean() {
        let _ = Encoding::GOWER;
        let factors = drawn(10);
        let weights = equal_weights(&factors);
        let similarity = Similarity { factors: &factors, weights: &weights };
        assert!((similarity.of(3, 3) - 1.0).abs() < 1e-12);
        let mean = factors.iter().map(|factor| factor.distance(1, 2)).sum::<f64>() / 9.0;
        assert!((similarity.of(1, 2) - (1.0 - mean)).abs() < 1e-12);
    }
}
