//! The tables of KPIs: one row per record, per record and day, and per record and person (rules K1 to K10).

pub mod daily_activity;
mod everybody;
mod ranked_people;
pub mod record_kpis;
mod silence;
pub mod taking_part;
pub mod top_contacts;
