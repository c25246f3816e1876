//! How long nothing has been held (rule K8).

use crate::kpis::kpi::{Kpi, Measure};
use crate::table::{Column, ColumnType};

/// Days since the last held interaction.
pub const DAYS_SINCE: &str = "days_since_last_interaction";
/// The longest run of days without any.
pub const LONGEST: &str = "longest_silence_days";
/// Over how many days [`LONGEST`] looks back, the day of the run among them.
pub const LAST_DAYS: u32 = 60;

/// [`DAYS_SINCE`] and [`LONGEST`].
pub fn kpis() -> Vec<Kpi> {
    let days = |name, description, example| Kpi {
        column: Column {
            defined_in: file!(),
            name,
            dtype: ColumnType::Int64,
            unit: "days",
            description,
            empty: "null without any held interaction",
            rule: "K8",
            example,
        },
        measure: Measure::Given,
    };
    vec![
        days(DAYS_SINCE, "Days of the reporting zone from the last held interaction to the date.", "yesterday: 1"),
        days(
            LONGEST,
            "The most days in a row, among the last 60, on which nothing was held; days before the first interaction are none \
             of them.",
            "in touch 50 and 20 days ago: 29",
        ),
    ]
}
