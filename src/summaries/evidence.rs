//! How likely chance alone is to give a difference as large (rule K11).
//!
//! Counts are tested exactly, with `+ − × ÷` only; times by their ranks. All tests are two-sided.

/// A difference is told when chance alone gives one as large in at most this share of cases.
pub const CHANCE: f64 = 0.05;
/// Times that each side needs before they are compared.
pub const LEAST_TIMES: usize = 5;
/// The most that evidence weighs, in powers of ten.
const MOST_EVIDENCE: f64 = 12.0;

/// The chance of an outcome at least as far from the middle as `at`, twice the smaller tail. `step(n)` is how many times
/// as likely `n + 1` is as `n`; outcomes go from `least` to `most`.
fn two_sided(at: u32, least: u32, most: u32, step: impl Fn(u32) -> f64) -> f64 {
    let (mut above, mut likely) = (1.0, 1.0);
    for n in at..most {
        likely *= step(n);
        above += likely;
        if likely < above * 1e-18 && step(n) < 1.0 {
            break;
        }
    }
    let (mut below, mut likely) = (1.0, 1.0);
    for n in (least..at).rev() {
        likely /= step(n);
        below += likely;
        if likely < below * 1e-18 && step(n) > 1.0 {
            break;
        }
    }
    let tail: f64 = if above < below { above } else { below };
    (2.0 * tail / (above + below - 1.0)).clamp(0.0, 1.0)
}

/// Binomial test: the chance of `hits` in `cases` where each is a hit with this probability.
pub fn binomial(hits: u32, cases: u32, probability: f64) -> f64 {
    let odds = probability / (1.0 - probability);
    two_sided(hits, 0, cases, |n| odds * f64::from(cases - n) / f64::from(n + 1))
}

/// Sign test: the chance of a split as uneven where both are equally likely.
pub fn sign(ones: u32, others: u32) -> f64 {
    binomial(ones, ones + others, 0.5)
}

/// Fisher's exact test: the chance of two shares as different where both are the same.
pub fn fisher(one: Share, other: Share) -> f64 {
    let (hits, all) = (one.hits + other.hits, one.cases + other.cases);
    let (least, most) = ((hits + one.cases).saturating_sub(all), hits.min(one.cases));
    two_sided(one.hits, least, most, |n| {
        let (hits_left, cases_left) = (f64::from(hits - n), f64::from(one.cases - n));
        hits_left * cases_left / (f64::from(n + 1) * f64::from(all + n + 1 - hits - one.cases))
    })
}

/// How many of how many.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Share {
    /// How many it held for.
    pub hits: u32,
    /// How many there were.
    pub cases: u32,
}

impl Share {
    /// From 0 to 1; not a number without cases.
    pub fn value(self) -> f64 {
        f64::from(self.hits) / f64::from(self.cases)
    }
}

/// Rank test of Mann and Whitney with correction for ties and continuity: how many standard deviations the ranks of the
/// two sides lie apart. `times` are in ascending order, each with whether it is of the first side. None with fewer than
/// [`LEAST_TIMES`] on a side.
pub fn ranks(times: &[(i64, bool)]) -> Option<f64> {
    let ones = times.iter().filter(|(_, one)| *one).count();
    let others = times.len() - ones;
    if ones.min(others) < LEAST_TIMES {
        return None;
    }
    let (mut below, mut sum, mut ties) = (0.0, 0.0, 0.0);
    for same in times.chunk_by(|(a, _), (b, _)| a == b) {
        let count = same.len() as f64;
        let of_one = same.iter().filter(|(_, one)| *one).count() as f64;
        sum += of_one * (below + (count + 1.0) / 2.0);
        ties += count * count * count - count;
        below += count;
    }
    let (ones, others, all) = (ones as f64, others as f64, times.len() as f64);
    let apart = (sum - ones * (all + 1.0) / 2.0).abs() - 0.5;
    let variance = ones * others / 12.0 * (all + 1.0 - ties / (all * (all - 1.0)));
    Some(if variance > 0.0 { apart.max(0.0) / variance.sqrt() } else { 0.0 })
}

/// Standard deviations beyond which ranks lie apart in no more than [`CHANCE`] of cases.
pub const FAR_APART: f64 = 1.96;

/// What a chance weighs as evidence: one for each power of ten.
pub fn weight(chance: f64) -> f64 {
    (-chance.log10()).min(MOST_EVIDENCE)
}

/// The same for ranks so many standard deviations apart.
pub fn weight_of_ranks(deviations: f64) -> f64 {
    (deviations * deviations / (2.0 * std::f64::consts::LN_10)).min(MOST_EVIDENCE)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn near(one: f64, other: f64) -> bool {
        (one - other).abs() < 1e-12
    }

    /// By hand: six of one kind only are 2 of 64 sequences, seven to one 18 of 256, five only 2 of 32.
    #[test]
    fn uneven_counts_are_as_likely_as_pascals_triangle_says() {
        assert!(near(sign(6, 0), 2.0 / 64.0) && near(sign(0, 6), 2.0 / 64.0));
        assert!(near(sign(7, 1), 18.0 / 256.0));
        assert!(near(sign(5, 0), 2.0 / 32.0));
        assert!(near(sign(4, 4), 1.0) && near(sign(0, 0), 1.0));
        assert!(sign(60_000, 50_000) < 1e-100 && sign(50_100, 50_000) > 0.7);
        assert!(near(sign(9_000, 0), 0.0));
    }

    /// Two hits of four where each is a hit in one of three: C(4,k) 2^(4-k) / 81 is 16, 32, 24, 8, 1 of 81.
    #[test]
    fn counts_beside_a_share_follow_the_binomial() {
        assert!(near(binomial(3, 4, 1.0 / 3.0), 18.0 / 81.0));
        assert!(near(binomial(0, 4, 1.0 / 3.0), 32.0 / 81.0));
    }

    /// Of the 70 ways to choose 4 of 8, one gives 4 and 0, 16 give 3 and 1.
    #[test]
    fn shares_are_compared_by_counting_all_ways() {
        let of = |one, other| fisher(Share { hits: one, cases: 4 }, Share { hits: other, cases: 4 });
        assert!(near(of(4, 0), 2.0 / 70.0) && near(of(0, 4), 2.0 / 70.0));
        assert!(near(of(3, 1), 34.0 / 70.0));
        assert!(near(of(4, 4), 1.0));
    }

    /// All five of one side before all five of the other: the ranks sum to 15, 12.5 from the middle of 27.5, of which
    /// half a rank goes; their variance is 25 × 11 / 12.
    #[test]
    fn ranks_lie_apart_as_far_as_their_sums() {
        let times = |ones: &[i64], others: &[i64]| {
            let of = |times: &[i64], one| times.iter().map(|time| (*time, one)).collect::<Vec<_>>();
            let mut both = [of(ones, true), of(others, false)].concat();
            both.sort_unstable();
            ranks(&both)
        };
        let apart = times(&[1, 2, 3, 4, 5], &[6, 7, 8, 9, 10]).expect("enough");
        assert!(near(apart, 12.0 / (25.0_f64 * 11.0 / 12.0).sqrt()));
        assert!(apart > FAR_APART);
        assert_eq!(times(&[1, 2, 3, 4], &[6, 7, 8, 9, 10]), None);
        assert_eq!(times(&[1; 5], &[1; 5]), Some(0.0));
    }
}
