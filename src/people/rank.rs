//! Who comes first of those whom party rows with one address name (rules P2, P3).

/// The place of somebody among them. The first is the one person who they are; the leads and accounts that
/// the others name count as well.
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
