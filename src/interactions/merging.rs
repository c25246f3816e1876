//! Rows of one email as one (rules N3, N5, N6): a hash table of emails, in shares.

use std::sync::atomic::{AtomicU32, Ordering::Relaxed};

use hashbrown::HashTable;
use hashbrown::hash_table::Entry;
use rayon::prelude::*;

use super::places::NO_EVENT;
use crate::reasons::Reason;

/// State of a row that counts; other states are reasons for which it does not.
pub const HELD: u8 = u8::MAX - 1;
/// State of a row that is from after the date.
pub const ABSENT: u8 = u8::MAX;

/// Shares there are at least; more only give more cores something to do, and each reads all rows.
const SHARES: usize = 4;

/// What a row says of its email.
#[derive(Clone, Copy, Default)]
pub struct Contribution {
    /// When it was sent, in microseconds.
    pub occurred_at: Option<i64>,
    /// Whether it is machine-made.
    pub automated: bool,
    /// Bytes 6..22 of the conversation index.
    pub conversation: Option<i128>,
    /// Identity of the email that it answers.
    pub parent: Option<u64>,
    /// Key of the record that it regards.
    pub regarding: Option<u64>,
    /// Whether it goes out by its own flag.
    pub outgoing: Option<bool>,
    /// Whether one of ours sends it.
    pub ours: Option<bool>,
    /// Whether its readers are followed, and what they did, as bits.
    pub engagement: u8,
}

/// An email by all its rows; as small as one line of the processor's cache.
#[derive(Clone, Copy)]
pub struct Email {
    conversation: i128,
    /// The join key of its identity.
    pub identity: u64,
    occurred_at: i64,
    parent: u64,
    regarding: u64,
    tracked_row: u32,
    copy_row: u32,
    flags: u16,
    engagement: u8,
    reason: u8,
}

const IN_DATAVERSE: u16 = 1;
const IN_EXCHANGE: u16 = 1 << 1;
const AUTOMATED: u16 = 1 << 2;
const CONVERSATION: u16 = 1 << 3;
const PARENT: u16 = 1 << 4;
const REGARDING: u16 = 1 << 5;
/// Two flags each: there is a value, and it is true.
const OUTGOING: u16 = 1 << 6;
const OURS: u16 = 1 << 8;
/// Rows disagree on a value of which there is one; the first is being looked for.
const DISPUTED: u16 = 1 << 10;
const SETTLING: u16 = 1 << 11;
const NO_ROW: u32 = u32::MAX;
const NO_TIME: i64 = i64::MAX;
const NO_REASON: u8 = u8::MAX;

impl Email {
    fn new(identity: u64) -> Email {
        Email {
            conversation: 0,
            identity,
            occurred_at: NO_TIME,
            parent: 0,
            regarding: 0,
            tracked_row: NO_ROW,
            copy_row: NO_ROW,
            flags: 0,
            engagement: 0,
            reason: NO_REASON,
        }
    }

    /// When the first of its held rows says that it was sent.
    pub fn occurred_at(&self) -> Option<i64> {
        (self.occurred_at != NO_TIME).then_some(self.occurred_at)
    }

    /// The first of its tracked rows.
    pub fn tracked_row(&self) -> Option<usize> {
        (self.tracked_row != NO_ROW).then_some(self.tracked_row as usize)
    }

    /// The first of its copies.
    pub fn copy_row(&self) -> Option<usize> {
        (self.copy_row != NO_ROW).then_some(self.copy_row as usize)
    }

    /// Whether a tracked row of it is held.
    pub fn in_dataverse(&self) -> bool {
        self.flags & IN_DATAVERSE != 0
    }

    /// Whether a copy of it is held.
    pub fn in_exchange(&self) -> bool {
        self.flags & IN_EXCHANGE != 0
    }

    /// Whether a held row of it is machine-made.
    pub fn automated(&self) -> bool {
        self.flags & AUTOMATED != 0
    }

    /// Bytes 6..22 of the conversation index.
    pub fn conversation(&self) -> Option<i128> {
        (self.flags & CONVERSATION != 0).then_some(self.conversation)
    }

    /// Identity of the email that it answers.
    pub fn parent(&self) -> Option<u64> {
        (self.flags & PARENT != 0).then_some(self.parent)
    }

