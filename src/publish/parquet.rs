//! Chunks of a table to one Parquet file whose bytes depend on the rows alone, not on the chunks.

use std::cell::RefCell;
use std::fs::File;
use std::io::{self, BufWriter, Write};
use std::path::Path;
use std::rc::Rc;

use polars::prelude::*;
use polars_parquet::write::schema_to_metadata_key;

use crate::error::{Error, Result};
use crate::table::{self, Table};

const ROWS_PER_GROUP: usize = 500_000;

/// Checks and writes the chunks; the number of rows, and the file safely on disk.
pub(super) fn write(
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
            let (mut group, rest) = pending.split_at(ROWS_PER_GROUP as i64);
            writer.write_batch(group.rechunk_mut_par()).map_err(failed)?;
            pending = rest;
        }
    }
    if pending.height() > 0 {
        writer.write_batch(pending.rechunk_mut_par()).map_err(failed)?;
    }
    writer.finish().map_err(failed)?;
    file.sync_all().map_err(Error::storage(path))?;
    Ok(rows)
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
struct Failure(Rc<RefCell<Option<io::Error>>>);

impl Failure {
    fn or(&self, path: &Path, table: &Table, error: PolarsError) -> Error {
        match self.0.borrow_mut().take() {
            Some(source) => Error::storage(path)(source),
            None => Error::engine(format!("table {}: writing Parquet", table.name))(error),
        }
    }

    fn note<T>(&self, outcome: io::Result<T>) -> io::Result<T> {
        outcome.map_err(|error| {
            let kind = error.kind();
            self.0.borrow_mut().get_or_insert(error);
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
        let error = write((path, &file), &table, std::iter::empty(), &[]).unwrap_err();
        assert_eq!(error.exit_code(), 75);
        assert!(error.to_string().contains("Free space"), "{error}");
    }
}
