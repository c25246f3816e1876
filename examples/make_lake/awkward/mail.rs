//! Awkward mail: states, times, and who is on which side.

use crate::awkward::Cast;
use crate::awkward::workbench::{Bench, march};
use crate::ids::{Kind, message_id};
use crate::tables::activityparty::{CC, Member, OWNER, RESOURCE, TO};
use crate::times::{DAY, HOUR};
use crate::world::Record;
use crate::write::patch::Cell;

const MAIL: &str = "email, messages: subject";
const EMAIL: &str = "email: subject";
const MESSAGES: &str = "messages: subject";

pub fn plant(bench: &mut Bench, cast: &Cast) {
    states(bench, cast);
    times(bench, cast);
    sides(bench, cast);
}

fn states(bench: &mut Bench, cast: &Cast) {
    let (us, them) = (cast.us(bench), cast.them(bench));
    let states = [
        (1, "draft"),
        (2, "completed: held"),
        (5, "cancelled"),
        (6, "pending send: completed by state, not sent"),
        (7, "sending: not sent"),
        (8, "failed"),
    ];
    for (status, what) in states {
        let case = bench.case("N1, N8", EMAIL, &format!("statuscode {status}, {what}"));
        bench.tracked(march(10, 9), us, &[them], &case).status = status;
    }
    let case = bench.case("N1", MESSAGES, "a draft in Exchange");
    bench.posted(march(10, 10), us, &[them], &case).draft = true;
    let case = bench.case("N1, N5", MAIL, "failed in Dataverse, sent in Exchange");
    bench.mail(march(10, 11), us, &[them], &case).status = 8;
    let case = bench.case("N5, I9", MAIL, "one mail, three copies: Dataverse, a mailbox with `<>`, one without");
    let we = cast.we(bench);
    let number = bench.mail(march(10, 12), them, &[us, we], &case).number;
    bench.patch_message(number, cast.per, "internetMessageId", Cell::Text(format!(" {} ", message_id(number))));
    bench.patch_message(number, cast.pia, "internetMessageId", Cell::Text(format!("<{}>", message_id(number))));
    let case = bench.case("N5, N7", EMAIL, "messageid null, twice: two emails");
    for hour in [13, 14] {
        let number = bench.tracked(march(10, hour), them, &[us], &case).number;
        bench.patch_email(number, "messageid", Cell::Null);
    }
}

fn times(bench: &mut Bench, cast: &Cast) {
    let (us, them) = (cast.us(bench), cast.them(bench));
    let case = bench.case("N3", EMAIL, "senton null: actualend counts");
    let number = bench.tracked(march(11, 8), them, &[us], &case).number;
    bench.patch_email(number, "senton", Cell::Null);
    let case = bench.case("N3", EMAIL, "senton and actualend null: createdon counts");
    let number = bench.tracked(march(11, 9), them, &[us], &case).number;
    bench.patch_email(number, "senton", Cell::Null);
    bench.patch_email(number, "actualend", Cell::Null);
    let case = bench.case("N3", EMAIL, "no time at all");
    let number = bench.tracked(march(11, 10), them, &[us], &case).number;
    for column in ["senton", "actualend", "createdon"] {
        bench.patch_email(number, column, Cell::Null);
    }
    for (year, at) in [("1980", 3_652 * DAY), ("2099", 47_117 * DAY)] {
        let case = bench.case("N3", EMAIL, &format!("implausible: sent in {year}"));
        let number = bench.tracked(march(11, 11), them, &[us], &case).number;
        bench.patch_email(number, "senton", Cell::Time(at));
    }
    for (rule, text, what) in [
        ("I8, N3", "0001-01-01T00:00:00Z", "the null date as sentDateTime: receivedDateTime counts"),
        ("I3", "2026-03-11T14:00:00+02:00", "sentDateTime with an offset: 12:00 UTC"),
        ("I3", "2026-03-11T12:30:00.1234567Z", "sentDateTime with seven decimals"),
    ] {
        let case = bench.case(rule, MESSAGES, what);
        let number = bench.posted(march(11, 12), them, &[us], &case).number;
        bench.patch_message(number, cast.pia, "sentDateTime", Cell::Text(text.to_string()));
    }
    let case = bench.case("T1, T4", MAIL, "sent at 2026-03-31T21:59:59Z, the last second of the day in Stockholm");
    bench.mail(march(31, 22) - 1, them, &[us], &case);
    let case = bench.case("T1, T3", MAIL, "sent at 2026-03-31T22:00:00Z, the cutoff: not there");
    bench.mail(march(31, 22), them, &[us], &case);
    let case = bench.case("T3", MAIL, "sent on 2026-04-02: not there, nor among the dropped");
    bench.mail(march(33, 9), them, &[us], &case);
    let case = bench.case("T3, N8", EMAIL, "a failed mail of 2026-04-02: not there either");
    bench.tracked(march(33, 10), us, &[them], &case).status = 8;
}

fn sides(bench: &mut Bench, cast: &Cast) {
    let (us, we, them, they) = (cast.us(bench), cast.we(bench), cast.them(bench), cast.they(bench));
    let case = bench.case("N9", MAIL, "between colleagues only");
    bench.mail(march(18, 9), us, &[we], &case);
    let case = bench.case("N9", EMAIL, "between colleagues only, regarding a contact");
    bench.tracked(march(18, 10), us, &[we], &case).about = Some(Record::Contact(cast.rut));
    let case = bench.case("N9, L2", MAIL, "the only external person is in Bcc: kept, but links to nobody");
    bench.mail(march(18, 11), us, &[we], &case).bcc = vec![them];
    let case = bench.case("L1", EMAIL, "regards an account none of whose people takes part");
    let stranger = bench.stranger("Somebody", "somebody@elsewhere.example");
    bench.tracked(march(18, 12), stranger, &[us], &case).about = Some(Record::Account(cast.account));
    let case = bench.case("N6", EMAIL, "no sender among the parties: directioncode decides");
    let mail = bench.tracked(march(18, 13), us, &[them], &case);
    let (number, at) = (mail.number, mail.at);
    bench.plants.without_parties.push(number);
    bench.party((Kind::Email, number), TO, at, Member::Person(them));
    let case = bench.case("P4", EMAIL, "a resource and an owner among the parties: no participants");
    let mail = bench.tracked(march(18, 14), us, &[them], &case);
    let (number, at) = (mail.number, mail.at);
    bench.party((Kind::Email, number), RESOURCE, at, Member::Person(they));
    bench.party((Kind::Email, number), OWNER, at, Member::Person(we));
    let case = bench.case("P4", MESSAGES, "a delegate sent it: `from` counts, `sender` differs");
    bench.posted(march(19, 9), us, &[them], &case).delegate = Some(we);
    let case = bench.case("P4", MESSAGES, "`from` is null: `sender` counts");
    let number = bench.posted(march(19, 10), them, &[us], &case).number;
    bench.patch_message(number, cast.pia, "from", Cell::Null);
    let case = bench.case("P4", EMAIL, "the account itself is a recipient");
    let mail = bench.tracked(march(19, 11), us, &[them], &case);
    let (number, at) = (mail.number, mail.at);
    bench.party((Kind::Email, number), CC, at + HOUR, Member::Record(Record::Account(cast.account)));
    let case = bench.case("I12", MESSAGES, "a message without `id`, named by internetMessageId/puser");
    let number = bench.posted(march(19, 12), us, &[them], &case).number;
    bench.patch_message(number, cast.pia, "id", Cell::Null);
}
