//! Awkward calendars: answers, series, time zones.

use crate::awkward::Cast;
use crate::awkward::workbench::{Bench, march};
use crate::history::meetings::Form;
use crate::ids::{Kind, item_id};
use crate::world::Record;
use crate::write::patch::Cell;

const MEETING: &str = "appointment, calendar_view: subject";
const EVENT: &str = "calendar_view: subject";

pub fn plant(bench: &mut Bench, cast: &Cast) {
    answers(bench, cast);
    series(bench, cast);
    zones(bench, cast);
}

fn answers(bench: &mut Bench, cast: &Cast) {
    let (us, we, them, they) = (cast.us(bench), cast.we(bench), cast.them(bench), cast.they(bench));
    let case = bench.case("N11", EVENT, "every external attendee declined");
    let meeting = bench.meeting(march(25, 8), us, &[them, they], &case);
    meeting.dataverse = false;
    meeting.declined = vec![them, they];
    let case = bench.case("L2, K6", EVENT, "one of two contacts declined: no link for him");
    let meeting = bench.meeting(march(25, 9), us, &[them, they], &case);
    meeting.dataverse = false;
    meeting.declined = vec![they];
    let case = bench.case("K6", MEETING, "a colleague declined: he was not present");
    bench.meeting(march(25, 10), us, &[we, them], &case).declined = vec![we];
    let case = bench.case("N9", MEETING, "between colleagues only");
    bench.meeting(march(25, 11), us, &[we], &case);
    let case = bench.case("N9, L1", MEETING, "between colleagues only, regarding an account: counts for it alone");
    bench.meeting(march(25, 12), us, &[we], &case).about = Some(Record::Account(cast.account));
    let case = bench.case("L2", MEETING, "a customer organizes: links by default, not in `dynamics`");
    bench.meeting(march(25, 13), them, &[us], &case);
}

fn series(bench: &mut Bench, cast: &Cast) {
    let (us, them) = (cast.us(bench), cast.them(bench));
    let case = bench.case("I10, N5", MEETING, "a series: master, two occurrences, a moved exception, one to come");
    let mut uid = 0;
    for (place, form, start, state) in [
        (0, Form::SeriesMaster, march(3, 13), 3),
        (1, Form::Occurrence, march(3, 13), 1),
        (2, Form::Occurrence, march(10, 13), 1),
        (3, Form::Exception, march(17, 15), 3),
        (4, Form::Occurrence, march(38, 13), 3),
    ] {
        let meeting = bench.meeting(start, us, &[them], &case);
        if place == 0 {
            uid = meeting.number;
        }
        (meeting.series, meeting.form, meeting.state) = (uid, form, state);
        meeting.created = march(2, 8);
    }
}

fn zones(bench: &mut Bench, cast: &Cast) {
    let (us, them) = (cast.us(bench), cast.them(bench));
    let cases = [
        ("W. Europe Standard Time", "2026-03-29T10:00:00.0000000", "the day summer time begins: 08:00 UTC"),
        ("Eastern Standard Time", "2026-03-26T09:00:00.0000000", "summer time began on 2026-03-08: 13:00 UTC"),
        ("America/New_York", "2026-03-26T10:00:00.0000000", "an IANA name: 14:00 UTC"),
        ("India Standard Time", "2026-03-26T19:30:00.0000000", "half an hour off: 14:00 UTC"),
        ("Nordwind House Time", "2026-03-26T15:00:00.0000000", "unknown: read as UTC, with a warning"),
    ];
    for (zone, text, what) in cases {
        let case = bench.case("I8", EVENT, &format!("`{zone}`, {what}"));
        let meeting = bench.meeting(march(26, 9), us, &[them], &case);
        meeting.dataverse = false;
        let event = item_id(Kind::Appointment, meeting.number, cast.pia as u64);
        for (column, hours) in [("start", 0), ("end", 1)] {
            let cells = [("dateTime", Cell::Text(later(text, hours))), ("timeZone", Cell::Text(zone.to_string()))];
            bench.patch("calendar_view", event.clone(), column, Cell::Struct(cells.to_vec()));
        }
    }
}

/// A text of a time some hours later on the same day.
fn later(text: &str, hours: usize) -> String {
    let hour: usize = text.get(11..13).and_then(|hour| hour.parse().ok()).unwrap_or(0);
    format!("{}{:02}{}", &text[..11], hour + hours, &text[13..])
}
