//! A backfill of health works out once what its days have in common. What each day sees is still
//! what it alone would see: records come to be, and change who older mail is from and what it
//! counts for.

use serde_json::Value;

use crate::support::lake::Lake;
use crate::support::results::{Results, run, settings};

const DAYS: [&str; 6] = ["2026-03-10", "2026-03-12", "2026-03-16", "2026-03-18", "2026-03-21", "2026-03-25"];

const NEWS: &str = r#"{
    "account": [{"accountid": "late", "createdon": "2026-03-20T09:00Z", "primarycontactid": "xena"}],
    "contact": [
        {"contactid": "older", "fullname": "Older", "emailaddress1": "other@x.example", "emailaddress2": "shared@x.example"},
        {"contactid": "newer", "fullname": "Newer", "emailaddress1": "shared@x.example", "createdon": "2026-03-18T09:00Z"}
    ],
    "lead": [
        {"leadid": "twin", "emailaddress1": "xena@acme.example", "ownerid": "anna", "createdon": "2026-03-15T09:00Z"},
        {"leadid": "referred", "emailaddress1": "nobody@y.example", "ownerid": "anna", "createdon": "2026-03-14T09:00Z"}
    ],
    "opportunity": [
        {"opportunityid": "deal", "customerid": "account:late", "ownerid": "anna", "createdon": "2026-03-01T09:00Z"},
        {"opportunityid": "closing", "parentcontactid": "yngve", "ownerid": "anna", "statecode": 1, "actualclosedate": "2026-03-16", "createdon": "2026-03-01T09:00Z"}
    ],
    "connectionrole": [{"connectionroleid": "stakeholder", "category": 1000}],
    "connection": [{"connectionid": "k", "record1id": "lead:referred", "record2id": "contact:yngve", "record2roleid": "stakeholder"}],
    "email": [
        {"activityid": "e1", "senton": "2026-03-02T09:00Z", "from": "anna@nw.example", "to": "xena@acme.example"},
        {"activityid": "e2", "senton": "2026-03-03T09:00Z", "from": "anna@nw.example", "to": "shared@x.example"},
        {"activityid": "e3", "senton": "2026-03-04T09:00Z", "from": "anna@nw.example", "to": "contact:xena"},
        {"activityid": "e4", "senton": "2026-03-05T09:00Z", "from": "anna@nw.example", "to": "yngve@acme.example"},
        {"activityid": "e5", "senton": "2026-03-05T10:00Z", "from": "bo@nw.example", "to": "zoe@beta.example", "messageid": "<m5@x>"},
        {"activityid": "e6", "senton": "2026-03-20T10:00Z", "from": "bo@nw.example", "to": ["zoe@beta.example", "yngve@acme.example"], "messageid": "<m5@x>"},
        {"activityid": "e7", "senton": "2026-03-19T10:00Z", "from": "zoe@beta.example", "to": "bo@nw.example"}
    ],
    "appointment": [
        {"activityid": "m1", "scheduledstart": "2026-03-12T09:00Z", "createdon": "2026-03-01T09:00Z", "organizer": "cleo@nw.example", "required": "yngve@acme.example"}
    ]
}"#;

fn lake() -> Lake {
    let cast = std::fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/cases/cast.json"));
    Lake::described(&cast.expect("the cast")).with(Lake::described(NEWS))
}

fn health(days: &[&str]) -> Results {
    let set = [("company_domains", "[\"nw.example\"]"), ("tables", "[\"relationship_health\"]")];
    run(&lake(), &settings(&set), days)
}

fn state(results: &Results, day: &str, record: &str) -> Option<String> {
    let rows = results.rows("relationship_health", day);
    let row = rows.iter().find(|row| row["record_id"] == record)?;
    row["health_state"].as_str().map(str::to_string)
}

#[test]
fn every_day_is_as_if_it_were_alone() {
    let backfill = health(&DAYS);
    for day in DAYS {
        assert_eq!(backfill.rows("relationship_health", day), health(&[day]).rows("relationship_health", day), "{day}");
        let path = format!("relationship_health/as_of_date={day}/relationship_health.parquet");
        assert!(backfill.bytes()[&path] == health(&[day]).bytes()[&path], "the bytes of {day}");
    }
}

/// Each of these changes within the days, and each by another way.
#[test]
fn the_days_differ_where_they_should() {
    let backfill = health(&DAYS);
    let none = Some("no_closed_activities".to_string());
    let scored = |day, record| {
        state(&backfill, day, record).is_some_and(|state| ["good", "fair", "poor"].contains(&state.as_str()))
    };
    assert_eq!(state(&backfill, "2026-03-18", "deal"), none, "its account is not known yet");
    assert!(scored("2026-03-21", "deal"), "the account's primary contact is the deal's");
    assert!(scored("2026-03-16", "older") && state(&backfill, "2026-03-16", "newer").is_none());
    assert!(scored("2026-03-18", "newer"), "the address is the first of the newer contact");
    assert_eq!(state(&backfill, "2026-03-18", "older"), none);
    assert!(state(&backfill, "2026-03-12", "twin").is_none() && scored("2026-03-16", "twin"));
    assert!(state(&backfill, "2026-03-12", "referred").is_none() && scored("2026-03-16", "referred"));
    assert!(scored("2026-03-12", "closing") && state(&backfill, "2026-03-16", "closing").is_none());
    let received = |day| {
        let rows = backfill.rows("relationship_health", day);
        rows.iter().find(|row| row["record_id"] == "yngve").expect("yngve")["received"].as_f64()
    };
    assert_eq!((received("2026-03-10"), received("2026-03-12")), (Some(0.0), Some(1.0)), "the meeting is held by then");
    let contacts: Vec<Value> = DAYS.iter().map(|day| backfill.rows("relationship_health", day).len().into()).collect();
    assert_eq!(contacts, [8, 8, 9, 10, 11, 11], "accounts, contacts, open leads and open deals known on each day");
}
