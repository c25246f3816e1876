//! What a key of a job file expects: in words for messages, and as JSON schema for editors.

use serde_json::{Value, json};

/// The values that a key takes.
pub(super) enum Shape {
    /// true or false.
    Boolean,
    /// A whole number of something ("people"; nothing for a bare number) from the first to the last, if there is one.
    Whole { of: &'static str, least: u32, most: Option<u32> },
    /// A number from 0 to 1.
    Share,
    /// One of these words.
    Choice(&'static [&'static str]),
    /// A day.
    Date,
    /// A local path, or the URL of a folder in an object store. A relative path in a file begins at the file's folder.
    Path,
    /// A text, described.
    Text(&'static str),
    /// A text that the regular expression knows, described.
    Pattern { words: &'static str, regex: &'static str },
    /// A list, described, of such values.
    List { words: &'static str, of: &'static Shape },
    /// A list of some of these words.
    Words(&'static [&'static str]),
    /// A table from text to such values, described.
    Table { words: &'static str, of: &'static Shape },
    /// The working calendar.
    WorkingHours,
    /// Such a value, or this word.
    Or(&'static Shape, &'static str),
}

impl Shape {
    /// As it stands in messages behind "expects".
    pub(super) fn words(&self) -> String {
        match self {
            Shape::Boolean => "true or false".to_string(),
            Shape::Whole { of, least, most } => {
                let of = if of.is_empty() { String::new() } else { format!(" of {of}") };
                let most = most.map(|most| format!(" to {most}")).unwrap_or_default();
                format!("a whole number{of} from {least}{most}")
            }
            Shape::Share => "a number from 0 to 1".to_string(),
            Shape::Choice(words) => one_of(words),
            Shape::Words(words) => format!("a list of {}", one_of(words)),
            Shape::Date => "a date".to_string(),
            Shape::Path => "a local path, or a URL with az://, abfss://, s3:// or gs://".to_string(),
            Shape::Text(words)
            | Shape::Pattern { words, .. }
            | Shape::List { words, .. }
            | Shape::Table { words, .. } => words.to_string(),
            Shape::WorkingHours => "a calendar".to_string(),
            Shape::Or(shape, word) => format!("{}, or \"{word}\"", shape.words()),
        }
    }

    /// JSON schema, draft 7. Every value may also be a variable of the environment, as `"${NAME}"`.
    pub(super) fn schema(&self) -> Value {
        match self {
            Shape::Date | Shape::Path | Shape::Text(_) => self.bare_schema(),
            _ => json!({"anyOf": [self.bare_schema(), {"type": "string", "pattern": r"\$\{[A-Za-z_][A-Za-z0-9_]*\}"}]}),
        }
    }

    fn bare_schema(&self) -> Value {
        match self {
            Shape::Boolean => json!({"type": "boolean"}),
            Shape::Whole { least, most: Some(most), .. } => {
                json!({"type": "integer", "minimum": least, "maximum": most})
            }
            Shape::Whole { least, most: None, .. } => json!({"type": "integer", "minimum": least}),
            Shape::Share => json!({"type": "number", "minimum": 0, "maximum": 1}),
            Shape::Choice(words) => json!({"enum": words}),
            Shape::Words(words) => json!({"type": "array", "items": {"enum": words}}),
            // A date of TOML reaches a validator as a text.
            Shape::Date | Shape::Path | Shape::Text(_) => json!({"type": "string", "minLength": 1}),
            Shape::Pattern { regex, .. } => json!({"type": "string", "pattern": regex}),
            Shape::List { of, .. } => json!({"type": "array", "items": of.bare_schema()}),
            Shape::Table { of, .. } => json!({"type": "object", "additionalProperties": of.bare_schema()}),
            Shape::WorkingHours => json!({
                "type": "object",
                "properties": {
                    "timezone": {"type": "string"},
                    "days": {"type": "array", "items": {"enum": ["mon", "tue", "wed", "thu", "fri", "sat", "sun"]}, "minItems": 1},
                    "start": {"type": "string"},
                    "end": {"type": "string"},
                    "holidays": {"type": "array", "items": {"type": "string"}},
                },
                "required": ["timezone", "days", "start", "end"],
                "additionalProperties": false,
            }),
            Shape::Or(shape, word) => json!({"anyOf": [shape.bare_schema(), {"const": word}]}),
        }
    }
}

/// `"a", "b" or "c"`.
fn one_of(words: &[&str]) -> String {
    let quoted: Vec<String> = words.iter().map(|word| format!("\"{word}\"")).collect();
    match quoted.split_last() {
        Some((last, [])) => last.clone(),
        Some((last, others)) => format!("{} or {last}", others.join(", ")),
        None => String::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shapes_are_said_in_words() {
        let people = Shape::Whole { of: "people", least: 1, most: None };
        assert_eq!(people.words(), "a whole number of people from 1");
        assert_eq!(Shape::Whole { of: "", least: 3, most: Some(9) }.words(), "a whole number from 3 to 9");
        assert_eq!(Shape::Choice(&["a", "b", "c"]).words(), "\"a\", \"b\" or \"c\"");
        assert_eq!(Shape::Or(&Shape::Date, "none").words(), "a date, or \"none\"");
    }
}
