//! A row of `missing_people` before it is written (rule W6).

use super::touches::Touches;

/// What a row says of its address, an index into [`FINDINGS`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AddressFinding {
    /// A contact writes from another domain now.
    ChangedDomain,
    /// Somebody in touch with us is in no record.
    MissingPerson,
    /// A contact gives no answer any more.
    Silent,
    /// Mail to a contact comes back.
    Undeliverable,
}

/// Published names of findings, in their order.
pub const FINDINGS: [&str; 4] = ["changed_domain", "missing_person", "silent", "undeliverable"];

/// A row.
#[derive(Clone, Debug)]
pub struct MissingPeopleRow {
    /// What it says.
    pub finding: AddressFinding,
    /// The address, as addresses compare.
    pub address: String,
    /// The number of the contact.
    pub contact: Option<u32>,
    /// The address from which somebody of the same name writes.
    pub other_address: Option<String>,
    /// What this person and our side had to do with each other.
    pub touches: Touches,
    /// Of the strongest connection, its colleague and strength.
    pub strongest: Option<(u32, f64)>,
    /// With how many colleagues there is a connection.
    pub colleagues: u32,
    /// Since when it is so.
    pub since: Option<i64>,
}

impl MissingPeopleRow {
    /// Local part and domain.
    pub fn parts(&self) -> (&str, &str) {
        self.address.rsplit_once('@').unwrap_or_default()
    }
}
