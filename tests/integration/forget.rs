//! Taking erased people out of what is already published (rule C4).

use std::collections::BTreeMap;
use std::fs::{self, File};
use std::io::Cursor;
use std::process::{Command, Output};
use std::sync::LazyLock;

use polars::prelude::*;

use crate::small_lake::{SmallLake, files_below, guid, published_in, read_parquet, stderr, write_parquet};

/// Three days, and the two weeks that have ended by them.
pub const DAYS: [&str; 3] = ["2026-03-22", "2026-03-30", "2026-03-31"];

/// The small lake with deals and subjects that name people, and nobody erased.
pub fn lake() -> SmallLake {
    let lake = SmallLake::new();
    lake.change("erasures", |frame| frame.clear());
    let rename = |table: &str, column: &str, names: &[&str]| {
        lake.change(table, |mut frame| {
            frame.with_column(Column::new(column.into(), names)).unwrap();
            frame
        });
    };
    rename("opportunity", "name", &["Tyres for Eva Prospekt", "Old deal of Kund, Carl"]);
    rename("appointment", "subject", &["Kick-off", "Follow-up with Anna Nordwind"]);
    lake
}

/// What all jobs publish of the lake on every day; computed once for all tests.
fn published() -> SmallLake {
    static FILES: LazyLock<BTreeMap<String, Vec<u8>>> = LazyLock::new(|| {
        let lake = lake();
        DAYS.iter().for_each(|day| publish(&lake, day));
        files_below(&lake.output())
    });
    let lake = lake();
    for (name, bytes) in FILES.iter() {
        let path = lake.output().join(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, bytes).unwrap();
    }
    lake
}

fn publish(lake: &SmallLake, day: &str) {
    // Suggestions are chosen by strength, which changes for others with what is forgotten.
    well(lake, "run", &["--as-of", day, "--set", "publish_subjects=true", "--set", "suggest_all=true"]);
}

pub fn erase(lake: &SmallLake, rows: &[(&str, &str)]) {
    let (kinds, principals): (Vec<&str>, Vec<&str>) = rows.iter().copied().unzip();
    lake.change("erasures", |_| df!("kind" => kinds, "principal" => principals).unwrap());
}

/// Runs a command for all jobs.
fn rapport(lake: &SmallLake, command: &str, arguments: &[&str]) -> Output {
    let mut rapport = Command::new(env!("CARGO_BIN_EXE_rapport"));
    rapport.current_dir(env!("CARGO_MANIFEST_DIR")).arg(command);
    rapport.arg("--input").arg(lake.root()).arg("--output").arg(lake.output()).args(arguments);
    rapport.output().unwrap()
}

#[track_caller]
fn well(lake: &SmallLake, command: &str, arguments: &[&str]) -> String {
    let output = rapport(lake, command, arguments);
    assert_eq!(output.status.code(), Some(0), "{}", stderr(&output));
    String::from_utf8_lossy(&output.stdout).into_owned()
}

fn table(bytes: &[u8]) -> DataFrame {
    ParquetReader::new(Cursor::new(bytes.to_vec())).finish().unwrap()
}

fn of_day(lake: &SmallLake, table: &str, day: &str) -> DataFrame {
    read_parquet(&lake.output().join(format!("{table}/as_of_date={day}/{table}.parquet")))
}

/// Files with a value that has one of the texts in it, in any column and spelling, and how many values.
fn holding(lake: &SmallLake, traces: &[&str]) -> BTreeMap<String, usize> {
    let mut found = BTreeMap::new();
    for (name, bytes) in files_below(&lake.output()) {
        assert!(name.ends_with(".parquet"), "{name} is left behind");
        for column in table(&bytes).columns() {
            let Ok(texts) = column.str() else { continue };
            let holds = |text: &&str| traces.iter().any(|trace| text.to_lowercase().contains(&trace.to_lowercase()));
            let values = texts.iter().flatten().filter(holds).count();
            if values > 0 {
                *found.entry(name.clone()).or_default() += values;
            }
        }
    }
    found
}

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
        "connections",
        "contact_kpis",
        "daily_activity",
        "interaction_records",
        "opportunity_kpis",
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
                "connections",
                "daily_activity",
                "interaction_records",
                "lead_kpis",
                "opportunity_kpis",
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
                "account_kpis",
                "connections",
                "contact_kpis",
                "opportunity_kpis",
                "top_contacts",
                "who_knows_whom",
            ],
        ),
    ]
}

