//! What the kernel reads a log with: the usual engine, except that no type of a column refuses a table.
//!
//! The kernel parses the whole schema of a table and takes all features in its protocol for things that
//! it must know. Both lie in actions, which come from commits as JSON and from checkpoints as Parquet.

use std::sync::Arc;

use bytes::Bytes;
use delta_kernel::arrow::array::cast::AsArray;
use delta_kernel::arrow::array::{Array, ArrayRef, BooleanArray, ListArray, RecordBatch, StringArray, StructArray};
use delta_kernel::arrow::buffer::OffsetBuffer;
use delta_kernel::arrow::compute::filter;
use delta_kernel::engine::arrow_data::ArrowEngineData;
use delta_kernel::schema::{DataType, SchemaRef, StructField, StructType};
use delta_kernel::{
    DeltaResult, DeltaResultIterator, DeltaResultIteratorStatic, Engine, EngineData, Error, EvaluationHandler,
    FileDataReadResultIterator, FileMeta, FileSize, FileSlice, FilteredEngineData, JsonHandler, ParquetFooter,
    ParquetHandler, PredicateRef, StorageHandler,
};
use url::Url;

use crate::sources::files::delta::odd_types;

/// An engine for logs whose tables may have columns of any type.
pub struct AnyTypes {
    pub engine: Arc<dyn Engine>,
    /// What it shows of a log.
    pub shown: Shown,
}

/// What is shown of a log.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Shown {
    /// All of it.
    Whole,
    /// Not what it says by itself of its newest checkpoint.
    WithoutHint,
    /// Commits alone.
    WithoutCheckpoints,
}

/// The file in which a log says which checkpoint is its newest.
const HINT: &str = "/_last_checkpoint";

struct Json(Arc<dyn JsonHandler>);
struct Parquet(Arc<dyn ParquetHandler>);
struct Files {
    handler: Arc<dyn StorageHandler>,
    shown: Shown,
}

impl Engine for AnyTypes {
    fn evaluation_handler(&self) -> Arc<dyn EvaluationHandler> {
        self.engine.evaluation_handler()
    }

    fn storage_handler(&self) -> Arc<dyn StorageHandler> {
        Arc::new(Files { handler: self.engine.storage_handler(), shown: self.shown })
    }

    fn json_handler(&self) -> Arc<dyn JsonHandler> {
        Arc::new(Json(self.engine.json_handler()))
    }

    fn parquet_handler(&self) -> Arc<dyn ParquetHandler> {
        Arc::new(Parquet(self.engine.parquet_handler()))
    }
}

impl JsonHandler for Json {
    fn parse_json(&self, texts: Box<dyn EngineData>, schema: SchemaRef) -> DeltaResult<Box<dyn EngineData>> {
        self.0.parse_json(texts, schema)
    }

    fn read_json_files(
        &self,
        files: &[FileMeta],
        schema: SchemaRef,
        predicate: Option<PredicateRef>,
    ) -> DeltaResult<FileDataReadResultIterator> {
        Ok(Box::new(self.0.read_json_files(files, schema, predicate)?.map(|batch| of_any_types(batch?))))
    }

    fn write_json_file(
        &self,
        path: &Url,
        data: DeltaResultIterator<'_, FilteredEngineData>,
        overwrite: bool,
    ) -> DeltaResult<FileSize> {
        self.0.write_json_file(path, data, overwrite)
    }
}

impl ParquetHandler for Parquet {
    fn read_parquet_files(
        &self,
        files: &[FileMeta],
        schema: SchemaRef,
        predicate: Option<PredicateRef>,
    ) -> DeltaResult<FileDataReadResultIterator> {
        Ok(Box::new(self.0.read_parquet_files(files, schema, predicate)?.map(|batch| of_any_types(batch?))))
    }

    fn write_parquet_file(&self, place: Url, data: DeltaResultIteratorStatic<Box<dyn EngineData>>) -> DeltaResult<()> {
        self.0.write_parquet_file(place, data)
    }

    /// The schema of a checkpoint has the types of the table's columns, for their statistics. Of those
    /// nothing is asked: the kernel wants to know no more than whether there may be sidecars.
    fn read_parquet_footer(&self, file: &FileMeta) -> DeltaResult<ParquetFooter> {
        self.0.read_parquet_footer(file).or_else(|error| match is_about_types(&error) {
            true => {
                let sidecars = StructType::try_new([StructField::nullable("sidecar", DataType::STRING)])?;
                Ok(ParquetFooter { schema: Arc::new(sidecars) })
            }
            false => Err(error),
        })
    }
}

/// Copies of a version's schema and protocol lie in files of checksums as well, which the kernel prefers to
/// the log and reads by itself. They are not shown to it. Nor is a hint that misleads, or a checkpoint that is
/// damaged (see [`Shown`]).
impl StorageHandler for Files {
    fn list_from(&self, path: &Url) -> DeltaResult<Box<dyn Iterator<Item = DeltaResult<FileMeta>>>> {
        let without_checkpoints = self.shown == Shown::WithoutCheckpoints;
        let is_hidden = move |file: &FileMeta| {
            let path = file.location.path();
            path.ends_with(".crc") || (without_checkpoints && is_checkpoint(path))
        };
        Ok(Box::new(self.handler.list_from(path)?.filter(move |file| !file.as_ref().is_ok_and(is_hidden))))
    }

