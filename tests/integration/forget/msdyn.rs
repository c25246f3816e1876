//! People are taken out of the tables of Dynamics 365 Sales too, which `rapport msdyn` makes of what is published.

use std::collections::BTreeMap;
use std::path::Path;

use polars::prelude::*;

use crate::support::small_lake::{SmallLake, files_below, guid};

use super::support::*;

/// The tables of all jobs, and those of the original that are filled from them.
fn filled(arguments: &[&str]) -> SmallLake {
    let lake = published();
    well(&lake, "msdyn", arguments);
    lake
}

/// The rows of every data file below a folder, and nothing of logs.
fn rows_below(folder: &Path) -> BTreeMap<String, DataFrame> {
    let files = files_below(folder).into_iter();
    let data = files.filter(|(name, _)| name.ends_with(".parquet") && !name.contains("_delta_log"));
    // In a Delta table names of files say nothing.
    let named = |name: String| name.rsplit_once('/').map_or(name.clone(), |(folder, _)| folder.to_string());
    data.map(|(name, bytes)| (if name.contains("/part-") { named(name) } else { name }, table(&bytes))).collect()
}

/// How many values of the files have one of the texts in them.
fn values_with(rows: &BTreeMap<String, DataFrame>, traces: &[&str]) -> BTreeMap<String, usize> {
    let holds = |text: &&str| traces.iter().any(|trace| text.to_lowercase().contains(&trace.to_lowercase()));
    let of_file = |frame: &DataFrame| -> usize {
        frame
            .columns()
            .iter()
            .filter_map(|one| one.str().ok())
            .map(|one| one.iter().flatten().filter(holds).count())
            .sum()
    };
    let found = rows.iter().map(|(name, frame)| (name.clone(), of_file(frame)));
    found.filter(|(_, values)| *values > 0).collect()
}

#[track_caller]
fn same_rows(found: &BTreeMap<String, DataFrame>, expected: &BTreeMap<String, DataFrame>) {
    assert_eq!(found.keys().collect::<Vec<_>>(), expected.keys().collect::<Vec<_>>());
    for (name, rows) in found {
        assert!(rows.equals_missing(&expected[name]), "{name}: {rows} {}", expected[name]);
    }
}

