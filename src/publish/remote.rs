//! A partition in an object store: one object, replaced by one conditional request, or, in a Delta
//! table, an object under a name of its own that a commit makes known.
//!
//! The store replaces an object whole or not at all, so that readers never see part of one. The
//! condition is what was there when the publication began: of two runs at once the second to finish
//! finds something else and gives way, unless it has the same bytes to say.

use std::fs::{self, File};
use std::path::PathBuf;

use super::delta::{self, DataFile};
use super::parquet::OpenFile;
use super::{CURRENT, Partition};
use crate::config::OutputFormat;
use crate::context::RunContext;
use crate::error::{Error, Result};
use crate::storage::{DeltaFolder, Object, Put, Remote};
use crate::table::Table;

/// What a store takes in one request; AWS and Google name the same limit.
const LARGEST: u64 = 5 << 30;

/// A partition as it was found, and its new file in the making.
pub(super) struct RemotePartition<'a> {
    folder: Remote,
    table: &'a Table,
    partition: &'a Partition,
    found: PartitionBefore,
    run_id: &'a str,
    path: PathBuf,
    file: File,
}

/// What made up the partition when its publication began.
enum PartitionBefore {
    Objects(Vec<Object>),
    Delta(DeltaFolder, Vec<String>),
}

pub(super) fn begin<'a>(
    context: &'a RunContext<'_>,
    output: &Remote,
    table: &'a Table,
    partition: &'a Partition,
) -> Result<RemotePartition<'a>> {
    let table_folder = output.join(table.name);
    let folder = table_folder.join(&partition.folder());
    let found = match context.output.format {
        OutputFormat::Parquet => PartitionBefore::Objects(folder.list()?),
        OutputFormat::Delta => {
            let log = DeltaFolder::remote(&table_folder)?;
            let before = delta::active_files(&log, partition)?;
            PartitionBefore::Delta(log, before)
        }
    };
    let (path, file) = output.access().spool.file(&partition.file(table))?;
    Ok(RemotePartition { folder, table, partition, found, run_id: &context.run_id, path, file })
}

impl RemotePartition<'_> {
    pub(super) fn file(&self) -> OpenFile<'_> {
        OpenFile { path: &self.path, file: &self.file }
    }

    /// From here on readers see the new object; the URL it has.
    pub(super) fn publish(self, rows: u64) -> Result<String> {
        let bytes = self.file.metadata().map_err(Error::storage(&self.path))?.len();
        let (table, partition) = (self.table.name, self.partition.folder());
        if bytes > LARGEST {
            return Err(Error::Checks {
                message: format!(
                    "table {table}, {partition}: {bytes} bytes are more than a store takes in one request, which \
                     replacing a partition whole needs. Leave the table out of this job's tables, or write it to a \
                     local folder"
                ),
            });
        }
        let busy = || Error::PartitionBusy { table: table.to_string(), partition: partition.clone() };
        match &self.found {
            PartitionBefore::Objects(found) => {
                let name = self.partition.file(self.table);
                let seen = found.iter().find(|object| object.name == name).map(|object| &object.version);
                if self.folder.put(&name, &self.path, seen)? == Put::Conflict {
                    return Err(busy());
                }
                for other in found.iter().filter(|object| object.name.ends_with(".parquet") && object.name != name) {
                    self.folder.remove(other)?;
                }
                Ok(self.folder.url_of(&name))
            }
            PartitionBefore::Delta(log, before) => {
                let (name, data) = DataFile::of(&self.path, self.table, self.partition, rows)?;
                // The name says what is in it: an object of that name is the one we mean.
                if self.folder.put(&name, &self.path, None)? == Put::Conflict {
                    return Err(busy());
                }
                delta::commit(log, self.table, self.partition, &data, Some(before.clone()), self.run_id)?;
                Ok(self.folder.url_of(&name))
            }
        }
    }
}

impl Drop for RemotePartition<'_> {
    fn drop(&mut self) {
        // The spool goes with the run; this only frees the space earlier.
        let _ = fs::remove_file(&self.path);
    }
}

/// How often a file is copied that others replace at the same time.
const COPIES: usize = 50;

/// Brings `current/<table>.parquet` to this partition if it is the newest, by a copy within the store.
///
/// A copy takes its time: a run that publishes the partition again, or a newer one, may copy that before
/// this copy lands. So what is newest, and in which version, is looked up again after the copy, until it is
/// what was copied: then whoever publishes later copies later.
pub(super) fn update_current(
    context: &RunContext<'_>,
    output: &Remote,
    table: &Table,
    partition: &Partition,
) -> Result<()> {
    let table_folder = output.join(table.name);
    let newest = || match context.output.format {
        OutputFormat::Parquet => {
            let folders = table_folder.list_here()?.folders;
            let newest = folders.into_iter().filter(|folder| partition.may_follow(folder, context.today())).max();
            Ok(newest.map(|folder| format!("{folder}/{}", partition.file(table))))
        }
        OutputFormat::Delta => delta::newest(&DeltaFolder::remote(&table_folder)?, partition, context.today()),
    };
    let ours = format!("{}/", partition.folder());
    let mut copied = None;
    for _ in 0..COPIES {
        let Some(file) = newest()? else { return Ok(()) };
        if copied.is_none() && !file.starts_with(&ours) {
            return Ok(());
        }
        // Gone again where another run replaced it by a newer one.
        let Some(found) = table_folder.find(&file)? else { continue };
        let found = Some((file, found.size, found.version));
        if copied == found {
            return Ok(());
        }
        if let Some((file, _, _)) = &found {
            output.join(CURRENT).copy(&table_folder, file, &partition.file(table))?;
        }
        copied = found;
    }
    Err(Error::PartitionBusy { table: table.name.to_string(), partition: CURRENT.to_string() })
}

