//! `rapport check`: what it reports, that it writes nothing; and that logs hold nothing personal.

use std::fs;
use std::process::Output;

use crate::support::small_lake::*;

fn check(lake: &SmallLake, set: &[&str]) -> Output {
    let before = files_below(&lake.root());
    let set: Vec<&str> = set.iter().flat_map(|pair| ["--set", pair]).collect();
    let output = lake.command("check", &set).output().unwrap();
    assert!(files_below(&lake.root()) == before && !lake.output().exists(), "check wrote something");
    output
}

#[track_caller]
fn report(lake: &SmallLake, set: &[&str]) -> String {
    let output = check(lake, set);
    assert_eq!(output.status.code(), Some(0), "{}", stderr(&output));
    assert_eq!(stderr(&output), "");
    String::from_utf8(output.stdout).unwrap()
}

#[test]
fn tables_rows_and_absent_tables_are_listed() {
    let lake = SmallLake::new();
    let found = report(&lake, &[]);
    let rows = |table: &str| found.lines().find_map(|line| line.strip_prefix(table)?.strip_prefix(' ')).unwrap();
    assert_eq!(rows("email").split_whitespace().collect::<Vec<_>>(), ["1", "4", "4"], "{found}");
    assert_eq!(rows("messages").split_whitespace().collect::<Vec<_>>(), ["1", "4", "4"], "{found}");
    assert!(found.contains("input and access are fine"), "{found}");
    assert!(
        found.contains("not in the lake, read as empty: teammembership, connection, connectionrole, group_members, principalobjectaccess\n"),
        "{found}"
    );
    assert!(!found.contains("warning"), "{found}");
}

#[test]
fn every_break_of_the_contract_is_told_at_once() {
    let lake = SmallLake::new();
    lake.change("email", |frame| frame.drop("statuscode").unwrap());
    lake.remove("account");
    lake.write_text("messages", "notes.txt", "x");
    let output = check(&lake, &[]);
    assert_eq!(output.status.code(), Some(3));
    assert!(output.stdout.is_empty());
    let message = stderr(&output);
    for part in ["table account", "the table is missing", "column statuscode", "notes.txt"] {
        assert!(message.contains(part), "{part:?} is not in: {message}");
    }
    assert_eq!(message.lines().count(), 3, "{message}");
}

#[test]
fn settings_that_the_lake_cannot_serve_are_warnings() {
    let lake = SmallLake::new();
    lake.remove("role");
    for (set, warning) in [
        ("company_domains=[]", "company_domains is empty"),
        ("selected_roles=[\"Salesperson\"]", "selected_roles is set, but the lake has no table role:"),
    ] {
        let found = report(&lake, &[set]);
        assert!(found.contains(&format!("warning: {warning}")), "{found}");
    }
    let found = report(&SmallLake::new(), &["selected_roles=[\"Salesperson\", \"Seller\"]"]);
    assert!(found.contains("the lake has no role 'Seller'") && !found.contains("Salesperson"), "{found}");

    let lake = SmallLake::new();
    lake.remove("users");
    assert!(report(&lake, &[]).contains("warning: the lake has no table users"));
    assert!(!report(&lake, &["default_country=FI"]).contains("warning"));
    fs::remove_dir_all(lake.root().join("exchange")).unwrap();
    assert!(report(&lake, &["consent=true"]).contains("warning: consent is true, but the lake has no Exchange data"));
    assert!(!report(&lake, &["consent=false"]).contains("warning"));

    let found = report(&SmallLake::new(), &["publish_subjects=true", "manager_levels=1"]);
    let lacks = "warning: record_access lists less than Dataverse lets colleagues read, for the lake lacks \
                 principalobjectaccess (what is shared), teammembership";
    assert!(found.contains(lacks) && found.contains("systemuser.parentsystemuserid (managers)"), "{found}");
}

