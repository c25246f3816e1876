//! What parts were made of, in 128 bits: parts of another lake, day, job or version are not taken for these.

use polars::prelude::*;
use xxhash_rust::xxh3::{Xxh3, xxh3_64};

use crate::error::{Error, Result};
use crate::frames::keys::spread;
use crate::sources::{Activities, Sources};

/// The mark of what was read of a lake, as hexadecimal digits. `asked` says what else decides what comes of it.
///
/// # Errors
/// Only what the engine runs into.
pub fn mark(sources: &Sources, activities: &Activities, asked: &str) -> Result<String> {
    let mut mark = Xxh3::new();
    mark.update(asked.as_bytes());
    for input in &sources.inputs {
        mark.update(format!("{} {} {}\n", input.table, input.files, input.rows_read).as_bytes());
    }
    let small = sources.records.values().chain(sources.deleted.values()).chain([&sources.mailboxes]);
    for table in small.chain(activities.tables()) {
        add(&mut mark, table).map_err(Error::engine("the mark of a lake"))?;
    }
    Ok(format!("{:032x}", mark.digest128()))
}

/// Every value and its place, but those of lists: what changes only there changes a row's other columns too.
fn add(mark: &mut Xxh3, table: &DataFrame) -> PolarsResult<()> {
    for column in table.columns() {
        let sum = match column.dtype() {
            DataType::String => sum(column.str()?.iter(), |text| xxh3_64(text.as_bytes())),
            DataType::Int128 => sum(column.i128()?.iter(), |key| spread(key as u64) ^ (key >> 64) as u64),
            kind if kind.is_primitive_numeric() || kind.is_temporal() || kind.is_bool() => {
                let numbers = column.to_physical_repr().cast(&DataType::Int64)?;
                sum(numbers.i64()?.iter(), |number| spread(number as u64))
            }
            _ => 0,
        };
        mark.update(format!("{} {} {sum}\n", column.name(), table.height()).as_bytes());
    }
    Ok(())
}

fn sum<T>(values: impl Iterator<Item = Option<T>>, number: impl Fn(T) -> u64) -> u64 {
    let placed = |(value, place): (Option<T>, u64)| value.map_or(0, |value| spread(number(value) ^ spread(place)));
    values.zip(1..).map(placed).fold(0, u64::wrapping_add)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(table: &DataFrame) -> u128 {
        let mut mark = Xxh3::new();
        add(&mut mark, table).unwrap();
        mark.digest128()
    }

    #[test]
    fn whatever_changes_changes_the_mark() {
        let table =
            |texts: [Option<&str>; 2], numbers: [i64; 2]| of(&df!("text" => texts, "number" => numbers).unwrap());
        let first = table([Some("a"), Some("b")], [1, 2]);
        assert_eq!(first, table([Some("a"), Some("b")], [1, 2]));
        for other in [
            table([Some("b"), Some("a")], [1, 2]),
            table([Some("a"), None], [1, 2]),
            table([Some("a"), Some("b")], [2, 1]),
            table([Some("a"), Some("b")], [1, 3]),
        ] {
            assert_ne!(first, other);
        }
    }
}
