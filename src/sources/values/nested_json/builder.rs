//! Puts the kept texts of nested values, row by row, into a column of structs or of lists of structs.

use polars::prelude::*;
use polars_arrow::array::ListArray;
use polars_arrow::bitmap::Bitmap;
use polars_arrow::offset::OffsetsBuffer;

use crate::sources::values::nested_json::elements::Elements;
use crate::sources::values::nested_json::form::{KeptFields, Path};

/// Puts nested values into a column.
pub struct Builder {
    form: KeptFields,
    leaves: Vec<StringChunkedBuilder>,
    offsets: Vec<i64>,
    present: Vec<bool>,
}

impl Builder {
    pub fn new(form: KeptFields) -> Builder {
        let leaf = |path: &Path| StringChunkedBuilder::new(path.last().copied().unwrap_or_default().into(), 0);
        Builder { form, leaves: form.leaves.iter().map(leaf).collect(), offsets: vec![0], present: Vec::new() }
    }

    pub fn push(&mut self, elements: Option<Elements<'_>>) {
        self.present.push(elements.is_some());
        let mut texts = elements.map(|elements| elements.texts).unwrap_or_default();
        if !self.form.is_list {
            // A struct has its fields in every row.
            texts.resize(self.leaves.len(), None);
        }
        let structs = texts.len() / self.leaves.len();
        for (at, text) in texts.iter().enumerate() {
            let leaf = at % self.leaves.len();
            self.leaves[leaf].append_option(text.as_deref());
        }
        self.offsets.push(self.offsets.last().copied().unwrap_or_default() + structs as i64);
    }

    pub fn finish(self, name: &str) -> PolarsResult<Series> {
        let Builder { form, leaves, offsets, present } = self;
        let leaves: Vec<Series> = leaves.into_iter().map(|leaf| leaf.finish().into_series()).collect();
        let length = leaves.first().map_or(0, |leaf| leaf.len());
        let mut fields: Vec<(&str, Vec<Series>)> = Vec::new();
        for (path, leaf) in form.leaves.iter().zip(leaves) {
            match fields.iter_mut().find(|(name, _)| *name == path[0]) {
                Some((_, leaves)) => leaves.push(leaf),
                None => fields.push((path[0], vec![leaf])),
            }
        }
        let grouped = |name: &str| form.leaves.iter().any(|path| path.len() == 2 && path[0] == name);
        let fields = fields.into_iter().map(|(name, mut leaves)| match (grouped(name), leaves.len()) {
            (false, 1) => Ok(leaves.remove(0)),
            _ => Ok(StructChunked::from_series(name.into(), length, leaves.iter())?.into_series()),
        });
        let fields = fields.collect::<PolarsResult<Vec<Series>>>()?;
        let structs = StructChunked::from_series(name.into(), length, fields.iter())?.into_series();
        if !form.is_list {
            return Ok(structs);
        }
        let values = structs.rechunk().chunks()[0].clone();
        let dtype = ListArray::<i64>::default_datatype(values.dtype().clone());
        let present = present.iter().any(|present| !present).then(|| Bitmap::from_iter(present));
        let lists = ListArray::try_new(dtype, OffsetsBuffer::try_from(offsets)?, values, present)?;
        Ok(ListChunked::with_chunk(name.into(), lists).into_series())
    }
}
