//! Changes of rows of Exchange that may not be used, are no items, or were exported anew since.

use serde_json::{Value, json};

use super::other_values::object;
use super::{CUTOFF, Change, Kind};
use crate::support::lake::Row;
use crate::support::random_lake::{FORBIDDEN, HALF_FORBIDDEN, OPTED_OUT_FROM, USERS, event, message};

pub(super) const KINDS: [Kind; 10] = [
    ("a row of a mailbox that may not be used, changed", change_refused),
    ("a row of a mailbox that may not be used, changed otherwise", change_refused),
    ("a row of a mailbox that may not be used, new", add_refused),
    ("a row of a mailbox that may not be used, with ids of others", add_with_ids_of_others),
    ("a row of a mailbox that may not be used, gone", remove_refused),
    ("a row after the opt-out, changed", change_opted_out),
    ("an older export of an item", add_older_export),
    ("a row that carries no item", add_summary),
    ("a row after the day", add_later),
    ("a mailbox in the list of users", change_users),
];

const TABLES: [&str; 3] = ["messages", "messages", "calendar_view"];

fn time(row: &Row) -> &str {
    let start = || row.get("start").and_then(|start| start["dateTime"].as_str());
    row.get("sentDateTime").and_then(Value::as_str).or_else(start).unwrap_or_default()
}

fn is_of_refused(row: &Row) -> bool {
    row["puser"].as_str().is_none_or(|mailbox| FORBIDDEN.contains(&mailbox.to_lowercase().trim_matches(['{', '}'])))
}

fn is_after_opt_out(row: &Row) -> bool {
    row["puser"] == HALF_FORBIDDEN && time(row) >= OPTED_OUT_FROM
}

fn change_refused(change: &mut Change<'_>) {
    let table = *change.dice.pick(&TABLES);
    let consent = change.consent;
    let Some(at) = change.pick(table, |row| !consent || is_of_refused(row)) else { return };
    let mut row = change.rows(table)[at].clone();
    change.scramble(table, &mut row, if consent { &["puser"] } else { &[] });
    change.rows(table)[at] = row;
}

fn remove_refused(change: &mut Change<'_>) {
    let table = *change.dice.pick(&TABLES);
    let consent = change.consent;
    let may = |row: &Row| !consent || is_of_refused(row) || is_after_opt_out(row);
    if let Some(at) = change.pick(table, may) {
        change.rows(table).swap_remove(at);
    }
}

/// A mailbox that may not be used, in one of the spellings of its id; none is nobody's.
fn refused_mailbox(change: &mut Change<'_>) -> Value {
    let mailbox = match change.consent {
        true => (*change.dice.pick(&FORBIDDEN)).to_string(),
        false => format!("box-{}", change.dice.pick(&USERS)),
    };
    match change.dice.below(8) {
        0 => json!(mailbox.to_uppercase()),
        1 => json!(format!("{{{mailbox}}}")),
        2 => Value::Null,
        3 => json!(format!("box-of-nobody-{}", change.number)),
        _ => json!(mailbox),
    }
}

fn new_row(change: &mut Change<'_>, table: &str, mailbox: &str) -> Row {
    let id = format!("further-{}", change.number);
    match table {
        "messages" => message(&mut change.dice, mailbox, &id),
        _ => event(&mut change.dice, mailbox, &id),
    }
}

fn add_refused(change: &mut Change<'_>) {
    let table = *change.dice.pick(&TABLES);
    let mailbox = refused_mailbox(change);
    let mut row = new_row(change, table, "box");
    if change.dice.once_in(2) {
        let new = format!("secret.{}@new.example", change.number);
        let column = if table == "messages" { "from" } else { "organizer" };
        row.insert(column.into(), json!(new));
    }
    row.insert("puser".into(), mailbox);
    change.lake.insert(table, row);
}

/// Copies a row that may be used into a mailbox that may not, and changes the copy.
fn add_with_ids_of_others(change: &mut Change<'_>) {
    let table = *change.dice.pick(&TABLES);
    let mailbox = refused_mailbox(change);
    let Some(at) = change.pick(table, |row| !is_of_refused(row)) else { return };
    let mut row = change.rows(table)[at].clone();
    change.scramble(table, &mut row, &["puser", "internetMessageId", "iCalUId"]);
    row.insert("puser".into(), mailbox);
    change.rows(table).push(row);
}

