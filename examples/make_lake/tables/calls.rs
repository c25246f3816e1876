//! `dataverse/phonecall` and `dataverse/task`.

use polars::prelude::*;

use crate::history::calls::{Call, Task};
use crate::ids::{Kind, guid};
use crate::random::{rarely, share};
use crate::tables::columns::{flag, full_text, int, table, text, time};
use crate::times::{HOUR, MINUTE};
use crate::world::{Owner, PersonNo, Who, World};

fn owner_of(world: &World, person: PersonNo) -> Owner {
    match world.person(person).who {
        Who::Colleague(colleague) => Owner::Colleague(colleague),
        _ => Owner::Colleague(0),
    }
}

pub fn phonecalls(world: &World, calls: &[Call]) -> PolarsResult<DataFrame> {
    let held = |call: &&Call| call.state == 1;
    let planned = |call: &Call| call.at > call.created;
    let length = |call: &Call| call.minutes.unwrap_or(5) * MINUTE;
    let all = || calls.iter();
    table(vec![
        full_text("activityid", all().map(|call| guid(Kind::Call, call.number))),
        full_text("subject", all().map(|call| call.subject.as_str())),
        int("statecode", all().map(|call| Some(call.state))),
        flag("directioncode", all().map(|call| (!rarely(call.number, 31, 0.02)).then_some(call.outgoing))),
        time("actualstart", all().map(|call| (held(&call) && call.number % 4 != 0).then_some(call.at))),
        time(
            "actualend",
            all().map(|call| (held(&call) && !rarely(call.number, 32, 0.04)).then(|| call.at + length(call))),
        ),
        time("scheduledstart", all().map(|call| planned(call).then_some(call.at))),
        time("scheduledend", all().map(|call| planned(call).then(|| call.at + 15 * MINUTE))),
        int("actualdurationminutes", all().map(|call| call.minutes.filter(|_| call.state == 1).map(|m| m as i32))),
        flag("leftvoicemail", all().map(|call| (call.number % 3 == 0).then(|| share(call.number, 33) < 0.15))),
        text("regardingobjectid", all().map(|call| call.about.map(|record| record.id()))),
        text("regardingobjectid_entitytype", all().map(|call| call.about.map(|record| record.entity()))),
        full_text("ownerid", all().map(|call| owner_of(world, call.ours).id())),
        full_text("ownerid_entitytype", all().map(|_| "systemuser")),
        time("createdon", all().map(|call| Some(call.created))),
    ])
}

pub fn tasks(tasks: &[Task]) -> PolarsResult<DataFrame> {
    let all = || tasks.iter();
    table(vec![
        full_text("activityid", all().map(|task| guid(Kind::Task, task.number))),
        full_text("subject", all().map(|task| task.subject.as_str())),
        int("statecode", all().map(|task| Some(task.state))),
        time("actualend", all().map(|task| (task.state == 1).then_some(task.due))),
        time("scheduledstart", all().map(|task| (task.number % 2 == 0).then_some(task.due - HOUR))),
        time("scheduledend", all().map(|task| Some(task.due))),
        int("actualdurationminutes", all().map(|task| task.minutes.filter(|_| task.state == 1).map(|m| m as i32))),
        text("regardingobjectid", all().map(|task| task.about.map(|record| record.id()))),
        text("regardingobjectid_entitytype", all().map(|task| task.about.map(|record| record.entity()))),
        full_text("ownerid", all().map(|task| task.owner.id())),
        full_text("ownerid_entitytype", all().map(|task| task.owner.entity())),
        time("createdon", all().map(|task| Some(task.created))),
    ])
}
