//! Which colleague was in touch with which contact, lead and account, interaction by interaction
//! (rules W1, L2).

use std::ops::Range;

use bytemuck::{Pod, Zeroable};

use super::both_sides::{BothSides, Participation, Records};
use super::strangers::Strangers;
use crate::decay::micro;
use crate::error::Result;
use crate::frames::shares;
use crate::interactions::Kind;
use crate::interactions::interaction_view::{Facts, Held, Started};
use crate::interactions::people::view::ParticipantColumns;
use crate::interactions::{Context, Interactions};
use crate::scratch::{List, Scratch};
use crate::sources::roles::{ADDRESSED, STARTS};
use crate::time::{DaySets, LocalDays};

/// What an email says about somebody who is only copied in.
const COPIED: f64 = 0.5;

/// One interaction of one connection.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Zeroable, Pod)]
#[repr(C)]
pub struct Edge {
    /// When, in microseconds.
    pub at: i64,
    /// Number of the colleague.
    pub user: u32,
    /// Number of the contact, lead or account.
    pub record: u32,
    /// Number of the interaction; of several at one time the smaller number is the smaller id.
    pub interaction: u32,
    /// What it says about the two, in millionths.
    pub weight: u32,
    /// To how many people it speaks, at least 1.
    pub people: u32,
    /// What it was.
    pub what: KindAndStarter,
}

/// A kind of interaction, and who started it; of an email, which of the two sent it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Zeroable, Pod)]
#[repr(transparent)]
pub struct KindAndStarter(u32);

impl KindAndStarter {
    fn new(kind: Kind, started: Started) -> KindAndStarter {
        KindAndStarter((kind as u32) << 8 | started as u32)
    }
}

impl Edge {
    /// Its kind.
    pub fn kind(&self) -> Kind {
        Kind::of((self.what.0 >> 8) as u8)
    }

    /// Who started it; of an email, which of the two sent it.
    pub fn started(&self) -> Started {
        Started::of(self.what.0 as u8)
    }

    fn key(&self) -> (u32, u32, i64, u32) {
        (self.user, self.record, self.at, self.interaction)
    }
}

/// What the interactions of a window say about who was in touch.
pub struct Edges {
    /// In the order of colleague, record, time and interaction.
    pub edges: List<Edge>,
    /// On which days each colleague was in touch with anyone outside, with or without record.
    pub days_of_colleagues: DaySets,
    /// On which days each record was in touch with any colleague.
    pub days_of_records: DaySets,
    /// Numbers of contacts and leads; others are accounts and strangers.
    pub people: Range<u32>,
}

/// Finds the edges of the days, those to `strangers` too: their numbers come after those of records. The input may
/// be split by interaction, the output by colleague and record.
///
/// A kernel over slices rather than joins: an email meets the few people of its own rows only, and
/// neither the product of both sides nor its keys are ever a table.
pub fn edges(
    context: &Context,
    interactions: &Interactions,
    days: &LocalDays,
    calls: bool,
    strangers: &Strangers,
) -> Result<Edges> {
    let first_stranger = context.people.records.table.height() as u32;
    let others = first_stranger as usize + strangers.count();
    let records = Records::of(context.people)?;
    let facts = Facts::of(&interactions.table)?;
    let people = ParticipantColumns::of(&interactions.participants.people)?;
    let groups = ParticipantColumns::of(&interactions.participants.groups)?;
    let (mut people, mut groups) = (people.rows()?, groups.rows()?);
    let colleagues = context.people.directory.colleague_numbers.len();
    let (mut edges, mut of_colleagues) = (interactions.scratch.list::<Edge>()?, vec![0; colleagues]);
    let mut days_of_colleagues = DaySets::empty(colleagues, days.count());
    let mut days_of_records = DaySets::empty(others, days.count());
    let mut sides = BothSides::new(&records, strangers, first_stranger);
    for interaction in 0..facts.count() {
        let (of_people, of_groups) = (people.next(interaction), groups.next(interaction));
        let Some(held) = facts.held(interaction) else { continue };
        let connects = matches!(held.kind, Kind::Email | Kind::Meeting) || (calls && held.kind == Kind::Call);
        let Some(day) = days.place(held.at).filter(|_| connects) else { continue };
        sides.take_people(&people, of_people.clone());
        if !sides.met() {
            continue;
        }
        sides.take_leads(&groups, of_groups);
        let spoken_to = if held.is_email() {
            of_people.filter(|&row| people.roles[row] != STARTS).count()
        } else {
            sides.ours.len() + sides.outsiders.len() - 1
        };
        for &our in &sides.ours {
            if sides.outsiders.iter().any(|&role| !held.is_email() || our.starts() != (role == STARTS)) {
                days_of_colleagues.insert(our.number, day);
            }
            for &their in &sides.theirs {
                let Some(edge) = edge(interaction, held, our, their, spoken_to) else { continue };
                for &record in [edge.record].iter().chain(records.accounts.under(edge.record)) {
                    days_of_records.insert(record, day);
                    of_colleagues[edge.user as usize] += 1;
                    edges.push(Edge { record, ..edge });
                }
            }
        }
    }
    let people = records.people();
    let edges = in_order(edges.finish()?, &of_colleagues, &interactions.scratch)?;
    Ok(Edges { edges, days_of_colleagues, days_of_records, people })
}

