//! The table `records`: every account, contact, lead and opportunity that other tables name by type and id.

use polars::prelude::*;

use crate::error::{Error, Result};
use crate::interactions::Context;
use crate::people::record_details::{self, ACCOUNT_NAME, CLOSED, CREATED_AT, STATE};
use crate::table::{Column as Declared, ColumnType, Table, conform};

/// One row per record. `details` has a row per record in their order.
///
/// # Errors
/// Only what the engine runs into.
pub fn records(context: &Context, details: &DataFrame) -> Result<LazyFrame> {
    let mut rows = context.people.records.table.clone();
    rows.hstack_mut(details.columns()).map_err(Error::engine("table records"))?;
    // An account is its own, so that all that belongs to one company has one account_id.
    let own =
        |of: &str, own: &str| when(col("record_type").eq(lit("account"))).then(col(own)).otherwise(col(of)).alias(of);
    let rows = rows.lazy().with_columns([
        own("account_id", "record_id"),
        own(ACCOUNT_NAME, "name"),
        col(CREATED_AT).cast(ColumnType::Timestamp.to_polars()),
    ]);
    Ok(conform(rows, &table()))
}

/// The table `records`.
pub fn table() -> Table {
    let column = Declared::new;
    let text =
        |name, description, empty, rule, example| column(name, ColumnType::Text, "", description, empty, rule, example);
    let mut columns = vec![
        text("record_type", "account, contact, lead, opportunity.", "never", "T3", "opportunity"),
        text("record_id", "The record.", "never", "I2", "d0000001-0000-4000-8000-000000000000"),
        text("name", "Its name.", "null when it has none", "", "Cranes for the new harbour"),
        text(
            "owner_id",
            "The colleague or team that owns it.",
            "null when unknown or erased",
            "",
            "a0000001-0000-4000-8000-000000000000",
        ),
        record_details::owner_name(),
        text(
            "account_id",
            "The account that it belongs to; of an account its own id.",
            "null on leads, and without account",
            "L4",
            "b0000001-0000-4000-8000-000000000000",
        ),
        text(
            ACCOUNT_NAME,
            "Name of that account; of leads the company that they name.",
            "null without account or company",
            "L4",
            "Cedergård Logistics",
        ),
        text(
            STATE,
            "Of opportunities, as of the date: open, won, lost. Of leads, as exported: open, qualified, disqualified. Of \
             contacts, as exported: active, inactive. closed where the code is another.",
            "null on accounts",
            "T5",
            "open",
        ),
        column(
            CREATED_AT,
            ColumnType::Timestamp,
            "",
            "When it was created.",
            "null when unknown",
            "T3",
            "2026-02-10 10:00",
        ),
        record_details::estimated_close(),
        column(
            CLOSED,
            ColumnType::Date,
            "",
            "When the opportunity was closed, as of the date.",
            "null on other records, and while it is open",
            "T5",
            "2026-03-20",
        ),
    ];
    columns.extend([record_details::value(), record_details::currency(), record_details::record_url()]);
    columns.push(record_details::in_base_currency());
    Table {
        defined_in: file!(),
        name: "records",
        version: 1,
        grain: "account, contact, lead or opportunity known at the date",
        description: "Everything that other tables name by record_type and record_id, with what a list shows of it: to join \
                      names, owners, states and values to them.",
        key: &["record_type", "record_id"],
        columns,
    }
}
