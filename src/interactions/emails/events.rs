//! Merged emails as events.

use std::cmp::Ordering;
use std::collections::HashMap;

use polars::prelude::*;
use rayon::prelude::*;

use crate::frames::keys::{Key, Keys};
use crate::frames::side_by_side;
use crate::frames::sort_text::head;
use crate::interactions::columns::*;
use crate::interactions::emails::merge::Merged;
use crate::interactions::emails::merged_email::Email;
use crate::interactions::event::*;
use crate::sources::values::ids::Names;
use crate::sources::values::message_ids::message_id;

/// Emails that become one piece of the table at a time.
const CHUNK: usize = 1 << 16;

/// The texts of both sources that name emails.
pub struct Texts {
    /// Message ids of tracked emails.
    pub tracked: StringChunked,
    /// Ids of tracked emails.
    pub tracked_ids: StringChunked,
    /// Message ids of copies, as stored.
    pub copies: StringChunked,
    /// Ids of copies.
    pub copy_ids: StringChunked,
    /// Mailboxes of copies, and their ids.
    pub mailboxes: Keys,
    /// See above.
    pub mailbox_names: Names,
    /// By row of a copy whose own id names items of several mailboxes: its id and mailbox.
    pub with_mailbox: HashMap<u32, String>,
    /// Subjects of tracked emails and of copies, where they are published.
    pub subjects: Option<[StringChunked; 2]>,
}

impl Texts {
    /// The text of an email's identity: its message id, else the id of a row.
    fn identity(&self, email: &Email) -> Option<&str> {
        let tracked = email.tracked_row();
        let copy = email.copy_row();
        let of_tracked = tracked.and_then(|row| self.tracked.get(row));
        let named = of_tracked.or_else(|| copy.and_then(|row| self.message_id(row)));
        let named = named.or_else(|| tracked.and_then(|row| self.tracked_ids.get(row)));
        named.or_else(|| {
            let row = copy?;
            match self.with_mailbox.is_empty() {
                true => None,
                false => self.with_mailbox.get(&(row as u32)).map(String::as_str),
            }
            .or_else(|| self.copy_ids.get(row))
        })
    }

    /// The message id of a copy.
    fn message_id(&self, row: usize) -> Option<&str> {
        Some(message_id(self.copies.get(row)?)).filter(|id| !id.is_empty())
    }

    /// The row of an email that only its copy's own id names.
    fn named_by_item(&self, email: &Email) -> Option<usize> {
        let row = email.copy_row().filter(|_| email.tracked_row().is_none())?;
        self.message_id(row).is_none().then_some(row)
    }

    /// Names items by their mailboxes as well where several emails have one name.
    fn tell_mailboxes_apart(&mut self, merged: &Merged, order: &[(u64, u32)]) -> bool {
        // Nearly always all copies have message ids, and no item has to lend its name.
        if self.copies.iter().all(|id| id.is_some_and(|id| !message_id(id).is_empty())) {
            return false;
        }
        let text = |number: u32| self.identity(merged.email(number));
        let mut found = HashMap::new();
        for emails in order.chunk_by(|a, b| a.0 == b.0 && text(a.1) == text(b.1)).filter(|emails| emails.len() > 1) {
            for row in emails.iter().filter_map(|&(_, email)| self.named_by_item(merged.email(email))) {
                let mailbox = self.mailboxes.get(row).and_then(|mailbox| self.mailbox_names.text(mailbox));
                if let (Some(id), Some(mailbox)) = (self.copy_ids.get(row), mailbox) {
                    found.insert(row as u32, format!("{id}/{mailbox}"));
                }
            }
        }
        self.with_mailbox = found;
        !self.with_mailbox.is_empty()
    }

    fn subject(&self, email: &Email) -> Option<&str> {
        let [tracked, copies] = self.subjects.as_ref()?;
        let of_tracked = email.tracked_row().and_then(|row| tracked.get(row));
        of_tracked.or_else(|| copies.get(email.copy_row()?))
    }
}

