//! Chunks of a table to one Parquet file whose bytes depend on the rows alone, not on the chunks.

use std::fs::File;
use std::io::{self, BufWriter, Write};
use std::path::Path;
use std::sync::{Arc, Mutex};

use polars::io::parquet::write::BatchedWriter;
use polars::prelude::*;
use polars_parquet::write::{self, schema_to_metadata_key};
use rayon::prelude::*;

use super::texts;
use crate::error::{Error, Result};
use crate::table::{self, Rows, Table, Texts};

/// Rows of a row group, but for the last of a file.
pub const ROWS_PER_GROUP: usize = 500_000;
/// Row groups that are encoded at the same time: one of few columns does not keep all processors busy.
const GROUPS: usize = 2;
/// From so many bytes in memory on, a row group is encoded without waiting for a second one.
const LARGE: usize = 48 << 20;

/// A file that is open for writing, and where it lies.
#[derive(Clone, Copy)]
pub(super) struct OpenFile<'a> {
    pub path: &'a Path,
    pub file: &'a File,
}

/// Checks the chunks and writes them; returns the number of rows. The caller has to make sure (`fsync`) that they are on disk.
pub(super) fn write_file(
    target: OpenFile<'_>,
    table: &Table,
    chunks: impl Iterator<Item = Result<Rows>>,
    metadata: &[(String, String)],
) -> Result<u64> {
    let (failure, OpenFile { path, file }) = (Failure::default(), target);
    let failed = |error: PolarsError| failure.or(path, table, error);
    let sink = Sink { file: file.try_clone().map_err(Error::storage(path))?, failure: failure.clone() };
    let mut writer = ParquetWriter::new(BufWriter::with_capacity(1 << 20, sink))
        .with_compression(ParquetCompression::Zstd(None))
        .with_statistics(StatisticsOptions::default())
        .with_key_value_metadata(Some(with_arrow_schema(table, metadata)))
        .batched(&table.schema())
        .map_err(failed)?;

    let mut rows = 0;
    let mut groups = Vec::new();
    let mut pending: Option<Rows> = None;
    let mut last_row: Option<Rows> = None;
    for chunk in chunks {
        let chunk = chunk?;
        table::check_rows(&chunk, table)?;
        let height = chunk.frame.height();
        if height == 0 {
            continue;
        }
        if let Some(last_row) = &last_row {
            table::check_ascending(last_row, &chunk.slice(0, 1), table)?;
        }
        last_row = Some(Rows { frame: chunk.frame._slice_and_realloc(height as i64 - 1, 1), ..chunk.clone() });
        rows += height as u64;
        let mut all = match pending.take() {
            Some(mut pending) if pending.frame.height() > 0 => {
                if !pending.shares_texts(&chunk) {
                    let error = polars_err!(ComputeError: "lists of texts change within a row group");
                    return Err(failed(error));
                }
                pending.frame.vstack_mut_owned(chunk.frame).map_err(failed)?;
                pending
            }
            _ => chunk,
        };
        while all.frame.height() >= ROWS_PER_GROUP {
            let (group, rest) = all.frame.split_at(ROWS_PER_GROUP as i64);
            groups.push(Rows { frame: group, texts: all.texts.clone() });
            all.frame = rest;
        }
        pending = Some(all);
        if groups.len() >= GROUPS || groups.iter().any(|group| group.frame.estimated_size() >= LARGE) {
            write_groups(&mut writer, std::mem::take(&mut groups)).map_err(failed)?;
        }
    }
    groups.extend(pending.filter(|pending| pending.frame.height() > 0));
    write_groups(&mut writer, groups).map_err(failed)?;
    writer.finish().map_err(failed)?;
    Ok(rows)
}

