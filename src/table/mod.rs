//! What a published table promises (O1, O3, O6), and the check that a frame keeps it.

pub mod cells;
mod column_type;
mod rows;

use std::panic::Location;
use std::sync::Arc;

use polars::prelude::*;

use crate::error::{Error, Result};

pub use column_type::{ColumnType, DECIMAL_DIGITS, DECIMAL_PLACES};
pub use rows::{Rows, Texts};

/// What a published column declares of itself.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Column {
    /// Its name.
    pub name: &'static str,
    /// Its type.
    pub dtype: ColumnType,
    /// Empty for columns without one.
    pub unit: &'static str,
    /// What it says, in a sentence.
    pub description: &'static str,
    /// When the column is null.
    pub empty: &'static str,
    /// The numbers of the rules that define it.
    pub rule: &'static str,
    /// A value that it may have.
    pub example: &'static str,
    /// The file that declares it.
    pub defined_in: &'static str,
}

/// What a published table declares of itself.
#[derive(Debug, Clone)]
pub struct Table {
    /// Its name, and that of its folder.
    pub name: &'static str,
    /// Rises when columns are added or mean something else.
    pub version: u32,
    /// What one row is.
    pub grain: &'static str,
    /// What it is for.
    pub description: &'static str,
    /// The columns that tell its rows apart.
    pub key: &'static [&'static str],
    /// Its columns, in their order in files.
    pub columns: Vec<Column>,
    /// The file that declares it.
    pub defined_in: &'static str,
}

impl Column {
    /// A column by its promises, in the order of the dictionary. It is defined in the file that calls this.
    #[track_caller]
    pub const fn new(
        name: &'static str,
        dtype: ColumnType,
        unit: &'static str,
        description: &'static str,
        empty: &'static str,
        rule: &'static str,
        example: &'static str,
    ) -> Column {
        Column { name, dtype, unit, description, empty, rule, example, defined_in: Location::caller().file() }
    }
}

/// The day as of which the rows of a published file were computed.
pub const AS_OF: &str = "as_of";

impl Table {
    /// The table as its files are: with the day at the end, so that a file says of when it is wherever it lies.
    pub fn dated(mut self) -> Table {
        self.columns.push(Column::new(
            AS_OF,
            ColumnType::Date,
            "",
            "The day as of which the row was computed; of weekly tables the last day of the week. \
             The same in every row of a file, so that a file without its folder, such as the one in current/, says it too.",
            "never",
            "T1",
            "2026-03-31",
        ));
        self
    }

    /// Names and types, in the order of files.
    pub fn schema(&self) -> Schema {
        self.columns.iter().map(|column| Field::new(column.name.into(), column.dtype.to_polars())).collect()
    }
}

/// The declared columns, in order and in their types. Values that do not fit fail the plan.
pub fn conform(frame: LazyFrame, table: &Table) -> LazyFrame {
    conform_places(frame, table, &[])
}

