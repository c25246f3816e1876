//! Time zones by the names under which Windows shows them: `(UTC+01:00) Amsterdam, Berlin, Bern, Rome, Stockholm,
//! Vienna`. Such a name has the offset without daylight saving and places, in the language of the machine (rule I8).

use std::collections::HashMap;
use std::sync::LazyLock;

use chrono_tz::{TZ_VARIANTS, Tz};

use crate::sources::values::zone_offsets::offset_of;
use crate::time::{DAY, to_utc};

/// Places of such names that are no cities of IANA, and names of zones without a place, lower case.
const PLACES: [(&str, &str); 60] = [
    ("abu dhabi", "Asia/Dubai"),
    ("alaska", "America/Anchorage"),
    ("aleutian islands", "America/Adak"),
    ("arizona", "America/Phoenix"),
    ("atlantic time", "America/Halifax"),
    ("baja california", "America/Tijuana"),
    ("beijing", "Asia/Shanghai"),
    ("brasilia", "America/Sao_Paulo"),
    ("cabo verde is.", "Atlantic/Cape_Verde"),
    ("cape verde is.", "Atlantic/Cape_Verde"),
    ("canberra", "Australia/Sydney"),
    ("caucasus standard time", "Asia/Yerevan"),
    ("central america", "America/Guatemala"),
    ("central european summer time", "Europe/Berlin"),
    ("central european time", "Europe/Berlin"),
    ("central time", "America/Chicago"),
    ("chatham islands", "Pacific/Chatham"),
    ("chennai", "Asia/Kolkata"),
    ("chetumal", "America/Cancun"),
    ("city of buenos aires", "America/Buenos_Aires"),
    ("coordinated universal time", "Etc/UTC"),
    ("co-ordinated universal time", "Etc/UTC"),
    ("easter island", "Pacific/Easter"),
    ("eastern european time", "Europe/Helsinki"),
    ("eastern time", "America/New_York"),
    ("edinburgh", "Europe/London"),
    ("georgetown", "America/La_Paz"),
    ("greenland", "America/Godthab"),
    ("greenwich mean time", "Europe/London"),
    ("guadalajara", "America/Mexico_City"),
    ("hanoi", "Asia/Bangkok"),
    ("hawaii", "Pacific/Honolulu"),
    ("indiana", "America/Indianapolis"),
    ("international date line west", "Etc/GMT+12"),
    ("islamabad", "Asia/Karachi"),
    ("kiritimati island", "Pacific/Kiritimati"),
    ("kyiv", "Europe/Kiev"),
    ("lord howe island", "Australia/Lord_Howe"),
    ("marquesas islands", "Pacific/Marquesas"),
    ("mexico city", "America/Mexico_City"),
    ("mitteleuropäische normalzeit", "Europe/Berlin"),
    ("mitteleuropäische sommerzeit", "Europe/Berlin"),
    ("mitteleuropäische zeit", "Europe/Berlin"),
    ("mountain time", "America/Denver"),
    ("mumbai", "Asia/Kolkata"),
    ("new delhi", "Asia/Kolkata"),
    ("newfoundland", "America/St_Johns"),
    ("nuku'alofa", "Pacific/Tongatapu"),
    ("osaka", "Asia/Tokyo"),
    ("pacific time", "America/Los_Angeles"),
    ("port louis", "Indian/Mauritius"),
    ("pretoria", "Africa/Johannesburg"),
    ("saskatchewan", "America/Regina"),
    ("seattle", "America/Los_Angeles"),
    ("solomon is.", "Pacific/Guadalcanal"),
    ("sri jayawardenepura", "Asia/Colombo"),
    ("st. petersburg", "Europe/Moscow"),
    ("wellington", "Pacific/Auckland"),
    ("west central africa", "Africa/Lagos"),
    ("western european time", "Europe/Lisbon"),
];

