//! Merging the rows of each email (rules N3, N5, N6): a hash table of emails, split by key into shares.

use std::sync::atomic::{AtomicU32, Ordering::Relaxed};

use hashbrown::HashTable;
use hashbrown::hash_table::Entry;
use rayon::prelude::*;

use crate::frames::keys::{Key, place};
use crate::interactions::emails::merged_email::{ABSENT, Contribution, Email};
use crate::interactions::source_rows::NO_EVENT;
use crate::sources::drop_reason::leaves_no_trace;

/// Shares there are at least; more only give more cores something to do, and each reads all rows.
const SHARES: usize = 4;

/// The rows of one source.
pub struct Rows<'a, F> {
    /// The join key of each row's identity.
    pub identities: &'a [Key],
    /// [`HELD`](crate::interactions::emails::merged_email::HELD), [`ABSENT`], or the reason why it does not count.
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
            let mut found = EmailsOfShare::expecting((tracked.identities.len() + copies.identities.len()) / shares);
            let is_of = |identity: Key| share_of(identity, shares) == share;
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
    let numbered = |emails: Vec<AtomicU32>, identities: &[Key]| {
        let emails = emails.into_par_iter().zip(identities).map(|(email, &identity)| match email.into_inner() {
            NO_EVENT => NO_EVENT,
            email => first[share_of(identity, shares)] + email,
        });
        emails.collect()
    };
    let (of_tracked, of_copies) = (numbered(of_tracked, tracked.identities), numbered(of_copies, copies.identities));
    Merged { shares: found, first, of_tracked, of_copies }
}

fn share_of(identity: Key, shares: usize) -> usize {
    (place(identity) >> 32) as usize & (shares - 1)
}

/// The emails of a share, and a table that finds the number of each by its identity. The table holds numbers
/// alone: with the identities beside them it would be eight times as large, and each look-up slower.
struct EmailsOfShare {
    numbers: HashTable<u32>,
    emails: Vec<Email>,
}

impl EmailsOfShare {
    fn expecting(emails: usize) -> EmailsOfShare {
        EmailsOfShare { numbers: HashTable::with_capacity(emails), emails: Vec::new() }
    }

    fn add<F: Fn(usize) -> Contribution>(
        &mut self,
        rows: &Rows<'_, F>,
        is_of: impl Fn(Key) -> bool,
        of_exchange: bool,
        numbers: &[AtomicU32],
    ) {
        for (row, (&identity, &state)) in rows.identities.iter().zip(rows.states).enumerate() {
            if state == ABSENT || leaves_no_trace(state) || !is_of(identity) {
                continue;
            }
            let emails = &mut self.emails;
            let is_it = |&number: &u32| emails[number as usize].identity == identity;
            let number =
                match self.numbers.entry(place(identity), is_it, |&number| place(emails[number as usize].identity)) {
                    Entry::Occupied(found) => *found.get(),
                    Entry::Vacant(free) => {
                        let number = emails.len() as u32;
                        free.insert(number);
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
        let (share, at) = self.place(number);
        &self.shares[share][at]
    }

    fn place(&self, number: u32) -> (usize, usize) {
        let share = self.first.partition_point(|&first| first <= number) - 1;
        (share, (number - self.first[share]) as usize)
    }

    /// All emails with their numbers, in parallel.
    pub fn par_emails(&self) -> impl ParallelIterator<Item = (u32, &Email)> {
        self.shares.par_iter().zip(&self.first).flat_map_iter(|(share, &first)| (first..).zip(share))
    }

    /// Rows of emails on which their rows disagree: tracked ones, and copies.
    pub fn disputed(&self) -> [Vec<u32>; 2] {
        let disputed: Vec<bool> = self.shares.iter().flatten().map(Email::is_disputed).collect();
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
            let (share, at) = self.place(email);
            self.shares[share][at].settle(state, &says);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::frames::keys::ALIKE;
    use crate::interactions::emails::merged_email::HELD;
    use crate::sources::drop_reason::DropReason;

    #[test]
    fn identities_are_told_apart_by_all_their_bits() {
        let rows = Rows { identities: &ALIKE, states: &[HELD; 3], says: |_| Contribution::default() };
        let merged = merge(&rows, &rows);
        assert_eq!(merged.par_emails().count(), 3);
        assert_eq!(merged.of_tracked.iter().map(|&email| merged.email(email).identity).collect::<Vec<_>>(), ALIKE);
        assert_eq!(merged.of_copies, merged.of_tracked);
    }

    #[test]
    fn rows_of_one_identity_are_one_email_and_privacy_leaves_no_trace() {
        let states = [HELD, HELD, DropReason::OptedOut as u8, DropReason::Draft as u8];
        let tracked = Rows { identities: &[7, 8, 9, 10], states: &states, says: |_| Contribution::default() };
        let copies = Rows { identities: &[8, 9], states: &[HELD, HELD], says: |_| Contribution::default() };
        let merged = merge(&tracked, &copies);
        assert_eq!(merged.of_tracked[1], merged.of_copies[0]);
        assert_eq!(merged.of_tracked[2], NO_EVENT);
        let mut found: Vec<_> = merged.par_emails().map(|(number, email)| (number, email.identity)).collect();
        found.sort_unstable();
        assert_eq!(found.iter().map(|&(number, _)| number).collect::<Vec<_>>(), [0, 1, 2, 3]);
        for (identity, &email) in [7, 8].iter().zip(&merged.of_tracked) {
            assert_eq!(merged.email(email).identity, *identity);
        }
        let both = merged.email(merged.of_copies[0]);
        assert!(both.in_dataverse() && both.in_exchange());
        assert_eq!(merged.email(merged.of_tracked[3]).reason(), Some(DropReason::Draft as u8));
    }
}
