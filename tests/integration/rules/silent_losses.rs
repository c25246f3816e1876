//! What an export or a pipeline lost without an error, and what a run says of it: each looks like a lake in which less
//! happened.

use polars::prelude::*;
use serde_json::json;

use crate::support::small_lake::*;

/// What a good run of the lake says.
#[track_caller]
fn said(lake: &SmallLake) -> String {
    let run = lake.run(&[]);
    assert_eq!(run.status.code(), Some(0), "{}", stderr(&run));
    stderr(&run)
}

#[track_caller]
fn tells(lake: &SmallLake, expected: &str) {
    let said = said(lake);
    assert_eq!(said.matches(expected).count(), 1, "{expected:?} in {said}");
}

#[test]
fn columns_that_cost_much_are_missed_by_name() {
    let lake = SmallLake::new();
    let absent = [
        ("account", "ownerid"),
        ("contact", "ownerid"),
        ("lead", "ownerid"),
        ("opportunity", "customerid"),
        ("opportunity", "actualclosedate"),
        ("email", "regardingobjectid"),
        ("activityparty", "addressused"),
        ("systemuserroles", "roleid"),
        ("task", "regardingobjectid"),
        ("phonecall", "actualdurationminutes"),
        ("messages", "internetMessageHeaders"),
        ("calendar_view", "start"),
        ("calendar_view", "end"),
        ("calendar_view", "organizer"),
        ("calendar_view", "type"),
        ("calendar_view", "puser"),
    ];
    for (table, column) in absent {
        lake.change(table, |frame| frame.drop(column).unwrap());
    }
    let said = said(&lake);
    for (table, column) in absent {
        assert_eq!(said.matches(&format!("table {table} has no column {column}: ")).count(), 1, "{column} in {said}");
    }
}

#[test]
fn columns_that_are_there_and_hold_nothing_are_told() {
    let lake = ten_contacts("emailaddress1", &|row| format!("guest{row}@kund.example"));
    assert!(!said(&lake).contains("is empty"), "{}", said(&lake));
    for column in ["emailaddress1", "parentcustomerid"] {
        lake.change("contact", |mut frame| {
            let nothing = Column::full_null(column.into(), frame.height(), &DataType::String);
            frame.with_column(nothing).unwrap();
            frame
        });
    }
    tells(&lake, "table contact: its column emailaddress1 is empty: contacts are not found by their main address");
    tells(&lake, "table contact: its column parentcustomerid is empty: accounts have no contacts");
}

#[test]
fn participants_that_are_not_there_are_told() {
    let lake = SmallLake::new();
    lake.change("activityparty", |mut frame| {
        let none = Column::full_null("participationtypemask".into(), frame.height(), &DataType::Int32);
        frame.with_column(none).unwrap();
        frame
    });
    tells(&lake, "table activityparty: no participationtypemask is one of a participant (1 to 7)");
    lake.change("activityparty", |frame| frame.head(Some(0)));
    let emails = lake.read("email").head(Some(1));
    lake.change("email", |frame| {
        (0..10).fold(frame, |all, _| all.vstack(&emails).unwrap()).drop("versionnumber").unwrap()
    });
    tells(&lake, "table activityparty has no rows: nobody takes part in the ");
}

#[test]
fn lookups_of_which_no_value_is_an_id_of_a_record_are_told() {
    let contacts = |parent: &dyn Fn(usize) -> String| ten_contacts("parentcustomerid", parent);
    let told = "none of the 10 values of parentcustomerid is one of account.accountid or contact.contactid, so accounts \
                have no contacts but their primary one. See whether";
    tells(&contacts(&|_| "Acme AB".into()), told);
    let account = SmallLake::new().read("account").column("accountid").unwrap().str().unwrap().get(0).map(String::from);
    let one_known = contacts(&|row| if row == 7 { account.clone().unwrap() } else { guid(9_000 + row as u32) });
    assert!(!said(&one_known).contains("parentcustomerid"), "{}", said(&one_known));
}

