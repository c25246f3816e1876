//! A test's own part of a store: what to put there, what to find there, and how to run on it.

use std::collections::BTreeMap;
use std::net::SocketAddr;
use std::path::Path;
use std::process::Command;
use std::sync::{Arc, OnceLock};

use futures::{StreamExt, TryStreamExt};
use object_store::aws::AmazonS3Builder;
use object_store::azure::MicrosoftAzureBuilder;
use object_store::path::Path as StorePath;
use object_store::{ObjectStore, ObjectStoreExt};
use tokio::runtime::Runtime;

use super::servers::{BUCKET, Cloud};
use crate::support::small_lake::*;

/// A folder in the bucket of a cloud.
pub struct Store {
    pub cloud: Cloud,
    pub address: SocketAddr,
    store: Arc<dyn ObjectStore>,
    folder: String,
}

pub fn runtime() -> &'static Runtime {
    static RUNTIME: OnceLock<Runtime> = OnceLock::new();
    RUNTIME.get_or_init(|| Runtime::new().unwrap())
}

impl Store {
    /// An empty folder for a test; None where the server is not installed.
    pub fn new(cloud: Cloud, test: &str) -> Option<Store> {
        Some(Store::at(cloud, cloud.address()?, test))
    }

    /// An empty folder on a server.
    pub fn at(cloud: Cloud, address: SocketAddr, test: &str) -> Store {
        let environment = cloud.environment(address);
        let keys = environment.iter().map(|(name, value)| (name.to_ascii_lowercase(), value));
        let store: Arc<dyn ObjectStore> = if cloud == Cloud::S3 {
            let builder = keys.fold(AmazonS3Builder::new(), |builder, (name, value)| {
                builder.with_config(name.parse().unwrap(), value)
            });
            Arc::new(builder.with_bucket_name(BUCKET).build().unwrap())
        } else {
            let builder = keys.fold(MicrosoftAzureBuilder::new(), |builder, (name, value)| {
                builder.with_config(name.parse().unwrap(), value)
            });
            Arc::new(builder.with_container_name(BUCKET).build().unwrap())
        };
        Store { cloud, address, store, folder: test.to_string() }
    }

    /// The URL of a folder below the test's.
    pub fn url(&self, below: &str) -> String {
        let scheme = if self.cloud == Cloud::S3 { "s3" } else { "az" };
        format!("{scheme}://{BUCKET}/{}/{below}", self.folder)
    }

    fn path(&self, below: &str) -> StorePath {
        StorePath::parse(format!("{}/{below}", self.folder)).unwrap()
    }

    /// Puts a local folder there.
    pub fn upload(&self, local: &Path, below: &str) {
        self.put_all(below, &files_below(local));
    }

    pub fn put_all(&self, below: &str, files: &BTreeMap<String, Vec<u8>>) {
        self.try_put_all(below, files).unwrap();
    }

    /// Like [`Store::put_all`], where the store may refuse.
    pub fn try_put_all(&self, below: &str, files: &BTreeMap<String, Vec<u8>>) -> object_store::Result<()> {
        runtime().block_on(async {
            for (name, bytes) in files {
                let path = self.path(&format!("{below}/{name}"));
                self.store.put(&path, bytes.clone().into()).await?;
            }
            Ok(())
        })
    }

    /// Everything in a folder, by its name in it.
    pub fn files(&self, below: &str) -> BTreeMap<String, Vec<u8>> {
        let folder = self.path(below);
        runtime().block_on(async {
            let objects: Vec<_> = self.store.list(Some(&folder)).try_collect().await.unwrap();
            let mut files = BTreeMap::new();
            for object in objects {
                let bytes = self.store.get(&object.location).await.unwrap().bytes().await.unwrap();
                let name = object.location.as_ref().strip_prefix(folder.as_ref()).unwrap();
                files.insert(name.trim_start_matches('/').to_string(), bytes.to_vec());
            }
            files
        })
    }

    /// What readers see, without the reports of runs.
    pub fn published(&self, below: &str) -> BTreeMap<String, Vec<u8>> {
        without_reports(self.files(below))
    }

    pub fn clear(&self, below: &str) {
        let folder = self.path(below);
        runtime().block_on(async {
            let paths = self.store.list(Some(&folder)).map_ok(|object| object.location).boxed();
            self.store.delete_stream(paths).try_collect::<Vec<_>>().await.unwrap();
        });
    }

    /// Makes a folder hold these files and no others.
    pub fn reset(&self, below: &str, files: &BTreeMap<String, Vec<u8>>) {
        self.clear(below);
        self.put_all(below, files);
    }

    /// The program, with the store's environment by way of an address, input and output in the store.
    pub fn command(&self, through: SocketAddr, job: &str, arguments: &[&str]) -> Command {
        self.command_on(through, job, (&self.url("lake"), &self.url("out")), arguments)
    }

    /// From anywhere to anywhere.
    pub fn command_on(&self, through: SocketAddr, job: &str, on: (&str, &str), arguments: &[&str]) -> Command {
        let mut rapport = self.rapport(through, &["run", job, "--as-of", AS_OF, "--quiet"]);
        rapport.args(["--input", on.0, "--output", on.1]).args(arguments);
        rapport
    }

    /// The program with the store's environment.
    pub fn rapport(&self, through: SocketAddr, arguments: &[&str]) -> Command {
        let mut rapport = Command::new(env!("CARGO_BIN_EXE_rapport"));
        rapport.current_dir(env!("CARGO_MANIFEST_DIR")).envs(self.cloud.environment(through)).args(arguments);
        rapport
    }

    /// Runs well, straight on the server.
    #[track_caller]
    pub fn run(&self, job: &str, arguments: &[&str]) {
        self.run_on(job, (&self.url("lake"), &self.url("out")), arguments);
    }

    #[track_caller]
    pub fn run_on(&self, job: &str, on: (&str, &str), arguments: &[&str]) {
        let output = self.command_on(self.address, job, on, arguments).output().unwrap();
        assert_eq!(output.status.code(), Some(0), "{:?}, {on:?}: {}", self.cloud, stderr(&output));
    }
}

pub fn without_reports(mut files: BTreeMap<String, Vec<u8>>) -> BTreeMap<String, Vec<u8>> {
    files.retain(|path, _| !path.starts_with("runs/"));
    files
}
