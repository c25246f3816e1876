//! How much each factor matters, learned from how closed deals ended (rule S3).
//!
//! The similarity is one minus a weighted mean of distances in single factors (Gower's coefficient with learned
//! weights). The weights are fitted by gradient descent on the logarithmic loss of a nearest-neighbour forecast: the
//! share of won deals among the nearest ones that had closed before. The win outlook is added as one more factor, so
//! that many small effects add up. Value and time to close then receive the largest weight that keeps the forecast
//! of the outcome within a few per cent of its best; `KEPT` says how many.

use super::factors::{Factor, FactorKind, Levels};
use super::outlook::outlook;
use super::sample::{Query, ReferenceSample};

/// Name of the factor that sums up the others.
pub const OUTLOOK: &str = "win_outlook";

/// Closed deals in the order in which they closed, and how they ended.
pub struct ClosedDeals {
    /// Numbers of deals.
    pub deals: Vec<usize>,
    /// Whether each was won.
    pub won: Vec<bool>,
    /// Value, NaN where unknown or lost.
    pub value: Vec<f64>,
    /// Days from creation to closing, NaN where unknown or lost.
    pub days: Vec<f64>,
}

/// Factors and how much each matters; weights are not negative and sum to 1.
pub struct Learned {
    /// The factors given, and the outlook.
    pub factors: Vec<Factor>,
    /// One per factor.
    pub weights: Vec<f64>,
}

/// Most deals in the sample that weights are fitted on, and in the later one that chooses among them.
const QUERIES: (usize, usize) = (800, 1_500);
const STEPS: usize = 40;
/// Regularisation: a weight that is twice or half its start costs about half of this, over all queries.
const PULL: f64 = 0.1;
/// Shares of the outlook that are tried.
const OUTLOOK_SHARES: [f64; 6] = [0.0, 0.1, 0.2, 0.35, 0.5, 0.7];
/// Shares of value and time to close that are tried.
const RESULT_SHARES: [f64; 7] = [0.9, 0.75, 0.5, 0.35, 0.2, 0.1, 0.05];
/// Share of the forecast's gain over the base rate that must remain.
const KEPT: f64 = 0.97;

/// Learns the weights of factors.
pub fn learn(mut factors: Vec<Factor>, history: &ClosedDeals) -> Learned {
    let plain = factors.len();
    factors.push(outlook_factor(&factors, history));
    let won: Vec<f32> = history.won.iter().map(|&won| f32::from(u8::from(won))).collect();
    let trial = Trial::of(&factors, &history.deals, &won);

    let mut equal = vec![1.0; factors.len()];
    equal[plain] = plain as f64 / 3.0;
    let equal = normalized(equal);
    let base = mean(&won);
    let learned = trial.descend(&equal, base, log_loss);
    let mut best = (f64::INFINITY, equal.clone());
    for share in OUTLOOK_SHARES {
        for mix in [0.0, 0.5, 1.0] {
            let weights = with_share(&blend(&equal, &learned, mix), plain, share);
            let loss = trial.loss(&weights);
            if loss.mean < best.0 {
                best = (loss.mean, weights);
            }
        }
    }
    let loss = trial.loss(&learned);
    if loss.mean < best.0 {
        best = (loss.mean, learned);
    }
    let outcome = best.1;
    let weights = match results(&factors, history) {
        Some(results) => trial.with_results(&outcome, &results, base),
        None => outcome,
    };
    Learned { weights, factors }
}

fn outlook_factor(factors: &[Factor], history: &ClosedDeals) -> Factor {
    let odds = outlook(factors, &history.deals, &history.won);
    let mut known: Vec<f64> = history.deals.iter().map(|&deal| odds[deal]).collect();
    known.sort_by(f64::total_cmp);
    let at = |share: f64| known[((known.len() - 1) as f64 * share).round() as usize];
    let (least, most) = (at(0.01), at(0.99));
    let range = if most > least { most - least } else { 1.0 };
    let scaled = odds.iter().map(|odds| ((odds - least) / range).clamp(0.0, 1.0)).collect();
    Factor { name: OUTLOOK.into(), kind: FactorKind::Outlook, levels: Levels::Scaled(scaled), coverage: 1.0 }
}

