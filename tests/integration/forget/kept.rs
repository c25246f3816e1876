//! What is about others stays, and changes only where the erased person was part of it.

use std::fs::{self, File};

use polars::prelude::*;

use crate::support::small_lake::guid;

use super::support::*;

#[test]
fn an_interaction_goes_when_nobody_else_was_there() {
    let lake = published();
    let day = "2026-03-31";
    let ids = |table: &str| -> Vec<String> {
        let frame = of_day(&lake, table, day);
        frame.column("interaction_id").unwrap().str().unwrap().iter().flatten().map(str::to_string).collect()
    };
    let before = ids("interactions");
    erase(&lake, &[("contact", &guid(11))]);
    well(&lake, "forget", &["--apply"]);
    let after = ids("interactions");
    let gone: Vec<&String> = before.iter().filter(|id| !after.contains(id)).collect();
    let call = format!("phone_call:{}", guid(47));
    assert_eq!(gone, ["email:m1@nordwind.example", "email:m2@kund.example", "meeting:040000008200E0BB", call.as_str()]);
    assert!(ids("interaction_records").iter().all(|id| after.contains(id)));

    // The planned meeting regards a deal: it stays, for the deal alone and with nobody external.
    let planned = format!("meeting:{}", guid(46));
    let of_planned = |table: &str| {
        let rows = of_day(&lake, table, day).lazy().filter(col("interaction_id").eq(lit(planned.as_str())));
        rows.collect().unwrap()
    };
    let one = of_planned("interactions");
    assert_eq!(one.column("external_people").unwrap().i64().unwrap().get(0), Some(0));
    let records = of_planned("interaction_records");
    assert_eq!(
        (records.height(), records.column("record_id").unwrap().str().unwrap().get(0)),
        (1, Some(guid(14).as_str()))
    );

    // The account spoke of it as its next interaction; when that is stays, which it is goes.
    let account = of_day(&lake, "account_kpis", day);
    let is_null = |column: &str| account.column(column).unwrap().null_count() == 1;
    assert!(is_null("next_interaction_id") && is_null("next_interaction_subject") && !is_null("next_interaction_at"));
    let deals = of_day(&lake, "opportunity_kpis", day);
    assert_eq!(deals.column("next_interaction_id").unwrap().str().unwrap().get(0), Some(planned.as_str()));
}

#[test]
fn ranks_close_up_and_mentions_become_null() {
    let lake = published();
    erase(&lake, &[("contact", &guid(11)), ("systemuser", &guid(1))]);
    well(&lake, "forget", &["--apply"]);
    for day in DAYS {
        for (table, of) in [
            ("top_contacts", &["record_type", "record_id", "side"][..]),
            ("who_knows_whom", &["person_type", "person_id"]),
        ] {
            let groups =
                of_day(&lake, table, day).lazy().group_by(of.iter().map(|name| col(*name)).collect::<Vec<_>>());
            let groups =
                groups.agg([col("rank").max().eq(len().cast(DataType::Int64)).alias("whole")]).collect().unwrap();
            assert!(groups.column("whole").unwrap().bool().unwrap().all(), "{table} {day}: {groups}");
        }
        let accounts = of_day(&lake, "account_kpis", day);
        assert_eq!((accounts.height(), accounts.column("owner_id").unwrap().null_count()), (1, 1));
    }
    // Bo knows the account by Carl and Dora on none of the days best by Carl alone: his rows stay.
    let known = of_day(&lake, "account_connections", "2026-03-31");
    assert_eq!(known.column("systemuser_id").unwrap().str().unwrap().get(0), Some(guid(2).as_str()));
}

#[test]
fn files_keep_what_they_say_about_themselves() {
    let lake = published();
    let path = lake.output().join("contact_kpis/as_of_date=2026-03-30/contact_kpis.parquet");
    let said = || {
        let mut reader = ParquetReader::new(File::open(&path).unwrap());
        let pairs = reader.get_metadata().unwrap().key_value_metadata().clone().unwrap();
        (reader.schema().unwrap(), pairs.into_iter().map(|pair| (pair.key, pair.value)).collect::<Vec<_>>())
    };
    let before = said();
    erase(&lake, &[("contact", &guid(11))]);
    well(&lake, "forget", &["--apply"]);
    assert_eq!(said(), before);
    assert!(before.1.iter().any(|(key, _)| key == "rapport.config_hash"));
}

/// Without `interactions` nobody knows which of them went.
#[test]
fn links_stay_where_interactions_are_not_published() {
    let lake = published();
    fs::remove_dir_all(lake.output().join("interactions")).unwrap();
    fs::remove_file(lake.output().join("current/interactions.parquet")).unwrap();
    let links = || of_day(&lake, "interaction_records", DAYS[2]);
    let others = links().lazy().filter(col("record_id").neq(lit(guid(11)))).collect().unwrap();
    erase(&lake, &[("contact", &guid(11))]);
    well(&lake, "forget", &["--apply"]);
    assert!(links().equals_missing(&others), "{} {others}", links());
}
