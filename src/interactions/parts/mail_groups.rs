//! Mail that belongs together: copies of one email, emails of one thread, and what answers them.

use std::collections::HashMap;

use polars::prelude::*;

use crate::error::{Error, Result};
use crate::frames::keys::{Key, KeyMap, place};
use crate::interactions::columns::*;
use crate::scratch::{List, Scratch};
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
        let of_emails = Names { table: emails, named_by: &[IDENTITY, ACTIVITY], nameless: Nameless::none(scratch)? };
        let nameless = Nameless::of(messages, scratch)?;
        let of_messages = Names { table: messages, named_by: &[IDENTITY], nameless };
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
        let mut of_emails = groups.roots();
        let of_messages = of_emails.split_off(emails.height());
        Ok(MailGroups { of_emails, of_messages, count: rows })
    }

    /// Those of some of its rows.
    pub fn only(&self, emails: &[bool], messages: &[bool]) -> MailGroups {
        let only = |groups: &[u32], rows: &[bool]| {
            groups.iter().zip(rows).filter(|(_, is_kept)| **is_kept).map(|(group, _)| *group).collect()
        };
        let (of_emails, of_messages) = (only(&self.of_emails, emails), only(&self.of_messages, messages));
        MailGroups { of_emails, of_messages, count: self.count }
    }
}

/// What rows of a table of mail share with others of their group.
struct Names<'t> {
    table: &'t DataFrame,
    /// Columns of which the first that is set tells which email a row is.
    named_by: &'static [&'static str],
    nameless: Nameless,
}

impl Names<'_> {
    /// Looks at all names of all rows. A parent may stand for `several`.
    fn each(&self, several: &HashMap<Key, Vec<Key>>, mut look: impl FnMut(usize, Key)) -> PolarsResult<()> {
        let keys = |name: &str| self.table.column(name)?.i128();
        let named_by = self.named_by.iter().map(|name| keys(name)).collect::<PolarsResult<Vec<_>>>()?;
        let mut named_by: Vec<_> = named_by.into_iter().map(|keys| keys.iter()).collect();
        for row in 0..self.table.height() {
            let name = named_by.iter_mut().map(|keys| keys.next().flatten()).reduce(Option::or).flatten();
            name.into_iter().for_each(|name| look(row, name));
        }
        for (&row, &name) in self.nameless.rows.iter().zip(self.nameless.keys.iter()) {
            look(row as usize, name);
        }
        for (row, name) in keys(CONVERSATION)?.iter().enumerate() {
            name.into_iter().for_each(|name| look(row, name));
        }
        for (row, parent) in keys(PARENT)?.iter().enumerate() {
            let Some(parent) = parent else { continue };
            match several.get(&parent) {
                Some(parents) => parents.iter().for_each(|&parent| look(row, parent)),
                None => look(row, parent),
            }
        }
        Ok(())
    }
}

/// Copies without message id, which are named by their own ids besides.
struct Nameless {
    /// Their rows.
    rows: List<u32>,
    /// The keys of their ids.
    keys: List<Key>,
}

impl Nameless {
    fn none(scratch: &Scratch) -> Result<Nameless> {
        Ok(Nameless { rows: scratch.list()?.finish()?, keys: scratch.list()?.finish()? })
    }

    /// Those of a table of copies. Items of several mailboxes may share an id; then each is named by its mailbox as well.
    fn of(messages: &DataFrame, scratch: &Scratch) -> Result<Nameless> {
        let texts = |name: &str| messages.column(name).and_then(|texts| texts.str());
        let texts = |name| texts(name).map_err(Error::engine("mail that belongs together"));
        let (mut rows, mut keys) = (scratch.list()?, scratch.list()?);
        for (row, (message_id, own)) in (0..).zip(texts("message_id")?.iter().zip(texts(SOURCE_ID)?.iter())) {
            if let Some(key) = own.filter(|_| is_nameless(message_id)).and_then(ids::exact_key) {
                rows.push(row);
                keys.push(key);
            }
        }
        Ok(Nameless { rows: rows.finish()?, keys: keys.finish()? })
    }
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

    /// The group of each row.
    fn roots(mut self) -> Vec<u32> {
        for row in 0..self.0.len() as u32 {
            self.0[row as usize] = self.root(row);
        }
        self.0
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
        assert_eq!(groups.roots(), [0, 1, 1, 1, 4, 1]);
    }
}