/// Events in the order of the texts of their identities, and the event of each email.
pub fn events(merged: &Merged, mut texts: Texts) -> PolarsResult<(DataFrame, Vec<u32>)> {
    let mut in_order = order(merged, &texts);
    if texts.tell_mailboxes_apart(merged, &in_order) {
        in_order = order(merged, &texts);
    }
    let (order, texts) = (in_order, &texts);
    let mut of_email = vec![0; order.len()];
    for (event, &(_, email)) in (0..).zip(&order) {
        of_email[email as usize] = event;
    }
    let chunks: Vec<&[(u64, u32)]> = order.chunks(CHUNK).collect();
    let pieces = side_by_side(&chunks, |chunk| {
        let emails: Vec<Email> = chunk.iter().map(|&(_, email)| *merged.email(email)).collect();
        piece(&emails, texts)
    });
    let mut pieces = pieces?.into_iter();
    let mut events = match pieces.next() {
        Some(first) => first,
        None => piece(&[], texts)?,
    };
    for piece in pieces {
        events.vstack_mut_owned(piece)?;
    }
    Ok((events, of_email))
}

/// Emails by the first bytes of their texts, then by the texts.
fn order(merged: &Merged, texts: &Texts) -> Vec<(u64, u32)> {
    let heads = merged.par_emails().map(|(number, email)| (head(texts.identity(email)), number));
    let mut order: Vec<(u64, u32)> = heads.collect();
    order.par_sort_unstable_by(|a, b| {
        let text = |number: u32| texts.identity(merged.email(number));
        a.0.cmp(&b.0).then_with(|| text(a.1).cmp(&text(b.1))).then_with(|| {
            let identity = |number: u32| merged.email(number).identity;
            if a.1 == b.1 { Ordering::Equal } else { identity(a.1).cmp(&identity(b.1)) }
        })
    });
    order
}

/// Emails as events, see [`columns`].
fn piece(emails: &[Email], texts: &Texts) -> PolarsResult<DataFrame> {
    let truths = |f: &dyn Fn(&Email) -> Option<bool>| emails.iter().map(f).collect::<BooleanChunked>().into_column();
    let keys = |f: fn(&Email) -> Option<Key>| emails.iter().map(f).collect::<Keys>().into_column();
    let columns = columns(texts.subjects.is_some()).into_iter().map(|(name, dtype)| {
        let column = match name {
            KIND => UInt8Chunked::full(PlSmallStr::EMPTY, EMAIL, emails.len()).into_column(),
            IDENTITY => keys(|email| Some(email.identity)),
            IDENTITY_TEXT => emails.iter().map(|email| texts.identity(email)).collect::<StringChunked>().into_column(),
            REASON => emails.iter().map(Email::reason).collect::<UInt8Chunked>().into_column(),
            PLANNED => truths(&|_| Some(false)),
            OURS => truths(&Email::ours),
            OCCURRED_AT => {
                emails.iter().map(Email::occurred_at).collect::<Int64Chunked>().into_column().cast(&dtype)?
            }
            IN_DATAVERSE => truths(&|email| Some(email.in_dataverse())),
            IN_EXCHANGE => truths(&|email| Some(email.in_exchange())),
            REGARDING => keys(Email::regarding),
            AUTOMATED => truths(&|email| Some(email.automated())),
            CONVERSATION => emails.iter().map(Email::conversation).collect::<Int128Chunked>().into_column(),
            PARENT => keys(Email::parent),
            SUBJECT => emails.iter().map(|email| texts.subject(email)).collect::<StringChunked>().into_column(),
            _ => match NOTICED.iter().position(|&noticed| noticed == name) {
                Some(bit) => truths(&|email| email.engagement(bit)),
                None => Column::full_null(PlSmallStr::EMPTY, emails.len(), &dtype),
            },
        };
        Ok(column.with_name(name.into()))
    });
    DataFrame::new(emails.len(), columns.collect::<PolarsResult<_>>()?)
}
