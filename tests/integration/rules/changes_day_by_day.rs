//! Day by day, what `changes` says makes the state of a day of that of the day before (rule W9): health and its trend, who has
//! most of the contact, deals, and how strong the strongest connection is.
//!
//! `RAPPORT_CHANGES_SEEDS=20` tries so many lakes, from `RAPPORT_CHANGES_SEED=7` on.

use std::collections::{BTreeMap, BTreeSet};

use chrono::{Days, NaiveDate};
use serde_json::{Value, json};

use crate::rules::changes::lake;
use crate::support::dice::Dice;
use crate::support::lake::{Lake, Row};
use crate::support::random_lake::SETTINGS;
use crate::support::results::{Results, run, settings};

/// Record type and id.
type Record = (String, String);
/// One thing of every record that has it.
type State = BTreeMap<Record, String>;

const TABLES: &str =
    r#"["relationship_health", "top_contacts", "records", "changes", "connections", "account_connections"]"#;

fn number(name: &str, otherwise: u64) -> u64 {
    std::env::var(name).map_or(otherwise, |text| text.parse().expect("a number"))
}

/// All copies of a mail or meeting say the same times: a copy that came later would change what was on an earlier day.
fn copies_agree(lake: &mut Lake) {
    let mut first: BTreeMap<String, [Value; 3]> = BTreeMap::new();
    for (table, id, times) in [
        ("email", "messageid", ["senton", "senton", "createdon"]),
        ("messages", "internetMessageId", ["sentDateTime", "sentDateTime", "createdDateTime"]),
        ("appointment", "globalobjectid", ["scheduledstart", "scheduledstart", "createdon"]),
        ("calendar_view", "iCalUId", ["start", "end", "createdDateTime"]),
    ] {
        for row in lake.tables.get_mut(table).expect("a table of activities") {
            let Some(mut name) = row.get(id).and_then(Value::as_str).map(str::to_lowercase) else { continue };
            if ["appointment", "calendar_view"].contains(&table) {
                // The two spell times differently: meetings of one have no copies in the other.
                name = format!("{table}-{name}");
                row.insert(id.into(), json!(name));
            }
            let own = times.map(|name| row[name].clone());
            let agreed = first.entry(name).or_insert(own).clone();
            times.into_iter().zip(agreed).for_each(|(name, time)| drop(row.insert(name.into(), time)));
        }
    }
}

/// A drawn lake with deals that come and close in the thirty days.
fn with_deals(seed: u64) -> Lake {
    let (mut lake, mut dice) = (lake(seed), Dice::seeded(seed ^ 0xdea1));
    copies_agree(&mut lake);
    let day = |ago: usize| NaiveDate::from_ymd_opt(2026, 3, 31).expect("a day") - Days::new(ago as u64);
    for number in 0..12 {
        let (created, state) = (dice.below(60), dice.below(3));
        let closed = (state > 0).then(|| day(dice.below(created + 1)).to_string());
        let row = json!({
            "opportunityid": format!("deal-{number}"), "parentcontactid": format!("c{}", dice.below(9)),
            "ownerid": "anna", "statecode": state, "actualclosedate": closed,
            "createdon": format!("{}T09:00Z", day(created)),
        });
        lake.insert("opportunity", row.as_object().expect("a row").clone());
    }
    lake
}

fn text(row: &Row, column: &str) -> String {
    row[column].as_str().unwrap_or_else(|| panic!("{column} of {row:?}")).to_string()
}

fn state(rows: &[Row], column: &str, keep: impl Fn(&Row) -> bool) -> State {
    let kept = rows.iter().filter(|row| keep(row) && !row[column].is_null());
    kept.map(|row| ((text(row, "record_type"), text(row, "record_id")), text(row, column))).collect()
}

/// The label of the strongest connection of every account, contact and lead.
fn labels(results: &Results, day: &str) -> State {
    let mut strongest: BTreeMap<Record, (f64, String)> = BTreeMap::new();
    let people = results.rows("connections", day).into_iter().map(|row| {
        let record = (text(&row, "person_type"), text(&row, "person_id"));
        (record, row)
    });
    let accounts = results.rows("account_connections", day).into_iter();
    let accounts = accounts.map(|row| (("account".to_string(), text(&row, "account_id")), row));
    for (record, row) in people.chain(accounts) {
        let strength = row["strength"].as_f64().expect("a strength");
        let found = strongest.entry(record).or_insert((f64::MIN, String::new()));
        if strength > found.0 {
            *found = (strength, text(&row, "label"));
        }
    }
    strongest.into_iter().map(|(record, (_, label))| (record, label)).collect()
}