#[test]
fn time_zones_that_nobody_knows_are_warnings() {
    let lake = SmallLake::new();
    let mut rows = exchange("calendar_view");
    rows[0]["start"]["timeZone"] = "Middle Earth Time".into();
    lake.write("calendar_view", "part-0.parquet", &lines_as_frame(&rows));
    let warning = "time zone 'Middle Earth Time' is unknown; its times were read as UTC";
    assert!(report(&lake, &[]).contains(warning));
    let run = lake.run(&[]);
    assert_eq!(run.status.code(), Some(0));
    assert!(stderr(&run).contains(warning));
    let lake = SmallLake::new();
    rows[0]["start"]["timeZone"] = "(UTC+01:00) Middle Earth".into();
    lake.write("calendar_view", "part-0.parquet", &lines_as_frame(&rows));
    let warning = "its times were read with the offset in its name, without daylight saving";
    assert!(report(&lake, &[]).contains(warning));
}

#[test]
fn opt_outs_and_erasures_that_name_nobody_are_counted_and_not_quoted() {
    let lake = SmallLake::new();
    let principals = ["bo@nordwind.example", "anna.nordwind@nordwnd.example"];
    lake.write("opt_outs", "part-0.parquet", &polars::prelude::df!("principal" => principals).unwrap());
    let kinds = ["contact", "contact", "user", "address"];
    let (dora, nobody) = (guid(12), guid(99));
    let principals = [dora.as_str(), nobody.as_str(), "x", "y@kund.example"];
    let erasures = polars::prelude::df!("kind" => kinds, "principal" => principals).unwrap();
    lake.write("erasures", "part-0.parquet", &erasures);
    let found = report(&lake, &[]);
    for warning in [
        "opt_outs: 1 of 2 rows name no colleague or mailbox of the lake",
        "erasures: 1 of 4 rows name no current record of their kind",
        "erasures: 1 of 4 rows have a kind other than contact, lead, systemuser or address",
    ] {
        assert!(found.contains(&format!("warning: {warning}\n")), "{found}");
    }
    assert!(!found.contains("nordwnd") && !found.contains(&nobody), "{found}");
}

/// Everything in the lake that says something about a person.
const PERSONAL: [&str; 16] = [
    "anna",
    "bo@",
    "carl",
    "dora",
    "eva",
    "gone",
    "nordwind",
    "kund.example",
    "prospekt",
    "mail.example",
    "tyres",
    "kick-off",
    "site visit",
    "big deal",
    "a0000000-",
    "m1@",
];

#[track_caller]
fn impersonal(log: &str) {
    let log = log.to_lowercase();
    for word in PERSONAL {
        assert!(!log.contains(word), "{word:?} is in the log: {log}");
    }
}

#[test]
fn json_logs_hold_nothing_personal() {
    let lake = SmallLake::new();
    let set = ["--log-format", "json", "--set", "publish_subjects=true"];
    let run = lake.run(&set);
    assert_eq!(run.status.code(), Some(0));
    let log = stderr(&run);
    assert!(log.lines().count() > 20, "{log}");
    for line in log.lines() {
        serde_json::from_str::<serde_json::Value>(line).unwrap();
    }
    impersonal(&log);

    // Text where other types are due is what errors are most tempted to quote.
    let text = |table: &str, column: &str, code: i32| {
        let value = "Anna Nordwind <anna@nordwind.example>";
        let lake = SmallLake::new();
        lake.change(table, |mut frame| {
            let rows = frame.height();
            frame.with_column(polars::prelude::Column::new(column.into(), vec![value; rows])).unwrap();
            frame
        });
        let run = lake.run(&set);
        assert_eq!(run.status.code(), Some(code), "{table}.{column}");
        impersonal(&stderr(&run));
        impersonal(&stderr(&lake.command("check", &set).output().unwrap()));
    };
    for (table, column) in [
        ("email", "statuscode"),
        ("email", "senton"),
        ("email", "IsDelete"),
        ("email", "versionnumber"),
        ("contact", "createdon"),
        ("opportunity", "actualclosedate"),
        ("messages", "isDraft"),
    ] {
        text(table, column, 3);
    }
    // People may be text, and are read.
    for column in ["from", "toRecipients"] {
        text("messages", column, 0);
    }
    let lake = SmallLake::new();
    lake.remove("messages");
    lake.write_text("messages", "part-0.json", &lines(&exchange("messages")).replace("\"subject\":\"", "\"subject\":"));
    let run = lake.run(&set);
    assert_eq!(run.status.code(), Some(3));
    impersonal(&stderr(&run));
}
