//! The schema of a Delta table of results: columns as declared, and the partition column.

use std::collections::HashMap;

use deltalake_core::kernel::{Action, DataType, MetadataExt, MetadataValue, StructField, StructType};
use deltalake_core::{DeltaResult, DeltaTable};

use super::failures::{failed, foreign};
use crate::error::Result;
use crate::publish::Partition;
use crate::storage::DeltaFolder;
use crate::table::{Column, ColumnType, DECIMAL_DIGITS, DECIMAL_PLACES, Table};

/// The columns of a table that is new: those of its files, then the partition column.
pub(super) fn columns(table: &Table, partition: &Partition) -> DeltaResult<Vec<StructField>> {
    table.columns.iter().map(field).chain([Ok(partition_field(partition))]).collect()
}

/// What gives a table the columns that its newer version has, at the end (rule O2); none when it has
/// them all. Columns that only an older version had stay, and are null in new files.
///
/// # Errors
/// A table that is partitioned otherwise, or has one of the columns in another type.
pub(super) fn with_new_columns(
    delta: &DeltaTable,
    table: &Table,
    partition: &Partition,
    place: &DeltaFolder,
) -> Result<Option<Action>> {
    let state = delta.snapshot().map_err(|error| failed(place, error))?;
    let (schema, metadata) = (state.schema(), state.metadata());
    if metadata.partition_columns() != [partition.column] {
        let found = metadata.partition_columns().join(", ");
        return Err(foreign(place, &format!("it is partitioned by {found:?}, not by {}", partition.column)));
    }
    let mut new = Vec::new();
    for due in columns(table, partition).map_err(|error| failed(place, error))? {
        match schema.field(&due.name) {
            None => new.push(due),
            Some(found) if found.data_type == due.data_type => {}
            Some(found) => {
                let message = format!("column {} is of type {}, not {}", due.name, found.data_type, due.data_type);
                return Err(foreign(place, &message));
            }
        }
    }
    if new.is_empty() {
        return Ok(None);
    }
    let metadata = StructType::try_new(schema.fields().cloned().chain(new))
        .map_err(deltalake_core::DeltaTableError::from)
        .and_then(|schema| Ok(metadata.clone().with_schema(&schema)?));
    Ok(Some(Action::Metadata(metadata.map_err(|error| failed(place, error))?)))
}

fn field(column: &Column) -> DeltaResult<StructField> {
    let comment = HashMap::from([("comment", MetadataValue::String(comment(column)))]);
    Ok(StructField::nullable(column.name, data_type(column.dtype)?).with_metadata(comment))
}

/// The dictionary's words, in one line.
fn comment(column: &Column) -> String {
    let mut text = column.description.to_string();
    for (label, fact) in [("Unit: ", column.unit), ("Null: ", column.empty), ("Rule ", column.rule)] {
        if !fact.is_empty() {
            text.push_str(&format!(" {label}{fact}."));
        }
    }
    text
}

fn partition_field(partition: &Partition) -> StructField {
    let (dtype, comment) = match partition.column {
        "as_of_date" => (DataType::DATE, "The day as of which the rows were computed."),
        _ => (DataType::STRING, "The ISO week whose last day the rows were computed as of."),
    };
    let comment = HashMap::from([("comment", MetadataValue::String(comment.to_string()))]);
    StructField::nullable(partition.column, dtype).with_metadata(comment)
}

fn data_type(dtype: ColumnType) -> DeltaResult<DataType> {
    Ok(match dtype {
        ColumnType::Text => DataType::STRING,
        ColumnType::Int64 => DataType::LONG,
        ColumnType::Float64 => DataType::DOUBLE,
        ColumnType::Boolean => DataType::BOOLEAN,
        ColumnType::Date => DataType::DATE,
        ColumnType::Timestamp => DataType::TIMESTAMP,
        ColumnType::Decimal => DataType::decimal(DECIMAL_DIGITS as u8, DECIMAL_PLACES as u8)?,
    })
}