/// Weights with which near won deals foretell value and time to close; the outlook gets none. None where neither
/// can be foretold.
fn results(factors: &[Factor], history: &ClosedDeals) -> Option<Vec<f64>> {
    let plain = factors.len() - 1;
    let mut found: Vec<Vec<f64>> = Vec::new();
    for result in [&history.value, &history.days] {
        let rows: Vec<usize> = (0..history.deals.len()).filter(|&row| !result[row].is_nan()).collect();
        let deals: Vec<usize> = rows.iter().map(|&row| history.deals[row]).collect();
        let ranks = ranks(&rows.iter().map(|&row| result[row]).collect::<Vec<f64>>());
        let trial = Trial::of(factors, &deals, &ranks);
        let equal = with_share(&vec![1.0; factors.len()], plain, 0.0);
        let learned = with_share(&trial.descend(&equal, 0.5, squared), plain, 0.0);
        // A result that cannot be foretold adds no weights.
        if trial.gain_over(&learned, mean(&ranks)) > 0.0 {
            found.push(learned);
        }
    }
    match found.as_slice() {
        [] => None,
        [one] => Some(one.clone()),
        [one, other, ..] => Some(blend(one, other, 0.5)),
    }
}

/// Ranks from 0 to 1, equal values at their mean rank.
fn ranks(values: &[f64]) -> Vec<f32> {
    let mut sorted = values.to_vec();
    sorted.sort_by(f64::total_cmp);
    let count = values.len().max(2) as f64 - 1.0;
    let rank = |value: &f64| {
        let below = sorted.partition_point(|other| other < value);
        let up_to = sorted.partition_point(|other| other <= value);
        ((below + up_to) as f64 - 1.0) / 2.0 / count
    };
    values.iter().map(|value| rank(value) as f32).collect()
}

/// Two sets of queries on one sample: one to learn on, a later one to choose by.
struct Trial {
    sample: ReferenceSample,
    learning: Vec<Query>,
    choosing: Vec<Query>,
    targets: Vec<f64>,
}

/// Mean loss and the single ones.
struct Loss {
    mean: f64,
    each: Vec<f64>,
}

impl Loss {
    fn of(each: Vec<f64>) -> Loss {
        Loss { mean: each.iter().sum::<f64>() / each.len().max(1) as f64, each }
    }
}

impl Trial {
    fn of(factors: &[Factor], deals: &[usize], targets: &[f32]) -> Trial {
        let sample = ReferenceSample::of(factors, deals, targets);
        let count = deals.len();
        let (from, middle) = (count * 3 / 10, count * 7 / 10);
        let learning = sample.queries(factors, deals, targets, (from, middle), QUERIES.0);
        let choosing = sample.queries(factors, deals, targets, (middle, count), QUERIES.1);
        let targets = choosing.iter().map(Query::target).collect();
        Trial { sample, learning, choosing, targets }
    }

    /// Gradient descent from `start`, regularised towards it: the fewer the deals, the more.
    fn descend(&self, start: &[f64], base: f64, loss: fn(f64, f64) -> (f64, f64)) -> Vec<f64> {
        let count = start.len();
        if self.learning.is_empty() {
            return start.to_vec();
        }
        let logs: Vec<f64> = start.iter().map(|weight| weight.max(1e-6).ln()).collect();
        let mut state = logs.clone();
        let (mut drift, mut spread) = (vec![0.0; count], vec![0.0; count]);
        let mut best = (f64::INFINITY, start.to_vec());
        let scale = 1.0 / self.learning.len() as f64;
        for step in 1..=STEPS {
            let weights = softmax(&state);
            let found = self.sample.slope(&self.learning, &weights, base, loss);
            let pull = PULL * scale;
            let drawn: f64 = state.iter().zip(&logs).map(|(state, log)| (state - log).powi(2)).sum();
            let value = found.loss * scale + pull * drawn;
            if value < best.0 {
                best = (value, weights.clone());
            }
            let along: f64 = weights.iter().zip(&found.slope).map(|(weight, slope)| weight * slope * scale).sum();
            for at in 0..count {
                let slope = weights[at] * (found.slope[at] * scale - along) + 2.0 * pull * (state[at] - logs[at]);
                drift[at] = 0.8 * drift[at] + 0.2 * slope;
                spread[at] = 0.95 * spread[at] + 0.05 * slope * slope;
                let (drift, spread) =
                    (drift[at] / (1.0 - 0.8f64.powi(step as i32)), spread[at] / (1.0 - 0.95f64.powi(step as i32)));
                state[at] -= 0.2 * drift / (spread.sqrt() + 1e-6);
            }
        }
        best.1
    }

