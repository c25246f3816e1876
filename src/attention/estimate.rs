//! The chance that a relationship falls silent, learned from what came of the relationships of the lake before.
//!
//! A logistic model of a few numbers that any record has. Examples are the lake's own: how each relationship stood 28, 56, …
//! days before the date, and whether nothing was held in the 28 days that followed. A lake that has few examples stays near
//! coefficients that were found on real archives.

use crate::health::histories::Histories;
use crate::health::touchpoint::{NOBODY, Sign};

/// A relationship falls silent when nothing is held for so many days.
pub const SILENT_DAYS: u32 = 28;
/// How many earlier days are learned from, each 28 days before the next.
const STEPS: u32 = 10;
/// Numbers of a relationship, the constant among them.
pub const WIDTH: usize = 6;
/// Coefficients of a young lake: constant, silence so far, contact days in 90 days, in 28 days, silence against the rhythm, and
/// how long the liveliest colleague has been quiet.
const PRIOR: [f64; WIDTH] = [1.2, 0.45, -0.5, -0.45, 0.25, 0.35];
/// As how many examples these coefficients count.
const PRIOR_WEIGHT: f64 = 10.0;
/// Steps of Newton's method at most.
const ITERATIONS: usize = 50;
/// How often a step is halved at most.
const HALVINGS: i32 = 30;

/// What a relationship looks like on a day.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Standing {
    /// Days since the last contact.
    pub since: u32,
    /// Days with contact among the last 90.
    pub days_in_90: u32,
    /// Days with contact among the last 28.
    pub days_in_28: u32,
    /// Days since any of its colleagues was in touch with anyone outside.
    pub quiet: u32,
}

impl Standing {
    /// As of the end of a day; none where the relationship was not active: in touch on two days or more of the last 90, and
    /// lately on one of the last `active_days`.
    pub fn of(histories: &Histories, record: u32, day: u32, active_days: u32) -> Option<Standing> {
        let signs = histories.signs(record);
        let from = signs.partition_point(|sign| sign.day() + 90 <= day);
        let signs = &signs[from..signs.partition_point(|sign| sign.day() <= day)];
        let since = day - signs.last()?.day();
        let (mut days_in_90, mut days_in_28, mut last) = (0, 0, None);
        for sign in signs {
            if last != Some(sign.day()) {
                last = Some(sign.day());
                days_in_90 += 1;
                days_in_28 += u32::from(sign.day() + SILENT_DAYS > day);
            }
        }
        if since >= active_days || days_in_90 < 2 {
            return None;
        }
        Some(Standing { since, days_in_90, days_in_28, quiet: quiet(histories, signs, day) })
    }

    /// What the coefficients are multiplied by, in their order.
    pub fn numbers(&self) -> [f64; WIDTH] {
        let root = |count: u32| f64::from(count).sqrt();
        let rhythms = f64::from(self.since * self.days_in_90) / 90.0;
        let (in_90, in_28) = (root(self.days_in_90) - 2.0, root(self.days_in_28));
        [1.0, root(self.since) / 2.0, in_90, in_28, rhythms.sqrt(), root(self.quiet) / 2.0]
    }
}

/// Days since any colleague of these signs was in touch with anyone outside.
fn quiet(histories: &Histories, signs: &[Sign], day: u32) -> u32 {
    let mut met: Vec<u32> = signs.iter().map(|sign| sign.user()).filter(|&user| user != NOBODY).collect();
    met.sort_unstable();
    met.dedup();
    let last = met.into_iter().filter_map(|user| histories.last_day_of(user, day)).max();
    let latest = signs.last().map_or(0, |sign| sign.day());
    day - last.unwrap_or(latest).max(latest).min(day)
}

/// A relationship on an earlier day, and what came of it.
struct Example {
    standing: Standing,
    fell_silent: bool,
}

/// The learned model.
pub struct Chances {
    /// As in [`Standing::numbers`].
    pub coefficients: [f64; WIDTH],
}