fn change_opted_out(change: &mut Change<'_>) {
    let table = *change.dice.pick(&TABLES);
    let Some(at) = change.pick(table, is_after_opt_out) else { return };
    let mut row = change.rows(table)[at].clone();
    change.scramble(table, &mut row, &["puser", "id", "sentDateTime", "receivedDateTime", "start"]);
    let later = format!("2026-03-{}T1{}:30", 16 + change.dice.below(15), change.dice.below(10));
    match table {
        "messages" => row.insert("sentDateTime".into(), json!(format!("{later}Z"))),
        _ => row.insert("start".into(), json!({ "dateTime": format!("{later}:00.0"), "timeZone": "UTC" })),
    };
    change.rows(table)[at] = row;
}

fn add_older_export(change: &mut Change<'_>) {
    let table = *change.dice.pick(&TABLES);
    let newest = json!("2026-04-02T00:00Z");
    let Some(at) = change.pick(table, |row| row.get("lastModifiedDateTime") == Some(&newest)) else { return };
    let mut row = change.rows(table)[at].clone();
    change.scramble(table, &mut row, &["puser", "id", "lastModifiedDateTime"]);
    let older = if change.dice.once_in(3) { Value::Null } else { json!("2026-04-01T00:00Z") };
    row.insert("lastModifiedDateTime".into(), older);
    change.rows(table).push(row);
}

fn add_summary(change: &mut Change<'_>) {
    let table = *change.dice.pick(&TABLES);
    let mut row = new_row(change, table, "box-anna");
    change.scramble(table, &mut row, &["rowinformation"]);
    let said = match change.dice.below(3) {
        0 => json!({ "isUserSummaryRow": true }),
        1 => json!({ "userReturnedNoData": true }),
        _ => json!({ "isUserSummaryRow": false, "errorInformation": "no access" }),
    };
    row.insert("rowinformation".into(), said);
    change.lake.insert(table, row);
}

/// Mail that is sent, and events that are made, after the day.
fn add_later(change: &mut Change<'_>) {
    let table = *change.dice.pick(&TABLES);
    let mailbox = format!("box-{}", change.dice.pick(&USERS));
    let mut row = new_row(change, table, &mailbox);
    let keep = ["sentDateTime", "start", "createdDateTime", "puser", "id", "iCalUId", "rowinformation"];
    change.scramble(table, &mut row, &keep);
    let later = if change.dice.once_in(4) { CUTOFF.into() } else { later(change) };
    if table == "messages" {
        row.insert("sentDateTime".into(), json!(later));
    } else {
        row.insert("iCalUId".into(), json!(format!("LATER-{}", change.number)));
        row.insert("start".into(), json!(&later[..16]));
        row.insert("createdDateTime".into(), json!(later));
    }
    change.lake.insert(table, row);
}

/// A time after the day.
pub(super) fn later(change: &mut Change<'_>) -> String {
    format!("2026-04-{:02}T{:02}:15Z", 1 + change.dice.below(25), change.dice.below(24))
}

fn change_users(change: &mut Change<'_>) {
    if change.consent {
        // Whose mailbox may not be used for another reason may live anywhere.
        let mailbox = *change.dice.pick(&["box-opted", "box-clerk", "box-swede", "box-erased"]);
        let country = match mailbox {
            "box-swede" => *change.dice.pick(&["SE", "DE", "no", "??"]),
            _ => *change.dice.pick(&["SE", "FI", "US", ""]),
        };
        for row in change.rows("users").iter_mut().filter(|row| row["puser"] == mailbox) {
            row.insert("usageLocation".into(), json!(country));
        }
        return;
    }
    if change.dice.once_in(3) {
        let mail = format!("further.{}@nw.example", change.number);
        let row = json!({ "puser": format!("box-{}", change.number), "mail": mail, "usageLocation": "FI",
            "proxyAddresses": ["smtp:c3@acme.example", "smtp:stranger@else.example"] });
        change.lake.insert("users", object(row));
        return;
    }
    // What the erased have erases others, with consent or without.
    let Some(at) = change.pick("users", |row| row["puser"] != "box-erased") else { return };
    let mut row = change.rows("users")[at].clone();
    change.scramble("users", &mut row, &["puser", "id"]);
    change.rows("users")[at] = row;
}
