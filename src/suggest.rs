//! Suggestions for mistyped names.

/// The candidate closest in spelling, when it is close enough to be worth a suggestion.
pub fn nearest<'a>(typed: &str, candidates: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let typed = typed.to_lowercase();
    let allowed = (typed.chars().count() / 3).max(1);
    candidates
        .into_iter()
        .map(|candidate| {
            let distance = strsim::damerau_levenshtein(&typed, &candidate.to_lowercase());
            (distance, candidate)
        })
        .filter(|(distance, _)| *distance <= allowed)
        .min()
        .map(|(_, candidate)| candidate)
}

/// What to do about a mistyped name: the one that was probably meant, else all of them behind `all`, such as `The jobs
/// there are`.
pub fn way_out(typed: &str, known: &[&str], all: &str) -> String {
    match nearest(typed, known.iter().copied()) {
        Some(meant) => format!("Did you mean {meant}?"),
        None => format!("{all}: {}", known.join(", ")),
    }
}

#[cfg(test)]
mod tests {
    use super::nearest;

    #[test]
    fn suggests_only_what_is_close() {
        let known = ["timezone", "consent", "regions"];
        assert_eq!(nearest("time_zone", known), Some("timezone"));
        assert_eq!(nearest("Region", known), Some("regions"));
        assert_eq!(nearest("colour", known), None);
    }
}
