//! Tables of Exchange Online, by Microsoft Graph Data Connect (rules I7 to I12).

use super::ValueKind::{Bool, Instant, Struct, Structs, Text, Texts};
use super::{SourceTable, System, optional, required};

/// Mailbox copies of messages.
pub const MESSAGES: SourceTable = SourceTable {
    name: "messages",
    system: System::Exchange,
    required: false,
    primary_key: &[],
    columns: &[
        required("internetMessageId", Text),
        optional("id", Text),
        optional("sentDateTime", Instant),
        optional("receivedDateTime", Instant),
        optional("createdDateTime", Instant),
        optional("lastModifiedDateTime", Instant),
        optional("subject", Text),
        optional("sender", Struct),
        optional("from", Struct),
        optional("toRecipients", Structs),
        optional("ccRecipients", Structs),
        optional("bccRecipients", Structs),
        optional("conversationIndex", Text),
        optional("isDraft", Bool),
        optional("internetMessageHeaders", Structs),
        optional("puser", Text),
        optional("rowinformation", Struct),
        optional("ODataType", Text),
        optional("meetingMessageType", Text),
        optional("itemClass", Text),
        optional("@removed", Struct),
    ],
};

/// Mailbox copies of calendar events, series expanded.
pub const CALENDAR_VIEW: SourceTable = SourceTable {
    name: "calendar_view",
    system: System::Exchange,
    required: false,
    primary_key: &[],
    columns: &[
        required("iCalUId", Text),
        optional("id", Text),
        optional("subject", Text),
        optional("start", Struct),
        optional("end", Struct),
        optional("isAllDay", Bool),
        optional("isCancelled", Bool),
        optional("isOrganizer", Bool),
        optional("organizer", Struct),
        optional("attendees", Structs),
        optional("type", Text),
        optional("seriesMasterId", Text),
        optional("createdDateTime", Instant),
        optional("lastModifiedDateTime", Instant),
        optional("puser", Text),
        optional("rowinformation", Struct),
        optional("@removed", Struct),
    ],
};

/// Mailboxes and their users.
pub const USERS: SourceTable = SourceTable {
    name: "users",
    system: System::Exchange,
    required: false,
    primary_key: &[],
    columns: &[
        optional("id", Text),
        optional("mail", Text),
        optional("userPrincipalName", Text),
        optional("proxyAddresses", Texts),
        optional("usageLocation", Text),
        optional("puser", Text),
    ],
};
