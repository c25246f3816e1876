//! Which colleague was in touch with which contact, lead and account, interaction by interaction
//! (rules W1, L2).

use std::ops::Range;

use super::strangers::Strangers;
use crate::decay::micro;
use crate::error::Result;
use crate::interactions::Kind;
use crate::interactions::interaction_view::{Facts, Started};
use crate::interactions::people::view::ParticipantColumns;
use crate::interactions::{Context, Interactions};
use crate::people::record_lists::{Lists, accounts_of_contacts, leads_of_groups};
use crate::people::{People, RecordType, person_key};
use crate::sources::roles::{ADDRESSED, STARTS};
use crate::time::{DaySets, LocalDays};

/// What an email says about somebody who is only copied in.
const COPIED: f64 = 0.5;

/// One interaction of one connection.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Edge {
    /// Number of the colleague.
    pub user: u32,
    /// Number of the contact, lead or account.
    pub record: u32,
    /// When, in microseconds.
    pub at: i64,
    /// Number of the interaction; of several at one time the smaller number is the smaller id.
    pub interaction: u32,
    /// What it says about the two, in millionths.
    pub weight: u32,
    /// To how many people it speaks, at least 1.
    pub people: u16,
    /// Its kind.
    pub kind: Kind,
    /// Who started it; of an email, which of the two sent it.
    pub started: Started,
}

/// What the interactions of a window say about who was in touch.
pub struct Edges {
    /// In the order of colleague, record, time and interaction.
    pub edges: Vec<Edge>,
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
    let members = ParticipantColumns::of(&interactions.participants.groups)?;
    let (mut people, mut members) = (people.rows()?, members.rows()?);
    let colleagues = context.people.directory.colleague_numbers.len();
    let mut found = Edges {
        edges: Vec::new(),
        days_of_colleagues: DaySets::empty(colleagues, days.count()),
        days_of_records: DaySets::empty(others, days.count()),
        people: context.people.records.range(RecordType::Contact).start
            ..context.people.records.range(RecordType::Lead).end,
    };
    let (mut ours, mut theirs, mut outsiders) = (Vec::new(), Vec::new(), Vec::new());
    for interaction in 0..facts.count() {
        let (parts, groups) = (people.next(interaction), members.next(interaction));
        let Some(held) = facts.held(interaction) else { continue };
        let connects = matches!(held.kind, Kind::Email | Kind::Meeting) || (calls && held.kind == Kind::Call);
        let Some(day) = days.place(held.at).filter(|_| connects) else { continue };
        ours.clear();
        theirs.clear();
        outsiders.clear();
        for part in parts.clone().filter(|&part| people.takes_part(part)) {
            let (who, role) = (people.who[part], people.roles[part]);
            match person_key::colleague_number(who) {
                Some(user) => ours.push((user, role)),
                None if person_key::is_ours(who) => {}
                None => {
                    outsiders.push(role);
                    let stranger = || Some(first_stranger + strangers.number(who)?);
                    theirs.extend(records.contact(who).or_else(stranger).map(|record| (record, role)));
                }
            }
        }
        if ours.is_empty() || outsiders.is_empty() {
            continue;
        }
        for part in groups.filter(|&part| members.takes_part(part)) {
            theirs.extend(records.leads.under(members.groups[part]).iter().map(|&lead| (lead, members.roles[part])));
        }
        // A lead that several participants are has the strongest of their roles.
        theirs.sort_unstable();
        theirs.dedup_by_key(|(record, _)| *record);
        let spoken_to = if held.is_email() {
            parts.filter(|&part| people.roles[part] != STARTS).count()
        } else {
            ours.len() + outsiders.len() - 1
        };
        for &(user, our_role) in &ours {
            if outsiders.iter().any(|&role| !held.is_email() || (our_role == STARTS) != (role == STARTS)) {
                found.days_of_colleagues.insert(user, day);
            }
            for &(record, their_role) in &theirs {
                let started = match (held.is_email(), our_role == STARTS, their_role == STARTS) {
                    (false, _, _) => held.started,
                    (true, true, false) => Started::ByUs,
                    (true, false, true) => Started::ByThem,
                    (true, _, _) => continue,
                };
                let copied = held.is_email() && our_role.max(their_role) > ADDRESSED;
                let weight = weight(spoken_to, copied);
                let people = spoken_to.clamp(1, usize::from(u16::MAX)) as u16;
                let edge = Edge { user, record, at: held.at, interaction, weight, people, kind: held.kind, started };
                for &record in [record].iter().chain(records.accounts.under(record)) {
                    found.days_of_records.insert(record, day);
                    found.edges.push(Edge { record, ..edge });
                }
            }
        }
    }
    let key = |edge: &Edge| (edge.user, edge.record, edge.at, edge.interaction);
    // Several contacts of an account in one interaction are one edge to the account, the heaviest.
    found.edges.sort_unstable_by_key(|edge| (key(edge), u32::MAX - edge.weight, edge.started));
    found.edges.dedup_by_key(|edge| key(edge));
    Ok(found)
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
        let key = |edge: &Edge| (edge.user, edge.record, edge.at, edge.interaction);
        let first = days.start(0);
        let moved = |edge: &Edge| {
            let record = number(edge.record).filter(|_| edge.at >= first)?;
            Some(Edge { record, interaction: places[1][edge.interaction as usize], ..*edge })
        };
        let mut further = others.edges.iter().filter_map(moved).peekable();
        let mut edges = Vec::with_capacity(self.edges.len() + others.edges.len());
        for edge in self.edges {
            let edge = Edge { interaction: places[0][edge.interaction as usize], ..edge };
            while let Some(other) = further.next_if(|other| key(other) < key(&edge)) {
                edges.push(other);
            }
            edges.push(edge);
        }
        edges.extend(further);
        let (mut days_of_colleagues, mut days_of_records) = (self.days_of_colleagues, self.days_of_records);
        let earlier = days_of_others.count() - days.count() - days_of_others.days_after(days);
        days_of_colleagues.extend(&others.days_of_colleagues, earlier, Some);
        days_of_records.extend(&others.days_of_records, earlier, number);
        Edges { edges, days_of_colleagues, days_of_records, people: self.people }
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

/// The contacts, leads and accounts that participants stand for.
struct Records {
    contacts: Range<u32>,
    accounts: Lists,
    leads: Lists,
}

impl Records {
    fn of(people: &People) -> Result<Records> {
        let contacts = people.records.range(RecordType::Contact);
        Ok(Records { contacts, accounts: accounts_of_contacts(people), leads: leads_of_groups(people)? })
    }

    /// The contact that somebody is.
    fn contact(&self, who: u64) -> Option<u32> {
        person_key::record(who).filter(|record| self.contacts.contains(record))
    }
}
