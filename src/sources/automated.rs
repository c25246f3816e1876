//! Mail that a machine wrote: by its headers and by its subject (rule N10).

use polars::prelude::*;

/// Beginnings of subjects, lower case, in English, Swedish, French and German.
const SUBJECTS: [&str; 14] = [
    "automatic reply",
    "autoreply",
    "auto reply",
    "auto-reply",
    "out of office",
    "out of the office",
    "autosvar",
    "automatiskt svar",
    "frånvaro",
    "réponse automatique",
    "absence du bureau",
    "automatische antwort",
    "abwesenheitsnotiz",
    "abwesend",
];

/// Whether one header says that its message is machine-made.
pub fn by_header(name: &str, value: &str) -> bool {
    let value = value.trim();
    let is = |other: &str| name.trim().eq_ignore_ascii_case(other);
    if is("auto-submitted") {
        !value.eq_ignore_ascii_case("no")
    } else if is("precedence") {
        ["bulk", "list", "junk", "auto_reply"].iter().any(|word| value.eq_ignore_ascii_case(word))
    } else {
        is("list-id") || is("list-unsubscribe")
    }
}

/// Whether a subject begins as automatic replies do.
pub fn by_subject(column: Expr) -> Expr {
    column.map(
        |c| {
            let automatic: BooleanChunked = c.str()?.iter().map(|subject| subject.map(is_automatic_subject)).collect();
            Ok(automatic.with_name(c.name().clone()).into_column())
        },
        |_, field| Ok(Field::new(field.name().clone(), DataType::Boolean)),
    )
}

fn is_automatic_subject(subject: &str) -> bool {
    let subject = subject.trim_start();
    // All beginnings start with one of these letters; most subjects are done here.
    if !subject.starts_with(['a', 'A', 'o', 'O', 'f', 'F', 'r', 'R']) {
        return false;
    }
    let head: String = subject.chars().take(24).flat_map(char::to_lowercase).collect();
    SUBJECTS.iter().any(|beginning| head.starts_with(beginning))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn subjects_count_whatever_their_letter_case() {
        assert!(is_automatic_subject("FRÅNVARO: semester"));
        assert!(is_automatic_subject("Réponse automatique : Offre"));
        assert!(!is_automatic_subject("Re: Automatic reply"));
    }

    #[test]
    fn headers_count_by_name_and_value() {
        assert!(by_header("Auto-Submitted", "auto-replied"));
        assert!(!by_header("auto-submitted", "No"));
        assert!(by_header("precedence", "Bulk"));
        assert!(!by_header("Precedence", "first-class"));
        assert!(by_header("List-Id", ""));
    }
}
