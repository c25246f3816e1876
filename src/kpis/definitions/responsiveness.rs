//! Who answers whom, how often and how fast: KPIs over response runs that are due (rules K3 to K5).

use polars::prelude::*;

use crate::interactions::event::OURS;
use crate::interactions::reply_runs::RESPONSE;
use crate::kpis::kpi::{Definition, Kpi, Measure, Side, Statistic};
use crate::table::{Column, ColumnType};

/// The condition of emails whose runs wait for the answer of a side.
pub fn awaits(side: Side) -> Expr {
    match side {
        Side::Us => col(OURS).not(),
        Side::Them => col(OURS),
    }
}

/// The condition of emails whose runs a side answered.
pub fn answered(side: Side) -> Expr {
    awaits(side).and(col(RESPONSE).is_not_null())
}

/// How many runs were due and answered, and how long the answers took.
pub fn kpis() -> Vec<Kpi> {
    let mut kpis = response_rates();
    kpis.extend(response_times());
    kpis
}

fn response_rates() -> Vec<Kpi> {
    let count = |name, condition: Definition, description, example| Kpi {
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
        measure: Measure::CountRuns(condition),
    };
    let rate = |name, numerator, denominator, description, example| Kpi {
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
        measure: Measure::Ratio { numerator, denominator },
    };
    vec![
        count(
            "responses_due_by_us",
            |_| awaits(Side::Us),
            "Runs of their emails that we answered in time or that are past the horizon.",
            "3 runs, one of them answered, one young and pending: 2",
        ),
        count(
            "responses_by_us",
            |_| answered(Side::Us),
            "Runs of their emails that we answered within the horizon.",
            "3 runs, one answered: 1",
        ),
        rate(
            "response_rate_by_us",
            "responses_by_us",
            "responses_due_by_us",
            "responses_by_us / responses_due_by_us.",
            "1 of 3: 0.333",
        ),
        count(
            "responses_due_by_them",
            |_| awaits(Side::Them),
            "Runs of our emails that they answered in time or that are past the horizon.",
            "4 runs past the horizon: 4",
        ),
        count(
            "responses_by_them",
            |_| answered(Side::Them),
            "Runs of our emails that they answered within the horizon.",
            "4 runs, one answered: 1",
        ),
        rate(
            "response_rate_by_them",
            "responses_by_them",
            "responses_due_by_them",
            "responses_by_them / responses_due_by_them.",
            "1 of 4: 0.25",
        ),
    ]
}

fn response_times() -> Vec<Kpi> {
    let hours = |name, answered_by, statistic, description, example| Kpi {
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
        measure: Measure::ResponseHours { answered_by, statistic },
    };
    let (median, p90) = (Statistic::Quantile(0.5), Statistic::Quantile(0.9));
    vec![
        hours(
            "avg_first_response_hours_by_us",
            Side::Us,
            Statistic::Mean,
            "Mean time from a run's first email to our answer.",
            "3 h and 1 h: 2.0",
        ),
        hours(
            "median_first_response_hours_by_us",
            Side::Us,
            median,
            "Median time from a run's first email to our answer.",
            "1, 3, 5 h: 3.0",
        ),
        hours(
            "p90_first_response_hours_by_us",
            Side::Us,
            p90,
            "90th percentile of the time to our answer, interpolated.",
            "1 h and 5 h: 4.6",
        ),
        hours(
            "avg_first_response_hours_by_them",
            Side::Them,
            Statistic::Mean,
            "Mean time from a run's first email to their answer.",
            "one of 48 h: 48.0",
        ),
        hours(
            "median_first_response_hours_by_them",
            Side::Them,
            median,
            "Median time from a run's first email to their answer.",
            "one of 48 h: 48.0",
        ),
        hours(
            "p90_first_response_hours_by_them",
            Side::Them,
            p90,
            "90th percentile of the time to their answer, interpolated.",
            "one of 1 h: 1.0",
        ),
    ]
}
