//! What holds for strengths and scores of health whatever the lake: their range, that more contact
//! never lowers a strength and age never raises it, that names do not matter, and that who is erased
//! or opted out leaves no trace.

use std::collections::BTreeMap;

use serde_json::json;

use crate::support::dice::Dice;
use crate::support::lake::{Lake, Row};
use crate::support::results::{run, settings};

const SETTINGS: [(&str, &str); 3] = [
    ("company_domains", "[\"nw.example\"]"),
    ("consent", "true"),
    ("tables", "[\"connections\", \"who_knows_whom\", \"account_connections\", \"relationship_health\"]"),
];
const OURS: [&str; 3] = ["anna@nw.example", "bo@nw.example", "cleo@nw.example"];
const THEIRS: [&str; 3] = ["xena@acme.example", "yngve@acme.example", "zoe@beta.example"];

fn cast() -> Lake {
    let cast = std::fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/cases/cast.json"));
    Lake::described(&cast.expect("the cast"))
}

fn email(number: usize, time: &str, from: &str, to: &[&str]) -> Row {
    let row = json!({ "activityid": format!("e{number:03}"), "senton": time, "from": from, "to": to });
    row.as_object().expect("a row").clone()
}

/// The cast with so many emails of the 60 days before 30 March 2026.
fn lake(seed: u64, emails: usize) -> Lake {
    let mut dice = Dice::seeded(seed);
    let mut lake = cast();
    for number in 0..emails {
        let time = format!("2026-0{}-{:02}T{:02}:00Z", 2 + dice.below(2), 1 + dice.below(28), dice.below(24));
        let (ours, theirs) = (*dice.pick(&OURS), *dice.pick(&THEIRS));
        let (from, to) = if dice.once_in(2) { (ours, theirs) } else { (theirs, ours) };
        lake.insert("email", email(number, &time, from, &[to]));
    }
    lake
}

/// Strengths by colleague and person.
fn strengths(lake: &Lake, day: &str) -> BTreeMap<(String, String), f64> {
    let rows = run(lake, &settings(&SETTINGS), &[day]).rows("connections", day);
    let text = |row: &Row, column: &str| row[column].as_str().expect("text").to_string();
    let pair = |row: &Row| (text(row, "systemuser_id"), text(row, "person_id"));
    rows.iter().map(|row| (pair(row), row["strength"].as_f64().expect("a strength"))).collect()
}

#[test]
fn scores_stay_within_0_and_100() {
    let results = run(&lake(1, 60), &settings(&SETTINGS), &["2026-03-31"]);
    for (table, column) in
        [("connections", "strength"), ("account_connections", "strength"), ("relationship_health", "health_score")]
    {
        let rows = results.rows(table, "2026-03-31");
        let scores: Vec<f64> = rows.iter().filter_map(|row| row[column].as_f64()).collect();
        assert!(scores.len() >= 3, "{table} has scores");
        assert!(scores.iter().all(|score| (0.0..=100.0).contains(score)), "{table}: {scores:?}");
    }
}

#[test]
fn more_contact_never_lowers_a_strength_and_age_never_raises_it() {
    for seed in [2, 3] {
        let before = lake(seed, 25);
        let strength = strengths(&before, "2026-03-30");
        let mut more = before.clone();
        more.insert("email", email(900, "2026-03-20T09:00Z", OURS[0], &THEIRS[..1]));
        more.insert("email", email(901, "2026-02-02T09:00Z", THEIRS[1], &OURS[1..2]));
        let with_more = strengths(&more, "2026-03-30");
        let later = strengths(&before, "2026-04-02");
        assert!(strength.len() >= 6);
        for (pair, strength) in &strength {
            assert!(with_more[pair] >= *strength, "{pair:?}: {strength} fell to {}", with_more[pair]);
            assert!(later[pair] <= *strength, "{pair:?}: {strength} rose to {}", later[pair]);
        }
    }
}

/// Scores of health with expected contact found from the lake, by record, as of the days.
fn healths(lake: &Lake, days: &[&str]) -> Vec<BTreeMap<(String, String), f64>> {
    let results = run(lake, &settings(&SETTINGS), days);
    let of_day = |day: &&str| {
        let rows = results.rows("relationship_health", day);
        assert!(rows.iter().all(|row| row["expected_contact"].is_null() || row["expected_contact"] == "auto"));
        let text = |row: &Row, column: &str| row[column].as_str().expect("text").to_string();
        let scored = rows.iter().filter_map(|row| {
            Some(((text(row, "record_type"), text(row, "record_id")), row["health_score"].as_f64()?))
        });
        scored.collect()
    };
    days.iter().map(of_day).collect()
}

