//! Chances (rule W4): worked out by hand on a lake of two kinds of contacts, rising with the score, learned of nothing
//! that comes after the day or was not known yet, and the same alone and in a backfill.

use std::collections::BTreeMap;

use chrono::{Days, NaiveDate};
use serde_json::json;

use crate::support::dice::Dice;
use crate::support::lake::{Lake, Row};
use crate::support::results::{Results, run, settings};

const DAY: &str = "2026-03-31";
const SETTINGS: [(&str, &str); 2] =
    [("company_domains", "[\"nw.example\"]"), ("tables", "[\"connections\", \"contact_kpis\", \"score_calibration\"]")];

fn row(value: serde_json::Value) -> Row {
    value.as_object().expect("a row").clone()
}

/// The cast and so many contacts of two names.
fn contacts(lively: usize, quiet: usize) -> Lake {
    let cast = std::fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/cases/cast.json"));
    let mut lake = Lake::described(&cast.expect("the cast"));
    for (name, count) in [("lively", lively), ("quiet", quiet)] {
        for number in 0..count {
            let (id, address) = (format!("{name}-{number:02}"), format!("{name}{number}@acme.example"));
            lake.insert("contact", row(json!({"contactid": id, "fullname": id, "emailaddress1": address})));
        }
    }
    lake
}

/// An email so many days before the day.
fn mail(lake: &mut Lake, days_before: u64, from: &str, to: &str) {
    let day = DAY.parse::<NaiveDate>().expect("a day") - Days::new(days_before);
    let number = lake.tables.get("email").map_or(0, Vec::len);
    let id = format!("e{number:05}");
    lake.insert("email", row(json!({"activityid": id, "senton": format!("{day}T09:00Z"), "from": from, "to": to})));
}

/// 40 contacts who exchange mail with anna every so many days, the last time ten days ago, and 40 who wrote to bo once.
fn two_kinds(every: u64) -> Lake {
    let mut lake = contacts(40, 40);
    for number in 0..40 {
        let (lively, quiet) = (format!("lively{number}@acme.example"), format!("quiet{number}@acme.example"));
        for time in 0..21 {
            mail(&mut lake, 10 + every * time, &lively, "anna@nw.example");
            mail(&mut lake, 10 + every * time, "anna@nw.example", &lively);
        }
        mail(&mut lake, 300, &quiet, "bo@nw.example");
    }
    lake
}

fn computed(lake: &Lake, day: &str) -> Results {
    run(lake, &settings(&SETTINGS), &[day])
}

/// Chances of a table by the name of the contact without its number: the least and the greatest.
fn chances(rows: &[Row], id: &str, chance: &str) -> BTreeMap<String, [f64; 2]> {
    let mut found: BTreeMap<String, [f64; 2]> = BTreeMap::new();
    for row in rows {
        let (name, Some(chance)) = (row[id].as_str().expect("an id"), row[chance].as_f64()) else { continue };
        let name = name.split('-').next().expect("a name").to_string();
        let range = found.entry(name).or_insert([chance; 2]);
        *range = [range[0].min(chance), range[1].max(chance)];
    }
    found
}

#[track_caller]
fn assert_close(found: f64, expected: f64) {
    assert!((found - expected).abs() < 1e-9, "{found} instead of {expected}");
}

/// At each of six earlier dates the lively ones look as they do now, and are in touch again; the quiet ones never are.
/// Half of 480 cases came true, so that the chances are (240 + 5 / 2) / 245 and (0 + 5 / 2) / 245.
#[test]
fn what_always_came_true_and_what_never_did() {
    let results = computed(&two_kinds(30), DAY);
    let found = chances(&results.rows("connections", DAY), "person_id", "contact_chance_30d");
    assert_eq!(found.keys().collect::<Vec<_>>(), ["lively", "quiet"]);
    for (name, expected) in [("lively", 242.5 / 245.0), ("quiet", 2.5 / 245.0)] {
        found[name].into_iter().for_each(|chance| assert_close(chance, expected));
    }
    // Mail every 28 days is for health what mail every 30 days is for strength.
    let found = chances(&computed(&two_kinds(28), DAY).rows("contact_kpis", DAY), "contact_id", "two_way_chance_28d");
    for (name, expected) in [("lively", 242.5 / 245.0), ("quiet", 2.5 / 245.0)] {
        found[name].into_iter().for_each(|chance| assert_close(chance, expected));
    }
}

