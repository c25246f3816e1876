//! The tables agree with each other: what is published per record follows from the interactions
//! that are published with it.

use std::collections::BTreeMap;

use rapport::config::JobKind;
use serde_json::Value;

use crate::rules::properties::reference;
use crate::support::lake::Row;

const DAY: &str = "2026-03-31";
const RECORD_TYPES: [&str; 4] = ["account", "contact", "lead", "opportunity"];
const COUNTS: [(&str, &str, &str); 6] = [
    ("emails_sent", "email", "outbound"),
    ("emails_received", "email", "inbound"),
    ("meetings_sent", "meeting", "outbound"),
    ("meetings_received", "meeting", "inbound"),
    ("phone_calls_made", "phone_call", "outbound"),
    ("phone_calls_received", "phone_call", "inbound"),
];

/// By type and id, the interactions that count for a record.
fn by_record() -> BTreeMap<(String, String), Vec<Row>> {
    let (_, results) = reference();
    let interactions: BTreeMap<String, Row> =
        results.rows("interactions", DAY).into_iter().map(|row| (text(&row["interaction_id"]), row)).collect();
    let mut found: BTreeMap<(String, String), Vec<Row>> = BTreeMap::new();
    for link in results.rows("interaction_records", DAY) {
        let interaction = interactions[&text(&link["interaction_id"])].clone();
        found.entry((text(&link["record_type"]), text(&link["record_id"]))).or_default().push(interaction);
    }
    found
}

fn text(value: &Value) -> String {
    value.as_str().expect("a text").to_string()
}

fn number(value: &Value) -> f64 {
    value.as_f64().unwrap_or(0.0)
}

/// Every record with its KPIs and its interactions.
fn each_record(mut check: impl FnMut(&Row, &[Row])) {
    let (_, results) = reference();
    let interactions = by_record();
    let mut records = 0;
    for record_type in RECORD_TYPES {
        for kpis in results.rows(&format!("{record_type}_kpis"), DAY) {
            let id = text(&kpis[&format!("{record_type}_id")]);
            let of_record = interactions.get(&(record_type.to_string(), id)).map_or(&[][..], Vec::as_slice);
            check(&kpis, of_record);
            records += usize::from(!of_record.is_empty());
        }
    }
    assert!(records > 10, "only {records} records have interactions");
}

/// K1
#[test]
fn counts_are_the_held_interactions_of_a_kind_and_direction() {
    each_record(|kpis, interactions| {
        for (column, kind, direction) in COUNTS {
            let counted = interactions.iter().filter(|row| row["status"] == "held" && row["kind"] == kind);
            let counted = counted.filter(|row| row["direction"] == direction).count();
            assert_eq!(kpis[column], counted, "{column} of {kpis:?}");
        }
    });
}

/// K3, K4, K5
#[test]
fn answers_are_those_of_the_emails_that_begin_runs() {
    each_record(|kpis, interactions| {
        for (suffix, direction) in [("by_us", "inbound"), ("by_them", "outbound")] {
            let answered = |row: &&Row| row["direction"] == direction && !row["answered_at"].is_null();
            let hours: Vec<f64> =
                interactions.iter().filter(answered).map(|row| number(&row["response_hours"])).collect();
            assert_eq!(kpis[&format!("responses_{suffix}")], hours.len(), "{kpis:?}");
            assert!(number(&kpis[&format!("responses_due_{suffix}")]) >= hours.len() as f64, "{kpis:?}");
            let mean = &kpis[&format!("avg_first_response_hours_{suffix}")];
            match hours.len() {
                0 => assert!(mean.is_null(), "{kpis:?}"),
                n => assert!((number(mean) - hours.iter().sum::<f64>() / n as f64).abs() < 1e-9, "{kpis:?}"),
            }
        }
    });
}

