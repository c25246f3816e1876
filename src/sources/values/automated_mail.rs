//! Mail that a machine wrote: by its headers and by its subject (rule N10).

use polars::prelude::*;

use crate::sources::values::automated_subjects::Beginnings;
use crate::sources::values::item_classes;

/// Whether one header says that its message is machine-made.
pub fn by_header(name: &str, value: &str) -> bool {
    let (name, value) = (name.trim(), value.trim());
    let is = |other: &str| name.eq_ignore_ascii_case(other);
    if is("auto-submitted") {
        // Parameters and comments may follow the word.
        let word = value.split([';', '(']).next().unwrap_or_default().trim_end();
        !word.eq_ignore_ascii_case("no")
    } else if is("precedence") {
        ["bulk", "list", "junk", "auto_reply"].iter().any(|word| value.eq_ignore_ascii_case(word))
    } else {
        is("list-id") || is("list-unsubscribe")
    }
}

/// Whether Exchange takes a message for a report or an automatic reply.
pub fn by_class(column: Expr) -> Expr {
    column.map(
        |c| {
            let automatic = c.str()?.iter().map(|class| class.is_some_and(item_classes::is_automated));
            Ok(BooleanChunked::from_iter_values(c.name().clone(), automatic).into_column())
        },
        |_, field| Ok(Field::new(field.name().clone(), DataType::Boolean)),
    )
}

/// Whether a subject begins as automatic replies, reports and receipts do; none does not.
pub fn by_subject(column: Expr, beginnings: &Beginnings) -> Expr {
    let beginnings = beginnings.clone();
    column.map(
        move |c| {
            let subjects = c.str()?.iter();
            let automatic = subjects.map(|subject| subject.is_some_and(|subject| beginnings.begin(subject)));
            Ok(BooleanChunked::from_iter_values(c.name().clone(), automatic).into_column())
        },
        |_, field| Ok(Field::new(field.name().clone(), DataType::Boolean)),
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn headers_count_by_name_and_value() {
        assert!(by_header("Auto-Submitted", "auto-replied"));
        assert!(!by_header("auto-submitted", "No"));
        assert!(!by_header("Auto-Submitted", "no; owner=x") && !by_header("Auto-Submitted", "no (by hand)"));
        assert!(by_header("Auto-Submitted", "notified; owner=x"));
        assert!(by_header("precedence", "Bulk"));
        assert!(!by_header("Precedence", "first-class"));
        assert!(by_header("List-Id", ""));
    }
}
