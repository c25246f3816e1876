//! Columns of words, and which words they may have.

use crate::health::STATES;
use crate::table::{Column, Table};

const RECORD_TYPES: &[&str] = &["account", "contact", "lead", "opportunity"];
const KINDS: &[&str] = &["email", "meeting", "phone_call", "task"];
const DIRECTIONS: &[&str] = &["inbound", "outbound"];

/// Words of columns by their names, in whichever table.
const WORDS: [(&str, &[&str]); 13] = [
    ("record_type", RECORD_TYPES),
    ("person_type", &["contact", "lead", "systemuser"]),
    ("side", &["most_contacted", "most_contacted_by"]),
    ("computation_accuracy", &["complete", "partial"]),
    ("health_trend", &["improving", "steady", "declining"]),
    ("account_health_trend", &["improving", "steady", "declining"]),
    ("kind", KINDS),
    ("last_interaction_kind", KINDS),
    ("next_interaction_kind", KINDS),
    ("direction", DIRECTIONS),
    ("last_interaction_direction", DIRECTIONS),
    ("next_interaction_direction", DIRECTIONS),
    ("label", &["strong", "good", "weak"]),
];

/// Words of columns that mean something else in other tables.
const WORDS_OF_TABLES: [(&str, &str, &[&str]); 5] = [
    ("interactions", "status", &["held", "planned"]),
    ("runs", "status", &["done", "failed", "interrupted", "killed"]),
    ("data_quality", "state", &["fine", "warning", "failed"]),
    ("opportunity_kpis", "state", &["open", "won", "lost", "closed"]),
    ("similar_won_factors", "kind", &["number", "duration", "category", "outlook"]),
];

/// The words that a column may have, where they are few and known.
pub fn of(table: &Table, column: &Column) -> Option<Vec<&'static str>> {
    if matches!(column.name, "health_state" | "account_health_state") {
        return Some(STATES.to_vec());
    }
    let of_table = WORDS_OF_TABLES.iter().find(|(own, name, _)| *own == table.name && *name == column.name);
    let words = of_table.map(|(_, _, words)| *words);
    let words = words.or_else(|| WORDS.iter().find(|(name, _)| *name == column.name).map(|(_, words)| *words));
    words.map(<[&str]>::to_vec)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::jobs;

    #[test]
    fn words_that_the_dictionary_lists_are_among_them() {
        let tables = jobs::tables();
        let mut checked = 0;
        for (table, column) in tables.iter().flat_map(|table| table.columns.iter().map(move |column| (table, column))) {
            let Some(words) = of(table, column) else { continue };
            // Where a sentence is nothing but a list.
            let sentence = column.description.split(['.', ';']).next().unwrap_or_default();
            let list = sentence.rsplit(": ").next().unwrap_or_default();
            let listed: Vec<&str> = list.split(", ").flat_map(|part| part.split(" or ")).collect();
            if listed.len() < 2 || listed.iter().any(|word| word.contains(' ')) {
                continue;
            }
            checked += 1;
            let missing: Vec<_> = listed.iter().filter(|word| !words.contains(word)).collect();
            assert!(missing.is_empty(), "{}.{}: {missing:?}", table.name, column.name);
        }
        assert!(checked > 15, "{checked}");
    }
}
