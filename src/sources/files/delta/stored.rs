//! What the log of a Delta table says about the rows of a data file: values of partition columns, and
//! which rows are deleted.

use std::sync::Arc;

use polars::prelude::*;

use crate::sources::files::delta::{DeltaColumn, DeltaTable, LiveFile};
use crate::sources::files::shared_values::SharedValue;

impl DeltaTable {
    /// The values of needed partition columns in a file. Of others nothing is asked, so that files which
    /// differ in them are read together.
    pub fn log_values(&self, file: &LiveFile, needed: &dyn Fn(&str) -> bool) -> Vec<SharedValue> {
        let partitions = self.columns.iter().filter_map(|column| Some((column, column.partition?)));
        let read = partitions.filter(|(column, _)| needed(&column.name) && odd_in(column, file).is_none());
        let values = read.map(|(column, kind)| SharedValue {
            name: column.name.as_str().into(),
            text: file.partition_values.get(&column.stored).cloned(),
            kind,
        });
        values.collect()
    }

    /// The needed partition columns that have a value in a file and a type that is not read, with a word for it.
    pub fn odd_values<'a>(
        &'a self,
        file: &'a LiveFile,
        needed: &'a dyn Fn(&str) -> bool,
    ) -> impl Iterator<Item = (PlSmallStr, &'static str)> {
        let partitions = self.columns.iter().filter(|column| column.partition.is_some() && needed(&column.name));
        partitions.filter_map(|column| Some((column.name.as_str().into(), odd_in(column, file)?)))
    }
}

fn odd_in(column: &DeltaColumn, file: &LiveFile) -> Option<&'static str> {
    column.odd.filter(|_| file.partition_values.contains_key(&column.stored))
}

/// Whether the row at a position is among the deleted ones, which ascend.
pub fn deleted_rows(position: Expr, deleted: &Arc<[u64]>) -> Expr {
    let deleted = Arc::clone(deleted);
    position.map(
        move |positions| {
            let positions = positions.cast(&DataType::UInt64)?;
            let found = positions.u64()?.iter().map(|at| at.is_some_and(|at| deleted.binary_search(&at).is_ok()));
            Ok(found.collect::<BooleanChunked>().with_name(positions.name().clone()).into_column())
        },
        |_, field| Ok(Field::new(field.name().clone(), DataType::Boolean)),
    )
}
