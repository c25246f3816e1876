//! Folders of job files: where they are found, what their jobs share, what stands for what, and new ones.

use std::fs;
use std::path::Path;
use std::process::{Command, Output};

use rapport::config::{self, Job, JobKind, Overrides};
use rapport::error::Error;
use serde_json::{Value, json};
use tempfile::TempDir;

use crate::support::installed::optional;
use crate::support::small_lake::{AS_OF, SmallLake, files_below, guid};

const SHARED: &str = "[input]\nroot = \"../lake\"\n[output]\npath = \"../out\"\n[consent]\nconsent = true\n";

fn job_text(kind: &str) -> String {
    format!("job = \"{kind}\"\nschedule = \"30 2 * * *\"\n")
}

fn folder_with(files: &[(&str, &str)]) -> TempDir {
    let folder = TempDir::new().unwrap();
    fs::create_dir(folder.path().join("jobs")).unwrap();
    for (name, text) in files {
        fs::write(folder.path().join("jobs").join(name), text).unwrap();
    }
    folder
}

fn loaded(folder: &TempDir, job: &str, variables: &[(&str, &str)]) -> Result<Job, Error> {
    let variables = variables.iter().map(|(name, value)| (name.to_string(), value.to_string())).collect();
    config::load(&folder.path().join("jobs").join(job), &Overrides { variables, ..Overrides::default() })
}

fn rapport(from: &Path, arguments: &[&str]) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_rapport"));
    command.current_dir(from).env_remove("RAPPORT_JOBS").args(arguments).output().unwrap()
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8(bytes.to_vec()).unwrap()
}

#[test]
fn jobs_share_a_file_and_each_may_say_otherwise() {
    let health = job_text("relationship_kpis");
    let deals = job_text("similar_won_deals") + "[consent]\nconsent = false\n";
    let folder = folder_with(&[("rapport.toml", SHARED), ("health.toml", &health), ("deals.toml", &deals)]);
    let (health, deals) = (loaded(&folder, "health.toml", &[]).unwrap(), loaded(&folder, "deals.toml", &[]).unwrap());
    assert!(health.settings.consent && !deals.settings.consent);
    assert_eq!(health.output, deals.output);

    let listed = text(&rapport(folder.path(), &["list"]).stdout);
    assert_eq!(listed.lines().count(), 3, "a header and two jobs, the shared file is none: {listed}");
    fs::write(folder.path().join("jobs/rapport.toml"), "schedule = \"30 2 * * *\"\n").unwrap();
    let error = loaded(&folder, "health.toml", &[]).unwrap_err().to_string();
    assert!(error.contains("rapport.toml") && error.contains("schedule") && error.contains("cannot share"), "{error}");
}

/// Who only looks at tables needs no job files: it is enough to say where the tables are.
#[test]
fn tables_alone_are_read_without_job_files() {
    let lake = SmallLake::new();
    for format in ["parquet", "delta"] {
        let (tables, format) = (lake.root().with_file_name(format), format!("format={format}"));
        let (input, output) = (lake.root().display().to_string(), tables.display().to_string());
        let run = ["run", "--as-of", AS_OF, "--input", &input, "--output", &output, "--set", &format];
        assert_eq!(rapport(Path::new(env!("CARGO_MANIFEST_DIR")), &run).status.code(), Some(0));
        let elsewhere = TempDir::new().unwrap();
        let report = rapport(elsewhere.path(), &["report", "--output", &output, "--date", AS_OF]);
        assert_eq!(report.status.code(), Some(0), "{}", text(&report.stderr));
        let pages = files_below(&elsewhere.path().join("report"));
        assert!(pages == files_below(&tables.join("report")), "the same pages as the job has written");
        for words in [&["msdyn", "--to", "filled"][..], &["bi"], &["explain", "contact_kpis", &guid(11)]] {
            let ended = rapport(elsewhere.path(), &[words, &["--output", &output]].concat());
            assert_eq!(ended.status.code(), Some(0), "{words:?}: {}", text(&ended.stderr));
        }
        let nowhere = rapport(elsewhere.path(), &["report"]);
        assert_eq!(nowhere.status.code(), Some(2));
        assert!(text(&nowhere.stderr).contains("--output results"), "{}", text(&nowhere.stderr));
        // What computes needs to be told how.
        assert_eq!(rapport(elsewhere.path(), &["run", "--output", &output]).status.code(), Some(2));
    }
}

