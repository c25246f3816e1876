//! Awkward meetings: states, durations, copies that disagree.

use crate::awkward::Cast;
use crate::awkward::workbench::{Bench, march};
use crate::history::meetings::Meeting;
use crate::ids::{Kind, calendar_uid, guid, item_id};
use crate::tables::activityparty::{Member, OPTIONAL, REQUIRED};
use crate::write::patch::Cell;

const MEETING: &str = "appointment, calendar_view: subject";
const APPOINTMENT: &str = "appointment: subject";
const EVENT: &str = "calendar_view: subject";

pub fn plant(bench: &mut Bench, cast: &Cast) {
    states(bench, cast);
    durations(bench, cast);
    merging(bench, cast);
}

fn in_dataverse(meeting: &mut Meeting) -> &mut Meeting {
    meeting.exchange = false;
    meeting
}

fn states(bench: &mut Bench, cast: &Cast) {
    let (us, them) = (cast.us(bench), cast.them(bench));
    for (state, what) in [
        (0, "open and past: held by default, never completed in `dynamics`"),
        (3, "scheduled and past: the same"),
        (2, "cancelled"),
    ] {
        let case = bench.case("N1, N8", APPOINTMENT, &format!("statecode {state}: {what}"));
        in_dataverse(bench.meeting(march(20, 9), us, &[them], &case)).state = state;
    }
    for (state, created, what) in [
        (3, march(30, 9), "planned, known at D"),
        (1, march(30, 10), "completed in the meantime, planned as of D"),
        (3, march(32, 9), "planned after D: not known at D"),
        (2, march(30, 11), "planned and cancelled"),
    ] {
        let case = bench.case("N2, T2", MEETING, &format!("on 2026-04-10: {what}"));
        let meeting = bench.meeting(march(41, 9), us, &[them], &case);
        (meeting.state, meeting.created) = (state, created);
    }
    let case = bench.case("N2, T2", APPOINTMENT, "on 2026-04-10, createdon null: known");
    let meeting = in_dataverse(bench.meeting(march(41, 10), us, &[them], &case));
    meeting.state = 3;
    let number = meeting.number;
    bench.patch("appointment", guid(Kind::Appointment, number), "createdon", Cell::Null);
    let case = bench.case("N3", APPOINTMENT, "scheduledstart null: actualstart counts");
    let number = in_dataverse(bench.meeting(march(20, 11), us, &[them], &case)).number;
    let id = guid(Kind::Appointment, number);
    bench.patch("appointment", id.clone(), "scheduledstart", Cell::Null);
    bench.patch("appointment", id, "actualstart", Cell::Time(march(20, 11) + 300));
}

fn durations(bench: &mut Bench, cast: &Cast) {
    let (us, them) = (cast.us(bench), cast.them(bench));
    let cases: [(&str, &[(&str, Cell)]); 4] = [
        (
            "scheduledend null: scheduleddurationminutes counts",
            &[("scheduledend", Cell::Null), ("scheduleddurationminutes", Cell::Int(40))],
        ),
        (
            "no end, no scheduled duration: actualdurationminutes counts",
            &[
                ("scheduledend", Cell::Null),
                ("scheduleddurationminutes", Cell::Null),
                ("actualdurationminutes", Cell::Int(25)),
            ],
        ),
        (
            "no duration at all: null",
            &[
                ("scheduledend", Cell::Null),
                ("scheduleddurationminutes", Cell::Null),
                ("actualdurationminutes", Cell::Null),
            ],
        ),
        ("ends before it begins: null", &[("scheduledend", Cell::Time(march(23, 8)))]),
    ];
    for (what, cells) in cases {
        let case = bench.case("N4", APPOINTMENT, what);
        let number = in_dataverse(bench.meeting(march(23, 9), us, &[them], &case)).number;
        for (column, value) in cells {
            bench.patch("appointment", guid(Kind::Appointment, number), column, value.clone());
        }
    }
    let case = bench.case("N11", MEETING, "marked all-day");
    let meeting = bench.meeting(march(23, 0), us, &[them], &case);
    (meeting.all_day, meeting.minutes) = (true, 1_440);
    for (minutes, what) in [(1_440, "24 hours, not marked: all day or longer"), (1_439, "one minute less: kept")] {
        let case = bench.case("N11", MEETING, what);
        bench.meeting(march(23, 10), us, &[them], &case).minutes = minutes;
    }
}

