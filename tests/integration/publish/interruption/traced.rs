//! A run under the eye of ptrace: it stops before every call that would change a folder, to be let go or killed.
//!
//! Unlike `strace --inject`, which counts the calls of each thread by themselves, this counts what changes the
//! folder, whichever thread does it: the n-th change is the same one in every run.

#![expect(unsafe_code, reason = "ptrace and seccomp are asked for by C alone")]

use std::ffi::CStr;
use std::fs;
use std::io;
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::Command;

use libc::{c_long, pid_t};

/// How a traced run ended.
#[derive(Debug, PartialEq, Eq)]
pub enum End {
    Exited(i32),
    Killed,
}

/// Calls that can change files. Those that only newer kernels or other machines know are left to fail to compile
/// elsewhere: the module is for Linux on x86-64.
const CALLS: [c_long; 22] = [
    libc::SYS_open,
    libc::SYS_openat,
    libc::SYS_creat,
    libc::SYS_write,
    libc::SYS_writev,
    libc::SYS_pwrite64,
    libc::SYS_pwritev,
    libc::SYS_fsync,
    libc::SYS_fdatasync,
    libc::SYS_ftruncate,
    libc::SYS_fallocate,
    libc::SYS_copy_file_range,
    libc::SYS_rename,
    libc::SYS_renameat,
    libc::SYS_renameat2,
    libc::SYS_link,
    libc::SYS_linkat,
    libc::SYS_unlink,
    libc::SYS_unlinkat,
    libc::SYS_mkdir,
    libc::SYS_mkdirat,
    libc::SYS_rmdir,
];

#[allow(clippy::zombie_processes, reason = "waited for by its id, as tracers do")]
/// Runs the command and asks before every call that would change something in the folder, with its name and path,
/// whether the process may go on; a process that may not is killed before the call does anything.
pub fn run(mut command: Command, folder: &Path, mut may_go_on: impl FnMut(&str) -> bool) -> End {
    // SAFETY: between fork and exec only system calls are made, on memory that was there before.
    unsafe { command.pre_exec(be_traced) };
    let child = command.spawn().unwrap();
    let process = pid_t::try_from(child.id()).unwrap();
    let mut status = wait(process);
    assert!(libc::WIFSTOPPED(status), "the program did not stop at its start: {status:#x}");
    let options = libc::PTRACE_O_TRACESECCOMP | libc::PTRACE_O_TRACECLONE | libc::PTRACE_O_EXITKILL;
    ptrace(libc::PTRACE_SETOPTIONS, process, 0, options as usize).unwrap();
    ptrace(libc::PTRACE_CONT, process, 0, 0).unwrap();
    loop {
        let thread;
        (thread, status) = wait_for_any();
        if !libc::WIFSTOPPED(status) {
            if thread != process {
                continue;
            }
            return if libc::WIFEXITED(status) { End::Exited(libc::WEXITSTATUS(status)) } else { End::Killed };
        }
        let signal = libc::WSTOPSIG(status);
        let event = status >> 16;
        if event == libc::PTRACE_EVENT_SECCOMP
            && let Some(change) = change(thread, folder)
            && !may_go_on(&change)
        {
            // SAFETY: a signal to a child that has not been waited for.
            unsafe { libc::kill(process, libc::SIGKILL) };
            continue;
        }
        let news = event != 0 || signal == libc::SIGSTOP || signal == libc::SIGTRAP;
        let delivered = if news { 0 } else { signal as usize };
        // The thread may be gone by now, when the process ends.
        let _ = ptrace(libc::PTRACE_CONT, thread, 0, delivered);
    }
}

