//! Values that a cell may have instead of its own: nothing, what another row has, or something new.

use rapport::sources::contract::{SourceTable, ValueKind};
use serde_json::{Value, json};

use super::Change;
use crate::support::lake::Row;
use crate::support::lake_files::TABLES;
use crate::support::nested::spelled_out;

/// Addresses that new values may be.
const ADDRESSES: [&str; 9] = [
    "c3@acme.example",
    "C4@ACME.example",
    "l1@leads.example",
    "anna@nw.example",
    "desk@nw.example",
    "shared@acme.example",
    "stranger@else.example",
    "new.name@acme.example",
    "no-reply@shop.example",
];
const IDS: [&str; 9] = ["anna", "bo", "team", "c1", "{C2}", "a0", "l0", "o1", "nobody"];

impl Change<'_> {
    /// Gives some columns of a row other values, all but those to `keep`.
    pub(super) fn scramble(&mut self, table: &str, row: &mut Row, keep: &[&str]) {
        let contract = of_contract(table);
        let columns: Vec<(&str, ValueKind)> = contract
            .columns
            .iter()
            .map(|column| (column.name, column.kind))
            .filter(|(name, _)| !keep.contains(name) && *name != "@removed")
            .collect();
        for _ in 0..1 + self.dice.below(4) {
            let (name, kind) = *self.dice.pick(&columns);
            let value = self.other_value(table, name, kind);
            row.insert(name.into(), value);
        }
    }

    fn other_value(&mut self, table: &str, column: &str, kind: ValueKind) -> Value {
        match self.dice.below(5) {
            0 => Value::Null,
            1 | 2 => {
                let at = self.pick(table, |row| row.contains_key(column) && !is_erased_address(&row[column]));
                at.map_or(Value::Null, |at| self.rows(table)[at][column].clone())
            }
            _ => self.new_value(column, kind),
        }
    }

    fn new_value(&mut self, column: &str, kind: ValueKind) -> Value {
        let dice = &mut self.dice;
        let value = match kind {
            ValueKind::Text if column.contains("mail") || column.contains("address") => json!(dice.pick(&ADDRESSES)),
            ValueKind::Text if column.ends_with("_entitytype") => {
                json!(dice.pick(&["account", "contact", "lead", "systemuser"]))
            }
            ValueKind::Text if column.ends_with("id") && dice.once_in(2) => json!(dice.pick(&IDS)),
            ValueKind::Text => json!(format!("secret {}", self.number)),
            ValueKind::Int => json!(dice.pick(&[0, 1, 2, 3, 4, 5, 8, 1000, 1001])),
            ValueKind::Bool => json!(dice.once_in(2)),
            ValueKind::Instant => json!(dice.time()),
            ValueKind::Date => json!(dice.time()[..10]),
            ValueKind::Number => json!(1.5 * dice.below(1_000) as f64),
            ValueKind::Texts => json!([format!("smtp:{}", dice.pick(&ADDRESSES))]),
            ValueKind::Struct | ValueKind::Structs => match column {
                "from" | "sender" | "organizer" => json!(dice.pick(&ADDRESSES)),
                "toRecipients" | "ccRecipients" | "bccRecipients" => json!(dice.people(5)),
                "attendees" => json!([format!("{} required accepted", dice.pick(&ADDRESSES))]),
                "start" | "end" => json!(&dice.time()[..16]),
                "internetMessageHeaders" => {
                    json!({ "In-Reply-To": format!("<m{}@nw.example>", dice.below(160)), "List-Id": "x" })
                }
                _ => Value::Null,
            },
        };
        spelled_out(column, value)
    }
}

/// An address of somebody erased would erase whoever else has it.
fn is_erased_address(value: &Value) -> bool {
    let text = value.to_string().to_lowercase();
    ["gone", "erased"].iter().any(|name| text.contains(name))
}

pub(super) fn of_contract(table: &str) -> &'static SourceTable {
    TABLES.into_iter().find(|known| known.name == table).expect("a table of the contract")
}

pub(super) fn object(value: Value) -> Row {
    value.as_object().expect("a row").clone()
}
