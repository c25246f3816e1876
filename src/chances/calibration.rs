//! What the lake's past says about one chance, and how well it would have foretold.

use super::curve::{Curve, groups};
use super::{Case, Foretold};

/// Bins of the published table at most.
const MOST_BINS: usize = 10;

/// Cases of neighbouring scores.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Bin {
    /// Least and greatest score of the cases learned from; none where there are none.
    pub range: Option<(f64, f64)>,
    /// Mean of the chances that such scores have now.
    pub chance: Option<f64>,
    /// Mean of the chances that they had at earlier dates, learned from still earlier dates only.
    pub predicted: Option<f64>,
    /// Of how many cases that came true.
    pub came_true: u32,
    /// Of how many cases in all.
    pub cases: u32,
}

/// A chance as it was learned.
#[derive(Clone, Debug)]
pub struct Calibration {
    /// What is foretold.
    pub foretold: Foretold,
    /// The cases of earlier dates, the latest first.
    past: Vec<Vec<Case>>,
    curve: Option<Curve>,
    share: f64,
}

/// A case and the chance that was foretold; none where nothing was known before.
struct Judged {
    case: Case,
    foretold: Option<f64>,
}

impl Calibration {
    /// From the cases of earlier dates, the latest first.
    pub fn learn(foretold: Foretold, past: Vec<Vec<Case>>) -> Calibration {
        let all = past.concat();
        let share = all.iter().filter(|case| case.came_true).count() as f64 / all.len().max(1) as f64;
        Calibration { foretold, curve: Curve::fit(&all), past, share }
    }

    /// How good such chances were, in the order of scores.
    pub fn bins(&self) -> Vec<Bin> {
        let all = self.past.concat();
        let mut judged = Vec::new();
        for (date, cases) in self.past.iter().enumerate() {
            let Some(earlier) = Curve::fit(&self.past[date + 1..].concat()) else { break };
            let of_case = |case: &Case| Judged { case: *case, foretold: Some(earlier.chance(case.score)) };
            judged.extend(cases.iter().map(of_case));
        }
        if judged.is_empty() {
            judged.extend(all.iter().map(|case| Judged { case: *case, foretold: None }));
        }
        match &self.curve {
            Some(curve) => groups(&all, MOST_BINS).iter().map(|group| bin(group, &judged, Some(curve))).collect(),
            None => vec![bin(&all, &judged, None)],
        }
    }

    /// The chance of a score; none while there are too few cases to learn from.
    pub fn chance(&self, score: f64) -> Option<f64> {
        self.curve.as_ref().map(|curve| curve.chance(score))
    }

    /// The share of all cases that were learned from that came true; none while there are too few.
    pub fn share(&self) -> Option<f64> {
        self.is_known().then_some(self.share)
    }

    /// Whether there is a chance for every score.
    pub fn is_known(&self) -> bool {
        self.curve.is_some()
    }
}

/// The cases of a group, which are in the order of scores, and those that were judged among them.
fn bin(group: &[Case], judged: &[Judged], curve: Option<&Curve>) -> Bin {
    let range = group.first().zip(group.last()).map(|(first, last)| (first.score, last.score));
    let is_in = |judged: &&Judged| range.is_some_and(|(from, to)| (from..=to).contains(&judged.case.score));
    let judged: Vec<&Judged> = judged.iter().filter(is_in).collect();
    let foretold: Vec<f64> = judged.iter().filter_map(|judged| judged.foretold).collect();
    let mean = |values: &[f64]| (!values.is_empty()).then(|| values.iter().sum::<f64>() / values.len() as f64);
    let chances: Vec<f64> =
        curve.map(|curve| group.iter().map(|case| curve.chance(case.score)).collect()).unwrap_or_default();
    Bin {
        range,
        chance: mean(&chances),
        predicted: mean(&foretold),
        came_true: judged.iter().filter(|judged| judged.case.came_true).count() as u32,
        cases: judged.len() as u32,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const FORETOLD: Foretold = Foretold { name: "c", score: "s", days: 30, dates: 3 };

    fn date(groups: [(f64, usize, usize); 2]) -> Vec<Case> {
        let cases = |(score, count, came_true)| (0..count).map(move |at| Case { score, came_true: at < came_true });
        groups.into_iter().flat_map(cases).collect()
    }

    #[test]
    fn what_was_foretold_is_learned_from_earlier_dates_only() {
        // The earliest date teaches 0.1154 and 0.4846 (see the example in FORMULAS.md); the later one is told by it.
        let past = vec![date([(20.0, 50, 40), (40.0, 50, 50)]), date([(20.0, 60, 6), (40.0, 60, 30)])];
        let found = Calibration::learn(FORETOLD, past);
        let told: Vec<_> = found.bins().iter().map(|bin| (bin.range, bin.came_true, bin.cases)).collect();
        assert_eq!(told, [(Some((20.0, 20.0)), 40, 50), (Some((40.0, 40.0)), 50, 50)]);
        let predicted = found.bins().into_iter().map(|bin| (bin.predicted.unwrap_or(0.0) * 10_000.0).round());
        assert_eq!(predicted.collect::<Vec<_>>(), [1154.0, 4846.0]);
        // Now it is learned from both: the share is 126 of 220.
        let chance = (46.0 + 5.0 * 126.0 / 220.0) / 115.0;
        assert_eq!(found.chance(20.0), Some(chance));
        assert!((found.bins()[0].chance.unwrap_or(0.0) - chance).abs() < 1e-12);
    }

    #[test]
    fn a_young_lake_has_no_chances_and_says_so() {
        let found = Calibration::learn(FORETOLD, vec![date([(20.0, 49, 1), (40.0, 50, 9)])]);
        assert!(!found.is_known() && found.chance(20.0).is_none() && found.share().is_none());
        let bin = Bin { range: Some((20.0, 40.0)), chance: None, predicted: None, came_true: 10, cases: 99 };
        assert_eq!(found.bins(), [bin]);
        let none = Calibration::learn(FORETOLD, Vec::new());
        assert_eq!(none.bins(), [Bin { range: None, chance: None, predicted: None, came_true: 0, cases: 0 }]);
    }
}
