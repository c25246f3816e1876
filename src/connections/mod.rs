//! Who knows whom: colleagues and the contacts, leads and accounts they have been in touch with, how
//! strong each connection is, and whom to ask for an introduction (rules W1 to W5).

pub mod account_connections;
pub mod colleagues;
pub mod connection;
pub mod edges;
pub mod introduction;
pub mod strangers;
pub mod strength;
pub mod table;
pub mod who_knows_whom;
mod words;

use crate::config::{ConnectionProfile, Settings};
use crate::error::Result;
use crate::interactions::{Context, Interactions};
use crate::time::{AsOf, LocalDays};
use connection::Connection;
use strangers::Strangers;

/// Days that connections look back, the day of the date among them (rule W1).
pub const WINDOW_DAYS: u32 = 365;

/// Every connection of the past 365 days, in the order of colleague and record. The output may be
/// split by colleague and record.
///
/// # Errors
/// Only what the engine runs into.
pub fn find(context: &Context, interactions: &Interactions) -> Result<Vec<Connection>> {
    find_as_of(context, interactions, &context.as_of, &Strangers::default())
}

/// The same as of a day, the date or an earlier one, from what is known at the date. Connections to `strangers` are
/// among them, to numbers after those of records.
///
/// # Errors
/// Only what the engine runs into.
pub fn find_as_of(
    context: &Context,
    interactions: &Interactions,
    as_of: &AsOf,
    strangers: &Strangers,
) -> Result<Vec<Connection>> {
    let days = LocalDays::until(as_of, WINDOW_DAYS);
    let edges = edges::edges(context, interactions, &days, context.settings.calls_connect, strangers)?;
    Ok(connection::connections(&edges, &days, context.settings.connection_profile))
}

/// The settings under which interactions are built for connections: the basic profile looks at
/// Dataverse alone (rule W1).
pub fn settings(settings: &Settings) -> Settings {
    let enhanced = settings.connection_profile == ConnectionProfile::Enhanced;
    Settings { consent: settings.consent && enhanced, ..settings.clone() }
}
