//! The columns of health that the KPI tables carry too.

use polars::prelude::*;

use super::{Health, STATES, State, TRENDS};
use crate::error::{Error, Result};
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

/// The same for the KPI tables: accounts have none in these columns (results, account_kpis), but in
/// [`columns_of_accounts`].
pub fn columns_of_kpi_tables(records: &Records, health: &[Health]) -> Vec<Column> {
    let mut health = health.to_vec();
    for account in records.range(RecordType::Account) {
        health[account as usize] = Health { state: State::NotApplicable, scored: None };
    }
    columns(&health)
}

/// Names of the columns of health that account_kpis has at its end.
const OF_ACCOUNTS: [&str; 3] = ["account_health_score", "account_health_state", "account_health_trend"];

/// The health of accounts under names of their own: what it is of the people of an account, where the contract keeps the
/// other three for the account itself. A row per record in their order, null but of accounts.
pub fn columns_of_accounts(records: &Records, health: &[Health]) -> Result<Vec<Column>> {
    let accounts = records.range(RecordType::Account);
    let of_accounts = columns(&health[accounts.start as usize..accounts.end as usize]);
    let others = health.len() - accounts.len();
    let extended = of_accounts.into_iter().zip(OF_ACCOUNTS).map(|(mut column, name)| {
        let rest = Column::full_null(column.name().clone(), others, column.dtype());
        column.append_owned(rest)?;
        column.rename(name.into());
        Ok(column)
    });
    extended.collect::<PolarsResult<_>>().map_err(Error::engine("health of accounts"))
}

/// The same as they are declared.
pub fn declared_of_accounts() -> [Declared; 3] {
    let [score, state, trend] = declared();
    [
        Declared {
            name: OF_ACCOUNTS[0],
            description: "How healthy the relationship with the account's people is: its score in relationship_health.",
            empty: "null where account_health_state says why",
            ..score
        },
        Declared {
            name: OF_ACCOUNTS[1],
            description: "The state of that: good, fair, poor, dormant, or why there is no score; not_applicable in the profile \
                          dynamics, where accounts have no health.",
            ..state
        },
        Declared {
            name: OF_ACCOUNTS[2],
            description: "Where that is heading: improving, steady or declining.",
            ..trend
        },
    ]
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
             silence is longer than dormant_after_days of relationship_health, and instead of any where it is longer than 90 days as well; without a score \
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
