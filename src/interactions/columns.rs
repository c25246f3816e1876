//! Names of the columns of interactions, their participants and their links, and of activities.

pub use crate::people::records::RECORD;
pub use crate::sources::columns::*;

/// Why a row is dropped, a number of [`crate::sources::drop_reason`].
pub const REASON: &str = "reason";
/// Number of an interaction within a run, in the order of the published ids.
pub const INTERACTION: &str = "interaction";
