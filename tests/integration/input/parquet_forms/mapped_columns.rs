//! Nested columns of Delta tables whose files name columns otherwise, inside of structs and lists as well (rule I6).

use parquet::file::properties::WriterProperties;
use serde_json::{Value, json};

use super::written::{Cell, write};
use crate::support::delta_log::*;
use crate::support::small_lake::*;

/// Messages from a customer to the mailbox of Anna, in a schema with any names and field ids.
fn messages(name: &dyn Fn(&str, i64) -> String) -> (String, Vec<Vec<Cell>>) {
    let text = |of: &str, id| format!("OPTIONAL BYTE_ARRAY {} (STRING){};", name(of, id), field_id(name, of, id));
    let group = |of: &str, id| format!("OPTIONAL GROUP {}", name(of, id));
    let address = |id: i64| {
        let (inner, address) = (text("name", id + 1), text("address", id + 2));
        format!("{}{} {{ {inner} {address} }}", group("emailAddress", id), field_id(name, "emailAddress", id))
    };
    let declared = [
        text("internetMessageId", 1),
        text("sentDateTime", 2),
        text("puser", 3),
        format!("{}{} {{ {} }}", group("from", 4), field_id(name, "from", 4), address(5)),
        format!(
            "{} (LIST){} {{ REPEATED GROUP list {{ OPTIONAL GROUP element {{ {} }} }} }}",
            group("toRecipients", 8),
            field_id(name, "toRecipients", 8),
            address(9)
        ),
    ];
    let person = |address: &str| Cell::Group(vec![Cell::Group(vec![Cell::Null, Cell::text(address)])]);
    let people = Cell::Group(vec![Cell::Repeated(vec![
        Cell::Group(vec![person("anna@nordwind.example")]),
        Cell::Group(vec![person("stranger@else.example")]),
    ])]);
    let columns = vec![
        (0..3).map(|row| Cell::text(&format!("<mapped-{row}@kund.example>"))).collect(),
        (0..3).map(|row| Cell::text(&format!("2026-03-1{row}T09:00:00Z"))).collect(),
        vec![Cell::text("box-anna"); 3],
        vec![person("carl@kund.example"); 3],
        vec![people; 3],
    ];
    (declared.join(" "), columns)
}

/// ` = 7` for names that come with ids.
fn field_id(name: &dyn Fn(&str, i64) -> String, of: &str, id: i64) -> String {
    if name(of, id) == of { String::new() } else { format!(" = {id}") }
}

fn mapped(name: &str, dtype: Value, id: i64) -> Value {
    json!({"name": name, "type": dtype, "nullable": true, "metadata": {
        "delta.columnMapping.id": id, "delta.columnMapping.physicalName": format!("col-{id}"),
    }})
}

/// The schema of a table of messages by the types of addresses and of what else persons have.
fn schema(of_address: &str, of_place: &str) -> Vec<Value> {
    let address = |id: i64| {
        let fields = [
            mapped("name", json!("string"), id + 1),
            mapped("address", json!(of_address), id + 2),
            mapped("place", json!(of_place), id + 12),
        ];
        let inner = json!({"type": "struct", "fields": fields});
        json!({"type": "struct", "fields": [mapped("emailAddress", inner, id)]})
    };
    vec![
        mapped("internetMessageId", json!("string"), 1),
        mapped("sentDateTime", json!("string"), 2),
        mapped("puser", json!("string"), 3),
        mapped("from", address(5), 4),
        mapped("toRecipients", json!({"type": "array", "elementType": address(9), "containsNull": true}), 8),
    ]
}

/// Ways to map columns, with what all names in files begin with. By id, they mean nothing.
const MODES: [(&str, &str); 2] = [("name", "col"), ("id", "other")];

fn properties() -> WriterProperties {
    WriterProperties::builder().build()
}

/// The messages under other names, as a Delta table of that schema.
fn as_delta((mode, named): (&str, &str), schema: &[Value]) -> SmallLake {
    let lake = SmallLake::new();
    let (declared, columns) = messages(&|_, id| format!("{named}-{id}"));
    lake.remove("messages");
    write(&lake.folder("messages").join("live.parquet"), &declared, &columns, properties(), 100);
    let configuration = json!({"delta.columnMapping.mode": mode, "delta.columnMapping.maxColumnId": "21"});
    let mut live = add("live.parquet");
    live["add"]["partitionValues"] = json!({});
    let actions = vec![protocol(&["columnMapping"]), metadata(schema, &[], configuration), live];
    write_log(&lake.folder("messages"), &[(commit_name(0), actions)]);
    lake
}

#[test]
fn what_is_inside_of_mapped_columns_is_found_by_name_and_by_id() {
    let plain = SmallLake::new();
    let (declared, columns) = messages(&|name, _| name.into());
    plain.remove("messages");
    write(&plain.file("messages"), &declared, &columns, properties(), 100);
    let arguments = ["--set", "consent=true"];
    let clean = plain.published(&arguments);

    let empty = SmallLake::new();
    empty.remove("messages");
    assert!(empty.published(&arguments) != clean, "the messages are in the results");

    for mode in MODES {
        let lake = as_delta(mode, &schema("string", "geometry"));
        assert!(lake.published(&arguments) == clean, "{mode:?}");
    }
}

#[test]
fn a_field_that_is_read_and_of_an_unknown_type_is_refused() {
    for mode in MODES {
        let lake = as_delta(mode, &schema("variant", "string"));
        let run = lake.run(&["--set", "consent=true"]);
        assert_eq!(run.status.code(), Some(3), "{mode:?}: {}", stderr(&run));
        for part in ["table messages", "column from", "live.parquet", "a field of a type that is not read"] {
            assert!(stderr(&run).contains(part), "{mode:?}: {}", stderr(&run));
        }
    }
}
