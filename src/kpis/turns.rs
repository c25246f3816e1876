//! Responsiveness: KPIs over runs of emails that are due (rules K3 to K5).

use polars::prelude::*;

use super::kpi::{Each, Formula, HOUR, Kpi, Responses, count, counted_runs, hours, ratio};
use crate::interactions::event::OURS;
use crate::interactions::runs::RESPONSE;
use crate::table::{Column, ColumnType};

/// Whether a run waits for our answer, or for theirs.
pub fn awaits(us: bool) -> Expr {
    if us { col(OURS).not() } else { col(OURS) }
}

/// Whether it was answered.
pub fn answered(by_us: bool) -> Expr {
    awaits(by_us).and(col(RESPONSE).is_not_null())
}

/// The sum is of integers, so that the mean does not depend on the order of rows.
fn average(by_us: bool) -> Expr {
    let times = when(awaits(by_us)).then(col(RESPONSE)).otherwise(lit(NULL));
    let answered = times.clone().count();
    when(answered.clone().gt(lit(0))).then(hours(times.sum()) / answered.cast(DataType::Float64)).otherwise(lit(NULL))
}

/// [`average`] of times that lie together.
fn mean(responses: Responses<'_>) -> f64 {
    responses.times.iter().sum::<i64>() as f64 * HOUR / responses.times.len() as f64
}

/// Hours at a share of the way from the shortest to the longest time, between two times by their distance.
///
/// The way begins at the first of all runs that are due: that is where the engine's quantiles begin,
/// which count unknown values before all others, and sums of other floats end in other digits.
fn quantile(responses: Responses<'_>, share: f64) -> f64 {
    let Responses { times, due } = responses;
    let unknown = due - times.len();
    let place = (times.len() as f64 - 1.0) * share + unknown as f64;
    let (lower, upper) = (place as usize, place.ceil() as usize);
    let at = |place: usize| times[(place - unknown).min(times.len() - 1)] as f64;
    let (shorter, longer) = (at(lower), at(upper));
    let between = if shorter == longer { shorter } else { (place - lower as f64) * (longer - shorter) + shorter };
    between * HOUR
}

/// How many runs were due, and how many were answered.
pub fn response_rates() -> Vec<Kpi> {
    let counts = |name, (formula, each), description, example| Kpi {
        column: Column {
            defined_in: file!(),
            name,
            dtype: ColumnType::Int64,
            unit: "runs",
            description,
            empty: "0 when there were none",
            rule: "K3, K4",
            example,
        },
        formula,
        each: Some(each),
    };
    let rate = |name, formula, description, example| Kpi {
        column: Column {
            defined_in: file!(),
            name,
            dtype: ColumnType::Float64,
            unit: "share 0–1",
            description,
            empty: "null when none was due",
            rule: "K4",
            example,
        },
        formula: Formula::Kpis(formula),
        each: None,
    };
    vec![
        counts(
            "responses_due_by_us",
            counted_runs!(awaits(true)),
            "Runs of their emails that we answered in time or that are past the horizon.",
            "3 runs, one of them answered, one young and pending: 2",
        ),
        counts(
            "responses_by_us",
            counted_runs!(answered(true)),
            "Runs of their emails that we answered within the horizon.",
            "3 runs, one answered: 1",
        ),
        rate(
            "response_rate_by_us",
            (|| ratio("responses_by_us", "responses_due_by_us")) as fn() -> Expr,
            "responses_by_us / responses_due_by_us.",
            "1 of 3: 0.333",
        ),
        counts(
            "responses_due_by_them",
            counted_runs!(awaits(false)),
            "Runs of our emails that they answered in time or that are past the horizon.",
            "4 runs past the horizon: 4",
        ),
        counts(
            "responses_by_them",
            counted_runs!(answered(false)),
            "Runs of our emails that they answered within the horizon.",
            "4 runs, one answered: 1",
        ),
        rate(
            "response_rate_by_them",
            || ratio("responses_by_them", "responses_due_by_them"),
            "responses_by_them / responses_due_by_them.",
            "1 of 4: 0.25",
        ),
    ]
}

/// How long the first answer took, over answered runs.
pub fn response_times() -> Vec<Kpi> {
    let median: fn(Responses<'_>) -> f64 = |responses| quantile(responses, 0.5);
    let p90: fn(Responses<'_>) -> f64 = |responses| quantile(responses, 0.9);
    let times: [(&str, Formula, Each, &str, &str); 6] = [
        (
            "avg_first_response_hours_by_us",
            Formula::Runs(|| average(true)),
            Each::Response(true, mean),
            "Mean time from a run's first email to our answer.",
            "3 h and 1 h: 2.0",
        ),
        (
            "median_first_response_hours_by_us",
            Formula::Responses,
            Each::Response(true, median),
            "Median time from a run's first email to our answer.",
            "1, 3, 5 h: 3.0",
        ),
        (
            "p90_first_response_hours_by_us",
            Formula::Responses,
            Each::Response(true, p90),
            "90th percentile of the time to our answer, interpolated.",
            "1 h and 5 h: 4.6",
        ),
        (
            "avg_first_response_hours_by_them",
            Formula::Runs(|| average(false)),
            Each::Response(false, mean),
            "Mean time from a run's first email to their answer.",
            "one of 48 h: 48.0",
        ),
        (
            "median_first_response_hours_by_them",
            Formula::Responses,
            Each::Response(false, median),
            "Median time from a run's first email to their answer.",
            "one of 48 h: 48.0",
        ),
        (
            "p90_first_response_hours_by_them",
            Formula::Responses,
            Each::Response(false, p90),
            "90th percentile of the time to their answer, interpolated.",
            "one of 1 h: 1.0",
        ),
    ];
    times
        .into_iter()
        .map(|(name, formula, each, description, example)| Kpi {
            column: Column {
                defined_in: file!(),
                name,
                dtype: ColumnType::Float64,
                unit: "hours",
                description,
                empty: "null when no run was answered",
                rule: "K5",
                example,
            },
            formula,
            each: Some(each),
        })
        .collect()
}
