//! The report: pages of what is published, and nothing but that.

mod access;
mod browser;
mod jobs;
mod languages;
mod large;
mod names;
mod overview;
mod stores;

use std::collections::BTreeMap;
use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};
use std::sync::OnceLock;

use polars::prelude::*;
use tempfile::TempDir;

use names::hostile_tables;

pub const AS_OF: &str = "2026-03-31";

/// The tables of the sample lake, published once for all tests.
pub fn sample() -> &'static Path {
    static SAMPLE: OnceLock<PathBuf> = OnceLock::new();
    SAMPLE.get_or_init(|| {
        // In the folder of the build, which is thrown away at some time; those of tests that have ended go now.
        let below = Path::new(env!("CARGO_TARGET_TMPDIR")).join("report-sample");
        for entry in fs::read_dir(&below).into_iter().flatten().flatten() {
            if !Path::new("/proc").join(entry.file_name()).exists() {
                let _ = fs::remove_dir_all(entry.path());
            }
        }
        let folder = below.join(std::process::id().to_string());
        for day in ["2026-03-24", AS_OF] {
            let jobs = ["relationship_kpis", "who_knows_whom", "similar_won_deals"];
            let arguments = [&["run"], &jobs[..], &["--as-of", day, "--output"]].concat();
            let output = rapport(&arguments, &folder);
            assert!(output.status.success(), "{}", said(&output));
        }
        folder
    })
}

fn rapport(arguments: &[&str], path: &Path) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_rapport"));
    command.current_dir(env!("CARGO_MANIFEST_DIR")).args(arguments).arg(path).output().unwrap()
}

/// A report in a folder of its own.
pub struct Report {
    folder: TempDir,
    pub output: Output,
}

impl Report {
    /// Of tables in a folder, with arguments of the command.
    pub fn of(tables: &Path, arguments: &[&str]) -> Report {
        let folder = TempDir::new().unwrap();
        let output = write(tables, &folder.path().join("site"), arguments);
        Report { folder, output }
    }

    pub fn site(&self) -> PathBuf {
        self.folder.path().join("site")
    }

    /// Every file by its place in the site.
    pub fn files(&self) -> BTreeMap<String, String> {
        files_below(&self.site())
    }
}

pub fn write(tables: &Path, site: &Path, arguments: &[&str]) -> Output {
    let tables = tables.to_str().unwrap();
    let all = [&["report", "--output", tables], arguments, &["--site"]].concat();
    rapport(&all, site)
}

fn files_below(folder: &Path) -> BTreeMap<String, String> {
    let mut files = BTreeMap::new();
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        let name = path.file_name().unwrap().to_str().unwrap().to_string();
        if path.is_dir() {
            files.extend(files_below(&path).into_iter().map(|(below, text)| (format!("{name}/{below}"), text)));
        } else {
            files.insert(name, fs::read_to_string(&path).unwrap());
        }
    }
    files
}

fn said(output: &Output) -> String {
    String::from_utf8_lossy(&output.stderr).into_owned()
}

/// A copy of the sample's tables of the day, some of whose texts are replaced.
fn changed(change: impl Fn(&str, DataFrame) -> DataFrame) -> TempDir {
    let folder = TempDir::new().unwrap();
    for entry in fs::read_dir(sample()).unwrap() {
        let table = entry.unwrap().file_name().to_str().unwrap().to_string();
        for partition in [format!("as_of_date={AS_OF}"), "week=2026-W13".to_string()] {
            let from = sample().join(&table).join(&partition).join(format!("{table}.parquet"));
            let Ok(file) = fs::File::open(&from) else { continue };
            let mut frame = change(&table, ParquetReader::new(file).finish().unwrap());
            let to = folder.path().join(&table).join(&partition);
            fs::create_dir_all(&to).unwrap();
            ParquetWriter::new(fs::File::create(to.join(format!("{table}.parquet"))).unwrap())
                .finish(&mut frame)
                .unwrap();
        }
    }
    folder
}

