//! The keys of job files as JSON schema, for editors that complete and check TOML.

use serde_json::{Map, Value, json};

use super::keys::{KEYS, Key};
use super::shipped;

/// The name of the schema's file beside job files, which name it in their first line.
pub const SCHEMA_FILE: &str = "rapport.schema.json";

/// JSON schema, draft 7, of job files and of the file that they share.
pub fn schema() -> String {
    let mut properties = Map::new();
    for key in KEYS.iter().filter(|key| key.section.is_empty()) {
        properties.insert(key.name.to_string(), of_key(key));
    }
    for section in sections() {
        let keys = KEYS.iter().filter(|key| key.section == section);
        let keys: Map<String, Value> = keys.map(|key| (key.name.to_string(), of_key(key))).collect();
        properties
            .insert(section.to_string(), json!({"type": "object", "properties": keys, "additionalProperties": false}));
    }
    let schema = json!({
        "$schema": "http://json-schema.org/draft-07/schema#",
        "title": "A job of rapport, or what the jobs of a folder share",
        "type": "object",
        "properties": properties,
        "additionalProperties": false,
        "dependencies": {"job": ["schedule"], "schedule": ["job"]},
    });
    format!("{schema:#}\n")
}

fn sections() -> Vec<&'static str> {
    let mut sections: Vec<&str> = KEYS.iter().map(|key| key.section).filter(|section| !section.is_empty()).collect();
    sections.dedup();
    sections
}

fn of_key(key: &Key) -> Value {
    let mut schema = key.expects.schema();
    if let (Value::Object(parts), Some(meaning)) = (&mut schema, shipped::meaning(key)) {
        parts.insert("description".to_string(), Value::String(meaning));
    }
    schema
}
