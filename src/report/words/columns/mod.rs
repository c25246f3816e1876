//! What the columns on the pages mean, for readers: a name in each language, and their description in the languages that
//! the dictionary does not speak.

mod contact;
mod meaning;
mod relations;
mod scores;

pub use meaning::Meaning;

/// What a column of a table means, where it is told here.
pub fn meaning(table: &str, column: &str) -> Option<&'static Meaning> {
    let all = || [contact::COLUMNS, scores::COLUMNS, relations::COLUMNS].into_iter().flatten();
    let named = |name: &str| all().find(|meaning| meaning.column == name);
    named(&format!("{table}.{column}")).or_else(|| named(column))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::language::Language;

    #[test]
    fn every_meaning_is_told_once_and_in_every_language() {
        let mut names: Vec<&str> = Vec::new();
        for meaning in [contact::COLUMNS, scores::COLUMNS, relations::COLUMNS].into_iter().flatten() {
            let Meaning { column, labels, texts } = meaning;
            assert!(!names.contains(column), "{column} is there twice");
            names.push(column);
            assert!(labels.iter().all(|label| !label.is_empty()), "{column}");
            assert!(texts.iter().all(|text| text.ends_with('.')), "{column}: {texts:?}");
        }
        assert!(names.len() > 80);
    }

    #[test]
    fn a_column_that_tables_differ_in_has_a_meaning_for_each() {
        let label = |table, column| meaning(table, column).map(|meaning| meaning.label(Language::English));
        assert_eq!(label("data_quality", "value"), Some("Measure"));
        assert_eq!(label("opportunity_kpis", "value"), Some("Value"));
        assert_eq!(label("opportunity_kpis", "no_such_column"), None);
    }
}
