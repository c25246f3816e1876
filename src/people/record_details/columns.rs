//! The columns that say of a record who owns it, whose it is, how it stands and where it is opened, as they are declared.

use crate::people::RecordType;
use crate::table::{Column, ColumnType};

/// Name of the colleague who owns a record.
pub const OWNER_NAME: &str = "owner_name";
/// Name of the company that a contact, deal or lead belongs to.
pub const ACCOUNT_NAME: &str = "account_name";
/// Where the record is opened.
pub const RECORD_URL: &str = "record_url";
/// Open, won, lost and the like.
pub const STATE: &str = "state";
/// When the record was created.
pub const CREATED_AT: &str = "created_at";
/// When a deal is expected to close.
pub const ESTIMATED_CLOSE: &str = "estimated_close_date";
/// When a deal was closed.
pub const CLOSED: &str = "closed_date";
/// What a deal is or was worth.
pub const VALUE: &str = "value";
/// Whether that is in the base currency.
pub const IN_BASE_CURRENCY: &str = "value_in_base_currency";
/// The deal's own currency.
pub const CURRENCY: &str = "currency_id";

fn text(
    name: &'static str,
    description: &'static str,
    empty: &'static str,
    rule: &'static str,
    example: &'static str,
) -> Column {
    Column::new(name, ColumnType::Text, "", description, empty, rule, example)
}

/// [`OWNER_NAME`].
pub fn owner_name() -> Column {
    text(
        OWNER_NAME,
        "Name of the colleague who owns it.",
        "null when a team owns it, when the colleague has no name, and when the owner is unknown or erased",
        "L2",
        "Anna Berg",
    )
}

/// [`ACCOUNT_NAME`] of a contact, lead or deal.
pub fn account_name(record_type: RecordType) -> Column {
    match record_type {
        RecordType::Lead => text(
            ACCOUNT_NAME,
            "The company that the lead names.",
            "null when it names none",
            "L2",
            "Cedergård Logistics",
        ),
        _ => text(ACCOUNT_NAME, "Name of its account.", "null without account", "L4", "Cedergård Logistics"),
    }
}

/// [`RECORD_URL`].
pub fn record_url() -> Column {
    text(
        RECORD_URL,
        "Opens the record in Dataverse, by the setting dataverse_url.",
        "null where dataverse_url is not set",
        "O2",
        "https://contoso.crm4.dynamics.com/main.aspx?…",
    )
}

/// [`STATE`] of a lead.
pub fn lead_state() -> Column {
    text(
        STATE,
        "open, qualified, disqualified; closed where its code is another. As exported, whatever the date.",
        "never",
        "T5",
        "open",
    )
}

/// [`STATE`] of a deal.
pub fn deal_state() -> Column {
    text(STATE, "As of the date: open, won, lost; closed where its code is another.", "never", "T5", "won")
}

/// [`ESTIMATED_CLOSE`], [`VALUE`], [`CURRENCY`], [`IN_BASE_CURRENCY`].
pub fn of_deals() -> [Column; 4] {
    [estimated_close(), value(), currency(), in_base_currency()]
}

/// [`ESTIMATED_CLOSE`].
pub fn estimated_close() -> Column {
    Column::new(
        ESTIMATED_CLOSE,
        ColumnType::Date,
        "",
        "When the deal is expected to close, as exported.",
        "null when nobody said",
        "S3",
        "2026-06-30",
    )
}

/// [`VALUE`].
pub fn value() -> Column {
    Column::new(
        VALUE,
        ColumnType::Float64,
        "money",
        "What a won deal was worth, else what the deal is estimated to be worth: in the base currency where the lake has it \
         (actualvalue_base, actualvalue; estimatedvalue_base, estimatedvalue).",
        "null when unknown",
        "S3",
        "20000.0",
    )
}

/// [`CURRENCY`].
pub fn currency() -> Column {
    text(
        CURRENCY,
        "The deal's own currency (transactioncurrencyid); value is in it where value_in_base_currency is false.",
        "null when unknown",
        "S3",
        "e0000001-0000-4000-8000-000000000000",
    )
}

/// [`IN_BASE_CURRENCY`].
pub fn in_base_currency() -> Column {
    Column::new(
        IN_BASE_CURRENCY,
        ColumnType::Boolean,
        "",
        "Whether value is in the organisation's base currency, so that it can be added to others.",
        "null without value",
        "S3",
        "true",
    )
}