/// Writes row groups one after the other. The writer would compress pages as it writes them, one
/// thread for all; here all threads make them first.
fn write_groups<W: Write>(writer: &mut BatchedWriter<W>, groups: Vec<Rows>) -> PolarsResult<()> {
    let options = write::WriteOptions {
        statistics: StatisticsOptions::default(),
        version: write::Version::V1,
        compression: write::CompressionOptions::Zstd(None),
        data_page_size: None,
    };
    let types = writer.parquet_schema().fields().to_vec();
    let encode = |(at, (texts, column)): (usize, (Option<Arc<Texts>>, Column))| {
        let (array, encoding) = match texts {
            Some(texts) => texts::to_arrow(column.u32()?, &texts)?,
            None => plain(column),
        };
        let leaves = write::array_to_columns(array, types[at].clone(), options, &[encoding])?;
        let compress = |page: PolarsResult<_>| Ok(write::compress(page?, Vec::new(), options.compression)?);
        leaves.into_iter().map(|pages| pages.map(compress).collect()).collect::<PolarsResult<Vec<_>>>()
    };
    let encode = |group: Rows| -> PolarsResult<(u64, Vec<Vec<write::CompressedPage>>)> {
        let (height, lists) = (group.frame.height() as u64, group.texts);
        let list = |column: &Column| lists.iter().find(|(name, _)| column.name() == name).map(|(_, list)| list.clone());
        // Each column goes away once it is encoded.
        let columns: Vec<_> = group.frame.into_columns().into_iter().map(|column| (list(&column), column)).collect();
        let columns = columns.into_par_iter().enumerate().map(encode).collect::<PolarsResult<Vec<_>>>()?;
        Ok((height, columns.into_iter().flatten().collect()))
    };
    for (rows, pages) in groups.into_par_iter().map(encode).collect::<PolarsResult<Vec<_>>>()? {
        writer.write_row_group(rows, &pages)?;
    }
    Ok(())
}

/// A column's values, and how the engine writes them. It knows no dictionaries of floats, for which it
/// would count how many are different nevertheless.
fn plain(column: Column) -> (ArrayRef, write::Encoding) {
    let encoding = match column.dtype() {
        DataType::Boolean | DataType::Float64 => write::Encoding::Plain,
        _ => write::Encoding::RleDictionary,
    };
    let series = column.take_materialized_series();
    (series.rechunk().to_arrow(0, CompatLevel::newest()), encoding)
}

/// Adds the Arrow schema in its oldest form. By default polars declares text as string views,
/// a type that readers built on older Arrow libraries do not know.
fn with_arrow_schema(table: &Table, metadata: &[(String, String)]) -> KeyValueMetadata {
    let schema = table.schema().to_arrow(CompatLevel::oldest());
    let declared = schema_to_metadata_key(&schema);
    let mut all = metadata.to_vec();
    all.extend(declared.value.map(|value| (declared.key, value)));
    KeyValueMetadata::from_static(all)
}

/// The file, and the first error it met: polars turns I/O errors into text, and
/// a full disk would look like a failed computation.
struct Sink {
    file: File,
    failure: Failure,
}

#[derive(Clone, Default)]
struct Failure(Arc<Mutex<Option<io::Error>>>);

impl Failure {
    fn or(&self, path: &Path, table: &Table, error: PolarsError) -> Error {
        match self.0.lock().ok().and_then(|mut first| first.take()) {
            Some(source) => Error::storage(path)(source),
            None => Error::engine(format!("table {}: writing Parquet", table.name))(error),
        }
    }

    fn note<T>(&self, outcome: io::Result<T>) -> io::Result<T> {
        outcome.map_err(|error| {
            let kind = error.kind();
            if let Ok(mut first) = self.0.lock() {
                first.get_or_insert(error);
            }
            kind.into()
        })
    }
}

impl Write for Sink {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let outcome = self.file.write(bytes);
        self.failure.note(outcome)
    }

    fn flush(&mut self) -> io::Result<()> {
        let outcome = self.file.flush();
        self.failure.note(outcome)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::publish::runs_table;

    #[test]
    #[cfg(target_os = "linux")]
    fn a_full_disk_is_told_from_a_failed_computation() {
        let path = Path::new("/dev/full");
        let file = File::options().write(true).open(path).unwrap();
        let table = runs_table();
        let error = write_file(OpenFile { path, file: &file }, &table, std::iter::empty(), &[]).unwrap_err();
        assert_eq!(error.exit_code(), 75);
        assert!(error.to_string().contains("Free space"), "{error}");
    }
}
