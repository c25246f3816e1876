//! Long lists of values of one size: in memory, or in a file that is mapped.

use std::fs::{self, File};
use std::io::{self, Write};
use std::marker::PhantomData;
use std::ops::Deref;
use std::path::PathBuf;

use bytemuck::{AnyBitPattern, NoUninit};
use memmap2::Mmap;
use polars::prelude::*;
use polars_arrow::array::PrimitiveArray;
use polars_buffer::Buffer;

use crate::error::{Error, Result};
use crate::storage::Spool;

/// Bytes that are appended to a file at a time.
const BLOCK: usize = 1 << 20;

/// A list that was written once. What lies in a file is in memory as far as there is room.
pub enum List<T> {
    /// In memory.
    InMemory(Vec<T>),
    /// In a file without a name.
    InFile(Mapped<T>),
}

/// A file of values, or none where there is no value.
pub struct Mapped<T> {
    bytes: Option<Mmap>,
    values: PhantomData<T>,
}

impl<T: AnyBitPattern> Deref for List<T> {
    type Target = [T];

    fn deref(&self) -> &[T] {
        match self {
            List::InMemory(values) => values,
            // Pages begin where any value may, and the file is made of whole values.
            List::InFile(mapped) => mapped.bytes.as_deref().map_or(&[], bytemuck::cast_slice),
        }
    }
}

impl<T: AnyBitPattern> AsRef<[T]> for List<T> {
    fn as_ref(&self) -> &[T] {
        self
    }
}

impl List<u32> {
    /// As a column.
    pub fn into_column(self, name: &str) -> Column {
        let values = PrimitiveArray::from_data_default(Buffer::from_owner(self), None);
        UInt32Chunked::with_chunk(name.into(), values).into_column()
    }
}

impl<T> From<Vec<T>> for List<T> {
    fn from(values: Vec<T>) -> List<T> {
        List::InMemory(values)
    }
}

/// A list that grows at its end.
pub struct Growing<T> {
    values: Vec<T>,
    /// So many values are put into the file.
    most: usize,
    file: Option<(PathBuf, File)>,
    /// What the disk refused.
    refused: Option<io::Error>,
}

impl<T: AnyBitPattern + NoUninit> Growing<T> {
    /// In memory.
    pub(super) fn in_memory() -> Growing<T> {
        Growing { values: Vec::new(), most: usize::MAX, file: None, refused: None }
    }

    /// In a file of the spool.
    pub(super) fn in_file(spool: &Spool) -> Result<Growing<T>> {
        let most = (BLOCK / size_of::<T>().max(1)).max(1);
        Ok(Growing { values: Vec::with_capacity(most), most, file: Some(spool.file("list")?), refused: None })
    }

    /// Adds a value. What the disk refuses is said at the end.
    pub fn push(&mut self, value: T) {
        self.values.push(value);
        if self.values.len() == self.most {
            self.write();
        }
    }

    /// Adds values.
    pub fn extend(&mut self, values: impl IntoIterator<Item = T>) {
        match self.file {
            None => self.values.extend(values),
            Some(_) => values.into_iter().for_each(|value| self.push(value)),
        }
    }

    fn write(&mut self) {
        if let (Some((_, file)), None) = (&mut self.file, &self.refused) {
            self.refused = file.write_all(bytemuck::cast_slice(&self.values)).err();
        }
        self.values.clear();
    }

    /// All of it.
    ///
    /// # Errors
    /// A disk that is full.
    #[expect(unsafe_code, reason = "only what is mapped can be given back by the system when memory runs short")]
    pub fn finish(mut self) -> Result<List<T>> {
        if self.file.is_none() {
            return Ok(List::InMemory(self.values));
        }
        self.write();
        let Growing { file: Some((path, file)), refused, .. } = self else { return Ok(List::InMemory(Vec::new())) };
        refused.map_or(Ok(()), Err).map_err(Error::storage(&path))?;
        drop(file);
        let file = File::open(&path).map_err(Error::storage(&path))?;
        fs::remove_file(&path).map_err(Error::storage(&path))?;
        let is_empty = file.metadata().map_err(Error::storage(&path))?.len() == 0;
        // SAFETY: this process has just written the file, nobody else may enter its folder, and it has no name any more,
        // so that nobody can write to it. Should its disk fail, the program ends; see `cli::lost_input`.
        let map = || unsafe { Mmap::map(&file) };
        let bytes = if is_empty { None } else { Some(map().map_err(Error::storage(&path))?) };
        Ok(List::InFile(Mapped { bytes, values: PhantomData }))
    }
}

#[cfg(test)]
mod tests {
    use tempfile::TempDir;

    use super::*;

    #[test]
    fn a_list_in_a_file_is_the_same_and_leaves_no_file() {
        let root = TempDir::new().unwrap();
        let spool = Spool::below(root.path().to_path_buf());
        for count in [0u64, 1, 5, 400_000] {
            let mut lists = [Growing::in_memory(), Growing::in_file(&spool).unwrap()];
            lists.iter_mut().for_each(|list| list.extend((0..count).map(|at| at * at)));
            let [memory, file] = lists.map(|list| list.finish().unwrap());
            assert_eq!(memory.len() as u64, count);
            assert_eq!(*memory, *file);
        }
        assert_eq!(fs::read_dir(spool.folder().unwrap()).unwrap().count(), 1, "the lock alone");
    }
}
