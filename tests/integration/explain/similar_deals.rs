//! What similar won deals had at the age of a deal that had much less.

use std::fmt::Write;

use chrono::{Days, NaiveDate};
use rapport::table::cells;
use serde_json::json;
use tempfile::TempDir;

use super::adding_up::Published;
use crate::support::lake::Lake;
use crate::support::{lake_files, results};

/// Deals of each outcome from which similarity is learned.
const CLOSED: u64 = 40;

/// Won deals had five emails in their first fortnight, the open one is 39 days old and had none.
fn lake() -> String {
    let first: NaiveDate = "2025-02-03".parse().unwrap();
    let at = |days: u64| first.checked_add_days(Days::new(days)).unwrap();
    let mut deals =
        "{\"opportunityid\": \"open\", \"statecode\": 0, \"parentcontactid\": \"xena\", \"ownerid\": \"anna\", \
                     \"createdon\": \"2026-02-20T08:00Z\", \"estimatedvalue\": 500.0, \"opportunityratingcode\": \"1\"}"
            .to_string();
    let mut emails = String::new();
    for deal in 0..CLOSED {
        for (state, usual) in [(1, 1), (2, 3)] {
            let rating = if deal % 3 == 0 { 2 } else { usual };
            let (begun, value) = (at(deal * 5), 100 + 10 * deal * u64::try_from(state).unwrap());
            let closed = begun.checked_add_days(Days::new(60)).unwrap();
            write!(
                deals,
                ", {{\"opportunityid\": \"{state}-{deal}\", \"statecode\": {state}, \"ownerid\": \"anna\", \
                 \"createdon\": \"{begun}T08:00Z\", \"actualclosedate\": \"{closed}\", \"estimatedvalue\": {value}, \
                 \"opportunityratingcode\": \"{rating}\"}}"
            )
            .unwrap();
        }
        for email in 0..5 {
            let comma = if emails.is_empty() { "" } else { ", " };
            let sent = at(deal * 5 + 2 * email + 1);
            write!(
                emails,
                "{comma}{{\"activityid\": \"mail-{deal}-{email}\", \"senton\": \"{sent}T09:00Z\", \"from\": \"anna@nw.example\", \
                 \"to\": \"yngve@acme.example\", \"regardingobjectid\": \"opportunity:1-{deal}\"}}"
            )
            .unwrap();
        }
    }
    format!("{{\"opportunity\": [{deals}], \"email\": [{emails}]}}")
}

#[test]
fn what_similar_won_deals_had_comes_out_anew() {
    let cast = std::fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/cases/cast.json")).unwrap();
    let folder = TempDir::new().unwrap();
    lake_files::write(&Lake::described(&cast).with(Lake::described(&lake())), folder.path());
    let settings = results::settings(&[("company_domains", "[\"nw.example\"]"), ("consent", "true")]);
    let published = Published::of(folder.path(), &settings);
    let attention = published.table("attention");
    let reasons = attention.column("reason").unwrap();
    let row = (0..attention.height()).find(|&row| cells::text(reasons, row).as_deref() == Some("unlike_similar"));
    let row = row.expect("a deal unlike similar won ones");
    let told = |column: &str| {
        published.with_lake(|lake| {
            published.explained(&published.outputs, Some(lake), ("attention", &attention), row, column)
        })
    };
    let usual = told("usual");
    assert_eq!((&usual.value, usual.adds_up), (&json!(5.0), Some(true)), "{usual:#?}");
    assert_eq!(usual.unit, "emails, meetings and calls");
    let numbers = usual.with_numbers.unwrap();
    assert!(numbers.contains("similar won deals had") && numbers.ends_with("their median is 5"), "{numbers}");
    let contacts = told("people_or_contacts");
    assert_eq!((&contacts.value, contacts.adds_up), (&json!(0), Some(true)), "{contacts:#?}");
}
