//! Azurite, SeaweedFS and fake-gcs-server, each started once, when the first test needs it.

use std::fs::{self, File};
use std::io::{Read, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::OnceLock;
use std::time::{Duration, Instant};

use crate::support::installed::{installed, spawn_bound};
use crate::support::not_tested::not_installed;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Cloud {
    Azure,
    S3,
    Google,
}

/// The clouds that can be written here.
pub const WRITABLE: [Cloud; 2] = [Cloud::S3, Cloud::Azure];

/// The one bucket of all tests.
pub const BUCKET: &str = "rapport";

/// The account that Azurite knows, with a key that is the same everywhere.
const ACCOUNT: &str = "devstoreaccount1";
const ACCOUNT_KEY: &str = "Eby8vdM02xNOcqFlqUwJPLlmEtlCDXJ1OUzFT50uSRZ6IFsuFq2UVErCz4I6tq/K1SZFPTOtr/KBHBeksoGMGw==";
const S3_KEYS: [&str; 2] = ["rapport", "rapport-secret"];

impl Cloud {
    /// Where its server listens; None where it is not installed.
    pub fn address(self) -> Option<SocketAddr> {
        static AZURE: OnceLock<Option<SocketAddr>> = OnceLock::new();
        static S3: OnceLock<Option<SocketAddr>> = OnceLock::new();
        static GOOGLE: OnceLock<Option<SocketAddr>> = OnceLock::new();
        let shared = |started: Option<(SocketAddr, Child)>| started.map(|(address, _)| address);
        let address = match self {
            Cloud::Azure => AZURE.get_or_init(|| shared(azurite("azurite"))),
            Cloud::S3 => S3.get_or_init(|| shared(seaweedfs("seaweedfs"))),
            Cloud::Google => GOOGLE.get_or_init(fake_gcs_server),
        };
        if address.is_none() {
            not_installed(&format!("the server of {self:?}"));
        }
        *address
    }

    /// A server that no other test uses, where one can be written and is installed.
    pub fn own_server(self, name: &str) -> Option<(SocketAddr, Child)> {
        match self {
            Cloud::Azure => azurite(name),
            Cloud::S3 => seaweedfs(name),
            Cloud::Google => None,
        }
    }

    /// What a program has to have in its environment to reach the server at an address, which may be a proxy's.
    pub fn environment(self, address: SocketAddr) -> Vec<(String, String)> {
        let pairs = match self {
            Cloud::Azure => vec![
                ("AZURE_STORAGE_ACCOUNT_NAME", ACCOUNT.to_string()),
                ("AZURE_STORAGE_ACCOUNT_KEY", ACCOUNT_KEY.to_string()),
                ("AZURE_STORAGE_ENDPOINT", format!("http://{address}/{ACCOUNT}")),
                ("AZURE_ALLOW_HTTP", "true".to_string()),
            ],
            Cloud::S3 => vec![
                ("AWS_ACCESS_KEY_ID", S3_KEYS[0].to_string()),
                ("AWS_SECRET_ACCESS_KEY", S3_KEYS[1].to_string()),
                ("AWS_REGION", "us-east-1".to_string()),
                ("AWS_ENDPOINT_URL", format!("http://{address}")),
                ("AWS_ALLOW_HTTP", "true".to_string()),
            ],
            Cloud::Google => vec![("STORAGE_EMULATOR_HOST", address.to_string())],
        };
        pairs.into_iter().map(|(name, value)| (name.to_string(), value)).collect()
    }
}

/// Making a container is no call of object_store; Node, which runs Azurite, can sign one.
const MAKE_CONTAINER: &str = r#"
    const [address, name] = process.argv.slice(1), account = "devstoreaccount1";
    const key = "Eby8vdM02xNOcqFlqUwJPLlmEtlCDXJ1OUzFT50uSRZ6IFsuFq2UVErCz4I6tq/K1SZFPTOtr/KBHBeksoGMGw==";
    const headers = { "x-ms-date": new Date().toUTCString(), "x-ms-version": "2021-08-06", "content-length": 0 };
    const signed = "PUT" + "\n".repeat(12) + `x-ms-date:${headers["x-ms-date"]}\nx-ms-version:2021-08-06\n`
        + `/${account}/${account}/${name}\nrestype:container`;
    const hmac = require("crypto").createHmac("sha256", Buffer.from(key, "base64")).update(signed, "utf8");
    headers.authorization = `SharedKey ${account}:${hmac.digest("base64")}`;
    require("http").request(`http://${address}/${account}/${name}?restype=container`, { method: "PUT", headers },
        (answer) => process.exit(answer.statusCode === 201 ? 0 : 1)).end();
"#;

fn azurite(name: &str) -> Option<(SocketAddr, Child)> {
    let script = installed("azurite/node_modules/azurite/dist/src/blob/main.js")?;
    let address = free_address();
    let mut command = Command::new("node");
    command.arg(script).args(["--blobHost", "127.0.0.1", "--blobPort", &address.port().to_string()]);
    command.args(["--skipApiVersionCheck", "--disableTelemetry", "--silent", "--location"]).arg(folder(name));
    let server = start(command, name, address);
    let made = Command::new("node").args(["-e", MAKE_CONTAINER]).args([&address.to_string(), BUCKET]).output().unwrap();
    assert!(made.status.success(), "{made:?}");
    Some((address, server))
}

/// All its parts in one process; the ports that nobody asks for have to be free as well.
fn seaweedfs(name: &str) -> Option<(SocketAddr, Child)> {
    let weed = installed("seaweedfs/weed")?;
    let folder = folder(name);
    let address = free_address();
    let keys = S3_KEYS.map(|key| format!("{key:?}"));
    let identities = format!(
        r#"{{"identities": [{{"name": "rapport", "credentials": [{{"accessKey": {}, "secretKey": {}}}],
            "actions": ["Admin", "Read", "Write", "List", "Tagging"]}}]}}"#,
        keys[0], keys[1]
    );
    fs::write(folder.join("s3.json"), identities).unwrap();
    let mut command = Command::new(weed);
    command.args(["server", "-ip=127.0.0.1", "-ip.bind=127.0.0.1", "-s3", "-s3.iam=false"]);
    command.args(["-master.volumeSizeLimitMB=64", "-volume.max=100", "-master.telemetry=false"]);
    command.arg(format!("-s3.port={}", address.port())).arg(format!("-s3.config={}/s3.json", folder.display()));
    for part in ["master.port", "volume.port", "filer.port", "master.port.grpc", "volume.port.grpc", "filer.port.grpc"]
    {
        command.arg(format!("-{part}={}", free_address().port()));
    }
    command.arg(format!("-s3.port.grpc={}", free_address().port()));
    command.args(["-s3.port.iceberg=0", "-s3.port.lance=0"]).arg(format!("-dir={}", folder.display()));
    let server = start(command, name, address);
    Some((address, server))
}

