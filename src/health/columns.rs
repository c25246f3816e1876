//! The columns of health that the KPI tables carry too.

use polars::prelude::*;

use super::{Health, STATES, State, TRENDS};
use crate::people::{RecordType, Records};
use crate::table::{Column as Declared, ColumnType};

/// Score of relationship health.
pub const HEALTH_SCORE: &str = "health_score";
/// What the score stands for.
pub const HEALTH_STATE: &str = "health_state";
/// Where the score is heading.
pub const HEALTH_TREND: &str = "health_trend";

/// [`HEALTH_SCORE`], [`HEALTH_STATE`] and [`HEALTH_TREND`], a row per record in their order.
pub fn columns(health: &[Health]) -> Vec<Column> {
    let scores: Vec<Option<f64>> = health.iter().map(|one| Some(one.scored?.score)).collect();
    let states: Vec<&str> = health.iter().map(|one| STATES[one.state as usize]).collect();
    let trends: Vec<Option<&str>> = health.iter().map(|one| Some(TRENDS[one.scored?.trend as usize])).collect();
    vec![
        Column::new(HEALTH_SCORE.into(), scores),
        Column::new(HEALTH_STATE.into(), states),
        Column::new(HEALTH_TREND.into(), trends),
    ]
}

/// The same for the KPI tables: accounts have no health there (results, account_kpis); it is in relationship_health.
pub fn columns_of_kpi_tables(records: &Records, health: &[Health]) -> Vec<Column> {
    let mut health = health.to_vec();
    for account in records.range(RecordType::Account) {
        health[account as usize] = Health { state: State::NotApplicable, scored: None };
    }
    columns(&health)
}

/// The three columns as they are declared.
pub fn declared() -> [Declared; 3] {
    let column = Declared::new;
    [
        column(
            HEALTH_SCORE,
            ColumnType::Float64,
            "0–100",
            "How healthy the relationship is; jobs/FORMULAS.md has the formula.",
            "null where health_state says why",
            "H1, H3",
            "64.5",
        ),
        column(
            HEALTH_STATE,
            ColumnType::Text,
            "",
            "good, fair or poor by the settings health_good_from and health_fair_from; dormant instead of poor where the \
             silence is longer than dormant_after_days of relationship_health; without a score \
             no_closed_activities (nothing was ever held), not_enough_info (nothing in the past 365 days), \
             older_than_two_years (the last interaction is), not_applicable (closed leads and opportunities; accounts in the KPI tables).",
            "never",
            "H1, H3",
            "good",
        ),
        column(
            HEALTH_TREND,
            ColumnType::Text,
            "",
            "improving, steady or declining: the score against the mean of those 7, 14, 21 and 28 days before, with \
             a dead band of 5 points; a day without a score counts 0.",
            "null without a score",
            "H4",
            "steady",
        ),
    ]
}
