//! Activities that are too many for memory are worked on in parts (R7). How many there are changes no byte.

use std::collections::BTreeMap;
use std::path::Path;

use rapport::config::JobKind;
use serde_json::json;
use tempfile::TempDir;

use crate::support::lake::Lake;
use crate::support::random_lake::SETTINGS;
use crate::support::results::{run_in_parts, run_on, settings};
use crate::support::{history_lake, lake_files, random_lake};

const DAY: &str = "2026-03-31";

/// Every table of every job.
fn all_tables() -> String {
    let tables: Vec<&str> = JobKind::ALL.iter().flat_map(|kind| kind.tables()).copied().collect();
    json!(tables).to_string()
}

#[track_caller]
fn assert_same_in_parts(lake: &Path, set: &[(&str, &str)], parts: &[u32], days: &[&str]) {
    let tables = all_tables();
    let mut chosen: BTreeMap<&str, &str> = SETTINGS.into_iter().chain([("tables", tables.as_str())]).collect();
    chosen.extend(set.iter().copied());
    let settings = settings(&chosen.into_iter().collect::<Vec<_>>());
    let whole = run_on(lake, &settings, days).bytes();
    assert!(whole.len() > 25, "there is something to compare: {}", whole.len());
    for &parts in parts {
        let found = run_in_parts(parts, lake, &settings, days).bytes();
        let different: Vec<&String> = whole.keys().filter(|path| found.get(*path) != whole.get(*path)).collect();
        assert!(different.is_empty() && found.len() == whole.len(), "in {parts} parts these differ: {different:?}");
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
