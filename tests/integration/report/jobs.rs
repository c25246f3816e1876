//! Jobs of the kind `report`: pages after the tables, and what becomes of them when somebody is forgotten.

use std::collections::BTreeMap;
use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::Path;
use std::process::{Command, Output};

use polars::prelude::*;

use super::files_below;
use crate::support::small_lake::{AS_OF, SmallLake, guid, stderr};

/// A command on a lake and its results, with the job files of the repository.
fn rapport(lake: &SmallLake, words: &[&str]) -> Output {
    let mut rapport = Command::new(env!("CARGO_BIN_EXE_rapport"));
    rapport.current_dir(env!("CARGO_MANIFEST_DIR")).args(words);
    rapport.arg("--input").arg(lake.root()).arg("--output").arg(lake.output()).output().unwrap()
}

#[track_caller]
fn done(lake: &SmallLake, words: &[&str]) -> String {
    let output = rapport(lake, words);
    assert_eq!(output.status.code(), Some(0), "{words:?}: {}", stderr(&output));
    String::from_utf8_lossy(&output.stdout).into_owned()
}

fn pages(site: &Path) -> BTreeMap<String, String> {
    files_below(site)
}

#[test]
fn a_run_without_names_ends_with_the_report_and_names_the_page_to_open() {
    let lake = SmallLake::new();
    let said = done(&lake, &["run", "--as-of", AS_OF]);
    let site = lake.output().join("report");
    assert!(said.ends_with(&format!("open {}\n", site.join("index.html").display())), "{said}");
    let files = pages(&site);
    assert!(files["index.html"].contains(&format!("<time datetime=\"{AS_OF}\">")), "the day of the tables");
    // The same as the command writes of the same tables.
    let by_hand = lake.output().join("by-hand");
    done(&lake, &["report", "--date", AS_OF, "--site", by_hand.to_str().unwrap()]);
    assert!(files == pages(&by_hand));
    // It leaves its row beside those of the other jobs.
    let rows = fs::read_dir(lake.output().join("runs")).unwrap().count();
    assert_eq!(rows, 4);
    let listed = Command::new(env!("CARGO_BIN_EXE_rapport"))
        .current_dir(env!("CARGO_MANIFEST_DIR"))
        .arg("list")
        .output()
        .unwrap();
    assert!(String::from_utf8_lossy(&listed.stdout).contains("report"));
}

#[test]
fn keys_say_which_pages_in_which_language_and_who_may_read_them() {
    let lake = SmallLake::new();
    done(&lake, &["run", "--as-of", AS_OF, "--tables", "account_kpis,contact_kpis,lead_kpis,opportunity_kpis"]);
    assert!(!lake.output().join("report").exists(), "with tables named, no report is asked for");
    let place = lake.output().join("elsewhere");
    let site = format!("site={:?}", place.display().to_string());
    let settings = ["--set", &site, "--set", "top=1", "--set", "page_language=fr", "--set", "page_mode=\"0644\""];
    done(&lake, &[&["run", "report", "--as-of", AS_OF], &settings[..]].concat());
    let files = pages(&place);
    assert!(files["index.html"].contains("<html lang=\"fr\">"));
    assert_eq!(files.keys().filter(|name| name.starts_with("contact/")).count(), 1);
    let mode = fs::metadata(place.join("index.html")).unwrap().permissions().mode() & 0o777;
    assert_eq!(mode, 0o644);
    let id = files.keys().find_map(|name| name.strip_prefix("contact/")?.strip_suffix(".html")).unwrap().to_string();
    let records = format!("records=[{id:?}]");
    done(&lake, &["run", "report", "--as-of", AS_OF, "--set", &site, "--set", &records]);
    assert_eq!(
        pages(&place).keys().filter(|name| name.contains('/')).collect::<Vec<_>>(),
        [&format!("contact/{id}.html")]
    );
    for (setting, message) in [
        ("page_mode=\"0677\"", "expects an octal mode"),
        ("page_language=it", "expects \"en\", \"sv\", \"fr\" or \"de\""),
        ("top=0", "expects a whole number of records from 1"),
    ] {
        let refused = rapport(&lake, &["run", "report", "--as-of", AS_OF, "--set", setting]);
        assert_eq!(refused.status.code(), Some(2), "{setting}");
        assert!(stderr(&refused).contains(message), "{setting}: {}", stderr(&refused));
    }
}

