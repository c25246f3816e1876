//! With whom a record has been in touch lately: its colleagues and its customer people, and who of them ever heard from us.

use polars::prelude::*;

use crate::health::histories::Histories;
use crate::health::touchpoint::NOBODY;
use crate::interactions::Context;
use crate::people::record_lists::{Lists, people_of_records};
use crate::people::{RecordType, Records};

/// Days that are looked back.
const DAYS: u32 = 90;

/// Everybody around records.
pub struct Surroundings<'a> {
    histories: &'a Histories,
    people: Lists,
    records: &'a Records,
}

impl<'a> Surroundings<'a> {
    /// Of all records.
    pub fn of(context: &'a Context, histories: &'a Histories) -> Surroundings<'a> {
        Surroundings { histories, people: people_of_records(context.people), records: &context.people.records }
    }

    /// The colleagues in touch with a record in the last 90 days.
    pub fn colleagues(&self, record: u32) -> Vec<u32> {
        let mut found: Vec<u32> = self.lately(record).filter(|&user| user != NOBODY).collect();
        found.sort_unstable();
        found.dedup();
        found
    }

    /// The contacts of an account or deal who were in touch with us in the last 90 days.
    pub fn contacts(&self, record: u32) -> Vec<u32> {
        self.contacts_of(record).filter(|&contact| self.lately(contact).next().is_some()).collect()
    }

    /// The contacts of an account or deal.
    pub fn contacts_of(&self, record: u32) -> impl Iterator<Item = u32> {
        let contacts = self.records.range(RecordType::Contact);
        self.people.under(record).iter().copied().filter(move |person| contacts.contains(person))
    }

    /// The colleague of each interaction with a record in the last 90 days, [`NOBODY`] where none of ours took part.
    fn lately(&self, record: u32) -> impl Iterator<Item = u32> {
        let today = self.histories.days.count() - 1;
        let signs = self.histories.signs(record);
        signs[signs.partition_point(|sign| sign.day() + DAYS <= today)..].iter().map(|sign| sign.user())
    }
}

/// KPIs that count how we reached somebody: emails that we sent, meetings and calls.
pub const REACHING: [&str; 5] =
    ["emails_sent", "meetings_sent", "meetings_received", "phone_calls_made", "phone_calls_received"];

/// By record, whether any of that reached it; `by_record` has their KPIs in order.
pub fn addressed(by_record: &DataFrame) -> PolarsResult<Vec<bool>> {
    let mut found = vec![false; by_record.height()];
    for name in REACHING {
        let counts = by_record.column(name)?.i64()?;
        found.iter_mut().zip(counts.iter()).for_each(|(found, count)| *found |= count.is_some_and(|count| count > 0));
    }
    Ok(found)
}
