//! The input contract: every table we read, its columns and their kinds (rules I1 to I12).

/// How a column's values are understood, whatever type a file stores them in (rule I3).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// Text, ids included.
    Text,
    /// Choices, counts and versions.
    Int,
    /// Booleans, also as 0/1.
    Bool,
    /// An instant, read as microseconds in UTC.
    Instant,
    /// A day without a time zone.
    Date,
    /// Money and other decimals.
    Number,
    /// A struct, read by kernels that know its fields.
    Struct,
    /// A list of structs, read likewise.
    Structs,
}

/// A column that some rule needs.
#[derive(Clone, Copy, Debug)]
pub struct SourceColumn {
    /// Name in the export; files may differ in letter case.
    pub name: &'static str,
    /// How its values are understood.
    pub kind: Kind,
    /// Whether a table without it breaks the contract.
    pub required: bool,
}

/// Where a table comes from, and so under which folder of the lake it lies.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum System {
    /// Dynamics 365, by Synapse Link or Fabric Link.
    Dataverse,
    /// Exchange Online, by Microsoft Graph Data Connect.
    Exchange,
    /// Kept by the administrator.
    Control,
}

/// A table of the lake with the columns we read of it.
#[derive(Clone, Copy, Debug)]
pub struct SourceTable {
    /// Folder name.
    pub name: &'static str,
    /// Source system.
    pub system: System,
    /// Whether a lake without it breaks the contract; other tables may be absent and are then empty.
    pub required: bool,
    /// What stands in for `Id` where that is missing (rule I1).
    pub primary_key: &'static [&'static str],
    /// The columns that rules need; all others are left unread.
    pub columns: &'static [SourceColumn],
}

/// Export columns of Dataverse tables that decide which row is current (rule I1).
pub const EXPORT_COLUMNS: &[SourceColumn] = &[
    optional("Id", Kind::Text),
    optional("versionnumber", Kind::Int),
    optional("SinkModifiedOn", Kind::Instant),
    optional("IsDelete", Kind::Bool),
];

const fn required(name: &'static str, kind: Kind) -> SourceColumn {
    SourceColumn { name, kind, required: true }
}

const fn optional(name: &'static str, kind: Kind) -> SourceColumn {
    SourceColumn { name, kind, required: false }
}

const fn dataverse(
    name: &'static str,
    primary_key: &'static [&'static str],
    columns: &'static [SourceColumn],
) -> SourceTable {
    let required = matches!(
        name.as_bytes(),
        b"account" | b"contact" | b"opportunity" | b"systemuser" | b"email" | b"activityparty"
    );
    SourceTable { name, system: System::Dataverse, required, primary_key, columns }
}

use Kind::{Bool, Date, Instant, Int, Struct, Structs, Text};

/// Customer companies.
pub const ACCOUNT: SourceTable = dataverse(
    "account",
    &["accountid"],
    &[
        required("accountid", Text),
        optional("name", Text),
        optional("primarycontactid", Text),
        optional("ownerid", Text),
        optional("createdon", Instant),
    ],
);

/// Customer people.
pub const CONTACT: SourceTable = dataverse(
    "contact",
    &["contactid"],
    &[
        required("contactid", Text),
        optional("fullname", Text),
        optional("emailaddress1", Text),
        optional("emailaddress2", Text),
        optional("emailaddress3", Text),
        optional("parentcustomerid", Text),
        optional("parentcustomerid_entitytype", Text),
        optional("ownerid", Text),
        optional("statecode", Int),
        optional("createdon", Instant),
    ],
);

/// Unqualified prospects.
pub const LEAD: SourceTable = dataverse(
    "lead",
    &["leadid"],
    &[
        required("leadid", Text),
        optional("fullname", Text),
        optional("companyname", Text),
        optional("emailaddress1", Text),
        optional("emailaddress2", Text),
        optional("emailaddress3", Text),
        optional("ownerid", Text),
        optional("statecode", Int),
        optional("createdon", Instant),
    ],
);

/// Deals.
pub const OPPORTUNITY: SourceTable = dataverse(
    "opportunity",
    &["opportunityid"],
    &[
        required("opportunityid", Text),
        optional("name", Text),
        optional("customerid", Text),
        optional("customerid_entitytype", Text),
        optional("parentaccountid", Text),
        optional("parentcontactid", Text),
        optional("ownerid", Text),
        required("statecode", Int),
        optional("actualclosedate", Date),
        optional("createdon", Instant),
    ],
);

/// Colleagues.
pub const SYSTEMUSER: SourceTable = dataverse(
    "systemuser",
    &["systemuserid"],
    &[
        required("systemuserid", Text),
        optional("fullname", Text),
        optional("internalemailaddress", Text),
        optional("domainname", Text),
        optional("azureactivedirectoryobjectid", Text),
        optional("isdisabled", Bool),
    ],
);

