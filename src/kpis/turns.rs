//! Responsiveness: KPIs over runs of emails that are due (rules K3 to K5).

use polars::prelude::*;

use super::kpi::Formula::{Kpis, Runs};
use super::kpi::{Kpi, count, hours, ratio};
use crate::interactions::event::OURS;
use crate::interactions::runs::RESPONSE;
use crate::table::{Column, ColumnType};

/// Response times of runs that the other side began and this side answered.
fn responses(by_us: bool) -> Expr {
    let to_answer = if by_us { col(OURS).not() } else { col(OURS) };
    when(to_answer).then(col(RESPONSE)).otherwise(lit(NULL))
}

fn due(by_us: bool) -> Expr {
    count(if by_us { col(OURS).not() } else { col(OURS) })
}

fn answered(by_us: bool) -> Expr {
    responses(by_us).count().cast(DataType::Int64)
}

/// The sum is of integers, so that the mean does not depend on the order of rows.
fn average(by_us: bool) -> Expr {
    let answered = responses(by_us).count();
    when(answered.clone().gt(lit(0)))
        .then(hours(responses(by_us).sum()) / answered.cast(DataType::Float64))
        .otherwise(lit(NULL))
}

fn quantile(by_us: bool, at: f64) -> Expr {
    hours(responses(by_us).cast(DataType::Float64).quantile(lit(at), QuantileMethod::Linear))
}

/// How many runs were due, and how many were answered.
pub fn response_rates() -> Vec<Kpi> {
    let counts = |name, formula, description, example| Kpi {
        column: Column {
            name,
            dtype: ColumnType::Int64,
            unit: "runs",
            description,
            empty: "0 when there were none",
            rule: "K3, K4",
            example,
        },
        formula: Runs(formula),
    };
    let rate = |name, formula, description, example| Kpi {
        column: Column {
            name,
            dtype: ColumnType::Float64,
            unit: "share 0–1",
            description,
            empty: "null when none was due",
            rule: "K4",
            example,
        },
        formula: Kpis(formula),
    };
    vec![
        counts(
            "responses_due_by_us",
            (|| due(true)) as fn() -> Expr,
            "Runs of their emails that we answered in time or that are past the horizon.",
            "3 runs, one of them answered, one young and pending: 2",
        ),
        counts(
            "responses_by_us",
            || answered(true),
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
            || due(false),
            "Runs of our emails that they answered in time or that are past the horizon.",
            "4 runs past the horizon: 4",
        ),
        counts(
            "responses_by_them",
            || answered(false),
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
    let times: [(&str, fn() -> Expr, &str, &str); 6] = [
        (
            "avg_first_response_hours_by_us",
            || average(true),
            "Mean time from a run's first email to our answer.",
            "3 h and 1 h: 2.0",
        ),
        (
            "median_first_response_hours_by_us",
            || quantile(true, 0.5),
            "Median time from a run's first email to our answer.",
            "1, 3, 5 h: 3.0",
        ),
        (
            "p90_first_response_hours_by_us",
            || quantile(true, 0.9),
            "90th percentile of the time to our answer, interpolated.",
            "1 h and 5 h: 4.6",
        ),
        (
            "avg_first_response_hours_by_them",
            || average(false),
            "Mean time from a run's first email to their answer.",
            "one of 48 h: 48.0",
        ),
        (
            "median_first_response_hours_by_them",
            || quantile(false, 0.5),
            "Median time from a run's first email to their answer.",
            "one of 48 h: 48.0",
        ),
        (
            "p90_first_response_hours_by_them",
            || quantile(false, 0.9),
            "90th percentile of the time to their answer, interpolated.",
            "one of 1 h: 1.0",
        ),
    ];
    times
        .into_iter()
        .map(|(name, formula, description, example)| Kpi {
            column: Column {
                name,
                dtype: ColumnType::Float64,
                unit: "hours",
                description,
                empty: "null when no run was answered",
                rule: "K5",
                example,
            },
            formula: Runs(formula),
        })
        .collect()
}
