//! Random changes of what may not be used: no byte of any result changes (rules C1 to C4, I1, I9, T3), and of
//! `dropped_activities` only the rows of what may not be used or is deleted.
//!
//! `RAPPORT_MUTATION_SECONDS=3600` runs for an hour, `RAPPORT_MUTATION_SEED=17` begins at a seed; a fault prints its
//! own, and the kinds of change that make it by themselves.

mod exchange;
mod other_values;
mod records;
mod sharing;
mod versions;

use std::collections::BTreeMap;
use std::ops::Range;
use std::time::{Duration, Instant};

use serde_json::json;

use crate::support::dice::Dice;
use crate::support::lake::{Lake, Row};
use crate::support::random_lake::{SETTINGS, drawn};
use crate::support::results::{Results, run, settings};

const DAY: &str = "2026-03-31";
/// The first instant after it, in Stockholm.
const CUTOFF: &str = "2026-03-31T22:00Z";
/// Changes that one run looks at together.
const AT_ONCE: u64 = 150;
/// Runs about one lake.
const RUNS: u64 = 8;
/// Why rows are dropped that leave no trace elsewhere: what may not be used, and what is deleted.
const TRACELESS: [&str; 6] =
    ["no_consent", "opted_out", "erased", "role_not_selected", "region_not_supported", "deleted"];

/// Settings under which something may not be used.
struct Setting {
    consent: bool,
    others: &'static [(&'static str, &'static str)],
}

const VARIANTS: [Setting; 4] = [
    Setting { consent: true, others: &[] },
    Setting { consent: false, others: &[] },
    Setting {
        consent: true,
        others: &[("publish_subjects", "true"), ("profile", "dynamics"), ("manager_levels", "2")],
    },
    Setting { consent: false, others: &[("enabled_on", "2026-03-25"), ("publish_subjects", "true")] },
];

/// What a change is handed: the lake, a source of choices, a number of its own, and whether Exchange may be used.
struct Change<'a> {
    lake: &'a mut Lake,
    dice: Dice,
    number: u64,
    consent: bool,
}

type Kind = (&'static str, fn(&mut Change<'_>));

/// Every kind of change, each of which may change no byte.
const KINDS: [&[Kind]; 4] = [&exchange::KINDS, &records::KINDS, &versions::KINDS, &sharing::KINDS];

impl Change<'_> {
    fn rows(&mut self, table: &str) -> &mut Vec<Row> {
        self.lake.tables.entry(table.into()).or_default()
    }

    /// A row of a table among those that may be changed.
    fn pick(&mut self, table: &str, may: impl Fn(&Row) -> bool) -> Option<usize> {
        let places: Vec<usize> =
            self.rows(table).iter().enumerate().filter(|(_, row)| may(row)).map(|(at, _)| at).collect();
        (!places.is_empty()).then(|| *self.dice.pick(&places))
    }
}

fn number(name: &str, otherwise: u64) -> u64 {
    std::env::var(name).map_or(otherwise, |text| text.parse().expect("a number"))
}

/// A drawn lake in which records are shared and items are exported with the time of their last change.
fn base(seed: u64) -> Lake {
    let mut lake = drawn(seed);
    for table in ["messages", "calendar_view"] {
        for row in lake.tables.entry(table.into()).or_default() {
            row.insert("lastModifiedDateTime".into(), json!("2026-04-02T00:00Z"));
        }
    }
    // Some exports do not say of what type a parent is.
    if seed.is_multiple_of(2) {
        for row in lake.tables.entry("contact".into()).or_default() {
            row.remove("parentcustomerid_entitytype");
        }
    }
    for (number, (principal, object, mask)) in
        [("cleo", "a1", 1), ("team", "c4", 7), ("half", "o1", 1), ("anna", "l1", 2)].into_iter().enumerate()
    {
        lake.insert("principalobjectaccess", sharing::share(&format!("s{number}"), principal, object, mask));
    }
    lake
}

/// What may not change: the bytes of all tables, and the rows dropped for what they say of themselves.
struct Published {
    bytes: BTreeMap<String, Vec<u8>>,
    dropped: Vec<Row>,
}

fn published(lake: &Lake, setting: &Setting) -> Published {
    let mut all = settings(&SETTINGS);
    all.retain(|(key, _)| key != "consent");
    all.push(("consent".into(), setting.consent.to_string()));
    all.extend(settings(setting.others));
    let results: Results = run(lake, &all, &[DAY]);
    let mut dropped = results.rows("dropped_activities", DAY);
    dropped.retain(|row| !TRACELESS.iter().any(|reason| row["reason"] == *reason));
    let bytes = results.bytes().into_iter().filter(|(path, _)| !path.starts_with("dropped_activities/")).collect();
    Published { bytes, dropped }
}

/// The tables that differ, and rows that are dropped otherwise.
fn differences(found: &Published, expected: &Published) -> Vec<String> {
    assert!(expected.bytes.len() > 15 && !expected.dropped.is_empty(), "there is something to compare");
    let paths = found.bytes.keys().chain(expected.bytes.keys().filter(|path| !found.bytes.contains_key(*path)));
    let differ = paths.filter(|path| found.bytes.get(*path) != expected.bytes.get(*path));
    let mut different: Vec<String> = differ.cloned().collect();
    let others = |these: &Published, those: &Published| -> Vec<String> {
        these.dropped.iter().filter(|row| !those.dropped.contains(row)).map(|row| format!("dropped {row:?}")).collect()
    };
    different.extend(others(found, expected));
    different.extend(others(expected, found));
    different
}

