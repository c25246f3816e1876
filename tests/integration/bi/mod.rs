//! `rapport bi`: what it writes is run by dbt and DuckDB on published tables, and read by what reads models of Power BI.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use rapport::jobs;
use serde_json::Value;

use crate::support::installed::{optional, python};
use crate::support::published_golden::{AS_OF, Golden, read, write};

fn written(golden: &Golden, arguments: &[&str]) -> PathBuf {
    let folder = golden.folder("reporting");
    golden.ends(0, "bi", &[&[folder.to_str().unwrap()], arguments].concat());
    folder
}

fn dbt(project: &Path, command: &str) -> Option<Output> {
    let mut dbt = Command::new(optional("reporting/bin/dbt")?);
    dbt.args([command, "--no-use-colors", "--project-dir"]).arg(project).arg("--profiles-dir").arg(project);
    // Neither home nor repository is looked at or written to.
    dbt.current_dir(project).env("DBT_SEND_ANONYMOUS_USAGE_STATS", "false").env("HOME", project);
    Some(dbt.output().unwrap())
}

fn said(output: &Output) -> String {
    format!("{}{}", String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr))
}

#[test]
fn dbt_finds_that_the_tables_keep_what_the_dictionary_promises() {
    let golden = Golden::published(AS_OF);
    let project = written(&golden, &["--for", "dbt"]).join("dbt");
    let Some(parsed) = dbt(&project, "parse") else { return };
    assert!(parsed.status.success() && !said(&parsed).contains("Deprecat"), "{}", said(&parsed));
    let tested = dbt(&project, "test").unwrap();
    let text = said(&tested);
    assert!(tested.status.success(), "{text}");
    let done = text.lines().find(|line| line.contains("Done. PASS=")).unwrap();
    let passed: u32 = done.split("PASS=").nth(1).unwrap().split(' ').next().unwrap().parse().unwrap();
    assert!(passed > 400 && done.contains("WARN=0 ERROR=0"), "{done}");

    // A key that repeats, a word that is none, and a record that is not there are found.
    let file = golden.out().join("current/daily_activity.parquet");
    let days = read(&file);
    let mut wrong = days.vstack(&days.slice(0, 1)).unwrap();
    let types: polars::prelude::StringChunked =
        (0..wrong.height()).map(|row| Some(if row == 0 { "person" } else { "contact" })).collect();
    wrong.with_column(polars::prelude::IntoColumn::into_column(types).with_name("record_type".into())).unwrap();
    let ids = wrong.column("record_id").unwrap().str().unwrap().clone();
    let ids: polars::prelude::StringChunked =
        ids.iter().enumerate().map(|(row, id)| if row == 1 { Some("nobody") } else { id }).collect();
    wrong.with_column(polars::prelude::IntoColumn::into_column(ids).with_name("record_id".into())).unwrap();
    fs::remove_file(&file).unwrap();
    write(&file, &wrong);
    let tested = dbt(&project, "test").unwrap();
    let text = said(&tested);
    assert_eq!(tested.status.code(), Some(1), "{text}");
    for test in ["accepted_values_rapport_daily_activity_record_type", "relationships_rapport_daily_activity_record_id"]
    {
        assert!(text.lines().any(|line| line.contains("FAIL") && line.contains(test)), "{test}: {text}");
    }
}

#[test]
fn duckdb_has_a_view_of_every_table_with_comments() {
    let golden = Golden::published(AS_OF);
    let script = written(&golden, &["--for", "sql"]).join("sql/duckdb.sql");
    let Some(mut python) = python() else { return };
    let read = "import sys, json, duckdb\n\
        duckdb.sql(open(sys.argv[1]).read())\n\
        views = duckdb.sql(\"select schema_name, view_name, comment from duckdb_views() where schema_name like 'rapport%'\").fetchall()\n\
        rows = {f'{schema}.{view}': duckdb.sql(f'select count(*) from {schema}.{view}').fetchone()[0] for schema, view, _ in views}\n\
        columns = duckdb.sql(\"select count(*), count(comment) from duckdb_columns() where schema_name = 'rapport'\").fetchone()\n\
        print(json.dumps({'rows': rows, 'columns': columns, 'without': [view for _, view, comment in views if not comment]}))\n";
    let output = python.args(["-c", read]).arg(script).output().unwrap();
    assert!(output.status.success(), "{}", said(&output));
    let found: Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!(found["without"], serde_json::json!([]));
    assert_eq!(found["columns"][0], found["columns"][1]);
    let mut views = 0;
    for table in jobs::tables() {
        let Some(rows) = found["rows"].get(format!("rapport.{}", table.name)) else { continue };
        views += 1;
        if table.name != "runs" {
            let current =
                crate::support::published_golden::read(&golden.out().join(format!("current/{}.parquet", table.name)));
            assert_eq!(*rows, current.height(), "{}", table.name);
            assert_eq!(found["rows"][format!("rapport_history.{}", table.name)], *rows);
        }
    }
    assert!(views > 20, "{views}");
    // A second day is in the history alone.
    golden.run("2026-03-30");
    let both = Command::new(optional("readers/bin/python").unwrap())
        .args(["-c", "import sys, duckdb; duckdb.sql(open(sys.argv[1]).read()); print(duckdb.sql('select count(distinct as_of), (select count(distinct as_of) from rapport.account_kpis) from rapport_history.account_kpis').fetchone())"])
        .arg(golden.folder("reporting/sql/duckdb.sql"))
        .output()
        .unwrap();
    assert_eq!(String::from_utf8_lossy(&both.stdout).trim(), "(2, 1)", "{}", said(&both));
}

