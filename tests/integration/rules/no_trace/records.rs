//! Changes of records that are erased, that are made after the day, or that are deleted.

use serde_json::json;

use super::exchange::later;
use super::other_values::{object, of_contract};
use super::{Change, Kind};
use crate::support::lake::Row;

pub(super) const KINDS: [Kind; 7] = [
    ("an erased contact, changed", change_erased_contact),
    ("an erased contact, new", add_erased_contact),
    ("an erased lead, new", add_erased_lead),
    ("an erased colleague, changed", change_erased_colleague),
    ("a record made after the day", add_later_record),
    ("an activity after the day", add_later_activity),
    ("a record that is deleted", add_deleted),
];

/// Whatever says who somebody is, or whom else an erasure takes along.
const OF_PEOPLE: [&str; 6] = ["contactid", "leadid", "masterid", "emailaddress1", "emailaddress2", "emailaddress3"];
const RECORDS: [(&str, &str); 4] =
    [("account", "accountid"), ("contact", "contactid"), ("lead", "leadid"), ("opportunity", "opportunityid")];

fn change_erased_contact(change: &mut Change<'_>) {
    let Some(at) = change.pick("contact", |row| row.get("emailaddress1") == Some(&json!("gone@gone.example"))) else {
        return;
    };
    let mut row = change.rows("contact")[at].clone();
    change.scramble("contact", &mut row, &OF_PEOPLE);
    change.rows("contact")[at] = row;
}

fn add_erased_contact(change: &mut Change<'_>) {
    let row = json!({ "contactid": format!("gone-{}", change.number), "fullname": format!("Gone {}", change.number),
        "emailaddress1": "Gone@gone.example", "parentcustomerid": "account:a1", "ownerid": "bo" });
    let mut row = object(row);
    change.scramble("contact", &mut row, &OF_PEOPLE);
    change.lake.insert("contact", row);
}

fn add_erased_lead(change: &mut Change<'_>) {
    let out = change.dice.once_in(2);
    let address = if out { format!("gone-{}@leads.example", change.number) } else { "<gone@gone.example>".into() };
    let row = json!({ "leadid": format!("gone-lead-{}", change.number), "emailaddress2": address, "ownerid": "bo" });
    let mut row = object(row);
    change.scramble("lead", &mut row, &OF_PEOPLE);
    row.insert("msdyn_gdproptout".into(), json!(out));
    change.lake.insert("lead", row);
}

fn change_erased_colleague(change: &mut Change<'_>) {
    let name = format!("Secret {}", change.number);
    let disabled = change.dice.once_in(2);
    for row in change.rows("systemuser").iter_mut().filter(|row| row["systemuserid"] == "erased") {
        row.insert("fullname".into(), json!(name));
        row.insert("isdisabled".into(), json!(disabled));
    }
}

/// A row of whatever a table may hold.
fn any_row(change: &mut Change<'_>, table: &str, keep: &[&str]) -> Row {
    let mut row = Row::new();
    for _ in 0..3 {
        change.scramble(table, &mut row, keep);
    }
    for column in of_contract(table).columns.iter().filter(|column| column.required) {
        row.entry(column.name).or_insert(json!(null));
    }
    row
}

fn add_later_record(change: &mut Change<'_>) {
    let (table, key) = *change.dice.pick(&RECORDS);
    let mut row = any_row(change, table, &[key, "createdon", "msdyn_gdproptout"]);
    row.insert(key.into(), json!(format!("later-{}", change.number)));
    let later = later(change);
    row.insert("createdon".into(), json!(later));
    change.lake.insert(table, row);
}

/// All of whose times, and when it was made, are after the day.
fn add_later_activity(change: &mut Change<'_>) {
    let table = *change.dice.pick(&["email", "appointment", "phonecall", "task"]);
    let times = ["senton", "actualend", "actualstart", "scheduledstart", "scheduledend", "createdon"];
    let keep = [&times[..], &["activityid", "globalobjectid", "IsDelete"]].concat();
    let mut row = any_row(change, table, &keep);
    let later = later(change);
    for time in times {
        if of_contract(table).columns.iter().any(|column| column.name == time) {
            row.insert(time.into(), json!(later));
        }
    }
    row.insert("activityid".into(), json!(format!("later-{}", change.number)));
    let (from, to) = (change.dice.colleague(), change.dice.parties(3));
    row.insert("from".into(), json!(from));
    row.insert("to".into(), json!(to));
    change.lake.insert(table, row);
}

fn add_deleted(change: &mut Change<'_>) {
    let tables = ["email", "appointment", "phonecall", "task", "contact", "lead", "account", "opportunity"];
    let table = *change.dice.pick(&tables);
    let key = of_contract(table).primary_key[0];
    let mut row = any_row(change, table, &[key]);
    row.insert(key.into(), json!(format!("deleted-{}", change.number)));
    row.insert("IsDelete".into(), json!(true));
    if change.dice.once_in(2) {
        // The row that is deleted is still there.
        let mut before = any_row(change, table, &[key]);
        before.insert(key.into(), row[key].clone());
        change.lake.insert(table, before);
        row.insert("versionnumber".into(), json!(2));
    }
    if table == "email" {
        let (from, to) = (change.dice.customer(), change.dice.parties(3));
        row.insert("from".into(), json!(from));
        row.insert("to".into(), json!(to));
    }
    change.lake.insert(table, row);
}
