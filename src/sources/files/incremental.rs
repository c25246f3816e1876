//! Folders of Synapse Link's incremental updates, `<yyyy-mm-ddThh.mm.ssZ>/<table>/*.csv`, and where the
//! columns of CSV are described (rule I6).

use std::fs;
use std::io::{self, ErrorKind};
use std::path::{Path, PathBuf};

use crate::sources::contract::SourceTable;
use crate::sources::files::formats::is_nearly;

/// The file that names the folder which is being written.
pub const CURRENT: &str = "Changelog/changelog.info";
/// What describes the tables of a folder. Synapse Link writes it last.
pub const MODEL: &str = "model.json";
/// Where Synapse Link describes each table by itself.
const FEED: &str = "Microsoft.Athena.TrickleFeedService";
/// Copies of files as they were, which lie beside the files that are written to.
pub const SNAPSHOT: &str = "Snapshot";

/// Whether a folder bears an instant as its name.
pub fn is_instant(name: &str) -> bool {
    let shape = b"dddd-dd-ddTdd.dd.dd";
    let bytes = name.as_bytes();
    let Some((instant, rest)) = bytes.split_at_checked(shape.len()) else { return false };
    let fits = |(byte, shape): (&u8, &u8)| match *shape {
        b'd' => byte.is_ascii_digit(),
        b'.' => matches!(byte, b'.' | b':' | b'-'),
        other => *byte == other,
    };
    let fraction = rest.strip_suffix(b"Z").or_else(|| rest.strip_suffix(b"z"));
    instant.iter().zip(shape).all(fits)
        && fraction.is_some_and(|rest| rest.iter().all(|byte| byte.is_ascii_digit() || matches!(byte, b'.' | b':')))
}

/// The folders of a table among the incremental updates below a system's folder, in order. A folder that is
/// still being written, which has no description yet, is left to the next run.
///
/// # Errors
/// A folder that may not be listed.
pub fn folders(system: &Path, table: &SourceTable) -> io::Result<Vec<PathBuf>> {
    let mut found = Vec::new();
    let entries = match fs::read_dir(system) {
        Ok(entries) => entries,
        Err(error) if matches!(error.kind(), ErrorKind::NotFound | ErrorKind::NotADirectory) => return Ok(found),
        Err(error) => return Err(error),
    };
    let mut current = None;
    for entry in entries {
        let name = entry?.file_name();
        let Some(name) = name.to_str().filter(|name| is_instant(name)) else { continue };
        let base = system.join(name);
        let folder = base.join(table.name);
        if !folder.is_dir() {
            continue;
        }
        if !base.join(MODEL).exists() {
            let current = current.get_or_insert_with(|| fs::read_to_string(system.join(CURRENT)).unwrap_or_default());
            let is_written_to =
                current.lines().any(|line| line.trim().trim_start_matches('\u{FEFF}').trim_matches(['/', '"']) == name);
            if is_written_to {
                continue;
            }
        }
        found.push(folder);
    }
    found.sort();
    Ok(found)
}

/// Whether a folder begins as one of updates does, with a day, and is none by the rest of its name.
pub fn is_nearly_instant(name: &str) -> bool {
    let shape = b"dddd-dd-dd";
    let fits = |(byte, shape): (&u8, &u8)| if *shape == b'd' { byte.is_ascii_digit() } else { byte == shape };
    let day = name.as_bytes().first_chunk::<10>();
    day.is_some_and(|day| day.iter().zip(shape).all(fits)) && !is_instant(name)
}

/// A folder with rows of a table that nobody would read, since it or the folder of updates around it is called nearly as it
/// should be; and what to do about it.
///
/// # Errors
/// A folder that may not be listed.
pub fn misnamed(system: &Path, table: &SourceTable) -> io::Result<Option<(PathBuf, String)>> {
    for base in folder_names(system)? {
        let is_nearly_update = is_nearly_instant(&base);
        if !is_nearly_update && !is_instant(&base) {
            continue;
        }
        let place = system.join(&base);
        let names = folder_names(&place)?;
        let is_exact = names.iter().any(|name| name == table.name);
        let found = names.iter().find(|name| match is_exact {
            true => *name == table.name,
            false => is_nearly(table, name),
        });
        let Some(name) = found.filter(|_| is_nearly_update || !is_exact) else { continue };
        if fs::read_dir(place.join(name))?.next().is_none() {
            continue;
        }
        return Ok(Some(match is_nearly_update {
            true => {
                let remedy = match instant_of(&base).filter(|instant| !system.join(instant).exists()) {
                    Some(instant) => format!("call it {instant}, or move it out of the lake"),
                    None => "call it by its instant, like 2026-03-31T02.00.00Z, or move it out of the lake".to_string(),
                };
                (place, remedy)
            }
            false => (place.join(name), format!("call it {}", table.name)),
        }));
    }
    Ok(None)
}

