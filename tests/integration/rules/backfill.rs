//! A backfill resolves once what no day of a period can change. What each day sees is still what it alone would see
//! (rule T6), whatever changes between the days: answers arrive, runs become due, meetings are held or cancelled, deals
//! open and close, records come to be and are merged, versions replace others, and opt-outs begin.

use std::collections::{BTreeMap, BTreeSet};

use rapport::config::{Profile, Settings};
use rapport::interactions::{
    self,
    history::{History, Wanted},
};
use rapport::sources::values::automated_subjects::Beginnings;
use rapport::sources::values::email_addresses::CompanyDomains;
use rapport::sources::{self, Reading};
use tempfile::TempDir;

use crate::support::history_lake::drawn;
use crate::support::lake::Lake;
use crate::support::lake_files;
use crate::support::random_lake::SETTINGS;
use crate::support::results::{run_on, settings};

/// Days of three periods; the first two have nine and two days, the last has one.
const DAYS: [&str; 12] = [
    "2026-03-02",
    "2026-03-11",
    "2026-03-12",
    "2026-03-13",
    "2026-03-14",
    "2026-03-16",
    "2026-03-18",
    "2026-03-21",
    "2026-03-29",
    "2026-03-30",
    "2026-04-02",
    "2026-05-01",
];

/// The tables of every day that differ from those of the day alone, and how many were compared.
fn different(lake: &Lake, set: &[(&str, &str)], days: &[&str]) -> (BTreeSet<String>, usize) {
    let folder = TempDir::new().expect("a temporary folder");
    lake_files::write(lake, folder.path());
    let mut chosen: BTreeMap<&str, &str> = SETTINGS.into_iter().collect();
    chosen.extend(set.iter().copied());
    let settings = settings(&chosen.into_iter().collect::<Vec<_>>());
    let backfill = run_on(folder.path(), &settings, days).bytes();
    let (mut different, mut compared) = (BTreeSet::new(), 0);
    for day in days {
        for (path, bytes) in run_on(folder.path(), &settings, &[day]).bytes() {
            if path.contains(day) {
                compared += 1;
                if backfill.get(&path) != Some(&bytes) {
                    different.insert(path);
                }
            }
        }
    }
    (different, compared)
}

#[track_caller]
fn assert_alike(lake: &Lake, set: &[(&str, &str)], days: &[&str]) {
    let (different, compared) = different(lake, set, days);
    assert!(compared >= days.len(), "there is something to compare: {compared} tables");
    assert!(different.is_empty(), "of {compared} tables these differ: {different:?}");
}

#[test]
fn every_day_is_as_if_it_were_alone() {
    assert_alike(&drawn(1), &[("response_horizon_days", "5")], &DAYS);
}

/// Five periods, each of which takes over what the one before it found to last; people change in the third.
#[test]
fn periods_take_over_what_lasts() {
    let days = [
        "2026-01-20",
        "2026-02-10",
        "2026-02-17",
        "2026-02-18",
        "2026-03-12",
        "2026-03-17",
        "2026-03-19",
        "2026-03-22",
        "2026-04-14",
        "2026-05-13",
    ];
    for seed in [5, 6] {
        assert_alike(&drawn(seed), &[("response_horizon_days", "2")], &days);
    }
}

#[test]
fn long_horizons_and_other_lakes_change_nothing() {
    assert_alike(&drawn(2), &[("compare_days", "4")], &["2026-03-10", "2026-03-17", "2026-03-24"]);
}

#[test]
fn consent_that_lapses_is_noticed() {
    let set = [("consent", "false"), ("enabled_on", "2026-02-28"), ("response_horizon_days", "2")];
    assert_alike(&drawn(3), &set, &["2026-03-12", "2026-03-13", "2026-03-14", "2026-03-15"]);
}

#[test]
fn documented_switches_are_followed_too() {
    assert_alike(&drawn(4), &[("profile", "dynamics")], &["2026-03-10", "2026-03-17", "2026-03-18"]);
}

/// A lake whose days had nothing in common would prove nothing.
#[test]
fn much_of_a_drawn_lake_is_the_same_for_all_days() {
    let folder = TempDir::new().expect("a temporary folder");
    lake_files::write(&drawn(1), folder.path());
    let domains = CompanyDomains::new(&["nw.example".to_string()]);
    let how = Reading { domains, subjects: false, automated: Beginnings::with(&[]) };
    let sources = sources::read(&sources::Lake::local(folder.path()), &how).expect("a lake");
    let ours = Settings::of_profile(Profile::Default);
    let settings = Settings { consent: true, company_domains: vec!["nw.example".into()], ..ours };
    let days = ["2026-03-10", "2026-03-24"].map(|day| day.parse().expect("a day"));
    let read = (&sources, sources.activities.clone());
    let mut history = History::of(read, &settings, (interactions::build, Wanted::All), &days, true);
    let all = days.map(|day| history.day(day).expect("a day").interactions.table.height());
    let settled = history.period().map_or(0, |period| period.settled.table.height());
    assert!(settled * 5 > all[1] && settled < all[0], "{settled} of {all:?} interactions");
}
