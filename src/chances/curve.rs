//! How a chance rises with a score: shares of groups of cases, made to rise, with straight lines between them.

use super::Case;

/// Cases below which nothing is learned.
pub const LEAST_CASES: usize = 100;
/// Cases per group, and most groups.
const GROUP: usize = 10;
const MOST_GROUPS: usize = 200;
/// Cases of the share of all that are added to each group.
const PRIOR: f64 = 5.0;

/// Chances by score, never falling.
#[derive(Clone, Debug, PartialEq)]
pub struct Curve {
    /// Scores in ascending order and the chances there.
    knots: Vec<(f64, f64)>,
}

impl Curve {
    /// Of some cases; none of too few.
    pub fn fit(cases: &[Case]) -> Option<Curve> {
        if cases.len() < LEAST_CASES {
            return None;
        }
        let share = cases.iter().filter(|case| case.came_true).count() as f64 / cases.len() as f64;
        let groups = groups(cases, MOST_GROUPS).into_iter().map(|group| Block {
            cases: group.len() as f64,
            scores: group.iter().map(|case| case.score).sum(),
            came_true: group.iter().filter(|case| case.came_true).count() as f64,
        });
        let chance = |block: &Block| (block.came_true + PRIOR * share) / (block.cases + PRIOR);
        // By their shares first, so that the share of all only pulls at what is left of them.
        let blocks = risen(risen(groups, |block| block.came_true / block.cases), chance);
        Some(Curve { knots: blocks.iter().map(|block| (block.scores / block.cases, chance(block))).collect() })
    }

    /// The chance of a score.
    pub fn chance(&self, score: f64) -> f64 {
        let above = self.knots.partition_point(|(at, _)| *at < score);
        match (above.checked_sub(1).map(|below| self.knots[below]), self.knots.get(above)) {
            (Some((from, low)), Some(&(to, high))) => low + (high - low) * (score - from) / (to - from),
            (Some((_, chance)), None) | (None, Some(&(_, chance))) => chance,
            (None, None) => 0.0,
        }
    }
}

/// Neighbouring groups of cases.
struct Block {
    cases: f64,
    scores: f64,
    came_true: f64,
}

impl Block {
    fn and(self, other: Block) -> Block {
        Block {
            cases: self.cases + other.cases,
            scores: self.scores + other.scores,
            came_true: self.came_true + other.came_true,
        }
    }
}

/// Where a block has no more than the one below it, the two are one (pool adjacent violators).
fn risen(blocks: impl IntoIterator<Item = Block>, share: impl Fn(&Block) -> f64) -> Vec<Block> {
    let mut risen: Vec<Block> = Vec::new();
    for mut block in blocks {
        while let Some(below) = risen.pop_if(|below| share(below) >= share(&block)) {
            block = block.and(below);
        }
        risen.push(block);
    }
    risen
}

/// Cases in groups of about the same size, in the order of scores; equal scores are in one.
pub fn groups(cases: &[Case], most: usize) -> Vec<Vec<Case>> {
    let mut sorted = cases.to_vec();
    // Cases that are alike are the same, in whatever order they come.
    sorted.sort_unstable_by(|a, b| a.score.total_cmp(&b.score).then(a.came_true.cmp(&b.came_true)));
    let count = (sorted.len() / GROUP).clamp(1, most);
    let size = sorted.len().div_ceil(count);
    let mut groups: Vec<Vec<Case>> = Vec::new();
    for equal in sorted.chunk_by(|a, b| a.score == b.score) {
        match groups.last_mut() {
            Some(group) if group.len() < size => group.extend_from_slice(equal),
            _ => groups.push(equal.to_vec()),
        }
    }
    groups
}

#[cfg(test)]
mod tests {
    use super::*;

    /// So many cases of a score, the first of which came true.
    fn cases(score: f64, cases: usize, came_true: usize) -> impl Iterator<Item = Case> {
        (0..cases).map(move |case| Case { score, came_true: case < came_true })
    }

    fn fit(groups: &[(f64, usize, usize)]) -> Option<Curve> {
        let all: Vec<Case> =
            groups.iter().flat_map(|&(score, count, came_true)| cases(score, count, came_true)).collect();
        Curve::fit(&all)
    }

    #[test]
    fn the_example_of_the_formulas() {
        let curve = fit(&[(20.0, 60, 6), (40.0, 60, 30)]).expect("enough cases");
        let chances = [0.0, 20.0, 30.0, 40.0, 80.0].map(|score| (curve.chance(score) * 10_000.0).round());
        assert_eq!(chances, [1154.0, 1154.0, 3000.0, 4846.0, 4846.0]);
        assert_eq!(fit(&[(20.0, 60, 6), (40.0, 39, 30)]), None, "99 cases");
    }

    #[test]
    fn what_falls_is_pooled() {
        // 10 of 50 below, then 20 of 50 and 10 of 50: the upper two are one with 30 of 100; the share is 40 of 150.
        let curve = fit(&[(10.0, 50, 10), (20.0, 50, 20), (30.0, 50, 10)]).expect("enough cases");
        let share = 40.0 / 150.0;
        let expected = [(10.0 + 5.0 * share) / 55.0, (30.0 + 5.0 * share) / 105.0];
        assert!((curve.chance(10.0) - expected[0]).abs() < 1e-12 && (curve.chance(25.0) - expected[1]).abs() < 1e-12);
        assert_eq!(curve.chance(99.0), curve.chance(25.0));
    }

    #[test]
    fn chances_never_fall_whatever_came_true_and_in_whatever_order_cases_come() {
        let mut dice = fastrand::Rng::with_seed(1);
        for _ in 0..50 {
            let mut all: Vec<Case> = (0..100 + dice.usize(..3_000))
                .map(|_| Case { score: f64::from(dice.u8(..)) / 2.55, came_true: dice.u8(..) < 40 })
                .collect();
            let curve = Curve::fit(&all).expect("enough cases");
            let chances: Vec<f64> = (0..=1_000).map(|score| curve.chance(f64::from(score) / 10.0)).collect();
            assert!(chances.is_sorted() && chances.iter().all(|chance| (0.0..=1.0).contains(chance)), "{chances:?}");
            dice.shuffle(&mut all);
            assert_eq!(Curve::fit(&all), Some(curve));
        }
    }
}