#[test]
fn views_of_other_engines_are_sql_of_theirs() {
    let golden = Golden::published(AS_OF);
    let Some(python) = optional("reporting/bin/python") else { return };
    let folder = written(&golden, &["--for", "sql"]).join("sql");
    let script = "import sys, json, collections, sqlglot\n\
        found = {}\n\
        for dialect, name in (('spark', 'spark'), ('trino', 'trino'), ('tsql', 'fabric')):\n\
        \x20   kinds = collections.Counter()\n\
        \x20   for batch in open(f'{sys.argv[1]}/{name}.sql').read().split('\\ngo\\n'):\n\
        \x20       for statement in sqlglot.parse(batch, read=dialect):\n\
        \x20           if statement: kinds[f\"{type(statement).__name__} {statement.args.get('kind', '')}\".strip()] += 1\n\
        \x20   found[name] = kinds\n\
        print(json.dumps(found))\n";
    let output = Command::new(python).args(["-c", script]).arg(&folder).output().unwrap();
    assert!(output.status.success(), "{}", said(&output));
    let found: Value = serde_json::from_slice(&output.stdout).unwrap();
    let tables = fs::read_dir(golden.out().join("current")).unwrap().count();
    let count = |engine: &str, kind: &str| found[engine][kind].as_u64().unwrap_or(0) as usize;
    assert_eq!(count("spark", "Create VIEW"), 2 * (tables + 1), "{found}");
    assert_eq!([count("trino", "Create VIEW"), count("trino", "Create TABLE")], [tables, tables], "{found}");
    assert_eq!(count("fabric", "Create VIEW"), tables, "{found}");
    // What the parser does not know it calls a command: nothing but the calls of procedures of Trino.
    assert_eq!([count("spark", "Command"), count("trino", "Command"), count("fabric", "Command")], [0, tables, 0]);
}

#[test]
fn models_of_power_bi_are_read_without_an_error() {
    let golden = Golden::published(AS_OF);
    for mode in ["import", "direct-lake"] {
        let model = written(&golden, &["--for", "power-bi", "--storage-mode", mode]);
        let model = model.join("power_bi/rapport.SemanticModel");
        let definition = model.join("definition");
        let tables: BTreeSet<String> = fs::read_dir(definition.join("tables"))
            .unwrap()
            .map(|entry| entry.unwrap().path().file_stem().unwrap().to_str().unwrap().to_string())
            .collect();
        assert!(
            tables.contains("account_kpis") && tables.contains("Measures") && !tables.contains("runs"),
            "{tables:?}"
        );
        let text = fs::read_to_string(definition.join("model.tmdl")).unwrap();
        assert!(tables.iter().all(|table| text.contains(&format!("ref table {table}\n"))));
        // The notice stands in the model, the way to the data in each table.
        assert!(text.contains("must not be used to rate, rank or monitor employees"));
        let partition = fs::read_to_string(definition.join("tables/records.tmdl")).unwrap();
        assert_eq!(partition.contains("mode: directLake"), mode == "direct-lake");
        assert_eq!(partition.contains("Parquet.Document"), mode == "import");

        let Some(convert) = optional("reporting/bin/tmdl-to-json") else { return };
        let json = golden.folder("json");
        let output = Command::new(convert).arg("-o").arg(&json).arg(&definition).output().unwrap();
        assert!(output.status.success(), "{}", said(&output));
        let relationships = fs::read_to_string(json.join("relationships.json")).unwrap();
        let relationships: Value = serde_json::from_str(&relationships).unwrap();
        let relationships = relationships["relationships"].as_array().unwrap();
        assert!(relationships.len() > 15, "{}", relationships.len());
        for one in relationships {
            for end in ["fromTable", "toTable"] {
                assert!(tables.contains(one[end].as_str().unwrap()), "{one}");
            }
        }
        let review = optional("reporting/bin/coop-dax-review").unwrap();
        let output = Command::new(review).args(["check", "--format", "json"]).arg(&model).output().unwrap();
        let report: Value = serde_json::from_slice(&output.stdout).unwrap();
        assert_eq!(report["summary"]["error"], 0, "{report}");
        assert_eq!(
            (&report["models_checked"], &report["diagnostics"]),
            (&serde_json::json!(1), &serde_json::json!([]))
        );
    }
}

#[test]
fn only_what_is_published_is_described() {
    let golden = Golden::published(AS_OF);
    fs::remove_dir_all(golden.out().join("connections")).unwrap();
    fs::remove_file(golden.out().join("current/connections.parquet")).unwrap();
    let folder = written(&golden, &[]);
    let sql = fs::read_to_string(folder.join("sql/duckdb.sql")).unwrap();
    assert!(!sql.contains("rapport.connections") && sql.contains("rapport.account_kpis"));
    let measures = fs::read_to_string(folder.join("power_bi/rapport.SemanticModel/definition/tables/Measures.tmdl"));
    assert!(!measures.unwrap().contains("Strong connections"));
    // Files that were made before stay as they are made: the same tables give the same bytes.
    let before = fs::read(folder.join("dbt/models/rapport_sources.yml")).unwrap();
    written(&golden, &[]);
    assert_eq!(fs::read(folder.join("dbt/models/rapport_sources.yml")).unwrap(), before);
    fs::remove_dir_all(golden.out()).unwrap();
    let refused = golden.ends(2, "bi", &[]);
    assert!(refused.contains("nothing is published"), "{refused}");
}
