//! No trace of an erased person is left, wherever the person was named.

use std::collections::BTreeMap;
use std::fs::{self};

use polars::prelude::*;

use crate::support::small_lake::{files_below, guid, published_in};

use super::support::*;

struct Case {
    erased: (&'static str, String),
    traces: Vec<String>,
    /// Tables that held a trace of the person.
    held: &'static [&'static str],
}

fn cases() -> Vec<Case> {
    let case = |kind, principal: &str, id: u32, names: &[&str], held| Case {
        erased: (kind, principal.to_string()),
        traces: names.iter().map(|name| name.to_string()).chain([guid(id)]).collect(),
        held,
    };
    let carl: &[&str] = &["Carl Kund", "Kund, Carl", "carl@kund.example"];
    let of_contact: &[&str] = &[
        "account_connections",
        "account_coverage",
        "attention",
        "connections",
        "contact_kpis",
        "daily_activity",
        "interaction_records",
        "opportunity_kpis",
        "people",
        "record_access",
        "records",
        "relationship_health",
        "similar_won_deals",
        "summaries",
        "top_contacts",
        "who_knows_whom",
    ];
    vec![
        case("contact", &guid(11), 11, carl, of_contact),
        case("address", "Carl@KUND.example", 11, carl, of_contact),
        case(
            "lead",
            &format!("{{{}}}", guid(13).to_uppercase()),
            13,
            &["Eva Prospekt", "eva@prospekt.example"],
            &[
                "attention",
                "connections",
                "daily_activity",
                "interaction_records",
                "lead_kpis",
                "opportunity_kpis",
                "people",
                "record_access",
                "records",
                "relationship_health",
                "summaries",
                "top_contacts",
                "who_knows_whom",
            ],
        ),
        case(
            "systemuser",
            &guid(1),
            1,
            &["Anna Nordwind", "anna@nordwind.example", "Hi Anna"],
            &[
                "account_connections",
                "account_coverage",
                "account_kpis",
                "attention",
                "changes",
                "connections",
                "contact_kpis",
                "opportunity_kpis",
                "people",
                "record_access",
                "records",
                "top_contacts",
                "who_knows_whom",
            ],
        ),
    ]
}

/// Who is nowhere cannot be forgotten.
#[test]
fn everybody_who_is_to_be_forgotten_is_somewhere() {
    let lake = published();
    let found = cases().into_iter().map(|case| {
        let traces: Vec<&str> = case.traces.iter().map(String::as_str).collect();
        let mut tables: Vec<String> =
            holding(&lake, &traces).into_keys().map(|name| name.split('/').next().unwrap().to_string()).collect();
        tables.dedup();
        tables.retain(|table| table != "current");
        (case.erased, tables)
    });
    let held = cases().into_iter().map(|case| (case.erased, case.held.iter().map(ToString::to_string).collect()));
    assert_eq!(found.collect::<Vec<_>>(), held.collect::<Vec<_>>());
}

#[test]
fn no_trace_is_left_and_a_second_time_changes_nothing() {
    for Case { erased, traces, .. } in cases() {
        let lake = published();
        let traces: Vec<&str> = traces.iter().map(String::as_str).collect();
        erase(&lake, &[(erased.0, &erased.1)]);
        let before = files_below(&lake.output());
        let dry = well(&lake, "forget", &[]);
        assert_eq!(files_below(&lake.output()), before, "a dry run writes nothing");
        assert!(dry.contains("nothing was, add --apply"), "{dry}");

        let applied = well(&lake, "forget", &["--apply"]);
        let announced = dry.replace("files would be rewritten; nothing was, add --apply", "files rewritten");
        assert_eq!(announced, applied, "what was announced is done");
        let lines =
            |text: &str| -> Vec<String> { text.lines().filter(|l| l.contains('=')).map(str::to_string).collect() };
        assert!(traces.iter().all(|trace| !applied.contains(trace)), "{applied}");
        assert_eq!(holding(&lake, &traces), BTreeMap::new(), "{erased:?}");
        let after = files_below(&lake.output());
        assert_eq!(before.keys().collect::<Vec<_>>(), after.keys().collect::<Vec<_>>());
        let is_partition = |name: &str| !name.starts_with("current/");
        let changed = before.iter().filter(|(name, bytes)| is_partition(name) && after[*name] != **bytes);
        let rewritten = changed.count();
        assert_eq!(rewritten, lines(&applied).len(), "only what changes is rewritten");

        let again = well(&lake, "forget", &["--apply"]);
        assert!(again.contains("no published file holds an erased person"), "{again}");
        assert_eq!(files_below(&lake.output()), after);

        // In a rerun nobody is either, not even in what people wrote into names of deals and subjects.
        publish(&lake, DAYS[2]);
        assert_eq!(holding(&lake, &traces), BTreeMap::new(), "{erased:?}: a rerun brings them back");
    }
}

