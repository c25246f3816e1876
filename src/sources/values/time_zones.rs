//! Time zones of calendars: Windows names, IANA names and offsets (rule I8).

use std::collections::{BTreeSet, HashMap};
use std::sync::{Arc, LazyLock, Mutex};

use chrono_tz::{TZ_VARIANTS, Tz};

use crate::sources::values::windows_zones::WINDOWS_ZONES;
use crate::time::{HOUR, MINUTE};

/// Time zone names that no table knows; their times were read as UTC.
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
    let name = name.trim();
    let iana =
        WINDOWS_ZONES.binary_search_by(|(windows, _)| windows.cmp(&name)).map_or(name, |found| WINDOWS_ZONES[found].1);
    iana.parse().ok().or_else(|| BY_LOWER_CASE.get(&name.to_lowercase()).copied())
}

/// Microseconds of a zone that is an offset: `+05:30`, `UTC-3`, `GMT+1`, `Z`.
pub fn offset_of(name: &str) -> Option<i64> {
    let name = name.trim();
    if name.eq_ignore_ascii_case("Z") {
        return Some(0);
    }
    let bare = name.get(..3).filter(|from| from.eq_ignore_ascii_case("UTC") || from.eq_ignore_ascii_case("GMT"));
    let name = bare.map_or(name, |_| name[3..].trim_start());
    let (sign, size) = name.strip_prefix('+').map(|size| (1, size)).or_else(|| Some((-1, name.strip_prefix('-')?)))?;
    let (hours, minutes) = match size.split_once(':') {
        Some(parts) => parts,
        None if size.len() == 4 => size.split_at_checked(2)?,
        None => (size, "00"),
    };
    let number = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit()).then(|| text.parse::<i64>().ok())?;
    let (hours, minutes) = (number(hours)?, number(minutes).filter(|minutes| *minutes < 60)?);
    (hours <= 14).then_some(sign * (hours * HOUR + minutes * MINUTE))
}
