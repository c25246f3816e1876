//! Tables that the administrator keeps (rules C1 to C4).

use super::Kind::{Date, Text};
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

/// Further addresses of colleagues and contacts.
pub const ALIASES: SourceTable = SourceTable {
    name: "aliases",
    system: System::Control,
    required: false,
    primary_key: &[],
    columns: &[required("address", Text), optional("systemuserid", Text), optional("contactid", Text)],
};
