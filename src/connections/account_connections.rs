//! The table `account_connections`: who of us knows which customer company by its contacts, one row per colleague and account.

use polars::prelude::*;

use super::colleagues::{SYSTEMUSER_ID, colleagues};
use super::connection::Connection;
use super::table::{USER, frame, measures, of_record, of_records};
use crate::error::Result;
use crate::frames::gather;
use crate::interactions::Context;
use crate::people::RecordType;
use crate::people::record_lists::accounts_of_contacts;
use crate::table::{Column as Declared, ColumnType, Table, conform};

const ACCOUNT_ID: &str = "account_id";
const CONTACTS: &str = "contacts";
const STRONGEST_ID: &str = "strongest_contact_id";
const STRONGEST: &str = "strongest_contact_strength";
const FORGOTTEN: &str = "null only where that contact was forgotten";

/// One row per connection to an account, in the order of colleague and account. The input may be
/// split by colleague.
pub fn account_connections(context: &Context, connections: &[Connection]) -> Result<LazyFrame> {
    let records = &context.people.records;
    let colleagues = colleagues(context)?;
    let known = known_contacts(context, connections)?;
    let accounts = of_records(connections, &records.range(RecordType::Account));
    let strongest: Vec<u32> = known.iter().map(|known| known.strongest).collect();
    let rows = frame(&accounts, context.settings)?.with_columns([
        gather(col(USER), &colleagues, SYSTEMUSER_ID)?.alias(SYSTEMUSER_ID),
        of_record(records, "record_id")?.alias(ACCOUNT_ID),
        lit(Series::new(CONTACTS.into(), known.iter().map(|known| known.contacts).collect::<Vec<_>>())).alias(CONTACTS),
        lit(Series::new(STRONGEST.into(), known.iter().map(|known| known.strength).collect::<Vec<_>>()))
            .alias(STRONGEST),
        gather(lit(Series::new(STRONGEST_ID.into(), strongest)), &records.table, "record_id")?.alias(STRONGEST_ID),
    ]);
    Ok(conform(rows, &table()))
}

/// What a colleague's connections to the contacts of one account come to.
struct Known {
    contacts: i64,
    strongest: u32,
    strength: f64,
}

/// For every connection to an account, in their order.
fn known_contacts(context: &Context, connections: &[Connection]) -> Result<Vec<Known>> {
    let (accounts_of, records) = (accounts_of_contacts(context.people), &context.people.records);
    let (accounts, contacts) = (records.range(RecordType::Account), records.range(RecordType::Contact));
    let mut known = Vec::new();
    for of_user in connections.chunk_by(|a, b| a.user == b.user) {
        let to_contacts = of_user.iter().filter(|one| contacts.contains(&one.record));
        let mut by_account: Vec<(u32, &Connection)> = to_contacts
            .flat_map(|one| accounts_of.under(one.record).iter().map(move |&account| (account, one)))
            .collect();
        by_account.sort_unstable_by(|(a, one), (b, other)| {
            a.cmp(b).then(other.strength.total_cmp(&one.strength)).then(one.record.cmp(&other.record))
        });
        // Every connection to an account is one to some of its contacts, so both go in step.
        let groups = by_account.chunk_by(|(a, _), (b, _)| a == b);
        let to_accounts = of_user.iter().filter(|one| accounts.contains(&one.record));
        known.extend(to_accounts.zip(groups).map(|(_, group)| Known {
            contacts: group.len() as i64,
            strongest: group[0].1.record,
            strength: group[0].1.strength,
        }));
    }
    Ok(known)
}

/// The table `account_connections`.
pub fn table() -> Table {
    let column =
        |name, dtype, unit, description, example| Declared::new(name, dtype, unit, description, "never", "W1", example);
    let id = |name, description, example| column(name, ColumnType::Text, "", description, example);
    let mut columns = vec![
        id(SYSTEMUSER_ID, "The colleague.", "a0000001-0000-4000-8000-000000000000"),
        id(ACCOUNT_ID, "The account.", "b0000001-0000-4000-8000-000000000000"),
        column(CONTACTS, ColumnType::Int64, "contacts", "How many of its contacts the colleague is connected to.", "2"),
        Declared {
            empty: FORGOTTEN,
            ..id(
                STRONGEST_ID,
                "The contact whom the colleague knows best; of several the one with the smallest id.",
                "c0000001-0000-4000-8000-000000000000",
            )
        },
        Declared {
            empty: FORGOTTEN,
            ..column(STRONGEST, ColumnType::Float64, "0–100", "The strength of that connection.", "71.2")
        },
    ];
    columns.extend(measures());
    Table {
        defined_in: file!(),
        name: "account_connections",
        version: 3,
        grain: "colleague and account whose contacts the colleague was in touch with in the past 365 days",
        description: "Who knows which company, by its contacts: the columns of connections, over everything between \
                      the colleague and any contact of the account, each interaction once.",
        key: &[SYSTEMUSER_ID, ACCOUNT_ID],
        columns,
    }
}
