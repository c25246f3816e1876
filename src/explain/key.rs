//! Keys of tables, as they are asked for.

use chrono::NaiveDate;
use polars::prelude::*;

use crate::error::{Error, Result};
use crate::table::{ColumnType, Table};
use crate::time::days_since_epoch;

/// What a key of a table looks like.
pub(super) fn example(table: &Table) -> String {
    let of_key = |name: &&str| table.columns.iter().find(|column| column.name == *name).map(|column| column.example);
    format!("(such as {})", table.key.iter().filter_map(of_key).collect::<Vec<_>>().join(" "))
}

/// A condition on a column of the key, by its type.
pub(super) fn equals(table: &Table, name: &str, value: &str) -> Result<Expr> {
    let refused = |due: &str| {
        let message = format!("{value:?} is no value of {name}, which is {due}");
        Error::usage("KEY", message, format!("Name the key {} {}", table.key.join(" "), example(table)))
    };
    let dtype = table.columns.iter().find(|column| column.name == name).map(|column| column.dtype);
    Ok(match dtype {
        Some(ColumnType::Int64) => col(name).eq(lit(value.parse::<i64>().map_err(|_| refused("a whole number"))?)),
        Some(ColumnType::Date) => {
            let day: NaiveDate = value.parse().map_err(|_| refused("a day such as 2026-03-31"))?;
            col(name).eq(lit(days_since_epoch(day)).cast(DataType::Date))
        }
        _ => {
            // Ids of Dataverse are published in lower case and without braces.
            let plain = value.trim_matches(['{', '}']).to_lowercase();
            col(name).eq(lit(value)).or(col(name).eq(lit(plain)))
        }
    })
}
