//! The input contract: every table we read, its columns and their kinds (rules I1 to I12).

mod control;
mod dataverse;
mod exchange;

pub use control::{ALIASES, CONTROL_TABLES, ERASURES, GROUP_MEMBERS, OPT_OUTS};
pub use dataverse::{
    ACCOUNT, ACTIVITYPARTY, APPOINTMENT, COLLEAGUE_ADDRESSES, CONNECTION, CONNECTIONROLE, CONTACT, CUSTOMER_ADDRESSES,
    EMAIL, LEAD, OPPORTUNITY, OPTED_OUT, PHONECALL, PRINCIPALOBJECTACCESS, ROLE, SYSTEMUSER, SYSTEMUSERROLES, TASK,
    TEAMMEMBERSHIP,
};
pub use exchange::{CALENDAR_VIEW, MESSAGES, USERS};

/// How a column's values are understood, whatever type a file stores them in (rule I3).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ValueKind {
    /// Text, ids included.
    Text,
    /// Choices, counts and versions.
    Int,
    /// A list of texts, also as one text with separators or in JSON.
    Texts,
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
    pub kind: ValueKind,
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

impl System {
    /// The usual name of its folder.
    pub fn name(self) -> &'static str {
        match self {
            System::Dataverse => "dataverse",
            System::Exchange => "exchange",
            System::Control => "control",
        }
    }
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
    optional("Id", ValueKind::Text),
    optional("versionnumber", ValueKind::Int),
    optional("SinkModifiedOn", ValueKind::Instant),
    optional("IsDelete", ValueKind::Bool),
];

const fn required(name: &'static str, kind: ValueKind) -> SourceColumn {
    SourceColumn { name, kind, required: true }
}

const fn optional(name: &'static str, kind: ValueKind) -> SourceColumn {
    SourceColumn { name, kind, required: false }
}
