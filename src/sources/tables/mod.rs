//! The tables of the lake in the form in which the next step works with them: current rows, in known types.

pub(super) mod current_rows;
pub(super) mod dataverse;
pub(super) mod exchange;
pub(super) mod extra_columns;
pub(super) mod load;
pub(super) mod mailboxes;
mod meeting_messages;
pub(super) mod parents;
pub(super) mod shares;
pub(super) mod small_tables;
pub(super) mod written;
