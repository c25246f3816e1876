//! Awkward threads, answers, machines and masses.

use crate::awkward::Cast;
use crate::awkward::workbench::{Bench, march};
use crate::history::mail::Machine;
use crate::ids::{base64, conversation_index, hex_text, message_id};
use crate::names::AUTOMATIC;
use crate::times::DAY;
use crate::write::patch::Cell;

const MAIL: &str = "email, messages: subject";
const EMAIL: &str = "email: subject";
const MESSAGES: &str = "messages: subject";

pub fn plant(bench: &mut Bench, cast: &Cast) {
    threads(bench, cast);
    answers(bench, cast);
    machines(bench, cast);
}

fn threads(bench: &mut Bench, cast: &Cast) {
    let (us, them) = (cast.us(bench), cast.them(bench));
    let case = bench.case("N7", EMAIL, "a ring of three through inreplyto");
    let ring: Vec<u64> = (8..11).map(|hour| bench.tracked(march(12, hour), them, &[us], &case).number).collect();
    for (place, &number) in ring.iter().enumerate() {
        bench.patch_email(number, "inreplyto", Cell::Text(format!("<{}>", message_id(ring[(place + 1) % 3]))));
    }
    let case = bench.case("N7", EMAIL, "a mail that answers itself");
    let number = bench.tracked(march(12, 11), them, &[us], &case).number;
    bench.patch_email(number, "inreplyto", Cell::Text(message_id(number)));
    let case = bench.case("N7", MAIL, "two answers to a parent that is not in the lake: two threads");
    for hour in [12, 13] {
        bench.mail(march(12, hour), them, &[us], &case).parent = Some(8_000_000_000);
    }
    let case = bench.case("N7", MAIL, "the parent lies in Exchange only, the answer in Dataverse only");
    let first = bench.posted(march(13, 8), them, &[us], &case).number;
    let answer = bench.tracked(march(13, 9), us, &[them], &case);
    (answer.parent, answer.first) = (Some(first), first);
    let case = bench.case("N7", MAIL, "the answer has no conversation index, its parent has one");
    let parent = bench.mail(march(13, 10), them, &[us], &case);
    parent.indexed = true;
    let first = parent.number;
    let answer = bench.mail(march(13, 11), us, &[them], &case);
    (answer.parent, answer.first) = (Some(first), first);
    let case = bench.case("N7", EMAIL, "a conversation index shorter than 22 bytes");
    let number = bench.tracked(march(13, 12), them, &[us], &case).number;
    bench.patch_email(number, "conversationindex", Cell::Text("AQHbUesDvTR6fQ==".to_string()));
    let case =
        bench.case("I3, N7", MAIL, "one conversation: base64 in Exchange, hex with lower-case digits in Dataverse");
    let mail = bench.posted(march(13, 13), them, &[us], &case);
    mail.indexed = true;
    let (number, at) = (mail.number, mail.at);
    let bytes = conversation_index(number, at, 0);
    let answer = bench.tracked(march(13, 14), us, &[them], &case).number;
    let hex = hex_text(&bytes).to_lowercase();
    bench.patch_email(answer, "conversationindex", Cell::Text(format!("{hex}0102030405")));
    let case = bench.case("N7", MESSAGES, "one conversation, two beginnings: bytes 1 to 5 differ, 6 to 21 agree");
    let began = [march(13, 15), march(14, 9)];
    for at in began {
        let mailed = bench.posted(at, them, &[us], &case).number;
        let index = base64(&conversation_index(number + 1, at, 1));
        bench.patch_message(mailed, cast.pia, "conversationIndex", Cell::Text(index));
    }
}

fn answers(bench: &mut Bench, cast: &Cast) {
    let (us, them) = (cast.us(bench), cast.them(bench));
    for (delay, what) in [
        (14 * DAY, "answered exactly at the horizon of 14 days: counts"),
        (14 * DAY + 1, "answered one second after the horizon: no answer"),
    ] {
        let case = bench.case("K3", MAIL, what);
        let first = bench.mail(march(2, 14), them, &[us], &case).number;
        let answer = bench.mail(march(2, 14) + delay, us, &[them], &case);
        (answer.parent, answer.first) = (Some(first), first);
    }
    let case = bench.case("K3", MAIL, "a run of three mails, answered in the second in which the third came");
    let first = bench.mail(march(16, 9), them, &[us], &case).number;
    for (at, ours) in [(10, false), (11, false), (11, true)] {
        let (from, to) = if ours { (us, them) } else { (them, us) };
        let mail = bench.mail(march(16, at), from, &[to], &case);
        (mail.parent, mail.first) = (Some(first), first);
    }
    let case = bench.case("K7", EMAIL, "a followed mail: opened twice, a link clicked, no attachment, answered");
    let number = bench.tracked(march(16, 12), us, &[them], &case).number;
    for (column, count) in [("opencount", 2), ("linksclickedcount", 1), ("attachmentopencount", 0), ("replycount", 1)] {
        bench.patch_email(number, column, Cell::Int(count));
    }
    bench.patch_email(number, "isemailfollowed", Cell::Flag(true));
}

fn machines(bench: &mut Bench, cast: &Cast) {
    let (us, them) = (cast.us(bench), cast.them(bench));
    for (machine, what) in [
        (Machine::AutoSubmitted, "Auto-Submitted: auto-replied"),
        (Machine::Newsletter, "List-Unsubscribe and List-Id"),
        (Machine::Bulk, "Precedence: bulk"),
    ] {
        let case = bench.case("N10", MESSAGES, what);
        bench.posted(march(17, 9), them, &[us], &case).machine = machine;
    }
    for local in ["no-reply", "NoReply", "donotreply", "mailer-daemon", "postmaster"] {
        let case = bench.case("N10", EMAIL, &format!("the sender is `{local}@…`"));
        let robot = bench.stranger(local, &format!("{local}@shop.example"));
        bench.tracked(march(17, 10), robot, &[us], &case);
    }
    for prefix in AUTOMATIC {
        let case = bench.case("N10", EMAIL, &format!("the subject begins with `{}`", prefix.trim()));
        bench.tracked(march(17, 11), them, &[us], &format!("{prefix}{case}"));
    }
    for (count, what) in [(50, "50 recipients: kept"), (51, "51 recipients: mass mail")] {
        let case = bench.case("N11", MESSAGES, what);
        let people: Vec<_> = (0..count)
            .map(|number| bench.stranger(&format!("Guest {number}"), &format!("guest{number}@crowd.example")))
            .collect();
        let mail = bench.posted(march(17, 12), us, &people[..20], &case);
        mail.cc = people[20..40].to_vec();
        // The sender among the recipients does not count.
        mail.cc.push(us);
        mail.bcc = people[40..].to_vec();
    }
}