/// Makes the changes of some numbers of a seed; what each is called.
fn changed(lake: &Lake, seed: u64, numbers: impl Iterator<Item = u64>, consent: bool) -> (Lake, Vec<&'static str>) {
    let (mut lake, mut names) = (lake.clone(), Vec::new());
    for number in numbers {
        // Each change has choices of its own, so that it can be made without those before it.
        let mut dice = Dice::seeded(seed.wrapping_mul(1_000_003).wrapping_add(number));
        let (name, change) = *dice.pick(kinds_of(number));
        change(&mut Change { lake: &mut lake, dice, number: seed * 1_000 + number, consent });
        names.push(name);
    }
    (lake, names)
}

/// Half of the changes are about Exchange.
fn kinds_of(number: u64) -> &'static [Kind] {
    let groups = [0, 1, 0, 2, 0, 3];
    KINDS[groups[number as usize % groups.len()]]
}

/// What one seed finds, if anything.
fn fault(lake: &Lake, setting: &Setting, expected: &Published, seed: u64) -> Option<String> {
    let (all, names) = changed(lake, seed, 0..AT_ONCE, setting.consent);
    assert_ne!(all, *lake);
    let different = differences(&published(&all, setting), expected);
    if different.is_empty() {
        return None;
    }
    let mut alone = Vec::new();
    narrowed(0..AT_ONCE, &mut |numbers| {
        let (some, _) = changed(lake, seed, numbers.clone(), setting.consent);
        let different = differences(&published(&some, setting), expected);
        let one = numbers.start + 1 == numbers.end;
        if one && !different.is_empty() {
            alone.push(format!("{}: {different:?}\n{}", names[numbers.start as usize], difference_of(lake, &some)));
        }
        !different.is_empty()
    });
    Some(format!("RAPPORT_MUTATION_SEED={seed}: {different:?} differ; by themselves:\n{}", alone.join("\n")))
}

/// Halves the numbers of changes that make a fault until single ones do.
fn narrowed(numbers: Range<u64>, is_fault: &mut impl FnMut(&Range<u64>) -> bool) {
    let middle = (numbers.start + numbers.end) / 2;
    for half in [numbers.start..middle, middle..numbers.end] {
        if !half.is_empty() && half != numbers && is_fault(&half) {
            narrowed(half, is_fault);
        }
    }
}

/// The rows that a change took away and put in.
fn difference_of(before: &Lake, after: &Lake) -> String {
    let mut lines = Vec::new();
    for (table, rows) in &after.tables {
        let old = before.tables.get(table).map_or(&[][..], Vec::as_slice);
        lines.extend(old.iter().filter(|row| !rows.contains(row)).map(|row| format!("  - {table} {row:?}")));
        lines.extend(rows.iter().filter(|row| !old.contains(row)).map(|row| format!("  + {table} {row:?}")));
    }
    lines.join("\n")
}

#[test]
fn changes_of_what_may_not_be_used_change_no_byte() {
    let end = Instant::now() + Duration::from_secs(number("RAPPORT_MUTATION_SECONDS", 6));
    let first = number("RAPPORT_MUTATION_SEED", 1);
    let mut faults = Vec::new();
    let mut made = 0;
    let mut of_lake: Option<(u64, Lake, [Option<Published>; VARIANTS.len()])> = None;
    for seed in first.. {
        if made > 0 && Instant::now() >= end || faults.len() >= 5 {
            break;
        }
        let about = seed / RUNS;
        if of_lake.as_ref().is_none_or(|(lake, ..)| *lake != about) {
            of_lake = Some((about, base(20_261_127 + about), Default::default()));
        }
        let (_, lake, expected) = of_lake.as_mut().expect("a lake");
        // Two runs of each of two variants look at one lake, so that half of the runs are about changes.
        let variant = ((seed / 4 + about) % VARIANTS.len() as u64) as usize;
        let setting = &VARIANTS[variant];
        let expected = expected[variant].get_or_insert_with(|| published(lake, setting));
        if let Some(fault) = fault(lake, setting, expected, seed) {
            println!("{fault}\n");
            faults.push(fault);
        }
        made += AT_ONCE;
    }
    println!("{made} changes, seeds from {first} on");
    assert!(faults.is_empty(), "{} faults:\n{}", faults.len(), faults.join("\n\n"));
}

#[test]
fn who_is_not_there_does_not_say_of_what_type_parents_are() {
    let lake = base(20_261_128);
    let typed = |row: &Row| row.contains_key("parentcustomerid_entitytype");
    assert!(!lake.tables["contact"].iter().any(typed), "an export without types of parents");
    let mut changed = lake.clone();
    for further in [
        json!({ "contactid": "gone-too", "emailaddress1": "gone@gone.example", "parentcustomerid": "account:a1" }),
        json!({ "contactid": "later", "createdon": CUTOFF, "parentcustomerid": "account:a1" }),
    ] {
        changed.insert("contact", other_values::object(further));
    }
    assert_eq!(differences(&published(&changed, &VARIANTS[0]), &published(&lake, &VARIANTS[0])), [""; 0]);
}

#[test]
fn changes_of_access_change_who_may_see_what_and_nothing_else() {
    let lake = base(20_261_127);
    let mut shared = lake.clone();
    shared.insert("principalobjectaccess", sharing::share("further", "cleo", "c8", 1));
    let different = differences(&published(&shared, &VARIANTS[0]), &published(&lake, &VARIANTS[0]));
    assert_eq!(different, [format!("record_access/as_of_date={DAY}/record_access.parquet")]);
}
