//! Tables and lists that are too large for memory: files of which the system holds as much as there is room for.
//!
//! A file has no name from the moment it is mapped, so that nothing of it is left however a run ends, and is made in the
//! folder of the run that is closed to others. They need as much disk as the tables would need memory.

mod gather;
mod in_shares;
mod limits;
mod list;
mod mapped;
mod tables;

pub use limits::{Limit, Scratch};
pub use list::{Growing, List};
