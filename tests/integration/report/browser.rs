//! The report in a real browser: headless Chromium, from the folder, without a network.

use std::collections::HashMap;
use std::path::Path;
use std::process::Command;

use polars::prelude::*;
use serde_json::Value;

use super::names::{HOSTILE, hostile_tables, strange_tables};
use super::{AS_OF, Report, changed, sample, table};
use crate::support::installed::optional;

/// What the script in `browser.mjs` found; its faults fail the test. `None` where no browser is installed.
fn seen(site: &Path, what: &str) -> Option<Value> {
    let modules = optional("browser")?;
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/integration/report/browser.mjs");
    let mut node = Command::new("node");
    node.arg(script).arg(&modules).arg(modules.join("chromium")).arg(site).arg(what);
    let output = node.output().unwrap();
    let said = String::from_utf8_lossy(&output.stdout).into_owned();
    assert!(output.status.success(), "{said}{}", String::from_utf8_lossy(&output.stderr));
    let mut found: Value = serde_json::from_str(&said).unwrap();
    let faults: Vec<&str> = found["faults"].as_array().unwrap().iter().filter_map(Value::as_str).collect();
    assert!(faults.is_empty(), "{} faults:\n{}", faults.len(), faults.join("\n"));
    Some(found["found"].take())
}

/// The rows of the tables by how the pages name them.
struct Tables(HashMap<String, (DataFrame, HashMap<String, usize>)>);

impl Tables {
    fn read() -> Tables {
        let by_record = ["record_type", "record_id"];
        let keys: [(&str, &[&str]); 11] = [
            ("account_kpis", &["account_id"]),
            ("contact_kpis", &["contact_id"]),
            ("lead_kpis", &["lead_id"]),
            ("opportunity_kpis", &["opportunity_id"]),
            ("relationship_health", &by_record),
            ("daily_activity", &["record_type", "record_id", "activity_date"]),
            ("top_contacts", &["record_type", "record_id", "side", "rank"]),
            ("connections", &["systemuser_id", "person_type", "person_id"]),
            ("similar_won_deals", &["opportunity_id", "rank"]),
            ("attention", &["record_type", "record_id", "reason"]),
            ("account_coverage", &["account_id"]),
        ];
        let benchmarks: (&str, &[&str]) = ("opportunity_benchmarks", &["opportunity_id"]);
        let read = keys.into_iter().chain([benchmarks]).map(|(name, key)| {
            let frame = table(name);
            let key: Vec<Vec<Option<String>>> = key.iter().map(|column| texts(&frame, column)).collect();
            let rows = (0..frame.height()).map(|row| {
                let parts: Vec<String> = key.iter().map(|column| column[row].clone().unwrap()).collect();
                (parts.join(" "), row)
            });
            (name.to_string(), (frame.clone(), rows.collect()))
        });
        Tables(read.collect())
    }

    /// Whether they count no email, meeting or call of a record, and know no day of one.
    fn know_of_no_contact(&self, record: &str) -> bool {
        let (kind, _) = record.split_once(' ').unwrap();
        let of = |column: &str| self.value(record, None, &format!("{kind}_kpis.{column}"));
        let counts =
            "emails_sent emails_received meetings_sent meetings_received phone_calls_made phone_calls_received";
        counts.split_whitespace().all(|count| of(count).as_deref() == Some("0")) && of("last_interaction_at").is_none()
    }

    /// The value that a figure of a record's page is of, as the table has it.
    fn value(&self, record: &str, key: Option<&str>, of: &str) -> Option<String> {
        let (table, column) = of.split_once('.').unwrap();
        let id = record.split_once(' ').unwrap().1;
        let row = match (table, key) {
            ("relationship_health", key) => key.unwrap_or(record).to_string(),
            ("daily_activity" | "top_contacts", Some(key)) => format!("{record} {key}"),
            ("connections" | "attention", Some(key)) => key.to_string(),
            ("similar_won_deals", Some(key)) => format!("{id} {key}"),
            _ => id.to_string(),
        };
        let (frame, rows) = &self.0[table];
        // A page of tables without a column, or of a record without a row, says that it is unknown.
        let row = *rows.get(&row)?;
        frame.column(column).ok()?;
        texts(&frame.slice(row as i64, 1), column).remove(0)
    }
}

