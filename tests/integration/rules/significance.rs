//! Significance tests of two counts, shares and samples, as a textbook has them: what comparisons in sentences are held
//! against.

fn choose(all: f64, some: f64) -> f64 {
    (0..some as u64).map(|at| ((all - at as f64) / (at as f64 + 1.0)).ln()).sum()
}

/// Twice the smaller tail of a binomial distribution, in logarithms.
pub fn binomial(hits: f64, cases: f64, share: f64) -> f64 {
    let chance = |k: f64| (choose(cases, k) + k * share.ln() + (cases - k) * (1.0 - share).ln()).exp();
    let tail = |from: f64, to: f64| (from as u64..=to as u64).map(|k| chance(k as f64)).sum::<f64>();
    2.0 * tail(hits, cases).min(tail(0.0, hits))
}

/// Fisher's exact test of two shares, the smaller tail twice.
pub fn fisher([a, m]: [f64; 2], [b, n]: [f64; 2]) -> f64 {
    let chance = |k: f64| (choose(m, k) + choose(n, a + b - k) - choose(m + n, a + b)).exp();
    let (least, most) = ((a + b - n).max(0.0) as u64, (a + b).min(m) as u64);
    let tail = |from: u64, to: u64| (from..=to).map(|k| chance(k as f64)).sum::<f64>();
    2.0 * tail(a as u64, most).min(tail(least, a as u64))
}

/// Standard deviations between the ranks of two samples, ties not corrected for: pair by pair.
pub fn apart(ours: &[f64], theirs: &[f64]) -> f64 {
    let above = |one: f64, other: f64| if one > other { 1.0 } else { f64::from(u8::from(one == other)) / 2.0 };
    let pairs: f64 = ours.iter().map(|&one| theirs.iter().map(|&other| above(one, other)).sum::<f64>()).sum();
    let (m, n) = (ours.len() as f64, theirs.len() as f64);
    (pairs - m * n / 2.0).abs() / (m * n * (m + n + 1.0) / 12.0).sqrt()
}

#[test]
fn chances_are_those_of_pascals_triangle() {
    assert!((binomial(6.0, 6.0, 0.5) - 2.0 / 64.0).abs() < 1e-12);
    assert!((fisher([4.0, 4.0], [0.0, 4.0]) - 2.0 / 70.0).abs() < 1e-12);
}
