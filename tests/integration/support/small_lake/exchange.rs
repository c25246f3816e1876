//! The rows of the small lake's Exchange tables.

use serde_json::{Value, json};

use super::guid;

/// The rows of an Exchange table as Graph Data Connect lands them.
pub fn exchange(table: &str) -> Vec<Value> {
    let person = |name: &str, address: &str| json!({"emailAddress": {"name": name, "address": address}});
    let (anna, bo) = (person("Anna Nordwind", "anna@nordwind.example"), person("Bo Nordwind", "bo@nordwind.example"));
    let (carl, dora) = (person("Carl Kund", "Carl@kund.example"), person("Dora Kund", "dora.private@mail.example"));
    let real = json!({"isUserSummaryRow": false, "userReturnedNoData": false, "errorInformation": ""});
    let message = |id: &str, mailbox: u32, at: &str, from: &Value, to: &[&Value], message_id: &str| {
        json!({
            "id": id, "internetMessageId": message_id, "sentDateTime": at, "receivedDateTime": at, "createdDateTime": at,
            "lastModifiedDateTime": at, "subject": "Offer for the winter tyres", "sender": from, "from": from,
            "toRecipients": to, "ccRecipients": [], "bccRecipients": null, "conversationIndex": null, "isDraft": false,
            "internetMessageHeaders": [{"name": "X-Mailer", "value": "none"}], "puser": guid(mailbox), "rowinformation": real,
        })
    };
    let attendee = |who: &Value, response: &str| json!({"emailAddress": who["emailAddress"], "status": {"response": response}, "type": "microsoft.graph.attendeeType'required'"});
    match table {
        "messages" => vec![
            message("x1", 21, "2026-03-10T09:00:00Z", &anna, &[&carl], "<m1@nordwind.example>"),
            message("x2", 21, "2026-03-31T18:00:00Z", &dora, &[&anna, &bo], "<m5@mail.example>"),
            message("x3", 22, "2026-03-31T18:00:00Z", &dora, &[&anna, &bo], "<m5@mail.example>"),
            message("x4", 22, "2026-03-29T18:00:00Z", &bo, &[&dora], "<m6@nordwind.example>"),
        ],
        "calendar_view" => vec![json!({
            "id": "y1", "iCalUId": "040000008200E0BB", "subject": "Site visit",
            "start": {"dateTime": "2026-03-24T10:00:00.0000000", "timeZone": "W. Europe Standard Time"},
            "end": {"dateTime": "2026-03-24T11:30:00.0000000", "timeZone": "W. Europe Standard Time"},
            "isAllDay": false, "isCancelled": false, "isOrganizer": true, "organizer": anna,
            "attendees": [attendee(&carl, "accepted"), attendee(&dora, "declined")], "type": "singleInstance",
            "createdDateTime": "2026-03-23T10:00:00Z", "lastModifiedDateTime": "2026-03-23T10:00:00Z", "puser": guid(21), "rowinformation": real,
        })],
        _ => [(21, "anna"), (22, "bo")]
            .map(|(number, name)| {
                let address = format!("{name}@nordwind.example");
                json!({"id": guid(number), "mail": address, "userPrincipalName": address, "usageLocation": "FI", "puser": guid(number)})
            })
            .to_vec(),
    }
}
