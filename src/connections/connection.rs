//! One connection: what a colleague and a contact, lead or account have had to do with each other.

use bytemuck::{Pod, Zeroable};

use super::edges::{Edge, Edges};
use super::strength::{self, StrengthComponents, StrengthFormula};
use super::window::Window;
use crate::config::ConnectionProfile;
use crate::error::Result;
use crate::interactions::Kind;
use crate::interactions::interaction_view::Started;
use crate::scratch::{List, Scratch};

/// Everything about one connection that is published.
#[derive(Clone, Copy, Debug, PartialEq, Zeroable, Pod)]
#[repr(C)]
pub struct Connection {
    /// When the first interaction happened, microseconds.
    pub first_at: i64,
    /// The last of them; of several at one time the one with the smallest id.
    pub last: Edge,
    /// The last in which the other one took part, where there is one.
    last_heard: Edge,
    /// 0 to 100.
    pub strength: f64,
    /// What the strength is made of.
    pub components: StrengthComponents,
    /// Not a number where it is not known.
    contact_chance: f64,
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
    /// In how many the other one took part.
    heard: u32,
}

/// Strength below which a connection is too weak to be one of acquaintances.
const VERY_WEAK: f64 = 5.0;

impl Connection {
    /// Whether the two are acquainted: both wrote, or they met or called, and that is not too little.
    pub fn is_relation(&self) -> bool {
        !self.components.one_way() && self.strength >= VERY_WEAK
    }

    /// The last interaction in which the other one took part: an email of theirs, a meeting, a call.
    pub fn last_heard(&self) -> Option<Edge> {
        (self.heard > 0).then_some(self.last_heard)
    }

    /// The chance that the two are in touch within 30 days, as far as that is known.
    pub fn contact_chance(&self) -> Option<f64> {
        Some(self.contact_chance).filter(|chance| !chance.is_nan())
    }
}

/// The connections that edges make in a window, in their order. `chance` is the one of a record and a strength.
///
/// # Errors
/// A disk that is full, where memory is limited.
pub fn connections(
    found: &Edges,
    window: Window,
    profile: ConnectionProfile,
    chance: impl Fn(u32, f64) -> Option<f64>,
    scratch: &Scratch,
) -> Result<List<Connection>> {
    let mut scoring = Scoring::of(found, window);
    let is_heard = |edge: &Edge| edge.kind() != Kind::Email || edge.started() == Started::ByThem;
    let connection = |edges: &[Edge]| {
        let edges = window.of(edges);
        let (first, last_at) = (edges.first()?, edges.last()?.at);
        let components = scoring.components(edges)?;
        let count = |counts: fn(&Edge) -> bool| edges.iter().filter(|edge| counts(edge)).count() as u32;
        let interactions = edges.len() as u32;
        let strength = match profile {
            ConnectionProfile::Enhanced => components.strength(),
            ConnectionProfile::Basic => strength::basic(interactions),
        };
        Some(Connection {
            user: first.user,
            record: first.record,
            interactions,
            emails_out: count(|edge| edge.kind() == Kind::Email && edge.started() == Started::ByUs),
            emails_in: count(|edge| edge.kind() == Kind::Email && edge.started() == Started::ByThem),
            meetings: count(|edge| edge.kind() == Kind::Meeting),
            phone_calls: count(|edge| edge.kind() == Kind::Call),
            first_at: first.at,
            last: edges[edges.partition_point(|edge| edge.at < last_at)],
            last_heard: edges.iter().rev().find(|edge| is_heard(edge)).copied().unwrap_or_else(Edge::zeroed),
            heard: count(is_heard),
            strength,
            components,
            contact_chance: chance(first.record, strength).unwrap_or(f64::NAN),
        })
    };
    let mut connections = scratch.list()?;
    connections.extend(found.pairs().filter_map(connection));
    connections.finish()
}

/// What strengths in a window are made of besides the edges of each pair.
pub(super) struct Scoring<'a> {
    found: &'a Edges,
    formula: StrengthFormula<'a>,
    /// With how many contacts and leads each colleague was in touch in the window.
    people_of_colleagues: Vec<u32>,
    /// With how many colleagues each record was in touch in the window.
    colleagues_of_records: Vec<u32>,
    /// The colleague whose pair was scored last, and how active they are.
    active: Option<(u32, f64)>,
}

impl<'a> Scoring<'a> {
    pub(super) fn of(found: &'a Edges, window: Window<'a>) -> Scoring<'a> {
        let (mut people, mut colleagues) =
            (vec![0; found.days_of_colleagues.things() as usize], vec![0; found.days_of_records.things() as usize]);
        for pair in found.pairs().filter(|pair| !window.of(pair).is_empty()) {
            colleagues[pair[0].record as usize] += 1;
            people[pair[0].user as usize] += u32::from(found.people.contains(&pair[0].record));
        }
        let formula = StrengthFormula::new(window);
        Scoring { found, formula, people_of_colleagues: people, colleagues_of_records: colleagues, active: None }
    }

    /// Of the edges of one pair in the window; none without any.
    pub(super) fn components(&mut self, edges: &[Edge]) -> Option<StrengthComponents> {
        let Edge { user, record, .. } = *edges.first()?;
        let of_user = match self.active {
            Some((known, active)) if known == user => active,
            _ => self.formula.activity(self.found.days_of_colleagues.places(user)),
        };
        self.active = Some((user, of_user));
        let of_record = self.formula.activity(self.found.days_of_records.places(record));
        Some(StrengthComponents {
            colleague_people: self.people_of_colleagues[user as usize],
            person_colleagues: self.colleagues_of_records[record as usize],
            ..self.formula.components(edges, of_user, of_record)
        })
    }
}