/// So many columns of those that every page shows tell of contact.
const CONTACT: usize = 20;

/// Values as pages hold them: instants in microseconds, days as ISO dates, numbers in their shortest form.
fn texts(frame: &DataFrame, column: &str) -> Vec<Option<String>> {
    let column = frame.column(column).unwrap();
    match column.dtype() {
        DataType::Float64 => column.f64().unwrap().iter().map(|value| value.map(|value| value.to_string())).collect(),
        DataType::Datetime(..) => {
            let micros = column.cast(&DataType::Int64).unwrap();
            micros.i64().unwrap().iter().map(|value| value.map(|value| value.to_string())).collect()
        }
        _ => {
            let text = column.cast(&DataType::String).unwrap();
            text.str().unwrap().iter().map(|value| value.map(str::to_string)).collect()
        }
    }
}

#[test]
fn every_figure_of_every_record_is_that_of_the_tables() {
    let report = Report::of(sample(), &[]);
    let Some(pages) = seen(&report.site(), "figures") else { return };
    let tables = Tables::read();
    let pages = pages.as_object().unwrap();
    assert_eq!(pages.len(), 844);
    let (mut compared, mut unknown, mut quiet) = (0, 0, 0);
    for (place, page) in pages {
        let record = page["record"].as_str().unwrap();
        let mut shown: Vec<&str> = Vec::new();
        for figure in page["figures"].as_array().unwrap() {
            let [key, of, value, text] = [0, 1, 2, 3].map(|at| figure[at].as_str());
            let of = of.unwrap();
            assert_eq!(value.map(str::to_string), tables.value(record, key, of), "{place}: {of} of {key:?}");
            assert!(value.is_some() || !text.unwrap().contains('0'), "{place}: {of} is unknown and reads {text:?}");
            shown.push(of.split_once('.').unwrap().1);
            compared += 1;
            unknown += usize::from(value.is_none());
        }
        // Where the tables know of no contact, one sentence says so in place of figures that are all 0.
        let is_quiet = page["widgets"].as_array().unwrap().contains(&Value::from("no-contact"));
        assert_eq!(is_quiet, tables.know_of_no_contact(record), "{place}");
        quiet += usize::from(is_quiet);
        let all = "emails_sent emails_received meetings_sent meetings_received phone_calls_made phone_calls_received \
                   minutes_spent_by_us minutes_spent_by_them face_time_minutes email_ratio_by_us email_ratio_by_them \
                   responses_due_by_us responses_by_them response_rate_by_us p90_first_response_hours_by_them \
                   followed_emails_sent open_rate click_rate attachment_open_rate reply_rate health_score health_state \
                   last_interaction_at next_interaction_at";
        let all = all.split_whitespace().skip(if is_quiet { CONTACT } else { 0 });
        let missing: Vec<&str> = all.filter(|column| !shown.contains(column)).collect();
        assert!(missing.is_empty(), "{place} does not show {missing:?}");
    }
    assert!(compared > 50_000 && unknown > 5_000, "{compared} figures, {unknown} of them unknown");
    assert!(quiet > 0 && quiet < pages.len() / 2, "{quiet} records without contact");
}

#[test]
fn pages_are_accessible_in_light_and_dark_and_fit_every_width() {
    let report = Report::of(sample(), &[]);
    seen(&report.site(), "accessible");
}

#[test]
fn pages_are_accessible_in_every_language() {
    for language in ["sv", "fr", "de"] {
        let report = Report::of(sample(), &["--language", language, "--top", "3"]);
        seen(&report.site(), "accessible_elsewhere");
    }
}

#[test]
fn pages_of_long_and_strange_names_and_of_nothing_at_all_fit_and_are_accessible() {
    let long = strange_tables();
    let report = Report::of(long.path(), &["--date", AS_OF, "--top", "3", "--language", "de"]);
    seen(&report.site(), "accessible_elsewhere");
    let empty = changed(|_, frame| frame.head(Some(0)));
    let report = Report::of(empty.path(), &["--date", AS_OF]);
    assert!(report.output.status.success());
    seen(&report.site(), "accessible_elsewhere");
}

