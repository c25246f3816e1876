//! Awkward exports: ties of versions, deletes, rows of Exchange that carry no item.

use crate::awkward::Cast;
use crate::awkward::workbench::{Bench, march};
use crate::ids::{Kind, guid, item_id};
use crate::tables::staff::membership;
use crate::times::{DAY, HOUR};
use crate::write::patch::Cell;

const EMAIL: &str = "email: subject";

pub fn plant(bench: &mut Bench, cast: &Cast) {
    versions(bench, cast);
    deletes(bench, cast);
    exchange(bench, cast);
}

fn version_case(bench: &mut Bench, cast: &Cast, rule: &'static str, what: &str, at: i64) -> (String, String) {
    let (us, them) = (cast.us(bench), cast.them(bench));
    let case = bench.case(rule, EMAIL, what);
    let number = bench.tracked(at, them, &[us], &case).number;
    (case, guid(Kind::Email, number))
}

fn versions(bench: &mut Bench, cast: &Cast) {
    let (case, id) =
        version_case(bench, cast, "I1", "one version twice: the later SinkModifiedOn counts", march(22, 8));
    let cells = vec![
        ("subject", Cell::Text(format!("{case} (loses)"))),
        ("statuscode", Cell::Int(1)),
        ("SinkModifiedOn", Cell::Time(march(22, 7))),
    ];
    bench.twin("email", id, cells);
    // Made in 2025, so that there is a later file.
    let old = march(1, 9) - 120 * DAY;
    let (case, id) =
        version_case(bench, cast, "I1", "version and SinkModifiedOn tie: the file that sorts last counts", old);
    let cells = vec![("subject", Cell::Text(format!("{case} (wins)")))];
    bench.twin("email", id, cells).later = true;
    let (case, id) = version_case(
        bench,
        cast,
        "I1",
        "a greater version in an earlier SinkModifiedOn: the version counts",
        march(22, 9),
    );
    let cells = vec![
        ("subject", Cell::Text(format!("{case} (wins)"))),
        ("versionnumber", Cell::Int(9_000_000_000)),
        ("SinkModifiedOn", Cell::Time(march(2, 9))),
    ];
    bench.twin("email", id, cells);
    let (case, id) =
        version_case(bench, cast, "I1, I2", "the newer version has Id in capitals and braces", march(22, 10));
    let spelled = format!("{{{}}}", id.to_uppercase());
    let cells = vec![
        ("subject", Cell::Text(format!("{case} (wins)"))),
        ("versionnumber", Cell::Int(9_000_000_001)),
        ("Id", Cell::Text(spelled)),
    ];
    bench.twin("email", id, cells);
}

fn deletes(bench: &mut Bench, cast: &Cast) {
    let dead = || vec![("IsDelete", Cell::Flag(true)), ("versionnumber", Cell::Int(9_000_000_002))];
    let (_, id) = version_case(bench, cast, "I1, N8", "deleted by a full row", march(23, 8));
    bench.twin("email", id, dead());
    let (_, id) = version_case(bench, cast, "I1, N8", "deleted by a row that carries `Id` only", march(23, 9));
    let mut cells = dead();
    cells.push(("Id", Cell::Text(id.clone())));
    bench.twin("email", id, cells).bare = true;
    let (_, id) =
        version_case(bench, cast, "I1, N8", "deleted by a row without `Id`: the primary key names it", march(23, 10));
    let mut cells = dead();
    cells.push(("activityid", Cell::Text(id.clone())));
    bench.twin("email", id, cells).bare = true;
    let (_, id) = version_case(bench, cast, "I1, N8", "the delete ties with the row: the delete wins", march(23, 11));
    bench.twin("email", id, vec![("IsDelete", Cell::Flag(true))]);
    let (case, id) = version_case(bench, cast, "I1", "deleted, then there again in a greater version", march(23, 12));
    bench.twin("email", id.clone(), dead());
    let cells = vec![("subject", Cell::Text(format!("{case} (is back)"))), ("versionnumber", Cell::Int(9_000_000_003))];
    bench.twin("email", id, cells);

    let case = bench.case("I1", "contact, email", "a deleted contact: his mail comes from a stranger");
    let contact = bench.contact(&format!("{case} contact"), "deleted@provhamn.example", Some(cast.account));
    bench.twin("contact", guid(Kind::Contact, contact as u64), dead());
    let person = bench.contact_person(contact);
    let (us, them) = (cast.us(bench), cast.them(bench));
    bench.mail(march(23, 13), person, &[us], &case);

    let what = "his role was taken away: a delete of a table without `Id`, where the pair of ids stands for it";
    let case = bench.case("I1, C2", "systemuserroles, messages: subject", what);
    let colleague = bench.colleague(&format!("{case} mailbox"), "utan.roll@nordwind.example", Some("FI"), 0);
    bench.twin("systemuserroles", guid(Kind::Membership, membership(colleague)), dead());
    let person = bench.person_of(colleague);
    bench.posted(march(23, 14), them, &[person], &case);

    let case = bench.case("I1", "account: name", "a deleted account");
    let account = bench.account(&case, "borta.example", cast.pia);
    bench.twin("account", guid(Kind::Account, account as u64), dead());
}

fn exchange(bench: &mut Bench, cast: &Cast) {
    let (us, them) = (cast.us(bench), cast.them(bench));
    let case =
        bench.case("I9", "messages: subject", "exported again: the later lastModifiedDateTime counts (was a draft)");
    let number = bench.posted(march(24, 8), us, &[them], &case).number;
    let id = item_id(Kind::Email, number, cast.pia as u64);
    let cells =
        vec![("isDraft", Cell::Flag(true)), ("lastModifiedDateTime", Cell::Text("2026-03-24T07:00:00Z".to_string()))];
    bench.twin("messages", id, cells);
    for (flag, what) in [
        ("isUserSummaryRow", "a row of a mailbox's summary"),
        ("userReturnedNoData", "a row of a mailbox that returned no data"),
        ("errorInformation", "a row that reports an error"),
    ] {
        let case = bench.case("I9", "messages: subject", &format!("{what}: carries no item"));
        let number = bench.posted(march(24, 9), them, &[us], &case).number;
        let mut cells = vec![
            ("errorInformation", Cell::Null),
            ("userReturnedNoData", Cell::Flag(false)),
            ("isUserSummaryRow", Cell::Flag(false)),
            ("userHasCompleteData", Cell::Flag(false)),
        ];
        for (name, cell) in &mut cells {
            if *name == flag {
                *cell = if flag == "errorInformation" {
                    Cell::Text("MailboxNotFound".to_string())
                } else {
                    Cell::Flag(true)
                };
            }
        }
        bench.patch_message(number, cast.pia, "rowinformation", Cell::Struct(cells));
    }
    let case = bench.case("I8, N3", "messages: subject", "sent and received at the null date: no time");
    let number = bench.posted(march(24, 10), them, &[us], &case).number;
    for column in ["sentDateTime", "receivedDateTime"] {
        bench.patch_message(number, cast.pia, column, Cell::Text("0001-01-01T00:00:00Z".to_string()));
    }
    let case = bench.case("I7", "messages: subject", "recipient lists null, not empty");
    let number = bench.posted(march(24, 10) + HOUR, them, &[us], &case).number;
    for column in ["ccRecipients", "bccRecipients", "internetMessageHeaders"] {
        bench.patch_message(number, cast.pia, column, Cell::Null);
    }
}
