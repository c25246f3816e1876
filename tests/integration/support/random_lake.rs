//! A lake of a few hundred activities drawn by a seed: every source, many people, copies, threads,
//! plans, drafts, deletions, and mailboxes that may not be read.

use serde_json::{Value, json};

use crate::support::dice::Dice;
use crate::support::lake::{Lake, Row};

/// Settings that go with the lake.
pub const SETTINGS: [(&str, &str); 5] = [
    ("timezone", "Europe/Stockholm"),
    ("company_domains", "[\"nw.example\"]"),
    ("consent", "true"),
    ("selected_roles", "[\"Salesperson\"]"),
    ("freshness_hours", "87600"),
];

/// Mailboxes whose rows may not be used: opted out, role not selected, region not supported,
/// erased, and one of nobody.
pub const FORBIDDEN: [&str; 5] = ["box-opted", "box-clerk", "box-swede", "box-erased", "box-nobody"];
/// A mailbox that may not be used from [`OPTED_OUT_FROM`] on.
pub const HALF_FORBIDDEN: &str = "box-half";
pub const OPTED_OUT_FROM: &str = "2026-03-15";

pub const USERS: [&str; 8] = ["anna", "bo", "cleo", "opted", "clerk", "swede", "erased", "half"];
const STATUSES: [i64; 12] = [3, 3, 3, 3, 3, 3, 3, 2, 4, 1, 6, 8];
const SUBJECTS: [&str; 5] = ["Offer", "Re: offer", "Meeting", "Automatic reply: offer", "Autosvar"];
const REGARDING: [&str; 6] =
    ["account:a1", "contact:c3", "lead:l2", "opportunity:o1", "opportunity:o4", "contact:c-new"];

/// The lake of a seed.
pub fn drawn(seed: u64) -> Lake {
    let mut dice = Dice::seeded(seed);
    let mut lake = people();
    for number in 0..150 {
        email(&mut lake, &mut dice, number);
    }
    for number in 0..150 {
        let mailbox = mailbox(&mut dice);
        let row = message(&mut dice, &mailbox, &format!("x{number}"));
        lake.insert("messages", row);
    }
    for number in 0..60 {
        appointment(&mut lake, &mut dice, number);
        let mailbox = mailbox(&mut dice);
        let row = event(&mut dice, &mailbox, &format!("k{number}"));
        lake.insert("calendar_view", row);
    }
    for number in 0..40 {
        call(&mut lake, &mut dice, number);
        task(&mut lake, &mut dice, number);
    }
    lake
}

