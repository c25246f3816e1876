//! Time zones of calendars: Windows names, IANA names and offsets (rule I8).

use std::collections::{BTreeSet, HashMap};
use std::sync::{Arc, LazyLock, Mutex};

use chrono_tz::{TZ_VARIANTS, Tz};

use crate::sources::values::shown_zones;
use crate::sources::values::windows_zones::WINDOWS_ZONES;

/// Time zone names that no table knows; their times were read as UTC, or with the offset that the name has.
#[derive(Clone, Debug, Default)]
pub struct UnknownZones(Arc<Mutex<BTreeSet<String>>>);

impl UnknownZones {
    /// The names met so far.
    pub fn names(&self) -> Vec<String> {
        self.0.lock().map(|names| names.iter().cloned().collect()).unwrap_or_default()
    }

    /// Notes a name.
    pub fn note(&self, name: &str) {
        if let Ok(mut names) = self.0.lock() {
            names.insert(name.to_string());
        }
    }
}

/// The zone of a Windows or IANA name, whatever the case of its letters.
pub fn zone(name: &str) -> Option<Tz> {
    static BY_LOWER_CASE: LazyLock<HashMap<String, Tz>> = LazyLock::new(|| {
        let iana = TZ_VARIANTS.iter().map(|zone| (zone.name().to_lowercase(), *zone));
        let windows = WINDOWS_ZONES.iter().filter_map(|(name, iana)| Some((name.to_lowercase(), iana.parse().ok()?)));
        iana.chain(windows).collect()
    });
    let name = name.trim().trim_matches(['"', '\'']);
    let iana =
        WINDOWS_ZONES.binary_search_by(|(windows, _)| windows.cmp(&name)).map_or(name, |found| WINDOWS_ZONES[found].1);
    let known = |name: &str| BY_LOWER_CASE.get(&name.to_lowercase()).copied();
    iana.parse()
        .ok()
        .or_else(|| known(name))
        .or_else(|| in_other_words(name, &known))
        .or_else(|| shown_zones::zone(name))
}

/// A zone by a name that has the usual one in it: what Windows calls it in summer, Exchange's name of UTC, and names
/// of calendars that end with that of IANA (`/freeassociation.sourceforge.net/Europe/Stockholm`).
fn in_other_words(name: &str, known: &dyn Fn(&str) -> Option<Tz>) -> Option<Tz> {
    if name.eq_ignore_ascii_case("tzone://Microsoft/Utc") {
        return Some(Tz::UTC);
    }
    let winter = name.strip_suffix("Daylight Time").and_then(|name| known(&format!("{name}Standard Time")));
    let is_slash = |(at, _): (usize, &str)| known(&name[at + 1..]).filter(|_| name[at + 1..].contains('/'));
    winter.or_else(|| name.match_indices('/').find_map(is_slash))
}
