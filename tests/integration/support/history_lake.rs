//! A lake drawn by a seed whose mail is many short threads over four months, so that most of it is the same for all
//! days of a backfill, and the rest changes within them in every way that the rules know.

use chrono::{DateTime, Duration, Utc};
use serde_json::{Value, json};

use crate::support::dice::Dice;
use crate::support::lake::Lake;
use crate::support::random_lake::{appointment, call, deleted_sometimes, event, object, people, task};

const COLLEAGUES: [&str; 4] = ["anna", "bo", "cleo", "half"];

/// The lake of a seed.
pub fn drawn(seed: u64) -> Lake {
    let mut dice = Dice::seeded(seed);
    let mut lake = people().with(Lake::described(NEWS));
    for number in 0..9 {
        let account = format!("account:a{}", number % 3);
        let address = format!("e{number}@echo.example");
        let row = json!({ "contactid": format!("e{number}"), "emailaddress1": address, "parentcustomerid": account });
        lake.insert("contact", object(row));
    }
    for number in 0..240 {
        thread(&mut lake, &mut dice, number);
    }
    for number in 0..60 {
        appointment(&mut lake, &mut dice, number);
        call(&mut lake, &mut dice, number);
        task(&mut lake, &mut dice, number);
    }
    for number in 0..40 {
        let mailbox = format!("box-{}", dice.pick(&COLLEAGUES));
        let row = event(&mut dice, &mailbox, &format!("k{number}"));
        lake.insert("calendar_view", row);
    }
    lake
}

/// Records that come to be in March: an account whose primary contact has long been there, a master of an account and
/// one of a contact, a contact and a lead with addresses of others, deals that open and close; mail to one of these others
/// that names them by id alone, and a plan that was made long before.
const NEWS: &str = r#"{
    "account": [
        {"accountid": "a-late", "name": "Late", "createdon": "2026-03-20T09:00Z", "primarycontactid": "c7", "ownerid": "bo"},
        {"accountid": "a-master", "name": "Master", "createdon": "2026-03-17T09:00Z", "primarycontactid": "c8", "ownerid": "bo"},
        {"accountid": "a-merged", "name": "Merged", "merged": true, "masterid": "a-master", "createdon": "2026-01-02T09:00Z"}
    ],
    "contact": [
        {"contactid": "d1", "fullname": "Member", "emailaddress1": "d1@delta.example", "parentcustomerid": "account:a-merged", "createdon": "2025-01-02T09:00Z"},
        {"contactid": "d2", "fullname": "Of late", "emailaddress1": "d2@delta.example", "parentcustomerid": "account:a-late", "createdon": "2025-01-02T09:00Z"},
        {"contactid": "d3", "fullname": "Newcomer", "emailaddress1": "d3@delta.example", "emailaddress2": "c6@acme.example", "createdon": "2026-03-13T09:00Z"},
        {"contactid": "d4", "fullname": "Usurper", "emailaddress1": "d5@delta.example", "createdon": "2026-03-16T09:00Z"},
        {"contactid": "d5", "fullname": "Second", "emailaddress1": "d4@delta.example", "emailaddress2": "d5@delta.example", "createdon": "2025-01-02T09:00Z"}
    ],
    "lead": [
        {"leadid": "l-twin", "emailaddress1": "c5@acme.example", "ownerid": "anna", "createdon": "2026-03-15T09:00Z"},
        {"leadid": "l-aided", "emailaddress1": "nobody@leads.example", "ownerid": "anna", "createdon": "2026-03-14T09:00Z"}
    ],
    "opportunity": [
        {"opportunityid": "o-late", "customerid": "account:a-late", "ownerid": "anna", "createdon": "2026-03-01T09:00Z"},
        {"opportunityid": "o-merged", "customerid": "account:a-merged", "ownerid": "bo", "createdon": "2026-01-05T09:00Z"},
        {"opportunityid": "o-new", "parentcontactid": "c4", "ownerid": "anna", "createdon": "2026-03-18T09:00Z"},
        {"opportunityid": "o-won", "parentcontactid": "c4", "ownerid": "cleo", "statecode": 1, "actualclosedate": "2026-03-16", "createdon": "2026-01-18T09:00Z"},
        {"opportunityid": "o-lost", "parentcontactid": "d1", "ownerid": "cleo", "statecode": 2, "actualclosedate": "2026-03-21", "createdon": "2026-01-18T09:00Z"}
    ],
    "email": [
        {"activityid": "by-id", "statuscode": 3, "senton": "2026-01-20T09:00Z", "from": "anna@nw.example", "to": "contact:c5"}
    ],
    "task": [
        {"activityid": "planned", "statecode": 0, "createdon": "2026-02-01T09:00Z", "scheduledstart": "2026-03-19T09:00Z", "regardingobjectid": "contact:e1"}
    ],
    "connection": [
        {"connectionid": "k3", "record1id": "lead:l-aided", "record2id": "contact:c3", "record2roleid": "stakeholder"},
        {"connectionid": "k4", "record1id": "opportunity:o-new", "record2id": "contact:d3", "record2roleid": "stakeholder"}
    ]
}"#;

