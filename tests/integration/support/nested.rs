//! The nested columns of Exchange: their types, and the short spellings from which they are filled.

use polars::prelude::*;
use serde_json::{Value, json};

/// The value of an Exchange column, spelled out as in the export:
/// - `from`, `sender`, `organizer`: an address, or `{name, address}`; recipients: a list of such;
/// - `attendees`: a list of `address [type [response]]`;
/// - `start`, `end`: `2026-03-02T09:00 [zone]`, zone UTC unless given;
/// - `internetMessageHeaders`: an object, name to value.
pub fn spelled_out(column: &str, value: Value) -> Value {
    match (column, value) {
        ("from" | "sender" | "organizer", Value::String(address)) => person(&address),
        ("from" | "sender" | "organizer", Value::Object(named)) if named.contains_key("address") => {
            json!({ "emailAddress": named })
        }
        ("toRecipients" | "ccRecipients" | "bccRecipients", Value::Array(list)) => {
            list.into_iter().map(|value| spelled_out("from", value)).collect()
        }
        ("attendees", Value::Array(list)) => list.iter().filter_map(Value::as_str).map(attendee).collect(),
        ("start" | "end", Value::String(text)) => {
            let (time, zone) = text.split_once(' ').unwrap_or((&text, "UTC"));
            json!({ "dateTime": format!("{time}:00.0000000"), "timeZone": zone })
        }
        ("internetMessageHeaders", Value::Object(headers)) => {
            headers.iter().map(|(name, value)| json!({ "name": name, "value": value })).collect()
        }
        (_, value) => value,
    }
}

fn person(address: &str) -> Value {
    json!({ "emailAddress": { "name": null, "address": address } })
}

fn attendee(text: &str) -> Value {
    let mut words = text.split_whitespace();
    let mut person = person(words.next().expect("an attendee has an address"));
    person["type"] = json!(words.next().unwrap_or("required"));
    person["status"] = json!({ "response": words.next().unwrap_or("none") });
    person
}

/// The type of a nested column as the export stores it.
pub fn dtype(column: &str) -> DataType {
    let text = |name: &str| Field::new(name.into(), DataType::String);
    let address = || Field::new("emailAddress".into(), DataType::Struct(vec![text("name"), text("address")]));
    let list = |fields| DataType::List(Box::new(DataType::Struct(fields)));
    match column {
        "from" | "sender" | "organizer" => DataType::Struct(vec![address()]),
        "toRecipients" | "ccRecipients" | "bccRecipients" => list(vec![address()]),
        "attendees" => {
            let status = Field::new("status".into(), DataType::Struct(vec![text("response")]));
            list(vec![address(), status, text("type")])
        }
        "start" | "end" => DataType::Struct(vec![text("dateTime"), text("timeZone")]),
        "internetMessageHeaders" => list(vec![text("name"), text("value")]),
        "rowinformation" => {
            let flag = |name: &str| Field::new(name.into(), DataType::Boolean);
            DataType::Struct(vec![flag("isUserSummaryRow"), flag("userReturnedNoData"), text("errorInformation")])
        }
        other => panic!("{other} is no nested column"),
    }
}
