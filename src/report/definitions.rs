//! What columns mean, in the language of the reader, and the commands that tell how their values came about.

use super::book::Book;
use super::words::columns::meaning;
use crate::language::Language;

/// What a column is.
pub struct Definition {
    /// What a reader calls it.
    pub label: String,
    /// Its table and name.
    pub column: String,
    /// What it says.
    pub text: String,
    /// Whether that is in English, whatever the reader speaks.
    pub is_english: bool,
    /// The command that explains the value on the page; none where the table has several rows of what the page shows.
    pub command: Option<String>,
}

/// What columns of a table mean. `key` finds the row that is shown, as `rapport explain` wants it; it may be empty.
pub fn of(book: &Book<'_>, table: &str, columns: &[&str], key: &str) -> Vec<Definition> {
    let declared = book.dictionary.iter().find(|declared| declared.name == table);
    let of = |name: &&str| declared?.columns.iter().find(|column| column.name == *name);
    let (language, findings) = (book.say.language, book.say.findings);
    let defined = columns.iter().filter_map(of).map(|column| {
        let meaning = meaning(table, column.name);
        let told = meaning.and_then(|meaning| meaning.text(language));
        let mut text = told.unwrap_or(column.description).to_string();
        // In the other languages the description says it too.
        if told.is_none() && !column.empty.is_empty() && column.empty != "never" {
            text.push(' ');
            text.push_str(&findings.unknown_when.replace("{when}", column.empty));
        }
        if !column.rule.is_empty() {
            text.push(' ');
            text.push_str(&findings.rule.replace("{rule}", column.rule));
        }
        Definition {
            label: meaning.map_or(column.name, |meaning| meaning.label(language)).to_string(),
            column: format!("{table}.{}", column.name),
            text,
            is_english: told.is_none() && language != Language::English,
            command: command(book, table, key, column.name),
        }
    });
    defined.collect()
}

fn command(book: &Book<'_>, table: &str, key: &str, column: &str) -> Option<String> {
    // A shell does other things with other characters.
    let is_plain = |character: char| character.is_ascii_alphanumeric() || "-_ ".contains(character);
    let as_of = book.published.as_of;
    (!key.is_empty() && key.chars().all(is_plain))
        .then(|| format!("rapport explain {table} {key} {column} --as-of {as_of}"))
}
