//! Chunks of a table to one Parquet file whose bytes depend on the rows alone, not on the chunks.

use std::fs::File;
use std::io::{self, BufWriter, Write};
use std::path::Path;
use std::sync::{Arc, Mutex};

use polars::io::parquet::write::{BatchedWriter, get_encodings};
use polars::prelude::*;
use polars_parquet::write::{self, schema_to_metadata_key};
use rayon::prelude::*;

use crate::error::{Error, Result};
use crate::table::{self, Table};

const ROWS_PER_GROUP: usize = 500_000;
/// Row groups that are made side by side.
const GROUPS: usize = 2;

/// Checks and writes the chunks; the number of rows. That they are safely on disk is the caller's to see to.
pub(super) fn write_file(
    (path, file): (&Path, &File),
    table: &Table,
    frames: impl Iterator<Item = Result<DataFrame>>,
    metadata: &[(String, String)],
) -> Result<u64> {
    let failure = Failure::default();
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
    let mut pending = DataFrame::empty_with_schema(&table.schema());
    let mut last_row: Option<DataFrame> = None;
    for frame in frames {
        let frame = frame?;
        table::check(&frame, table)?;
        if frame.height() == 0 {
            continue;
        }
        if let Some(last_row) = &last_row {
            table::check_ascending(last_row, &frame.slice(0, 1), table)?;
        }
        last_row = Some(frame._slice_and_realloc(frame.height() as i64 - 1, 1));
        rows += frame.height() as u64;
        pending.vstack_mut_owned(frame).map_err(failed)?;
        while pending.height() >= ROWS_PER_GROUP {
            let (group, rest) = pending.split_at(ROWS_PER_GROUP as i64);
            groups.push(group);
            pending = rest;
        }
        if groups.len() >= GROUPS {
            write_groups(&mut writer, std::mem::take(&mut groups)).map_err(failed)?;
        }
    }
    groups.extend((pending.height() > 0).then_some(pending));
    write_groups(&mut writer, groups).map_err(failed)?;
    writer.finish().map_err(failed)?;
    Ok(rows)
}

/// Writes row groups one after the other. The writer would compress pages as it writes them, one
/// thread for all; here all threads make them first.
fn write_groups<W: Write>(writer: &mut BatchedWriter<W>, groups: Vec<DataFrame>) -> PolarsResult<()> {
    let options = write::WriteOptions {
        statistics: StatisticsOptions::default(),
        version: write::Version::V1,
        compression: write::CompressionOptions::Zstd(None),
        data_page_size: None,
    };
    let types = writer.parquet_schema().fields().to_vec();
    let encode = |(at, column): (usize, &Column)| -> PolarsResult<Vec<Vec<write::CompressedPage>>> {
        let field = column.field().to_arrow(CompatLevel::newest());
        let schema = std::iter::once(field.clone()).collect();
        let array = column.as_materialized_series().rechunk().to_arrow(0, CompatLevel::newest());
        let leaves = write::array_to_columns(array, types[at].clone(), options, &get_encodings(&schema)[0])?;
        let compress = |page: PolarsResult<_>| Ok(write::compress(page?, Vec::new(), options.compression)?);
        leaves.into_iter().map(|pages| pages.map(compress).collect()).collect()
    };
    let encode = |group: DataFrame| -> PolarsResult<(u64, Vec<Vec<write::CompressedPage>>)> {
        let columns = group.columns().par_iter().enumerate().map(|(at, column)| encode((at, column)));
        Ok((group.height() as u64, columns.collect::<PolarsResult<Vec<_>>>()?.into_iter().flatten().collect()))
    };
    for (rows, pages) in groups.into_par_iter().map(encode).collect::<PolarsResult<Vec<_>>>()? {
        writer.write_row_group(rows, &pages)?;
    }
    Ok(())
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
        let error = write_file((path, &file), &table, std::iter::empty(), &[]).unwrap_err();
        assert_eq!(error.exit_code(), 75);
        assert!(error.to_string().contains("Free space"), "{error}");
    }
}