pub fn people() -> Lake {
    let mut lake = Lake::default();
    let mut add = |table: &str, row: Value| lake.insert(table, object(row));
    for user in USERS {
        let mailbox = format!("box-{user}");
        add(
            "systemuser",
            json!({ "systemuserid": user, "fullname": user, "internalemailaddress": format!("{user}@nw.example"), "azureactivedirectoryobjectid": mailbox }),
        );
        add(
            "users",
            json!({ "puser": mailbox, "mail": format!("{user}@nw.example"), "usageLocation": if user == "swede" { "SE" } else { "FI" }, "proxyAddresses": [format!("smtp:{user}@other.example"), format!("X500:/o=lab/cn={user}")] }),
        );
        add("systemuserroles", json!({ "systemuserid": user, "roleid": if user == "clerk" { "r2" } else { "r1" } }));
    }
    add("role", json!({ "roleid": "r1", "name": "Salesperson" }));
    add("role", json!({ "roleid": "r2", "name": "Clerk" }));
    add("teammembership", json!({ "teamid": "team", "systemuserid": "bo" }));
    add("opt_outs", json!({ "principal": "opted", "effective_from": null }));
    add("opt_outs", json!({ "principal": "half@nw.example", "effective_from": OPTED_OUT_FROM }));
    add("erasures", json!({ "kind": "systemuser", "principal": "erased" }));
    add("erasures", json!({ "kind": "contact", "principal": "c-gone" }));
    for number in 0..3 {
        add(
            "account",
            json!({ "accountid": format!("a{number}"), "name": format!("Account {number}"), "ownerid": "anna", "primarycontactid": format!("c{number}") }),
        );
    }
    for number in 0..9 {
        add(
            "contact",
            json!({ "contactid": format!("c{number}"), "fullname": format!("Contact {number}"), "emailaddress1": format!("c{number}@acme.example"), "parentcustomerid": format!("account:a{}", number % 3), "ownerid": "anna" }),
        );
    }
    add(
        "contact",
        json!({ "contactid": "c-new", "emailaddress1": "c-new@acme.example", "createdon": "2026-03-18T09:00Z" }),
    );
    for (id, master, created) in [
        ("c-old", "c2", "2026-01-05"),
        ("c-older", "c-old", "2026-03-12"),
        ("c-odd", "c-new", "2026-01-05"),
        ("c-lost", "c-none", "2026-01-05"),
    ] {
        add(
            "contact",
            json!({ "contactid": id, "emailaddress1": format!("{id}@acme.example"), "merged": true, "masterid": master, "createdon": format!("{created}T09:00Z") }),
        );
    }
    // Three contacts with one address, of whom the youngest is there from March on.
    for (number, created) in ["2025-02-01", "2025-01-01", "2026-03-11"].iter().enumerate() {
        add(
            "contact",
            json!({ "contactid": format!("s{number}"), "emailaddress1": "shared@acme.example", "statecode": i64::from(number < 2), "parentcustomerid": format!("account:a{number}"), "createdon": format!("{created}T09:00Z") }),
        );
    }
    add("contact", json!({ "contactid": "c-gone", "emailaddress1": "gone@gone.example" }));
    for (number, owner) in ["anna", "bo", "team", "erased"].iter().enumerate() {
        add(
            "lead",
            json!({ "leadid": format!("l{number}"), "emailaddress1": format!("l{number}@leads.example"), "ownerid": owner, "createdon": format!("2026-0{}-10T09:00Z", 1 + number) }),
        );
        let (state, closed) =
            [(0, Value::Null), (1, json!("2026-03-05")), (2, json!("2026-03-25")), (0, Value::Null)][number].clone();
        add(
            "opportunity",
            json!({ "opportunityid": format!("o{number}"), "parentcontactid": format!("c{number}"), "customerid": format!("account:a{}", number % 3), "ownerid": owner, "statecode": state, "actualclosedate": closed, "createdon": format!("2026-0{}-20T09:00Z", 1 + number % 3) }),
        );
    }
    add("opportunity", json!({ "opportunityid": "o4", "parentcontactid": "c1", "ownerid": "cleo" }));
    add("connectionrole", json!({ "connectionroleid": "stakeholder", "category": 1000 }));
    add("connectionrole", json!({ "connectionroleid": "sales-team", "category": 1001 }));
    add(
        "connection",
        json!({ "connectionid": "k1", "record1id": "opportunity:o0", "record2id": "contact:c5", "record2roleid": "stakeholder" }),
    );
    add(
        "connection",
        json!({ "connectionid": "k2", "record1id": "opportunity:o0", "record2id": "systemuser:half", "record2roleid": "sales-team" }),
    );
    lake
}

fn mailbox(dice: &mut Dice) -> String {
    if dice.once_in(2) {
        (*dice.pick(&["box-anna", "box-bo", "box-cleo", HALF_FORBIDDEN])).into()
    } else {
        (*dice.pick(&FORBIDDEN)).into()
    }
}

fn message_id(dice: &mut Dice) -> String {
    format!("<m{}@nw.example>", dice.below(160))
}

fn index(dice: &mut Dice) -> Option<String> {
    dice.once_in(2).then(|| format!("010203040506{:032x}", dice.below(4)))
}

fn email(lake: &mut Lake, dice: &mut Dice, number: usize) {
    let from = if dice.once_in(2) { dice.colleague() } else { dice.customer() };
    let time = dice.time();
    let mut row = json!({
        "activityid": format!("e{number:03}"), "statuscode": dice.pick(&STATUSES), "subject": dice.pick(&SUBJECTS),
        "senton": time, "createdon": time, "isemailfollowed": dice.once_in(3), "opencount": dice.below(3), "replycount": dice.below(2),
        "conversationindex": index(dice), "from": from, "to": dice.parties(3), "cc": dice.parties(2), "bcc": dice.parties(1),
    });
    if !dice.once_in(3) {
        row["messageid"] = json!(message_id(dice));
    }
    if dice.once_in(2) {
        row["inreplyto"] = json!(message_id(dice));
    }
    regarding(&mut row, dice);
    deleted_sometimes(lake, "email", row, dice);
}

/// A message of a mailbox; ids are drawn from those of tracked emails.
pub fn message(dice: &mut Dice, mailbox: &str, id: &str) -> Row {
    let from = if dice.once_in(2) { dice.colleague() } else { dice.customer() };
    let time = dice.time();
    let headers =
        if dice.once_in(9) { json!({ "List-Id": "news" }) } else { json!({ "In-Reply-To": message_id(dice) }) };
    object(json!({
        "id": format!("{id}-{mailbox}"), "puser": mailbox, "internetMessageId": message_id(dice), "createdDateTime": time,
        "sentDateTime": time, "subject": dice.pick(&SUBJECTS), "isDraft": dice.once_in(12), "conversationIndex": null,
        "internetMessageHeaders": headers, "from": from, "toRecipients": dice.people(3), "ccRecipients": dice.people(2), "bccRecipients": dice.people(1),
    }))
}