#[test]
fn relative_paths_begin_at_their_file_wherever_the_program_is_started() {
    let folder = folder_with(&[("rapport.toml", SHARED), ("a.toml", &job_text("relationship_kpis"))]);
    let job = loaded(&folder, "a.toml", &[]).unwrap();
    assert_eq!(job.input.root.to_string(), folder.path().join("lake").display().to_string());
    assert_eq!(job.output.to_string(), folder.path().join("out").display().to_string());
}

#[test]
fn variables_stand_for_values_and_those_not_set_are_refused() {
    let job = job_text("relationship_kpis")
        + "[input]\nroot = \"${LAKE}/crm\"\n[output]\npath = \"/out\"\n[consent]\nconsent = \"${CONSENT}\"\n\
           [people]\ncompany_domains = [\"${DOMAIN}\", \"b.example\"]\n";
    let folder = folder_with(&[("a.toml", &job)]);
    let known = [("LAKE", "s3://lake"), ("CONSENT", "true"), ("DOMAIN", "a.example")];
    let job = loaded(&folder, "a.toml", &known).unwrap();
    assert_eq!(job.input.root.to_string(), "s3://lake/crm");
    assert!(job.settings.consent);
    assert_eq!(job.settings.company_domains, ["a.example", "b.example"]);
    let error = loaded(&folder, "a.toml", &known[..2]).unwrap_err();
    assert_eq!(error.exit_code(), 2);
    let message = error.to_string();
    assert!(message.contains("people.company_domains") && message.contains("DOMAIN, which is not set"), "{message}");
}

#[test]
fn the_folder_is_the_one_named_or_that_of_the_environment_or_the_next_one_upwards() {
    let folder = folder_with(&[("rapport.toml", SHARED), ("a.toml", &job_text("relationship_kpis"))]);
    let below = folder.path().join("notes/2026");
    fs::create_dir_all(&below).unwrap();
    assert!(text(&rapport(&below, &["list"]).stdout).contains("jobs/a.toml"));

    let other = folder_with(&[("b.toml", &(job_text("who_knows_whom") + SHARED))]);
    let mut command = Command::new(env!("CARGO_BIN_EXE_rapport"));
    command.current_dir(&below).env("RAPPORT_JOBS", other.path().join("jobs")).arg("list");
    assert!(text(&command.output().unwrap().stdout).contains("b.toml"));
    command.arg("--jobs").arg(folder.path().join("jobs"));
    assert!(text(&command.output().unwrap().stdout).contains("a.toml"), "the argument wins over the environment");

    let empty = TempDir::new().unwrap();
    let output = rapport(empty.path(), &["list"]);
    assert_eq!(output.status.code(), Some(2));
    assert!(text(&output.stderr).contains("rapport new"), "{}", text(&output.stderr));
}

#[test]
fn a_broken_job_file_does_not_hide_the_others() {
    let folder = folder_with(&[
        ("rapport.toml", SHARED),
        ("a.toml", &job_text("relationship_kpis")),
        ("b.toml", "job = \n"),
        ("c.toml", &(job_text("who_knows_whom") + "colour = \"red\"\n")),
    ]);
    let output = rapport(folder.path(), &["list"]);
    assert_eq!(output.status.code(), Some(2));
    assert!(text(&output.stdout).contains("a.toml"));
    let errors = text(&output.stderr);
    assert!(errors.contains("b.toml: this is no TOML at line 1") && errors.contains("c.toml: colour"), "{errors}");
}

#[test]
fn tables_are_chosen_for_one_run() {
    let sample = Path::new(env!("CARGO_MANIFEST_DIR"));
    let out = TempDir::new().unwrap();
    let out = out.path().to_str().unwrap();
    let run = |tables: &str| {
        rapport(sample, &["run", "--as-of", "2026-03-31", "--output", out, "--quiet", "--tables", tables])
    };
    let output = run("account_kpis,connections");
    assert_eq!(output.status.code(), Some(0), "{}", text(&output.stderr));
    let mut made: Vec<String> =
        fs::read_dir(out).unwrap().map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
    made.sort();
    assert_eq!(made, ["account_kpis", "connections", "current", "runs"]);
    let output = run("account_kpi");
    assert_eq!(output.status.code(), Some(2));
    assert!(text(&output.stderr).contains("Did you mean account_kpis?"), "{}", text(&output.stderr));
}

