//! Who knows whom: colleagues and the contacts, leads and accounts they have been in touch with, how
//! strong each connection is, and whom to ask for an introduction (rules W1 to W5).
//!
//! [`edges`] finds which interactions a colleague and a record have in common, [`strength`] has the formula of what they
//! are worth, and [`connection`] adds them up. The tables are [`table`] (`connections`), [`who_knows_whom`] and
//! [`account_connections`].

pub mod account_connections;
mod both_sides;
pub mod colleagues;
pub mod connection;
pub mod edges;
pub mod introduction;
pub mod past;
pub mod strangers;
pub mod strength;
pub mod table;
pub mod who_knows_whom;
pub mod window;
mod words;

use crate::chances::Calibration;
use crate::config::{ConnectionProfile, Settings};
use crate::error::Result;
use crate::interactions::{Context, Interactions};
use crate::scratch::{List, Scratch};
use crate::time::{AsOf, LocalDays};
use connection::Connection;
use edges::Edges;
use past::{EXCHANGE, IN_TOUCH};
use strangers::Strangers;
use window::Window;

pub use window::WINDOW_DAYS;

/// Every connection of the past 365 days, in the order of colleague and record. The output may be
/// split by colleague and record.
///
/// # Errors
/// Only what the engine runs into.
pub fn find(context: &Context, interactions: &Interactions) -> Result<List<Connection>> {
    let days = past::days(context);
    let edges = edges::edges(context, interactions, &days, context.settings.calls_connect, &Strangers::default())?;
    of_edges(context, &edges, &days, &interactions.scratch)
}

/// What the interactions that all days of a period have in common say about who was in touch.
pub struct SettledConnections {
    edges: Edges,
    days: LocalDays,
}

impl SettledConnections {
    /// Of a period that begins so many days before the date.
    ///
    /// # Errors
    /// Only what the engine runs into.
    pub fn of(context: &Context, interactions: &Interactions, days: u32) -> Result<SettledConnections> {
        let days = LocalDays::until(&context.as_of, past::days(context).count() + days);
        let calls = context.settings.calls_connect;
        let edges = edges::edges(context, interactions, &days, calls, &Strangers::default())?;
        Ok(SettledConnections { edges, days })
    }
}

/// [`find`] of the news of a day and of what it has in common with others. `number` says under which number of the day a
/// record of the period is known, if at all; interactions get their `places` among all.
///
/// # Errors
/// Only what the engine runs into.
pub fn find_with(
    context: &Context,
    news: &Interactions,
    settled: &SettledConnections,
    number: impl Fn(u32) -> Option<u32>,
    places: [&[u32]; 2],
) -> Result<List<Connection>> {
    let days = past::days(context);
    let edges = edges::edges(context, news, &days, context.settings.calls_connect, &Strangers::default())?;
    let edges = edges.with(&days, &settled.edges, &settled.days, number, places);
    of_edges(context, &edges, &days, &news.scratch)
}

fn of_edges(context: &Context, edges: &Edges, days: &LocalDays, scratch: &Scratch) -> Result<List<Connection>> {
    let profile = context.settings.connection_profile;
    let calibration = match profile {
        ConnectionProfile::Enhanced => Some(past::calibration(context, edges, days, &IN_TOUCH)?),
        ConnectionProfile::Basic => None,
    };
    let chance =
        |record: u32, strength: f64| calibration.as_ref().filter(|_| edges.people.contains(&record))?.chance(strength);
    connection::connections(edges, Window::last(days), profile, chance, scratch)
}

/// Connections of the date and of an earlier day.
pub struct ConnectionsOfDays {
    /// As of the date.
    pub now: List<Connection>,
    /// As of the earlier day, where there is one, from what is known at the date.
    pub then: List<Connection>,
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
) -> Result<ConnectionsOfDays> {
    let (settings, profile) = (context.settings, context.settings.connection_profile);
    let ago = earlier.map_or(0, |earlier| (context.as_of.date - earlier.date).num_days() as u32);
    // Both windows are looked through at once: they have nearly all days in common.
    let days = LocalDays::until(&context.as_of, WINDOW_DAYS + ago);
    let edges = edges::edges(context, interactions, &days, settings.calls_connect, strangers)?;
    let scratch = &interactions.scratch;
    let of = |window: Window| connection::connections(&edges, window, profile, |_, _| None, scratch);
    let then = || earlier.and_then(|_| Window::before(&days, ago)).map_or_else(|| Ok(Vec::new().into()), of);
    let (now, then) = scratch.join(|| of(Window::last(&days)), then);
    Ok(ConnectionsOfDays { now: now?, then: then? })
}

/// What the past says about chances by strength; nothing where the strength is that of the basic profile.
///
/// # Errors
/// Only what the engine runs into.
pub fn calibrations(context: &Context, interactions: &Interactions) -> Result<Vec<Calibration>> {
    if context.settings.connection_profile == ConnectionProfile::Basic {
        return Ok(Vec::new());
    }
    let days = past::days(context);
    let edges = edges::edges(context, interactions, &days, context.settings.calls_connect, &Strangers::default())?;
    [IN_TOUCH, EXCHANGE].iter().map(|promise| past::calibration(context, &edges, &days, promise)).collect()
}

/// The settings under which interactions are built for connections: the basic profile looks at
/// Dataverse alone (rule W1).
pub fn settings(settings: &Settings) -> Settings {
    let enhanced = settings.connection_profile == ConnectionProfile::Enhanced;
    Settings { consent: settings.consent && enhanced, ..settings.clone() }
}
