//! Numbers of things in words.

/// `1 answer`, `2 answers`.
pub fn several(count: usize, one: &str) -> String {
    if count == 1 { format!("1 {one}") } else { format!("{count} {one}s") }
}

/// `1 day ago`, `2 days ago`.
pub fn days_ago(days: u32) -> String {
    format!("{} ago", several(days as usize, "day"))
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
    }
}
