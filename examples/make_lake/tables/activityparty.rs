//! `dataverse/activityparty`: who took part in an activity, and how.

use polars::prelude::*;

use crate::history::calls::{Call, Task};
use crate::history::mail::Mail;
use crate::history::meetings::Meeting;
use crate::ids::{Kind, guid};
use crate::random::{PLANTED, share};
use crate::tables::columns::{full_text, int, table, text, time};
use crate::tables::{appointment, email};
use crate::world::{Owner, PersonNo, Record, Who, World};
use crate::write::export::Fresh;

/// Participation type masks.
pub const SENDER: i32 = 1;
pub const TO: i32 = 2;
pub const CC: i32 = 3;
pub const BCC: i32 = 4;
pub const REQUIRED: i32 = 5;
pub const OPTIONAL: i32 = 6;
pub const ORGANIZER: i32 = 7;
pub const REGARDING: i32 = 8;
pub const OWNER: i32 = 9;
pub const RESOURCE: i32 = 10;

#[derive(Clone)]
pub enum Member {
    Person(PersonNo),
    Record(Record),
    Owner(Owner),
    /// Exactly these cells.
    Cells {
        id: Option<String>,
        entity: Option<&'static str>,
        address: Option<String>,
    },
}

#[derive(Clone)]
pub struct Party {
    /// The kind of activity and its number.
    pub activity: (Kind, u64),
    pub member: Member,
    pub mask: i32,
    pub created: i64,
}

/// Collects the parties of a period's activities.
pub struct Parties<'a> {
    world: &'a World,
    /// How many were numbered in earlier periods.
    before: u64,
    list: Vec<Party>,
}

impl<'a> Parties<'a> {
    pub fn new(world: &'a World, before: u64) -> Self {
        Parties { world, before, list: Vec::new() }
    }

    pub fn add(&mut self, party: Party) {
        self.list.push(party);
    }

    fn people(&mut self, activity: (Kind, u64), created: i64, mask: i32, people: &[PersonNo]) {
        for &person in people {
            self.add(Party { activity, member: Member::Person(person), mask, created });
        }
    }

    /// Who owns an activity and what it regards is not always among its parties.
    fn owner(&mut self, activity: (Kind, u64), created: i64, owner: Owner, about: Option<Record>, often: f64) {
        if share(activity.1, 41) < often {
            self.add(Party { activity, member: Member::Owner(owner), mask: OWNER, created });
        }
        if let Some(record) = about.filter(|_| share(activity.1, 42) < 3.0 * often) {
            self.add(Party { activity, member: Member::Record(record), mask: REGARDING, created });
        }
    }

    pub fn mail(&mut self, mail: &Mail) {
        let (activity, created) = ((Kind::Email, mail.number), email::created(mail));
        self.people(activity, created, SENDER, &[mail.from]);
        self.people(activity, created, TO, &mail.to);
        self.people(activity, created, CC, &mail.cc);
        self.people(activity, created, BCC, &mail.bcc);
        let owner = email::owner(self.world, mail);
        self.owner(activity, created, owner, mail.about, 0.03);
    }

    pub fn meeting(&mut self, meeting: &Meeting) {
        let (activity, created) = ((Kind::Appointment, meeting.number), meeting.created);
        self.people(activity, created, ORGANIZER, &[meeting.organizer]);
        self.people(activity, created, REQUIRED, &meeting.required);
        self.people(activity, created, OPTIONAL, &meeting.optional);
        self.people(activity, created, RESOURCE, meeting.room.as_slice());
        let owner = appointment::owner(self.world, meeting);
        self.owner(activity, created, owner, meeting.about, 0.5);
    }

    pub fn call(&mut self, call: &Call) {
        let activity = (Kind::Call, call.number);
        let (from, to) = if call.outgoing { (call.ours, call.theirs) } else { (call.theirs, call.ours) };
        self.people(activity, call.created, SENDER, &[from]);
        self.people(activity, call.created, TO, &[to]);
        if let Some(record) = call.about.filter(|_| share(call.number, 42) < 0.3) {
            let member = Member::Record(record);
            self.add(Party { activity, member, mask: REGARDING, created: call.created });
        }
    }

    pub fn task(&mut self, task: &Task) {
        self.owner((Kind::Task, task.number), task.created, task.owner, task.about, 1.0);
    }

    pub fn table(self) -> PolarsResult<Fresh> {
        let each = || (self.before..).zip(&self.list);
        let cells = || each().map(|(number, party)| self.cells(number, party));
        let frame = table(vec![
            full_text("activitypartyid", each().map(|(number, _)| guid(Kind::Party, number))),
            full_text("activityid", each().map(|(_, party)| guid(party.activity.0, party.activity.1))),
            text("partyid", cells().map(|cells| cells.0)),
            text("partyid_entitytype", cells().map(|cells| cells.1)),
            text("addressused", cells().map(|cells| cells.2)),
            int("participationtypemask", each().map(|(_, party)| Some(party.mask))),
            time("sortdate", each().map(|(_, party)| Some(party.created))),
        ])?;
        Ok(Fresh {
            frame,
            created: self.list.iter().map(|party| party.created).collect(),
            planted: self.list.iter().map(|party| party.activity.1 >= PLANTED).collect(),
        })
    }

    fn cells(&self, number: u64, party: &Party) -> (Option<String>, Option<&'static str>, Option<String>) {
        let person = match &party.member {
            Member::Person(person) => self.world.person(*person),
            Member::Record(record) => return (Some(record.id()), Some(record.entity()), None),
            Member::Owner(owner) => return (Some(owner.id()), Some(owner.entity()), None),
            Member::Cells { id, entity, address } => return (id.clone(), *entity, address.clone()),
        };
        let named = match person.who {
            Who::Colleague(number) => Some((Kind::Colleague, number, "systemuser")),
            Who::Contact(number) => Some((Kind::Contact, number, "contact")),
            Who::Lead(number) => Some((Kind::Lead, number, "lead")),
            Who::Nobody => None,
        };
        let planted = party.activity.1 >= PLANTED;
        // Tracking does not always resolve an address, and not every party keeps the address.
        match named {
            Some((kind, record, entity)) if planted || share(number, 43) > 0.05 => {
                let known = planted || share(number, 44) > 0.02;
                let address = known.then(|| person.address.clone());
                (Some(guid(kind, record as u64)), Some(entity), address)
            }
            _ => (None, None, Some(person.address.clone())),
        }
    }

    pub fn len(&self) -> u64 {
        self.list.len() as u64
    }
}
