//! One connection: what a colleague and a contact, lead or account have had to do with each other.

use super::edges::{Edge, Edges};
use super::strength::{self, Components, Formula};
use crate::config::ConnectionProfile;
use crate::interactions::event::{CALL, EMAIL, MEETING};
use crate::interactions::interaction_view::Started;
use crate::time::LocalDays;

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
    pub last: Edge,
    /// The last of them in which the other one took part: an email of theirs, a meeting, a call.
    pub last_heard: Option<Edge>,
    /// 0 to 100.
    pub strength: f64,
    /// What the strength is made of.
    pub components: Components,
}

/// Strength below which a connection is too weak to be one of acquaintances.
const VERY_WEAK: f64 = 5.0;

impl Connection {
    /// Whether the two are acquainted: both wrote, or they met or called, and that is not too little.
    pub fn is_relation(&self) -> bool {
        !self.components.one_way() && self.strength >= VERY_WEAK
    }
}

/// The connections that edges make, in their order.
pub fn connections(found: &Edges, days: &LocalDays, profile: ConnectionProfile) -> Vec<Connection> {
    let formula = Formula::new(days);
    let pairs = found.edges.chunk_by(|a, b| (a.user, a.record) == (b.user, b.record));
    let (mut user, mut of_user) = (None, 0.0);
    let connection = |edges: &[Edge]| {
        let (first, last_at) = (edges.first()?, edges.last()?.at);
        if user != Some(first.user) {
            (user, of_user) = (Some(first.user), formula.activity(found.days_of_colleagues.places(first.user)));
        }
        let of_record = formula.activity(found.days_of_records.places(first.record));
        let components = Components {
            colleague_people: found.people_of_colleagues[first.user as usize],
            person_colleagues: found.colleagues_of_records[first.record as usize],
            ..formula.components(edges, of_user, of_record)
        };
        let count = |counts: fn(&Edge) -> bool| edges.iter().filter(|edge| counts(edge)).count() as u32;
        let interactions = edges.len() as u32;
        Some(Connection {
            user: first.user,
            record: first.record,
            interactions,
            emails_out: count(|edge| edge.kind == EMAIL && edge.started == Started::ByUs),
            emails_in: count(|edge| edge.kind == EMAIL && edge.started == Started::ByThem),
            meetings: count(|edge| edge.kind == MEETING),
            phone_calls: count(|edge| edge.kind == CALL),
            first_at: first.at,
            last: edges[edges.partition_point(|edge| edge.at < last_at)],
            last_heard: edges.iter().rev().find(|edge| edge.kind != EMAIL || edge.started == Started::ByThem).copied(),
            strength: match profile {
                ConnectionProfile::Enhanced => components.strength(),
                ConnectionProfile::Basic => strength::basic(interactions),
            },
            components,
        })
    };
    pairs.filter_map(connection).collect()
}
