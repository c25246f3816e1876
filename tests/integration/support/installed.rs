//! What `.ci/servers` installs: storage servers and readers. Tests that miss them are loud about it.

use std::os::unix::process::CommandExt;
use std::path::PathBuf;
use std::process::{Child, Command};
use std::sync::mpsc;
use std::sync::{Mutex, OnceLock};

use crate::support::not_tested::{not_installed, not_tested};

/// A file below the folder that `.ci/servers` fills. None, said aloud, where it was not installed, unless the
/// environment says that it must be there.
pub fn installed(path: &str) -> Option<PathBuf> {
    let found = below_servers(path);
    if found.is_none() {
        not_installed(path);
    }
    found
}

/// The same of what not every machine can have: where it is missing, its tests are left out and say so.
pub fn optional(path: &str) -> Option<PathBuf> {
    let found = below_servers(path);
    if found.is_none() {
        let test = std::thread::current().name().unwrap_or("a test").to_string();
        let way_out = "Run .ci/servers, as root where Chromium is not installed";
        not_tested(&test, &format!("{path} is not installed"), way_out);
    }
    found
}

fn below_servers(path: &str) -> Option<PathBuf> {
    let folder = std::env::var_os("RAPPORT_SERVERS").map(PathBuf::from).or_else(|| {
        let cache = std::env::var_os("XDG_CACHE_HOME").map(PathBuf::from);
        let cache = cache.or_else(|| std::env::var_os("HOME").map(|home| PathBuf::from(home).join(".cache")));
        cache.map(|cache| cache.join("rapport/servers"))
    });
    folder.map(|folder| folder.join(path)).filter(|path| path.exists())
}

/// The Python that has DuckDB, polars and pyarrow.
pub fn python() -> Option<Command> {
    let python = installed("readers/bin/python")?;
    let mut command = Command::new(python);
    command.arg("-u");
    Some(command)
}

/// Starts a process that ends, killed, with this one at the latest.
///
/// Linux ends it when the thread that started it ends, and the thread of a test does not live as long as a
/// server: one thread starts them all and stays.
#[expect(unsafe_code, reason = "what a process does before it is another one can be said in no other way")]
pub fn spawn_bound(mut command: Command) -> Child {
    type Order = (Command, mpsc::Sender<Child>);
    static KEEPER: OnceLock<Mutex<mpsc::Sender<Order>>> = OnceLock::new();
    let keeper = KEEPER.get_or_init(|| {
        let (orders, taken) = mpsc::channel::<Order>();
        std::thread::spawn(move || {
            for (mut command, started) in taken {
                let _ = started.send(command.spawn().unwrap());
            }
        });
        Mutex::new(orders)
    });
    // SAFETY: one system call, between fork and exec.
    unsafe {
        command.pre_exec(|| match libc::prctl(libc::PR_SET_PDEATHSIG, libc::SIGKILL as libc::c_ulong) {
            0 => Ok(()),
            _ => Err(std::io::Error::last_os_error()),
        });
    }
    let (started, child) = mpsc::channel();
    keeper.lock().unwrap().send((command, started)).unwrap();
    child.recv().unwrap()
}
