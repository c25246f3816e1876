//! KPIs per record: their definitions, and the tables that publish them.

pub mod activity;
mod contributions;
pub mod daily_activity;
mod distinct;
mod engagement;
pub mod extremes;
pub mod interaction_tables;
mod kpi;
pub mod lists;
mod ranked_people;
pub mod record_kpis;
mod tally;
mod thread_ids;
pub mod top_contacts;
mod turns;

pub use kpi::{Formula, Kpi};

use crate::health;
use crate::table::{Column, ColumnType};

/// All KPIs in the order of their columns.
pub fn kpis() -> Vec<Kpi> {
    let mut kpis = activity::volume();
    kpis.extend(turns::response_rates());
    kpis.extend(turns::response_times());
    kpis.extend(activity::time_spent());
    kpis.extend(engagement::engagement());
    kpis.extend(extremes::kpis());
    kpis.extend(run_wide());
    kpis
}

/// Columns that other steps fill: health, and how complete the input was.
fn run_wide() -> Vec<Kpi> {
    let accuracy = Column::new(
        record_kpis::ACCURACY,
        ColumnType::Text,
        "",
        "complete, or partial when a configured source was missing or stale.",
        "never",
        "K12",
        "complete",
    );
    let columns = health::columns::declared().into_iter().chain([accuracy]);
    columns.map(|column| Kpi { column, formula: Formula::Run, each: None }).collect()
}