/// The four later dates were told by the m = 2, 3, 4, 5 before them: (40 m + 5 / 2) / (40 m + 5) for the lively ones.
/// Cases of the two earliest dates are of no later one: their bin is empty.
#[test]
fn the_reliability_table_tells_what_earlier_dates_foretold() {
    let rows = computed(&two_kinds(30), DAY).rows("score_calibration", DAY);
    let bins: Vec<&Row> = rows.iter().filter(|row| row["score"] == "contact_chance_30d").collect();
    let counts: Vec<i64> = bins.iter().map(|bin| bin["n"].as_i64().expect("a number")).collect();
    assert_eq!(counts, [80, 80, 0, 160], "quiet ones of two dates each, and the lively ones: {bins:?}");
    let number = |bin: usize, column: &str| bins[bin][column].as_f64().expect(column);
    let later = |came_true: f64| [2.0, 3.0, 4.0, 5.0].map(|m| (40.0 * m * came_true + 2.5) / (40.0 * m + 5.0));
    assert_close(number(3, "predicted"), later(1.0).iter().sum::<f64>() / 4.0);
    let quiet = later(0.0);
    assert_close(number(0, "predicted"), (quiet[2] + quiet[3]) / 2.0);
    assert_close(number(1, "predicted"), (quiet[0] + quiet[1]) / 2.0);
    assert_eq!([0, 1, 3].map(|bin| number(bin, "came_true")), [0.0, 0.0, 1.0]);
    assert!(bins[2]["predicted"].is_null() && bins[2]["came_true"].is_null());
    assert!(bins.iter().all(|bin| bin["state"] == "calibrated"));
    let ranges: Vec<f64> = (0..4).flat_map(|bin| [number(bin, "score_from"), number(bin, "score_to")]).collect();
    assert!(ranges.is_sorted(), "{ranges:?}");
}

#[test]
fn records_that_were_not_known_yet_teach_nothing() {
    let mut lake = two_kinds(30);
    for contact in lake.tables.get_mut("contact").expect("contacts") {
        if contact["contactid"].as_str().is_some_and(|id| id.starts_with("quiet")) {
            contact.insert("createdon".into(), json!("2026-03-30T09:00Z"));
        }
    }
    let results = computed(&lake, DAY);
    let found = chances(&results.rows("connections", DAY), "person_id", "contact_chance_30d");
    // All 240 cases that are left came true.
    found.into_values().flatten().for_each(|chance| assert_close(chance, 1.0));
    let rows = results.rows("score_calibration", DAY);
    let cases = rows.iter().filter(|row| row["score"] == "contact_chance_30d").map(|row| row["n"].as_i64());
    assert_eq!(cases.sum::<Option<i64>>(), Some(120), "told by three dates or more, 100 cases being the least");
}

/// Contacts who write and are written to at random, each at a pace of their own.
fn drawn(seed: u64) -> Lake {
    let mut dice = Dice::seeded(seed);
    let mut lake = contacts(60, 0);
    for number in 0..60 {
        let address = format!("lively{number}@acme.example");
        for _ in 0..dice.below(30) {
            let (ago, ours) = (dice.below(560) as u64, *dice.pick(&["anna@nw.example", "bo@nw.example"]));
            match dice.once_in(2) {
                true => mail(&mut lake, ago, &address, ours),
                false => mail(&mut lake, ago, ours, &address),
            }
        }
    }
    lake
}

#[test]
fn chances_rise_with_the_score() {
    let results = computed(&drawn(1), DAY);
    for (table, score, chance) in
        [("connections", "strength", "contact_chance_30d"), ("contact_kpis", "health_score", "two_way_chance_28d")]
    {
        let rows = results.rows(table, DAY);
        let mut found: Vec<(f64, f64)> =
            rows.iter().filter_map(|row| Some((row[score].as_f64()?, row[chance].as_f64()?))).collect();
        assert_eq!(found.len(), rows.iter().filter(|row| !row[score].is_null()).count(), "{table}");
        found.sort_by(|a, b| a.0.total_cmp(&b.0));
        assert!(found.len() > 40 && found.is_sorted_by(|a, b| a.1 <= b.1), "{table}: {found:?}");
        assert!(found[0].1 < found[found.len() - 1].1 && found.iter().all(|(_, chance)| (0.0..=1.0).contains(chance)));
    }
}

/// T3, T6
#[test]
fn the_future_changes_no_chance_and_a_backfill_gives_those_of_each_day() {
    let (lake, earlier) = (drawn(2), "2026-03-11");
    let alone = computed(&lake, earlier).bytes();
    let mut truncated = lake.clone();
    let emails = truncated.tables.get_mut("email").expect("emails");
    let all = emails.len();
    emails.retain(|email| email["senton"].as_str().is_some_and(|time| &time[..10] <= earlier));
    assert!(emails.len() < all);
    let kept: Vec<String> =
        emails.iter().map(|email| email["activityid"].as_str().expect("an id").to_string()).collect();
    truncated
        .tables
        .get_mut("activityparty")
        .expect("parties")
        .retain(|party| party["activityid"].as_str().is_some_and(|id| kept.iter().any(|kept| kept == id)));
    assert!(computed(&truncated, earlier).bytes() == alone, "without what comes after the day");
    let both = run(&lake, &settings(&SETTINGS), &[earlier, DAY]).bytes();
    assert!(alone.iter().all(|(path, bytes)| both.get(path) == Some(bytes)), "alone and in a backfill");
    assert!(computed(&lake, DAY).bytes().iter().all(|(path, bytes)| both.get(path) == Some(bytes)));
}
