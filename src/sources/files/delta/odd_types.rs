//! Column types that the kernel of Delta does not know, or nobody here reads: the log is read as if they
//! were texts, and the columns remember what they are, in case somebody needs them (rules I3, I4).

use std::borrow::Cow;

use delta_kernel::schema::{DataType, MetadataValue, StructField};
use serde::Deserialize;
use serde_json::{Map, Value, json};

/// Table features that say nothing but which types columns may have, without what marks them as a preview.
/// Whichever row a file has is live with them or without.
const FEATURES: [&str; 5] = ["geospatial", "variantType", "variantShredding", "timestampNanos", "collations"];

/// Words for the types, by what their names begin with.
const WORDS: [(&str, &str); 5] = [
    ("geometry", "a geometry"),
    ("geography", "a geography"),
    ("variant", "a variant"),
    ("interval", "an interval"),
    ("", "a type that is not known here"),
];

/// Where a field of the schema keeps such a word.
const ODD: &str = "rapport.odd";

/// How many brackets deep a schema is read; the kernel's limit is not far beyond.
const DEPTH: usize = 100;

/// Whether a table feature is about types of columns only.
pub fn is_of_types(feature: &str) -> bool {
    let name = feature.strip_suffix("-preview").or(feature.strip_suffix("-dev")).unwrap_or(feature);
    FEATURES.contains(&name)
}

/// What a column or field is that cannot be read, by a word for it.
pub fn odd(field: &StructField) -> Option<&'static str> {
    let MetadataValue::String(kept) = field.metadata.get(ODD)? else { return None };
    WORDS.iter().map(|(_, word)| *word).find(|word| word == kept)
}

/// A table's schema with a text for whatever type the kernel would refuse; none where there is nothing to
/// replace, or what is wrong is not a matter of types.
pub fn replaced(schema: &str) -> Option<String> {
    let shallow = shallow(schema);
    let mut table: Value = serde_json::from_str(&shallow).ok()?;
    let mut changed = matches!(shallow, Cow::Owned(_));
    for column in table.get_mut("fields")?.as_array_mut()? {
        let Some(column) = column.as_object_mut() else { continue };
        changed |= replace_in_field(column);
        // What is still no type holds something else that is odd, such as a field that is there twice.
        if column.get("type").is_some_and(|dtype| DataType::deserialize(dtype).is_err()) {
            column.insert("type".into(), json!("string"));
            remember(column, "");
            changed = true;
        }
    }
    changed.then(|| table.to_string())
}

/// Whether anything of a field was replaced.
fn replace_in_field(field: &mut Map<String, Value>) -> bool {
    let Some(dtype) = field.get_mut("type") else { return false };
    let (changed, odd) = replace(dtype);
    if let Some(name) = odd {
        remember(field, &name);
    }
    changed
}

/// Whether anything of a type was replaced, and the name of what is itself not read, in a list or not.
fn replace(dtype: &mut Value) -> (bool, Option<String>) {
    let inside = match dtype.get("type").and_then(Value::as_str) {
        Some("struct") => {
            let fields = dtype.get_mut("fields").and_then(Value::as_array_mut).into_iter().flatten();
            let replaced = fields.filter_map(Value::as_object_mut).map(replace_in_field);
            return (replaced.fold(false, |any, one| any | one), None);
        }
        Some("array") => ["elementType", ""],
        Some("map") => ["keyType", "valueType"],
        _ => {
            let name = dtype.as_str().unwrap_or_default().to_string();
            let (text, odd) = match name.as_str() {
                // Files say themselves how precise they are, and without a zone they are UTC (rule I3).
                "timestamp_ntz" | "timestamp_nanos" | "timestamp_nanos_ntz" => ("timestamp", None),
                // All of it is null.
                "void" => ("string", None),
                _ if is_read(dtype, &name) => return (false, None),
                _ => ("string", Some(name)),
            };
            *dtype = json!(text);
            return (true, odd);
        }
    };
    let mut outcome = (false, None);
    for part in inside {
        if let Some(part) = dtype.get_mut(part) {
            let (changed, odd) = replace(part);
            outcome = (outcome.0 | changed, outcome.1.or(odd));
        }
    }
    outcome
}

/// Whether a type that is not nested is one that the kernel knows, and files hold as values of it.
fn is_read(dtype: &Value, name: &str) -> bool {
    !name.starts_with("variant") && !name.starts_with("interval") && DataType::deserialize(dtype).is_ok()
}

/// Keeps a word for the type of a field.
fn remember(field: &mut Map<String, Value>, name: &str) {
    let Some((_, word)) = WORDS.iter().find(|(begin, _)| name.starts_with(begin)) else { return };
    let metadata = field.entry("metadata").or_insert_with(|| json!({}));
    if let Some(metadata) = metadata.as_object_mut() {
        metadata.insert(ODD.into(), json!(word));
    }
}

/// The text without what is nested too deep for any reader of JSON here: no type, and so replaced.
fn shallow(text: &str) -> Cow<'_, str> {
    let (mut depth, mut in_text, mut escaped) = (0_usize, false, false);
    let mut kept = String::new();
    let mut from = 0;
    for (at, letter) in text.char_indices() {
        match letter {
            _ if escaped => escaped = false,
            '\\' => escaped = in_text,
            '"' => in_text = !in_text,
            '{' | '[' if !in_text => {
                if depth == DEPTH {
                    kept += &text[from..at];
                    kept += "null";
                }
                depth += 1;
            }
            '}' | ']' if !in_text => {
                depth = depth.saturating_sub(1);
                if depth == DEPTH {
                    from = at + 1;
                }
            }
            _ => {}
        }
    }
    match from {
        0 => Cow::Borrowed(text),
        _ => Cow::Owned(kept + &text[from..]),
    }
}