/// [`conform`] of rows some of whose columns hold places in lists of texts.
pub fn conform_places(frame: LazyFrame, table: &Table, texts: &[(&'static str, Arc<Texts>)]) -> LazyFrame {
    let dtype = |column: &Column| match texts.iter().any(|(name, _)| *name == column.name) {
        true => DataType::UInt32,
        false => column.dtype.to_polars(),
    };
    let columns = table.columns.iter().map(|column| col(column.name).strict_cast(dtype(column)));
    frame.select(columns.collect::<Vec<_>>())
}

/// Schema as declared, key never null, rows in strictly ascending order of the key, numbers finite.
pub fn check(frame: &DataFrame, table: &Table) -> Result<()> {
    check_rows(&Rows::from(frame.clone()), table)
}

/// [`check`] of rows some of whose texts are places in lists.
pub fn check_rows(rows: &Rows, table: &Table) -> Result<()> {
    check_schema(rows, table)?;
    for name in table.key {
        let nulls = column(&rows.frame, table, name)?.null_count();
        if nulls > 0 {
            return Err(broken(table, format!("key column {name} is null in {nulls} rows")));
        }
    }
    if rows.frame.height() > 1 {
        let last = rows.frame.height() - 1;
        check_ascending(&rows.slice(0, last), &rows.slice(1, last), table)?;
    }
    check_finite(&rows.frame, table)
}

fn check_schema(rows: &Rows, table: &Table) -> Result<()> {
    let due = |column: &Column| match rows.texts_of(column.name) {
        Some(_) if column.dtype == ColumnType::Text => DataType::UInt32,
        _ => column.dtype.to_polars(),
    };
    let declared: Schema = table.columns.iter().map(|column| Field::new(column.name.into(), due(column))).collect();
    let found = rows.frame.schema();
    if **found == declared {
        return Ok(());
    }
    let difference =
        declared.iter_names_and_dtypes().zip(found.iter_names_and_dtypes()).find(|(declared, found)| declared != found);
    Err(broken(
        table,
        match difference {
            Some(((name, dtype), (found, found_dtype))) => {
                format!("column {name} of type {dtype} is due where {found} of type {found_dtype} stands")
            }
            None => format!("{} columns are due, there are {}", declared.len(), rows.frame.width()),
        },
    ))
}

/// Every row of `after` has a greater key than the row of `before` beside it. That a key is unique
/// follows, without the hash table that counting distinct keys would take.
pub(crate) fn check_ascending(before: &Rows, after: &Rows, table: &Table) -> Result<()> {
    let mut smaller = BooleanChunked::full("smaller".into(), false, before.frame.height());
    let mut equal = BooleanChunked::full("equal".into(), true, before.frame.height());
    for (at, name) in table.key.iter().enumerate() {
        let doing = || Error::engine(format!("table {}: comparing key column {name}", table.name));
        if let (Some(list), Some(other)) = (before.texts_of(name), after.texts_of(name))
            && !Arc::ptr_eq(list, other)
        {
            return Err(doing()(polars_err!(ComputeError: "its texts are in two lists")));
        }
        let left = before.comparable(name).map_err(doing())?;
        let right = after.comparable(name).map_err(doing())?;
        smaller = smaller | (&equal & &left.lt(&right).map_err(doing())?);
        // Which rows are equal matters where there is more to compare, or something to tell.
        if at + 1 < table.key.len() || !smaller.all() {
            equal = equal & left.equal(&right).map_err(doing())?;
        }
    }
    match smaller.iter().position(|ascending| ascending != Some(true)) {
        None => Ok(()),
        Some(row) => Err(broken(
            table,
            format!(
                "the key ({}) {} at row {}",
                table.key.join(", "),
                if equal.get(row) == Some(true) { "repeats" } else { "is out of order" },
                row + 1
            ),
        )),
    }
}

fn check_finite(frame: &DataFrame, table: &Table) -> Result<()> {
    for column in frame.columns() {
        // What lies under nulls is seldom anything else, so that all numbers are looked at first.
        let finite = |numbers: &Float64Chunked| numbers.data_views().flatten().all(|number| number.is_finite());
        if let Ok(numbers) = column.f64()
            && !finite(numbers)
            && numbers.iter().flatten().any(|number| !number.is_finite())
        {
            return Err(broken(table, format!("column {} is not finite everywhere", column.name())));
        }
    }
    Ok(())
}

fn column<'a>(frame: &'a DataFrame, table: &Table, name: &str) -> Result<&'a polars::prelude::Column> {
    frame.column(name).map_err(Error::engine(format!("table {}", table.name)))
}

fn broken(table: &Table, message: String) -> Error {
    Error::Checks {
        message: format!(
            "table {}: {message}; this is a mistake of the program, and nothing of the table was published",
            table.name
        ),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn table() -> Table {
        let column = |name, dtype| Column::new(name, dtype, "", "", "", "", "");
        Table {
            defined_in: file!(),
            name: "t",
            version: 1,
            grain: "",
            description: "",
            key: &["id", "day"],
            columns: vec![
                column("id", ColumnType::Text),
                column("day", ColumnType::Int64),
                column("rate", ColumnType::Float64),
            ],
        }
    }

    fn verdict(frame: PolarsResult<DataFrame>) -> String {
        check(&frame.unwrap(), &table()).map_or_else(|error| error.to_string(), |()| "fine".into())
    }

    #[test]
    fn a_sorted_unique_finite_frame_is_fine() {
        assert_eq!(
            verdict(df!("id" => ["a", "a", "b"], "day" => [1i64, 2, 1], "rate" => [None, Some(0.5), None])),
            "fine"
        );
        assert_eq!(
            verdict(df!("id" => Vec::<&str>::new(), "day" => Vec::<i64>::new(), "rate" => Vec::<f64>::new())),
            "fine"
        );
    }

    #[test]
    fn every_broken_promise_is_found() {
        for (frame, finding) in [
            (df!("id" => ["a", "a"], "day" => [1i64, 1], "rate" => [0.0, 1.0]), "repeats at row 1"),
            (df!("id" => ["b", "a"], "day" => [1i64, 2], "rate" => [0.0, 1.0]), "out of order at row 1"),
            (df!("id" => [Some("a"), None], "day" => [1i64, 2], "rate" => [0.0, 1.0]), "id is null in 1 rows"),
            (df!("id" => ["a"], "day" => [1i64], "rate" => [f64::NAN]), "rate is not finite"),
            (df!("id" => ["a"], "day" => [1i32], "rate" => [0.5]), "day of type i64 is due where day of type i32"),
            (df!("id" => ["a"], "day" => [1i64]), "3 columns are due, there are 2"),
        ] {
            let verdict = verdict(frame);
            assert!(verdict.contains(finding), "{verdict}");
        }
    }

    #[test]
    fn conform_orders_casts_and_drops() {
        let frame = df!("extra" => [1], "rate" => [1i64], "day" => [7i32], "id" => ["a"]).unwrap();
        let frame = conform(frame.lazy(), &table()).collect().unwrap();
        assert!(check(&frame, &table()).is_ok());
    }
}
