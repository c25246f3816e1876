//! The table `people`: every colleague, contact and lead that other tables name by type and id.

use polars::prelude::*;

use crate::error::{Error, Result};
use crate::frames::union;
use crate::interactions::Context;
use crate::people::RecordType;
use crate::people::record_details::ACCOUNT_NAME;
use crate::table::{Column as Declared, ColumnType, Table, conform};

const COLLEAGUE: &str = "systemuser";
const DISABLED: &str = "is_disabled";

/// One row per person. `details` has a row per record in their order, with the names of accounts.
///
/// # Errors
/// Only what the engine runs into.
pub fn people(context: &Context, details: &DataFrame) -> Result<LazyFrame> {
    let records = &context.people.records;
    let mut of_records = records.table.clone();
    let names = details.column(ACCOUNT_NAME).map_err(Error::engine("names of accounts"))?;
    of_records.with_column(names.clone()).map_err(Error::engine("names of accounts"))?;
    let columns = ["person_type", "person_id", "name", "account_id", ACCOUNT_NAME, DISABLED].map(col);
    let of_type = |record_type: RecordType| {
        let range = records.range(record_type);
        let rows = of_records.slice(i64::from(range.start), range.len()).lazy().with_columns([
            col("record_type").alias("person_type"),
            col("record_id").alias("person_id"),
            lit(NULL).cast(DataType::Boolean).alias(DISABLED),
        ]);
        rows.select(columns.clone())
    };
    let none = || lit(NULL).cast(DataType::String);
    let colleagues = colleagues(context).map_err(Error::engine("colleagues"))?.lazy().with_columns([
        lit(COLLEAGUE).alias("person_type"),
        col("systemuser_id").alias("person_id"),
        none().alias("account_id"),
        none().alias(ACCOUNT_NAME),
    ]);
    let colleagues = colleagues.select(columns.clone()).sort(["person_id"], SortMultipleOptions::default());
    let all = union([of_type(RecordType::Contact), of_type(RecordType::Lead), colleagues])?;
    Ok(conform(all, &table()))
}

/// Colleagues, and whether they are disabled.
fn colleagues(context: &Context) -> PolarsResult<DataFrame> {
    let directory = &context.people.directory;
    let mut colleagues = directory.colleagues.clone();
    let disabled = colleagues.column("user")?.u32()?.iter();
    let disabled = disabled.map(|user| directory.disabled.get(user? as usize).copied()).collect::<Vec<_>>();
    colleagues.with_column(Column::new(DISABLED.into(), disabled))?;
    Ok(colleagues)
}

/// The table `people`.
pub fn table() -> Table {
    let text = |name, description, empty, rule, example| {
        Declared::new(name, ColumnType::Text, "", description, empty, rule, example)
    };
    Table {
        defined_in: file!(),
        name: "people",
        version: 1,
        grain: "colleague, contact or lead known at the date",
        description: "Everybody whom other tables name by person_type and person_id, systemuser_id, contact_id or lead_id: to \
                      join names and companies to them.",
        key: &["person_type", "person_id"],
        columns: vec![
            text("person_type", "contact, lead, systemuser.", "never", "P2, P3", "contact"),
            text("person_id", "The person.", "never", "I2", "c0000001-0000-4000-8000-000000000000"),
            text("name", "The person's name.", "null when it has none", "", "Xena Berg"),
            text(
                "account_id",
                "The account that a contact belongs to.",
                "null on leads and colleagues, and without account",
                "L2",
                "b0000001-0000-4000-8000-000000000000",
            ),
            text(
                ACCOUNT_NAME,
                "Its name; of leads the company that they name.",
                "null on colleagues, and without account or company",
                "L2",
                "Cedergård Logistics",
            ),
            Declared::new(
                DISABLED,
                ColumnType::Boolean,
                "",
                "Whether a colleague's user is disabled, as exported.",
                "null on contacts and leads",
                "W2",
                "false",
            ),
        ],
    }
}
