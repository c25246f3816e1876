//! The program; everything it does is in the library.

use std::process::ExitCode;

fn main() -> ExitCode {
    give_memory_back();
    rapport::cli::main()
}

/// Has the allocator of glibc return large blocks at once and keep two arenas instead of eight per
/// core: a run works through tables of very different sizes, and what it freed would otherwise
/// count towards its memory until the end (a quarter more at a million emails).
#[cfg(all(target_os = "linux", target_env = "gnu"))]
fn give_memory_back() {
    const LARGE: i32 = 4 << 20;
    // SAFETY: `mallopt` only sets parameters, and no other thread runs yet.
    unsafe {
        libc::mallopt(libc::M_ARENA_MAX, 2);
        libc::mallopt(libc::M_MMAP_THRESHOLD, LARGE);
        libc::mallopt(libc::M_TRIM_THRESHOLD, LARGE);
    }
}

#[cfg(not(all(target_os = "linux", target_env = "gnu")))]
fn give_memory_back() {}
