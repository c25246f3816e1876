//! What similar won deals had at the age of a deal that had much less.

use std::fmt::Write;

use chrono::{Days, NaiveDate};
use rapport::config::JobKind;
use rapport::explain::story::ColumnStory;
use rapport::publish::{Outputs, TablesAt};
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
                     \"createdon\": \"2026-02-20T08:00Z\", \"estimatedvalue\": 500.0, \"opportunityratingcode\": \"1\"}, \
         {\"opportunityid\": \"young\", \"statecode\": 0, \"parentcontactid\": \"xena\", \"ownerid\": \"anna\", \
                     \"createdon\": \"2026-03-25T08:00Z\", \"estimatedvalue\": 500.0, \"opportunityratingcode\": \"1\"}"
            .to_string();
    let mut emails = String::new();
    for deal in 0..CLOSED {
        for (state, usual) in [(1, 1), (2, 3)] {
            let rating = if deal % 3 == 0 { 2 } else { usual };
            let (begun, value) = (at(deal * 5), 100 + 10 * deal * u64::try_from(state).unwrap());
            let closed = begun.checked_add_days(Days::new(60)).unwrap();
            // Of lost deals the lake has the value in the base currency too, which says which currency that is.
            let base = if state == 2 { format!("\"estimatedvalue_base\": {value},") } else { String::new() };
            write!(
                deals,
                ", {{\"opportunityid\": \"{state}-{deal}\", \"statecode\": {state}, \"ownerid\": \"anna\", \
                 \"createdon\": \"{begun}T08:00Z\", \"actualclosedate\": \"{closed}\", \"estimatedvalue\": {value}, {base} \
                 \"transactioncurrencyid\": \"krona\", \"opportunityratingcode\": \"{rating}\"}}"
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

fn written() -> TempDir {
    let cast = std::fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/cases/cast.json")).unwrap();
    let folder = TempDir::new().unwrap();
    lake_files::write(&Lake::described(&cast).with(Lake::described(&lake())), folder.path());
    folder
}

#[test]
fn what_similar_won_deals_had_comes_out_anew() {
    let folder = written();
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

/// Learned from all deals, or with the currency of the deal: there is nothing to add up.
const LEARNED: [&str; 14] = [
    "won_opportunity_id",
    "similarity",
    "factor_1",
    "factor_2",
    "factor_3",
    "alike",
    "different",
    "value_currency_id",
    "value_in_base_currency",
    "factor",
    "kind",
    "importance",
    "coverage",
    "closed_deals",
];
/// The last day of a week.
const SUNDAY: &str = "2026-03-29";

fn is_told(table: &str, story: &ColumnStory) {
    let is_from_deals = LEARNED.contains(&story.column.as_str());
    let is_told = story.adds_up == Some(true) || is_from_deals && story.comes_from.is_some() && story.adds_up.is_none();
    assert!(is_told, "{table}: {story:#?}");
    let all_deals = story.comes_from.as_ref().is_some_and(|from| from.contains("no single row"));
    assert!(!all_deals || story.column == "importance", "{table}: {story:#?}");
}

#[test]
fn weekly_tables_come_out_anew_from_each_other_and_from_the_lake() {
    let folder = written();
    let settings = results::settings(&[("company_domains", "[\"nw.example\"]"), ("consent", "true")]);
    let published = Published::as_of_day(folder.path(), &settings, SUNDAY).with(JobKind::SimilarWonDeals, &settings);
    let weekly = JobKind::SimilarWonDeals.tables();
    let alone = Outputs(vec![TablesAt { storage: published.outputs.0[0].storage.clone(), tables: weekly }]);
    let benchmarks = published.table("opportunity_benchmarks");
    let ids = benchmarks.column("opportunity_id").unwrap();
    let row = |id: &str| (0..benchmarks.height()).find(|&row| cells::text(ids, row).unwrap() == id).unwrap();
    published.with_lake(|lake| {
        for table in weekly {
            let frame = published.table(table);
            for row in 0..frame.height().min(4) {
                published.explained_row(lake, (table, &frame), row).iter().for_each(|story| is_told(table, story));
            }
        }
        // Five emails in the first ten days, two of them in the first four.
        for (id, mean) in [("open", 5.0), ("young", 2.0)] {
            for (column, expected) in [
                ("similar_mean_emails_sent", mean),
                ("similar_median_interactions", mean),
                ("similar_n_emails_sent", 10.0),
            ] {
                let told =
                    published.explained(&alone, Some(lake), ("opportunity_benchmarks", &benchmarks), row(id), column);
                assert_eq!((told.value.as_f64(), told.adds_up), (Some(expected), Some(true)), "{told:#?}");
                let amounts: Vec<f64> = told.from_tables.iter().filter_map(|row| row.amount).collect();
                assert_eq!(amounts, [mean; 10], "{told:#?}");
            }
        }
        let age =
            published.explained(&alone, Some(lake), ("opportunity_benchmarks", &benchmarks), row("young"), "age_days");
        assert_eq!((&age.value, age.adds_up), (&json!(4), Some(true)), "{age:#?}");
    });
    // Without the lake it is said what a value is made of, and that alone.
    let of_list =
        published.explained(&alone, None, ("opportunity_benchmarks", &benchmarks), 0, "similar_mean_emails_sent");
    let comes_from = of_list.comes_from.unwrap();
    assert!(comes_from.contains("similar_won_deals lists") && of_list.adds_up.is_none(), "{comes_from}");
    let days =
        published.explained(&alone, None, ("opportunity_benchmarks", &benchmarks), 0, "similar_median_days_to_close");
    assert_eq!((&days.value, days.adds_up, days.from_tables.len()), (&json!(60.0), Some(true), 10), "{days:#?}");
}
