//! Random changes of what may not be used: no byte of any result changes (rules C1 to C4, C7), what was left out aside.
//!
//! `RAPPORT_MUTATIONS=10000` makes so many, `RAPPORT_MUTATION_SEED=17` begins at a seed; a fault prints its own.

use std::collections::BTreeMap;

use serde_json::{Value, json};

use crate::support::dice::Dice;
use crate::support::lake::{Lake, Row};
use crate::support::random_lake::{FORBIDDEN, HALF_FORBIDDEN, OPTED_OUT_FROM, SETTINGS, USERS, drawn, event, message};
use crate::support::results::{run, settings};

const DAY: &str = "2026-03-31";
/// Changes that one run looks at together.
const AT_ONCE: usize = 40;
/// Ids that no record and nobody of the lake has.
const NOBODY: &str = "00000000-0000-4000-8000-00000000dead";

type Bytes = BTreeMap<String, Vec<u8>>;

fn number(name: &str, otherwise: u64) -> u64 {
    std::env::var(name).map_or(otherwise, |text| text.parse().expect("a number"))
}

/// What is published of a lake, the rows that were left out aside.
fn published(lake: &Lake, consent: bool) -> Bytes {
    let mut settings = settings(&SETTINGS);
    settings.push(("consent".into(), consent.to_string()));
    let bytes = run(lake, &settings, &[DAY]).bytes();
    bytes.into_iter().filter(|(path, _)| !path.starts_with("dropped_activities/")).collect()
}

/// A drawn lake in which records are shared, too.
fn base() -> Lake {
    let mut lake = drawn(20_261_127);
    for (number, (principal, object, mask)) in
        [("cleo", "a1", 1), ("team", "c4", 7), ("half", "o1", 1), ("anna", "l1", 2)].into_iter().enumerate()
    {
        lake.insert("principalobjectaccess", share(&format!("s{number}"), principal, object, mask));
    }
    lake
}

fn share(id: &str, principal: &str, object: &str, mask: i64) -> Row {
    object_of(json!({
        "principalobjectaccessid": id, "principalid": principal, "objectid": object, "accessrightsmask": mask,
    }))
}

fn object_of(value: Value) -> Row {
    value.as_object().expect("a row").clone()
}

fn rows<'a>(lake: &'a mut Lake, table: &str) -> &'a mut Vec<Row> {
    lake.tables.entry(table.into()).or_default()
}

/// Whether a row of Exchange is of a mailbox that may not be used at its time.
fn is_forbidden(row: &Row) -> bool {
    let mailbox = row["puser"].as_str().unwrap_or_default();
    let start = || row.get("start").and_then(|start| start["dateTime"].as_str());
    let time = row.get("sentDateTime").and_then(|time| time.as_str()).or_else(start).unwrap_or_default();
    FORBIDDEN.contains(&mailbox) || mailbox == HALF_FORBIDDEN && time >= OPTED_OUT_FROM
}

/// Adds, changes or takes away a row of Exchange that may not be used; `any` mailbox where none may.
fn change_exchange(lake: &mut Lake, dice: &mut Dice, number: usize, any: bool) {
    let table = *dice.pick(&["messages", "messages", "calendar_view"]);
    let may_change = |row: &Row| any || is_forbidden(row);
    let places: Vec<usize> =
        rows(lake, table).iter().enumerate().filter(|(_, row)| may_change(row)).map(|(at, _)| at).collect();
    match dice.below(3) {
        0 if !places.is_empty() => drop(rows(lake, table).swap_remove(*dice.pick(&places))),
        1 if !places.is_empty() => {
            let at = *dice.pick(&places);
            let row = &mut rows(lake, table)[at];
            row.insert("subject".into(), json!(format!("other {number}")));
            row.insert("createdDateTime".into(), json!(dice.time()));
            let ids = if table == "messages" { "internetMessageId" } else { "iCalUId" };
            row.insert(ids.into(), json!(format!("other-{}", dice.below(9))));
        }
        _ => {
            let mailbox = match any {
                true => format!("box-{}", dice.pick(&USERS)),
                false => (*dice.pick(&FORBIDDEN)).to_string(),
            };
            let id = format!("further-{number}");
            let row = if table == "messages" { message(dice, &mailbox, &id) } else { event(dice, &mailbox, &id) };
            lake.insert(table, row);
        }
    }
}