#[test]
fn more_contact_never_lowers_health_that_is_measured_against_the_lake() {
    for seed in [6, 7] {
        let before = lake(seed, 25);
        let scores = healths(&before, &["2026-03-30"]).remove(0);
        assert!(scores.len() >= 5, "{scores:?}");
        for (ours, theirs, account) in
            [(OURS[0], THEIRS[0], "acme"), (OURS[1], THEIRS[1], "acme"), (OURS[2], THEIRS[2], "beta")]
        {
            let mut more = before.clone();
            for (number, time) in
                ["2026-03-29T09:00Z", "2026-03-02T09:00Z", "2025-11-02T09:00Z"].into_iter().enumerate()
            {
                more.insert("email", email(900 + number, time, ours, &[theirs]));
                more.insert("email", email(950 + number, time, theirs, &[ours]));
            }
            let with_more = healths(&more, &["2026-03-30"]).remove(0);
            // Contacts are held against the same whatever happens; an account of others may find its bar raised.
            for (record, score) in scores.iter().filter(|((kind, id), _)| kind == "contact" || id == account) {
                let after = with_more[record];
                assert!(after >= score - 1e-9, "{theirs}: {record:?}: {score} fell to {after}");
            }
        }
    }
}

/// The bar does not move from day to day, and what passes in silence goes down slowly.
#[test]
fn health_that_is_measured_against_the_lake_changes_little_from_day_to_day() {
    let days: Vec<String> = (1..=14).map(|day| format!("2026-04-{day:02}")).collect();
    let days: Vec<&str> = days.iter().map(String::as_str).collect();
    for seed in [8, 9] {
        let by_day = healths(&lake(seed, 40), &days);
        assert!(by_day[0].len() >= 5);
        for pair in by_day.windows(2) {
            for ((record_type, id), score) in &pair[0] {
                let next = pair[1][&(record_type.clone(), id.clone())];
                assert!((next - score).abs() < 5.0, "{record_type} {id}: {score}, a day later {next}");
                assert!(record_type != "contact" || next <= *score, "{id}: {score} rose to {next} without contact");
            }
        }
    }
}

#[test]
fn other_names_for_the_same_people_change_no_number() {
    let before = lake(4, 40);
    let renamed: BTreeMap<String, Vec<Row>> = before
        .tables
        .iter()
        .map(|(table, rows)| {
            let text = serde_json::to_string(rows).expect("rows are JSON");
            // Ids and addresses of colleagues and contacts, in another order of the alphabet.
            let text = text.replace("anna", "zz1").replace("xena", "aa1").replace("zoe", "mm1");
            (table.clone(), serde_json::from_str(&text).expect("rows"))
        })
        .collect();
    let name = |name: &str| name.replace("anna", "zz1").replace("xena", "aa1").replace("zoe", "mm1");
    let expected: BTreeMap<(String, String), f64> = strengths(&before, "2026-03-31")
        .into_iter()
        .map(|((user, person), strength)| ((name(&user), name(&person)), strength))
        .collect();
    assert_eq!(strengths(&Lake { tables: renamed }, "2026-03-31"), expected);
}

#[test]
fn who_is_erased_or_opted_out_leaves_no_trace() {
    let mut with = lake(5, 30);
    let without = |lake: &Lake, address: &str| {
        let mut lake = lake.clone();
        let touched: Vec<String> = lake.tables["activityparty"]
            .iter()
            .filter(|row| row.get("addressused").is_some_and(|used| used == address))
            .map(|row| row["activityid"].as_str().expect("an id").to_string())
            .collect();
        let gone = |row: &Row| touched.iter().any(|id| row.get("activityid").is_some_and(|own| own == id.as_str()));
        for table in ["email", "activityparty"] {
            lake.tables.get_mut(table).expect("rows").retain(|row| !gone(row));
        }
        lake
    };
    let mut never = without(&with, THEIRS[2]);
    never.tables.get_mut("contact").expect("contacts").retain(|row| row["contactid"] != "zoe");
    with.insert("erasures", json!({ "kind": "contact", "principal": "zoe" }).as_object().expect("a row").clone());
    let mut opted_out = with.clone();
    let message = json!({
        "id": "x", "puser": "box-bo", "internetMessageId": "<x@x>", "sentDateTime": "2026-03-30T09:00Z",
        "from": OURS[1], "toRecipients": [THEIRS[0]]
    });
    opted_out.insert("messages", message.as_object().expect("a row").clone());
    opted_out.insert("opt_outs", json!({ "principal": OURS[1] }).as_object().expect("a row").clone());
    let bytes = |lake: &Lake| run(lake, &settings(&SETTINGS), &["2026-03-31"]).bytes();
    assert!(bytes(&with) == bytes(&never), "an erased contact and its mail, or neither");
    assert!(bytes(&opted_out) == bytes(&with), "with the mailbox of who opted out, or without");
}