#[test]
fn what_a_rerun_would_publish_of_others_stays() {
    let lake = published();
    erase(&lake, &[("contact", &guid(11)), ("lead", &guid(13))]);
    well(&lake, "forget", &["--apply"]);
    let forgotten = published_in(&lake.output());
    DAYS[1..].iter().for_each(|day| publish(&lake, day));
    let rerun = published_in(&lake.output());
    assert_eq!(forgotten.keys().collect::<Vec<_>>(), rerun.keys().collect::<Vec<_>>());
    for (name, bytes) in &forgotten {
        let (ours, theirs) = (table(bytes), table(&rerun[name]));
        // Elsewhere numbers that the person touched differ, but not whom the rows are about.
        let about: &[&str] = match name.split('/').next().unwrap() {
            "interactions" | "interaction_records" | "lead_kpis" | "similar_won_factors" => {
                assert!(ours.equals_missing(&theirs), "{name}: {ours} {theirs}");
                continue;
            }
            "contact_kpis" => &["contact_id", "name", "owner_id", "account_id", "last_interaction_id"],
            "account_kpis" => &["account_id", "name", "owner_id"],
            "opportunity_kpis" => &["opportunity_id", "owner_id", "account_id"],
            "relationship_health" => &["record_type", "record_id"],
            "connections" => &["systemuser_id", "person_type", "person_id", "interactions", "emails_out"],
            // Ranks follow strengths, which are numbers.
            "who_knows_whom" => &["person_type", "person_id", "systemuser_id", "introduction_request"],
            _ => continue,
        };
        let of = |frame: &DataFrame| {
            let about_whom = frame.select(about.iter().copied()).unwrap();
            about_whom.sort(about.iter().copied(), SortMultipleOptions::default()).unwrap()
        };
        assert!(of(&ours).equals_missing(&of(&theirs)), "{name}: {} {}", of(&ours), of(&theirs));
    }
}

#[test]
fn names_are_learned_from_results_when_the_lake_has_lost_them() {
    let lake = published();
    let without = |id: u32| {
        move |frame: DataFrame| {
            let others = frame.lazy().filter(col("contactid").neq(lit(guid(id))));
            others.collect().unwrap()
        }
    };
    lake.change("contact", without(11));
    erase(&lake, &[("contact", &guid(11))]);
    well(&lake, "forget", &["--apply"]);
    assert_eq!(holding(&lake, &["Carl Kund", "Kund, Carl", &guid(11)]), BTreeMap::new());
}

#[test]
fn a_current_copy_is_a_published_file_too() {
    let lake = published();
    let current = lake.output().join("current");
    let newest = lake.output().join("top_contacts/as_of_date=2026-03-31/top_contacts.parquet");
    assert!(holding(&lake, &[&guid(11)]).contains_key("current/top_contacts.parquet"));
    erase(&lake, &[("contact", &guid(11))]);
    well(&lake, "forget", &["--apply"]);
    assert_eq!(holding(&lake, &["Carl Kund", &guid(11)]), BTreeMap::new());
    assert_eq!(fs::read(&newest).unwrap(), fs::read(current.join("top_contacts.parquet")).unwrap());
}