/// Most customers are the same for all days, the others change in March.
fn customer(dice: &mut Dice) -> String {
    if !dice.once_in(3) {
        return format!("e{}@echo.example", dice.below(9));
    }
    match dice.below(8) {
        0 | 1 => format!("d{}@delta.example", 1 + dice.below(5)),
        2 => format!("{}@acme.example", dice.pick(&["c-old", "c-older", "c-odd", "c-new", "shared"])),
        3 => format!("l{}@leads.example", dice.below(4)),
        4 => format!("stranger{}@else.example", dice.below(9)),
        _ => format!("c{}@acme.example", dice.below(9)),
    }
}

/// Some emails between a customer and a colleague, told to be one thread by a conversation or by what they answer; some
/// come late, some never, and some are reports that one could not be delivered.
fn thread(lake: &mut Lake, dice: &mut Dice, number: usize) {
    let (them, us) = (customer(dice), format!("{}@nw.example", dice.pick(&COLLEAGUES)));
    let index = dice.once_in(2).then(|| format!("010203040506{:032x}", 1000 + number));
    let begin: DateTime<Utc> = "2025-12-20T08:00:00Z".parse().expect("an instant");
    let mut at = begin + Duration::minutes(dice.below(115 * 24 * 4) as i64 * 15);
    let mut parent = Value::Null;
    for place in 0..1 + dice.below(4) {
        let ours = (place + number).is_multiple_of(2) || dice.once_in(4);
        let is_report = dice.once_in(12);
        let id = format!("<t{number}-{place}@x.example>");
        let (from, to) = match (is_report, ours) {
            (true, _) => ("mailer-daemon@mail.example".to_string(), us.clone()),
            (false, true) => (us.clone(), them.clone()),
            (false, false) => (them.clone(), us.clone()),
        };
        let subject = if is_report { "Undeliverable: offer" } else { "Offer" };
        let (time, cc) = (at.format("%Y-%m-%dT%H:%MZ").to_string(), dice.people(1));
        let kinds = dice.below(3);
        if kinds != 1 {
            let row = json!({
                "activityid": format!("t{number}-{place}"), "statuscode": 3, "subject": subject, "senton": time, "createdon": time,
                "conversationindex": index, "messageid": id, "inreplyto": parent, "from": from, "to": [to.clone()], "cc": cc,
                "regardingobjectid": if dice.once_in(12) { json!(dice.pick(&["opportunity:o-won", "lead:l2", "account:a-merged", "contact:c-odd"])) } else { Value::Null },
            });
            deleted_sometimes(lake, "email", row, dice);
        }
        if kinds != 0 {
            let mailbox = us.replace("@nw.example", "");
            let message_id = if dice.once_in(25) { Value::Null } else { json!(id) };
            let row = json!({
                "id": format!("i{}", dice.below(500)), "puser": format!("box-{mailbox}"), "internetMessageId": message_id, "createdDateTime": time,
                "sentDateTime": time, "subject": subject, "isDraft": false, "conversationIndex": null,
                "internetMessageHeaders": { "In-Reply-To": parent }, "from": from, "toRecipients": [to], "ccRecipients": cc, "bccRecipients": [],
            });
            lake.insert("messages", object(row));
        }
        parent = json!(id);
        at += Duration::hours(1 + dice.below(9 * 24) as i64);
    }
}
