//! What is computed, held to the rules: cases of one rule each, one lake whose every value was worked out by hand,
//! shapes that real exports had, and what holds for every lake.

mod additivity;
mod agreement;
mod backfill;
mod cases;
mod chances;
pub mod changes;
mod changes_day_by_day;
mod golden;
mod gower;
mod health_backfill;
mod no_trace;
mod numbers_in_sentences;
mod parts;
mod properties;
mod real_life;
mod reasons;
mod scores;
mod sentences;
mod significance;
mod silent_losses;
mod similar_deals;
mod trust;
mod who_may_read;
