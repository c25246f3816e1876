//! Instants, days and the working calendar (rules T1 to T4, K5). An instant is a number of microseconds since 1970, UTC.

mod as_of;
mod day_sets;
mod durations;
mod local_days;
mod units;
pub mod working_time;
mod zones;

pub use as_of::{AsOf, PLAUSIBLE_FROM, instant};
pub use day_sets::DaySets;
pub use durations::{HOURS_PER_MICROSECOND, MINUTES_PER_MICROSECOND, hours, minutes};
pub use local_days::LocalDays;
pub use units::{DAY, HOUR, MINUTE, SECOND};
pub use working_time::{WorkingHours, WorkingTime};
pub use zones::{days_since_epoch, to_utc};
