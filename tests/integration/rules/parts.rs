//! Activities that are too many for memory are worked on in parts (R7). How many there are changes no byte.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use rapport::config::JobKind;
use serde_json::json;
use tempfile::TempDir;

use crate::support::lake::Lake;
use crate::support::random_lake::SETTINGS;
use crate::support::results::{Results, run_by_workers, run_in_parts, run_on, run_on_staged, settings};
use crate::support::{history_lake, lake_files, random_lake};

const DAY: &str = "2026-03-31";

/// Every table of every job.
fn all_tables() -> String {
    let tables: Vec<&str> = JobKind::ALL.iter().flat_map(|kind| kind.tables()).copied().collect();
    json!(tables).to_string()
}

/// Settings under which every table is published.
fn settings_with(set: &[(&str, &str)]) -> Vec<(String, String)> {
    let tables = all_tables();
    let mut chosen: BTreeMap<&str, &str> = SETTINGS.into_iter().chain([("tables", tables.as_str())]).collect();
    chosen.extend(set.iter().copied());
    settings(&chosen.into_iter().collect::<Vec<_>>())
}

#[track_caller]
fn assert_same(found: &Results, whole: &Results, how: &str) {
    let (found, whole) = (found.bytes(), whole.bytes());
    assert!(whole.len() > 25, "there is something to compare: {}", whole.len());
    let different: Vec<&String> = whole.keys().filter(|path| found.get(*path) != whole.get(*path)).collect();
    assert!(different.is_empty() && found.len() == whole.len(), "{how}, these differ: {different:?}");
}

#[track_caller]
fn assert_same_in_parts(lake: &Path, set: &[(&str, &str)], parts: &[u32], days: &[&str]) {
    let settings = settings_with(set);
    let whole = run_on(lake, &settings, days);
    for &parts in parts {
        assert_same(&run_in_parts(parts, lake, &settings, days), &whole, &format!("in {parts} parts"));
    }
}

fn written(lake: &Lake) -> TempDir {
    let folder = TempDir::new().expect("a temporary folder");
    lake_files::write(lake, folder.path());
    folder
}

#[test]
fn drawn_lakes_give_the_same_bytes_in_any_number_of_parts() {
    for (seed, parts) in [(1, 2), (2, 7), (3, 40)] {
        let lake = written(&random_lake::drawn(seed).with(history_lake::drawn(seed)));
        assert_same_in_parts(lake.path(), &[("publish_subjects", "true")], &[parts], &[DAY]);
    }
}

#[test]
fn the_sample_lake_gives_the_same_bytes_in_parts() {
    let sample = Path::new(env!("CARGO_MANIFEST_DIR")).join("sample_data/lake");
    assert_same_in_parts(&sample, &[("company_domains", "[\"nordwind.example\"]")], &[1, 5], &[DAY]);
}

#[test]
fn a_backfill_takes_its_tables_from_disk_too() {
    let lake = written(&history_lake::drawn(5));
    assert_same_in_parts(lake.path(), &[], &[3], &["2026-03-11", "2026-03-12", "2026-03-15"]);
}

/// Items without message id and calendar id, whose own id items of several mailboxes share, are named by these as well:
/// so they have to be looked at together.
#[test]
fn items_that_only_mailboxes_tell_apart_are_told_apart_in_parts_too() {
    let mut lake = random_lake::drawn(6);
    for mailbox in ["box-anna", "box-bo", "box-cleo"] {
        for number in 0..20 {
            let id = format!("shared-{number}");
            let day = format!("2026-03-{:02}T09:00:00Z", number % 20 + 1);
            let person = |address: &str| json!({"emailAddress": {"address": address, "name": ""}});
            lake.insert(
                "messages",
                random_lake::object(json!({
                    "puser": mailbox, "id": id, "sentDateTime": day, "from": person("c1@acme.example"),
                    "toRecipients": [person("anna@nw.example")],
                })),
            );
            lake.insert(
                "calendar_view",
                random_lake::object(json!({
                    "puser": mailbox, "id": id, "start": {"dateTime": &day[..19], "timeZone": "UTC"},
                    "end": {"dateTime": &day[..19], "timeZone": "UTC"}, "organizer": person("c1@acme.example"),
                    "attendees": [],
                })),
            );
        }
    }
    assert_same_in_parts(written(&lake).path(), &[], &[2, 9], &[DAY]);
}