#[test]
fn no_trace_is_left_and_a_second_time_changes_nothing() {
    for Case { erased, traces, held } in cases() {
        let lake = published();
        let traces: Vec<&str> = traces.iter().map(String::as_str).collect();
        let mut tables: Vec<String> =
            holding(&lake, &traces).into_keys().map(|name| name.split('/').next().unwrap().to_string()).collect();
        tables.dedup();
        tables.retain(|table| table != "current");
        assert_eq!(tables, held, "{erased:?}: who is nowhere cannot be forgotten");

        erase(&lake, &[(erased.0, &erased.1)]);
        let before = files_below(&lake.output());
        let dry = well(&lake, "forget", &[]);
        assert_eq!(files_below(&lake.output()), before, "a dry run writes nothing");
        assert!(dry.contains("nothing was, add --apply"), "{dry}");

        let applied = well(&lake, "forget", &["--apply"]);
        let lines =
            |text: &str| -> Vec<String> { text.lines().filter(|l| l.contains('=')).map(str::to_string).collect() };
        assert_eq!(lines(&dry), lines(&applied), "what was announced is done");
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

#[test]
fn nobody_erased_is_no_failure_and_writes_nothing() {
    let lake = published();
    let before = files_below(&lake.output());
    let output = rapport(&lake, "forget", &["--apply"]);
    assert_eq!(output.status.code(), Some(0));
    assert!(stderr(&output).contains("names nobody"), "{}", stderr(&output));
    erase(&lake, &[("contact", &guid(99)), ("address", "nobody@kund.example")]);
    well(&lake, "forget", &["--apply"]);
    assert_eq!(files_below(&lake.output()), before);
}

#[test]
fn what_cannot_be_rewritten_is_said_and_does_not_keep_the_rest() {
    let lake = published();
    erase(&lake, &[("contact", &guid(11))]);
    // A column of a version to come.
    let path = lake.output().join("daily_activity/as_of_date=2026-03-30/daily_activity.parquet");
    let mut frame = read_parquet(&path);
    frame.with_column(Column::new("nickname".into(), vec!["Calle"; frame.height()])).unwrap();
    write_parquet(&path, &frame);
    let output = rapport(&lake, "forget", &["--apply"]);
    assert_eq!(output.status.code(), Some(1), "{}", stderr(&output));
    assert!(stderr(&output).contains("column nickname is not known to this version"), "{}", stderr(&output));
    let left = holding(&lake, &[&guid(11)]);
    assert_eq!(left.into_keys().collect::<Vec<_>>(), ["daily_activity/as_of_date=2026-03-30/daily_activity.parquet"]);

    // Another run holds the partition: what teaches others is kept for the next time.
    let lake = published();
    erase(&lake, &[("contact", &guid(11))]);
    let folder = lake.output().join("opportunity_kpis/as_of_date=2026-03-30");
    let lock = File::create(folder.join(".lock")).unwrap();
    lock.lock().unwrap();
    let output = rapport(&lake, "forget", &["--apply"]);
    assert_eq!(output.status.code(), Some(76), "{}", stderr(&output));
    drop(lock);
    fs::remove_file(folder.join(".lock")).unwrap();
    well(&lake, "forget", &["--apply"]);
    assert_eq!(holding(&lake, &["Carl Kund", "Kund, Carl", &guid(11)]), BTreeMap::new());
}

/// A file that cannot be rewritten is mended and forgotten in later, with what it needs of the others.
#[test]
fn what_was_refused_once_ends_where_all_would_have_ended() {
    let undisturbed = published();
    erase(&undisturbed, &[("contact", &guid(11))]);
    well(&undisturbed, "forget", &["--apply"]);
    let undisturbed = files_below(&undisturbed.output());
    for table in ["interactions", "interaction_records", "contact_kpis"] {
        let lake = published();
        erase(&lake, &[("contact", &guid(11))]);
        let path = lake.output().join(format!("{table}/as_of_date=2026-03-31/{table}.parquet"));
        let whole = fs::read(&path).unwrap();
        let mut frame = read_parquet(&path);
        frame.with_column(Column::new("nickname".into(), vec!["Calle"; frame.height()])).unwrap();
        write_parquet(&path, &frame);
        let output = rapport(&lake, "forget", &["--apply"]);
        assert_eq!(output.status.code(), Some(1), "{table}: {}", stderr(&output));
        let said = String::from_utf8_lossy(&output.stdout).into_owned();
        let lines = said.lines().filter(|line| line.starts_with(&format!("{table} ")) && line.contains("2026-03-31"));
        assert_eq!(lines.count(), 0, "{table} is not forgotten in: {said}");
        fs::write(&path, whole).unwrap();
        well(&lake, "forget", &["--apply"]);
        let ended = files_below(&lake.output());
        let differing: Vec<&String> =
            ended.iter().filter(|(path, bytes)| undisturbed[*path] != **bytes).map(|f| f.0).collect();
        assert!(ended == undisturbed, "{table}: {differing:?}");
    }
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

#[test]
fn the_input_must_be_readable() {
    let lake = published();
    lake.remove("contact");
    let output = rapport(&lake, "forget", &[]);
    assert_eq!(output.status.code(), Some(3), "{}", stderr(&output));
    fs::remove_dir_all(lake.root()).unwrap();
    assert_eq!(rapport(&lake, "forget", &[]).status.code(), Some(2));
}
