//! From a data file's own columns to those of its Delta table.

use std::sync::Arc;

use polars::prelude::*;

use super::{Column, DeltaTable, LiveFile, Mapping};
use crate::sources::casts;
use crate::sources::contract::Kind;

/// How one file holds the columns of its table.
#[derive(Clone, Debug, PartialEq)]
pub struct Stored {
    /// Columns by the table's names, partition columns among them.
    pub schema: Schema,
    /// Where each comes from; none where all are stored under the table's names.
    origins: Option<Vec<(PlSmallStr, Origin)>>,
}

#[derive(Clone, Debug, PartialEq)]
enum Origin {
    /// A column of the file.
    File(PlSmallStr),
    /// The log's value for all rows of the file.
    Log(Option<String>, Kind),
}

impl Stored {
    /// A file that stands for itself.
    pub fn as_named(schema: Schema) -> Stored {
        Stored { schema, origins: None }
    }

    /// A file of a Delta table, by its own schema and the field ids in it. Partition columns are only
    /// those that are needed, so that files which differ in others are read together.
    ///
    /// # Errors
    /// The name of a needed column whose fields have other names in the file.
    pub fn in_table(
        table: &DeltaTable,
        file: &LiveFile,
        (schema, ids): (Schema, &[Option<i64>]),
        needed: &dyn Fn(&str) -> bool,
    ) -> std::result::Result<Stored, String> {
        let partitions = table.columns.iter().filter_map(|column| Some((column, column.partition?)));
        let partitions: Vec<(&Column, Kind)> = partitions.filter(|(column, _)| needed(&column.name)).collect();
        if table.mapping == Mapping::None && partitions.is_empty() {
            return Ok(Stored::as_named(schema));
        }
        let mut origins = Vec::new();
        if table.mapping == Mapping::None {
            let names = schema.iter_names();
            // Where a file holds a partition column as well, the log is right.
            let in_log = |name: &str| partitions.iter().any(|(column, _)| column.name.eq_ignore_ascii_case(name));
            origins.extend(names.filter(|name| !in_log(name)).map(|name| (name.clone(), Origin::File(name.clone()))));
        } else {
            // A dropped column stays in the files under a name that the table no longer has.
            for column in table.columns.iter().filter(|column| column.partition.is_none()) {
                let Some(name) = column.in_file(table.mapping, &schema, ids) else { continue };
                if column.renamed_inside && needed(&column.name) {
                    return Err(column.name.clone());
                }
                origins.push((column.name.as_str().into(), Origin::File(name.clone())));
            }
        }
        for (column, kind) in partitions {
            let value = file.partition_values.get(&column.stored).cloned();
            origins.push((column.name.as_str().into(), Origin::Log(value, kind)));
        }
        let dtype = |origin: &Origin| match origin {
            Origin::File(stored) => schema.get(stored).cloned().unwrap_or(DataType::Null),
            Origin::Log(_, kind) => casts::dtype(*kind).unwrap_or(DataType::String),
        };
        let schema = origins.iter().map(|(name, origin)| Field::new(name.clone(), dtype(origin))).collect();
        Ok(Stored { schema, origins: Some(origins) })
    }

    /// The file's rows with the table's columns beside those of `kept`, which are neither's.
    pub fn with_table_columns(&self, frame: LazyFrame, kept: &str) -> LazyFrame {
        let Some(origins) = &self.origins else { return frame };
        let columns = origins.iter().map(|(name, origin)| {
            let column = match origin {
                Origin::File(stored) => col(stored.clone()),
                Origin::Log(value, kind) => {
                    let text = value.as_deref().map_or(lit(NULL).cast(DataType::String), lit);
                    casts::read_as(text, &DataType::String, *kind).unwrap_or(lit(NULL))
                }
            };
            column.alias(name.clone())
        });
        frame.select(std::iter::once(col(kept)).chain(columns).collect::<Vec<_>>())
    }
}

impl Column {
    fn in_file<'a>(&self, mapping: Mapping, schema: &'a Schema, ids: &[Option<i64>]) -> Option<&'a PlSmallStr> {
        let by_id = (mapping == Mapping::Id && ids.iter().any(Option::is_some))
            .then(|| ids.iter().position(|id| id.is_some() && *id == self.field_id));
        match by_id {
            Some(at) => schema.get_at_index(at?).map(|(name, _)| name),
            None => schema.iter_names().find(|name| **name == self.stored),
        }
    }
}

impl DeltaTable {
    /// Whether a column of a file may be one that is needed, by its name in the file. By field ids any
    /// column may.
    pub fn may_hold(&self, stored: &str, needed: &dyn Fn(&str) -> bool) -> bool {
        match self.mapping {
            Mapping::None => needed(stored),
            Mapping::Name => self.columns.iter().any(|column| column.stored == stored && needed(&column.name)),
            Mapping::Id => true,
        }
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
