//! Tables that are absent, empty, or laid out otherwise.

use std::fs;

use rapport::config::JobKind;

use crate::support::small_lake::*;

#[test]
fn required_tables_must_be_there() {
    for table in ["account", "contact", "opportunity", "systemuser", "email", "activityparty"] {
        let lake = SmallLake::new();
        lake.remove(table);
        let folder = lake.folder(table).display().to_string();
        lake.refused(3, &[&format!("table {table}: file {folder}: the table is missing"), "Add it to the export"]);
    }
    let lake = SmallLake::new();
    fs::remove_dir_all(lake.root().join("dataverse")).unwrap();
    lake.refused(3, &["no folder of Dataverse tables", "--input"]);
}

#[test]
fn an_empty_folder_is_no_table() {
    for table in ["email", "task", "messages", "erasures"] {
        let lake = SmallLake::new();
        fs::remove_file(lake.file(table)).unwrap();
        let folder = lake.folder(table).display().to_string();
        lake.refused(3, &[table, &folder, "holds no data file", "remove the empty folder"]);
    }
}

#[test]
fn files_without_rows_are_fine() {
    let lake = SmallLake::new();
    for table in TABLES.iter().chain(&EXCHANGE) {
        lake.change(table, |frame| frame.head(Some(0)));
    }
    assert_eq!(lake.published(&[]).len(), JobKind::RelationshipKpis.tables().len());
}

#[test]
fn a_lake_may_lack_exchange_and_control() {
    let lake = SmallLake::new();
    fs::remove_dir_all(lake.root().join("control")).unwrap();
    assert_eq!(lake.published(&[]).len(), JobKind::RelationshipKpis.tables().len());
    fs::remove_dir_all(lake.root().join("exchange")).unwrap();
    for consent in ["consent=true", "consent=false"] {
        lake.published(&["--set", consent]);
        let accuracy = accuracies(&lake);
        let expected = if consent == "consent=true" { "partial" } else { "complete" };
        assert!(accuracy.iter().all(|found| found == expected), "{consent}: {accuracy:?}");
    }
}

fn accuracies(lake: &SmallLake) -> Vec<String> {
    let file = lake.output().join(format!("account_kpis/as_of_date={AS_OF}/account_kpis.parquet"));
    let frame = read_parquet(&file);
    let texts = frame.column("computation_accuracy").unwrap().str().unwrap().clone();
    texts.iter().map(|text| text.unwrap().to_string()).collect()
}

#[test]
fn optional_tables_may_be_absent() {
    let lake = SmallLake::new();
    for table in ["lead", "role", "systemuserroles", "appointment", "phonecall", "task", "users", "calendar_view"] {
        lake.remove(table);
    }
    assert_eq!(lake.published(&[]).len(), JobKind::RelationshipKpis.tables().len());
}

#[test]
fn any_day_can_be_asked_for() {
    let lake = SmallLake::new();
    for day in ["0001-01-01", "1990-01-01", "2020-02-29", "2199-12-31", "9999-12-31"] {
        assert!(!lake.published(&["--as-of", day]).is_empty(), "{day}");
    }
    let records = |day: &str| {
        let file = format!("account_kpis/as_of_date={day}/account_kpis.parquet");
        read_parquet(&lake.output().join(file)).height()
    };
    assert_eq!((records("2020-02-29"), records("2199-12-31")), (0, 1));
}

#[test]
fn dates_in_the_far_future_do_no_harm() {
    let lake = SmallLake::new();
    let far = instants("senton", &["9999-12-31T23:59:59Z", "0001-01-01T00:00:00Z", "2262-05-01T00:00:00Z", ""]);
    lake.change("email", |mut frame| {
        frame.with_column(far).unwrap();
        frame
    });
    assert_eq!(lake.published(&[]).len(), JobKind::RelationshipKpis.tables().len());
}

#[test]
fn tables_lie_in_folders_of_folders_or_in_one_file() {
    let lake = SmallLake::new();
    let clean = lake.published(&[]);
    let deep = lake.folder("email").join("PartitionId=2026/part [1] 100%.snappy.parquet");
    fs::create_dir_all(deep.parent().unwrap()).unwrap();
    fs::rename(lake.file("email"), deep).unwrap();
    let one = lake.root().join("dataverse/contact.parquet");
    fs::rename(lake.file("contact"), &one).unwrap();
    fs::remove_dir(lake.folder("contact")).unwrap();
    assert!(lake.published(&[]) == clean);

    fs::remove_dir_all(lake.output()).unwrap();
    fs::create_dir(lake.folder("contact")).unwrap();
    fs::copy(one, lake.file("contact")).unwrap();
    lake.refused(3, &["table contact", "contact.parquet", "lies in the lake twice", "Move one"]);
}

