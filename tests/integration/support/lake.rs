//! Lakes described in a few lines: tables as lists of rows in JSON, with short spellings for what
//! would otherwise be repeated, and the export's own columns filled in.
//!
//! - An activity names its participants itself (`from`, `to`, `cc`, `bcc`, `required`, `optional`,
//!   `organizer`, …); each becomes a row of `activityparty`. A participant is an address, a record
//!   (`contact:xena`), or both (`contact:xena xena@acme.example`).
//! - A lookup is written `type:id` and becomes `<name>` plus `<name>_entitytype` (rule I5).
//! - Addresses, attendees, headers and calendar times of Exchange are plain text; see [`nested`].

use std::collections::BTreeMap;

use serde_json::{Map, Value, json};

use crate::support::nested;

/// One row: column to value.
pub type Row = Map<String, Value>;

/// Tables by name.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Lake {
    pub tables: BTreeMap<String, Vec<Row>>,
}

/// Who takes part in an activity, by `participationtypemask`.
const ROLES: [(&str, i64); 11] = [
    ("from", 1),
    ("to", 2),
    ("cc", 3),
    ("bcc", 4),
    ("required", 5),
    ("optional", 6),
    ("organizer", 7),
    ("regards", 8),
    ("owner", 9),
    ("resource", 10),
    ("customer", 11),
];

const LOOKUPS: [&str; 6] = ["regardingobjectid", "customerid", "parentcustomerid", "partyid", "record1id", "record2id"];

/// Primary keys of the Dataverse tables, and what rows hold when they do not say otherwise.
const DATAVERSE: [(&str, &str, &[(&str, i64)]); 16] = [
    ("account", "accountid", &[]),
    ("activityparty", "activitypartyid", &[]),
    ("appointment", "activityid", &[("statecode", 3)]),
    ("connection", "connectionid", &[("statecode", 0)]),
    ("connectionrole", "connectionroleid", &[]),
    ("contact", "contactid", &[("statecode", 0)]),
    ("email", "activityid", &[("statecode", 1), ("statuscode", 3)]),
    ("lead", "leadid", &[("statecode", 0)]),
    ("opportunity", "opportunityid", &[("statecode", 0)]),
    ("phonecall", "activityid", &[("statecode", 1)]),
    ("principalobjectaccess", "principalobjectaccessid", &[]),
    ("role", "roleid", &[]),
    ("systemuser", "systemuserid", &[]),
    ("systemuserroles", "", &[]),
    ("task", "activityid", &[("statecode", 1)]),
    ("teammembership", "", &[]),
];

impl Lake {
    /// A lake from `{table: [row, …], …}`.
    pub fn described(text: &str) -> Lake {
        let tables: BTreeMap<String, Vec<Row>> = serde_json::from_str(text).expect("a lake is tables of rows");
        let mut lake = Lake::default();
        for (table, rows) in tables {
            for row in rows {
                lake.insert(&table, row);
            }
        }
        lake
    }

    /// Adds a row in the short spelling.
    pub fn insert(&mut self, table: &str, mut row: Row) {
        if let Some((_, key, defaults)) = DATAVERSE.iter().find(|(name, _, _)| *name == table) {
            self.complete(table, key, defaults, &mut row);
        } else if matches!(table, "messages" | "calendar_view") {
            row.entry("puser").or_insert_with(|| json!("box-anna"));
            for (column, value) in &mut row {
                *value = nested::spelled_out(column, value.take());
            }
        }
        self.tables.entry(table.to_string()).or_default().push(row);
    }

    /// The rows of `other` beside those of this lake; a row of `other` stands in for one with its key.
    pub fn with(mut self, other: Lake) -> Lake {
        for (table, rows) in other.tables {
            let kept = self.tables.entry(table).or_default();
            kept.retain(|row| !rows.iter().any(|new| own_id(new).is_some() && own_id(new) == own_id(row)));
            kept.extend(rows);
        }
        self
    }

    fn complete(&mut self, table: &str, key: &str, defaults: &[(&str, i64)], row: &mut Row) {
        // What deletes a row may carry nothing but its id (rule I1).
        if row.get("IsDelete") != Some(&json!(true)) {
            for (column, value) in defaults {
                row.entry(*column).or_insert(json!(value));
            }
        }
        if let Some(id) = row.get(key).cloned() {
            row.entry("Id").or_insert(id);
        }
        row.entry("versionnumber").or_insert(json!(1));
        row.entry("SinkModifiedOn").or_insert(json!("2026-03-31T12:00Z"));
        for column in LOOKUPS {
            split_lookup(row, column);
        }
        let Some(activity) = row.get("activityid").and_then(Value::as_str).map(str::to_string) else { return };
        if table == "activityparty" {
            return;
        }
        for (role, mask) in ROLES {
            for (number, party) in texts(row.remove(role)).into_iter().enumerate() {
                let mut part = party_row(&party);
                part.insert("activityid".into(), json!(activity));
                part.insert("activitypartyid".into(), json!(format!("{activity}-{role}-{number}")));
                part.insert("participationtypemask".into(), json!(mask));
                self.insert("activityparty", part);
            }
        }
    }
}

/// What tells rows of a table apart, where they carry it.
fn own_id(row: &Row) -> Option<&Value> {
    row.get("Id").or_else(|| row.get("puser").filter(|_| row.contains_key("usageLocation")))
}

fn party_row(party: &str) -> Row {
    let mut row = Row::new();
    for word in party.split_whitespace() {
        let column = if word.contains('@') || word.starts_with('/') { "addressused" } else { "partyid" };
        row.insert(column.into(), json!(word));
    }
    row
}

fn split_lookup(row: &mut Row, column: &str) {
    let Some((entity, id)) = row.get(column).and_then(Value::as_str).and_then(|text| text.split_once(':')) else {
        return;
    };
    let (entity, id) = (json!(entity), json!(id));
    row.insert(format!("{column}_entitytype"), entity);
    row.insert(column.to_string(), id);
}

/// One text or a list of texts.
fn texts(value: Option<Value>) -> Vec<String> {
    match value {
        None => vec![],
        Some(Value::String(text)) => vec![text],
        Some(list) => serde_json::from_value(list).expect("participants are texts"),
    }
}

#[test]
fn short_spellings_are_spelled_out() {
    let lake = Lake::described(
        r#"{"email": [{"activityid": "e1", "from": "a@x", "to": ["contact:c b@x"], "regardingobjectid": "lead:l1"}]}"#,
    );
    let email = &lake.tables["email"][0];
    assert_eq!((&email["Id"], &email["statuscode"]), (&json!("e1"), &json!(3)));
    assert_eq!((&email["regardingobjectid"], &email["regardingobjectid_entitytype"]), (&json!("l1"), &json!("lead")));
    let parties = &lake.tables["activityparty"];
    assert_eq!((&parties[0]["addressused"], &parties[0]["participationtypemask"]), (&json!("a@x"), &json!(1)));
    assert_eq!((&parties[1]["partyid"], &parties[1]["partyid_entitytype"]), (&json!("c"), &json!("contact")));
}
