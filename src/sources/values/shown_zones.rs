//! Time zones by the names under which Windows shows them: `(UTC+01:00) Amsterdam, Berlin, Bern, Rome, Stockholm,
//! Vienna`. Such a name has the offset without daylight saving and places, in the language of the machine (rule I8).

use std::collections::HashMap;
use std::sync::LazyLock;

use chrono_tz::{TZ_VARIANTS, Tz};
use icu_normalizer::DecomposingNormalizerBorrowed;

use crate::sources::values::zone_offsets::offset_of;
use crate::sources::values::zone_places::{BESIDE_OFFSETS, PLACES};
use crate::time::{DAY, to_utc};

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
    let country = ['(', '（'];
    let places =
        places.split([',', ';', '，', '、']).map(|place| plain(place.split(country).next().unwrap_or_default().trim()));
    places.filter_map(|place| of_place(&place, stated.is_some())).find(keeps)
}

fn of_place(place: &str, beside_offset: bool) -> Option<Tz> {
    static KNOWN: LazyLock<[HashMap<String, Tz>; 2]> = LazyLock::new(|| {
        let city = |zone: &Tz| {
            let (_, city) = zone.name().rsplit_once('/').filter(|(region, _)| *region != "Etc")?;
            Some((plain(&city.replace('_', " ")), *zone))
        };
        let place = |(place, zone): &(&str, &str)| Some((plain(place), zone.parse().ok()?));
        // Of two of one name the later counts.
        let places = TZ_VARIANTS.iter().filter_map(city).chain(PLACES.iter().filter_map(place));
        [places.collect(), BESIDE_OFFSETS.iter().filter_map(place).collect()]
    });
    let [places, words] = &*KNOWN;
    places.get(place).or_else(|| words.get(place).filter(|_| beside_offset)).copied()
}

/// A name in lower case without accents: in nothing else many languages differ.
fn plain(name: &str) -> String {
    const FORM_D: DecomposingNormalizerBorrowed<'static> = DecomposingNormalizerBorrowed::new_nfd();
    let apart = FORM_D.normalize(name);
    let letters = apart.chars().filter(|letter| !('\u{300}'..='\u{36F}').contains(letter));
    letters.map(|letter| if letter == '\u{2019}' { '\'' } else { letter }).collect::<String>().to_lowercase()
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
            ("(UTC+01:00) Bruxelles, Copenhague, Madrid, Paris", "Europe/Brussels"),
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
            ("(UTC+01:00) Ámsterdam, Berlín, Berna, Estocolmo, Roma, Viena", "Europe/Amsterdam"),
            ("(UTC+01:00) Amesterdão, Berlim, Berna, Roma, Estocolmo, Viena", "Europe/Amsterdam"),
            ("(UTC+01:00) アムステルダム、ベルリン、ベルン、ローマ、ストックホルム、ウィーン", "Europe/Amsterdam"),
            ("(UTC+01:00) 阿姆斯特丹，柏林，伯尔尼，罗马，斯德哥尔摩，维也纳", "Europe/Amsterdam"),
            ("(UTC+02:00) Athen, Bukarest", "Europe/Athens"),
            ("(UTC-05:00) Est (É.-U. et Canada)", "America/New_York"),
            ("(UTC-05:00) 东部时间(美国和加拿大)", "America/New_York"),
            ("(UTC-08:00) Hora del Pacífico (EE. UU. y Canadá)", "America/Los_Angeles"),
            ("heure normale d\u{2019}Europe centrale", "Europe/Berlin"),
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
            ("Est", None),
            ("tzone://Microsoft/Custom", None),
            ("Customized Time Zone", None),
        ] {
            assert_eq!(super::zone(name), None, "{name}");
            assert_eq!(offset(name), hours.map(|hours| hours * HOUR), "{name}");
        }
    }
}
