//! Columns that are missing, of a wrong type, or hold what they cannot mean.

use polars::prelude::*;
use serde_json::{Value, json};

use crate::support::small_lake::*;

/// Replaces a column of a table.
fn with(lake: &SmallLake, table: &str, name: &str, column: impl FnOnce(&Column) -> Column) {
    lake.change(table, |mut frame| {
        let column = column(frame.column(name).unwrap()).with_name(name.into());
        frame.with_column(column).unwrap();
        frame
    });
}

#[test]
fn a_required_column_must_be_there() {
    for (table, column) in [
        ("email", "statuscode"),
        ("account", "accountid"),
        ("activityparty", "participationtypemask"),
        ("messages", "internetMessageId"),
        ("calendar_view", "iCalUId"),
        ("opt_outs", "principal"),
    ] {
        let lake = SmallLake::new();
        lake.change(table, |frame| frame.drop(column).unwrap());
        let folder = lake.folder(table).display().to_string();
        lake.refused(3, &[table, column, &folder, "missing", "Add it to the export"]);
    }
}

#[test]
fn a_column_of_a_wrong_type_is_no_absent_one() {
    let text = |column: &Column| Column::new(PlSmallStr::EMPTY, vec!["Anna Nordwind"; column.len()]);
    let list = |column: &Column| {
        let inner = column.as_materialized_series();
        Column::new(PlSmallStr::EMPTY, (0..inner.len()).map(|row| inner.slice(row as i64, 1)).collect::<Vec<_>>())
    };
    let structure = |column: &Column| {
        let field = column.clone().with_name("value".into());
        StructChunked::from_columns(PlSmallStr::EMPTY, column.len(), &[field]).unwrap().into_column()
    };
    let float = |column: &Column| Column::new(PlSmallStr::EMPTY, vec![45_000.5; column.len()]);
    let cases: [(&str, &str, &dyn Fn(&Column) -> Column, &str); 6] = [
        ("email", "statuscode", &list, "an integer"),
        ("email", "statuscode", &structure, "an integer"),
        ("email", "senton", &float, "a timestamp"),
        ("contact", "createdon", &float, "a timestamp"),
        ("opportunity", "actualclosedate", &float, "a date"),
        ("contact", "emailaddress1", &structure, "expected text"),
    ];
    for (table, column, replacement, expected) in cases {
        let lake = SmallLake::new();
        with(&lake, table, column, replacement);
        let file = lake.file(table).display().to_string();
        let place = format!("table {table}: column {column}: file {file}: the column is stored as");
        lake.refused(3, &[&place, expected, "Export the column in its own type"]);
    }
    // Nested columns may be JSON text, but no other.
    for (table, column, expected) in [
        ("messages", "from", "a struct"),
        ("messages", "toRecipients", "a list of structs"),
        ("calendar_view", "start", "a struct"),
    ] {
        let lake = SmallLake::new();
        with(&lake, table, column, text);
        let file = lake.file(table).display().to_string();
        let place = format!("table {table}: column {column}: file {file}:");
        lake.refused(3, &[&place, "holds what is not", expected]);
    }
}

#[test]
fn a_nested_field_of_a_wrong_type_is_no_absent_one() {
    let lake = SmallLake::new();
    let mut rows = exchange("messages");
    for row in &mut rows {
        row["from"]["emailAddress"] = "carl@kund.example".into();
    }
    lake.write("messages", "part-0.parquet", &lines_as_frame(&rows));
    let message = lake.refused(3, &["table messages", "column from", "part-0.parquet", "a struct"]);
    assert!(!message.contains("carl"), "{message}");
}

/// Whoever reads fields that are not there sees a mailbox in which nobody writes to anybody.
#[test]
fn a_nested_column_without_its_fields_is_no_empty_one() {
    for (table, column, value) in [
        ("messages", "from", json!({"mail": "carl@kund.example"})),
        ("messages", "from", json!({"emailAddress": {"mail": "carl@kund.example"}})),
        ("messages", "toRecipients", json!([{"mail": "carl@kund.example"}])),
        ("messages", "toRecipients", json!(["Carl", "Dora"])),
        ("messages", "internetMessageHeaders", json!([{"key": "In-Reply-To", "value": "<a@kund.example>"}])),
        ("calendar_view", "start", json!({"when": "2026-03-02T09:00:00", "timeZone": "UTC"})),
        ("calendar_view", "attendees", json!([{"mail": "carl@kund.example", "type": "required"}])),
    ] {
        let lake = SmallLake::new();
        let mut rows = exchange(table);
        rows.iter_mut().for_each(|row| row[column] = value.clone());
        lake.write(table, "part-0.parquet", &lines_as_frame(&rows));
        let message = lake.refused(3, &[&format!("table {table}"), &format!("column {column}"), "part-0.parquet"]);
        assert!(!message.contains("carl"), "{message}");

        let texts = rows.into_iter().map(|mut row| {
            row[column] = value.to_string().into();
            row
        });
        lake.write(table, "part-0.parquet", &lines_as_frame(&texts.collect::<Vec<_>>()));
        let message = lake.refused(3, &[&format!("table {table}"), &format!("column {column}"), "part-0.parquet"]);
        assert!(!message.contains("carl"), "{message}");
    }
}

#[test]
fn people_may_come_without_the_struct_around_them() {
    let lake = SmallLake::new();
    let clean = lake.published(&[]);
    let mut rows = exchange("messages");
    for row in &mut rows {
        row["from"] = row["from"]["emailAddress"].take();
        for person in row["toRecipients"].as_array_mut().unwrap() {
            *person = person["emailAddress"].take();
        }
    }
    lake.write("messages", "part-0.parquet", &lines_as_frame(&rows));
    assert!(lake.published(&[]) == clean);
}

