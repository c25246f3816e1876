//! The workbench on which awkward cases are planted: one activity at a time.
//!
//! Each case has a number; its rows carry it in their subject or name, and the lake's README lists it.

use crate::awkward::plants::{Case, Plants};
use crate::history::calls::{Call, Task};
use crate::history::mail::{Machine, Mail};
use crate::history::meetings::{Form, Meeting};
use crate::ids::{Kind, guid, item_id};
use crate::random::PLANTED;
use crate::tables::activityparty::{Member, Party};
use crate::times::{DAY, HOUR, MINUTE};
use crate::world::{Owner, PersonNo, World};
use crate::write::patch::{Cell, Patch, Twin};

/// 2026-03-01T00:00:00Z; days and hours of planted cases count from here.
const MARCH: i64 = 20_513 * DAY;

pub fn march(day: i64, hour: i64) -> i64 {
    MARCH + (day - 1) * DAY + hour * HOUR
}

pub struct Bench<'w> {
    pub world: &'w mut World,
    pub plants: Plants,
    next: u64,
}

impl<'w> Bench<'w> {
    pub fn new(world: &'w mut World) -> Self {
        let plants = Plants::drawn(world);
        Bench { world, plants, next: PLANTED }
    }

    /// Opens a case; its name goes into the rows.
    pub fn case(&mut self, rule: &'static str, place: &str, what: &str) -> String {
        let number = self.plants.cases.len() + 1;
        self.plants.cases.push(Case { number, rule, what: what.to_string(), place: place.to_string() });
        format!("Case {number:03}")
    }

    fn number(&mut self) -> u64 {
        self.next += 1;
        self.next
    }

    /// A mail that both sources hold, a thread of its own. Change what the case needs.
    pub fn mail(&mut self, at: i64, from: PersonNo, to: &[PersonNo], subject: &str) -> &mut Mail {
        let number = self.number();
        let status = if self.world.person(from).ours() { 3 } else { 4 };
        self.plants.mails.push(Mail {
            number,
            at,
            thread: number,
            first: number,
            began: at,
            position: 0,
            parent: None,
            from,
            delegate: None,
            to: to.to_vec(),
            cc: Vec::new(),
            bcc: Vec::new(),
            subject: subject.to_string(),
            about: None,
            machine: Machine::No,
            indexed: false,
            exchange: true,
            dataverse: true,
            status,
            draft: false,
        });
        let last = self.plants.mails.len() - 1;
        &mut self.plants.mails[last]
    }

    /// A mail that only Dataverse holds.
    pub fn tracked(&mut self, at: i64, from: PersonNo, to: &[PersonNo], subject: &str) -> &mut Mail {
        let mail = self.mail(at, from, to, subject);
        mail.exchange = false;
        mail
    }

    /// A mail that only Exchange holds.
    pub fn posted(&mut self, at: i64, from: PersonNo, to: &[PersonNo], subject: &str) -> &mut Mail {
        let mail = self.mail(at, from, to, subject);
        mail.dataverse = false;
        mail
    }

    /// A completed meeting of 60 minutes that both sources hold.
    pub fn meeting(&mut self, start: i64, organizer: PersonNo, required: &[PersonNo], subject: &str) -> &mut Meeting {
        let number = self.number();
        self.plants.meetings.push(Meeting {
            number,
            series: number,
            created: start - 6 * DAY,
            start,
            minutes: 60,
            organizer,
            required: required.to_vec(),
            optional: Vec::new(),
            room: None,
            declined: Vec::new(),
            state: 1,
            all_day: false,
            form: Form::Single,
            about: None,
            exchange: true,
            dataverse: true,
            subject: subject.to_string(),
        });
        let last = self.plants.meetings.len() - 1;
        &mut self.plants.meetings[last]
    }

    /// A completed outgoing call of 10 minutes, logged after the fact.
    pub fn call(&mut self, at: i64, ours: PersonNo, theirs: PersonNo, subject: &str) -> &mut Call {
        let number = self.number();
        self.plants.calls.push(Call {
            number,
            created: at + 20 * MINUTE,
            at,
            minutes: Some(10),
            outgoing: true,
            ours,
            theirs,
            about: None,
            state: 1,
            subject: subject.to_string(),
        });
        let last = self.plants.calls.len() - 1;
        &mut self.plants.calls[last]
    }

    /// A completed task of 45 minutes.
    pub fn task(&mut self, due: i64, owner: usize, subject: &str) -> &mut Task {
        let number = self.number();
        self.plants.tasks.push(Task {
            number,
            created: due - 2 * DAY,
            due,
            minutes: Some(45),
            owner: Owner::Colleague(owner),
            about: None,
            state: 1,
            subject: subject.to_string(),
        });
        let last = self.plants.tasks.len() - 1;
        &mut self.plants.tasks[last]
    }

    pub fn party(&mut self, activity: (Kind, u64), mask: i32, at: i64, member: Member) {
        self.plants.parties.push(Party { activity, member, mask, created: at });
    }

    pub fn patch(&mut self, table: &'static str, id: String, column: &'static str, value: Cell) {
        self.plants.patches.push(Patch { table, id, column, value });
    }

    /// A cell of a mail's row in `dataverse/email`.
    pub fn patch_email(&mut self, number: u64, column: &'static str, value: Cell) {
        self.patch("email", guid(Kind::Email, number), column, value);
    }

    /// A cell of a mail's row in one mailbox.
    pub fn patch_message(&mut self, number: u64, mailbox: usize, column: &'static str, value: Cell) {
        self.patch("messages", item_id(Kind::Email, number, mailbox as u64), column, value);
    }

    pub fn twin(&mut self, table: &'static str, id: String, cells: Vec<(&'static str, Cell)>) -> &mut Twin {
        self.plants.twins.push(Twin { table, id, cells, bare: false, later: false });
        let last = self.plants.twins.len() - 1;
        &mut self.plants.twins[last]
    }
}