#[test]
fn several_workers_give_the_same_bytes() {
    let lake = written(&random_lake::drawn(7).with(history_lake::drawn(7)));
    let settings = settings_with(&[]);
    let whole = run_on(lake.path(), &settings, &[DAY]);
    for (workers, parts) in [(2, 5), (4, 3)] {
        assert_same(&run_by_workers(workers, parts, lake.path(), &settings, &[DAY]), &whole, "by workers");
    }
}

#[test]
fn parts_that_processes_have_built_give_the_same_bytes_and_are_let_go() {
    let lake = written(&random_lake::drawn(8).with(history_lake::drawn(8)));
    let settings = settings_with(&[]);
    let whole = run_on(lake.path(), &settings, &[DAY]);
    let (found, left) = run_on_staged(
        4,
        |_| true,
        lake.path(),
        &settings,
        DAY,
        |work| {
            let manifests =
                files(work).into_iter().filter(|file| file.extension().is_some_and(|ending| ending == "json"));
            assert_eq!(manifests.count(), 3 * 4, "each of three jobs has its parts");
        },
    );
    assert_same(&found, &whole, "of staged parts");
    assert!(left.is_empty(), "{left:?}");
}

/// A task that is lost leaves no part; one that is killed while it writes leaves files without a manifest; a disk may lie.
#[test]
fn parts_that_are_missing_torn_or_of_another_lake_are_built_anew() {
    let lake = written(&random_lake::drawn(9).with(history_lake::drawn(9)));
    let settings = settings_with(&[]);
    let whole = run_on(lake.path(), &settings, &[DAY]);
    let of_part = |work: &Path, part: &str, ending: &str| {
        let is_wanted = |file: &PathBuf| {
            let name = file.file_name().expect("a name").to_string_lossy().into_owned();
            name.starts_with(part) && name.ends_with(ending)
        };
        files(work).into_iter().filter(is_wanted).collect::<Vec<_>>()
    };
    let damage = |work: &Path| {
        of_part(work, "00001", ".json").iter().for_each(|file| fs::remove_file(file).expect("a manifest"));
        for file in of_part(work, "00003", ".arrow") {
            let mut bytes = fs::read(&file).expect("a table");
            let middle = bytes.len() / 2;
            bytes[middle] ^= 1;
            fs::write(&file, bytes).expect("a table");
        }
        of_part(work, "00004", ".arrow").iter().for_each(|file| fs::write(file, "").expect("a table"));
    };
    let (found, left) = run_on_staged(5, |part| part != 1, lake.path(), &settings, DAY, damage);
    assert_same(&found, &whole, "of parts that were damaged");
    assert!(left.is_empty(), "{left:?}");
}

#[test]
fn parts_of_an_older_lake_are_not_taken_and_go() {
    let mut drawn = random_lake::drawn(9).with(history_lake::drawn(9));
    let (lake, settings) = (written(&drawn), settings_with(&[]));
    let person = |address: &str| json!({"emailAddress": {"address": address, "name": ""}});
    drawn.insert(
        "messages",
        random_lake::object(json!({
            "puser": "box-anna", "id": "later", "sentDateTime": "2026-03-30T09:00:00Z",
            "from": person("c1@acme.example"), "toRecipients": [person("anna@nw.example")],
            "internetMessageId": "<later@acme.example>",
        })),
    );
    let export_again = |_: &Path| lake_files::write(&drawn, lake.path());
    let (found, left) = run_on_staged(3, |_| true, lake.path(), &settings, DAY, export_again);
    assert_same(&found, &run_on(lake.path(), &settings, &[DAY]), "of parts of an older lake");
    assert!(left.is_empty(), "{left:?}");
}

/// All files below a folder.
fn files(folder: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(folder).expect("a folder").map(|entry| entry.expect("an entry").path());
    entries.flat_map(|path| if path.is_dir() { files(&path) } else { vec![path] }).collect()
}
