//! `dataverse/email`: the mails that are tracked in Dataverse.

use polars::prelude::*;

use crate::history::mail::Mail;
use crate::ids::{Kind, base64, conversation_index, guid, hex_text, message_id};
use crate::random::{rarely, share};
use crate::tables::columns::{flag, full_text, int, table, text, time};
use crate::world::{Owner, Who, World};

/// When the row was made: some minutes after the mail.
pub fn created(mail: &Mail) -> i64 {
    mail.at + 40 + (share(mail.number, 1) * 900.0) as i64
}

/// The colleague who tracked the mail: its sender, else the first of ours who got it.
pub fn owner(world: &World, mail: &Mail) -> Owner {
    std::iter::once(mail.from)
        .chain(mail.recipients())
        .find_map(|person| match world.person(person).who {
            Who::Colleague(colleague) => Some(Owner::Colleague(colleague)),
            _ => None,
        })
        .unwrap_or(Owner::Colleague(0))
}

fn state(status: i32) -> i32 {
    match status {
        1 | 8 => 0,
        5 => 2,
        _ => 1,
    }
}

/// Mail servers and trackers do not agree on the angle brackets.
fn spelled(id: String, number: u64, salt: u64) -> String {
    if share(number, salt) < 0.7 { format!("<{id}>") } else { id }
}

/// How often a followed mail was opened and so on; followed are a few of those we sent.
fn engagement(mail: &Mail, salt: u64, most: f64) -> Option<i32> {
    followed(mail).then(|| {
        let share = share(mail.number, salt);
        ((share * share * most) as i32 - 1).max(0)
    })
}

fn followed(mail: &Mail) -> bool {
    mail.status == 3 && rarely(mail.number, 2, 0.16)
}

pub fn email(world: &World, mails: &[&Mail], hex_index: bool) -> PolarsResult<DataFrame> {
    let rows = || mails.iter().copied();
    let sent = |mail: &Mail| !matches!(mail.status, 1 | 5) && !rarely(mail.number, 3, 0.01);
    let spell = |bytes: &[u8]| {
        if hex_index { hex_text(bytes) } else { base64(bytes) }
    };
    let owners: Vec<Owner> = rows().map(|mail| owner(world, mail)).collect();
    table(vec![
        full_text("activityid", rows().map(|mail| guid(Kind::Email, mail.number))),
        full_text("subject", rows().map(|mail| mail.subject.as_str())),
        int("statecode", rows().map(|mail| Some(state(mail.status)))),
        int("statuscode", rows().map(|mail| Some(mail.status))),
        flag("directioncode", rows().map(|mail| Some(world.person(mail.from).ours()))),
        time("senton", rows().map(|mail| sent(mail).then_some(mail.at))),
        time(
            "actualend",
            rows().map(|mail| (state(mail.status) != 0).then_some(mail.at + 1 + (mail.number % 7) as i64)),
        ),
        time("createdon", rows().map(|mail| Some(created(mail)))),
        text("regardingobjectid", rows().map(|mail| mail.about.map(|record| record.id()))),
        text("regardingobjectid_entitytype", rows().map(|mail| mail.about.map(|record| record.entity()))),
        full_text("ownerid", owners.iter().map(|owner| owner.id())),
        full_text("ownerid_entitytype", owners.iter().map(|owner| owner.entity())),
        text(
            "messageid",
            rows().map(|mail| {
                let known = mail.status != 1 && !rarely(mail.number, 4, 0.01);
                known.then(|| spelled(message_id(mail.number), mail.number, 5))
            }),
        ),
        text("inreplyto", rows().map(|mail| mail.parent.map(|parent| spelled(message_id(parent), mail.number, 6)))),
        text(
            "conversationindex",
            rows().map(|mail| mail.indexed.then(|| spell(&conversation_index(mail.thread, mail.began, mail.position)))),
        ),
        flag("isemailfollowed", rows().map(|mail| (mail.status == 3).then(|| followed(mail)))),
        int("opencount", rows().map(|mail| engagement(mail, 7, 8.0))),
        int("linksclickedcount", rows().map(|mail| engagement(mail, 8, 4.0))),
        int("attachmentopencount", rows().map(|mail| engagement(mail, 9, 3.0))),
        int("replycount", rows().map(|mail| engagement(mail, 10, 5.0))),
    ])
}
