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
    Ok(find_as_of(context, interactions, None, &Strangers::default())?.now)
}

/// Connections of the date and of an earlier day.
#[derive(Default)]
pub struct Found {
    /// As of the date.
    pub now: Vec<Connection>,
    /// As of the earlier day, where there is one, from what is known at the date.
    pub then: Vec<Connection>,
}

/// [`find`], and the same as of an `earlier` day. Connections to `strangers` are among those of the date, to numbers
/// after those of records; so they may be among those of the earlier day.
///
/// # Errors
/// Only what the engine runs into.
pub fn find_as_of(
    context: &Context,
    interactions: &Interactions,
    earlier: Option<&AsOf>,
    strangers: &Strangers,
) -> Result<Found> {
    let window = |as_of: &AsOf| LocalDays::until(as_of, WINDOW_DAYS);
    let (days, profile) = (window(&context.as_of), context.settings.connection_profile);
    let edges = |days: &LocalDays| edges::edges(context, interactions, days, context.settings.calls_connect, strangers);
    let Some(earlier) = earlier else {
        return Ok(Found { now: connection::connections(&edges(&days)?, &days, profile), then: Vec::new() });
    };
    let then = window(earlier);
    // Both windows are looked through at once: they have nearly all days in common.
    let all = LocalDays::until(&context.as_of, WINDOW_DAYS + days.days_after(&then));
    let edges = edges(&all)?;
    let of = |days: &LocalDays| connection::connections(&edges.within(context, &all, days), days, profile);
    let (now, then) = rayon::join(|| of(&days), || of(&then));
    Ok(Found { now, then })
}

/// The settings under which interactions are built for connections: the basic profile looks at
/// Dataverse alone (rule W1).
pub fn settings(settings: &Settings) -> Settings {
    let enhanced = settings.connection_profile == ConnectionProfile::Enhanced;
    Settings { consent: settings.consent && enhanced, ..settings.clone() }
}
