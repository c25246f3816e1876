//! How complete the input was from which the KPIs were computed (rule K12).

use crate::kpis::kpi::{Kpi, Measure};
use crate::table::{Column, ColumnType};

/// Whether the sources were complete.
pub const ACCURACY: &str = "computation_accuracy";

/// The KPI [`ACCURACY`].
pub fn kpis() -> Vec<Kpi> {
    let column = Column {
        defined_in: file!(),
        name: ACCURACY,
        dtype: ColumnType::Text,
        unit: "",
        description: "complete, or partial when a configured source was missing or stale.",
        empty: "never",
        rule: "K12",
        example: "complete",
    };
    vec![Kpi { column, measure: Measure::Given }]
}
