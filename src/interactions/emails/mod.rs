//! Emails: copies in mailboxes and tracked activities, merged into one event each (rule N5).

pub(super) mod events;
pub(super) mod merge;
pub(super) mod merged_email;
pub(super) mod rows;
