//! Writes what happened, period by period.
//!
//! Only one period's rows are in memory at a time, so that the size of a lake is bounded by the disk.

use polars::prelude::*;

use crate::awkward::plants::Plants;
use crate::history::mail::Mail;
use crate::history::meetings::Meeting;
use crate::history::{Activities, History};
use crate::random::PLANTED;
use crate::settings::Settings;
use crate::tables::activityparty::Parties;
use crate::tables::{appointment, calendar_view, calls, email, messages};
use crate::times::Period;
use crate::world::World;
use crate::write::delta::{Delta, removed_tasks};
use crate::write::export::{ACTIVITIES, Export, Fresh, PARTIES};
use crate::write::lake::Lake;
use crate::write::patch::{apply, twins};

pub fn write_activities(lake: &mut Lake, settings: &Settings, world: &World, plants: &Plants) -> PolarsResult<()> {
    let addresses = world.addresses()?;
    let mut history = History::new(world, settings, plants);
    let export = |table| Export::new(table, "activityid", settings.seed, ACTIVITIES);
    let mut exports = ["email", "appointment", "phonecall", "task"].map(export);
    let mut party_export = Export::new("activityparty", "activitypartyid", settings.seed, PARTIES);
    let mut delta = settings.awkward.then(|| Delta::new("task"));
    let mut parties = 0;

    for (number, period) in settings.periods.iter().enumerate() {
        let last = number + 1 == settings.periods.len();
        let now = history.of(period, last);
        let hex_index = number == 0 && settings.awkward;
        for (export, rows) in exports.iter_mut().zip(dataverse_tables(world, &now, hex_index)?) {
            let frame = export.file(rows, plants, last)?;
            match delta.as_mut().filter(|_| export.table == "task") {
                Some(delta) => delta.put(lake, &period.label, frame)?,
                None => lake.put("dataverse", export.table, &period.label, frame)?,
            }
        }
        let list = collect_parties(world, &now, plants, parties);
        parties += list.len();
        let frame = party_export.file(list.table()?, plants, last)?;
        lake.put("dataverse", "activityparty", &period.label, frame)?;
        write_exchange(lake, world, &addresses, &now, plants, period, last)?;
    }
    if let (Some(delta), Some(first)) = (delta, settings.periods.first()) {
        delta.finish(lake, &first.label, removed_tasks(world, settings)?)?;
    }
    Ok(())
}

fn dataverse_tables(world: &World, now: &Activities, hex_index: bool) -> PolarsResult<[Fresh; 4]> {
    fn fresh<T>(frame: DataFrame, items: &[T], of: impl Fn(&T) -> (u64, i64)) -> Fresh {
        let (numbers, created): (Vec<u64>, Vec<i64>) = items.iter().map(of).unzip();
        Fresh { frame, created, planted: numbers.iter().map(|&number| number >= PLANTED).collect() }
    }
    let mails: Vec<&Mail> = now.mails.iter().filter(|mail| mail.dataverse).collect();
    let meetings: Vec<&Meeting> = now.meetings.iter().filter(|meeting| meeting.dataverse).collect();
    let email = email::email(world, &mails, hex_index)?;
    let appointment = appointment::appointments(world, &meetings)?;
    let phonecall = calls::phonecalls(world, &now.calls)?;
    let task = calls::tasks(&now.tasks)?;
    Ok([
        fresh(email, &mails, |mail| (mail.number, email::created(mail))),
        fresh(appointment, &meetings, |meeting| (meeting.number, meeting.created)),
        fresh(phonecall, &now.calls, |call| (call.number, call.created)),
        fresh(task, &now.tasks, |task| (task.number, task.created)),
    ])
}

fn collect_parties<'a>(world: &'a World, now: &Activities, plants: &Plants, before: u64) -> Parties<'a> {
    let mut parties = Parties::new(world, before);
    let named = |number: u64| !plants.without_parties.contains(&number);
    for mail in now.mails.iter().filter(|mail| mail.dataverse && named(mail.number)) {
        parties.mail(mail);
    }
    for meeting in now.meetings.iter().filter(|meeting| meeting.dataverse && named(meeting.number)) {
        parties.meeting(meeting);
    }
    now.calls.iter().for_each(|call| parties.call(call));
    now.tasks.iter().for_each(|task| parties.task(task));
    now.parties.iter().for_each(|party| parties.add(party.clone()));
    parties
}

fn write_exchange(
    lake: &mut Lake,
    world: &World,
    addresses: &Series,
    now: &Activities,
    plants: &Plants,
    period: &Period,
    last: bool,
) -> PolarsResult<()> {
    let mails: Vec<&Mail> = now.mails.iter().filter(|mail| mail.exchange).collect();
    let meetings: Vec<&Meeting> = now.meetings.iter().filter(|meeting| meeting.exchange).collect();
    let tables = [
        ("messages", messages::messages(world, addresses, &mails)?),
        ("calendar_view", calendar_view::calendar_view(world, addresses, &meetings)?),
    ];
    for (table, mut frame) in tables {
        let (copies, _) = twins(&frame, table, "id", &plants.twins)?;
        for copy in copies {
            frame.vstack_mut_owned(copy)?;
        }
        if last && table == "messages" {
            frame.vstack_mut_owned(messages::summaries(world, &frame)?)?;
        }
        apply(&mut frame, table, "id", &plants.patches)?;
        lake.put("exchange", table, &period.label, frame)?;
    }
    Ok(())
}
