//! `exchange/calendar_view`: one row per mailbox that holds a meeting.

use polars::prelude::*;

use crate::history::meetings::{Form, Meeting};
use crate::ids::{Kind, calendar_uid, guid, item_id};
use crate::random::share;
use crate::tables::columns::{chosen, cut_lists, flag, full_text, record, rows, table};
use crate::times::{iso, local_text, zone};
use crate::world::{PersonNo, World};

/// One attendee of a meeting: role and answer.
fn attendees(people: &Series, meetings: &[&Meeting]) -> PolarsResult<Column> {
    let mut persons: Vec<PersonNo> = Vec::new();
    let mut kinds: Vec<&str> = Vec::new();
    let mut answers: Vec<&str> = Vec::new();
    let mut lengths = Vec::with_capacity(meetings.len());
    for meeting in meetings {
        let before = persons.len();
        persons.push(meeting.organizer);
        kinds.push("required");
        answers.push("organizer");
        let required = meeting.required.iter().map(|person| (person, "required"));
        for (&person, kind) in required.chain(meeting.optional.iter().map(|person| (person, "optional"))) {
            persons.push(person);
            kinds.push(kind);
            answers.push(if meeting.declined.contains(&person) {
                "declined"
            } else {
                ["accepted", "accepted", "tentativelyAccepted", "none"]
                    [(share(meeting.number, u64::from(person)) * 4.0) as usize]
            });
        }
        if let Some(room) = meeting.room {
            persons.push(room);
            kinds.push("resource");
            answers.push("accepted");
        }
        lengths.push(persons.len() - before);
    }
    let time = full_text("time", persons.iter().map(|_| "0001-01-01T00:00:00Z"));
    let status = record("status", &[full_text("response", answers.into_iter()), time])?;
    let person = chosen("person", people, persons.iter().map(|&person| Some(person)))?;
    let address = person.struct_()?.field_by_name("emailAddress")?.into_column();
    let all = record("attendee", &[full_text("type", kinds.into_iter()), status, address])?;
    cut_lists("attendees", all.as_materialized_series(), lengths.into_iter())
}

/// One row per mailbox of an organizer or attendee.
pub fn calendar_view(world: &World, people: &Series, meetings: &[&Meeting]) -> PolarsResult<DataFrame> {
    let mut copies: Vec<(usize, usize, bool)> = Vec::new();
    for (number, meeting) in meetings.iter().enumerate() {
        let start = copies.len();
        let guests = meeting.required.iter().chain(&meeting.optional);
        for (place, &person) in std::iter::once(&meeting.organizer).chain(guests).enumerate() {
            if let Some(mailbox) = world.mailbox(person)
                && !copies[start..].iter().any(|copy| copy.1 == mailbox)
            {
                copies.push((number, mailbox, place == 0));
            }
        }
    }
    let each = || copies.iter().map(|&(number, mailbox, own)| (meetings[number], mailbox, own));
    let local = |name: &str, instant: &dyn Fn(&Meeting) -> i64| {
        let zones = || {
            each().map(|(meeting, mailbox, _)| {
                // Some calendars are exported in UTC, whatever the mailbox's own zone is.
                let country = world.colleagues[mailbox].country.unwrap_or("SE");
                (meeting, zone(if meeting.number % 4 == 0 { "UTC" } else { country }))
            })
        };
        let texts = zones().map(|(meeting, zone)| {
            let shift = if meeting.all_day { instant(meeting) } else { zone.local(instant(meeting)) };
            format!("{}.0000000", local_text(shift))
        });
        record(name, &[full_text("dateTime", texts), full_text("timeZone", zones().map(|(_, zone)| zone.name))])
    };
    let mut frame = table(vec![
        full_text("iCalUId", each().map(|(meeting, ..)| calendar_uid(meeting.series))),
        full_text("id", each().map(|(meeting, mailbox, _)| item_id(Kind::Appointment, meeting.number, mailbox as u64))),
        full_text("subject", each().map(|(meeting, ..)| meeting.subject.as_str())),
        local("start", &|meeting| meeting.start)?,
        local("end", &Meeting::end)?,
        flag("isAllDay", each().map(|(meeting, ..)| Some(meeting.all_day))),
        flag("isCancelled", each().map(|(meeting, ..)| Some(meeting.state == 2))),
        flag("isOrganizer", each().map(|(.., own)| Some(own))),
        chosen("organizer", people, each().map(|(meeting, ..)| Some(meeting.organizer)))?,
    ])?;
    let of_meeting =
        rows(&table(vec![attendees(people, meetings)?])?, copies.iter().map(|copy| copy.0 as IdxSize).collect())?;
    frame.hstack_mut(of_meeting.columns())?;
    frame.hstack_mut(&[
        full_text("showAs", each().map(|(meeting, ..)| if meeting.number % 12 == 0 { "tentative" } else { "busy" })),
        full_text(
            "type",
            each().map(|(meeting, ..)| match meeting.form {
                Form::Single => "singleInstance",
                Form::SeriesMaster => "seriesMaster",
                Form::Occurrence => "occurrence",
                Form::Exception => "exception",
            }),
        ),
        full_text("createdDateTime", each().map(|(meeting, ..)| iso(meeting.created))),
        full_text("lastModifiedDateTime", each().map(|(meeting, ..)| iso(meeting.created + 300))),
        full_text("puser", each().map(|(_, mailbox, _)| guid(Kind::Mailbox, mailbox as u64))),
        full_text("ptenant", each().map(|_| guid(Kind::Tenant, 0))),
    ])?;
    Ok(frame)
}
