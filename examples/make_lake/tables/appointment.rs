//! `dataverse/appointment`: the meetings that are tracked in Dataverse.

use polars::prelude::*;

use crate::history::meetings::{Form, Meeting};
use crate::ids::{Kind, calendar_uid, guid};
use crate::random::rarely;
use crate::tables::columns::{flag, full_text, int, table, text, time};
use crate::times::END;
use crate::world::{Owner, Who, World};

/// The colleague whose appointment it is: its organizer, else the first of ours in it.
pub fn owner(world: &World, meeting: &Meeting) -> Owner {
    std::iter::once(meeting.organizer)
        .chain(meeting.required.iter().copied())
        .find_map(|person| match world.person(person).who {
            Who::Colleague(colleague) => Some(Owner::Colleague(colleague)),
            _ => None,
        })
        .unwrap_or(Owner::Colleague(0))
}

pub fn appointments(world: &World, meetings: &[&Meeting]) -> PolarsResult<DataFrame> {
    let all = || meetings.iter().copied();
    let owners: Vec<Owner> = all().map(|meeting| owner(world, meeting)).collect();
    let held = |meeting: &Meeting| meeting.state == 1;
    let known_end = |meeting: &Meeting| !rarely(meeting.number, 21, 0.03);
    let uid = |meeting: &Meeting| {
        // An appointment that no calendar shares needs no id; the spelling's case varies.
        let id = calendar_uid(meeting.series);
        let known = meeting.exchange || !rarely(meeting.number, 22, 0.4);
        known.then(|| if rarely(meeting.number, 23, 0.2) { id.to_ascii_lowercase() } else { id })
    };
    table(vec![
        full_text("activityid", all().map(|meeting| guid(Kind::Appointment, meeting.number))),
        full_text("subject", all().map(|meeting| meeting.subject.as_str())),
        int("statecode", all().map(|meeting| Some(meeting.state))),
        time("scheduledstart", all().map(|meeting| Some(meeting.start))),
        time("scheduledend", all().map(|meeting| known_end(meeting).then(|| meeting.end()))),
        time(
            "actualstart",
            all().map(|meeting| (held(meeting) && meeting.number.is_multiple_of(3)).then_some(meeting.start)),
        ),
        time("actualend", all().map(|meeting| held(meeting).then(|| meeting.end().min(END)))),
        int(
            "scheduleddurationminutes",
            all().map(|meeting| (!rarely(meeting.number, 24, 0.02)).then_some(meeting.minutes as i32)),
        ),
        int(
            "actualdurationminutes",
            all().map(|meeting| (held(meeting) && meeting.number % 4 != 0).then_some(meeting.minutes as i32)),
        ),
        flag("isalldayevent", all().map(|meeting| Some(meeting.all_day))),
        text("globalobjectid", all().map(uid)),
        int(
            "instancetypecode",
            all().map(|meeting| {
                Some(match meeting.form {
                    Form::Single => 0,
                    Form::SeriesMaster => 1,
                    Form::Occurrence => 2,
                    Form::Exception => 3,
                })
            }),
        ),
        text("regardingobjectid", all().map(|meeting| meeting.about.map(|record| record.id()))),
        text("regardingobjectid_entitytype", all().map(|meeting| meeting.about.map(|record| record.entity()))),
        full_text("ownerid", owners.iter().map(|owner| owner.id())),
        full_text("ownerid_entitytype", owners.iter().map(|owner| owner.entity())),
        time("createdon", all().map(|meeting| Some(meeting.created))),
    ])
}
