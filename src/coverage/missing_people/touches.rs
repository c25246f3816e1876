//! What each person outside and our side ever had to do with each other: of people without record, and of contacts.

use crate::connections::strangers::Strangers;
use crate::error::Result;
use crate::interactions::Kind;
use crate::interactions::interaction_view::Facts;
use crate::interactions::people::view::ParticipantColumns;
use crate::interactions::{Context, Interactions};
use crate::people::{RecordType, person_key};
use crate::sources::roles::{ADDRESSED, STARTS};

/// What one person and our side had to do with each other.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Touches {
    /// Emails of theirs to one of ours.
    pub received: u32,
    /// Emails of ours to them.
    pub sent: u32,
    /// Emails and meetings in which they took part beside us, without either side writing to or meeting the other.
    pub beside: u32,
    /// Meetings with one of ours.
    pub meetings: u32,
    /// Calls with one of ours.
    pub phone_calls: u32,
    /// The first and the last of all of these, microseconds.
    pub span: Option<(i64, i64)>,
    /// The last email of theirs, meeting or call.
    pub last_heard: Option<i64>,
    /// The first email of theirs, meeting or call.
    pub first_heard: Option<i64>,
}

impl Touches {
    /// All of them.
    pub fn all(&self) -> u32 {
        self.received + self.sent + self.beside + self.meetings + self.phone_calls
    }

    fn note(&mut self, at: i64, is_heard: bool) {
        let wider = |span: Option<(i64, i64)>| span.map_or((at, at), |(from, to)| (from.min(at), to.max(at)));
        self.span = Some(wider(self.span));
        if is_heard {
            self.last_heard = self.last_heard.max(Some(at));
            self.first_heard = Some(self.first_heard.map_or(at, |first| first.min(at)));
        }
    }
}

/// Everybody outside whom our side ever had to do with.
#[derive(Default)]
pub struct Outsiders {
    /// People who are in no record.
    pub strangers: Strangers,
    /// By number of the stranger.
    pub of_strangers: Vec<Touches>,
    /// By contact, from the first one on.
    pub of_contacts: Vec<Touches>,
    /// Contacts whom emails of ours addressed in To, and when.
    pub addressed: Vec<(u32, i64)>,
}

impl Outsiders {
    /// Of everything that was held. The input may be split by interaction.
    pub fn of(context: &Context, interactions: &Interactions) -> Result<Outsiders> {
        let contacts = context.people.records.range(RecordType::Contact);
        let facts = Facts::of(&interactions.table)?;
        let people = ParticipantColumns::of(&interactions.participants.people)?;
        let mut people = people.rows()?;
        let mut found = Outsiders {
            strangers: Strangers::default(),
            of_strangers: Vec::new(),
            of_contacts: vec![Touches::default(); contacts.len()],
            addressed: Vec::new(),
        };
        for interaction in 0..facts.count() {
            let parts = people.next(interaction);
            let Some(held) = facts.held(interaction).filter(|held| held.kind != Kind::Task) else {
                continue;
            };
            let present = || parts.clone().filter(|&part| people.takes_part(part));
            let ours = |part: &usize| person_key::is_ours(people.who[*part]);
            let any_ours = present().any(|part| ours(&part));
            let we_start = present().any(|part| ours(&part) && people.roles[part] == STARTS);
            for part in present().filter(|part| !ours(part)) {
                let (who, role) = (people.who[part], people.roles[part]);
                let contact = person_key::record(who).filter(|record| contacts.contains(record));
                let touches = if let Some(contact) = contact {
                    &mut found.of_contacts[(contact - contacts.start) as usize]
                } else {
                    let Some(number) = found.strangers.meet(who) else { continue };
                    if found.of_strangers.len() <= number as usize {
                        found.of_strangers.push(Touches::default());
                    }
                    &mut found.of_strangers[number as usize]
                };
                let mut is_heard = any_ours;
                match (held.kind, role) {
                    _ if !any_ours => touches.beside += 1,
                    (Kind::Email, STARTS) => touches.received += 1,
                    (Kind::Email, _) => {
                        is_heard = false;
                        *(if we_start { &mut touches.sent } else { &mut touches.beside }) += 1;
                        if we_start && role == ADDRESSED {
                            found.addressed.extend(contact.map(|contact| (contact, held.at)));
                        }
                    }
                    (Kind::Meeting, _) => touches.meetings += 1,
                    _ => touches.phone_calls += 1,
                }
                touches.note(held.at, is_heard);
            }
        }
        Ok(found)
    }
}
