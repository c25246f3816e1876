//! Numbers of things in words.

use serde_json::Value;

/// `1 answer`, `2 answers`.
pub fn several(count: usize, one: &str) -> String {
    if count == 1 { format!("1 {one}") } else { format!("{count} {one}s") }
}

/// `1 day ago`, `2 days ago`.
pub fn days_ago(days: u32) -> String {
    format!("{} ago", several(days as usize, "day"))
}

/// The unit of a value: `email` where it is one, else `emails`.
pub fn of_one<'a>(value: &Value, unit: &'a str) -> &'a str {
    match unit {
        _ if value.as_f64() != Some(1.0) => unit,
        "people" => "person",
        unit if unit.chars().all(char::is_alphabetic) => unit.strip_suffix('s').unwrap_or(unit),
        unit => unit,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_is_told_as_one() {
        assert_eq!(
            [0, 1, 2].map(|count| several(count, "held email")),
            ["0 held emails", "1 held email", "2 held emails"]
        );
        assert_eq!(days_ago(1), "1 day ago");
        assert_eq!((of_one(&1.into(), "contacts"), of_one(&2.into(), "contacts")), ("contact", "contacts"));
        assert_eq!((of_one(&1.0.into(), "people"), of_one(&1.into(), "share 0–1")), ("person", "share 0–1"));
    }
}
