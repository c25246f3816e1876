//! Mail that belongs together: copies of one email, emails of one thread, and what answers them.

use polars::prelude::*;

use crate::error::{Error, Result};
use crate::frames::keys::{Key, KeyMap};
use crate::interactions::columns::*;
use crate::sources::values::ids;
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

impl MailGroups {
    /// Of all mail of a lake, whenever it was sent.
    pub fn of(activities: &Activities, parents: &Parents) -> Result<MailGroups> {
        of_rows(activities, parents).map_err(Error::engine("mail that belongs together"))
    }
}

fn of_rows(activities: &Activities, parents: &Parents) -> PolarsResult<MailGroups> {
    let several = parents.several();
    let mut groups = Groups::default();
    let mut join = |names: [Option<Key>; 3], parent: Option<Key>| -> u32 {
        let group = groups.new_one();
        for name in names.into_iter().flatten() {
            groups.join(group, name);
        }
        match parent.map(|parent| (parent, several.get(&parent))) {
            Some((_, Some(parents))) => parents.iter().for_each(|&parent| groups.join(group, parent)),
            Some((parent, None)) => groups.join(group, parent),
            None => {}
        }
        group
    };
    let (emails, messages) = (&activities.emails, &activities.messages);
    let keys = |frame: &DataFrame, name: &str| PolarsResult::Ok(frame.column(name)?.i128()?.rechunk().into_owned());
    let (identities, activities) = (keys(emails, IDENTITY)?, keys(emails, ACTIVITY)?);
    let (conversations, answered) = (keys(emails, CONVERSATION)?, keys(emails, PARENT)?);
    let rows = identities.iter().zip(activities.iter()).zip(conversations.iter().zip(answered.iter()));
    let rows = rows.map(|((identity, activity), (conversation, parent))| {
        join([identity.or(activity), conversation, None], parent)
    });
    let mut of_emails: Vec<u32> = rows.collect();
    let (identities, texts) = (keys(messages, IDENTITY)?, messages.column(SOURCE_ID)?.str()?);
    let (conversations, answered) = (keys(messages, CONVERSATION)?, keys(messages, PARENT)?);
    let message_ids = messages.column("message_id")?.str()?;
    let rows = identities.iter().zip(message_ids.iter().zip(texts.iter()));
    let rows = rows.zip(conversations.iter().zip(answered.iter()));
    let rows = rows.map(|((identity, (message_id, own)), (conversation, parent))| {
        // Items of several mailboxes may share an id; then each is named by its mailbox as well.
        let own = own.filter(|_| is_nameless(message_id)).and_then(ids::exact_key);
        join([identity, conversation, own], parent)
    });
    let mut of_messages: Vec<u32> = rows.collect();
    for group in of_emails.iter_mut().chain(&mut of_messages) {
        *group = groups.root(*group);
    }
    Ok(MailGroups { of_emails, of_messages, count: groups.parents.len() })
}

/// Whether a copy has no message id, so that its own id names it.
pub fn is_nameless(message_id: Option<&str>) -> bool {
    message_id.is_none_or(|id| ids::message_id(id).is_empty())
}

/// Groups that are joined by the names they share.
#[derive(Default)]
struct Groups {
    parents: Vec<u32>,
    named: KeyMap<u32>,
}

impl Groups {
    fn new_one(&mut self) -> u32 {
        let number = self.parents.len() as u32;
        self.parents.push(number);
        number
    }

    fn join(&mut self, group: u32, name: Key) {
        let other = *self.named.entry(name).or_insert(group);
        let (one, other) = (self.root(group), self.root(other));
        self.parents[one.max(other) as usize] = one.min(other);
    }

    fn root(&mut self, group: u32) -> u32 {
        let mut at = group as usize;
        while self.parents[at] as usize != at {
            self.parents[at] = self.parents[self.parents[at] as usize];
            at = self.parents[at] as usize;
        }
        at as u32
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn groups_that_share_a_name_are_one() {
        let mut groups = Groups::default();
        let numbers: Vec<u32> = [[1, 2], [3, 4], [5, 6], [4, 2]]
            .iter()
            .map(|names| {
                let group = groups.new_one();
                names.iter().for_each(|&name| groups.join(group, name));
                group
            })
            .collect();
        let roots: Vec<u32> = numbers.into_iter().map(|number| groups.root(number)).collect();
        assert_eq!(roots, [0, 0, 2, 0]);
    }
}
