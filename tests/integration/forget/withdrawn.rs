//! What opt-outs and withdrawn consent no longer allow is taken out of what is published (rule C6).

use std::collections::BTreeMap;

use polars::prelude::*;

use crate::support::small_lake::{SmallLake, files_below, published_in, stderr};

use super::support::*;

/// A message that only Bo's mailbox holds, of the 29th.
const OF_BO_ALONE: &str = "email:m6@nordwind.example";
const AS_PUBLISHED: [&str; 4] = ["--set", "publish_subjects=true", "--set", "suggest_all=true"];

fn opt_out(lake: &SmallLake, principal: &str) {
    lake.change("opt_outs", |_| df!("principal" => [principal]).unwrap());
}

fn forgotten(lake: &SmallLake, arguments: &[&str]) -> String {
    well(lake, "forget", &[&AS_PUBLISHED[..], arguments].concat())
}

/// Every partition and current file, reports of runs aside, and how many mailboxes were used before anybody opted out.
fn tables(lake: &SmallLake) -> BTreeMap<String, Vec<u8>> {
    let asides = ["runs/", "data_quality/as_of_date=2026-03-22"];
    let files = files_below(&lake.output()).into_iter();
    files.filter(|(name, _)| !asides.iter().any(|aside| name.starts_with(aside))).collect()
}

#[track_caller]
fn same_tables(found: &SmallLake, expected: &SmallLake) {
    let (found, expected) = (tables(found), tables(expected));
    let names: Vec<&String> = found.keys().chain(expected.keys()).collect();
    let different: Vec<&&String> = names.iter().filter(|name| found.get(**name) != expected.get(**name)).collect();
    assert!(different.is_empty(), "{different:?} differ");
}

/// What would have been published had it always been so.
fn published_anew(change: impl Fn(&SmallLake), further: &[&str]) -> SmallLake {
    let lake = lake();
    change(&lake);
    for day in DAYS {
        well(&lake, "run", &[&JOBS[..], &["--as-of", day], &AS_PUBLISHED, further].concat());
    }
    lake
}

#[test]
fn who_opts_out_leaves_what_a_lake_without_their_mailbox_gives() {
    for by_group in [false, true] {
        let change = |lake: &SmallLake| {
            opt_out(lake, if by_group { "Works council" } else { "bo@nordwind.example" });
            if by_group {
                let members = df!("group" => ["works council"], "principal" => ["bo@nordwind.example"]).unwrap();
                lake.write("group_members", "part-0.parquet", &members);
            }
        };
        let lake = published();
        assert!(!holding(&lake, &[OF_BO_ALONE]).is_empty());
        change(&lake);
        let before = files_below(&lake.output());
        let dry = forgotten(&lake, &[]);
        assert_eq!(files_below(&lake.output()), before, "a dry run writes nothing");
        assert!(
            dry.contains("2 days from 2026-03-30 to 2026-03-31 that rest on withdrawn mailboxes would be"),
            "{dry}"
        );

        let applied = forgotten(&lake, &["--apply"]);
        assert!(applied.contains("2026-03-31 that rested on withdrawn mailboxes computed again"), "{applied}");
        assert_eq!(holding(&lake, &[OF_BO_ALONE]), BTreeMap::new());
        same_tables(&lake, &published_anew(change, &[]));

        let after = files_below(&lake.output());
        let again = forgotten(&lake, &["--apply"]);
        assert_eq!(files_below(&lake.output()), after, "a second time changes nothing");
        assert!(again.contains("no published file holds") && !again.contains("computed"), "{again}");
    }
}

#[test]
fn withdrawn_consent_leaves_what_dataverse_alone_gives() {
    let lake = published();
    let applied = forgotten(&lake, &["--set", "consent=false", "--apply"]);
    assert!(applied.contains("computed again"), "{applied}");
    same_tables(&lake, &published_anew(|_| {}, &["--set", "consent=false"]));
    let again = forgotten(&lake, &["--set", "consent=false", "--apply"]);
    assert!(!again.contains("computed"), "{again}");
}

#[test]
fn where_the_lake_has_lost_its_history_interactions_go_and_numbers_stay() {
    let lake = published();
    opt_out(&lake, "bo@nordwind.example");
    lake.change("email", |frame| frame.clear());
    let kpis = |lake: &SmallLake| published_in(&lake.output().join("account_kpis"));
    let before = kpis(&lake);
    let output = rapport(&lake, "forget", &[&AS_PUBLISHED[..], &["--apply"]].concat());
    assert_eq!(output.status.code(), Some(0), "{}", stderr(&output));
    assert!(stderr(&output).contains("no longer holds the rest of what they are made of"), "{}", stderr(&output));
    assert_eq!(holding(&lake, &[OF_BO_ALONE]), BTreeMap::new());
    let numbers = |files: &BTreeMap<String, Vec<u8>>| -> Vec<DataFrame> {
        files
            .values()
            .map(|bytes| table(bytes).select(["account_id", "emails_sent", "health_score"]).unwrap())
            .collect()
    };
    assert_eq!(numbers(&kpis(&lake)), numbers(&before));
}