    fn read_files(&self, files: Vec<FileSlice>) -> DeltaResult<Box<dyn Iterator<Item = DeltaResult<Bytes>>>> {
        if self.shown != Shown::Whole && files.iter().any(|(path, _)| path.path().ends_with(HINT)) {
            return Ok(Box::new(std::iter::once(Err(Error::file_not_found(HINT)))));
        }
        self.handler.read_files(files)
    }

    fn copy_atomic(&self, from: &Url, to: &Url) -> DeltaResult<()> {
        self.handler.copy_atomic(from, to)
    }

    fn put(&self, path: &Url, data: Bytes, overwrite: bool) -> DeltaResult<()> {
        self.handler.put(path, data, overwrite)
    }

    fn head(&self, path: &Url) -> DeltaResult<FileMeta> {
        self.handler.head(path)
    }

    fn delete(&self, path: &Url) -> DeltaResult<()> {
        self.handler.delete(path)
    }
}

/// Whether a file of a log is a checkpoint, or a part of one.
pub fn is_checkpoint(path: &str) -> bool {
    path.rsplit('/').next().is_some_and(|name| name.contains(".checkpoint."))
}

/// Whether a schema of Parquet has types that the kernel has no word for.
fn is_about_types(error: &Error) -> bool {
    match error {
        Error::Backtraced { source, .. } => is_about_types(source),
        error => matches!(error, Error::Arrow(_)),
    }
}

/// Actions, with a schema and a protocol that the kernel does not refuse for types.
fn of_any_types(actions: Box<dyn EngineData>) -> DeltaResult<Box<dyn EngineData>> {
    let mut actions: RecordBatch = ArrowEngineData::try_from_engine_data(actions)?.into();
    for (action, field, change) in [
        ("metaData", "schemaString", with_known_types as fn(&dyn Array) -> DeltaResult<Option<ArrayRef>>),
        ("protocol", "readerFeatures", without_types),
        ("protocol", "writerFeatures", without_types),
    ] {
        actions = changed(actions, action, field, change)?;
    }
    Ok(Box::new(ArrowEngineData::new(actions)))
}

/// Actions with one field of one of them changed, where they have it and there is something to change.
fn changed(
    actions: RecordBatch,
    action: &str,
    field: &str,
    change: fn(&dyn Array) -> DeltaResult<Option<ArrayRef>>,
) -> DeltaResult<RecordBatch> {
    let parts = || {
        let at = actions.schema().index_of(action).ok()?;
        let structs = actions.column(at).as_struct_opt()?;
        let (inside, _) = structs.fields().find(field)?;
        Some((at, structs, inside))
    };
    let Some((at, structs, inside)) = parts() else { return Ok(actions) };
    let Some(new) = change(structs.column(inside))? else { return Ok(actions) };
    let (fields, mut values, nulls) = structs.clone().into_parts();
    values[inside] = new;
    let mut columns = actions.columns().to_vec();
    columns[at] = Arc::new(StructArray::try_new(fields, values, nulls)?);
    Ok(RecordBatch::try_new(actions.schema(), columns)?)
}

fn with_known_types(schemas: &dyn Array) -> DeltaResult<Option<ArrayRef>> {
    let Some(schemas) = schemas.as_string_opt::<i32>() else { return Ok(None) };
    let replaced: Vec<Option<String>> = schemas.iter().map(|schema| odd_types::replaced(schema?)).collect();
    if replaced.iter().all(Option::is_none) {
        return Ok(None);
    }
    let schemas = schemas.iter().zip(&replaced).map(|(old, new)| new.as_deref().or(old));
    Ok(Some(Arc::new(schemas.collect::<StringArray>())))
}

fn without_types(features: &dyn Array) -> DeltaResult<Option<ArrayRef>> {
    let Some(lists) = features.as_list_opt::<i32>() else { return Ok(None) };
    let Some(names) = lists.values().as_string_opt::<i32>() else { return Ok(None) };
    let kept: Vec<bool> = names.iter().map(|name| !name.is_some_and(odd_types::is_of_types)).collect();
    if kept.iter().all(|kept| *kept) {
        return Ok(None);
    }
    let left = |from: i32, to: i32| kept[from as usize..to as usize].iter().filter(|kept| **kept).count();
    let lengths = lists.offsets().windows(2).map(|ends| left(ends[0], ends[1]));
    let (offsets, outside) = (OffsetBuffer::from_lengths(lengths), lists.offsets());
    let (first, last) = (outside[0] as usize, outside[outside.len() - 1] as usize);
    let inside = BooleanArray::from_iter(kept.iter().enumerate().map(|(at, kept)| *kept && first <= at && at < last));
    let (field, _, _, nulls) = lists.clone().into_parts();
    Ok(Some(Arc::new(ListArray::try_new(field, offsets, filter(names, &inside)?, nulls)?)))
}
