//! Mail that belongs together: copies of one email, emails of one thread, and what answers them.

use std::collections::HashMap;

use polars::prelude::*;

use crate::error::{Error, Result};
use crate::frames::keys::{Key, KeyMap, Keys, place};
use crate::interactions::columns::*;
use crate::scratch::Scratch;
use crate::sources::values::{ids, message_ids};
use crate::sources::{Activities, Parents};

/// The group of mail of each row, by tracked email and by mailbox copy. No email, thread or report of undelivered mail
/// has rows in two groups.
pub struct MailGroups {
    /// By tracked email.
    pub of_emails: Vec<u32>,
    /// By mailbox copy.
    pub of_messages: Vec<u32>,
    /// How many there may be.
    pub count: usize,
}

/// Bytes of memory that the names of a row of mail take while they are looked at.
const BYTES_PER_ROW: u64 = 100;

impl MailGroups {
    /// Of all mail of a lake, whenever it was sent. Names are looked at in as many shares as memory wants.
    ///
    /// # Errors
    /// Only what the engine runs into, and a disk that is full.
    pub fn of(activities: &Activities, parents: &Parents, scratch: &Scratch) -> Result<MailGroups> {
        let doing = || Error::engine("mail that belongs together");
        let (emails, messages) = (&activities.emails, &activities.messages);
        let of_emails = Names {
            named: scratch.keep_column(identity_or_activity(emails).map_err(doing())?)?,
            own: None,
            table: emails,
        };
        let of_messages = Names {
            named: messages.column(IDENTITY).map_err(doing())?.clone(),
            own: Some(scratch.keep_column(keys_of_nameless(messages).map_err(doing())?)?),
            table: messages,
        };
        let several = parents.several();
        let rows = emails.height() + messages.height();
        let mut groups = Groups::of(rows);
        let shares = u64::from(scratch.parts(rows as u64 * BYTES_PER_ROW));
        for share in 0..shares {
            let mut named = KeyMap::default();
            let mut look = |row: usize, name: Key| {
                if shares == 1 || place(name) % shares == share {
                    groups.join(row as u32, *named.entry(name).or_insert(row as u32));
                }
            };
            of_emails.each(&several, &mut look).map_err(doing())?;
            of_messages.each(&several, |row, name| look(emails.height() + row, name)).map_err(doing())?;
        }
        let mut of_emails: Vec<u32> = (0..rows as u32).map(|row| groups.root(row)).collect();
        let of_messages = of_emails.split_off(emails.height());
        Ok(MailGroups { of_emails, of_messages, count: rows })
    }
}

/// What rows of a table of mail share with others of their group.
struct Names<'t> {
    /// Which email each is.
    named: Column,
    /// What names it besides.
    own: Option<Column>,
    table: &'t DataFrame,
}

impl Names<'_> {
    /// Looks at all names of all rows. A parent may stand for `several`.
    fn each(&self, several: &HashMap<Key, Vec<Key>>, mut look: impl FnMut(usize, Key)) -> PolarsResult<()> {
        for names in [Some(&self.named), self.own.as_ref(), Some(self.table.column(CONVERSATION)?)] {
            let Some(names) = names else { continue };
            for (row, name) in names.i128()?.iter().enumerate() {
                name.into_iter().for_each(|name| look(row, name));
            }
        }
        for (row, parent) in self.table.column(PARENT)?.i128()?.iter().enumerate() {
            let Some(parent) = parent else { continue };
            match several.get(&parent) {
                Some(parents) => parents.iter().for_each(|&parent| look(row, parent)),
                None => look(row, parent),
            }
        }
        Ok(())
    }
}

/// What tells which email a tracked one is.
fn identity_or_activity(emails: &DataFrame) -> PolarsResult<Column> {
    let keys = emails.clone().lazy().select([coalesce(&[col(IDENTITY), col(ACTIVITY)])]).collect()?;
    keys.column(IDENTITY).cloned()
}

/// The keys of copies without message id, and none of others. Items of several mailboxes may share an id; then each is
/// named by its mailbox as well.
fn keys_of_nameless(messages: &DataFrame) -> PolarsResult<Column> {
    let (message_ids, own) = (messages.column("message_id")?.str()?, messages.column(SOURCE_ID)?.str()?);
    let key = |(message_id, own): (Option<&str>, Option<&str>)| {
        own.filter(|_| is_nameless(message_id)).and_then(ids::exact_key)
    };
    let keys: Keys = message_ids.iter().zip(own.iter()).map(key).collect();
    Ok(keys.with_name(SOURCE_ID.into()).into_column())
}

/// Whether a copy has no message id, so that its own id names it.
pub fn is_nameless(message_id: Option<&str>) -> bool {
    message_id.is_none_or(|id| message_ids::message_id(id).is_empty())
}

/// Rows that are joined; each group is known by its first row.
struct Groups(Vec<u32>);

impl Groups {
    /// Rows of which none is joined with another.
    fn of(rows: usize) -> Groups {
        Groups((0..rows as u32).collect())
    }

    fn join(&mut self, one: u32, other: u32) {
        let (one, other) = (self.root(one), self.root(other));
        self.0[one.max(other) as usize] = one.min(other);
    }

    fn root(&mut self, row: u32) -> u32 {
        let mut at = row as usize;
        while self.0[at] as usize != at {
            self.0[at] = self.0[self.0[at] as usize];
            at = self.0[at] as usize;
        }
        at as u32
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_that_are_joined_are_known_by_the_first_of_them() {
        let mut groups = Groups::of(6);
        [(3, 5), (1, 2), (5, 2)].into_iter().for_each(|(one, other)| groups.join(one, other));
        let roots: Vec<u32> = (0..6).map(|row| groups.root(row)).collect();
        assert_eq!(roots, [0, 1, 1, 1, 4, 1]);
    }
}
