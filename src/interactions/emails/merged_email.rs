//! One email and what its rows say of it (rules N3, N5, N6).

use crate::frames::keys::Key;

/// State of a row that counts; other states are reasons for which it does not.
pub const HELD: u8 = u8::MAX - 1;
/// State of a row that is from after the date.
pub const ABSENT: u8 = u8::MAX;

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
    pub parent: Option<Key>,
    /// Key of the record that it regards.
    pub regarding: Option<Key>,
    /// Whether it goes out by its own flag.
    pub outgoing: Option<bool>,
    /// Whether one of ours sends it.
    pub ours: Option<bool>,
    /// The same of a sender of whom nothing but an id is known.
    pub ours_by_id_alone: Option<bool>,
    /// Whether it is a copy in Exchange that names people.
    pub names_people: bool,
    /// Whether its readers are followed, and what they did, as bits.
    pub engagement: u8,
}

/// An email by all its rows; as small as a line and a half of the processor's cache.
#[derive(Clone, Copy)]
pub struct Email {
    conversation: i128,
    /// The join key of its identity.
    pub identity: Key,
    occurred_at: i64,
    parent: Key,
    regarding: Key,
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
/// As [`OURS`], of the first sender, also of one known by an id alone.
const FIRST_OURS: u16 = 1 << 12;
const NAMES_PEOPLE: u16 = 1 << 14;
const NO_ROW: u32 = u32::MAX;
const NO_TIME: i64 = i64::MAX;
const NO_REASON: u8 = u8::MAX;

impl Email {
    /// An email of which no row was seen yet.
    pub fn new(identity: Key) -> Email {
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
    pub fn parent(&self) -> Option<Key> {
        (self.flags & PARENT != 0).then_some(self.parent)
    }

    /// Key of the record that it regards.
    pub fn regarding(&self) -> Option<Key> {
        (self.flags & REGARDING != 0).then_some(self.regarding)
    }

    /// Whether our side sends it: by its sender, else by its flag. Where a copy in Exchange names people, a sender
    /// known by an id alone is among them and gives way to one who is named (rule P4).
    pub fn ours(&self) -> Option<bool> {
        let truth = |flag: u16| (self.flags & flag != 0).then_some(self.flags & flag << 1 != 0);
        let named = if self.flags & NAMES_PEOPLE != 0 { truth(OURS) } else { None };
        named.or(truth(FIRST_OURS)).or(truth(OUTGOING))
    }

    /// Why it is no interaction: a held row decides; without one, the email is only a link of its thread.
    pub fn reason(&self) -> Option<u8> {
        (!self.in_dataverse() && !self.in_exchange()).then_some(self.reason)
    }

    /// Whether its readers are followed and what they did, null where nobody looked.
    pub fn engagement(&self, bit: usize) -> Option<bool> {
        (self.engagement != 0).then_some(self.engagement >> bit & 1 != 0)
    }

    /// Adds a row that leaves a trace.
    pub fn add(&mut self, row: u32, of_exchange: bool, state: u8, says: &Contribution) {
        let first = if of_exchange { &mut self.copy_row } else { &mut self.tracked_row };
        *first = row.min(*first);
        if state == HELD {
            self.flags |= if of_exchange { IN_EXCHANGE } else { IN_DATAVERSE };
            self.flags |= if says.automated { AUTOMATED } else { 0 };
            self.flags |= if says.names_people { NAMES_PEOPLE } else { 0 };
            self.occurred_at = self.occurred_at.min(says.occurred_at.unwrap_or(NO_TIME));
            self.engagement |= says.engagement;
        } else {
            self.reason = self.reason.min(state);
        }
        self.offer(state, says);
    }

    /// Whether its rows disagree on a value of which there is one.
    pub fn is_disputed(&self) -> bool {
        self.flags & DISPUTED != 0
    }

    /// Takes the first value of each that a row says: those of all its rows, one after the other in the
    /// order in which they decide, replace what was found before (rule N5).
    pub fn settle(&mut self, state: u8, says: &Contribution) {
        if self.flags & SETTLING == 0 {
            self.flags = SETTLING | self.flags & (IN_DATAVERSE | IN_EXCHANGE | AUTOMATED | NAMES_PEOPLE);
        }
        self.offer(state, says);
    }

    /// Takes the values of which an email has one from a row, where it has none yet. What an email
    /// regards and which way it goes comes from rows that are held, its place in a thread from any.
    fn offer(&mut self, state: u8, says: &Contribution) {
        let flags = &mut self.flags;
        let mut is_first = |flag: u16, differs: bool| {
            let known = *flags & flag != 0;
            *flags |= if !known {
                flag
            } else if differs {
                DISPUTED
            } else {
                0
            };
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
        let first = says.ours.or(says.ours_by_id_alone);
        for (flag, truth) in [(OUTGOING, says.outgoing), (OURS, says.ours), (FIRST_OURS, first)] {
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_is_as_small_as_a_line_and_a_half_of_the_cache() {
        assert_eq!(size_of::<Email>(), 96);
    }

    #[test]
    fn held_rows_decide_and_others_only_link_the_thread() {
        let draft = 0;
        let says = |at, parent, ours| Contribution { occurred_at: Some(at), parent, ours, ..Contribution::default() };
        let mut email = Email::new(1);
        email.add(4, true, draft, &says(10, Some(7), Some(true)));
        assert_eq!((email.reason(), email.ours(), email.parent()), (Some(draft), None, Some(7)));
        email.add(9, true, HELD, &says(30, None, Some(false)));
        email.add(2, false, HELD, &says(20, None, None));
        assert_eq!((email.reason(), email.ours(), email.occurred_at()), (None, Some(false), Some(20)));
        assert_eq!((email.tracked_row(), email.copy_row()), (Some(2), Some(4)));
        assert!(!email.is_disputed());
    }

    #[test]
    fn where_rows_disagree_the_first_in_order_settles_it() {
        let says = |regarding, outgoing| Contribution { regarding, outgoing, ..Contribution::default() };
        let rows = [says(None, Some(true)), says(Some(3), Some(false)), says(Some(5), Some(false))];
        let mut email = Email::new(1);
        for (row, says) in (0..).zip(rows.iter().rev()) {
            email.add(row, false, HELD, says);
        }
        assert!(email.is_disputed());
        for says in &rows {
            email.settle(HELD, says);
        }
        assert_eq!((email.regarding(), email.ours(), email.in_dataverse()), (Some(3), Some(true), true));
    }
}
