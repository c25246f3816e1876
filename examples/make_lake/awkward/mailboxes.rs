//! Mailboxes that may not be used, and people who must not appear.

use crate::awkward::Cast;
use crate::awkward::workbench::{Bench, march};
use crate::ids::{Kind, guid};
use crate::times::DAY;
use crate::world::Owner;
use crate::write::patch::Cell;

pub fn plant(bench: &mut Bench, cast: &Cast) {
    mailboxes(bench, cast);
    erased(bench, cast);
}

fn mailboxes(bench: &mut Bench, cast: &Cast) {
    let them = cast.them(bench);
    let of = |bench: &mut Bench, rule, what: &str, country, role| {
        let case = bench.case(rule, "users, messages: subject", what);
        let address = format!("{}@nordwind.example", case.to_lowercase().replace(' ', ""));
        let colleague = bench.colleague(&format!("{case} mailbox"), &address, country, role);
        let person = bench.person_of(colleague);
        bench.posted(march(9, 9), them, &[person], &case);
        (colleague, address)
    };
    of(bench, "C2", "the mailbox lives in SE: region not supported", Some("SE"), 0);
    of(bench, "C2", "the mailbox has no country: default_country decides", None, 0);
    of(bench, "C2", "its user holds no selected role (Clerk)", Some("FI"), 3);
    of(bench, "C2", "its user holds a business unit's copy of the role", Some("FI"), 1);
    let (colleague, _) = of(bench, "C2", "no azureactivedirectoryobjectid: found through users.mail", Some("FR"), 0);
    let no_object = |bench: &mut Bench, colleague: usize| {
        let id = guid(Kind::Colleague, colleague as u64);
        bench.patch("systemuser", id, "azureactivedirectoryobjectid", Cell::Null);
    };
    no_object(bench, colleague);
    let (colleague, _) = of(bench, "C2", "neither: found through userPrincipalName", Some("NL"), 0);
    no_object(bench, colleague);
    bench.patch("users", guid(Kind::Mailbox, colleague as u64), "mail", Cell::Null);
    let (colleague, _) = of(bench, "C2", "the mailbox belongs to no systemuser", Some("IE"), 0);
    let number = bench.plants.mails.last().map_or(0, |mail| mail.number);
    let nobody = Cell::Text(guid(Kind::Mailbox, 9_999_999));
    bench.patch_message(number, colleague, "puser", nobody);

    let (_, address) = of(bench, "C2, control", "opted out always, by address in capitals", Some("FI"), 0);
    bench.plants.control.opt_outs.push((address.to_uppercase(), None));
    let (colleague, _) = of(bench, "C2, control", "opted out since 2026-03-05, by id in braces", Some("FI"), 0);
    let id = format!("{{{}}}", guid(Kind::Colleague, colleague as u64).to_uppercase());
    bench.plants.control.opt_outs.push((id, Some(march(5, 0))));
    let case = bench.case("C2, control", "messages: subject", "the same mailbox before that day: still used");
    let person = bench.person_of(colleague);
    bench.posted(march(4, 9), them, &[person], &case);
    let (colleague, _) = of(bench, "C2, control", "opted out from a day to come, by mailbox id", Some("GB"), 0);
    bench.plants.control.opt_outs.push((guid(Kind::Mailbox, colleague as u64), Some(march(31, 0) + 30 * DAY)));
    let (colleague, _) = of(bench, "C4", "an erased colleague's mailbox", Some("FI"), 0);
    bench.plants.control.erasures.push(("systemuser", guid(Kind::Colleague, colleague as u64)));
}

fn erased(bench: &mut Bench, cast: &Cast) {
    let us = cast.us(bench);
    let them = cast.them(bench);
    let case = bench.case("C4", "contact, email", "an erased contact writes alone, and beside another contact");
    let contact = bench.contact(&format!("{case} gone"), "gone@provhamn.example", Some(cast.account));
    bench.plants.control.erasures.push(("contact", guid(Kind::Contact, contact as u64).to_uppercase()));
    let person = bench.contact_person(contact);
    bench.mail(march(6, 9), person, &[us], &case);
    bench.mail(march(6, 10), person, &[us, them], &case);

    let case = bench.case("C4", "lead, email", "an erased lead");
    let lead = bench.lead(&format!("{case} gone"), "gone.lead@provhamn.example", Owner::Colleague(cast.pia));
    bench.plants.control.erasures.push(("lead", guid(Kind::Lead, lead as u64)));
    let person = bench.world.leads[lead].person;
    bench.mail(march(6, 11), person, &[us], &case);

    let case = bench.case("C4", "contact, email", "an erased address, which erases its contact");
    let contact = bench.contact(&format!("{case} gone"), "gone.too@provhamn.example", Some(cast.account));
    bench.plants.control.erasures.push(("address", "mailto:Gone.Too@provhamn.example".to_string()));
    let person = bench.contact_person(contact);
    bench.mail(march(6, 12), us, &[person], &case);
}
