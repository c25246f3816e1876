//! The part that somebody plays in an activity, as a number: the lower, the more it is theirs. Of several parts of one
//! person, the lowest counts.

/// Starts it: sends, organizes or calls.
pub const STARTS: u8 = 1;
/// Is addressed, or has to attend.
pub const ADDRESSED: u8 = 2;
/// Is copied in, or may attend.
pub const COPIED_IN: u8 = 3;
/// Is copied in without the others knowing.
pub const HIDDEN: u8 = 4;
