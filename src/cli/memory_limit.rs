//! How much memory a run may use.

use std::fs;
use std::path::Path;

use bytesize::ByteSize;
use clap::Args;
use sysinfo::{MemoryRefreshKind, RefreshKind, System};

use crate::interactions::parts::PartOf;
use crate::scratch::Limit;
use crate::storage::Location;

/// What is left to others by default: a quarter.
const SHARE: (u64, u64) = (3, 4);
/// Below this nothing is gained: what a run needs anyway is more.
const LEAST: u64 = 64 << 20;
/// More are never asked for by mistake.
const MOST_PARTS: u32 = 10_000;

/// How a run that reads the lake is held within bounds.
#[derive(Debug, Args)]
pub(super) struct MemoryOptions {
    /// How much memory to use, about, like 4GiB: more than that lies in files, in the folder of temporary files
    /// [default: three quarters of what the machine or its container has]
    #[arg(long, value_name = "SIZE", value_parser = parse)]
    pub memory: Option<Limit>,

    /// In how many parts to work on activities [default: as many as --memory asks for; results are the same]
    #[arg(long, value_name = "N", value_parser = parts, conflicts_with = "memory")]
    pub parts: Option<Limit>,

    /// How many parts to work on at a time; they share the memory
    #[arg(long, value_name = "N", default_value_t = 1, value_parser = clap::value_parser!(u32).range(1..=256))]
    pub workers: u32,
}

/// What runs are held to.
#[derive(Clone, Debug)]
pub(super) struct Bounds {
    /// None without a limit.
    pub limit: Option<Limit>,
    /// How many parts are worked on at a time.
    pub workers: u32,
    /// Where parts lie that others have built.
    pub work: Option<Location>,
}

impl Bounds {
    /// None at all, for commands that read little.
    pub(super) fn none() -> Bounds {
        Bounds { limit: None, workers: 1, work: None }
    }

    /// Those that were asked for, else the limit that the machine sets.
    pub(super) fn of(options: &MemoryOptions) -> Bounds {
        let limit = options.memory.or(options.parts).or_else(of_machine);
        Bounds { limit, workers: options.workers, work: None }
    }
}

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
    let number = text.parse().ok().filter(|parts| (1..=MOST_PARTS).contains(parts));
    number.map(Limit::Parts).ok_or_else(|| format!("is no number from 1 to {MOST_PARTS}"))
}

/// A part of several, like `3/16`.
pub(super) fn part_of(text: &str) -> Result<PartOf, String> {
    let parsed = || {
        let (part, count) = text.split_once('/')?;
        let (part, count): (u32, u32) = (part.trim().parse().ok()?, count.trim().parse().ok()?);
        (1..=MOST_PARTS).contains(&count).then_some(())?;
        (1..=count).contains(&part).then(|| PartOf { part: part - 1, count })
    };
    parsed().ok_or_else(|| format!("is no part of at most {MOST_PARTS}; the third of sixteen is 3/16"))
}

/// The share of the machine's memory, or of its container's where that has less; none where the system does not tell.
fn of_machine() -> Option<Limit> {
    let only_memory = RefreshKind::nothing().with_memory(MemoryRefreshKind::nothing().with_ram());
    let system = System::new_with_specifics(only_memory);
    let groups = fs::read_to_string("/proc/self/cgroup").unwrap_or_default();
    let of_groups = limits(&groups, |path| fs::read_to_string(Path::new("/sys/fs/cgroup").join(path)).ok());
    let bytes = of_groups.chain([system.total_memory()]).filter(|&bytes| bytes > 0).min()?;
    Some(Limit::Bytes(bytes / SHARE.1 * SHARE.0))
}

/// What the control groups of this process and those around them may use, by what `/proc/self/cgroup` says: of version 2
/// in `memory.max`, of version 1 in a folder and a file of their own. Within a container the outer ones are not seen.
fn limits(groups: &str, read: impl Fn(&str) -> Option<String>) -> impl Iterator<Item = u64> {
    let files = groups.lines().filter_map(of_group).flat_map(|(root, path, file)| {
        let folders = Path::new(path).ancestors().map(|folder| format!("{root}{}", folder.display()));
        folders.map(|folder| format!("{}/{file}", folder.trim_end_matches('/'))).collect::<Vec<_>>()
    });
    files.filter_map(|file| read(file.trim_start_matches('/'))?.trim().parse().ok()).collect::<Vec<u64>>().into_iter()
}

/// Where the limit of a group lies, by its line: in which root, under which path, in which file.
fn of_group(line: &str) -> Option<(String, &str, &'static str)> {
    let mut parts = line.splitn(3, ':').skip(1);
    let (controllers, path) = (parts.next()?, parts.next()?.trim_matches('/'));
    match controllers.split(',').find(|name| name.is_empty() || *name == "memory")? {
        "" => Some((String::new(), path, "memory.max")),
        of_memory => Some((format!("{of_memory}/"), path, "memory.limit_in_bytes")),
    }
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
    fn a_part_is_one_of_as_many_as_there_are() {
        assert_eq!(part_of("3/16"), Ok(PartOf { part: 2, count: 16 }));
        for wrong in ["0/3", "4/3", "3", "1/0", "a/b", "1/10001", ""] {
            assert!(part_of(wrong).unwrap_err().contains("3/16"), "{wrong}");
        }
    }

    #[test]
    fn the_groups_of_the_process_and_those_around_them_are_asked() {
        let of = |groups: &str, files: &[(&str, &str)]| {
            let read = |path: &str| files.iter().find(|file| file.0 == path).map(|file| file.1.to_string());
            limits(groups, read).collect::<Vec<_>>()
        };
        let second =
            [("memory.max", "max\n"), ("jobs.slice/memory.max", "400\n"), ("jobs.slice/a/memory.max", "max\n")];
        assert_eq!(of("0::/jobs.slice/a\n", &second), [400]);
        assert_eq!(of("0::/\n", &[("memory.max", "300\n")]), [300], "as a container sees itself");
        let first = [("memory/memory.limit_in_bytes", "900\n"), ("memory/job/memory.limit_in_bytes", "700\n")];
        assert_eq!(of("5:cpu,cpuacct:/x\n4:memory:/job\n0::/\n", &first), [700, 900]);
        assert_eq!(of("", &[]), [0u64; 0]);
    }

    #[test]
    fn the_machine_says_how_much_it_has() {
        let Some(Limit::Bytes(bytes)) = of_machine() else { unreachable!("the system tells") };
        assert!(bytes > 64 << 20 && bytes < 1 << 50, "{bytes}");
    }
}