/// A table of the sample as of the day; weekly ones of the last week before it.
fn table(name: &str) -> DataFrame {
    let partitions = [format!("as_of_date={AS_OF}"), "week=2026-W13".to_string()];
    let files = partitions.map(|partition| sample().join(name).join(partition).join(format!("{name}.parquet")));
    let file = files.iter().find(|file| file.exists()).unwrap();
    ParquetReader::new(fs::File::open(file).unwrap()).finish().unwrap()
}

#[test]
fn every_record_has_a_page_and_a_rerun_gives_the_same_bytes() {
    let report = Report::of(sample(), &[]);
    let shown = String::from_utf8_lossy(&report.output.stdout).into_owned();
    assert!(report.output.status.success(), "{}", said(&report.output));
    assert!(shown.ends_with(&format!("open {}\n", report.site().join("index.html").display())), "{shown}");
    let files = report.files();
    let records: usize =
        ["account_kpis", "contact_kpis", "lead_kpis", "opportunity_kpis"].map(|name| table(name).height()).iter().sum();
    let pages = files.keys().filter(|name| name.contains('/') && name.ends_with(".html")).count();
    assert_eq!((records, pages), (844, 844));
    assert!(files == Report::of(sample(), &[]).files());
}

#[test]
fn pages_are_small_and_only_their_owner_reads_them() {
    let report = Report::of(sample(), &["--top", "40"]);
    for (name, text) in report.files() {
        let path = report.site().join(&name);
        let mode = |path: &Path| fs::metadata(path).unwrap().permissions().mode() & 0o777;
        assert_eq!((mode(&path), mode(path.parent().unwrap())), (0o600, 0o700), "{name}");
        assert!(text.len() <= 500_000, "{name} has {} bytes", text.len());
    }
    let shared = Report::of(sample(), &["--top", "1", "--file-mode", "0640"]);
    let mode = |name: &str| fs::metadata(shared.site().join(name)).unwrap().permissions().mode() & 0o777;
    assert_eq!((mode("index.html"), mode("account")), (0o640, 0o750));
}

/// What stands in a name is shown and never done: no page has markup that its template does not have.
#[test]
fn markup_in_names_is_shown_as_text() {
    let tables = hostile_tables();
    let report = Report::of(tables.path(), &["--date", AS_OF, "--top", "20"]);
    assert!(report.output.status.success(), "{}", said(&report.output));
    for (name, text) in report.files() {
        for markup in ["<img", "<script>alert", "' onload", "\u{202e}"] {
            assert!(!text.contains(markup), "{name} has {markup}");
        }
        if name.ends_with(".html") {
            assert_eq!(text.matches("<script>").count(), 1, "{name}");
            let shown = "&#34;&gt;&#60;script&#62;";
            assert!(
                !name.contains('/') || text.contains("alert(2)&") || text.contains("alert(2)&#62;"),
                "{name} {shown}"
            );
        }
    }
}

#[test]
fn a_table_that_is_not_published_is_named_with_the_way_out() {
    let tables = TempDir::new().unwrap();
    let from = sample().join("opportunity_kpis").join(format!("as_of_date={AS_OF}"));
    let to = tables.path().join("opportunity_kpis").join(format!("as_of_date={AS_OF}"));
    fs::create_dir_all(&to).unwrap();
    fs::copy(from.join("opportunity_kpis.parquet"), to.join("opportunity_kpis.parquet")).unwrap();
    let report = Report::of(tables.path(), &["--top", "1"]);
    assert!(report.output.status.success(), "{}", said(&report.output));
    let files = report.files();
    let (_, page) = files.iter().find(|(name, _)| name.starts_with("opportunity/")).unwrap();
    for (table, job) in [
        ("summaries", "relationship_kpis"),
        ("daily_activity", "relationship_kpis"),
        ("top_contacts", "relationship_kpis"),
        ("relationship_health", "relationship_kpis"),
        ("connections", "who_knows_whom"),
        ("similar_won_deals", "similar_won_deals"),
    ] {
        assert!(page.contains(&format!("data-missing=\"{table}\"")), "{table}");
        assert!(page.contains(&format!("rapport run {job} --as-of {AS_OF}")), "{table}");
    }
    assert!(files["index.html"].contains("data-missing=\"data_quality\""));
}

