//! Who is who as of a date: records, colleagues, addresses, people of interest, and what may be used.
//!
//! - [`records`] numbers the accounts, contacts, leads and deals known at the date.
//! - `directory` says who is behind an address or a party id, as a [`person_key`]; `build_directory` fills it with the
//!   addresses of `colleagues` and `customers`.
//! - `people_of_interest` says whose part in an interaction makes it count for which record.
//! - `erasures` says who is erased, `mailbox_access` whose mail may be read; `principals`, `groups`, `matches` and
//!   `taken_out` read the lists of the administrator.
//! - [`record_details`] has what lists show of a record: owner, state, value, dates.

mod build_directory;
pub(crate) mod carried;
mod colleagues;
pub mod currencies;
mod customers;
mod deals;
mod directory;
mod directory_groups;
pub(crate) mod erasures;
mod groups;
mod mailbox_access;
pub(crate) mod marks;
pub mod matches;
pub(crate) mod merged;
mod people_of_interest;
pub mod person_key;
mod principals;
mod rank;
pub mod record_details;
mod record_groups;
pub mod record_lists;
mod record_type;
pub mod records;
pub mod taken_out;

use std::sync::Arc;

use crate::config::Settings;
use crate::error::Result;
use crate::people::marks::Marks;
use crate::sources::Sources;
use crate::sources::values::email_addresses::CompanyDomains;
use crate::time::AsOf;

pub use crate::people::mailbox_access::{Mailboxes, USED};
pub use crate::people::people_of_interest::Interest;
pub use deals::{DealAsOf, DealState, deals_as_of};
pub use directory::{Directory, PartyRow};
pub(crate) use erasures::aliases;
pub use rank::Rank;
pub use record_type::RecordType;
pub use records::{Records, created};

/// Everybody and every record known at a date.
pub struct People {
    /// Live records.
    pub records: Arc<Records>,
    /// From addresses and party ids to people.
    pub directory: Arc<Directory>,
    /// What may be read of each mailbox.
    pub mailboxes: Arc<Mailboxes>,
    /// Whose part makes an interaction count for a record.
    pub interest: Interest,
    /// By what the erased are recognised in ids of mail systems.
    pub marks: Arc<Marks>,
}

/// Resolves people and records as of a date.
pub fn resolve(sources: &Sources, settings: &Settings, as_of: &AsOf) -> Result<People> {
    let domains = CompanyDomains::new(&settings.company_domains);
    let erased = erasures::follow(&sources.records, &domains)?;
    let marks = Arc::new(Marks::of(erased.clone(), &sources.records, &sources.deleted, &domains)?);
    let records = records::number(sources, as_of.cutoff(), &erased.ids)?;
    let directory = build_directory::build(sources, &records, &erased, &domains, settings.consent)?;
    let mailboxes = mailbox_access::judge(sources, &directory, &erased, &domains, settings, as_of)?;
    let interest = people_of_interest::find(sources, &records, &directory)?;
    Ok(People {
        records: Arc::new(records),
        directory: Arc::new(directory),
        mailboxes: Arc::new(mailboxes),
        interest,
        marks,
    })
}