#[test]
fn new_files_are_those_that_come_with_the_program_and_never_replace_one() {
    let folder = TempDir::new().unwrap();
    let output = rapport(folder.path(), &["new", "--input", "lake", "--output", "s3://results/rapport"]);
    assert_eq!(output.status.code(), Some(0), "{}", text(&output.stderr));
    for kind in JobKind::ALL {
        let job = loaded_from(folder.path(), kind);
        assert_eq!((job.kind, job.settings.consent), (*kind, false), "nobody consents by copying a file");
        assert_eq!(
            job.input.root.to_string(),
            folder.path().canonicalize().unwrap().join("lake").display().to_string()
        );
        assert_eq!(job.output.to_string(), "s3://results/rapport");
        assert!(job.settings.company_domains.is_empty());
    }
    fs::remove_file(folder.path().join("jobs/who_knows_whom.toml")).unwrap();
    let shared = folder.path().join("jobs/rapport.toml");
    fs::write(&shared, SHARED).unwrap();
    assert_eq!(rapport(folder.path(), &["new", "who_knows_whom"]).status.code(), Some(0));
    assert_eq!(fs::read_to_string(&shared).unwrap(), SHARED);
    let output = rapport(folder.path(), &["new"]);
    assert_eq!(output.status.code(), Some(2));
    assert!(text(&output.stderr).contains("relationship_kpis.toml is there already"), "{}", text(&output.stderr));
    let output = rapport(folder.path(), &["new", "who_knows_who"]);
    assert!(text(&output.stderr).contains("Did you mean who_knows_whom?"), "{}", text(&output.stderr));
}

fn loaded_from(folder: &Path, kind: &JobKind) -> Job {
    let path = folder.join("jobs").join(format!("{}.toml", kind.name()));
    config::load(&path, &Overrides::default()).unwrap_or_else(|error| panic!("{error}"))
}

#[test]
fn the_schema_beside_the_shipped_files_is_that_of_the_program() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("jobs").join(config::SCHEMA_FILE);
    let hint = "run: cargo run -q -- schema > jobs/rapport.schema.json";
    assert!(fs::read_to_string(path).unwrap() == config::schema(), "{hint}");
    assert_eq!(text(&rapport(Path::new("."), &["schema"]).stdout), config::schema());
}

/// A validator of JSON schema takes the shipped files and refuses what the program refuses.
#[test]
fn the_schema_knows_good_files_from_bad_ones() {
    let Some(python) = optional("dagster/bin/python") else { return };
    let jobs = Path::new(env!("CARGO_MANIFEST_DIR")).join("jobs");
    let shipped = JobKind::ALL.iter().map(|kind| format!("{}.toml", kind.name())).chain(["rapport.toml".to_string()]);
    let mut files: Vec<Value> =
        shipped.map(|name| json!({"text": fs::read_to_string(jobs.join(&name)).unwrap(), "good": true})).collect();
    let good =
        ["[consent]\nenabled_on = 2026-01-31", "[consent]\nconsent = \"${CONSENT}\"", "[output]\nfile_mode = \"0640\""];
    files.extend(good.map(|text| json!({"text": text, "good": true})));
    let bad = [
        "colour = 1",
        "[people]\ncompany_domain = []",
        "[consent]\nconsent = 1",
        "[consent]\nconsent = \"yes\"",
        "[interactions]\nmax_recipients = 0",
        "[health]\nemail_weight = 10",
        "[output]\nformat = \"csv\"",
        "[output]\nfile_mode = \"0777\"",
        "[summaries]\nlanguages = [\"es\"]",
        "[responses]\nworking_hours = { days = [\"mon\"] }",
        "job = \"relationship_kpis\"",
    ];
    files.extend(bad.map(|text| json!({"text": text, "good": false})));
    let folder = TempDir::new().unwrap();
    let path = |name: &str| folder.path().join(name);
    fs::write(path("schema.json"), config::schema()).unwrap();
    fs::write(path("files.json"), Value::from(files).to_string()).unwrap();
    fs::write(path("validate.py"), VALIDATE).unwrap();
    let output = Command::new(python).current_dir(folder.path()).arg("validate.py").output().unwrap();
    assert!(output.status.success(), "{}{}", text(&output.stdout), text(&output.stderr));
}

const VALIDATE: &str = r#"
import datetime, json, tomllib
import jsonschema

def plain(value):
    if isinstance(value, dict):
        return {key: plain(part) for key, part in value.items()}
    if isinstance(value, list):
        return [plain(part) for part in value]
    return value.isoformat() if isinstance(value, (datetime.date, datetime.time)) else value

schema = json.load(open("schema.json"))
jsonschema.Draft7Validator.check_schema(schema)
validator = jsonschema.Draft7Validator(schema)
for file in json.load(open("files.json")):
    errors = [error.message for error in validator.iter_errors(plain(tomllib.loads(file["text"])))]
    assert file["good"] == (not errors), (file["text"], errors)
"#;