/// The day before with its changes of these kinds, which have to begin where it ended.
fn applied(before: &State, changes: &[Row], kinds: &[&str]) -> State {
    let mut found = before.clone();
    for change in changes.iter().filter(|row| kinds.contains(&row["change"].as_str().expect("a change"))) {
        let record = (text(change, "record_type"), text(change, "record_id"));
        let was = found.insert(record, text(change, "after"));
        // Of a deal that is new and closed at once two changes tell.
        let is_new_deal = kinds.contains(&"deal_new") && change["before"].is_null();
        assert!(is_new_deal || was.as_deref() == change["before"].as_str(), "{change:?} after {was:?}");
    }
    found
}

/// What both days have.
fn shared<'a>(one: &'a State, other: &State) -> BTreeMap<&'a Record, &'a String> {
    one.iter().filter(|(record, _)| other.contains_key(*record)).collect()
}

#[test]
fn the_changes_of_a_day_make_its_state_of_that_of_the_day_before() {
    let mut kinds = BTreeSet::new();
    let first = number("RAPPORT_CHANGES_SEED", 7);
    for seed in first..first + number("RAPPORT_CHANGES_SEEDS", 1) {
        let mut settings = settings(&SETTINGS);
        settings.push(("tables".into(), TABLES.into()));
        let last = NaiveDate::from_ymd_opt(2026, 3, 31).expect("a day");
        let days: Vec<String> = (0..=30).rev().map(|ago| (last - Days::new(ago)).to_string()).collect();
        let days: Vec<&str> = days.iter().map(String::as_str).collect();
        let results = run(&with_deals(seed), &settings, &days);
        for pair in days.windows(2) {
            let (earlier, day) = (pair[0], pair[1]);
            let why = format!("RAPPORT_CHANGES_SEED={seed}, {day}");
            let changes = results.rows("changes", day);
            kinds.extend(changes.iter().map(|row| text(row, "change")));
            let of = |table: &str, column: &str, keep: fn(&Row) -> bool| {
                [earlier, day].map(|day| state(&results.rows(table, day), column, keep))
            };
            for (column, told) in
                [("health_state", &["health_state", "gone_silent"][..]), ("health_trend", &["health_trend"])]
            {
                let [then, now] = of("relationship_health", column, |_| true);
                assert_eq!(shared(&applied(&then, &changes, told), &now), shared(&now, &then), "{why}: {column}");
            }
            let [then, now] =
                of("top_contacts", "person_id", |row| row["side"] == "most_contacted" && row["rank"] == 1);
            assert_eq!(shared(&applied(&then, &changes, &["top_contact"]), &now), shared(&now, &then), "{why}");
            let [then, now] = of("records", "state", |row| row["record_type"] == "opportunity");
            assert_eq!(applied(&then, &changes, &["deal_new", "deal_won", "deal_lost"]), now, "{why}");

            let [then, now] = [earlier, day].map(|day| labels(&results, day));
            let told = ["connection_strong", "connection_weak"];
            let changed: BTreeSet<Record> = changes
                .iter()
                .filter(|row| told.contains(&row["change"].as_str().expect("a change")))
                .map(|row| (text(row, "record_type"), text(row, "record_id")))
                .collect();
            let none = "none".to_string();
            for record in then.keys().chain(now.keys()).collect::<BTreeSet<_>>() {
                let (was, is) = (then.get(record).unwrap_or(&none), now.get(record).unwrap_or(&none));
                let became_strong = is == "strong" && was != "strong";
                let became_weak = ["weak", "none"].contains(&is.as_str()) && ["strong", "good"].contains(&was.as_str());
                let is_told = changed.contains(record);
                assert_eq!(is_told, became_strong || became_weak, "{why}: {record:?} was {was} and is {is}");
            }
            let told: Vec<&Row> =
                changes.iter().filter(|row| told.contains(&row["change"].as_str().expect("a change"))).collect();
            for change in told {
                let record = (text(change, "record_type"), text(change, "record_id"));
                assert_eq!(&text(change, "before"), then.get(&record).unwrap_or(&none), "{why}: {change:?}");
                assert_eq!(&text(change, "after"), now.get(&record).unwrap_or(&none), "{why}: {change:?}");
            }
        }
    }
    for kind in
        ["connection_strong", "deal_lost", "deal_new", "deal_won", "health_state", "health_trend", "top_contact"]
    {
        assert!(kinds.contains(kind), "no lake has {kind}, only {kinds:?}");
    }
}
