//! Columns of Parquet as the Delta table has them that the file belongs to: by which names, and of types
//! that are read or not (rules I4, I6).

use crate::sources::files::delta::{DeltaColumn, Mapping};
use crate::sources::files::parquet::tree::{Node, Shape};

impl Node {
    /// The column by the names that its Delta table gives to it and to what is inside of it.
    pub fn renamed(&mut self, column: &DeltaColumn, mapping: Mapping) {
        self.name.clone_from(&column.name);
        let Shape::Struct(fields) = innermost(&mut self.shape) else { return };
        for field in fields {
            let known = column.inside.iter().find(|known| match (mapping, field.field_id) {
                (Mapping::Id, Some(id)) => known.field_id == Some(i64::from(id)),
                _ => known.stored == field.name,
            });
            if let Some(known) = known {
                field.renamed(known, mapping);
            }
        }
    }

    /// Takes what its Delta table declares as a type that is not read for something that cannot be read:
    /// what the file has for it may look like a number or a text, and mean another. Names are the table's.
    pub fn marked(&mut self, column: &DeltaColumn) {
        if let Some(word) = column.odd {
            let mut leaves = Vec::new();
            self.leaves(&mut leaves);
            self.shape = Shape::Odd(word, leaves.into_iter().cloned().collect());
        }
        let Shape::Struct(fields) = innermost(&mut self.shape) else { return };
        for field in fields {
            if let Some(known) = column.inside.iter().find(|known| known.name.eq_ignore_ascii_case(&field.name)) {
                field.marked(known);
            }
        }
    }
}

/// What a shape holds inside of all lists.
fn innermost(shape: &mut Shape) -> &mut Shape {
    match shape {
        Shape::List(element) => innermost(&mut element.shape),
        other => other,
    }
}
