//! The small tables: customers, deals, colleagues, roles, teams, links, and what the administrator keeps.
//!
//! They are read whole, current rows only, with ids as publishable text.

use polars::prelude::*;

use crate::error::{Error, Result};
use crate::sources::contract::*;
use crate::sources::files::lake::Lake;
use crate::sources::files::{concurrent_writes, listing, open};
use crate::sources::tables::dataverse::version_columns;
use crate::sources::tables::load::{Loaded, load};
use crate::sources::values::email_addresses::{CompanyDomains, normal_column};
use crate::sources::values::entity_types::logical_name;
use crate::sources::values::further_addresses::{further_column, further_of};
use crate::sources::values::{address_lists, ids};
use crate::suggest::nearest;

/// A colleague's `internalemailaddress` and `domainname` as text, to be shown to people.
pub const ADDRESS_TEXT: &str = "address_text";
/// See [`ADDRESS_TEXT`].
pub const PRINCIPAL_TEXT: &str = "principal_text";

/// A table of Dataverse as it is in the contract: ids canonical, columns named in `addresses`
/// in flight, deleted rows gone.
pub fn dataverse(
    lake: &Lake,
    table: &SourceTable,
    id_columns: &[&str],
    addresses: &[&str],
    domains: &CompanyDomains,
) -> Result<Loaded> {
    let shape = |frame: LazyFrame| {
        let mut columns: Vec<Expr> = table
            .columns
            .iter()
            .map(|column| {
                if id_columns.contains(&column.name) {
                    ids::canonical_column(col(column.name))
                } else if addresses.contains(&column.name) {
                    own_address(domains, column.name)
                } else if column.name.ends_with("_entitytype") {
                    logical_names(col(column.name))
                } else {
                    col(column.name)
                }
            })
            .collect();
        let further = |address: &&str| further_column(domains, col(*address)).alias(further_of(address));
        columns.extend(addresses.iter().map(further));
        if table.name == SYSTEMUSER.name {
            let text = |address: &str, text: &str| normal_column(col(address)).alias(text);
            columns.push(text("internalemailaddress", ADDRESS_TEXT));
            columns.push(text("domainname", PRINCIPAL_TEXT));
        }
        columns.extend(version_columns(table));
        frame.select(columns)
    };
    load(lake, table, shape)
}

/// A column of addresses of people. Who signs in may do so by a name (`NORDWIND\anna`); what else holds no address names
/// nobody: `?` or `none yet` would make one person of everybody who has it.
fn own_address(domains: &CompanyDomains, name: &'static str) -> Expr {
    if name == "domainname" {
        return domains.address_column(col(name));
    }
    domains.mail_column(col(name))
}

/// `column` of names of tables, each as its logical name.
fn logical_names(column: Expr) -> Expr {
    column.map(
        |c| {
            let names: StringChunked = c.str()?.iter().map(|text| text.and_then(logical_name)).collect();
            Ok(names.with_name(c.name().clone()).into_column())
        },
        |_, field| Ok(field.clone()),
    )
}

/// A control table; addresses stay text, since a principal may be an address or an id. A row that names several
/// addresses is one for each of them.
///
/// # Errors
/// What reading it meets, and a column with nearly the name of one that its file lacks: read as if it were not there,
/// it would change whom a list is about.
pub fn control(lake: &Lake, table: &SourceTable) -> Result<Loaded> {
    concurrent_writes::watched(lake, table, || {
        no_mistyped_column(lake, table).map_err(|error| lake.named(table.system, error))
    })?;
    load(lake, table, |frame| {
        let named = |column: &SourceColumn| NAMING.contains(&column.name);
        let text = |column: &SourceColumn| match named(column) {
            true => address_lists::one_by_one(col(column.name)),
            false => col(column.name),
        };
        let mut columns: Vec<Expr> = table.columns.iter().map(text).collect();
        columns.extend(crate::sources::tables::current_rows::unversioned());
        let naming: Vec<&str> = table.columns.iter().filter(|column| named(column)).map(|column| column.name).collect();
        let each = ExplodeOptions { empty_as_null: true, keep_nulls: true };
        frame.select(columns).explode(cols(naming), each)
    })
}

/// Columns of control tables that name somebody.
const NAMING: [&str; 2] = ["principal", "address"];

fn no_mistyped_column(lake: &Lake, table: &SourceTable) -> Result<()> {
    let Some(files) = listing::of_table(lake, table)? else { return Ok(()) };
    for (at, path) in files.paths.iter().enumerate() {
        let stored = open::data_file(table, &files, at, &|_| true)?.stored;
        // One that is required is told where rows are read.
        let optional = table.columns.iter().filter(|column| !column.required).map(|column| column.name);
        let lacking: Vec<&str> = optional.filter(|name| !stored.has(name)).collect();
        let is_known = |name: &str| table.columns.iter().any(|column| column.name.eq_ignore_ascii_case(name));
        let names = stored.schema.iter_names().filter(|name| !is_known(name));
        let found = names.filter_map(|name| Some((name, nearest(name, lacking.iter().copied())?))).next();
        if let Some((name, meant)) = found {
            return Err(Error::Input {
                table: table.name.into(),
                column: Some(name.to_string()),
                file: Some(path.display().to_string()),
                message: format!("the table has no such column, and the file lacks {meant}"),
                remedy: format!("Did you mean {meant}? Rename the column"),
            });
        }
    }
    Ok(())
}

/// Columns of each small table that hold ids, and columns that hold addresses.
pub const SMALL_TABLES: [(&SourceTable, &[&str], &[&str]); 10] = [
    (&ACCOUNT, &["accountid", "masterid", "primarycontactid", "parentaccountid", "ownerid"], &[]),
    (&CONTACT, &["contactid", "masterid", "parentcustomerid", "ownerid"], &CUSTOMER_ADDRESSES),
    (&LEAD, &["leadid", "masterid", "ownerid"], &CUSTOMER_ADDRESSES),
    (
        &OPPORTUNITY,
        &["opportunityid", "customerid", "parentaccountid", "parentcontactid", "ownerid", "transactioncurrencyid"],
        &[],
    ),
    (&SYSTEMUSER, &["systemuserid", "azureactivedirectoryobjectid", "parentsystemuserid"], &COLLEAGUE_ADDRESSES),
    (&ROLE, &["roleid", "parentrootroleid"], &[]),
    (&SYSTEMUSERROLES, &["systemuserid", "roleid"], &[]),
    (&TEAMMEMBERSHIP, &["teamid", "systemuserid"], &[]),
    (&CONNECTION, &["connectionid", "record1id", "record2id", "record2roleid"], &[]),
    (&CONNECTIONROLE, &["connectionroleid"], &[]),
];
