//! Files of the lake.

use std::collections::BTreeMap;
use std::fs::{File, create_dir_all};
use std::io::BufWriter;
use std::path::{Path, PathBuf};

use polars::prelude::*;

use crate::write::reshape::reshape;

pub struct Lake {
    root: PathBuf,
    awkward: bool,
    /// Per table: files and rows written.
    pub written: BTreeMap<String, (usize, usize)>,
}

impl Lake {
    pub fn new(root: &Path, awkward: bool) -> Self {
        Lake { root: root.to_path_buf(), awkward, written: BTreeMap::new() }
    }

    /// Writes one file of a table, `<source>/<table>/<label>.parquet`.
    pub fn put(&mut self, source: &str, table: &str, label: &str, frame: DataFrame) -> PolarsResult<()> {
        self.put_at(source, table, &format!("{source}/{table}/{label}.parquet"), frame)?;
        Ok(())
    }

    /// Writes one file of a table at a path within the lake; returns the file's size.
    pub fn put_at(&mut self, source: &str, table: &str, path: &str, mut frame: DataFrame) -> PolarsResult<u64> {
        let entry = self.written.entry(format!("{source}/{table}")).or_default();
        let ordinal = entry.0;
        *entry = (ordinal + 1, entry.1 + frame.height());
        if self.awkward {
            frame = reshape(table, ordinal, frame)?;
        }
        let path = self.root.join(path);
        self.make_folder(&path)?;
        ParquetWriter::new(BufWriter::new(File::create(path)?)).finish(&mut frame)
    }

    pub fn put_text(&self, path: &str, text: &str) -> PolarsResult<()> {
        let path = self.root.join(path);
        self.make_folder(&path)?;
        Ok(std::fs::write(path, text)?)
    }

    fn make_folder(&self, file: &Path) -> PolarsResult<()> {
        match file.parent() {
            Some(folder) => Ok(create_dir_all(folder)?),
            None => Ok(()),
        }
    }
}