/// Changes what the lake says of somebody erased, or adds a record that is theirs by its address.
fn change_erased(lake: &mut Lake, dice: &mut Dice, number: usize) {
    if dice.once_in(2) {
        let name = format!("Gone {number}");
        let account = format!("account:a{}", dice.below(3));
        lake.insert(
            "contact",
            object_of(json!({
                "contactid": format!("gone-{number}"), "fullname": name, "emailaddress1": "Gone@gone.example",
                "parentcustomerid": account, "ownerid": "bo",
            })),
        );
        return;
    }
    let gone = rows(lake, "contact").iter_mut().find(|row| row.get("contactid") == Some(&json!("c-gone")));
    let gone = gone.expect("the erased contact");
    gone.insert("fullname".into(), json!(format!("Somebody {number}")));
    gone.insert("ownerid".into(), json!(dice.pick(&["anna", "bo", "cleo"])));
    gone.insert("parentcustomerid".into(), json!(format!("a{}", dice.below(3))));
    gone.insert("parentcustomerid_entitytype".into(), json!("account"));
    gone.insert("statecode".into(), json!(dice.below(2)));
}

/// Adds, changes or deletes a share that lets nobody read anything.
fn change_access(lake: &mut Lake, dice: &mut Dice, number: usize) {
    let id = format!("none-{number}");
    let (principal, object) = (*dice.pick(&["cleo", "team", "bo"]), format!("c{}", dice.below(9)));
    let row = match dice.below(5) {
        0 => share(&id, principal, &object, 2 * dice.below(64) as i64),
        1 => share(&id, NOBODY, &object, 1),
        2 => share(&id, principal, NOBODY, 1),
        3 => share(&id, principal, "c-gone", 1),
        _ => {
            let mut deleted = share(&id, principal, &object, 1);
            deleted.insert("versionnumber".into(), json!(9));
            deleted.insert("IsDelete".into(), json!(true));
            lake.insert("principalobjectaccess", share(&id, principal, &object, 1));
            deleted
        }
    };
    lake.insert("principalobjectaccess", row);
}

/// Names the tables that differ, rather than their bytes.
#[track_caller]
fn assert_same(found: &Bytes, expected: &Bytes, why: &str) {
    assert!(expected.len() > 15, "there is something to compare");
    let paths: Vec<&String> = found.keys().chain(expected.keys()).collect();
    let different: Vec<&&String> = paths.iter().filter(|path| found.get(**path) != expected.get(**path)).collect();
    assert!(different.is_empty(), "{why}: {different:?} differ");
}

#[test]
fn changes_of_what_may_not_be_used_change_no_byte() {
    let (first, wanted) = (number("RAPPORT_MUTATION_SEED", 1), number("RAPPORT_MUTATIONS", 120));
    let lake = base();
    let with_consent = published(&lake, true);
    let without = published(&lake, false);
    let mut made = 0;
    for seed in first.. {
        if made >= wanted {
            break;
        }
        let mut dice = Dice::seeded(seed);
        let mut changed = lake.clone();
        // Every third run is of a lake without consent, in which nothing of Exchange may be used.
        let consent = seed % 3 != 0;
        for number in 0..AT_ONCE {
            match dice.below(4) {
                0 => change_erased(&mut changed, &mut dice, number),
                1 => change_access(&mut changed, &mut dice, number),
                _ => change_exchange(&mut changed, &mut dice, number, !consent),
            }
            made += 1;
        }
        assert_ne!(changed, lake);
        let expected = if consent { &with_consent } else { &without };
        assert_same(&published(&changed, consent), expected, &format!("RAPPORT_MUTATION_SEED={seed}"));
    }
}

#[test]
fn changes_of_access_change_who_may_see_what_and_nothing_else() {
    let lake = base();
    let mut shared = lake.clone();
    shared.insert("principalobjectaccess", share("further", "cleo", "c8", 1));
    let (before, after) = (published(&lake, true), published(&shared, true));
    let different: Vec<&String> = before.keys().filter(|path| before.get(*path) != after.get(*path)).collect();
    assert_eq!(different, [&format!("record_access/as_of_date={DAY}/record_access.parquet")]);
}
