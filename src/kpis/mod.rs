//! KPIs per record: their definitions, and the evaluator that the tables of KPIs and the comparison of deals share.
//!
//! A KPI is declared once, in `definitions/`; it stands in the tables where `column_order` puts it.

pub mod column_order;
pub mod definitions;
pub mod evaluate;
pub mod kpi;
mod measuring;

use polars::prelude::Expr;

pub use kpi::{Kpi, Measure, Side, Statistic};
pub use measuring::{COLLEAGUES, EXTERNAL_PEOPLE, HELD, Measuring, held};

use definitions::*;

/// All KPIs in the order of their columns, but for those that other steps compute.
pub fn kpis() -> Vec<Kpi> {
    let mut kpis = volume::kpis();
    kpis.extend(responsiveness::kpis());
    kpis.extend(time_spent::kpis());
    kpis.extend(email_engagement::kpis());
    kpis.extend(first_last_next::kpis());
    kpis.extend(completeness::kpis());
    kpis.extend(silence::kpis());
    kpis.sort_by_key(|kpi| column_order::place(kpi.column.name));
    kpis
}

/// The KPIs that are ratios and shares of others, of columns that hold these.
pub fn ratios(kpis: &[Kpi]) -> Vec<Expr> {
    let ratio = |kpi: &Kpi| match kpi.measure {
        Measure::Ratio { numerator, denominator } => Some(kpi::ratio(numerator, denominator).alias(kpi.column.name)),
        Measure::Share { of, beside } => Some(kpi::share(of, beside).alias(kpi.column.name)),
        _ => None,
    };
    kpis.iter().filter_map(ratio).collect()
}