#[allow(clippy::zombie_processes, reason = "it ends with this process, after which nobody is left to wait")]
fn fake_gcs_server() -> Option<SocketAddr> {
    let server = installed("gcs/fake-gcs-server")?;
    let address = free_address();
    let mut command = Command::new(server);
    command.args(["-scheme", "http", "-host", "127.0.0.1", "-backend", "memory", "-log-level", "error"]);
    command.args(["-port", &address.port().to_string(), "-public-host", &address.to_string()]);
    start(command, "gcs", address);
    Some(address)
}

fn free_address() -> SocketAddr {
    TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap()
}

/// Runs the server until this process ends, and waits until it answers.
#[allow(clippy::zombie_processes, reason = "it ends with this process, after which nobody is left to wait")]
fn start(mut command: Command, name: &str, address: SocketAddr) -> Child {
    let log = folder(name).with_extension("log");
    let written = File::create(&log).unwrap();
    command.stdin(Stdio::null()).stdout(written.try_clone().unwrap()).stderr(written);
    let mut server = spawn_bound(command);
    let patience = Instant::now() + Duration::from_secs(60);
    while !answers(address) {
        let ended = server.try_wait().unwrap();
        let said = || fs::read_to_string(&log).unwrap_or_default();
        assert!(ended.is_none(), "{name} ended: {}", said());
        assert!(Instant::now() < patience, "{name} does not answer at {address}: {}", said());
        std::thread::sleep(Duration::from_millis(50));
    }
    server
}

fn answers(address: SocketAddr) -> bool {
    let Ok(mut stream) = TcpStream::connect(address) else { return false };
    let _ = stream.set_read_timeout(Some(Duration::from_secs(2)));
    let asked = write!(stream, "GET / HTTP/1.1\r\nHost: {address}\r\nConnection: close\r\n\r\n");
    asked.is_ok() && stream.read(&mut [0; 16]).is_ok_and(|read| read > 0)
}

/// A folder for a server's data. They outlive their process, which has no end to clean up at: the next one does.
fn folder(name: &str) -> PathBuf {
    let all = Path::new(env!("CARGO_TARGET_TMPDIR")).join("servers");
    let ours = all.join(std::process::id().to_string());
    for entry in fs::read_dir(&all).into_iter().flatten().flatten() {
        let process = entry.file_name().to_string_lossy().into_owned();
        if !Path::new("/proc").join(process).exists() {
            let _ = fs::remove_dir_all(entry.path());
        }
    }
    let folder = ours.join(name);
    fs::create_dir_all(&folder).unwrap();
    folder
}
