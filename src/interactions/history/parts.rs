//! Activities in two parts: those that all days of a period see alike, and all others.
//!
//! Mail is settled as whole threads: all of it was sent so long before the end of the first day that no run of it can
//! become due or be answered within the period, and none of its people, nor a record that it regards, comes to be or
//! becomes somebody else ([`News`]). A meeting, call or task is settled when all its rows lie before the end of the
//! first day, whether held or dropped, and the same holds of its people. What is planned is never settled.

use polars::prelude::*;

use super::news::News;
use crate::config::Settings;
use crate::error::{Error, Result};
use crate::frames::collect;
use crate::frames::keys::{Key, KeyMap, KeySet, Keys};
use crate::interactions::columns::*;
use crate::interactions::meeting_identity;
use crate::interactions::parts::{MailGroups, is_nameless, parties_of};
use crate::sources::values::message_ids;
use crate::sources::{Activities, RECIPIENTS, Sources};
use crate::time::{AsOf, DAY};

/// The activities of a lake in two parts that have no interaction and no thread in common.
pub struct Parts {
    /// What all days see alike.
    pub settled: Activities,
    /// Everything else.
    pub open: Activities,
    /// Mail of these that belongs together.
    pub open_threads: MailGroups,
}

/// What is parted.
pub struct Known<'a> {
    /// The lake.
    pub sources: &'a Sources,
    /// Activities of it.
    pub activities: &'a Activities,
    /// Their mail that belongs together.
    pub threads: &'a MailGroups,
}

/// Parts activities for a period from one day to another.
pub fn part(known: &Known<'_>, settings: &Settings, first: &AsOf, last: &AsOf) -> Result<Parts> {
    let &Known { sources, activities, threads } = known;
    let news = News::between(sources, settings, first.cutoff(), last.cutoff())?;
    let horizon = i64::from(settings.response_horizon_days) * DAY;
    let period = Period { news, first: first.cutoff(), mail: first.cutoff().saturating_sub(horizon) };
    period.part(activities, threads).map_err(Error::engine("parting activities"))
}

struct Period {
    news: News,
    /// The end of its first day, microseconds.
    first: i64,
    /// From when on mail is open.
    mail: i64,
}

impl Period {
    fn part(&self, activities: &Activities, threads: &MailGroups) -> PolarsResult<Parts> {
        let met = self.met(&activities.parties)?;
        let (emails, messages) = self.open_mail(activities, threads, &met)?;
        let (appointments, events) = self.open_meetings(activities, &met)?;
        let (calls, tasks) = (self.open_work(&activities.calls, &met)?, self.open_work(&activities.tasks, &met)?);
        let sides = |table: &DataFrame, open: &[bool]| -> PolarsResult<[DataFrame; 2]> {
            let open: BooleanChunked = open.iter().copied().map(Some).collect();
            Ok([table.filter(&!&open)?, table.filter(&open)?])
        };
        let [settled_emails, open_emails] = sides(&activities.emails, &emails)?;
        let [settled_messages, open_messages] = sides(&activities.messages, &messages)?;
        let [settled_appointments, open_appointments] = sides(&activities.appointments, &appointments)?;
        let [settled_events, open_events] = sides(&activities.events, &events)?;
        let [settled_calls, open_calls] = sides(&activities.calls, &calls)?;
        let [settled_tasks, open_tasks] = sides(&activities.tasks, &tasks)?;
        let mut parts = Parts {
            settled: Activities {
                emails: settled_emails,
                appointments: settled_appointments,
                calls: settled_calls,
                tasks: settled_tasks,
                messages: settled_messages,
                events: settled_events,
                parties: DataFrame::empty(),
            },
            open: Activities {
                emails: open_emails,
                appointments: open_appointments,
                calls: open_calls,
                tasks: open_tasks,
                messages: open_messages,
                events: open_events,
                parties: DataFrame::empty(),
            },
            open_threads: threads.only(&emails, &messages),
        };
        for part in [&mut parts.settled, &mut parts.open] {
            part.parties = parties_of(part, &activities.parties)?;
        }
        Ok(parts)
    }

    /// Tracked activities in which somebody takes part who is news.
    fn met(&self, parties: &DataFrame) -> PolarsResult<KeySet> {
        let key = |name: &str| parties.column(name)?.i128();
        let rows = key(ACTIVITY)?.iter().zip(key("party")?.iter().zip(key(WHO)?.iter()));
        let is_news = |party, who: Option<Key>| {
            self.news.has_key(party) || who.is_some_and(|address| self.news.has_address(address))
        };
        Ok(rows.filter(|(_, (party, who))| is_news(*party, *who)).filter_map(|(activity, _)| activity).collect())
    }

