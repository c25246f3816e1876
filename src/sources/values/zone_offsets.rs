//! Time zones that are offsets (rule I8).

use crate::time::{HOUR, MINUTE};

/// Microseconds of a zone that is an offset: `+05:30`, `UTC-3`, `GMT+1`, `Z`.
pub fn offset_of(name: &str) -> Option<i64> {
    let name = name.trim();
    if name.eq_ignore_ascii_case("Z") {
        return Some(0);
    }
    let bare = name.get(..3).filter(|from| from.eq_ignore_ascii_case("UTC") || from.eq_ignore_ascii_case("GMT"));
    let name = bare.map_or(name, |_| name[3..].trim_start());
    let west = || name.strip_prefix(['-', '\u{2212}']);
    let (sign, size) = name.strip_prefix('+').map(|size| (1, size)).or_else(|| Some((-1, west()?)))?;
    let (hours, minutes) = match size.split_once(':') {
        Some(parts) => parts,
        None if size.len() == 4 => size.split_at_checked(2)?,
        None => (size, "00"),
    };
    let number = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit()).then(|| text.parse::<i64>().ok())?;
    let (hours, minutes) = (number(hours)?, number(minutes).filter(|minutes| *minutes < 60)?);
    (hours <= 14).then_some(sign * (hours * HOUR + minutes * MINUTE))
}
