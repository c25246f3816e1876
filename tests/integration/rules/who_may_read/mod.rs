//! Random changes of who may read what: after each few of them `record_access` is what a second reading of the rules says
//! (rule C7), and from time to time reports and exports are looked through for what they must not show.
//!
//! `RAPPORT_ACCESS_SECONDS=3600` runs for an hour, `RAPPORT_ACCESS_SEED=17` begins at a seed; a fault prints its own.

mod changes;
mod model;
mod shown;

use std::collections::BTreeMap;
use std::time::{Duration, Instant};

use serde_json::Value;

use changes::Changing;
use model::{Key, Model, Ways};

use crate::support::dice::Dice;
use crate::support::lake::Lake;
use crate::support::random_lake::{SETTINGS, people};
use crate::support::results::{run, settings};

const DAY: &str = "2026-03-31";
/// The first instant after it, in Stockholm.
const CUTOFF: &str = "2026-03-31T22:00Z";
/// Changes of one lake.
const OF_ONE: u64 = 200;
/// Changes after which the table is looked at.
const AT_ONCE: u64 = 20;
const WAYS: [&str; 5] = ["is_owner", "is_in_owning_team", "is_shared", "is_on_sales_team", "is_above_owner"];

fn number(name: &str, otherwise: u64) -> u64 {
    std::env::var(name).map_or(otherwise, |text| text.parse().expect("a number"))
}

/// A lake without a single activity: only people, records, and who has what.
fn begun(seed: u64) -> Changing {
    let mut changing = Changing::from(people(), Dice::seeded(seed));
    for _ in 0..30 {
        changing.step();
    }
    changing
}

fn levels(seed: u64) -> usize {
    [0, 1, 2, 9][seed as usize % 4]
}

fn settings_of(seed: u64, tables: Option<&str>) -> Vec<(String, String)> {
    let mut all = settings(&SETTINGS);
    all.push(("manager_levels".into(), levels(seed).to_string()));
    all.extend(tables.map(|tables| ("tables".to_string(), tables.to_string())));
    all
}

/// What is published of a lake, and by what its colleagues sign in.
fn published(lake: &Lake, seed: u64) -> (BTreeMap<Key, Ways>, BTreeMap<String, Option<String>>) {
    let results = run(lake, &settings_of(seed, Some("[\"record_access\"]")), &[DAY]);
    let (mut readable, mut sign_ins) = (BTreeMap::new(), BTreeMap::new());
    for row in results.rows("record_access", DAY) {
        let text = |column: &str| row[column].as_str().map(str::to_string);
        let [user, kind, id] = ["systemuser_id", "record_type", "record_id"].map(|name| text(name).expect("a key"));
        sign_ins.insert(user.clone(), text("user_principal_name"));
        let ways = WAYS.map(|way| row[way] == Value::Bool(true));
        assert!(readable.insert((user, kind, id), ways).is_none(), "a key is there once");
    }
    (readable, sign_ins)
}

/// What the table has, and what it should have, where they differ.
fn differences(lake: &Lake, seed: u64) -> Vec<String> {
    let model = Model::of(lake, CUTOFF, levels(seed));
    let (found, sign_ins) = published(lake, seed);
    let keys = found.keys().chain(model.readable.keys().filter(|key| !found.contains_key(*key)));
    let mut different: Vec<String> = keys
        .filter(|key| found.get(*key) != model.readable.get(*key))
        .map(|key| format!("{key:?}: {:?}, and not {:?}", found.get(key), model.readable.get(key)))
        .collect();
    let signs = sign_ins.iter().filter(|(user, name)| model.sign_ins.get(*user) != Some(name));
    different.extend(signs.map(|(user, name)| format!("{user} signs in as {name:?}")));
    different
}

#[test]
fn colleagues_may_read_what_the_rules_say_whatever_changes() {
    let end = Instant::now() + Duration::from_secs(number("RAPPORT_ACCESS_SECONDS", 6));
    let first = number("RAPPORT_ACCESS_SEED", 1);
    let (mut made, mut rows, mut faults) = (0, 0, Vec::new());
    'seeds: for seed in first.. {
        let mut changing = begun(seed);
        for look in 0..OF_ONE / AT_ONCE {
            if made > 0 && Instant::now() >= end {
                break 'seeds;
            }
            let said: Vec<String> = (0..AT_ONCE).map(|_| changing.step()).collect();
            made += AT_ONCE;
            let different = differences(&changing.lake, seed);
            rows += Model::of(&changing.lake, CUTOFF, levels(seed)).readable.len();
            if !different.is_empty() {
                let fault = format!(
                    "RAPPORT_ACCESS_SEED={seed}, look {look}, levels {}:\n{}\nafter\n{}",
                    levels(seed),
                    different.join("\n"),
                    said.join("\n")
                );
                println!("{fault}\n");
                faults.push(fault);
                break;
            }
        }
        if faults.len() >= 5 {
            break;
        }
    }
    println!("{made} changes, {rows} rows compared, seeds from {first} on");
    assert!(rows > 0 && faults.is_empty(), "{} faults:\n{}", faults.len(), faults.join("\n\n"));
}
