//! Names of the columns of interactions and of what hangs on them, those of activities among them.

pub use crate::people::records::RECORD;
pub use crate::sources::columns::*;

/// Why a row is dropped, a number of [`crate::sources::drop_reason`].
pub const REASON: &str = "reason";
/// Number of an interaction within a run, in the order of the published ids.
pub const INTERACTION: &str = "interaction";
