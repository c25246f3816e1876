//! Names of the columns of activities, which all later steps use.

/// Join key of an activity of Dataverse.
pub const ACTIVITY: &str = "activity";
/// Publishable id of a source row.
pub const SOURCE_ID: &str = "source_id";
/// Identity key of an interaction (rule N5).
pub const IDENTITY: &str = "identity";
/// Text of an identity, null where the source row stands for itself.
pub const IDENTITY_TEXT: &str = "identity_text";
/// When it happened, or is planned (rule N3).
pub const OCCURRED_AT: &str = "occurred_at";
/// When a row was made.
pub const CREATED_AT: &str = "created_at";
/// Identity key of the email that an email answers.
pub const PARENT: &str = "parent";
/// Bytes 6..22 of a conversation index.
pub const CONVERSATION: &str = "conversation";
/// Key of the record an activity regards.
pub const REGARDING: &str = "regarding";
/// Whether an email is machine-made by its headers, sender or subject (rule N10).
pub const AUTOMATED: &str = "automated";
/// Subject, read only where it is published.
pub const SUBJECT: &str = "subject";
/// Whether the activity goes out from us, by its own flag.
pub const OUTGOING: &str = "outgoing";
/// Join key of a mailbox.
pub const MAILBOX: &str = "mailbox";
/// Hashed address, or key of a person.
pub const WHO: &str = "who";
/// Hashed address of the sender or organizer, or their key as a person.
pub const SENDER: &str = "sender";
/// Part that a participant plays, one of [`super::roles`].
pub const ROLE: &str = "role";
/// Whether a participant declined.
pub const DECLINED: &str = "declined";
