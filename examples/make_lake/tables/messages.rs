//! `exchange/messages`: one row per mailbox that holds a mail.

use polars::prelude::*;

use crate::history::mail::Mail;
use crate::ids::{Kind, base64, conversation_id, conversation_index, guid, item_id, message_id};
use crate::random::{PLANTED, rarely, share};
use crate::tables::columns::{absent, chosen, chosen_lists, flag, full_text, record, rows, table, text};
use crate::tables::headers::headers;
use crate::times::{HOUR, iso};
use crate::world::{PersonNo, World};

/// A mail (its place among the period's) in the mailbox of a colleague.
struct Copy {
    mail: usize,
    mailbox: usize,
    /// The sender's own copy: it alone shows who got the mail in secret.
    sent: bool,
}

fn copies(world: &World, mails: &[&Mail]) -> Vec<Copy> {
    let mut out = Vec::with_capacity(mails.len() * 2);
    for (number, mail) in mails.iter().enumerate() {
        let start = out.len();
        let mut hold = |person: PersonNo, sent: bool| {
            if let Some(mailbox) = world.mailbox(person)
                && !out[start..].iter().any(|copy: &Copy| copy.mailbox == mailbox)
            {
                out.push(Copy { mail: number, mailbox, sent });
            }
        };
        hold(mail.from, true);
        // A draft lies in its author's mailbox only.
        if !mail.draft {
            mail.delegate.into_iter().chain(mail.recipients()).for_each(|person| hold(person, false));
            if rarely(mail.number, 11, 0.008) {
                // It came by a list: the owner of the mailbox is not named.
                let reader = (mail.number % world.drawn.colleagues as u64) as usize;
                hold(world.colleagues[reader].person, false);
            }
        }
    }
    out
}

/// The columns that all copies of a mail share.
fn shared(people: &Series, mails: &[&Mail]) -> PolarsResult<DataFrame> {
    let all = || mails.iter().copied();
    table(vec![
        full_text("subject", all().map(|mail| mail.subject.as_str())),
        chosen("sender", people, all().map(|mail| Some(mail.delegate.unwrap_or(mail.from))))?,
        chosen("from", people, all().map(|mail| Some(mail.from)))?,
        chosen_lists("toRecipients", people, mails.iter().map(|mail| mail.to.as_slice()))?,
        chosen_lists("ccRecipients", people, mails.iter().map(|mail| mail.cc.as_slice()))?,
        text(
            "conversationIndex",
            all().map(|mail| mail.indexed.then(|| base64(&conversation_index(mail.thread, mail.began, mail.position)))),
        ),
        flag("isDraft", all().map(|mail| Some(mail.draft))),
        headers(mails)?,
        full_text("importance", all().map(|mail| if mail.number % 25 == 0 { "high" } else { "normal" })),
    ])
}

pub fn messages(world: &World, people: &Series, mails: &[&Mail]) -> PolarsResult<DataFrame> {
    let copies = copies(world, mails);
    let each = || copies.iter().map(|copy| (mails[copy.mail], copy));
    let received = |mail: &Mail, copy: &Copy| {
        let delay = if copy.sent { 0 } else { 2 + (share(mail.number, copy.mailbox as u64) * 60.0) as i64 };
        mail.at + delay
    };
    let changed = |mail: &Mail, copy: &Copy| {
        received(mail, copy) + 60 + (share(mail.number, copy.mailbox as u64 + 1) * 5.0 * HOUR as f64) as i64
    };
    let mut frame = table(vec![
        full_text("id", each().map(|(mail, copy)| item_id(Kind::Email, mail.number, copy.mailbox as u64))),
        full_text(
            "internetMessageId",
            each().map(|(mail, copy)| {
                let id = message_id(mail.number);
                if share(mail.number, copy.mailbox as u64 + 2) < 0.05 { id } else { format!("<{id}>") }
            }),
        ),
        full_text("sentDateTime", each().map(|(mail, _)| iso(mail.at))),
        full_text("receivedDateTime", each().map(|(mail, copy)| iso(received(mail, copy)))),
        full_text("createdDateTime", each().map(|(mail, copy)| iso(received(mail, copy)))),
        full_text("lastModifiedDateTime", each().map(|(mail, copy)| iso(changed(mail, copy)))),
    ])?;
    let numbers = copies.iter().map(|copy| copy.mail as IdxSize).collect();
    let of_mail = rows(&shared(people, mails)?, numbers)?;
    frame.hstack_mut(of_mail.columns())?;
    let secret: Vec<&[PersonNo]> =
        each().map(|(mail, copy)| if copy.sent { mail.bcc.as_slice() } else { &[] }).collect();
    frame.hstack_mut(&[
        chosen_lists("bccRecipients", people, secret.into_iter())?,
        text(
            "conversationId",
            each().map(|(mail, copy)| mail.indexed.then(|| conversation_id(mail.thread, copy.mailbox as u64))),
        ),
        full_text("puser", copies.iter().map(|copy| guid(Kind::Mailbox, copy.mailbox as u64))),
        full_text("ptenant", copies.iter().map(|_| guid(Kind::Tenant, 0))),
        row_information(copies.len(), false)?,
    ])?;
    let drawn = copies.iter().take_while(|copy| mails[copy.mail].number < PLANTED).count();
    exported_again(frame, drawn)
}

fn row_information(rows: usize, summary: bool) -> PolarsResult<Column> {
    let all = |name: &str, value: bool| flag(name, std::iter::repeat_n(Some(value), rows));
    record(
        "rowinformation",
        &[
            absent("errorInformation", rows, &DataType::String),
            all("userReturnedNoData", false),
            all("isUserSummaryRow", summary),
            all("userHasCompleteData", summary),
        ],
    )
}

/// Some items lie there twice, in an older state too.
fn exported_again(frame: DataFrame, drawn: usize) -> PolarsResult<DataFrame> {
    let older = (0..drawn).filter(|&row| share(row as u64, drawn as u64) < 0.012).map(|row| row as IdxSize).collect();
    let mut older = rows(&frame, older)?;
    let before = full_text("lastModifiedDateTime", older.column("createdDateTime")?.str()?.iter().flatten());
    let subject = full_text(
        "subject",
        older.column("subject")?.str()?.iter().map(|subject| format!("(older) {}", subject.unwrap_or(""))),
    );
    older.replace("lastModifiedDateTime", before)?;
    older.replace("subject", subject)?;
    frame.vstack(&older)
}

/// The row by which the export says of each mailbox that it is complete: it carries no item.
pub fn summaries(world: &World, like: &DataFrame) -> PolarsResult<DataFrame> {
    let mailboxes: Vec<usize> =
        (0..world.colleagues.len()).filter(|&number| world.colleagues[number].mailbox).collect();
    let mut columns = Vec::with_capacity(like.width());
    for column in like.columns() {
        columns.push(match column.name().as_str() {
            "puser" => full_text("puser", mailboxes.iter().map(|&m| guid(Kind::Mailbox, m as u64))),
            "ptenant" => full_text("ptenant", mailboxes.iter().map(|_| guid(Kind::Tenant, 0))),
            "rowinformation" => row_information(mailboxes.len(), true)?,
            name => absent(name, mailboxes.len(), column.dtype()),
        });
    }
    table(columns)
}
