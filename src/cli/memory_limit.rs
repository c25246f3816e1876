//! How much memory a run may use.

use bytesize::ByteSize;
use sysinfo::{MemoryRefreshKind, RefreshKind, System};

use crate::scratch::Limit;

/// What is left to others by default: a quarter.
const SHARE: (u64, u64) = (3, 4);
/// Below this nothing is gained: what a run needs anyway is more.
const LEAST: u64 = 64 << 20;

/// A size like `4GiB`, `512MB` or a number of bytes.
pub(super) fn parse(text: &str) -> Result<Limit, String> {
    let size: ByteSize = text.parse().map_err(|_| "is no size; write it like 4GiB or 512MiB".to_string())?;
    if size.as_u64() < LEAST {
        return Err(format!("is less than {}, which a run needs for itself", ByteSize::b(LEAST)));
    }
    Ok(Limit::Bytes(size.as_u64()))
}

/// A number of parts.
pub(super) fn parts(text: &str) -> Result<Limit, String> {
    const MOST: u32 = 10_000;
    let number = text.parse().ok().filter(|parts| (1..=MOST).contains(parts));
    number.map(Limit::Parts).ok_or_else(|| format!("is no number from 1 to {MOST}"))
}

/// The share of the machine's memory, or of its container's where that has less; none where the system does not tell.
pub(super) fn of_machine() -> Option<Limit> {
    let only_memory = RefreshKind::nothing().with_memory(MemoryRefreshKind::nothing().with_ram());
    let system = System::new_with_specifics(only_memory);
    let of_container = system.cgroup_limits().map(|limits| limits.total_memory);
    let bytes = system.total_memory().min(of_container.unwrap_or(u64::MAX));
    (bytes > 0).then(|| Limit::Bytes(bytes / SHARE.1 * SHARE.0))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sizes_are_read_with_binary_and_decimal_units() {
        assert_eq!(parse("4GiB"), Ok(Limit::Bytes(4 << 30)));
        assert_eq!(parse("512 MB"), Ok(Limit::Bytes(512_000_000)));
        assert_eq!(parse("1073741824"), Ok(Limit::Bytes(1 << 30)));
        assert!(parse("much").unwrap_err().contains("4GiB"));
        assert!(parse("4KiB").unwrap_err().contains("less than"));
    }

    #[test]
    fn the_machine_says_how_much_it_has() {
        let Some(Limit::Bytes(bytes)) = of_machine() else { unreachable!("the system tells") };
        assert!(bytes > 64 << 20 && bytes < 1 << 50, "{bytes}");
    }
}
