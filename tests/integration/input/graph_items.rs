//! What Graph says of items: of which class they are, and that some are gone (rules I9, N1, N10).

use std::collections::BTreeMap;

use serde_json::{Value, json};

use crate::support::small_lake::*;

/// What is published with these rows in a table of Exchange, as JSON lines and as Parquet.
#[track_caller]
fn published_with(table: &str, rows: &[Value]) -> BTreeMap<String, Vec<u8>> {
    let lake = SmallLake::new();
    lake.remove(table);
    lake.write_text(table, "part-0.json", &lines(rows));
    let published = lake.published(&[]);
    lake.remove(table);
    lake.write(table, "part-0.parquet", &lines_as_frame(rows));
    assert!(lake.published(&[]) == published, "Parquet is read in another way");
    published
}

/// The rows of a table with one value more in the first of them, and another one in the others.
fn marked(table: &str, name: &str, first: Value, others: Value) -> Vec<Value> {
    let mut rows = exchange(table);
    for (at, row) in rows.iter_mut().enumerate() {
        row[name] = if at == 0 { first.clone() } else { others.clone() };
    }
    rows
}

#[test]
fn meeting_messages_and_reports_are_known_by_their_class() {
    let of_type =
        |kind: &str| published_with("messages", &marked("messages", "meetingMessageType", json!(kind), json!("none")));
    let of_class =
        |class: &str| published_with("messages", &marked("messages", "itemClass", json!(class), json!("IPM.Note")));
    let (clean, meeting) = (published_with("messages", &exchange("messages")), of_type("meetingRequest"));
    assert!(clean != meeting);
    for class in ["IPM.Schedule.Meeting.Request", "ipm.schedule.meeting.resp.pos", "IPM.Schedule.Meeting.Canceled"] {
        assert!(of_class(class) == meeting, "{class}");
    }
    let mut bulk = exchange("messages");
    bulk[0]["internetMessageHeaders"] = json!([{"name": "Precedence", "value": "bulk"}]);
    let automated = published_with("messages", &bulk);
    assert!(automated != clean && automated != meeting);
    for class in ["REPORT.IPM.Note.NDR", "REPORT.IPM.Note.IPNRN", "IPM.Note.Rules.OofTemplate.Microsoft"] {
        assert!(of_class(class) == automated, "{class}");
    }
    for class in ["IPM.Note", "IPM.Note.SMIME", "", "IPM.Note.Report"] {
        assert!(of_class(class) == clean, "{class}");
    }
}

#[test]
fn a_message_that_left_a_mailbox_was_sent_all_the_same() {
    let rows = exchange("messages");
    let clean = published_with("messages", &rows);
    let gone = |reason: &str| json!({"@removed": {"reason": reason}, "id": "x1", "puser": rows[0]["puser"]});
    for reason in ["deleted", "changed"] {
        assert!(published_with("messages", &[rows.clone(), vec![gone(reason)]].concat()) == clean, "{reason}");
    }
    // Nothing more is said of it, nor of any other item of the file.
    let lake = SmallLake::new();
    lake.remove("messages");
    lake.write_text("messages", "part-0.json", &lines(&rows));
    lake.write_text("messages", "part-1.json", "{\"@removed\":{\"reason\":\"deleted\"},\"id\":\"x1\"}\n");
    assert!(lake.published(&[]) == clean);
}

#[test]
fn an_event_that_left_a_calendar_is_deleted() {
    let rows = exchange("calendar_view");
    let clean = published_with("calendar_view", &rows);
    let gone = |id: &str| json!({"@removed": {"reason": "deleted"}, "id": id, "puser": rows[0]["puser"]});
    let with = |row: Value| published_with("calendar_view", &[rows.clone(), vec![row]].concat());
    assert!(with(gone("y1")) != clean);
    let mut flat = gone("y1");
    flat.as_object_mut().unwrap().remove("@removed");
    flat["@removed.reason"] = json!("deleted");
    let mut text = gone("y1");
    text["@removed"] = json!("{\"reason\":\"deleted\"}");
    for (form, row) in [("a column of its own", flat), ("a text", text)] {
        assert!(with(row) == with(gone("y1")), "{form}");
    }
    let dropped = {
        let lake = SmallLake::new();
        lake.remove("calendar_view");
        lake.write_text("calendar_view", "part-0.json", &lines(&[rows.clone(), vec![gone("y1")]].concat()));
        lake.published(&[]);
        read_parquet(&lake.output().join(format!("dropped_activities/as_of_date={AS_OF}/dropped_activities.parquet")))
    };
    let (ids, reasons) = (dropped.column("source_id").unwrap(), dropped.column("reason").unwrap());
    let rows = ids.str().unwrap().iter().zip(reasons.str().unwrap().iter());
    assert_eq!(rows.filter(|(id, _)| *id == Some("y1")).collect::<Vec<_>>(), [(Some("y1"), Some("deleted"))]);
}
