//! Google Cloud Storage, as far as a server can be had: its lakes are read. See the head of `clouds`.

use std::io::{BufReader, Write};
use std::net::{SocketAddr, TcpStream};
use std::process::Command;

use super::http::read_response;
use super::servers::{BUCKET, Cloud};
use crate::support::small_lake::*;

/// By the interface of Google's own libraries, which the server knows.
fn post(address: SocketAddr, target: &str, kind: &str, body: &[u8]) {
    let mut stream = TcpStream::connect(address).unwrap();
    let head = format!(
        "POST {target} HTTP/1.1\r\nHost: {address}\r\nContent-Type: {kind}\r\nContent-Length: {}\r\n\r\n",
        body.len()
    );
    stream.write_all(&[head.as_bytes(), body].concat()).unwrap();
    let answer = read_response(&mut BufReader::new(stream), "POST").unwrap();
    assert!(answer.first_line().contains(" 200 "), "{}", answer.first_line());
}

#[test]
fn a_lake_in_google_cloud_storage_is_read() {
    let Some(address) = Cloud::Google.address() else { return };
    let lake = SmallLake::new();
    let local = lake.published(&[]);
    let bucket = format!("{{\"name\": \"{BUCKET}\"}}");
    post(address, "/storage/v1/b?project=test", "application/json", bucket.as_bytes());
    for (name, bytes) in files_below(&lake.root()) {
        let name = format!("lake/{name}").replace('/', "%2F");
        let target = format!("/upload/storage/v1/b/{BUCKET}/o?uploadType=media&name={name}");
        post(address, &target, "application/octet-stream", &bytes);
    }
    let output = tempfile::TempDir::new().unwrap();
    let mut rapport = Command::new(env!("CARGO_BIN_EXE_rapport"));
    rapport.current_dir(env!("CARGO_MANIFEST_DIR")).envs(Cloud::Google.environment(address));
    rapport.args(["run", "relationship_kpis", "--as-of", AS_OF, "--input", &format!("gs://{BUCKET}/lake")]);
    let run = rapport.arg("--output").arg(output.path()).output().unwrap();
    assert_eq!(run.status.code(), Some(0), "{}", stderr(&run));
    assert!(published_in(output.path()) == local);
}
