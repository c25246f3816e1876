//! Awkward accounts, contacts, leads and opportunities.

use crate::awkward::Cast;
use crate::awkward::workbench::{Bench, march};
use crate::ids::{Kind, guid};
use crate::times::{DAY, HOUR};
use crate::world::{Owner, Record};
use crate::write::patch::Cell;

pub fn plant(bench: &mut Bench, cast: &Cast) {
    not_yet_known(bench, cast);
    closing(bench, cast);
    linking(bench, cast);
    references(bench, cast);
}

fn not_yet_known(bench: &mut Bench, cast: &Cast) {
    let us = cast.us(bench);
    let april = march(34, 9);
    let case =
        bench.case("T3", "account, contact, lead, opportunity: name", "created on 2026-04-03: not there as of D");
    let account = bench.account(&format!("{case} account"), "april.example", cast.pia);
    bench.world.accounts[account].created = april;
    let contact = bench.contact(&format!("{case} contact"), "contact@april.example", Some(account));
    bench.world.contacts[contact].created = april;
    let lead = bench.lead(&format!("{case} lead"), "lead@april.example", Owner::Colleague(cast.pia));
    bench.world.leads[lead].created = april;
    bench.deal(&format!("{case} deal"), account, contact, cast.pia, april);
    let person = bench.contact_person(contact);
    bench.mail(march(20, 12), person, &[us], &format!("{case} before its sender was a contact"));

    let case = bench.case("T3", "contact", "createdon null: always there");
    let contact = bench.contact(&format!("{case} contact"), "always@provhamn.example", Some(cast.account));
    bench.patch("contact", guid(Kind::Contact, contact as u64), "createdon", Cell::Null);
    let person = bench.contact_person(contact);
    bench.mail(march(20, 13), person, &[us], &case);
}

/// A deal with a contact of its own, so that no other case reaches it.
fn lone_deal(bench: &mut Bench, cast: &Cast, case: &str, created: i64) -> (usize, usize) {
    let address = format!("{}@affar.example", case.to_lowercase().replace(' ', ""));
    let contact = bench.contact(&format!("{case} contact"), &address, None);
    let account = bench.account(&format!("{case} account"), "affar.example", cast.pia);
    (bench.deal(&format!("{case} deal"), account, contact, cast.pia, created), contact)
}

fn closing(bench: &mut Bench, cast: &Cast) {
    let us = cast.us(bench);
    let (created, closed) = (march(1, 9) - 60 * DAY, march(10, 0));
    for (state, what) in [(1, "won"), (2, "lost")] {
        let case = bench.case(
            "T5, L4",
            "opportunity: name, email: subject",
            &format!("{what} on 2026-03-10; mail on that day counts, later mail does not, not even regarding it"),
        );
        let (deal, contact) = lone_deal(bench, cast, &case, created);
        let person = bench.contact_person(contact);
        (bench.world.deals[deal].state, bench.world.deals[deal].closed) = (state, Some(closed));
        for day in [10, 11] {
            bench.mail(march(day, 9), us, &[person], &case);
        }
        bench.tracked(march(12, 9), us, &[person], &case).about = Some(Record::Deal(deal));
    }
    let specials = [
        (1, None, "won without actualclosedate: closed at all times"),
        (0, Some(march(1, 0)), "open with an actualclosedate: the date says nothing"),
        (1, Some(march(31, 0)), "won on D itself: closed as of D"),
        (2, Some(march(40, 0)), "lost on 2026-04-09: open as of D"),
    ];
    for (state, closed, what) in specials {
        let case = bench.case("T5", "opportunity: name", what);
        let (deal, contact) = lone_deal(bench, cast, &case, created);
        let person = bench.contact_person(contact);
        (bench.world.deals[deal].state, bench.world.deals[deal].closed) = (state, closed);
        bench.mail(march(15, 9), us, &[person], &case);
    }
}

fn linking(bench: &mut Bench, cast: &Cast) {
    let (us, we) = (cast.us(bench), cast.we(bench));
    let created = march(20, 9);
    let case =
        bench.case("L4", "opportunity: name, email: subject", "mail 14 days before createdon, and one second earlier");
    let (_, contact) = lone_deal(bench, cast, &case, created);
    let person = bench.contact_person(contact);
    bench.mail(created - 14 * DAY, us, &[person], &case);
    bench.mail(created - 14 * DAY - 1, us, &[person], &case);

    let case = bench.case("L5", "opportunity: name, email: subject", "two deals share a contact: weight 1/2");
    let (deal, contact) = lone_deal(bench, cast, &case, march(1, 9));
    let account = bench.world.deals[deal].account;
    bench.deal(&format!("{case} second deal"), account, contact, cast.pia, march(1, 10));
    let person = bench.contact_person(contact);
    bench.mail(march(20, 10), us, &[person], &case);

    let case =
        bench.case("L3", "opportunity: name, email: subject", "nobody of the deal's own people on our side: no link");
    let (_, contact) = lone_deal(bench, cast, &case, march(1, 9));
    let person = bench.contact_person(contact);
    bench.mail(march(20, 11), we, &[person], &case);

    let case = bench.case("L2, L3", "opportunity, connection", "stakeholder and sales team through connections");
    let (deal, _) = lone_deal(bench, cast, &case, march(1, 9));
    let stakeholder = bench.contact(&format!("{case} stakeholder"), "stake@affar.example", None);
    bench.world.deals[deal].stakeholders = vec![stakeholder];
    bench.world.deals[deal].sales_team = vec![cast.per];
    let person = bench.contact_person(stakeholder);
    bench.mail(march(20, 14), we, &[person], &case);

    let case = bench.case("L2", "opportunity: name, email: subject", "the primary contact of the deal's account");
    let (deal, _) = lone_deal(bench, cast, &case, march(1, 9));
    let primary = bench.contact(&format!("{case} primary"), "primary@affar.example", None);
    let account = bench.world.deals[deal].account;
    bench.world.accounts[account].primary = Some(primary);
    let person = bench.contact_person(primary);
    bench.mail(march(20, 15), us, &[person], &case);

    let case = bench.case("L2", "opportunity: name, email: subject", "the deal's customer is a contact");
    let (deal, contact) = lone_deal(bench, cast, &case, march(1, 9));
    bench.world.deals[deal].customer_is_contact = true;
    let person = bench.contact_person(contact);
    bench.mail(march(20, 16), us, &[person], &case);
}

fn references(bench: &mut Bench, cast: &Cast) {
    let us = cast.us(bench);
    let case = bench.case("I5", "email: subject", "regards a record that is not exported");
    let person = bench.contact_person(cast.rut);
    bench.tracked(march(21, 9), us, &[person], &case).about = Some(Record::Deal(9_999_999));
    let case = bench.case("I5", "email: subject", "regards an entity of another kind");
    let other = bench.tracked(march(21, 9) + HOUR, us, &[person], &case);
    other.about = Some(Record::Account(cast.account));
    let other = other.number;
    bench.patch_email(other, "regardingobjectid_entitytype", Cell::Text("incident".to_string()));

    let case = bench.case("P3", "contact", "a contact without any address, and one with an empty one");
    for (name, cell) in [("none", Cell::Null), ("empty", Cell::Text(String::new()))] {
        let contact = bench.contact(&format!("{case} {name}"), "unused@provhamn.example", Some(cast.account));
        bench.patch("contact", guid(Kind::Contact, contact as u64), "emailaddress1", cell);
    }
    let case = bench.case("K1", "account: name", "an account without any interaction");
    bench.account(&case, "tyst.example", cast.per);
}