    fn loss(&self, weights: &[f64]) -> Loss {
        let foretold = self.sample.foretell(&self.choosing, weights);
        Loss::of(foretold.iter().zip(&self.targets).map(|(mean, target)| (mean - target).powi(2)).collect())
    }

    /// Mean gain over all queries against a forecast that says the same number for each.
    fn gain_over(&self, weights: &[f64], base: f64) -> f64 {
        let queries = || self.learning.iter().chain(&self.choosing);
        let foretold = [&self.learning, &self.choosing].map(|queries| self.sample.foretell(queries, weights)).concat();
        let gain = |(mean, query): (&f64, &Query)| (base - query.target()).powi(2) - (mean - query.target()).powi(2);
        foretold.iter().zip(queries()).map(gain).sum::<f64>() / foretold.len().max(1) as f64
    }

    fn loss_of_base(&self, base: f64) -> Loss {
        Loss::of(self.targets.iter().map(|target| (base - target).powi(2)).collect())
    }

    /// Mixes in the largest share of `results` that leaves the forecast of the outcome as good as it is.
    fn with_results(&self, outcome: &[f64], results: &[f64], base: f64) -> Vec<f64> {
        let (best, none) = (self.loss(outcome), self.loss_of_base(base));
        let gain = none.mean - best.mean;
        let differences: Vec<f64> = none.each.iter().zip(&best.each).map(|(none, best)| none - best).collect();
        let noise = standard_error(&differences);
        let allowed = |share: f64| {
            let loss = self.loss(&blend(outcome, results, share));
            gain <= noise || none.mean - loss.mean >= KEPT * gain
        };
        let share = RESULT_SHARES.into_iter().find(|&share| allowed(share)).unwrap_or(0.0);
        blend(outcome, results, share)
    }
}

fn standard_error(values: &[f64]) -> f64 {
    let count = values.len().max(2) as f64;
    let mean = values.iter().sum::<f64>() / count;
    (values.iter().map(|value| (value - mean).powi(2)).sum::<f64>() / (count - 1.0) / count).sqrt()
}

fn log_loss(mean: f64, target: f64) -> (f64, f64) {
    let mean = mean.clamp(0.005, 0.995);
    let loss = -(target * mean.ln() + (1.0 - target) * (1.0 - mean).ln());
    (loss, (1.0 - target) / (1.0 - mean) - target / mean)
}

fn squared(mean: f64, target: f64) -> (f64, f64) {
    // A twelfth is the variance of ranks: the loss is the part that is not foretold.
    (12.0 * (mean - target).powi(2), 24.0 * (mean - target))
}

fn mean(values: &[f32]) -> f64 {
    values.iter().map(|&value| f64::from(value)).sum::<f64>() / values.len().max(1) as f64
}

fn softmax(logs: &[f64]) -> Vec<f64> {
    let most = logs.iter().copied().fold(f64::NEG_INFINITY, f64::max);
    normalized(logs.iter().map(|log| (log - most).exp()).collect())
}

fn normalized(weights: Vec<f64>) -> Vec<f64> {
    let sum: f64 = weights.iter().sum();
    weights.iter().map(|weight| weight / sum).collect()
}

fn blend(one: &[f64], other: &[f64], share: f64) -> Vec<f64> {
    one.iter().zip(other).map(|(one, other)| (1.0 - share) * one + share * other).collect()
}

/// The same weights with a given share at one place.
fn with_share(weights: &[f64], place: usize, share: f64) -> Vec<f64> {
    let others: f64 = weights.iter().enumerate().filter(|(at, _)| *at != place).map(|(_, weight)| weight).sum();
    let shared = |(at, weight): (usize, &f64)| if at == place { share } else { weight * (1.0 - share) / others };
    weights.iter().enumerate().map(shared).collect()
}
