//! Who took part: the parties of activities, merged into participants, and views of them.

pub(super) mod activity_parties;
pub(super) mod participants;
pub(super) mod stand_ins;
pub mod view;
