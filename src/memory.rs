//! Giving freed memory back to the system.
//!
//! A run works through tables of very different sizes. What the allocator of glibc holds back of them
//! would count towards the memory of the run until its end; what it returns has to be asked for again,
//! page by page, which is an eighth of the time of a small run. So a run keeps what it freed as long as it
//! is small beside what it may take.

#[cfg(all(target_os = "linux", target_env = "gnu"))]
use std::sync::atomic::{AtomicU64, Ordering};

/// A run of less than so many resident bytes is small, whatever it may take.
#[cfg(all(target_os = "linux", target_env = "gnu"))]
const SMALL: u64 = 1 << 30;
/// One of less than this share of what it may take is small, too.
#[cfg(all(target_os = "linux", target_env = "gnu"))]
const SMALL_SHARE: u64 = 4;

/// Resident bytes from which on freed memory is given back. The allocator has one such number for the whole process.
#[cfg(all(target_os = "linux", target_env = "gnu"))]
static GIVEN_BACK_FROM: AtomicU64 = AtomicU64::new(SMALL);

/// To be called once, before any other thread runs: two arenas instead of eight per core, and large
/// blocks from the heap.
#[cfg(all(target_os = "linux", target_env = "gnu"))]
pub fn keep() {
    set(libc::M_ARENA_MAX, 2);
    set(libc::M_MMAP_THRESHOLD, 32 << 20);
    set(libc::M_TRIM_THRESHOLD, 512 << 20);
}

#[cfg(all(target_os = "linux", target_env = "gnu"))]
#[expect(
    unsafe_code,
    reason = "the allocator of glibc is told by C alone; without it a small run takes an eighth longer"
)]
fn set(parameter: libc::c_int, value: libc::c_int) {
    // SAFETY: `mallopt` takes numbers, and holds the locks of the arenas while it sets a parameter, so that any thread
    // may call it at any time.
    unsafe { libc::mallopt(parameter, value) };
}

/// How many bytes the runs of this process may take.
#[cfg(all(target_os = "linux", target_env = "gnu"))]
pub fn may_take(bytes: u64) {
    GIVEN_BACK_FROM.store(SMALL.max(bytes / SMALL_SHARE), Ordering::Relaxed);
}

/// Returns what the allocator holds back after large tables were freed, unless the run is small. From
/// the first time on, large blocks are returned as soon as they are freed.
#[cfg(all(target_os = "linux", target_env = "gnu"))]
pub fn give_back() {
    if resident().is_none_or(|bytes| bytes >= GIVEN_BACK_FROM.load(Ordering::Relaxed)) {
        const LARGE: libc::c_int = 4 << 20;
        set(libc::M_MMAP_THRESHOLD, LARGE);
        set(libc::M_TRIM_THRESHOLD, LARGE);
        make_room();
    }
}

/// Returns what lies free between what is in use, of small runs too. For once between two steps: what reading
/// leaves free is in pieces, and little of what comes next fits into them.
#[cfg(all(target_os = "linux", target_env = "gnu"))]
#[expect(unsafe_code, reason = "as above; what is held back of large tables would count towards the run until its end")]
pub fn make_room() {
    // SAFETY: holds the locks of the arenas, so that any thread may call it at any time, and only gives back pages of
    // which no block is in use.
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
pub fn may_take(_bytes: u64) {}

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

    #[test]
    fn freed_blocks_between_used_ones_go_back_to_the_system() {
        // Small enough to come from the heap. The used ones keep what is behind them from shrinking it.
        const BLOCK: usize = 64 << 10;
        let blocks: Vec<Vec<u8>> = (0..8192).map(|number| vec![number as u8 | 1; BLOCK]).collect();
        let (used, freed): (Vec<_>, Vec<_>) = blocks.into_iter().enumerate().partition(|(number, _)| number % 64 == 0);
        drop(freed);
        let before = resident().unwrap();
        make_room();
        let after = resident().unwrap();
        assert!(after + (256 << 20) < before, "{before} bytes before, {after} after");
        assert!(used.iter().all(|(number, block)| block.iter().all(|byte| *byte == *number as u8 | 1)));
    }
}
