//! The table `similar_won_factors`: one row per factor that deals are compared by, with its weight (rule S3).

use polars::prelude::*;

use super::comparison::Comparisons;
use crate::error::{Error, Result};
use crate::table::{Column as Declared, ColumnType, Table};

/// One row per factor, in order of names; none while too few deals have closed.
///
/// # Errors
/// Only what the engine runs into.
pub fn similar_won_factors(comparisons: &Comparisons) -> Result<DataFrame> {
    let mut rows: Vec<(&str, &str, f64, f64)> = comparisons
        .learned
        .iter()
        .flat_map(|learned| learned.factors.iter().zip(&learned.weights))
        .map(|(factor, &weight)| (factor.name.as_str(), factor.kind.name(), weight, factor.coverage))
        .collect();
    rows.sort_by(|one, other| one.0.cmp(other.0));
    df!(
        "factor" => rows.iter().map(|row| row.0).collect::<Vec<_>>(),
        "kind" => rows.iter().map(|row| row.1).collect::<Vec<_>>(),
        "importance" => rows.iter().map(|row| row.2).collect::<Vec<_>>(),
        "coverage" => rows.iter().map(|row| row.3).collect::<Vec<_>>(),
        "closed_deals" => vec![comparisons.taught_by as i64; rows.len()],
    )
    .map_err(Error::engine("factors of similar won deals"))
}

use ColumnType::{Float64, Int64, Text};

/// The table `similar_won_factors`.
pub fn table() -> Table {
    Table {
        defined_in: file!(),
        name: "similar_won_factors",
        version: 2,
        grain: "factor that deals are compared by",
        description: "What makes deals similar, learned from won and lost ones. No rows with fewer than 30 won or 30 lost deals.",
        key: &["factor"],
        columns: vec![
            Declared::new(
                "factor",
                Text,
                "",
                "Column of the deal, or of its customer (account.…); win_outlook sums up the others.",
                "never",
                "S3",
                "account.industrycode",
            ),
            Declared::new("kind", Text, "", "number, duration, category, outlook.", "never", "S3", "category"),
            Declared::new(
                "importance",
                Float64,
                "share 0–1",
                "Weight in the similarity; all sum to 1.",
                "never",
                "S3",
                "0.21",
            ),
            Declared::new(
                "coverage",
                Float64,
                "share 0–1",
                "Share of the closed deals where it is known.",
                "never",
                "S3",
                "0.96",
            ),
            Declared::new(
                "closed_deals",
                Int64,
                "deals",
                "Won and lost deals that it was learned from.",
                "never",
                "S3",
                "1240",
            ),
        ],
    }
}
