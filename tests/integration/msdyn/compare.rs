//! `rapport compare`: planted items of the original, in each form in which they are exported, with known differences.

use std::fs;
use std::path::{Path, PathBuf};

use polars::prelude::*;
use serde_json::{Value, json};

use crate::support::published_golden::{AS_OF, Golden, read, write};

const TABLES: [&str; 4] =
    ["msdyn_accountkpiitem", "msdyn_contactkpiitem", "msdyn_leadkpiitem", "msdyn_opportunitykpiitem"];

/// A published lake, and a folder of exported items that are what rapport itself would fill.
fn with_own_items() -> (Golden, PathBuf) {
    let golden = Golden::published(AS_OF);
    golden.ends(0, "msdyn", &[]);
    let items = golden.folder("items");
    for table in TABLES {
        write(&items.join(table).join("part-0.parquet"), &golden.filled(table).drop("as_of").unwrap());
    }
    (golden, items)
}

fn change(items: &Path, table: &str, change: impl FnOnce(DataFrame) -> DataFrame) {
    let file = items.join(table).join("part-0.parquet");
    write(&file, &change(read(&file)));
}

fn compared(golden: &Golden, items: &Path) -> Value {
    let said = golden.ends(0, "compare", &["--items", items.to_str().unwrap(), "--format", "json"]);
    serde_json::from_str(&said).unwrap()
}

fn table<'a>(found: &'a Value, name: &str) -> &'a Value {
    found["tables"].as_array().unwrap().iter().find(|table| table["table"] == name).unwrap()
}

fn column<'a>(found: &'a Value, of: &str, name: &str) -> &'a Value {
    let columns = table(found, of)["columns"].as_array().unwrap();
    columns.iter().find(|column| column["column"] == name).unwrap_or_else(|| panic!("{of}.{name} in {found}"))
}

#[track_caller]
fn agrees_everywhere(found: &Value) -> usize {
    let mut compared = 0;
    for table in found["tables"].as_array().unwrap() {
        assert_eq!([&table["only_ours"], &table["only_theirs"]], [0, 0], "{table}");
        for column in table["columns"].as_array().unwrap() {
            assert_eq!(column["equal"], column["known_in_both"], "{column}");
            assert_eq!([&column["only_ours_known"], &column["only_theirs_known"]], [0, 0], "{column}");
            compared += column["known_in_both"].as_u64().unwrap() as usize;
        }
    }
    compared
}

#[test]
fn items_that_are_the_same_agree_in_every_form_of_export() {
    let (golden, items) = with_own_items();
    let found = compared(&golden, &items);
    assert_eq!(found["tables"].as_array().unwrap().len(), TABLES.len());
    let by_link = agrees_everywhere(&found);
    assert!(by_link > 200, "{by_link}");

    // The connector of Power BI: labels of choices, and no codes.
    for table in TABLES {
        change(&items, table, |frame| {
            let choices: Vec<String> = frame
                .get_column_names()
                .iter()
                .filter_map(|name| name.strip_suffix("name"))
                .filter(|name| frame.column(name).is_ok_and(|column| column.dtype() == &DataType::Int64))
                .map(str::to_string)
                .collect();
            frame.drop_many(choices)
        });
    }
    assert_eq!(agrees_everywhere(&compared(&golden, &items)), by_link);

    // The Web API: lookups as _…_value, a key of its own, and nothing that a link adds.
    for table in TABLES {
        change(&items, table, |mut frame| {
            let keys: StringChunked =
                (0..frame.height()).map(|row| Some(format!("f{row:07}-0000-4000-8000-000000000000"))).collect();
            frame.with_column(keys.with_name(format!("{table}id").into()).into_column()).unwrap();
            let lookup = format!("{}id", table.strip_suffix("kpiitem").unwrap());
            let of_links =
                ["Id", "SinkModifiedOn", "SinkCreatedOn", "IsDelete", "PartitionId", "versionnumber", &lookup];
            frame.drop_many(of_links)
        });
    }
    assert_eq!(agrees_everywhere(&compared(&golden, &items)), by_link);
}

fn numbers(frame: &DataFrame, name: &str, change: impl Fn(usize, f64) -> f64) -> Column {
    let column = frame.column(name).unwrap();
    let values = column.cast(&DataType::Float64).unwrap();
    let values: Float64Chunked =
        values.f64().unwrap().iter().enumerate().map(|(row, value)| value.map(|value| change(row, value))).collect();
    values.with_name(name.into()).into_column()
}

