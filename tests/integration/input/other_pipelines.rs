//! The same facts as other pipelines and people leave them: placeholders, words of data frames, ids of staging tables,
//! names of types, rows that a copy brought twice.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use polars::prelude::*;

use crate::support::small_lake::*;

/// What is published of a lake whose table was changed, against what is published of the unchanged one.
#[track_caller]
fn same(table: &str, change: impl FnOnce(DataFrame) -> DataFrame, form: &str) {
    static UNCHANGED: LazyLock<BTreeMap<String, Vec<u8>>> = LazyLock::new(|| erasing_carl().published(&[]));
    let changed = erasing_carl();
    changed.change(table, change);
    assert!(changed.published(&[]) == *UNCHANGED, "{table}: {form}");
}

/// A lake in which one contact of several is erased.
fn erasing_carl() -> SmallLake {
    let lake = SmallLake::new();
    let texts = |name: &str, text: &str| Column::new(name.into(), [text]);
    let rows = DataFrame::new(1, vec![texts("kind", "address"), texts("principal", "carl@kund.example")]);
    lake.change("erasures", |_| rows.unwrap());
    lake
}

fn with(mut frame: DataFrame, name: &str, column: Column) -> DataFrame {
    frame.with_column(column.with_name(name.into())).unwrap();
    frame
}

fn all(frame: &DataFrame, text: &str) -> Column {
    Column::new(PlSmallStr::EMPTY, vec![text; frame.height()])
}

#[test]
fn a_placeholder_is_nobody_and_makes_nobody_one_with_others() {
    for text in ["?", "0", "no email", "<NA>"] {
        same("contact", |frame| with(frame.clone(), "emailaddress2", all(&frame, text)), text);
        same("lead", |frame| with(frame.clone(), "emailaddress3", all(&frame, text)), text);
    }
}

#[test]
fn words_of_data_frames_are_no_ids() {
    for word in ["<NA>", "NaT"] {
        same("opportunity", |frame| with(frame.clone(), "parentaccountid", all(&frame, word)), word);
        same("account", |frame| with(frame.clone(), "masterid", all(&frame, word)), word);
        let answers = |frame: DataFrame| {
            let parents = frame.column("inreplyto").unwrap().str().unwrap().iter();
            let parents: StringChunked = parents.map(|id| id.or(Some(word))).collect();
            with(frame.clone(), "inreplyto", parents.into_column())
        };
        same("email", answers, word);
    }
}

#[test]
fn an_id_of_a_staging_table_tells_no_versions() {
    for table in ["account", "contact", "lead", "opportunity", "email", "appointment", "phonecall", "systemuser"] {
        let numbers = |frame: &DataFrame| (1..=frame.height() as i64).collect::<Vec<_>>();
        same(table, |frame| with(frame.clone(), "Id", Column::new("".into(), numbers(&frame))), "numbers of rows");
        same(table, |frame| with(frame.clone(), "Id", all(&frame, "batch 7")), "one for all");
    }
}

#[test]
fn a_type_is_known_by_its_number_its_set_and_the_name_of_the_web() {
    for form in ["accounts", "Account", "1", "1.0", "#Microsoft.Dynamics.CRM.account", ""] {
        let column = |frame: &DataFrame| all(frame, form);
        same("contact", |frame| with(frame.clone(), "parentcustomerid_entitytype", column(&frame)), form);
        same("opportunity", |frame| with(frame.clone(), "customerid_entitytype", column(&frame)), form);
    }
    same("opportunity", |frame| frame.drop("customerid_entitytype").unwrap(), "no column");
}

#[test]
fn a_call_or_task_that_a_copy_brought_twice_counts_once() {
    for table in ["phonecall", "task"] {
        let lake = SmallLake::new();
        lake.change(table, |frame| frame.drop("versionnumber").unwrap());
        let once = lake.published(&[]);
        lake.change(table, |frame| frame.vstack(&frame).unwrap());
        assert!(lake.published(&[]) == once, "{table}");
    }
}

#[test]
fn lookups_are_read_by_the_names_of_the_web() {
    let named = |mut frame: DataFrame| {
        for name in frame.get_column_names_owned() {
            let lookup = name.strip_suffix("_entitytype").unwrap_or(&name);
            let note = if lookup == name.as_str() { "" } else { "@Microsoft.Dynamics.CRM.lookuplogicalname" };
            let is_lookup =
                ["parentcustomerid", "customerid", "parentcontactid", "ownerid", "regardingobjectid", "partyid"];
            if is_lookup.contains(&lookup) {
                frame.rename(&name, format!("_{lookup}_value{note}").into()).unwrap();
            }
        }
        frame
    };
    for table in ["account", "contact", "lead", "opportunity", "email", "appointment", "phonecall", "activityparty"] {
        same(table, named, "all lookups");
    }
    // One file of two, and a column of that name beside the lookup itself.
    let lake = erasing_carl();
    let clean = lake.published(&[]);
    let contacts = lake.read("contact");
    lake.write("contact", "part-0.parquet", &contacts.head(Some(1)));
    lake.write("contact", "part-1.parquet", &named(contacts.slice(1, 9)));
    assert!(lake.published(&[]) == clean, "one file of two");
    same("contact", |frame| with(frame.clone(), "_ownerid_value", all(&frame, "nobody")), "both");
}