#[cfg(test)]
mod tests {
    use std::fmt;
    use std::sync::{Arc, Mutex};

    use async_trait::async_trait;
    use futures::stream::BoxStream;
    use object_store::memory::InMemory;
    use object_store::path::Path as StorePath;
    use object_store::{
        CopyOptions, GetOptions, GetResult, ListResult, MultipartUpload, ObjectMeta, ObjectStore, ObjectStoreExt,
        PutMultipartOptions, PutOptions, PutPayload, PutResult, Result as StoreResult,
    };

    use super::*;
    use crate::context::{Interruption, Output, Progress};
    use crate::publish::runs_table;
    use crate::storage::{Storage, block_on};

    const SOURCE: &str = "runs/as_of_date=2026-03-31/runs.parquet";

    /// What happens between the reading and the landing of a copy.
    type Meanwhile = Box<dyn FnOnce() + Send>;

    /// A store in which another run may get its turn amid the first copy.
    struct SlowCopies {
        store: Arc<InMemory>,
        meanwhile: Mutex<Option<Meanwhile>>,
    }

    impl fmt::Debug for SlowCopies {
        fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
            write!(f, "{self}")
        }
    }

    impl fmt::Display for SlowCopies {
        fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
            write!(f, "a store with slow copies")
        }
    }

    #[async_trait]
    impl ObjectStore for SlowCopies {
        async fn put_opts(&self, at: &StorePath, payload: PutPayload, options: PutOptions) -> StoreResult<PutResult> {
            self.store.put_opts(at, payload, options).await
        }

        async fn put_multipart_opts(
            &self,
            at: &StorePath,
            options: PutMultipartOptions,
        ) -> StoreResult<Box<dyn MultipartUpload>> {
            self.store.put_multipart_opts(at, options).await
        }

        async fn get_opts(&self, at: &StorePath, options: GetOptions) -> StoreResult<GetResult> {
            self.store.get_opts(at, options).await
        }

        fn delete_stream(
            &self,
            paths: BoxStream<'static, StoreResult<StorePath>>,
        ) -> BoxStream<'static, StoreResult<StorePath>> {
            self.store.delete_stream(paths)
        }

        fn list(&self, prefix: Option<&StorePath>) -> BoxStream<'static, StoreResult<ObjectMeta>> {
            self.store.list(prefix)
        }

        async fn list_with_delimiter(&self, prefix: Option<&StorePath>) -> StoreResult<ListResult> {
            self.store.list_with_delimiter(prefix).await
        }

        async fn copy_opts(&self, from: &StorePath, to: &StorePath, _: CopyOptions) -> StoreResult<()> {
            let read = self.store.get(from).await?.bytes().await?;
            let meanwhile = self.meanwhile.lock().unwrap().take();
            if let Some(meanwhile) = meanwhile {
                std::thread::spawn(meanwhile).join().unwrap();
            }
            self.store.put(to, read.into()).await.map(|_| ())
        }
    }

    fn update(store: Arc<dyn ObjectStore>) -> Result<()> {
        let (remote, interruption) = (Remote::of(store), Interruption::default());
        let storage = Storage::Remote(remote.clone());
        let output = Output { storage, format: OutputFormat::Parquet, file_mode: None };
        let progress = |_: Progress<'_>| {};
        let context = RunContext {
            run_id: "run".into(),
            now: chrono::Utc::now().with_timezone(&chrono_tz::UTC),
            output: &output,
            progress: &progress,
            interruption: &interruption,
        };
        let partition = Partition { column: "as_of_date", value: "2026-03-31".into() };
        update_current(&context, &remote, &runs_table(), &partition)
    }

    #[test]
    fn a_copy_that_lands_late_is_made_again() {
        let store = Arc::new(InMemory::new());
        let put = |bytes: &'static str| block_on(store.put(&SOURCE.into(), bytes.into())).unwrap().unwrap();
        put("first");
        let other = Arc::clone(&store);
        let meanwhile: Meanwhile = Box::new(move || {
            block_on(other.put(&SOURCE.into(), "second".into())).unwrap().unwrap();
            update(other).unwrap();
        });
        let slow = SlowCopies { store: Arc::clone(&store), meanwhile: Mutex::new(Some(meanwhile)) };
        update(Arc::new(slow)).unwrap();
        let current = block_on(async { store.get(&"current/runs.parquet".into()).await.unwrap().bytes().await });
        assert_eq!(current.unwrap().unwrap(), "second");
    }
}