impl Chances {
    /// Learned from the past of the records that `counts` names, none of it later than the last day of the histories.
    pub fn learned(histories: &Histories, records: u32, active_days: u32, counts: impl Fn(u32) -> bool) -> Chances {
        let today = histories.days.count() - 1;
        let mut examples = Vec::new();
        for record in (0..records).filter(|&record| counts(record)) {
            for step in 1..=STEPS {
                let day = today - step * SILENT_DAYS;
                let Some(standing) = Standing::of(histories, record, day, active_days) else { continue };
                let signs = histories.signs(record);
                let next = signs.get(signs.partition_point(|sign| sign.day() <= day)).map(|sign| sign.day());
                let fell_silent = next.is_none_or(|next| next > day + SILENT_DAYS);
                examples.push(Example { standing, fell_silent });
            }
        }
        Chances { coefficients: fitted(&examples) }
    }

    /// The chance that nothing is held in the next 28 days.
    pub fn silent(&self, standing: &Standing) -> f64 {
        sigmoid(product(&self.coefficients, &standing.numbers()))
    }
}

fn product(one: &[f64; WIDTH], other: &[f64; WIDTH]) -> f64 {
    one.iter().zip(other).map(|(one, other)| one * other).sum()
}

fn sigmoid(number: f64) -> f64 {
    1.0 / (1.0 + (-number.clamp(-30.0, 30.0)).exp())
}

/// How likely the examples are under coefficients that are held near the prior: the logarithm, without what is the same for all.
fn likelihood(examples: &[Example], coefficients: &[f64; WIDTH]) -> f64 {
    let away: f64 = coefficients.iter().zip(PRIOR).map(|(one, prior)| (one - prior).powi(2)).sum();
    let of_example = |Example { standing, fell_silent }: &Example| {
        let number = product(coefficients, &standing.numbers());
        let against = if *fell_silent { -number } else { number };
        // ln(1 + exp(x)), for any x.
        -(against.max(0.0) + (-against.abs()).exp().ln_1p())
    };
    examples.iter().map(of_example).sum::<f64>() - PRIOR_WEIGHT * away / 2.0
}

/// The coefficients that explain the examples best, held near the prior: Newton's method, sums in the order of examples. A
/// step that goes too far is halved until it explains them better: whole steps swing to and fro where most chances are near
/// 0 or 1.
fn fitted(examples: &[Example]) -> [f64; WIDTH] {
    let mut found = PRIOR;
    let mut best = likelihood(examples, &found);
    for _ in 0..ITERATIONS {
        let mut slope: [f64; WIDTH] = std::array::from_fn(|at| PRIOR_WEIGHT * (PRIOR[at] - found[at]));
        let mut curve = [[0.0; WIDTH]; WIDTH];
        (0..WIDTH).for_each(|at| curve[at][at] = PRIOR_WEIGHT);
        for Example { standing, fell_silent } in examples {
            let numbers = &standing.numbers();
            let chance = sigmoid(product(&found, numbers));
            let (off, weight) = (f64::from(u8::from(*fell_silent)) - chance, chance * (1.0 - chance));
            for ((slope, curve), number) in slope.iter_mut().zip(&mut curve).zip(numbers) {
                *slope += off * number;
                curve.iter_mut().zip(numbers).for_each(|(one, other)| *one += weight * number * other);
            }
        }
        let step = solved(curve, slope);
        let gain = product(&slope, &step);
        let stepped = |share: f64| -> [f64; WIDTH] { std::array::from_fn(|at| found[at] + share * step[at]) };
        let shares = (0..HALVINGS).map(|times| 0.5_f64.powi(times));
        let better = shares.map(|share| (share, likelihood(examples, &stepped(share))));
        let Some((share, reached)) =
            better.into_iter().find(|(share, reached)| *reached > best + share * gain / 10_000.0)
        else {
            break;
        };
        (found, best) = (stepped(share), reached);
    }
    found
}

