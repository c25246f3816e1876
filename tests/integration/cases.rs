//! Small lakes with expectations worked out by hand from the rules, one folder each in `tests/cases`.
//!
//! `lake.json` describes the lake (see [`crate::lake`]) on top of the people of `tests/cases/cast.json`;
//! `expect.json` says which rule it is about and why the results are what they are, and has one or
//! more runs: day, settings, and what tables hold.

use std::collections::BTreeMap;
use std::fs;
use std::path::PathBuf;

use serde::Deserialize;
use serde_json::{Map, Value};

use crate::expectation::Expectation;
use crate::lake::Lake;
use crate::{lake_files, results, tables};

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Case {
    /// Numbers of the rules.
    rule: String,
    /// Why the results are what they are.
    why: String,
    runs: Vec<Run>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Run {
    #[serde(default)]
    why: String,
    #[serde(default = "last_of_march")]
    as_of: String,
    #[serde(default)]
    settings: Map<String, Value>,
    tables: BTreeMap<String, Expectation>,
}

fn last_of_march() -> String {
    "2026-03-31".to_string()
}

/// What runs are set to unless they say otherwise.
const SETTINGS: [(&str, &str); 2] = [("company_domains", "[\"nw.example\"]"), ("consent", "true")];

fn folder() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/cases")
}

fn read(path: PathBuf) -> String {
    fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

/// A setting in TOML: text stands as it is, so that dates and tables can be written.
pub fn toml(value: &Value) -> String {
    value.as_str().map_or_else(|| value.to_string(), str::to_string)
}

fn check(name: &str) {
    let case: Case = serde_json::from_str(&read(folder().join(name).join("expect.json"))).expect("expect.json");
    assert!(!case.why.is_empty() && !case.rule.is_empty() && !case.runs.is_empty(), "a case says what and why");
    let cast = Lake::described(&read(folder().join("cast.json")));
    let lake = cast.with(Lake::described(&read(folder().join(name).join("lake.json"))));
    let input = tempfile::TempDir::new().expect("a temporary folder");
    lake_files::write(&lake, input.path());

    let mut differences = Vec::new();
    for run in &case.runs {
        assert!(!run.tables.is_empty(), "a run expects something");
        let mut settings = results::settings(&SETTINGS);
        let tables: Vec<&String> = run.tables.keys().collect();
        settings.push(("tables".to_string(), serde_json::to_string(&tables).expect("names")));
        settings.extend(run.settings.iter().map(|(key, value)| (key.clone(), toml(value))));
        let results = results::run_on(input.path(), &settings, &[&run.as_of]);
        let subjects = run.settings.contains_key("publish_subjects");
        let heading = format!("as of {} {} {}", run.as_of, Value::Object(run.settings.clone()), run.why);
        for (table, expectation) in &run.tables {
            tables::keeps_its_promises(table, &results.frame(table, &run.as_of), subjects);
            let found = expectation.differences(table, &results.rows(table, &run.as_of));
            differences.extend(found.into_iter().map(|difference| format!("  {heading}: {difference}")));
        }
    }
    assert!(differences.is_empty(), "{name} ({}: {})\n{}", case.rule, case.why, differences.join("\n"));
}

/// One test per folder, so that a broken rule is named by the list of tests that fail.
macro_rules! cases {
    ($($name:ident)+) => {
        $(
            #[test]
            fn $name() {
                check(stringify!($name));
            }
        )+

        #[test]
        fn every_folder_is_a_case() {
            let folders = fs::read_dir(folder()).expect("the folder of cases");
            let folders = folders.map(|entry| entry.expect("an entry").path()).filter(|path| path.is_dir());
            let mut names: Vec<String> =
                folders.filter_map(|path| Some(path.file_name()?.to_str()?.to_string())).collect();
            names.sort();
            assert_eq!(names, [$(stringify!($name)),+], "list the folders here, in order");
        }
    };
}

cases! {
    c1_consent
    c2_opt_outs
    c2_regions
    c2_roles
    c2_user_of_a_mailbox
    c4_erased_colleague
    c4_erased_dynamics
    c4_erased_merged
    c4_erasure
    h3_expectation
    h3_first_mail
    h3_two_way
    i1_current_rows
    i1_deletions_without_version
    i2_exchange_ids
    i2_planted_collisions
    i8_calendar_zones
    i8_parents
    i9_items
    k10_top_contacts
    k11_summaries
    k12_dataverse
    k12_exchange
    k1_counts_and_nulls
    k1_emails_after_hours
    k3_ties
    k3_turns
    k5_quantiles
    k5_working_hours
    k6_no_time
    k6_time_spent
    k7_engagement
    k8_last_and_next
    k9_sixty_days
    l1_regarding
    l2_declined
    l2_people_of_a_deal
    l2_roles
    l2_stakeholders
    l3_our_people
    l4_window
    l5_weights
    n10_automated_headers
    n10_automated_languages
    n10_automated_subjects
    n11_all_day
    n11_declined
    n11_mass_mail
    n1_call_and_task_states
    n1_email_statuses
    n1_meeting_messages
    n1_meeting_states
    n2_planned
    n3_email_times
    n3_implausible_times
    n3_other_times
    n4_durations
    n5_days_in_calendar_ids
    n5_first_that_has_one
    n5_meeting_copies
    n5_message_ids
    n5_occurrences
    n5_single_values
    n6_email_direction
    n6_other_directions
    n7_conversation_index
    n7_erased_mail
    n7_in_reply_to
    n8_privacy_first
    n9_internal_only
    p1_address_texts
    p1_addresses
    p1_directory_addresses
    p2_our_side
    p2_shared_address
    p3_contacts
    p3_lead_and_contact
    p3_leads
    p3_merged_records
    p3_one_address
    p4_by_id_alone
    p4_declined
    p4_one_person
    s1_ties
    s5_same_age
    t3_records_known
    t4_local_days
    t5_closing
    w1_basic
    w1_connections
    w2_who_knows_whom
    w3_strength_meeting
    w3_strength_one_mail
    w3_strength_two_way
}
