//! Activities in parts that have no interaction, thread and meeting in common.

use polars::prelude::*;

use super::mail_groups::MailGroups;
use crate::error::{Error, Result};
use crate::frames::keys::{Key, KeySet, place};
use crate::interactions::columns::*;
use crate::interactions::meeting_identity;
use crate::scratch::{List, Scratch};
use crate::sources::values::{ids, message_ids};
use crate::sources::{Activities, Parents};

/// Activities, and in which part each row is. Parties go with their activities.
pub struct Split {
    activities: Activities,
    emails: List<u16>,
    messages: List<u16>,
    appointments: List<u16>,
    events: List<u16>,
    calls: List<u16>,
    tasks: List<u16>,
}

impl Split {
    /// In so many parts.
    ///
    /// # Errors
    /// Only what the engine runs into, and a disk that is full.
    pub fn of(activities: Activities, parents: &Parents, count: u32, scratch: &Scratch) -> Result<Split> {
        let doing = || Error::engine("parting activities");
        let MailGroups { of_emails, of_messages, count: groups } = MailGroups::of(&activities, parents, scratch)?;
        let part_of_group = even(of_emails.iter().chain(&of_messages), groups, count);
        let of_mail = |groups: Vec<u32>| {
            let mut parts = scratch.list()?;
            parts.extend(groups.iter().map(|&group| part_of_group[group as usize]));
            parts.finish()
        };
        let (emails, messages) = (of_mail(of_emails)?, of_mail(of_messages)?);
        let of_kind = |table: &DataFrame, key: Expr| {
            let keys = table.clone().lazy().select([key.alias("key")]).collect().map_err(doing())?;
            let keys = keys.column("key").and_then(|keys| keys.i128()).map_err(doing())?;
            let mut parts = scratch.list()?;
            parts.extend(keys.iter().map(|key| part_of_key(key, count)));
            parts.finish()
        };
        let of_id = || coalesce(&[col(ACTIVITY), ids::exact_key_column(col(SOURCE_ID))]);
        Ok(Split {
            emails,
            messages,
            appointments: of_kind(&activities.appointments, of_meeting(meeting_identity::of_tracked(), of_id()))?,
            // Items of several mailboxes that share an id are told apart by it, so they stay together.
            events: of_kind(
                &activities.events,
                of_meeting(meeting_identity::of_copy(), ids::exact_key_column(col(SOURCE_ID))),
            )?,
            calls: of_kind(&activities.calls, of_id())?,
            tasks: of_kind(&activities.tasks, of_id())?,
            activities,
        })
    }

    /// One of the parts.
    ///
    /// # Errors
    /// Only what the engine runs into.
    pub fn part(&self, part: u32) -> Result<Activities> {
        let of_part = |table: &DataFrame, parts: &[u16]| -> PolarsResult<DataFrame> {
            let rows: BooleanChunked = parts.iter().map(|&of_row| Some(u32::from(of_row) == part)).collect();
            let mut rows = table.filter(&rows)?;
            rows.rechunk_mut();
            Ok(rows)
        };
        let of_tables = || -> PolarsResult<Activities> {
            let all = &self.activities;
            let mut activities = Activities {
                emails: of_part(&all.emails, &self.emails)?,
                appointments: of_part(&all.appointments, &self.appointments)?,
                calls: of_part(&all.calls, &self.calls)?,
                tasks: of_part(&all.tasks, &self.tasks)?,
                messages: of_part(&all.messages, &self.messages)?,
                events: of_part(&all.events, &self.events)?,
                parties: DataFrame::empty(),
            };
            activities.parties = parties_of(&activities, &all.parties)?;
            activities.parties.rechunk_mut();
            Ok(activities)
        };
        of_tables().map_err(Error::engine("parting activities"))
    }
}

/// The part of each group of mail, so that all parts have about as many rows: groups that begin near each other, which
/// lie near each other on disk, are in one part.
fn even<'a>(groups_of_rows: impl Iterator<Item = &'a u32>, groups: usize, count: u32) -> Vec<u16> {
    let mut rows = vec![0u32; groups];
    let mut all = 0u64;
    for &group in groups_of_rows {
        rows[group as usize] += 1;
        all += 1;
    }
    let mut before = 0u64;
    let part = |rows: u32| {
        let part = before * u64::from(count) / all.max(1);
        before += u64::from(rows);
        part as u16
    };
    rows.into_iter().map(part).collect()
}

/// By what the rows of one meeting are found: what it is told by, else its own id.
fn of_meeting(identity: Expr, own: Expr) -> Expr {
    coalesce(&[message_ids::message_key_column(identity), own])
}

/// The part of a row by its key; rows without one are in the first.
fn part_of_key(key: Option<Key>, count: u32) -> u16 {
    key.map_or(0, |key| (place(key) % u64::from(count)) as u16)
}

/// The parties of tracked activities of a part. Activities of several parts may share an id where an export has no versions.
pub fn parties_of(part: &Activities, parties: &DataFrame) -> PolarsResult<DataFrame> {
    let mut activities = KeySet::default();
    for table in [&part.emails, &part.appointments, &part.calls, &part.tasks] {
        activities.extend(table.column(ACTIVITY)?.i128()?.iter().flatten());
    }
    let mut last = (None, false);
    let is_of = |activity: Option<Key>| {
        // The parties of an activity mostly come together.
        if last.0 != activity {
            last = (activity, activity.is_some_and(|activity| activities.contains(&activity)));
        }
        last.1
    };
    let of_part: BooleanChunked = parties.column(ACTIVITY)?.i128()?.iter().map(is_of).map(Some).collect();
    parties.filter(&of_part)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn groups_are_whole_and_parts_about_even() {
        let groups = [0u32, 1, 1, 2, 2, 2, 3, 3, 4, 4, 4, 4];
        assert_eq!(even(groups.iter(), 5, 3), [0, 0, 0, 1, 2]);
        assert_eq!(even(groups.iter(), 5, 1), [0; 5]);
        assert_eq!(even([].iter(), 2, 7), [0; 2]);
    }
}
