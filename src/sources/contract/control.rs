//! Tables that the administrator keeps (rules C1 to C4).

use super::ValueKind::{Date, Text};
use super::{SourceTable, System, optional, required};

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

/// Members of groups that opt-outs or the selected roles name.
pub const GROUP_MEMBERS: SourceTable = SourceTable {
    name: "group_members",
    system: System::Control,
    required: false,
    primary_key: &[],
    columns: &[required("group", Text), required("principal", Text)],
};

/// Further addresses of colleagues and contacts.
pub const ALIASES: SourceTable = SourceTable {
    name: "aliases",
    system: System::Control,
    required: false,
    primary_key: &[],
    columns: &[required("address", Text), optional("systemuserid", Text), optional("contactid", Text)],
};

/// All of them.
pub const CONTROL_TABLES: [&SourceTable; 4] = [&ALIASES, &OPT_OUTS, &ERASURES, &GROUP_MEMBERS];