pub fn appointment(lake: &mut Lake, dice: &mut Dice, number: usize) {
    let (time, created) = (dice.time(), dice.time());
    let organizer = if dice.once_in(3) { dice.customer() } else { dice.colleague() };
    let mut row = json!({
        "activityid": format!("m{number:03}"), "statecode": dice.pick(&[0, 1, 1, 2, 3, 3]), "scheduledstart": time, "createdon": created.min(time.clone()),
        "scheduleddurationminutes": dice.pick(&[30, 60, 90, 1440]), "organizer": organizer, "required": dice.parties(3), "optional": dice.parties(2),
    });
    if dice.once_in(2) {
        row["globalobjectid"] = json!(format!("u{}", dice.below(40)));
        row["instancetypecode"] = json!(dice.pick(&[0, 0, 2]));
    }
    regarding(&mut row, dice);
    deleted_sometimes(lake, "appointment", row, dice);
}

/// An event of a mailbox's calendar; ids are drawn from those of tracked meetings.
pub fn event(dice: &mut Dice, mailbox: &str, id: &str) -> Row {
    let (start, created) = (dice.time(), dice.time());
    let end = format!("{}:59", &start[..13]);
    let answers = ["required accepted", "optional none", "required declined", "resource none"];
    let attendees: Vec<String> =
        dice.people(4).iter().map(|person| format!("{person} {}", dice.pick(&answers))).collect();
    let organizer = if dice.once_in(3) { dice.customer() } else { dice.colleague() };
    object(json!({
        "id": format!("{id}-{mailbox}"), "puser": mailbox, "iCalUId": format!("U{}", dice.below(40)), "type": dice.pick(&["singleInstance", "occurrence", "seriesMaster"]),
        "start": start[..16], "end": end, "createdDateTime": created.min(start.clone()), "isCancelled": dice.once_in(8), "isAllDay": dice.once_in(15),
        "isOrganizer": dice.once_in(2), "organizer": organizer, "attendees": attendees,
    }))
}

pub fn call(lake: &mut Lake, dice: &mut Dice, number: usize) {
    let (time, created) = (dice.time(), dice.time());
    let mut row = json!({
        "activityid": format!("p{number:03}"), "statecode": dice.pick(&[0, 0, 1, 1, 1, 2]), "scheduledstart": time, "createdon": created.min(time.clone()),
        "actualdurationminutes": dice.pick(&[json!(5), json!(20), Value::Null]), "directioncode": dice.pick(&[json!(true), json!(false), Value::Null]),
        "from": dice.colleague(), "to": dice.party(), "cc": dice.parties(1),
    });
    if dice.once_in(2) {
        row["actualend"] = json!(time);
    }
    regarding(&mut row, dice);
    deleted_sometimes(lake, "phonecall", row, dice);
}

pub fn task(lake: &mut Lake, dice: &mut Dice, number: usize) {
    let (time, created) = (dice.time(), dice.time());
    let row = json!({
        "activityid": format!("t{number:03}"), "statecode": dice.pick(&[0, 1, 1, 2]), "scheduledend": time, "createdon": created.min(time.clone()),
        "actualdurationminutes": 10, "regardingobjectid": dice.pick(&REGARDING),
    });
    deleted_sometimes(lake, "task", row, dice);
}

fn regarding(row: &mut Value, dice: &mut Dice) {
    if dice.once_in(4) {
        row["regardingobjectid"] = json!(dice.pick(&REGARDING));
    }
}

/// Adds the row, with an older version before it or a deletion after it from time to time.
pub fn deleted_sometimes(lake: &mut Lake, table: &str, row: Value, dice: &mut Dice) {
    let mut row = object(row);
    row.insert("versionnumber".into(), json!(5));
    if dice.once_in(10) {
        let mut other = row.clone();
        other.retain(|column, value| !value.is_array() && !matches!(column.as_str(), "from" | "to" | "organizer"));
        let deletes = dice.once_in(3);
        other.insert("versionnumber".into(), json!(if deletes { 6 } else { 4 }));
        other.insert("subject".into(), json!("old"));
        other.insert("IsDelete".into(), if deletes { json!(true) } else { Value::Null });
        lake.insert(table, other);
    }
    lake.insert(table, row);
}

pub fn object(row: Value) -> Row {
    match row {
        Value::Object(row) => row,
        other => panic!("{other} is no row"),
    }
}