#[test]
fn the_longest_names_without_a_break_stay_in_their_place_in_every_language() {
    let long = strange_tables();
    for language in ["en", "sv", "fr", "de"] {
        let report = Report::of(long.path(), &["--date", AS_OF, "--top", "4", "--language", language]);
        assert!(report.output.status.success());
        seen(&report.site(), "fits");
    }
}

#[test]
fn a_printed_page_has_whole_widgets_and_no_more_paper_than_it_needs() {
    let report = Report::of(sample(), &[]);
    let Some(pages) = seen(&report.site(), "printed") else { return };
    for (place, count) in pages.as_object().unwrap() {
        // Nothing is pushed to the next sheet that could begin on this one. Deals have similar deals besides.
        let most = if place.starts_with("opportunity/") { 6 } else { 5 };
        assert!((1..=most).contains(&count.as_u64().unwrap()), "{place}: {count} pages");
    }
}

/// Against small pictures in the folder `looks`; `RAPPORT_NEW_LOOKS=1` takes new ones after a change that is meant.
#[test]
fn pages_look_as_they_did() {
    let report = Report::of(sample(), &[]);
    let Some(pages) = seen(&report.site(), "looks") else { return };
    for (name, difference) in pages.as_object().unwrap() {
        let of = |what: &str| difference[what].as_f64().unwrap();
        // Of 255. Machines have other fonts, and that is no fault; a lost style sheet is one.
        let tolerance = 4.0;
        assert!(of("asItIs") < tolerance, "{name} looks otherwise: {difference}; see tests/integration/report/looks");
        assert!(of("inAnotherFont") < tolerance, "{name}: another font is taken for another look: {difference}");
        assert!(of("withoutStyles") > tolerance, "{name}: a lost style sheet is not noticed: {difference}");
    }
}

#[test]
fn lists_sort_and_filter_views_switch_and_a_draft_opens() {
    let report = Report::of(sample(), &[]);
    seen(&report.site(), "used");
}

#[test]
fn nothing_is_loaded_and_no_foreign_script_runs() {
    let report = Report::of(sample(), &["--top", "5"]);
    seen(&report.site(), "policy");
}

#[test]
fn everything_is_there_without_scripts() {
    let report = Report::of(sample(), &["--top", "5"]);
    seen(&report.site(), "scriptless");
}

#[test]
fn a_phone_shows_the_first_rows_of_long_lists_and_the_rest_when_it_is_asked_for() {
    let report = Report::of(sample(), &[]);
    let Some(height) = seen(&report.site(), "folded") else { return };
    assert!(height.as_f64().unwrap() < 8_000.0, "{height} pixels");
}

#[test]
fn long_lists_are_short_on_a_phone_and_can_be_put_in_order() {
    let report = Report::of(sample(), &[]);
    let Some(heights) = seen(&report.site(), "on_a_phone") else { return };
    for (place, height) in heights.as_object().unwrap() {
        assert!(height.as_f64().unwrap() < 6_000.0, "{place}: {height} pixels");
    }
}

#[test]
fn pages_of_records_open_with_what_matters_on_a_phone_and_unfold_the_rest() {
    let report = Report::of(sample(), &[]);
    let Some(heights) = seen(&report.site(), "unfolded") else { return };
    let heights = heights.as_object().unwrap();
    assert_eq!(heights.len(), 844);
    for (place, height) in heights {
        assert!(height.as_f64().unwrap() < 4_000.0, "{place}: {height} pixels");
    }
}

#[test]
fn no_list_scrolls_sideways_on_a_tablet() {
    for language in ["en", "sv", "fr", "de"] {
        let report = Report::of(sample(), &["--language", language]);
        seen(&report.site(), "on_a_tablet");
    }
}

#[test]
fn names_with_markup_read_as_they_are() {
    let tables = hostile_tables();
    let report = Report::of(tables.path(), &["--date", AS_OF, "--top", "3"]);
    let Some(heads) = seen(&report.site(), "hostile") else { return };
    let heads = heads.as_object().unwrap();
    let shown = HOSTILE.replace('\u{202e}', "");
    let named = heads.iter().filter(|(place, head)| place.contains('/') && **head == *shown);
    assert_eq!(named.count(), 12, "{heads:?}");
}
