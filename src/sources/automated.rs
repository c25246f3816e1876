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
    let (name, value) = (name.trim(), value.trim());
    let is = |other: &str| name.eq_ignore_ascii_case(other);
    if is("auto-submitted") {
        !value.eq_ignore_ascii_case("no")
    } else if is("precedence") {
        ["bulk", "list", "junk", "auto_reply"].iter().any(|word| value.eq_ignore_ascii_case(word))
    } else {
        is("list-id") || is("list-unsubscribe")
    }
}

/// Whether a subject begins as automatic replies do; none does not.
pub fn by_subject(column: Expr) -> Expr {
    column.map(
        |c| {
            let subjects = c.str()?.iter();
            let automatic = subjects.map(|subject| subject.is_some_and(is_automatic_subject));
            Ok(BooleanChunked::from_iter_values(c.name().clone(), automatic).into_column())
        },
        |_, field| Ok(Field::new(field.name().clone(), DataType::Boolean)),
    )
}

fn is_automatic_subject(subject: &str) -> bool {
    let subject = subject.trim_start();
    // The bytes with which all beginnings start; most subjects, answers among them, are done here.
    let [first, second, ..] = subject.as_bytes() else { return false };
    let start = [first.to_ascii_lowercase(), second.to_ascii_lowercase()];
    if !matches!(&start, b"au" | b"ou" | b"fr" | b"r\xc3" | b"ab") {
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
        assert!(is_automatic_subject("RÉPONSE automatique : Offre"));
        for beginning in SUBJECTS {
            assert!(is_automatic_subject(&format!(" {}", beginning.to_uppercase())), "{beginning}");
            assert!(is_automatic_subject(beginning), "{beginning}");
        }
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