#[test]
fn people_may_come_as_their_addresses_alone() {
    let lake = SmallLake::new();
    let clean = lake.published(&[]);
    let forms: [fn(&[&str]) -> Value; 4] = [
        |people| people.join(";").into(),
        |people| {
            people.iter().map(|address| format!("\"Somebody, A.\" <{address}>")).collect::<Vec<_>>().join(", ").into()
        },
        |people| json!(people),
        |people| json!(people).to_string().into(),
    ];
    for form in forms {
        let mut rows = exchange("messages");
        for row in &mut rows {
            row["from"] = row["from"]["emailAddress"]["address"].take();
            for list in ["toRecipients", "ccRecipients", "bccRecipients"] {
                let Some(people) = row.get(list).and_then(Value::as_array) else { continue };
                let people: Vec<&str> =
                    people.iter().filter_map(|one| one["emailAddress"]["address"].as_str()).collect();
                row[list] = form(&people);
            }
        }
        lake.write("messages", "part-0.parquet", &lines_as_frame(&rows));
        assert!(lake.published(&[]) == clean, "{}", rows[0]["toRecipients"]);
    }
}

#[test]
fn structs_may_come_as_columns_of_their_fields() {
    let lake = SmallLake::new();
    let clean = lake.published(&[]);
    for (mark, as_lines) in [(".", false), ("_", false), (".", true)] {
        for table in ["messages", "calendar_view"] {
            let mut rows = exchange(table);
            for row in &mut rows {
                for (column, fields) in [
                    ("from", ["address", "name"]),
                    ("organizer", ["address", "name"]),
                    ("start", ["dateTime", "timeZone"]),
                    ("end", ["dateTime", "timeZone"]),
                ] {
                    let Some(mut value) = row.as_object_mut().unwrap().remove(column) else { continue };
                    let is_time = fields[0] == "dateTime";
                    let (mut within, between) = match is_time {
                        true => (value, mark.to_string()),
                        false => (value["emailAddress"].take(), format!("{mark}emailAddress{mark}")),
                    };
                    for field in fields {
                        row[format!("{column}{between}{field}")] = within[field].take();
                    }
                }
            }
            if as_lines {
                lake.remove(table);
                lake.write_text(table, "part-0.json", &lines(&rows));
            } else {
                lake.write(table, "part-0.parquet", &lines_as_frame(&rows));
            }
        }
        assert!(lake.published(&[]) == clean, "{mark}");
    }
}

#[test]
fn a_value_that_cannot_be_read_is_named_by_its_row() {
    let replaced = |value: &'static str| {
        move |column: &Column| {
            let last = column.len() - 1;
            let texts = (0..column.len()).map(|row| (row > 0).then_some(if row == last { value } else { "" }));
            Column::new(PlSmallStr::EMPTY, texts.collect::<Vec<_>>())
        }
    };
    for (table, column, value, rows, expected) in [
        ("email", "senton", "anna's birthday", 4, "ISO-8601"),
        ("contact", "createdon", "31.03.2026", 3, "ISO-8601"),
        ("opportunity", "actualclosedate", "spring", 2, "a date"),
        ("email", "isemailfollowed", "perhaps", 4, "a boolean or 0/1"),
        ("email", "statuscode", "sent", 4, "an integer"),
        ("messages", "sentDateTime", "yesterday", 4, "ISO-8601"),
    ] {
        let lake = SmallLake::new();
        with(&lake, table, column, replaced(value));
        let file = lake.file(table).display().to_string();
        let place = format!("table {table}: column {column}: file {file}: row {rows} holds what is not");
        let message = lake.refused(3, &[&place, expected, "Correct it at its source"]);
        assert!(!message.contains(value), "values may be personal: {message}");
    }
}

#[test]
fn halves_are_no_options_and_two_is_no_boolean() {
    let lake = SmallLake::new();
    with(&lake, "email", "statuscode", |_| Column::new(PlSmallStr::EMPTY, [3.0, 4.5, 3.0, 3.0]));
    lake.refused(3, &["table email", "column statuscode", "row 2", "an integer"]);

    let lake = SmallLake::new();
    with(&lake, "email", "directioncode", |_| Column::new(PlSmallStr::EMPTY, [1i64, 0, 2, 1]));
    lake.refused(3, &["table email", "column directioncode", "row 3", "0/1"]);

    let lake = SmallLake::new();
    with(&lake, "email", "versionnumber", |_| Column::new(PlSmallStr::EMPTY, [1u64, 2, 3, u64::MAX]));
    lake.refused(3, &["table email", "column versionnumber", "row 4", "an integer"]);
}

#[test]
fn a_calendar_time_that_is_none_is_refused() {
    let lake = SmallLake::new();
    let mut rows = exchange("calendar_view");
    rows[0]["start"]["dateTime"] = "next week".into();
    lake.write("calendar_view", "part-0.parquet", &lines_as_frame(&rows));
    let message =
        lake.refused(3, &["table calendar_view", "part-0.parquet", "start", "times like 2026-03-31T09:00:00"]);
    assert!(!message.contains("next week"), "{message}");
}

#[test]
fn columns_that_differ_only_in_letter_case_are_refused() {
    let lake = SmallLake::new();
    lake.change("contact", |mut frame| {
        let column = frame.column("emailaddress1").unwrap().clone().with_name("EmailAddress1".into());
        frame.with_column(column).unwrap();
        frame
    });
    let file = lake.file("contact").display().to_string();
    lake.refused(
        3,
        &["table contact", "column emailaddress1", &file, "EmailAddress1", "letter case", "Export the column once"],
    );
}
