//! The table `changes`: what is different since an earlier day, all of it computed from what is known now (rule W9).

pub mod change;
pub mod of_connections;
mod of_deals;
mod of_health;
mod of_top_contacts;
pub mod table;
pub mod words;

use chrono::{Days, NaiveDate};

use crate::config::Settings;
use crate::time::AsOf;

pub use change::Change;
pub use of_connections::of_connections;
pub use of_deals::of_deals;
pub use of_health::of_health;
pub use of_top_contacts::of_top_contacts;
pub use table::{changes, table};

/// The day with which a day is compared; none where the settings name one that is no earlier day.
pub fn compared_to(settings: &Settings, as_of: &AsOf) -> Option<AsOf> {
    let days_before = || as_of.date.checked_sub_days(Days::new(u64::from(settings.coverage.compare_days)));
    let date: NaiveDate = settings.coverage.compare_to.or_else(days_before)?;
    (date < as_of.date).then_some(AsOf { date, ..*as_of })
}

/// How many days two days are apart.
pub fn days_between(earlier: &AsOf, later: &AsOf) -> u32 {
    (later.date - earlier.date).num_days().unsigned_abs() as u32
}
