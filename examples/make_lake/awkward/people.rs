//! Awkward people: addresses that are shared, misspelled or somebody else's.

use crate::awkward::Cast;
use crate::awkward::workbench::{Bench, march};
use crate::ids::{Kind, guid, item_id};
use crate::tables::activityparty::{Member, TO};
use crate::times::DAY;
use crate::world::{Owner, Who};
use crate::write::patch::Cell;

const MAIL: &str = "email, messages: subject";

pub fn plant(bench: &mut Bench, cast: &Cast) {
    addresses(bench, cast);
    our_side(bench, cast);
    shared_addresses(bench, cast);
}

fn addresses(bench: &mut Bench, cast: &Cast) {
    let (us, them) = (cast.us(bench), cast.them(bench));
    for spelled in
        ["mailto:rut.kall@provhamn.example", "SMTP:Rut.Kall@Provhamn.Example", " <RUT.KALL@provhamn.example> "]
    {
        let case = bench.case("P1", MAIL, &format!("the sender's address is spelled `{spelled}`"));
        let person = bench.other_address(them, spelled);
        bench.mail(march(2, 9), person, &[us], &case);
    }
    let case = bench.case("P3", MAIL, "a contact writes from emailaddress2, then from emailaddress3");
    let contact = bench.contact("Siv Två", "siv.tva@provhamn.example", Some(cast.account));
    let person = bench.contact_person(contact);
    let second = bench.other_address(person, "siv@mailbox1.example");
    let third = bench.other_address(person, "siv@mailbox2.example");
    bench.world.contacts[contact].second = Some(second);
    bench.world.contacts[contact].third = Some(third);
    bench.mail(march(2, 10), second, &[us], &case);
    bench.mail(march(2, 11), third, &[us], &case);

    let case = bench.case("P3, control", MAIL, "a contact writes from an address that only the aliases know");
    let alias = bench.stranger("Rut K", "rut@alias.example");
    bench.plants.control.aliases.push(("Rut@ALIAS.example".to_string(), None, Some(cast.rut)));
    bench.mail(march(2, 12), alias, &[us], &case);

    let case = bench.case("P4", MAIL, "the same contact three times: To, Cc, and at a second address");
    let mail = bench.mail(march(3, 9), us, &[them, second], &case);
    mail.cc = vec![them, third];

    let case = bench.case("P4", MAIL, "the owner of a mailbox that holds the message is not named in it (list)");
    let list = bench.stranger("All", "all@lists.example");
    let number = bench.posted(march(3, 10), them, &[list, us], &case).number;
    // The copy of a third colleague: the first one's row again, in another mailbox.
    let other = guid(Kind::Mailbox, cast.per as u64);
    let copy = format!("list-copy-{number}");
    let original = item_id(Kind::Email, number, cast.pia as u64);
    bench.twin("messages", original, vec![("id", Cell::Text(copy)), ("puser", Cell::Text(other))]);
}

fn our_side(bench: &mut Bench, cast: &Cast) {
    let (us, them) = (cast.us(bench), cast.them(bench));
    let case = bench.case("P2", MAIL, "the sender's address is in a subdomain of ours and has no systemuser");
    let branch = bench.stranger("Filial", "filial@lulea.nordwind.example");
    bench.mail(march(4, 9), branch, &[them], &case);

    let case = bench.case("P2", "email: subject", "a queue is among the recipients");
    let mail = bench.tracked(march(4, 10), them, &[us], &case);
    let (number, at) = (mail.number, mail.at);
    let id = Some(guid(Kind::Queue, 1));
    let address = Some("sales@nordwind.example".to_string());
    let entity = Some("queue");
    bench.party((Kind::Email, number), TO, at, Member::Cells { id, entity, address });

    let case = bench.case("P2", "contact, email", "a contact carries a colleague's address: it is ours");
    let address = bench.world.person(us).address.clone();
    let contact = bench.contact(&format!("{case} Pia P"), &address, Some(cast.account));
    let person = bench.contact_person(contact);
    bench.mail(march(4, 11), person, &[them], &case);

    let case = bench.case("P2, control", MAIL, "a colleague writes from an alias at a foreign domain");
    let alias = bench.stranger("Per", "per@private.example");
    bench.plants.control.aliases.push(("per@private.example".to_string(), Some(cast.per), None));
    bench.posted(march(4, 12), alias, &[them, us], &case);

    let case = bench.case("P2", "systemuser", "two systemusers have one address: the enabled one counts");
    let first = bench.colleague(&format!("{case} left"), "tva.konton@nordwind.example", Some("FI"), 0);
    bench.world.colleagues[first].disabled = true;
    bench.world.colleagues[first].mailbox = false;
    let second = bench.colleague(&format!("{case} here"), "tva.konton@nordwind.example", Some("FI"), 0);
    let person = bench.person_of(second);
    bench.mail(march(4, 13), person, &[them], &case);

    let case = bench.case("P2", "email: subject", "a party names a systemuser that is not exported");
    let mail = bench.tracked(march(4, 14), them, &[us], &case);
    let (number, at) = (mail.number, mail.at);
    let id = Some(guid(Kind::Colleague, 9_999_999));
    bench.party((Kind::Email, number), TO, at, Member::Cells { id, entity: Some("systemuser"), address: None });
}

fn shared_addresses(bench: &mut Bench, cast: &Cast) {
    let us = cast.us(bench);
    let case = bench.case("P3", "contact, messages", "three contacts share an address, the oldest is inactive");
    for (name, age, inactive) in [("old", 400, true), ("middle", 300, false), ("new", 200, false)] {
        let contact = bench.contact(&format!("{case} {name}"), "info@delad.example", Some(cast.account));
        bench.world.contacts[contact].created -= age * DAY;
        bench.world.contacts[contact].inactive = inactive;
    }
    let info = bench.stranger("Info", "info@delad.example");
    bench.posted(march(5, 9), info, &[us], &case);

    let case = bench.case("P3", "contact, lead, messages", "a contact and a lead have one address");
    let owner = Owner::Colleague(cast.pia);
    let lead = bench.lead(&format!("{case} lead"), "bada@delad.example", owner);
    bench.contact(&format!("{case} contact"), "bada@delad.example", None);
    let person = bench.world.leads[lead].person;
    let person = bench.other_address(person, "bada@delad.example");
    bench.world.people[person as usize].who = Who::Nobody;
    bench.posted(march(5, 10), person, &[us], &case);

    let case = bench.case("P3", "lead, messages", "two leads have one address: both count");
    bench.lead(&format!("{case} one"), "leads@delad.example", owner);
    bench.lead(&format!("{case} two"), "leads@delad.example", Owner::Team(0));
    let person = bench.stranger("Leads", "leads@delad.example");
    bench.posted(march(5, 11), person, &[us], &case);

    let case = bench.case("L3", "lead, email", "a team owns the lead: its members are the people of interest");
    let lead = bench.lead(&format!("{case} lead"), "team@delad.example", Owner::Team(1));
    let member = bench.world.teams[1][0];
    let (from, to) = (bench.person_of(member), bench.world.leads[lead].person);
    bench.mail(march(5, 12), from, &[to], &case);
}