/// K8, T2
#[test]
fn the_last_is_behind_and_the_next_ahead() {
    each_record(|kpis, interactions| {
        let times = |status: &str| {
            let of_status = interactions.iter().filter(|row| row["status"] == status);
            of_status.map(|row| text(&row["occurred_at"])).collect::<Vec<String>>()
        };
        let instant = |name: &str| kpis[name].as_str().map(str::to_string);
        assert_eq!(instant("first_interaction_at"), times("held").into_iter().min());
        assert_eq!(instant("last_interaction_at"), times("held").into_iter().max());
        assert_eq!(instant("next_interaction_at"), times("planned").into_iter().min());
        // The day ends at 22:00 UTC in Stockholm.
        assert!(times("held").iter().all(|time| time.as_str() < "2026-03-31T22:00"));
        assert!(times("planned").iter().all(|time| time.as_str() >= "2026-03-31T22:00"));
    });
}

/// K9
#[test]
fn days_add_up_to_no_more_than_the_whole() {
    let (_, results) = reference();
    let mut sums: BTreeMap<(String, String), BTreeMap<&str, f64>> = BTreeMap::new();
    for day in results.rows("daily_activity", DAY) {
        let record = sums.entry((text(&day["record_type"]), text(&day["record_id"]))).or_default();
        let of_day: f64 = COUNTS.iter().map(|(column, _, _)| number(&day[*column])).sum();
        assert!(of_day > 0.0, "a day without activity has no row: {day:?}");
        for (column, _, _) in COUNTS {
            *record.entry(column).or_default() += number(&day[column]);
        }
    }
    let mut smaller = 0;
    for record_type in RECORD_TYPES {
        for kpis in results.rows(&format!("{record_type}_kpis"), DAY) {
            let sums =
                sums.remove(&(record_type.to_string(), text(&kpis[&format!("{record_type}_id")]))).unwrap_or_default();
            for (column, _, _) in COUNTS {
                let (sum, whole) = (sums.get(column).copied().unwrap_or(0.0), number(&kpis[column]));
                assert!(sum <= whole, "{column}: {sum} in 60 days, {whole} in all of {kpis:?}");
                smaller += usize::from(sum < whole);
            }
        }
    }
    assert!(sums.is_empty(), "days of records that are not there: {sums:?}");
    assert!(smaller > 0, "some activity is older than 60 days");
}

/// L5
#[test]
fn weights_of_an_interaction_add_up_to_one() {
    let (_, results) = reference();
    let mut weights: BTreeMap<String, f64> = BTreeMap::new();
    for link in results.rows("interaction_records", DAY) {
        assert_eq!(link["record_type"] == "opportunity", !link["weight"].is_null(), "{link:?}");
        if link["record_type"] == "opportunity" {
            *weights.entry(text(&link["interaction_id"])).or_default() += number(&link["weight"]);
        }
    }
    assert!(weights.len() > 10);
    for (interaction, weight) in weights {
        assert!((weight - 1.0).abs() < 1e-12, "{interaction}: {weight}");
    }
}

/// N8
#[test]
fn a_row_is_dropped_for_one_reason() {
    let (_, results) = reference();
    let mut reasons: BTreeMap<(String, String), usize> = BTreeMap::new();
    for row in results.rows("dropped_activities", DAY) {
        *reasons.entry((text(&row["source"]), text(&row["source_id"]))).or_default() += 1;
    }
    let several: Vec<_> = reasons.into_iter().filter(|(_, reasons)| *reasons > 1).collect();
    assert!(several.is_empty(), "{several:?}");
}

/// O1, O3
#[test]
fn every_table_keeps_its_promises() {
    let (_, results) = reference();
    // The weekly job's own tests look at its tables.
    let daily = JobKind::ALL.iter().filter(|kind| **kind != JobKind::SimilarWonDeals);
    for name in daily.flat_map(|kind| kind.tables()) {
        crate::support::promises::keeps_its_promises(name, &results.frame(name, DAY), false);
    }
}
