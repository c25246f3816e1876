//! The win outlook: an additive logistic model of winning, with one log-odds per level of each factor, shrunk
//! towards 0 where a level has few deals (ridge regression, fitted by Newton steps).
//!
//! Deals with the same log-odds are alike in what drives the outcome. As one more factor of the similarity, the
//! outlook adds what logistic regression would know.

use super::factors::{Factor, Levels};

/// Levels of a number: so many shares of equal size, and one for unknown.
const BINS: usize = 8;
/// Passes over all factors.
const SWEEPS: usize = 12;
/// Strengths of the shrinkage that are tried; the one that foretells left-out deals best is taken.
const STRENGTHS: [f64; 4] = [4.0, 12.0, 40.0, 120.0];
const FOLDS: usize = 5;

/// Each deal's level of each factor.
struct Design {
    /// By factor and deal.
    levels: Vec<Vec<u16>>,
    /// By factor, how many levels it has.
    sizes: Vec<usize>,
}

/// A strength of the shrinkage, and how well it foretold deals that were left out.
struct Tried {
    strength: f64,
    loss: f64,
    /// Log-odds of the closed deals, each by a model without it.
    odds: Vec<f64>,
}

/// Log-odds of winning of every deal. `closed` are the training deals in the order in which they closed, with their
/// outcomes; the log-odds of a training deal come from a model that was fitted without it.
pub fn outlook(factors: &[Factor], closed: &[usize], won: &[bool]) -> Vec<f64> {
    let design = Design::of(factors, closed);
    let fold = |at: usize| at % FOLDS;
    let folds: Vec<(Vec<usize>, Vec<bool>)> = (0..FOLDS)
        .map(|left_out| {
            let kept = (0..closed.len()).filter(|&at| fold(at) != left_out);
            kept.map(|at| (closed[at], won[at])).unzip()
        })
        .collect();
    let mut best: Option<Tried> = None;
    for strength in STRENGTHS {
        let models: Vec<Model> = folds.iter().map(|(deals, won)| Model::fit(&design, deals, won, strength)).collect();
        let odds: Vec<f64> =
            closed.iter().enumerate().map(|(at, &deal)| models[fold(at)].log_odds(&design, deal)).collect();
        let loss = odds.iter().zip(won).map(|(&odds, &won)| softplus(if won { -odds } else { odds })).sum::<f64>();
        if best.as_ref().is_none_or(|best| loss < best.loss) {
            best = Some(Tried { strength, loss, odds });
        }
    }
    let Some(Tried { strength, odds: left_out, .. }) = best else { return Vec::new() };
    let model = Model::fit(&design, closed, won, strength);
    let deals = design.levels.first().map_or(0, Vec::len);
    let mut odds: Vec<f64> = (0..deals).map(|deal| model.log_odds(&design, deal)).collect();
    for (&deal, value) in closed.iter().zip(left_out) {
        odds[deal] = value;
    }
    odds
}

impl Design {
    fn of(factors: &[Factor], closed: &[usize]) -> Design {
        let levels: Vec<Vec<u16>> = factors
            .iter()
            .map(|factor| match &factor.levels {
                Levels::Codes(codes) => codes.clone(),
                Levels::Scaled(values) => binned(values, closed),
            })
            .collect();
        let sizes = levels.iter().map(|levels| levels.iter().max().map_or(1, |&most| usize::from(most) + 1)).collect();
        Design { levels, sizes }
    }
}

fn binned(values: &[f64], closed: &[usize]) -> Vec<u16> {
    let mut known: Vec<f64> = closed.iter().map(|&deal| values[deal]).filter(|value| !value.is_nan()).collect();
    known.sort_by(f64::total_cmp);
    let edges: Vec<f64> = match known.len() {
        0 => Vec::new(),
        count => (1..BINS).map(|bin| known[bin * count / BINS]).collect(),
    };
    let bin = |value: f64| edges.partition_point(|&edge| edge <= value) as u16;
    values.iter().map(|&value| if value.is_nan() { BINS as u16 } else { bin(value) }).collect()
}

struct Model {
    /// Log-odds of any deal.
    base: f64,
    /// By factor and level, what it adds to them.
    effects: Vec<Vec<f64>>,
}

impl Model {
    /// Adjusts the levels of one factor at a time by a step of Newton's method.
    fn fit(design: &Design, deals: &[usize], won: &[bool], strength: f64) -> Model {
        let wins = won.iter().filter(|&&won| won).count() as f64;
        let base = ((wins + 1.0) / (deals.len() as f64 - wins + 1.0)).ln();
        let mut effects: Vec<Vec<f64>> = design.sizes.iter().map(|&size| vec![0.0; size]).collect();
        let mut odds = vec![base; deals.len()];
        for _ in 0..SWEEPS {
            for (levels, effects) in design.levels.iter().zip(&mut effects) {
                let mut slopes = vec![(0.0, 0.0); effects.len()];
                for ((&deal, &won), &odds) in deals.iter().zip(won).zip(&odds) {
                    let chance = 1.0 / (1.0 + (-odds).exp());
                    let slope = &mut slopes[usize::from(levels[deal])];
                    slope.0 += f64::from(u8::from(won)) - chance;
                    slope.1 += chance * (1.0 - chance);
                }
                let steps: Vec<f64> = slopes
                    .iter()
                    .zip(effects.iter())
                    .map(|((slope, bend), effect)| (slope - strength * effect) / (bend + strength))
                    .collect();
                effects.iter_mut().zip(&steps).for_each(|(effect, step)| *effect += step);
                for (&deal, odds) in deals.iter().zip(&mut odds) {
                    *odds += steps[usize::from(levels[deal])];
                }
            }
        }
        Model { base, effects }
    }

    fn log_odds(&self, design: &Design, deal: usize) -> f64 {
        let effects =
            design.levels.iter().zip(&self.effects).map(|(levels, effects)| effects[usize::from(levels[deal])]);
        self.base + effects.sum::<f64>()
    }
}

fn softplus(x: f64) -> f64 {
    if x > 30.0 { x } else { x.exp().ln_1p() }
}

#[cfg(test)]
mod tests {
    use super::super::factors::{Candidate, Encoding, FactorKind, Values, encode};
    use super::*;

    #[test]
    fn the_outlook_follows_what_decides_and_not_what_does_not() {
        let deals: Vec<usize> = (0..400).collect();
        let text = |of: &dyn Fn(usize) -> usize| {
            let values = deals.iter().map(|&deal| Some(format!("level {}", of(deal)))).collect();
            Candidate { name: "f".into(), kind: FactorKind::Category, values: Values::Texts(values) }
        };
        let factors: Vec<Factor> = [text(&|deal| deal % 2), text(&|deal| deal / 2 % 2)]
            .iter()
            .map(|candidate| encode(candidate, &deals, Encoding::LEARNED).expect("it varies"))
            .collect();
        // Three of four deals of one level are won, one of four of the other.
        let won: Vec<bool> = deals.iter().map(|deal| (deal / 4 % 4 == 0) != (deal % 2 == 0)).collect();
        let odds = outlook(&factors, &deals, &won);
        let chance = |deal: usize| 1.0 / (1.0 + (-odds[deal]).exp());
        assert!((chance(0) - 0.75).abs() < 0.06 && (chance(1) - 0.25).abs() < 0.06, "{} {}", chance(0), chance(1));
        assert!((odds[0] - odds[2]).abs() < 0.2);
    }
}
