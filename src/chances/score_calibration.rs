//! The table `score_calibration`: how good chances were that were learned from the lake's own past.

use polars::prelude::*;

use super::{Bin, Calibration};
use crate::error::{Error, Result};
use crate::table::{Column as Declared, ColumnType, Table};

/// One row per score and bin, in their order.
///
/// # Errors
/// Only what the engine runs into.
pub fn score_calibration(calibrations: &[Calibration]) -> Result<DataFrame> {
    let mut sorted: Vec<&Calibration> = calibrations.iter().collect();
    sorted.sort_by_key(|one| one.foretold.name);
    let rows: Vec<(&Calibration, Bin, i64)> = sorted
        .into_iter()
        .flat_map(|one| one.bins().into_iter().zip(1..).map(move |(bin, number)| (one, bin, number)))
        .collect();
    let rows = || rows.iter();
    let text = |of: fn(&Calibration) -> &'static str| rows().map(|(one, ..)| of(one)).collect::<Vec<_>>();
    let number = |of: fn(&Bin) -> Option<f64>| rows().map(|(_, bin, _)| of(bin)).collect::<Vec<_>>();
    df!(
        "score" => text(|one| one.foretold.name),
        "bin" => rows().map(|(.., number)| *number).collect::<Vec<_>>(),
        "by_score" => text(|one| one.foretold.score),
        "state" => text(|one| if one.is_known() { "calibrated" } else { "too_few_cases" }),
        "score_from" => number(|bin| bin.range.map(|(from, _)| from)),
        "score_to" => number(|bin| bin.range.map(|(_, to)| to)),
        "chance" => number(|bin| bin.chance),
        "predicted" => number(|bin| bin.predicted),
        "came_true" => number(|bin| (bin.cases > 0).then(|| f64::from(bin.came_true) / f64::from(bin.cases))),
        "n" => rows().map(|(_, bin, _)| i64::from(bin.cases)).collect::<Vec<_>>(),
    )
    .map_err(Error::engine("table score_calibration"))
}

/// The table `score_calibration`.
pub fn table() -> Table {
    use ColumnType::{Float64, Int64, Text};
    let column = Declared::new;
    let young = "null while too few cases were learned from";
    Table {
        defined_in: file!(),
        name: "score_calibration",
        version: 1,
        grain: "chance and range of the score that it goes by",
        description: "How good the chances beside scores are: at earlier dates of the lake's own past, what was foretold \
                      from still earlier dates, and what came true.",
        key: &["score", "bin"],
        columns: vec![
            column(
                "score",
                Text,
                "",
                "The chance: contact_chance_30d (in connections: in touch within 30 days), exchange_chance_60d (mail both ways, a \
                 meeting or a call within 60 days; published here only), two_way_chance_28d (in contact_kpis).",
                "never",
                "W4",
                "contact_chance_30d",
            ),
            column("bin", Int64, "", "Counts the ranges of the score, from low to high.", "never", "W4", "3"),
            column(
                "by_score",
                Text,
                "",
                "The score that the chance goes by: strength or health_score.",
                "never",
                "W4",
                "strength",
            ),
            column(
                "state",
                Text,
                "",
                "calibrated; too_few_cases where fewer than 100 cases of the past can be learned from: then the chance \
                 is null everywhere, and one row has all cases.",
                "never",
                "W4",
                "calibrated",
            ),
            column(
                "score_from",
                Float64,
                "0–100",
                "The least score of the range.",
                "null without a case",
                "W4",
                "12.4",
            ),
            column(
                "score_to",
                Float64,
                "0–100",
                "The greatest score of the range.",
                "null without a case",
                "W4",
                "18.9",
            ),
            column(
                "chance",
                Float64,
                "share 0–1",
                "What the chance is now, on average over the range.",
                young,
                "W4",
                "0.08",
            ),
            column(
                "predicted",
                Float64,
                "share 0–1",
                "What the chance was at earlier dates, on average, as it was learned from still earlier dates only.",
                "null where there were too few of these",
                "W4",
                "0.09",
            ),
            column(
                "came_true",
                Float64,
                "share 0–1",
                "Share of the same cases that came true.",
                "null without a case",
                "W4",
                "0.07",
            ),
            column(
                "n",
                Int64,
                "cases",
                "How many cases at earlier dates these are; where predicted is null, how many were learned from.",
                "0 when there are none",
                "W4",
                "412",
            ),
        ],
    }
}
