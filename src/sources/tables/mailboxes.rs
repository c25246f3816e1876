//! The mailboxes of Exchange Online, and whose they are.

use polars::prelude::*;

use crate::error::Result;
use crate::frames::keys::{KEY, Keys};
use crate::frames::map_text::first_of;
use crate::sources::columns::MAILBOX;
use crate::sources::contract::USERS;
use crate::sources::files::lake::Lake;
use crate::sources::tables::load::{Loaded, load};
use crate::sources::values::email_addresses::CompanyDomains;
use crate::sources::values::ids;
use crate::sources::values::null_words::is_null_word;

/// Further addresses of a mailbox's user, of mail and of the directory, hashed.
pub const PROXIES: &str = "proxies";

/// Mailboxes. Columns: `mailbox`, `mailbox_id`, `mail` and `principal_name` as hashed addresses, `country`, and the
/// list [`PROXIES`].
pub fn users(lake: &Lake, domains: &CompanyDomains) -> Result<Loaded> {
    let mailbox = first_of(["puser", "id"].map(col));
    let shape = |frame: LazyFrame| {
        let columns = [
            ids::key_column(mailbox.clone()).alias(MAILBOX),
            ids::canonical_column(mailbox.clone()).alias("mailbox_id"),
            domains.address_column(col("mail")).alias("mail"),
            domains.address_column(col("userPrincipalName")).alias("principal_name"),
            country(col("usageLocation")).alias("country"),
            proxies(col("proxyAddresses"), domains).alias(PROXIES),
        ];
        frame.select([&columns[..], &crate::sources::tables::current_rows::unversioned()].concat())
    };
    load(lake, &USERS, shape)
}

/// Countries in capitals; a word for nothing is none.
fn country(column: Expr) -> Expr {
    column.map(
        |c| {
            let said =
                c.str()?.iter().map(|text| text.map(str::trim).filter(|text| !(text.is_empty() || is_null_word(text))));
            let countries: StringChunked = said.map(|text| text.map(str::to_uppercase)).collect();
            Ok(countries.with_name(c.name().clone()).into_column())
        },
        |_, field| Ok(field.clone()),
    )
}

/// Lists of hashed proxy addresses; entries that are no addresses of mail or directory are left out.
fn proxies(column: Expr, domains: &CompanyDomains) -> Expr {
    let domains = domains.clone();
    let dtype = DataType::List(Box::new(KEY));
    column.map(
        move |c| {
            let lists = c.list()?.apply_to_inner(&|inner: Series| {
                let entries = inner.str()?.iter().map(|entry| domains.proxy(entry?));
                let addresses: Keys = entries.collect_ca(inner.name().clone());
                Ok(addresses.into_series())
            })?;
            Ok(lists.into_column())
        },
        move |_, field| Ok(Field::new(field.name().clone(), dtype.clone())),
    )
}