/// Security roles.
pub const ROLE: SourceTable = dataverse(
    "role",
    &["roleid"],
    &[optional("roleid", Text), optional("name", Text), optional("parentrootroleid", Text)],
);

/// Who holds which security role.
pub const SYSTEMUSERROLES: SourceTable = dataverse(
    "systemuserroles",
    &["systemuserid", "roleid"],
    &[optional("systemuserid", Text), optional("roleid", Text)],
);

/// Who belongs to which team.
pub const TEAMMEMBERSHIP: SourceTable = dataverse(
    "teammembership",
    &["teamid", "systemuserid"],
    &[optional("teamid", Text), optional("systemuserid", Text)],
);

/// Stakeholder and sales-team links.
pub const CONNECTION: SourceTable = dataverse(
    "connection",
    &["connectionid"],
    &[
        optional("connectionid", Text),
        optional("record1id", Text),
        optional("record2id", Text),
        optional("record2roleid", Text),
        optional("statecode", Int),
    ],
);

/// What a link means.
pub const CONNECTIONROLE: SourceTable = dataverse(
    "connectionrole",
    &["connectionroleid"],
    &[optional("connectionroleid", Text), optional("category", Int)],
);

/// Tracked emails.
pub const EMAIL: SourceTable = dataverse(
    "email",
    &["activityid"],
    &[
        required("activityid", Text),
        optional("subject", Text),
        optional("statecode", Int),
        required("statuscode", Int),
        optional("directioncode", Bool),
        optional("senton", Instant),
        optional("actualend", Instant),
        optional("createdon", Instant),
        optional("regardingobjectid", Text),
        optional("messageid", Text),
        optional("inreplyto", Text),
        optional("conversationindex", Text),
        optional("isemailfollowed", Bool),
        optional("opencount", Int),
        optional("linksclickedcount", Int),
        optional("attachmentopencount", Int),
        optional("replycount", Int),
    ],
);

/// Meetings.
pub const APPOINTMENT: SourceTable = dataverse(
    "appointment",
    &["activityid"],
    &[
        required("activityid", Text),
        optional("subject", Text),
        required("statecode", Int),
        optional("scheduledstart", Instant),
        optional("scheduledend", Instant),
        optional("actualstart", Instant),
        optional("scheduleddurationminutes", Int),
        optional("actualdurationminutes", Int),
        optional("isalldayevent", Bool),
        optional("globalobjectid", Text),
        optional("instancetypecode", Int),
        optional("regardingobjectid", Text),
        optional("ownerid", Text),
        optional("createdon", Instant),
    ],
);

/// Calls.
pub const PHONECALL: SourceTable = dataverse(
    "phonecall",
    &["activityid"],
    &[
        required("activityid", Text),
        optional("subject", Text),
        required("statecode", Int),
        optional("directioncode", Bool),
        optional("actualstart", Instant),
        optional("actualend", Instant),
        optional("scheduledstart", Instant),
        optional("scheduledend", Instant),
        optional("actualdurationminutes", Int),
        optional("regardingobjectid", Text),
        optional("createdon", Instant),
    ],
);

/// Tasks.
pub const TASK: SourceTable = dataverse(
    "task",
    &["activityid"],
    &[
        required("activityid", Text),
        optional("subject", Text),
        required("statecode", Int),
        optional("actualend", Instant),
        optional("scheduledstart", Instant),
        optional("scheduledend", Instant),
        optional("actualdurationminutes", Int),
        optional("regardingobjectid", Text),
        optional("createdon", Instant),
    ],
);

/// Participants of tracked activities.
pub const ACTIVITYPARTY: SourceTable = dataverse(
    "activityparty",
    &["activitypartyid"],
    &[
        optional("activitypartyid", Text),
        required("activityid", Text),
        optional("partyid", Text),
        optional("partyid_entitytype", Text),
        optional("addressused", Text),
        required("participationtypemask", Int),
    ],
);

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
        optional("createdDateTime", Instant),
        optional("lastModifiedDateTime", Instant),
        optional("puser", Text),
        optional("rowinformation", Struct),
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
        optional("usageLocation", Text),
        optional("puser", Text),
    ],
};

/// Colleagues whose Exchange data must not be used.
pub const OPT_OUTS: SourceTable = SourceTable {
    name: "opt_outs",
    system: System::Control,
    required: false,
    primary_key: &[],
    columns: &[required("principal", Text), optional("effective_from", Date)],
};

/// Data subjects who must appear in no result.
pub const ERASURES: SourceTable = SourceTable {
    name: "erasures",
    system: System::Control,
    required: false,
    primary_key: &[],
    columns: &[required("kind", Text), required("principal", Text)],
};

/// Further addresses of colleagues and contacts.
pub const ALIASES: SourceTable = SourceTable {
    name: "aliases",
    system: System::Control,
    required: false,
    primary_key: &[],
    columns: &[required("address", Text), optional("systemuserid", Text), optional("contactid", Text)],
};