#[test]
fn planted_differences_are_found_exactly() {
    let (golden, items) = with_own_items();
    let contacts = "msdyn_contactkpiitem";
    let before = golden.filled(contacts);
    let ids: Vec<String> = before.column("Id").unwrap().str().unwrap().iter().flatten().map(Into::into).collect();
    change(&items, contacts, |mut frame| {
        // Two of the contacts wrote more, by 7 and by 2; one has no state; the last is not there at all.
        let sent = numbers(&frame, "msdyn_emailssent", |row, sent| sent + [7.0, -2.0].get(row).copied().unwrap_or(0.0));
        frame.with_column(sent).unwrap();
        let trends = numbers(&frame, "msdyn_relationshiphealthtrend", |row, trend| if row == 1 { 4.0 } else { trend });
        frame.with_column(trends).unwrap();
        frame.slice(0, frame.height() - 1)
    });
    let found = compared(&golden, &items);
    let of = table(&found, contacts);
    let both = ids.len() - 1;
    assert_eq!([&of["records_in_both"], &of["only_ours"], &of["only_theirs"]], [both, 1, 0]);
    let sent = column(&found, contacts, "msdyn_emailssent");
    assert_eq!([&sent["known_in_both"], &sent["equal"]], [both, both - 2]);
    assert_eq!(sent["mean_difference"], json!(5.0 / both as f64));
    assert_eq!((&sent["median_distance"], &sent["largest_difference"]), (&json!(0.0), &json!(7.0)));
    let listed = sent["listed"].as_array().unwrap();
    assert_eq!(listed.len(), 2);
    assert_eq!((&listed[0]["record_id"], &listed[1]["record_id"]), (&json!(ids[0]), &json!(ids[1])));
    let difference = |at: usize| listed[at]["theirs"].as_f64().unwrap() - listed[at]["ours"].as_f64().unwrap();
    assert_eq!((difference(0), difference(1)), (7.0, -2.0));
    let trend = column(&found, contacts, "msdyn_relationshiphealthtrend");
    assert_eq!(trend["known_in_both"].as_u64().unwrap() - trend["equal"].as_u64().unwrap(), 1);
    assert_eq!((&trend["mean_difference"], &trend["best_scale"]), (&Value::Null, &Value::Null), "codes have no size");
    // Nothing else differs.
    let untouched = column(&found, contacts, "msdyn_emailsreceived");
    assert_eq!(untouched["equal"], untouched["known_in_both"]);
    assert_eq!(table(&found, "msdyn_accountkpiitem")["only_ours"], 0);
}

#[test]
fn a_known_scale_is_found() {
    let (golden, items) = with_own_items();
    let contacts = "msdyn_contactkpiitem";
    change(&items, contacts, |mut frame| {
        // Hours where rapport has minutes, per cent where it has shares.
        let hours = numbers(&frame, "msdyn_timespentbyteam", |_, minutes| minutes / 60.0);
        let rate = numbers(&frame, "msdyn_responseratebyus", |_, share| share * 100.0);
        let days = numbers(&frame, "msdyn_averagefirstresponsetimebyusinhrs", |_, hours| hours / 24.0);
        frame.with_column(hours).unwrap();
        frame.with_column(rate).unwrap();
        frame.with_column(days).unwrap();
        frame
    });
    let found = compared(&golden, &items);
    let time = column(&found, contacts, "msdyn_timespentbyteam");
    assert_eq!((&time["best_scale"], &time["share_equal_at_best_scale"]), (&json!(1.0 / 60.0), &json!(1.0)), "{time}");
    assert!(time["scale_meaning"].as_str().unwrap().starts_with("hours where ours are minutes"));
    let text = golden.ends(0, "compare", &["--items", items.to_str().unwrap()]);
    assert!(text.contains("1/60 (hours where ours are minutes"), "{text}");
    let csv = golden.ends(0, "compare", &["--items", items.to_str().unwrap(), "--format", "csv"]);
    let line = csv.lines().find(|line| line.starts_with("msdyn_contactkpiitem,msdyn_timespentbyteam,")).unwrap();
    assert!(line.contains(",0.016666666666666666,1.0,"), "{line}");
    assert!(csv.starts_with("table,column,records_in_both,"), "{csv}");
}

#[test]
fn the_newest_item_of_a_record_counts_and_what_is_not_there_is_said() {
    let (golden, items) = with_own_items();
    let leads = "msdyn_leadkpiitem";
    change(&items, leads, |frame| {
        // Ten days older, wrong, and last in the file.
        let mut older = frame.clone();
        let wrong = numbers(&older, "msdyn_emailssent", |_, sent| sent + 100.0);
        older.with_column(wrong.cast(&DataType::Int64).unwrap()).unwrap();
        let at = older.column("msdyn_acilastupdatetimestamp").unwrap();
        let earlier: Int64Chunked =
            at.datetime().unwrap().physical().iter().map(|at| at.map(|at| at - 864_000_000_000)).collect();
        let earlier = earlier.with_name("msdyn_acilastupdatetimestamp".into()).into_column().cast(at.dtype()).unwrap();
        older.with_column(earlier).unwrap();
        let keys: StringChunked =
            (0..older.height()).map(|row| Some(format!("f000000{row}-0000-4000-8000-000000000000"))).collect();
        for key in ["Id", "msdyn_leadkpiitemid"] {
            older.with_column(keys.clone().with_name(key.into()).into_column()).unwrap();
        }
        frame.vstack(&older).unwrap()
    });
    agrees_everywhere(&compared(&golden, &items));

    fs::remove_dir_all(items.join("msdyn_accountkpiitem")).unwrap();
    change(&items, leads, |frame| frame.drop("msdyn_emaillinksclicked").unwrap());
    let found = compared(&golden, &items);
    assert_eq!(found["not_exported"], json!(["msdyn_accountkpiitem"]));
    let not_exported = table(&found, leads)["not_exported"].as_array().unwrap();
    assert!(not_exported.contains(&json!("msdyn_emaillinksclicked")), "{not_exported:?}");

    let refused = golden.ends(2, "compare", &[]);
    assert!(refused.contains("there is nothing to compare"), "{refused}");
    change(&items, leads, |frame| frame.drop_many(["msdyn_leadid", "_msdyn_leadid_value", "msdyn_leadkpiitemid"]));
    let refused = golden.ends(3, "compare", &["--items", items.to_str().unwrap()]);
    assert!(refused.contains("no item says which lead it is of"), "{refused}");
}