/// Of a table of another format more files lie there than count.
#[test]
fn tables_of_other_formats_are_refused() {
    for (table, log, format) in [
        ("email", "current/_delta_log/00000000000000000000.json", "a table of Delta"),
        ("messages", "2026/v1/_delta_log/00000000000000000000.json", "a table of Delta"),
        ("email", ".hoodie/hoodie.properties", "Apache Hudi"),
        ("email", "metadata/v1.metadata.json", "Apache Iceberg"),
        ("messages", "metadata/00000-6c1f.metadata.json", "Apache Iceberg"),
    ] {
        let lake = SmallLake::new();
        fs::create_dir_all(lake.folder(table).join(log).parent().unwrap()).unwrap();
        lake.write_text(table, log, "{}");
        lake.refused(3, &[&format!("table {table}"), format, "not every file in it counts"]);
    }
    // What a job of Spark left behind is no table.
    let lake = SmallLake::new();
    let clean = lake.published(&[]);
    fs::create_dir_all(lake.folder("email").join("_temporary/0/_delta_log")).unwrap();
    lake.write_text("email", "_temporary/0/_delta_log/00000000000000000000.json", "{}");
    assert!(lake.published(&[]) == clean);
}

/// Object stores tell letters apart, and what nobody finds is taken for absent.
#[test]
fn a_table_of_nearly_the_right_name_is_not_absent() {
    for (table, name) in [
        ("phonecall", "PhoneCall"),
        ("messages", "Messages"),
        ("calendar_view", "CalendarView"),
        // As the Web API, databases and Graph Data Connect call them.
        ("task", "tasks"),
        ("lead", "Leads"),
        ("phonecall", "dbo.phonecall"),
        ("appointment", "dbo_appointments"),
        ("opportunity", "opportunities"),
        ("messages", "BasicDataSet_v0.Message_v1"),
        ("calendar_view", "CalendarView_v0"),
        ("users", "User_v1"),
    ] {
        let lake = SmallLake::new();
        let folder = lake.folder(table);
        fs::rename(&folder, folder.with_file_name(name)).unwrap();
        lake.refused(3, &[&format!("table {table}"), name, "nearly the name", &format!("Call it {table}")]);
    }
}

/// Updates under another name were passed over, and what was written since the first export was missing.
#[test]
fn folders_of_updates_of_nearly_the_right_name_are_not_passed_over() {
    for (update, table, remedy) in [
        ("2026-03-31T02_00_00Z", "email", "Call it 2026-03-31T02.00.00Z"),
        ("2026-03-31T02.00.00", "email", "Call it 2026-03-31T02.00.00Z"),
        ("2026-03-31t02.00.00z", "email", "Call it 2026-03-31T02.00.00Z"),
        ("2026-03-31T02.00.00+0000", "email", "Call it 2026-03-31T02.00.00Z"),
        ("2026-03-31T02.00.00Z - Copy", "email", "move it out of the lake"),
        ("2026-03-31", "Emails", "Call it by its instant"),
        ("2026-03-31T02.00.00Z", "Email", "Call it email"),
    ] {
        let lake = SmallLake::new();
        let folder = lake.root().join("dataverse").join(update).join(table);
        fs::create_dir_all(&folder).unwrap();
        fs::write(folder.join("2026.csv"), "1\r\n").unwrap();
        lake.refused(3, &["table email", update, "nearly the name of a folder of updates", remedy]);
    }
    // Synapse Link leaves folders behind in which nothing is.
    let lake = SmallLake::new();
    fs::create_dir_all(lake.root().join("dataverse/2026-03-31/email")).unwrap();
    lake.published(&[]);
}

#[test]
fn a_table_in_a_form_that_is_not_read_is_not_absent() {
    for (table, name, forms) in [
        ("lead", "lead.xlsx", "Parquet or CSV"),
        ("phonecall", "Phonecall.snappy.parquet", "Parquet or CSV"),
        ("task", "task.csv.zip", "Parquet or CSV"),
        ("users", "users.csv", "Parquet or JSON lines"),
    ] {
        let lake = SmallLake::new();
        lake.remove(table);
        fs::write(lake.folder(table).with_file_name(name), "x").unwrap();
        let named = format!("table {table}");
        lake.refused(3, &[named.as_str(), name, "in a form that is not read", "Export it to the folder", forms]);
    }
    // Beside the table itself it is somebody's copy, and no matter where it is something else.
    let lake = SmallLake::new();
    let clean = lake.published(&[]);
    fs::write(lake.folder("lead").with_file_name("lead.xlsx"), "x").unwrap();
    fs::write(lake.folder("lead").with_file_name("roles of last year.xlsx"), "x").unwrap();
    assert!(lake.published(&[]) == clean);
}
