//! One connection: what a colleague and a contact, lead or account have had to do with each other.

use std::ops::Range;

use super::edges::Edge;
use super::strength::{self, Components};
use crate::config::ConnectionProfile;
use crate::interactions::event::{CALL, MEETING};
use crate::interactions::touch::{Started, Touch};

/// Everything about one connection that is published.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Connection {
    /// Number of the colleague.
    pub user: u32,
    /// Number of the contact, lead or account.
    pub record: u32,
    /// Number of interactions.
    pub interactions: u32,
    /// Emails that the colleague sent.
    pub emails_out: u32,
    /// Emails that the other one sent.
    pub emails_in: u32,
    /// Meetings of both.
    pub meetings: u32,
    /// Calls of both.
    pub phone_calls: u32,
    /// When the first of them happened, microseconds.
    pub first_at: i64,
    /// The last of them; of several at one time the one with the smallest id.
    pub last: Touch,
    /// 0 to 100.
    pub strength: f64,
    /// What the strength is made of.
    pub components: Components,
}

/// The connections of edges in order, in the same order.
pub fn connections(edges: &[Edge], window: &Range<i64>, profile: ConnectionProfile) -> Vec<Connection> {
    let mut touches = Vec::new();
    edges
        .chunk_by(|a, b| (a.user, a.record) == (b.user, b.record))
        .filter_map(|edges| {
            touches.clear();
            touches.extend(edges.iter().map(|edge| edge.touch));
            connection(edges.first()?, &touches, window, profile)
        })
        .collect()
}

fn connection(edge: &Edge, touches: &[Touch], window: &Range<i64>, profile: ConnectionProfile) -> Option<Connection> {
    let count = |is: &dyn Fn(&Touch) -> bool| touches.iter().filter(|touch| is(touch)).count() as u32;
    let last_at = touches.last()?.at;
    let components = Components::of(touches, window.end);
    Some(Connection {
        user: edge.user,
        record: edge.record,
        interactions: touches.len() as u32,
        emails_out: count(&|touch| touch.is_email(Started::ByUs)),
        emails_in: count(&|touch| touch.is_email(Started::ByThem)),
        meetings: count(&|touch| touch.kind == MEETING),
        phone_calls: count(&|touch| touch.kind == CALL),
        first_at: touches.first()?.at,
        last: touches[touches.partition_point(|touch| touch.at < last_at)],
        strength: match profile {
            ConnectionProfile::Enhanced => components.strength(),
            ConnectionProfile::Basic => strength::basic(touches.len()),
        },
        components,
    })
}
