//! Giving freed memory back to the system.
//!
//! A run works through tables of very different sizes. What the allocator of glibc holds back of them
//! would count towards the memory of the run until its end; what it returns has to be asked for again,
//! page by page, which is an eighth of the time of a small run. So a run keeps what it freed as long as it
//! is small.

/// Resident bytes from which on freed memory is given back.
#[cfg(all(target_os = "linux", target_env = "gnu"))]
const SMALL: u64 = 1 << 30;

/// To be called once, before any other thread runs: two arenas instead of eight per core, and large
/// blocks from the heap.
#[cfg(all(target_os = "linux", target_env = "gnu"))]
pub fn keep() {
    // SAFETY: `mallopt` only sets parameters.
    unsafe {
        libc::mallopt(libc::M_ARENA_MAX, 2);
        libc::mallopt(libc::M_MMAP_THRESHOLD, 32 << 20);
        libc::mallopt(libc::M_TRIM_THRESHOLD, 512 << 20);
    }
}

/// Returns what the allocator holds back after large tables were freed, unless the run is small. From
/// the first time on, large blocks are returned as soon as they are freed.
#[cfg(all(target_os = "linux", target_env = "gnu"))]
pub fn give_back() {
    const LARGE: i32 = 4 << 20;
    if resident().is_some_and(|bytes| bytes < SMALL) {
        return;
    }
    // SAFETY: both may be called at any time from any thread.
    unsafe {
        libc::mallopt(libc::M_MMAP_THRESHOLD, LARGE);
        libc::mallopt(libc::M_TRIM_THRESHOLD, LARGE);
        libc::malloc_trim(0);
    }
}

/// Returns what lies free between what is in use, of small runs too. For once between two steps: what reading
/// leaves free is in pieces, and little of what comes next fits into them.
#[cfg(all(target_os = "linux", target_env = "gnu"))]
pub fn make_room() {
    // SAFETY: may be called at any time from any thread.
    unsafe { libc::malloc_trim(0) };
}

/// Resident bytes of the process, where the system tells.
#[cfg(all(target_os = "linux", target_env = "gnu"))]
fn resident() -> Option<u64> {
    let status = std::fs::read_to_string("/proc/self/status").ok()?;
    let kibibytes = status.lines().find_map(|line| line.strip_prefix("VmRSS:"))?.trim().strip_suffix(" kB")?;
    Some(kibibytes.parse::<u64>().ok()? * 1024)
}

/// Other allocators return memory by themselves.
#[cfg(not(all(target_os = "linux", target_env = "gnu")))]
pub fn keep() {}

/// Other allocators return memory by themselves.
#[cfg(not(all(target_os = "linux", target_env = "gnu")))]
pub fn give_back() {}

/// Other allocators return memory by themselves.
#[cfg(not(all(target_os = "linux", target_env = "gnu")))]
pub fn make_room() {}

#[cfg(all(test, target_os = "linux", target_env = "gnu"))]
mod tests {
    use super::*;

    #[test]
    fn the_system_tells_how_much_is_resident() {
        assert!(resident().is_some_and(|bytes| bytes > 1 << 20));
    }
}
