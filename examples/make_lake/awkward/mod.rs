//! Every awkward case of the rules, planted once: the people it happens to, and where to look.

mod calendar;
mod calls;
mod export;
mod mail;
mod mailboxes;
mod meetings;
mod people;
mod planted_records;
pub mod plants;
mod records;
mod threads;
mod workbench;

use crate::world::{PersonNo, World};
use plants::Plants;
use workbench::Bench;

/// The people most cases happen to.
pub struct Cast {
    /// Two colleagues with permitted mailboxes.
    pub pia: usize,
    pub per: usize,
    pub account: usize,
    /// Two contacts of the account.
    pub rut: usize,
    pub ove: usize,
}

impl Cast {
    pub fn us(&self, bench: &Bench) -> PersonNo {
        bench.person_of(self.pia)
    }

    pub fn we(&self, bench: &Bench) -> PersonNo {
        bench.person_of(self.per)
    }

    pub fn them(&self, bench: &Bench) -> PersonNo {
        bench.contact_person(self.rut)
    }

    pub fn they(&self, bench: &Bench) -> PersonNo {
        bench.contact_person(self.ove)
    }
}

pub fn plant(world: &mut World) -> Plants {
    let mut bench = Bench::new(world);
    let pia = bench.colleague("Pia Prövare", "pia.provare@nordwind.example", Some("FI"), 0);
    let per = bench.colleague("Per Prövare", "per.provare@nordwind.example", Some("GB"), 2);
    let account = bench.account("Provhamn Handel", "provhamn.example", pia);
    let rut = bench.contact("Rut Käll", "rut.kall@provhamn.example", Some(account));
    let ove = bench.contact("Ove Käll", "ove.kall@provhamn.example", Some(account));
    bench.world.accounts[account].primary = Some(ove);
    let cast = Cast { pia, per, account, rut, ove };
    people::plant(&mut bench, &cast);
    mailboxes::plant(&mut bench, &cast);
    mail::plant(&mut bench, &cast);
    threads::plant(&mut bench, &cast);
    meetings::plant(&mut bench, &cast);
    calendar::plant(&mut bench, &cast);
    calls::plant(&mut bench, &cast);
    records::plant(&mut bench, &cast);
    export::plant(&mut bench, &cast);
    bench.plants
}

/// Cases that whole files show, not single rows: rule, what, where.
pub const FILE_CASES: &[(&str, &str, &str)] = &[
    (
        "I1",
        "older versions, late versions and deletes in the same or the next file; half of the deletes carry `Id` only",
        "all Dataverse tables with `versionnumber`",
    ),
    ("I1", "exact duplicates", "activityparty"),
    (
        "I1",
        "tables without `versionnumber`, and a membership table without `Id`",
        "role, connectionrole, teammembership; systemuserroles",
    ),
    (
        "I2",
        "GUIDs in upper case, with and without braces, from table to table and row to row",
        "account, contact, opportunity, email, appointment, activityparty, connection, messages",
    ),
    (
        "I3",
        "booleans as 0/1: `directioncode` in the second file of email and in phonecall, `isalldayevent`, `isdisabled`, `IsDelete`",
        "email, phonecall, appointment, systemuser",
    ),
    ("I3", "choices as int8, int16, int32 and int64", "lead, activityparty, email, account, opportunity"),
    (
        "I3",
        "timestamps in ms, us and ns, with and without zone, and as text",
        "contact, email, appointment, task; lead and phonecall (text)",
    ),
    ("I3", "dates as dates, as timestamps at midnight, as text", "opportunity 2024, 2025, 2026"),
    ("I3", "money as float and as decimal", "opportunity, account"),
    ("I3", "`conversationindex` in hex in the first file, in base64 in the others", "email"),
    (
        "I4",
        "column order reversed, columns missing in the first file, removed columns (null), columns nobody reads",
        "most tables; `new_segment`, the email engagement columns, `new_region`, `msft_datastate`, `PartitionId`",
    ),
    (
        "I6",
        "Delta folder with a log of two commits; the removed file must not be read (task subjects `Removed …`)",
        "task_partitioned",
    ),
    ("I7", "PascalCase structs", "messages 2025, calendar_view 2025 and 2026"),
    ("I7, P4", "`sender` missing in the first file, delegates as `sender` elsewhere", "messages"),
    ("I8", "wrapped enumerations", "calendar_view 2025"),
    ("I8", "Windows and IANA zone names, `0001-01-01T00:00:00Z` as the answer's time", "calendar_view"),
    (
        "I9",
        "one summary row per mailbox; items exported again in an older state",
        "last file of messages; messages (subjects `(older) …`)",
    ),
    ("N5", "message ids with and without `<>`, between the sources and between mailboxes", "email, messages"),
    (
        "C2",
        "mailboxes in SE (unsupported), in SG, without a country; colleagues without any selected role",
        "users, systemuserroles",
    ),
];