/// The name that a folder should have, by the digits of its own.
fn instant_of(name: &str) -> Option<String> {
    let digits: String = name.chars().filter(char::is_ascii_digit).collect();
    let part = |range: std::ops::Range<usize>| digits.get(range);
    // Of an instant in another zone, or one with fractions, nobody knows what is meant.
    if digits.bytes().skip(14).any(|digit| digit != b'0') {
        return None;
    }
    let day = format!("{}-{}-{}", part(0..4)?, part(4..6)?, part(6..8)?);
    Some(format!("{day}T{}.{}.{}Z", part(8..10)?, part(10..12)?, part(12..14)?))
}

/// Names of the folders in a folder, in order.
fn folder_names(folder: &Path) -> io::Result<Vec<String>> {
    let entries = match fs::read_dir(folder) {
        Ok(entries) => entries,
        Err(error) if matches!(error.kind(), ErrorKind::NotFound | ErrorKind::NotADirectory) => return Ok(Vec::new()),
        Err(error) => return Err(error),
    };
    let mut names = Vec::new();
    for entry in entries {
        let entry = entry?;
        if let Some(name) = entry.file_name().to_str().filter(|_| entry.path().is_dir()) {
            names.push(name.to_string());
        }
    }
    names.sort();
    Ok(names)
}

/// The folder in which the export that a file belongs to lies: an instant's, or the system's.
pub fn base(system: &Path, file: &Path) -> PathBuf {
    let below = file.strip_prefix(system).ok().and_then(|below| below.iter().next()?.to_str());
    below.filter(|name| is_instant(name)).map_or_else(|| system.to_path_buf(), |name| system.join(name))
}

/// Where a table's columns may be described, the best first.
pub fn models(system: &Path, base: &Path, table: &SourceTable) -> Vec<PathBuf> {
    let mut places: Vec<PathBuf> = beside(table).iter().map(|name| base.join(name)).collect();
    places.push(system.join(feed(table)));
    places
}

/// Names of descriptions within the folder of an export.
pub fn beside(table: &SourceTable) -> [String; 5] {
    let name = table.name;
    [
        MODEL.to_string(),
        format!("{name}.cdm.json"),
        format!("{name}/{MODEL}"),
        format!("{name}/{name}.cdm.json"),
        format!("{name}.model.json"),
    ]
}

/// The name of a table's own description within the system's folder.
pub fn feed(table: &SourceTable) -> String {
    format!("{FEED}/{}-model.json", table.name)
}

/// Whether a file in a table's folder describes it and holds no rows.
pub fn is_description(name: &str) -> bool {
    let name = name.to_ascii_lowercase();
    name == MODEL || name.ends_with(".cdm.json") || name.ends_with("-model.json") || name.ends_with(".model.json")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn folders_of_updates_bear_instants() {
        for name in ["2026-03-30T02.00.00Z", "2026-03-30T02:00:00Z", "2026-03-30T02.00.00.1234567Z"] {
            assert!(is_instant(name), "{name}");
        }
        for name in ["account", "2026", "2026-03-30", "2026-03-30T02.00.00", "Changelog", "2026-03-30T02.00.00Zx"] {
            assert!(!is_instant(name), "{name}");
        }
        for name in [
            "2026-03-30",
            "2026-03-30T02.00.00",
            "2026-03-30T02_00_00Z",
            "2026-03-30t02.00.00z",
            "2026-03-30T02.00.00+0000",
            "2026-03-30T02.00.00Z - Copy",
        ] {
            assert!(is_nearly_instant(name), "{name}");
        }
        for name in ["2026", "2026-03-3", "account", "2026-03-30T02.00.00Z", "2026_03_30", "Changelog"] {
            assert!(!is_nearly_instant(name), "{name}");
        }
        assert_eq!(instant_of("2026-03-30T02_00_00Z - Copy").as_deref(), Some("2026-03-30T02.00.00Z"));
        assert_eq!(instant_of("2026-03-30T02.00.00+0000").as_deref(), Some("2026-03-30T02.00.00Z"));
        assert_eq!((instant_of("2026-03-30"), instant_of("2026-03-30T02.00.00+0200")), (None, None));
        let base = |file: &str| base(Path::new("/lake"), Path::new(file)).display().to_string();
        assert_eq!(base("/lake/account/2026.csv"), "/lake");
        assert_eq!(base("/lake/2026-03-30T02.00.00Z/account/2026.csv"), "/lake/2026-03-30T02.00.00Z");
    }
}