    /// Key of the record that it regards.
    pub fn regarding(&self) -> Option<u64> {
        (self.flags & REGARDING != 0).then_some(self.regarding)
    }

    /// Whether our side sends it: by its sender, else by its flag.
    pub fn ours(&self) -> Option<bool> {
        let truth = |flag: u16| (self.flags & flag != 0).then_some(self.flags & flag << 1 != 0);
        truth(OURS).or(truth(OUTGOING))
    }

    /// Why it is no interaction: a held row decides; without one, the email is only a link of its thread.
    pub fn reason(&self) -> Option<u8> {
        (!self.in_dataverse() && !self.in_exchange()).then_some(self.reason)
    }

    /// Whether its readers are followed and what they did, null where nobody looked.
    pub fn engagement(&self, bit: usize) -> Option<bool> {
        (self.engagement != 0).then_some(self.engagement >> bit & 1 != 0)
    }

    fn add(&mut self, row: u32, of_exchange: bool, state: u8, says: &Contribution) {
        let first = if of_exchange { &mut self.copy_row } else { &mut self.tracked_row };
        *first = row.min(*first);
        if state == HELD {
            self.flags |= if of_exchange { IN_EXCHANGE } else { IN_DATAVERSE };
            self.flags |= if says.automated { AUTOMATED } else { 0 };
            self.occurred_at = self.occurred_at.min(says.occurred_at.unwrap_or(NO_TIME));
            self.engagement |= says.engagement;
        } else {
            self.reason = self.reason.min(state);
        }
        self.offer(state, says);
    }

    /// Takes the values of which an email has one from a row, where it has none yet. What an email
    /// regards and which way it goes comes from rows that are held, its place in a thread from any.
    fn offer(&mut self, state: u8, says: &Contribution) {
        let flags = &mut self.flags;
        let mut is_first = |flag: u16, differs: bool| {
            let known = *flags & flag != 0;
            *flags |= if !known { flag } else if differs { DISPUTED } else { 0 };
            !known
        };
        if let Some(conversation) = says.conversation
            && is_first(CONVERSATION, self.conversation != conversation)
        {
            self.conversation = conversation;
        }
        if let Some(parent) = says.parent
            && is_first(PARENT, self.parent != parent)
        {
            self.parent = parent;
        }
        if state != HELD {
            return;
        }
        if let Some(regarding) = says.regarding
            && is_first(REGARDING, self.regarding != regarding)
        {
            self.regarding = regarding;
        }
        for (flag, truth) in [(OUTGOING, says.outgoing), (OURS, says.ours)] {
            let Some(truth) = truth else { continue };
            let value = if truth { flag << 1 } else { 0 };
            if *flags & flag == 0 {
                *flags |= flag | value;
            } else if *flags & flag << 1 != value {
                *flags |= DISPUTED;
            }
        }
    }
}

/// The rows of one source.
pub struct Rows<'a, F> {
    /// The join key of each row's identity.
    pub identities: &'a [u64],
    /// [`HELD`], [`ABSENT`], or the reason why it does not count.
    pub states: &'a [u8],
    /// What a row says of its email.
    pub says: F,
}

/// Emails, numbered in no particular order, and the email of each row.
pub struct Merged {
    shares: Vec<Vec<Email>>,
    /// Number of the first email of each share.
    first: Vec<u32>,
    /// By tracked row; no event where the row leaves no trace.
    pub of_tracked: Vec<u32>,
    /// By copy.
    pub of_copies: Vec<u32>,
}

/// Merges rows by identity. Rows that leave no trace are left out; others that do not count link
/// their thread, but nothing else. A table per share of the identities, the shares side by side.
///
/// As an aggregation of the engine with the joins around it this took three times the time.
pub fn merge<T, C>(tracked: &Rows<'_, T>, copies: &Rows<'_, C>) -> Merged
where
    T: Fn(usize) -> Contribution + Sync,
    C: Fn(usize) -> Contribution + Sync,
{
    let shares = SHARES.max(rayon::current_num_threads().next_power_of_two());
    let nowhere = |rows: usize| (0..rows).map(|_| AtomicU32::new(NO_EVENT)).collect::<Vec<_>>();
    let (of_tracked, of_copies) = (nowhere(tracked.identities.len()), nowhere(copies.identities.len()));
    let found: Vec<Vec<Email>> = (0..shares)
        .into_par_iter()
        .map(|share| {
            let mut found = Found::default();
            let is_of = |identity: u64| share_of(identity, shares) == share;
            found.add(tracked, is_of, false, &of_tracked);
            found.add(copies, is_of, true, &of_copies);
            found.emails
        })
        .collect();
    let mut next = 0;
    let first: Vec<u32> = found
        .iter()
        .map(|share| {
            next += share.len() as u32;
            next - share.len() as u32
        })
        .collect();
    let numbered = |emails: Vec<AtomicU32>, identities: &[u64]| {
        let emails = emails.into_par_iter().zip(identities).map(|(email, &identity)| match email.into_inner() {
            NO_EVENT => NO_EVENT,
            email => first[share_of(identity, shares)] + email,
        });
        emails.collect()
    };
    let (of_tracked, of_copies) = (numbered(of_tracked, tracked.identities), numbered(of_copies, copies.identities));
    Merged { shares: found, first, of_tracked, of_copies }
}