/// Before exec: lets the parent trace, and has the calls above stop.
fn be_traced() -> io::Result<()> {
    let [load, equal, give] = [0x20, 0x15, 0x06];
    let filter = |code, jt, k| libc::sock_filter { code, jt, jf: 0, k };
    let mut filters = [filter(give, 0, libc::SECCOMP_RET_ALLOW); CALLS.len() + 3];
    filters[0] = filter(load, 0, 0);
    for (at, call) in CALLS.iter().enumerate() {
        filters[at + 1] = filter(equal, (CALLS.len() - at) as u8, *call as u32);
    }
    filters[CALLS.len() + 2] = filter(give, 0, libc::SECCOMP_RET_TRACE);
    let program = libc::sock_fprog { len: filters.len() as u16, filter: filters.as_mut_ptr() };
    // SAFETY: plain system calls; the program outlives them.
    let done = unsafe {
        libc::ptrace(libc::PTRACE_TRACEME, 0, 0, 0) == 0
            && libc::prctl(libc::PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == 0
            && libc::prctl(libc::PR_SET_SECCOMP, libc::SECCOMP_MODE_FILTER, &raw const program) == 0
    };
    if done { Ok(()) } else { Err(io::Error::last_os_error()) }
}

fn ptrace(request: libc::c_uint, thread: pid_t, address: usize, data: usize) -> io::Result<c_long> {
    // SAFETY: the requests used here write to `data` at most what the caller put behind it.
    let outcome = unsafe { libc::ptrace(request, thread, address, data) };
    if outcome == -1 { Err(io::Error::last_os_error()) } else { Ok(outcome) }
}

/// Children of other tests' threads are theirs to wait for.
fn wait_for_any() -> (pid_t, i32) {
    let mut status = 0;
    // SAFETY: writes the status.
    let thread = unsafe { libc::waitpid(-1, &raw mut status, libc::__WALL | libc::__WNOTHREAD) };
    assert!(thread > 0, "{}", io::Error::last_os_error());
    (thread, status)
}

fn wait(process: pid_t) -> i32 {
    let mut status = 0;
    // SAFETY: writes the status.
    assert_eq!(unsafe { libc::waitpid(process, &raw mut status, libc::__WALL) }, process);
    status
}

/// The call that a thread is about to make, when it changes the folder.
fn change(thread: pid_t, folder: &Path) -> Option<String> {
    // SAFETY: a plain structure of numbers.
    let mut info: libc::ptrace_syscall_info = unsafe { std::mem::zeroed() };
    ptrace(libc::PTRACE_GET_SYSCALL_INFO, thread, size_of_val(&info), &raw mut info as usize).ok()?;
    // SAFETY: at this stop the kernel fills in this variant.
    let (call, arguments) = unsafe { (info.u.seccomp.nr as c_long, info.u.seccomp.args) };
    let path = |at: usize| text(thread, arguments[at]).map(PathBuf::from);
    let descriptor = |at: usize| fs::read_link(format!("/proc/{thread}/fd/{}", arguments[at])).ok();
    let writes = |flags: u64| flags as i32 & (libc::O_CREAT | libc::O_WRONLY | libc::O_RDWR | libc::O_TRUNC) != 0;
    let (name, path) = match call {
        libc::SYS_open if writes(arguments[1]) => ("open", path(0)),
        libc::SYS_openat if writes(arguments[2]) => ("open", path(1)),
        libc::SYS_open | libc::SYS_openat => return None,
        libc::SYS_creat => ("open", path(0)),
        libc::SYS_write | libc::SYS_writev | libc::SYS_pwrite64 | libc::SYS_pwritev => ("write", descriptor(0)),
        libc::SYS_fsync | libc::SYS_fdatasync => ("sync", descriptor(0)),
        libc::SYS_ftruncate | libc::SYS_fallocate => ("size", descriptor(0)),
        libc::SYS_copy_file_range => ("copy", descriptor(2)),
        libc::SYS_rename | libc::SYS_link => ("rename or link", path(1)),
        libc::SYS_renameat | libc::SYS_renameat2 | libc::SYS_linkat => ("rename or link", path(3)),
        libc::SYS_unlink | libc::SYS_rmdir => ("remove", path(0)),
        libc::SYS_unlinkat => ("remove", path(1)),
        libc::SYS_mkdir => ("make folder", path(0)),
        libc::SYS_mkdirat => ("make folder", path(1)),
        _ => return None,
    };
    let path = path?;
    path.starts_with(folder).then(|| format!("{name} {}", path.strip_prefix(folder).unwrap_or(&path).display()))
}

/// Text in the memory of a stopped thread.
fn text(thread: pid_t, address: u64) -> Option<String> {
    use std::os::unix::fs::FileExt;
    let memory = fs::File::open(format!("/proc/{thread}/mem")).ok()?;
    let mut bytes = vec![0; 4096];
    // A page that ends the mapping may cut the read short; what was not read stays zero.
    let first = 4096 - (address % 4096) as usize;
    memory.read_exact_at(&mut bytes[..first], address).ok()?;
    let _ = memory.read_at(&mut bytes[first..], address + first as u64);
    Some(CStr::from_bytes_until_nul(&bytes).ok()?.to_string_lossy().into_owned())
}