    /// By tracked email and by copy, whether it is open: one row that is opens its whole thread.
    fn open_mail(
        &self,
        activities: &Activities,
        threads: &MailGroups,
        met: &KeySet,
    ) -> PolarsResult<(Vec<bool>, Vec<bool>)> {
        let mut open = vec![false; threads.count];
        for (row, is_open) in self.open_rows(&activities.emails, self.mail, met)?.into_iter().enumerate() {
            open[threads.of_emails[row] as usize] |= is_open;
        }
        let messages = &activities.messages;
        let (senders, times) = (messages.column(SENDER)?.i128()?, &messages.column(OCCURRED_AT)?.datetime()?.phys);
        let (recipients, names) =
            (self.news.among(messages.column(RECIPIENTS)?)?, messages.column("message_id")?.str()?);
        let rows = senders.iter().zip(times.iter()).zip(recipients.into_iter().zip(names.iter())).enumerate();
        for (row, ((sender, at), (is_received, name))) in rows {
            let is_sent = sender.is_some_and(|sender| self.news.has_address(sender));
            let is_late = at.is_some_and(|at| at >= self.mail);
            open[threads.of_messages[row] as usize] |= is_late || is_sent || is_received || is_nameless(name);
        }
        let of = |threads: &[u32]| threads.iter().map(|&thread| open[thread as usize]).collect();
        Ok((of(&threads.of_emails), of(&threads.of_messages)))
    }

    /// By tracked meeting and by copy, whether it is open: one row that is opens all of the meeting.
    fn open_meetings(&self, activities: &Activities, met: &KeySet) -> PolarsResult<(Vec<bool>, Vec<bool>)> {
        let (appointments, events) = (&activities.appointments, &activities.events);
        let identities = |table: &DataFrame, identity: Expr, own: &str| -> PolarsResult<Keys> {
            let identity = coalesce(&[message_ids::message_key_column(identity), col(own)]).alias(IDENTITY);
            let rows = collect(table.clone().lazy().select([identity]), "identities of meetings");
            let rows = rows.map_err(|error| PolarsError::ComputeError(error.to_string().into()))?;
            Ok(rows.column(IDENTITY)?.i128()?.rechunk().into_owned())
        };
        let tracked = identities(appointments, meeting_identity::of_tracked(), ACTIVITY)?;
        let copies = identities(events, meeting_identity::of_copy(), "item")?;
        let mut open_tracked = self.open_rows(appointments, self.first, met)?;
        let (attendees, organizers) = (self.news.among(events.column(WHO)?)?, events.column(SENDER)?.i128()?);
        let (names, times) = (events.column(IDENTITY_TEXT)?.str()?, &events.column(OCCURRED_AT)?.datetime()?.phys);
        let rows = attendees.into_iter().zip(organizers.iter()).zip(names.iter().zip(times.iter()));
        let rows = rows.map(|((is_attended, organizer), (name, at))| {
            let is_organized = organizer.is_some_and(|organizer| self.news.has_address(organizer));
            // What its mailbox's own id names is told from others of that name.
            at.is_some_and(|at| at >= self.first) || is_attended || is_organized || name.is_none()
        });
        let mut open_copies: Vec<bool> = rows.collect();
        let mut open: KeyMap<bool> = KeyMap::default();
        for (identities, rows) in [(&tracked, &open_tracked), (&copies, &open_copies)] {
            for (identity, &is_open) in identities.iter().zip(rows).filter(|(_, is_open)| **is_open) {
                open.extend(identity.map(|identity| (identity, is_open)));
            }
        }
        for (identities, rows) in [(&tracked, &mut open_tracked), (&copies, &mut open_copies)] {
            for (identity, is_open) in identities.iter().zip(rows) {
                *is_open |= identity.is_some_and(|identity| open.contains_key(&identity));
            }
        }
        Ok((open_tracked, open_copies))
    }

    /// By call or task, whether it is open.
    fn open_work(&self, table: &DataFrame, met: &KeySet) -> PolarsResult<Vec<bool>> {
        let mut open = self.open_rows(table, self.first, met)?;
        for (is_open, planned) in open.iter_mut().zip(table.column("planned_at")?.datetime()?.phys.iter()) {
            *is_open |= planned.is_some_and(|at| at >= self.first);
        }
        Ok(open)
    }

    /// By row of a table of tracked activities, whether it is too late, or has to do with somebody who is news.
    fn open_rows(&self, table: &DataFrame, from: i64, met: &KeySet) -> PolarsResult<Vec<bool>> {
        let times = &table.column(OCCURRED_AT)?.datetime()?.phys;
        let rows = table.column(ACTIVITY)?.i128()?.iter().zip(table.column(REGARDING)?.i128()?.iter());
        let is_open = |((activity, regarding), at): ((Option<Key>, Option<Key>), Option<i64>)| {
            at.is_some_and(|at| at >= from)
                || self.news.has_key(regarding)
                || activity.is_some_and(|activity| met.contains(&activity))
        };
        Ok(rows.zip(times.iter()).map(is_open).collect())
    }
}
