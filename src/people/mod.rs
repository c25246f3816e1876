//! Who is who as of a date: records, colleagues, addresses, people of interest, and what may be used.

mod colleagues;
mod customers;
mod directory;
pub(crate) mod erasures;
mod groups;
mod interest;
pub mod lists;
mod mailboxes;
pub mod matches;
pub(crate) mod merged;
mod principals;
mod rank;
pub mod records;
pub mod taken_out;
pub mod who;

use std::sync::Arc;

use crate::config::Settings;
use crate::error::Result;
use crate::sources::Sources;
use crate::sources::addresses::CompanyDomains;
use crate::time::AsOf;

pub use directory::Directory;
pub(crate) use erasures::aliases;
pub use interest::Interest;
pub use mailboxes::{Mailboxes, USED};
pub use rank::Rank;
pub use records::{RECORD_TYPES, Records, close_days};

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
}

/// Resolves people and records as of a date.
pub fn resolve(sources: &Sources, settings: &Settings, as_of: &AsOf) -> Result<People> {
    let domains = CompanyDomains::new(&settings.company_domains);
    let erased = erasures::follow(&sources.records, &domains)?;
    let records = records::number(sources, as_of.cutoff(), &erased.ids)?;
    let directory = directory::build(sources, &records, &erased, &domains, settings.consent)?;
    let mailboxes = mailboxes::judge(sources, &directory, &erased, &domains, settings, as_of)?;
    let interest = interest::find(sources, &records, &directory)?;
    Ok(People { records: Arc::new(records), directory: Arc::new(directory), mailboxes: Arc::new(mailboxes), interest })
}