/// The offset that a shown name has before its places.
pub fn offset(name: &str) -> Option<i64> {
    let (offset, _) = name.trim().strip_prefix('(')?.split_once(')')?;
    let is_utc = offset.eq_ignore_ascii_case("UTC") || offset.eq_ignore_ascii_case("GMT");
    if is_utc { Some(0) } else { offset_of(offset) }
}

/// The zone of a shown name: that of the first of its places whose clocks are so far from UTC, in winter or in summer.
pub fn zone(name: &str) -> Option<Tz> {
    let name = name.trim();
    let (stated, places) = match name.strip_prefix('(').and_then(|rest| rest.split_once(')')) {
        Some((_, places)) => (Some(offset(name)?), places),
        None => (None, name),
    };
    let keeps = |zone: &Tz| stated.is_none_or(|stated| offsets(*zone).contains(&stated));
    // What is behind a place in parentheses is its country.
    let places =
        places.split([',', ';']).map(|place| place.split('(').next().unwrap_or_default().trim().to_lowercase());
    places.filter_map(|place| of_place(&place)).find(keeps)
}

fn of_place(place: &str) -> Option<Tz> {
    static CITIES: LazyLock<HashMap<String, Tz>> = LazyLock::new(|| {
        let city = |zone: &Tz| {
            let (_, city) = zone.name().rsplit_once('/').filter(|(region, _)| *region != "Etc")?;
            Some((city.replace('_', " ").to_lowercase(), *zone))
        };
        TZ_VARIANTS.iter().filter_map(city).collect()
    });
    let known = PLACES.iter().find(|(known, _)| *known == place).and_then(|(_, zone)| zone.parse().ok());
    known.or_else(|| CITIES.get(place).copied())
}

/// How far a zone's clocks are from UTC in January and in July of a year.
fn offsets(zone: Tz) -> [i64; 2] {
    const JANUARY: i64 = 20_454 * DAY;
    [JANUARY, JANUARY + 181 * DAY].map(|local| local - to_utc(local, zone))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::time::HOUR;

    #[test]
    fn shown_names_are_zones_in_several_languages() {
        for (name, zone) in [
            ("(UTC+01:00) Amsterdam, Berlin, Bern, Rome, Stockholm, Vienna", "Europe/Amsterdam"),
            ("(GMT+01:00) Amsterdam, Berlin, Bern, Rom, Stockholm, Wien", "Europe/Amsterdam"),
            ("(UTC+01:00) Bruxelles, Copenhague, Madrid, Paris", "Europe/Madrid"),
            ("(UTC+00:00) Dublin, Edinburgh, Lisbon, London", "Europe/Dublin"),
            ("(UTC) Coordinated Universal Time", "Etc/UTC"),
            ("(UTC-05:00) Eastern Time (US & Canada)", "America/New_York"),
            ("(UTC-08:00) Pacific Time (US & Canada)", "America/Los_Angeles"),
            ("(UTC+10:00) Canberra, Melbourne, Sydney", "Australia/Sydney"),
            ("(UTC+05:30) Chennai, Kolkata, Mumbai, New Delhi", "Asia/Kolkata"),
            ("(UTC+08:00) Kuala Lumpur, Singapore", "Asia/Kuala_Lumpur"),
            ("(UTC-03:00) Brasilia", "America/Sao_Paulo"),
            ("Coordinated Universal Time", "Etc/UTC"),
            ("Mitteleuropäische Zeit", "Europe/Berlin"),
        ] {
            assert_eq!(super::zone(name).map(|zone| zone.name()), Some(zone), "{name}");
        }
    }

    #[test]
    fn what_is_left_of_other_names_is_their_offset() {
        for (name, hours) in [
            ("(UTC+01:00) Utopia", Some(1)),
            ("(GMT-3) Heure d'hiver", Some(-3)),
            ("(UTC+04:00) Moscow", Some(4)),
            ("Utopia", None),
        ] {
            assert_eq!(super::zone(name), None, "{name}");
            assert_eq!(offset(name), hours.map(|hours| hours * HOUR), "{name}");
        }
    }
}
