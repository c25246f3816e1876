//! Statistics of response times (rule K5).

use crate::kpis::kpi::Statistic;
use crate::time::HOURS_PER_MICROSECOND;

/// Response times of one record and side, at least one.
#[derive(Clone, Copy)]
pub struct ResponseTimes<'a> {
    /// Microseconds, ascending.
    pub times: &'a [i64],
    /// Response runs of the record that are due, those of the other side and unanswered ones among them.
    pub due: usize,
}

/// A statistic of response times, in hours.
pub fn hours(statistic: Statistic, responses: ResponseTimes<'_>) -> f64 {
    match statistic {
        // A sum of integers does not depend on the order of rows.
        Statistic::Mean => {
            responses.times.iter().sum::<i64>() as f64 * HOURS_PER_MICROSECOND / responses.times.len() as f64
        }
        Statistic::Quantile(share) => quantile(responses, share),
    }
}

/// The place of the quantile is counted from the first of all runs that are due: quantiles of the engine, whose digits
/// were published first, count unknown values before all others, and another order of additions ends in other digits.
fn quantile(responses: ResponseTimes<'_>, share: f64) -> f64 {
    let ResponseTimes { times, due } = responses;
    let unknown = due - times.len();
    let place = (times.len() as f64 - 1.0) * share + unknown as f64;
    let (lower, upper) = (place as usize, place.ceil() as usize);
    let at = |place: usize| times[(place - unknown).min(times.len() - 1)] as f64;
    let (shorter, longer) = (at(lower), at(upper));
    let between = if shorter == longer { shorter } else { (place - lower as f64) * (longer - shorter) + shorter };
    between * HOURS_PER_MICROSECOND
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::time::HOUR;

    #[test]
    fn statistics_are_those_of_the_examples() {
        let of = |statistic, hours_of: &[i64]| {
            let times: Vec<i64> = hours_of.iter().map(|hours| hours * HOUR).collect();
            hours(statistic, ResponseTimes { times: &times, due: times.len() + 3 })
        };
        assert_eq!(of(Statistic::Mean, &[1, 3]), 2.0);
        assert_eq!(of(Statistic::Quantile(0.5), &[1, 3, 5]), 3.0);
        assert!((of(Statistic::Quantile(0.9), &[1, 5]) - 4.6).abs() < 1e-9);
        assert_eq!(of(Statistic::Quantile(0.9), &[1]), 1.0);
    }
}
