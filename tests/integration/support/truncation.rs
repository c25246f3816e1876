//! The lake as it would have been at the end of a day: without what happened, was planned or was
//! created later (rules T2, T3, N2).

use std::collections::BTreeSet;

use chrono::{Days, NaiveDate, TimeZone, Utc};
use serde_json::Value;

use crate::support::lake::{Lake, Row};
use crate::support::lake_files::micros;

/// The lake without the rows that nobody could know by the end of the day in Stockholm.
pub fn until(lake: &Lake, day: &str) -> Lake {
    let day: NaiveDate = day.parse().expect("a day");
    let midnight = (day + Days::new(1)).and_hms_opt(0, 0, 0).expect("midnight");
    let cutoff = chrono_tz::Europe::Stockholm.from_local_datetime(&midnight).single().expect("one midnight");
    let cutoff = cutoff.with_timezone(&Utc).timestamp_micros();

    // Versions of an activity stay or go together: the current one decides (rule I1).
    let mut gone = BTreeSet::new();
    let mut kept = lake.clone();
    for (table, rows) in &mut kept.tables {
        gone.extend(rows.iter().filter(|row| !is_known(table, row, cutoff)).filter_map(activity));
        rows.retain(|row| is_known(table, row, cutoff));
    }
    for rows in kept.tables.values_mut() {
        rows.retain(|row| activity(row).is_none_or(|id| !gone.contains(&id)));
    }
    kept
}

fn activity(row: &Row) -> Option<String> {
    row.get("activityid").and_then(Value::as_str).map(str::to_string)
}

fn is_known(table: &str, row: &Row, cutoff: i64) -> bool {
    let created = first(row, &["createdon", "createdDateTime"]);
    let known = created.is_none_or(|created| created < cutoff);
    let live = row.get("IsDelete") != Some(&Value::Bool(true));
    let past = |columns: &[&str]| first(row, columns).is_none_or(|time| time < cutoff);
    let not_cancelled = row.get("statecode") != Some(&Value::from(2));
    match table {
        "account" | "contact" | "lead" | "opportunity" => known,
        "email" => past(&["senton", "actualend", "createdon"]),
        "messages" => past(&["sentDateTime", "receivedDateTime"]),
        "phonecall" => {
            let planned = first(row, &["scheduledstart", "scheduledend"]).is_some_and(|time| time >= cutoff);
            let held = past(&["actualend", "actualstart", "scheduledend", "scheduledstart", "createdon"]);
            held || planned && known && live && not_cancelled
        }
        "task" => {
            let planned = first(row, &["scheduledstart", "scheduledend"]).is_some_and(|time| time >= cutoff);
            past(&["actualend", "scheduledend", "createdon"]) || planned && known && live && not_cancelled
        }
        // A copy that was cancelled decides what its other copies are; one that stands alone is nothing.
        "appointment" => {
            let alone = !row.contains_key("globalobjectid");
            past(&["scheduledstart", "actualstart", "createdon"]) || known && live && (not_cancelled || !alone)
        }
        "calendar_view" => {
            let start = format!("{}Z", &row["start"]["dateTime"].as_str().expect("a start")[..16]);
            micros(&start) < cutoff || known
        }
        _ => true,
    }
}

fn first(row: &Row, columns: &[&str]) -> Option<i64> {
    columns.iter().find_map(|column| row.get(*column)?.as_str()).map(micros)
}
