//! Reading what was published: a part of a file at a time.

use std::fs::File;
use std::path::Path;

use polars::prelude::*;

use crate::error::{Error, Result};
use crate::guard::guarded;
use crate::publish::LocalFile;

/// Rows that are read at a time: those of a row group.
pub const CHUNK: usize = 500_000;

/// A published file.
pub struct OpenedFile {
    file: LocalFile,
    /// Columns in their order.
    pub schema: Schema,
    /// How many rows it has.
    pub rows: usize,
    /// What it says about itself, without what every writer adds.
    pub metadata: Vec<(String, String)>,
}

/// Opens a file by its footer.
///
/// # Errors
/// What storage refuses, and a file that is no readable Parquet.
pub fn open(file: LocalFile) -> Result<OpenedFile> {
    let opened = File::open(file.path()).map_err(Error::storage(file.path()))?;
    let (schema, rows, metadata) = attempt(file.path(), || {
        let mut reader = ParquetReader::new(opened);
        let schema = Schema::from_arrow_schema(reader.schema()?.as_ref());
        let footer = reader.get_metadata()?;
        let metadata = footer.key_value_metadata().iter().flatten();
        let metadata = metadata.filter(|pair| pair.key != "ARROW:schema");
        let metadata = metadata.map(|pair| (pair.key.clone(), pair.value.clone().unwrap_or_default()));
        Ok((schema, footer.num_rows, metadata.collect()))
    })?;
    Ok(OpenedFile { file, schema, rows, metadata })
}

impl OpenedFile {
    /// Rows from `offset` on, of the columns named.
    ///
    /// # Errors
    /// A file that is no readable Parquet.
    pub fn read(&self, columns: &[&str], offset: usize, rows: usize) -> Result<DataFrame> {
        let selected: Vec<Expr> = columns.iter().map(|name| col(*name)).collect();
        self.collect(|frame| frame.select(selected).slice(offset as i64, rows as IdxSize))
    }

    /// What a plan makes of the whole file.
    ///
    /// # Errors
    /// A file that is no readable Parquet.
    pub fn collect(&self, plan: impl FnOnce(LazyFrame) -> LazyFrame) -> Result<DataFrame> {
        let args = ScanArgsParquet { glob: false, cache: false, ..Default::default() };
        attempt(self.file.path(), || {
            let frame = LazyFrame::scan_parquet(PlRefPath::new(self.file.path().to_string_lossy()), args)?;
            Ok(plan(frame).collect_with_engine(Engine::Streaming)?.unwrap_single())
        })
    }
}

/// Where chunks begin; a file without rows is one empty chunk.
pub fn offsets(rows: usize) -> impl Iterator<Item = usize> {
    (0..rows.max(1)).step_by(CHUNK)
}

fn attempt<T>(path: &Path, f: impl FnOnce() -> PolarsResult<T>) -> Result<T> {
    let broken = |fault: String| Error::Checks {
        message: format!(
            "{}: the published file is no readable Parquet: {fault}; publish the partition again, or remove it",
            path.display()
        ),
    };
    match guarded(f) {
        Ok(Ok(value)) => Ok(value),
        Ok(Err(error)) => Err(broken(error.to_string().lines().next().unwrap_or_default().to_string())),
        Err(_) => Err(broken("it cannot be decoded".to_string())),
    }
}
