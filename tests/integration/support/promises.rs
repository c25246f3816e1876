//! What every file of every published table keeps.

use polars::prelude::*;
use rapport::publish::runs_table;
use rapport::table::Table;
use rapport::{jobs, table};

/// Schema as declared, key unique, never null and in order, numbers finite (O1, O3); counts, lengths
/// and shares are never negative.
#[track_caller]
pub fn keeps_its_promises(name: &str, frame: &DataFrame, subjects: bool) {
    let declared = declared(subjects).into_iter().find(|table| table.name == name);
    let declared = declared.unwrap_or_else(|| panic!("no job declares {name}"));
    assert_eq!(**frame.schema(), declared.schema(), "{name}");
    table::check(frame, &declared).unwrap_or_else(|error| panic!("{error}"));
    for column in frame.columns().iter().filter(|column| column.dtype().is_primitive_numeric()) {
        let numbers = column.cast(&DataType::Float64).expect("numbers are numbers");
        let least = numbers.f64().expect("numbers").min();
        assert!(least.is_none_or(|least| least >= 0.0), "{name}: {} goes down to {least:?}", column.name());
    }
}

/// The tables of a day as the job declares them.
pub fn declared(subjects: bool) -> Vec<Table> {
    let tables = if subjects { jobs::tables_with_subjects() } else { jobs::tables() };
    tables.into_iter().filter(|table| table.name != runs_table().name).collect()
}
