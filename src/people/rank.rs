//! Who an address is, where the rows of one activity name several people under it (rules P2, P3).

/// How likely somebody is the one: the smallest rank is taken for all rows with the address, and leads and accounts that
/// the other rows name count for that person as well.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Rank {
    /// A colleague; `is_other` where the address alone gives somebody else.
    Colleague {
        /// Whether the user is disabled.
        is_disabled: bool,
        /// Whether the address alone gives somebody else.
        is_other: bool,
    },
    /// A contact whose record has the address, at its place among those that have it.
    ContactWithAddress {
        /// From 0.
        place: u32,
    },
    /// A contact whose record lacks the address, at its place among all contacts.
    Contact {
        /// From 0.
        place: u32,
    },
    /// A lead.
    Lead,
    /// An account.
    Account,
    /// Anybody else.
    Nobody,
}