#[test]
fn each_owner_gets_a_report_of_their_own_records_and_it_goes_when_no_longer_asked_for() {
    let lake = SmallLake::new();
    done(&lake, &["run", "relationship_kpis", "who_knows_whom", "--as-of", AS_OF]);
    let file = lake.output().join("current/contact_kpis.parquet");
    let contacts = ParquetReader::new(fs::File::open(file).unwrap()).finish().unwrap();
    let mut owners: Vec<String> =
        contacts.column("owner_id").unwrap().str().unwrap().iter().flatten().map(str::to_string).collect();
    owners.sort();
    owners.dedup();
    let site = lake.output().join("report");
    let write = |owners: &[String]| {
        let owners = format!("owners={owners:?}");
        rapport(&lake, &["run", "report", "--as-of", AS_OF, "--set", &owners])
    };
    assert!(write(&owners[..1]).status.success());
    assert!(site.join(&owners[0]).join("index.html").exists() && !site.join("index.html").exists());
    // Somebody without records is an error, and nobody else's report is kept from being written.
    let both = write(&[owners[0].clone(), "nobody@nordwind.example".to_string()]);
    assert_eq!(both.status.code(), Some(2));
    assert!(stderr(&both).contains("has that owner"), "{}", stderr(&both));
    assert!(site.join(&owners[0]).exists());
    // One report of all again.
    assert!(write(&[]).status.success());
    assert!(site.join("index.html").exists() && !site.join(&owners[0]).exists());
}

#[test]
fn what_a_report_job_wrote_is_written_anew_when_somebody_is_forgotten() {
    let lake = SmallLake::new();
    lake.change("erasures", |frame| frame.clear());
    done(&lake, &["run", "--as-of", AS_OF]);
    let site = lake.output().join("report");
    let page = format!("contact/{}.html", guid(11));
    let before = pages(&site);
    let (_, head) = before[&page].split_once("<h1>").unwrap();
    let name = head.split_once("</h1>").unwrap().0.to_string();
    assert!(before.values().filter(|text| text.contains(&name)).count() > 1, "{name}");

    lake.change("erasures", |_| df!("kind" => ["contact"], "principal" => [guid(11)]).unwrap());
    let asked = done(&lake, &["forget"]);
    assert!(asked.contains("report: would be written anew") && pages(&site) == before, "{asked}");
    let said = done(&lake, &["forget", "--apply"]);
    assert!(said.contains("report: written anew"), "{said}");
    let after = pages(&site);
    assert!(!after.contains_key(&page) && after.contains_key("index.html"));
    let holding: Vec<&String> = after.iter().filter(|(_, text)| text.contains(&name)).map(|(place, _)| place).collect();
    assert!(holding.is_empty(), "{name} is in {holding:?}");
}

/// The tables of the day are gone, or only those of one job were cleaned: then the report goes.
#[test]
fn a_report_that_cannot_be_written_anew_is_deleted() {
    for words in [vec!["forget", "--apply"], vec!["forget", "who_knows_whom", "--apply"]] {
        let lake = SmallLake::new();
        done(&lake, &["run", "--as-of", AS_OF]);
        let site = lake.output().join("report");
        assert!(site.exists());
        if words.len() == 2 {
            for table in ["account_kpis", "contact_kpis", "lead_kpis", "opportunity_kpis"] {
                fs::remove_dir_all(lake.output().join(table)).unwrap();
                fs::remove_file(lake.output().join("current").join(format!("{table}.parquet"))).unwrap();
            }
        }
        lake.change("erasures", |_| df!("kind" => ["contact"], "principal" => [guid(11)]).unwrap());
        let output = rapport(&lake, &words);
        assert!(String::from_utf8_lossy(&output.stdout).contains("report: deleted"), "{}", stderr(&output));
        assert!(!site.exists());
    }
}