/// Some identities are keys, others numbers of rows; a multiplication spreads both.
fn share_of(identity: u64, shares: usize) -> usize {
    (identity.wrapping_mul(0x9E37_79B9_7F4A_7C15) >> 40) as usize & (shares - 1)
}

/// The emails of a share.
#[derive(Default)]
struct Found {
    numbers: HashTable<u32>,
    emails: Vec<Email>,
}

impl Found {
    fn add<F: Fn(usize) -> Contribution>(
        &mut self,
        rows: &Rows<'_, F>,
        is_of: impl Fn(u64) -> bool,
        of_exchange: bool,
        numbers: &[AtomicU32],
    ) {
        for (row, (&identity, &state)) in rows.identities.iter().zip(rows.states).enumerate() {
            let counts = state == HELD || state < Reason::Deleted as u8;
            if !counts || !is_of(identity) {
                continue;
            }
            let emails = &mut self.emails;
            let hash = identity.wrapping_mul(0x9E37_79B9_7F4A_7C15).rotate_left(26);
            let is_same = |&number: &u32| emails[number as usize].identity == identity;
            let again = |&number: &u32| {
                emails[number as usize].identity.wrapping_mul(0x9E37_79B9_7F4A_7C15).rotate_left(26)
            };
            let number = match self.numbers.entry(hash, is_same, again) {
                Entry::Occupied(place) => *place.get(),
                Entry::Vacant(place) => {
                    let number = emails.len() as u32;
                    place.insert(number);
                    emails.push(Email::new(identity));
                    number
                }
            };
            self.emails[number as usize].add(row as u32, of_exchange, state, &(rows.says)(row));
            numbers[row].store(number, Relaxed);
        }
    }
}

impl Merged {
    /// The email of a number.
    pub fn email(&self, number: u32) -> &Email {
        let share = self.first.partition_point(|&first| first <= number) - 1;
        &self.shares[share][(number - self.first[share]) as usize]
    }

    /// All emails with their numbers, in parallel.
    pub fn par_emails(&self) -> impl ParallelIterator<Item = (u32, &Email)> {
        self.shares.par_iter().zip(&self.first).flat_map_iter(|(share, &first)| (first..).zip(share))
    }

    /// Rows of emails on which their rows disagree: tracked ones, and copies.
    pub fn disputed(&self) -> [Vec<u32>; 2] {
        let disputed: Vec<bool> =
            self.shares.iter().flatten().map(|email| email.flags & DISPUTED != 0).collect();
        if !disputed.contains(&true) {
            return [Vec::new(), Vec::new()];
        }
        [&self.of_tracked, &self.of_copies].map(|emails| {
            let rows = (0..).zip(emails);
            rows.filter(|&(_, &email)| email != NO_EVENT && disputed[email as usize]).map(|(row, _)| row).collect()
        })
    }

    /// Gives an email on which its rows disagree the first value of each that a row says, in the order
    /// in which the rows are given here (rule N5).
    pub fn settle(&mut self, rows: impl Iterator<Item = (u32, u8, Contribution)>) {
        for (email, state, says) in rows {
            let share = self.first.partition_point(|&first| first <= email) - 1;
            let email = &mut self.shares[share][(email - self.first[share]) as usize];
            if email.flags & SETTLING == 0 {
                email.flags = SETTLING | email.flags & (IN_DATAVERSE | IN_EXCHANGE | AUTOMATED);
            }
            email.offer(state, &says);
        }
    }
}