#[test]
fn with_an_owner_there_is_nothing_of_other_owners_records() {
    let deals = table("opportunity_kpis");
    let owner = deals.column("owner_id").unwrap().str().unwrap().get(0).unwrap();
    let report = Report::of(sample(), &["--owner", owner]);
    assert!(report.output.status.success(), "{}", said(&report.output));
    let all: String = report.files().into_values().collect();
    let mut others = 0;
    for table in ["account_kpis", "contact_kpis", "lead_kpis", "opportunity_kpis"] {
        let frame = self::table(table);
        let id = format!("{}_id", table.trim_end_matches("_kpis"));
        let [ids, owners] = [id.as_str(), "owner_id"].map(|name| frame.column(name).unwrap().str().unwrap());
        for (id, owned_by) in ids.iter().zip(owners.iter()) {
            let page = format!("{}/{}.html", table.trim_end_matches("_kpis"), id.unwrap());
            let is_own = owned_by == Some(owner);
            assert_eq!(report.site().join(&page).exists(), is_own, "{page}");
            assert!(is_own || !all.contains(&page), "{page} is linked to");
            others += usize::from(!is_own);
        }
    }
    assert!(others > 100);
}

#[test]
fn only_a_report_is_replaced_and_nothing_of_it_stays() {
    let folder = TempDir::new().unwrap();
    let site = folder.path().join("site");
    assert!(write(sample(), &site, &["--top", "2"]).status.success());
    let before = files_below(&site).len();
    assert!(write(sample(), &site, &["--top", "1", "--language", "sv"]).status.success());
    let files = files_below(&site);
    assert!(files.len() < before && files["index.html"].contains("<html lang=\"sv\">"));
    assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 1, "nothing is left beside it");
    // What a killed program left goes, since it shows people.
    fs::create_dir(folder.path().join(".report-left")).unwrap();
    fs::write(folder.path().join(".report-left/index.html"), "left").unwrap();
    assert!(write(sample(), &site, &["--top", "1", "--language", "sv"]).status.success());
    assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 1, "what was left is gone");
    fs::remove_file(site.join("report.json")).unwrap();
    let refused = write(sample(), &site, &["--top", "1"]);
    assert_eq!(refused.status.code(), Some(2));
    assert!(said(&refused).contains("holds other files than a report"), "{}", said(&refused));
    assert!(site.join("index.html").exists());
}

#[test]
fn forgetting_deletes_the_reports_that_it_is_told_of_and_nothing_else() {
    let tables = changed(|_, frame| frame);
    let report = Report::of(tables.path(), &["--date", AS_OF, "--top", "1"]);
    let (site, output) = (report.site(), tables.path().to_str().unwrap());
    let forget = |arguments: &[&str], folder: &Path| {
        let all = [&["forget", "who_knows_whom", "--output", output], arguments, &["--report"]].concat();
        rapport(&all, folder)
    };
    let asked = forget(&[], &site);
    assert!(asked.status.success(), "{}", said(&asked));
    assert!(String::from_utf8_lossy(&asked.stdout).ends_with("would be deleted\n") && site.join("index.html").exists());
    let other = TempDir::new().unwrap();
    fs::write(other.path().join("index.html"), "kept").unwrap();
    let refused = forget(&["--apply"], other.path());
    assert_eq!(refused.status.code(), Some(2));
    assert!(said(&refused).contains("is no report") && other.path().join("index.html").exists());
    let done = forget(&["--apply"], &site);
    assert!(done.status.success(), "{}", said(&done));
    assert!(!site.exists());
}

#[test]
fn records_owners_and_days_that_are_not_there_are_refused() {
    for (arguments, message) in [
        (vec!["--record", "nothing"], "no chosen record as of 2026-03-31 has that id"),
        (vec!["--owner", "nobody@nordwind.example"], "no record as of 2026-03-31 has that owner"),
        (
            vec!["--date", "2020-01-01"],
            "no table of accounts, contacts, leads or opportunities is published as of 2020-01-01",
        ),
    ] {
        let report = Report::of(sample(), &arguments);
        assert_eq!(report.output.status.code(), Some(2));
        assert!(said(&report.output).contains(message), "{}", said(&report.output));
        assert!(!report.site().exists());
    }
}