/// The solution of linear equations whose matrix is positive definite, by elimination.
fn solved(mut matrix: [[f64; WIDTH]; WIDTH], mut right: [f64; WIDTH]) -> [f64; WIDTH] {
    for pivot in 0..WIDTH {
        let (above, below) = matrix.split_at_mut(pivot + 1);
        let (known, value) = (above[pivot], right[pivot]);
        for (row, target) in below.iter_mut().zip(&mut right[pivot + 1..]) {
            let share = row[pivot] / known[pivot];
            row.iter_mut().zip(&known).skip(pivot).for_each(|(one, other)| *one -= share * other);
            *target -= share * value;
        }
    }
    for row in (0..WIDTH).rev() {
        let known: f64 = (row + 1..WIDTH).map(|column| matrix[row][column] * right[column]).sum();
        right[row] = (right[row] - known) / matrix[row][row];
    }
    right
}

#[cfg(test)]
mod tests {
    use super::*;

    fn standing(since: u32, days_in_90: u32, days_in_28: u32) -> Standing {
        Standing { since, days_in_90, days_in_28, quiet: 0 }
    }

    #[test]
    fn without_examples_the_prior_stands_and_with_many_they_decide() {
        assert_eq!(fitted(&[]), PRIOR);
        // Relationships that look alike, of which one in four falls silent.
        let alike = standing(9, 4, 1);
        let examples: Vec<_> = (0..4000).map(|at| Example { standing: alike, fell_silent: at % 4 == 0 }).collect();
        let chance = sigmoid(product(&fitted(&examples), &alike.numbers()));
        assert!((chance - 0.25).abs() < 0.01, "{chance}");
    }

    /// Relationships of every kind, of which those that were silent for long fall silent, most of them.
    #[test]
    fn examples_that_are_nearly_certain_are_explained_as_well_as_can_be() {
        let examples: Vec<_> = (0..3000u32)
            .map(|at| {
                let (since, days) = (at * 7 % 60, 2 + at * 13 % 40);
                let odd = at % 19 == 0;
                Example { standing: standing(since, days, days.min(60 - since) / 2), fell_silent: (since > 28) != odd }
            })
            .collect();
        let found = fitted(&examples);
        let best = likelihood(&examples, &found);
        assert!(best > likelihood(&examples, &PRIOR));
        for at in 0..WIDTH {
            for off in [-0.01, 0.01] {
                let mut other = found;
                other[at] += off;
                assert!(likelihood(&examples, &other) < best, "coefficient {at} is better by {off}");
            }
        }
        // On average the chances are what came true.
        let chances: f64 = examples.iter().map(|one| sigmoid(product(&found, &one.standing.numbers()))).sum();
        let silent = examples.iter().filter(|one| one.fell_silent).count() as f64;
        assert!((chances / silent - 1.0).abs() < 0.02, "{chances} of {silent}");
    }

    #[test]
    fn equations_are_solved() {
        let mut matrix = [[0.0; WIDTH]; WIDTH];
        (0..WIDTH).for_each(|at| matrix[at][at] = 2.0);
        (matrix[0][1], matrix[1][0]) = (1.0, 1.0);
        let solution = solved(matrix, [4.0, 5.0, 2.0, 2.0, 2.0, 2.0]);
        assert!(solution.iter().zip([1.0, 2.0, 1.0, 1.0, 1.0, 1.0]).all(|(one, other)| (one - other).abs() < 1e-12));
    }

    #[test]
    fn a_young_lake_expects_silence_after_long_silence() {
        let chance = |since, days, recent| sigmoid(product(&PRIOR, &standing(since, days, recent).numbers()));
        assert!(chance(60, 2, 0) > 0.9 && chance(1, 40, 14) < 0.15, "{} {}", chance(60, 2, 0), chance(1, 40, 14));
    }
}
