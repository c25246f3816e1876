//! Giving freed memory back to the system.

/// Returns what the allocator of glibc holds back after large tables were freed. Freed pieces
/// between living ones are otherwise kept, and count towards the memory of the run.
#[cfg(all(target_os = "linux", target_env = "gnu"))]
pub fn give_back() {
    // SAFETY: `malloc_trim` may be called at any time from any thread.
    unsafe {
        libc::malloc_trim(0);
    }
}

/// Other allocators return memory by themselves.
#[cfg(not(all(target_os = "linux", target_env = "gnu")))]
pub fn give_back() {}
