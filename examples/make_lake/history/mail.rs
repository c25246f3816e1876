//! A mail, as both sources may hold it.

use crate::world::{PersonNo, Record};

/// Headers that say that a machine wrote the mail.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Machine {
    No,
    AutoSubmitted,
    Newsletter,
    Bulk,
}

#[derive(Clone)]
pub struct Mail {
    pub number: u64,
    pub at: i64,
    pub thread: u64,
    /// The number of the thread's first mail; the replies are numbered after it.
    pub first: u64,
    pub began: i64,
    /// How many replies came before it.
    pub position: usize,
    pub parent: Option<u64>,
    pub from: PersonNo,
    /// Who sent it in the name of `from`.
    pub delegate: Option<PersonNo>,
    pub to: Vec<PersonNo>,
    pub cc: Vec<PersonNo>,
    pub bcc: Vec<PersonNo>,
    pub subject: String,
    pub about: Option<Record>,
    pub machine: Machine,
    /// Whether it carries a conversation index.
    pub indexed: bool,
    pub exchange: bool,
    pub dataverse: bool,
    pub status: i32,
    pub draft: bool,
}

impl Mail {
    pub fn recipients(&self) -> impl Iterator<Item = PersonNo> {
        self.to.iter().chain(&self.cc).chain(&self.bcc).copied()
    }
}