fn merging(bench: &mut Bench, cast: &Cast) {
    let (us, we, them) = (cast.us(bench), cast.we(bench), cast.them(bench));
    let case = bench.case("N5", MEETING, "globalobjectid in lower case, iCalUId in upper case: one meeting");
    let number = bench.meeting(march(24, 8), us, &[we, them], &case).number;
    let id = guid(Kind::Appointment, number);
    bench.patch("appointment", id, "globalobjectid", Cell::Text(calendar_uid(number).to_lowercase()));
    let case = bench.case("N5", MEETING, "cancelled in the calendar, completed in Dataverse: Dataverse decides");
    let number = bench.meeting(march(24, 9), us, &[them], &case).number;
    let event = item_id(Kind::Appointment, number, cast.pia as u64);
    bench.patch("calendar_view", event, "isCancelled", Cell::Flag(true));
    let case = bench.case("N5", MEETING, "moved in Dataverse by an hour, the calendar has the old time");
    let number = bench.meeting(march(24, 10), us, &[them], &case).number;
    let id = guid(Kind::Appointment, number);
    bench.patch("appointment", id.clone(), "scheduledstart", Cell::Time(march(24, 11)));
    bench.patch("appointment", id, "scheduledend", Cell::Time(march(24, 12)));
    let case = bench.case("N5", EVENT, "no organizer's copy: the copy created first decides, the other is cancelled");
    let meeting = bench.meeting(march(24, 12), them, &[us, we], &case);
    meeting.dataverse = false;
    let number = meeting.number;
    let event = item_id(Kind::Appointment, number, cast.per as u64);
    bench.patch("calendar_view", event, "createdDateTime", Cell::Text("2026-03-01T07:00:00Z".to_string()));
    let event = item_id(Kind::Appointment, number, cast.pia as u64);
    bench.patch("calendar_view", event, "isCancelled", Cell::Flag(true));
    let case = bench.case("N5", APPOINTMENT, "no globalobjectid, twice at one time: two meetings");
    for _ in 0..2 {
        let number = in_dataverse(bench.meeting(march(24, 13), us, &[them], &case)).number;
        bench.patch("appointment", guid(Kind::Appointment, number), "globalobjectid", Cell::Null);
    }
    let case = bench.case("N6", APPOINTMENT, "no organizer among the parties: its owner decides");
    let meeting = in_dataverse(bench.meeting(march(24, 14), us, &[them], &case));
    let (number, at) = (meeting.number, meeting.created);
    bench.plants.without_parties.push(number);
    bench.party((Kind::Appointment, number), REQUIRED, at, Member::Person(them));
    bench.party((Kind::Appointment, number), OPTIONAL, at, Member::Person(we));
    let case = bench.case("P4", MEETING, "a room is a resource: no participant");
    let room = bench.stranger("Room", "room1@provhamn.example");
    bench.meeting(march(24, 15), us, &[them], &case).room = Some(room);
    let case = bench.case("I9", EVENT, "exported again: the later lastModifiedDateTime counts (was cancelled)");
    let meeting = bench.meeting(march(24, 16), us, &[them], &case);
    meeting.dataverse = false;
    let event = item_id(Kind::Appointment, meeting.number, cast.pia as u64);
    let before = Cell::Text("2026-03-01T07:00:00Z".to_string());
    let cells = vec![("isCancelled", Cell::Flag(true)), ("lastModifiedDateTime", before)];
    bench.twin("calendar_view", event, cells);
}