/// What an interaction that speaks to so many people is between two of its people; of an email nothing, where neither of
/// the two sent it.
fn edge(interaction: u32, held: Held, our: Participation, their: Participation, spoken_to: usize) -> Option<Edge> {
    let started = match (held.is_email(), our.starts(), their.starts()) {
        (false, _, _) => held.started,
        (true, true, false) => Started::ByUs,
        (true, false, true) => Started::ByThem,
        (true, _, _) => return None,
    };
    let copied = held.is_email() && our.role.max(their.role) > ADDRESSED;
    let people = u32::try_from(spoken_to.max(1)).unwrap_or(u32::MAX);
    Some(Edge {
        user: our.number,
        record: their.number,
        at: held.at,
        interaction,
        weight: weight(spoken_to, copied),
        people,
        what: KindAndStarter::new(held.kind, started),
    })
}

/// Edges in their order, of which each colleague has so many. What lies on disk is sorted colleague by colleague, as
/// many of them at a time as memory holds.
fn in_order(edges: List<Edge>, of_colleagues: &[usize], scratch: &Scratch) -> Result<List<Edge>> {
    let sort = |edges: &mut Vec<Edge>| {
        // Several contacts of an account in one interaction are one edge to the account, the heaviest.
        edges.sort_unstable_by_key(|edge| (edge.key(), u32::MAX - edge.weight, edge.what));
        edges.dedup_by_key(|edge| edge.key());
    };
    if let List::InMemory(mut edges) = edges {
        sort(&mut edges);
        return Ok(edges.into());
    }
    let mut sorted = scratch.list()?;
    for users in shares(of_colleagues, scratch.values(size_of::<Edge>())) {
        let mut share = Vec::with_capacity(of_colleagues[users.start as usize..users.end as usize].iter().sum());
        share.extend(edges.iter().filter(|edge| users.contains(&edge.user)));
        sort(&mut share);
        sorted.extend(share);
    }
    sorted.finish()
}

impl Edges {
    /// These with those of other interactions in days that end no earlier, as far as they lie in the days of these.
    /// `number` says under which number a record of the others is here, if at all, and keeps their order; interactions get
    /// their `places` among all.
    pub fn with(
        self,
        days: &LocalDays,
        others: &Edges,
        days_of_others: &LocalDays,
        number: impl Fn(u32) -> Option<u32>,
        places: [&[u32]; 2],
    ) -> Edges {
        let first = days.start(0);
        let moved = |edge: &Edge| {
            let record = number(edge.record).filter(|_| edge.at >= first)?;
            Some(Edge { record, interaction: places[1][edge.interaction as usize], ..*edge })
        };
        let mut further = others.edges.iter().filter_map(moved).peekable();
        let mut edges = Vec::with_capacity(self.edges.len() + others.edges.len());
        for edge in self.edges.iter() {
            let edge = Edge { interaction: places[0][edge.interaction as usize], ..*edge };
            while let Some(other) = further.next_if(|other| other.key() < edge.key()) {
                edges.push(other);
            }
            edges.push(edge);
        }
        edges.extend(further);
        let (mut days_of_colleagues, mut days_of_records) = (self.days_of_colleagues, self.days_of_records);
        let earlier = days_of_others.count() - days.count() - days_of_others.days_after(days);
        days_of_colleagues.extend(&others.days_of_colleagues, earlier, Some);
        days_of_records.extend(&others.days_of_records, earlier, number);
        Edges { edges: edges.into(), days_of_colleagues, days_of_records, people: self.people }
    }

    /// The edges of one pair of colleague and record.
    pub fn of_pair(&self, user: u32, record: u32) -> &[Edge] {
        let from = self.edges.partition_point(|edge| (edge.user, edge.record) < (user, record));
        let until = self.edges.partition_point(|edge| (edge.user, edge.record) <= (user, record));
        &self.edges[from..until]
    }

    /// The edges of every pair of colleague and record.
    pub fn pairs(&self) -> impl Iterator<Item = &[Edge]> {
        self.edges.chunk_by(|a, b| (a.user, a.record) == (b.user, b.record))
    }
}

/// What one interaction says about two of its people, in millionths: `people` are those it speaks
/// to, `copied` says that the recipient of the two is in Cc.
fn weight(people: usize, copied: bool) -> u32 {
    let share = if copied { COPIED } else { 1.0 };
    micro(share / (people.max(1) as f64).sqrt().sqrt())
}