/// The person, by what is found of them, and the tables of the original that hold it.
type Case = ((&'static str, String), Vec<String>, &'static [&'static str]);

fn cases() -> [Case; 3] {
    let traces =
        |id: u32, names: &[&str]| names.iter().map(|name| name.to_string()).chain([guid(id)]).collect::<Vec<_>>();
    [
        (
            ("contact", guid(11)),
            traces(11, &["Carl Kund", "Kund, Carl", "carl@kund.example"]),
            &[
                "msdyn_contactkpiitem",
                "msdyn_dailycontactkpiitem",
                "msdyn_mostcontacted",
                "msdyn_opportunitykpiitem",
                "msdyn_wkwcolleaguesforcontact",
            ],
        ),
        (
            ("lead", guid(13)),
            traces(13, &["Eva Prospekt", "eva@prospekt.example"]),
            &["msdyn_leadkpiitem", "msdyn_opportunitykpiitem"],
        ),
        (
            ("systemuser", guid(1)),
            traces(1, &["Anna Nordwind", "anna@nordwind.example"]),
            &["msdyn_mostcontactedby", "msdyn_wkwcolleaguesforcompany", "msdyn_wkwcolleaguesforcontact"],
        ),
    ]
}

#[test]
fn what_is_left_is_what_is_filled_from_tables_that_were_cleaned() {
    for format in ["parquet", "delta"] {
        // Whoever fills them may choose another format than the jobs.
        let lake = filled(&["--set", &format!("format={format}")]);
        let place = lake.output().join("msdyn");
        let erased: Vec<(&str, String)> = cases().into_iter().map(|(erased, ..)| erased).collect();
        for (erased, traces, tables) in cases() {
            let traces: Vec<&str> = traces.iter().map(String::as_str).collect();
            let held = values_with(&rows_below(&place), &traces);
            for table in tables {
                assert!(
                    held.keys().any(|name| name.starts_with(&format!("{table}/"))),
                    "{erased:?}: {table}: {held:?}"
                );
            }
        }
        erase(&lake, &erased.iter().map(|(kind, id)| (*kind, id.as_str())).collect::<Vec<_>>());
        let before = files_below(&place);
        let dry = well(&lake, "forget", &[]);
        assert_eq!(files_below(&place), before, "a dry run writes nothing");
        let applied = well(&lake, "forget", &["--apply"]);
        let of_original = |text: &str| -> Vec<String> {
            let lines = text.lines().filter(|line| line.starts_with("msdyn_") && line.contains('='));
            lines.map(str::to_string).collect()
        };
        assert!(of_original(&dry).len() >= 6, "{dry}");
        assert_eq!(of_original(&dry), of_original(&applied), "what was announced is done");

        let cleaned = rows_below(&place);
        for (erased, traces, _) in cases() {
            let traces: Vec<&str> = traces.iter().map(String::as_str).collect();
            assert_eq!(values_with(&cleaned, &traces), BTreeMap::new(), "{format}: {erased:?}");
            for (name, bytes) in files_below(&place).iter().filter(|(name, _)| name.ends_with(".json")) {
                let log = String::from_utf8_lossy(bytes);
                assert!(traces.iter().all(|trace| !log.contains(trace)), "{name}");
            }
        }
        let again = well(&lake, "forget", &["--apply"]);
        assert!(again.contains("no published file holds an erased person"), "{again}");
        let anew = lake.root().with_file_name("anew");
        well(&lake, "msdyn", &["--set", &format!("format={format}"), "--to", &anew.display().to_string()]);
        same_rows(&cleaned, &rows_below(&anew));
    }
}

#[test]
fn tables_that_were_put_elsewhere_are_covered_where_they_are_named() {
    let lake = published();
    let elsewhere = lake.root().with_file_name("elsewhere").display().to_string();
    well(&lake, "msdyn", &["--to", &elsewhere]);
    erase(&lake, &[("contact", &guid(11))]);
    let traces = ["Carl Kund", "Kund, Carl", &guid(11)];
    well(&lake, "forget", &["--apply"]);
    assert!(!values_with(&rows_below(Path::new(&elsewhere)), &traces).is_empty());
    let said = well(&lake, "forget", &["--apply", "--msdyn", &elsewhere]);
    assert!(said.contains("msdyn_contactkpiitem"), "{said}");
    assert_eq!(values_with(&rows_below(Path::new(&elsewhere)), &traces), BTreeMap::new());
}

#[test]
fn a_name_that_only_they_still_tell_is_found_in_their_texts() {
    let lake = filled(&[]);
    // The lake and the tables of jobs have lost the contact; a deal of the original still has the name.
    lake.change("contact", |frame| frame.lazy().filter(col("contactid").neq(lit(guid(11)))).collect().unwrap());
    for entry in std::fs::read_dir(lake.output()).unwrap() {
        let path = entry.unwrap().path();
        if path.file_name().is_some_and(|name| name != "msdyn") {
            std::fs::remove_dir_all(path).unwrap();
        }
    }
    erase(&lake, &[("contact", &guid(11))]);
    well(&lake, "forget", &["--apply"]);
    let left = rows_below(&lake.output().join("msdyn"));
    assert_eq!(values_with(&left, &["Carl Kund", "Kund, Carl", &guid(11)]), BTreeMap::new());
    assert!(left["msdyn_opportunitykpiitem/as_of_date=2026-03-31/msdyn_opportunitykpiitem.parquet"].height() > 0);
}

#[test]
fn a_day_that_is_computed_again_is_filled_again() {
    let opt_out = |lake: &SmallLake| {
        lake.change("opt_outs", |_| df!("principal" => ["bo@nordwind.example"]).unwrap());
    };
    let settings = ["--set", "publish_subjects=true", "--set", "suggest_all=true"];
    let lake = filled(&[]);
    let before = rows_below(&lake.output().join("msdyn"));
    opt_out(&lake);
    let said = well(&lake, "forget", &[&settings[..], &["--apply"]].concat());
    assert!(said.contains("computed again"), "{said}");
    let anew = published();
    opt_out(&anew);
    publish(&anew, DAYS[2]);
    well(&anew, "msdyn", &[]);
    let found = rows_below(&lake.output().join("msdyn"));
    same_rows(&found, &rows_below(&anew.output().join("msdyn")));
    assert!(found.iter().any(|(name, rows)| !rows.equals_missing(&before[name])), "nothing rested on the mailbox");
}

#[test]
fn an_export_tells_what_stands_in_them() {
    let lake = filled(&[]);
    let written: serde_json::Value =
        serde_json::from_str(&well(&lake, "export", &["--subject", "carl@kund.example"])).unwrap();
    let found = written["outputs"][0]["found"].as_array().unwrap();
    let tables: Vec<&str> = found.iter().filter_map(|row| row["table"].as_str()).collect();
    for table in ["msdyn_contactkpiitem", "msdyn_mostcontacted", "msdyn_wkwcolleaguesforcontact"] {
        assert!(tables.contains(&table), "{table}: {tables:?}");
    }
}

fn rename_colleague(lake: &SmallLake, name: &str) {
    lake.change("systemuser", |mut frame| {
        let names = frame.column("fullname").unwrap().str().unwrap().clone();
        let ids = frame.column("systemuserid").unwrap().str().unwrap().clone();
        let renamed = ids.iter().zip(names.iter()).map(|(id, own)| {
            if id == Some(guid(1).as_str()) { Some(name.to_string()) } else { own.map(str::to_string) }
        });
        let renamed: StringChunked = renamed.collect();
        frame.with_column(renamed.with_name("fullname".into()).into_column()).unwrap();
        frame
    });
}

/// Their column has room for a hundred letters, which is not enough for every name.
#[test]
fn a_name_that_is_longer_than_their_columns_is_forgotten_in_what_is_left_of_it() {
    let long = format!("Anna {} Nordwind", "Henriette ".repeat(10).trim());
    let beginning: String = long.chars().take(100).collect();
    assert!(long.len() > 100 && !beginning.contains("Nordwind"));
    let lake = lake();
    rename_colleague(&lake, &long);
    publish(&lake, DAYS[2]);
    well(&lake, "msdyn", &[]);
    let held = values_with(&rows_below(&lake.output().join("msdyn")), &[&beginning]);
    assert!(held.keys().any(|name| name.starts_with("msdyn_mostcontacted/")), "{held:?}");
    erase(&lake, &[("systemuser", &guid(1))]);
    well(&lake, "forget", &["--apply"]);
    let left = rows_below(&lake.output().join("msdyn"));
    assert_eq!(values_with(&left, &[&beginning]), BTreeMap::new());
}

/// Addresses of erased people are known by their hashes, and half of one has another hash.
#[test]
fn no_half_of_an_address_is_left_where_a_text_was_too_long_for_their_columns() {
    let long = format!("Anna {}, for carl@kund.example", "Henriette ".repeat(8).trim());
    assert!(long.find("carl").unwrap() < 100 && long.len() > 100);
    let lake = lake();
    rename_colleague(&lake, &long);
    publish(&lake, DAYS[2]);
    well(&lake, "msdyn", &[]);
    let held = values_with(&rows_below(&lake.output().join("msdyn")), &["Anna Henriette Henriette"]);
    assert!(held.keys().any(|name| name.starts_with("msdyn_mostcontacted/")), "{held:?}");
    erase(&lake, &[("contact", &guid(11))]);
    well(&lake, "forget", &["--apply"]);
    let mut left = values_with(&rows_below(&lake.output().join("msdyn")), &["carl@"]);
    // A colleague's own name stays in the column that is theirs, whatever is in it.
    left.retain(|name, _| name.starts_with("msdyn_mostcontacted/"));
    assert_eq!(left, BTreeMap::new());
}
