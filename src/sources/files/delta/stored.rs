//! What the log of a Delta table says about the rows of a data file: values of partition columns, and
//! which rows are deleted.

use std::sync::Arc;

use polars::prelude::*;

use crate::sources::files::delta::{DeltaTable, LiveFile};
use crate::sources::files::shared_values::SharedValue;

impl DeltaTable {
    /// The values of needed partition columns in a file. Of others nothing is asked, so that files which
    /// differ in them are read together.
    pub fn log_values(&self, file: &LiveFile, needed: &dyn Fn(&str) -> bool) -> Vec<SharedValue> {
        let partitions = self.columns.iter().filter_map(|column| Some((column, column.partition?)));
        let values = partitions.filter(|(column, _)| needed(&column.name)).map(|(column, kind)| SharedValue {
            name: column.name.as_str().into(),
            text: file.partition_values.get(&column.stored).cloned(),
            kind,
        });
        values.collect()
    }
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