#[test]
fn an_erased_address_that_many_carry_is_told() {
    let erasing = |address: &dyn Fn(usize) -> String| {
        let lake = ten_contacts("emailaddress1", address);
        let texts = |name: &str, text: &str| Column::new(name.into(), [text]);
        let rows = DataFrame::new(1, vec![texts("kind", "contact"), texts("principal", &guid(500))]).unwrap();
        lake.write("erasures", "part-0.parquet", &rows);
        lake
    };
    let told = "erasures: 10 contacts, leads and colleagues carry one address that is erased, and all of them are. If";
    tells(&erasing(&|_| "noemail@noemail.example".into()), told);
    let said = said(&erasing(&|row| format!("guest{row}@kund.example")));
    assert!(!said.contains("carry one address"), "{said}");
}

/// A lake with ten contacts that differ in one column.
fn ten_contacts(column: &str, value: &dyn Fn(usize) -> String) -> SmallLake {
    let lake = SmallLake::new();
    let one = lake.read("contact").head(Some(1));
    let mut ten = (1..10).fold(one.clone(), |all, _| all.vstack(&one).unwrap());
    let ids: Vec<String> = (0..10).map(|row| guid(500 + row)).collect();
    let values: Vec<String> = (0..10).map(value).collect();
    for (name, texts) in [("contactid", &ids), ("Id", &ids), (column, &values)] {
        ten.with_column(Column::new(name.into(), texts)).unwrap();
    }
    lake.write("contact", "part-0.parquet", &ten);
    lake
}

#[test]
fn answers_that_are_missing_or_unknown_are_told() {
    let meeting = |status: serde_json::Value| {
        let lake = SmallLake::new();
        let mut meetings = exchange("calendar_view");
        let attendee = |number: usize| {
            let address = format!("guest{number}@kund.example");
            let mut attendee = json!({"emailAddress": {"name": "G", "address": address}, "type": "required"});
            attendee["status"] = status.clone();
            attendee
        };
        meetings[0]["attendees"] = (0..10).map(attendee).collect();
        lake.remove("calendar_view");
        lake.write_text("calendar_view", "part-0.json", &lines(&meetings));
        lake
    };
    tells(&meeting(json!(null)), "table calendar_view: no attendee has a status.response");
    tells(&meeting(json!({"response": "Abgelehnt"})), "do not count as declined: abgelehnt; Graph writes declined");
    for known in ["none", "microsoft.graph.responseType'notResponded'", "Decline", "3"] {
        let said = said(&meeting(json!({"response": known})));
        assert!(!said.contains("attendee"), "{known}: {said}");
    }
}

#[test]
fn records_that_a_table_without_versions_holds_twice_are_told() {
    let lake = SmallLake::new();
    lake.change("contact", |frame| frame.vstack(&frame.head(Some(1))).unwrap());
    assert!(!said(&lake).contains("versionnumber"), "{}", said(&lake));
    lake.change("contact", |frame| frame.drop("versionnumber").unwrap());
    tells(&lake, "table contact: one row shares its id with another row, and without a column versionnumber");
    lake.change("contact", |frame| frame.vstack(&frame).unwrap());
    tells(&lake, " rows share their ids with another row");
}

#[test]
fn countries_that_are_no_codes_are_told() {
    let lake = |country: &str| {
        let lake = SmallLake::new();
        let mut users = exchange("users");
        users.iter_mut().for_each(|user| user["usageLocation"] = json!(country));
        lake.remove("users");
        lake.write_text("users", "part-0.json", &lines(&users));
        lake
    };
    tells(&lake("Finland"), "usageLocation of 2 mailboxes is no country code of two letters, such as 'FINLAND'");
    for none in ["null", " fi ", ""] {
        assert!(!said(&lake(none)).contains("usageLocation"), "{none}: {}", said(&lake(none)));
    }
}
