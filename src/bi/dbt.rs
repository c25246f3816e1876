//! Sources of dbt with tests: what the dictionary promises of keys, of values that are always known, and of words.

use super::relations;
use super::{GENERATED, GeneratedFile, NOTICE, PublishedTables, described, is_always_known, values};
use crate::config::OutputFormat;
use crate::table::Table;

/// A project of dbt.
pub fn files(published: &PublishedTables) -> Vec<GeneratedFile> {
    let file = |path: &str, text: String| GeneratedFile { path: format!("dbt/{path}"), text };
    vec![
        file("dbt_project.yml", format!("# {GENERATED}\n{PROJECT}")),
        file("profiles.yml", format!("# {GENERATED}\n{PROFILES}")),
        file("tests/generic/rapport_unique_key.sql", UNIQUE_KEY.to_string()),
        file("models/rapport_sources.yml", sources(published)),
    ]
}

const PROJECT: &str =
    "name: rapport\nversion: \"1.0.0\"\nprofile: rapport\nmodel-paths: [models]\ntest-paths: [tests]\n";

/// For dbt-duckdb, which reads the files where they are. Another warehouse has a profile of its own.
const PROFILES: &str =
    "rapport:\n  target: duckdb\n  outputs:\n    duckdb:\n      type: duckdb\n      path: \":memory:\"\n";

/// The key of several columns; dbt itself has a test of one.
const UNIQUE_KEY: &str = "{% test rapport_unique_key(model, columns) %}\n\
    select {{ columns | join(', ') }}, count(*) as rows_with_the_key\n\
    from {{ model }}\n\
    group by {{ columns | join(', ') }}\n\
    having count(*) > 1\n\
    {% endtest %}\n";

fn sources(published: &PublishedTables) -> String {
    let mut text = format!(
        "# {GENERATED}\n# {NOTICE}\n# Where results lie is the variable rapport_output, see below.\nversion: 2\n\nsources:\n"
    );
    let root = format!("{{{{ var('rapport_output', {}) }}}}", single_quoted(&published.root));
    text.push_str(&source(
        "rapport",
        "The newest partition of every table.",
        &format!("{root}/current/{{name}}.parquet"),
    ));
    for table in &published.tables {
        text.push_str(&table_entry(published, table));
    }
    let history = match published.format {
        OutputFormat::Parquet => format!("read_parquet('{root}/{{name}}/*/{{name}}.parquet', union_by_name = true)"),
        OutputFormat::Delta => format!("delta_scan('{root}/{{name}}')"),
    };
    text.push_str(&source("rapport_history", "Every day, or week, of every table; as_of says which.", &history));
    for table in published.tables.iter().filter(|table| table.name != "runs") {
        let keys: Vec<String> = table.key.iter().map(ToString::to_string).chain(["as_of".to_string()]).collect();
        text.push_str(&format!("      - name: {}\n        description: {}\n", table.name, quoted(table.description)));
        text.push_str(&unique_key(&keys));
    }
    text
}

fn source(name: &str, description: &str, location: &str) -> String {
    format!(
        "  - name: {name}\n    description: {}\n    config:\n      meta:\n        external_location: {}\n    tables:\n",
        quoted(description),
        quoted(location)
    )
}

fn table_entry(published: &PublishedTables, table: &Table) -> String {
    let mut text = format!("      - name: {}\n        description: {}\n", table.name, quoted(table.description));
    if table.name == "runs" {
        let location = format!("{{{{ var('rapport_output', {}) }}}}/runs/*.parquet", single_quoted(&published.root));
        text.push_str(&format!(
            "        config:\n          meta:\n            external_location: {}\n",
            quoted(&location)
        ));
    }
    if table.key.len() > 1 {
        text.push_str(&unique_key(&table.key.iter().map(ToString::to_string).collect::<Vec<_>>()));
    }
    text.push_str("        columns:\n");
    for column in &table.columns {
        let rules = if column.rule.is_empty() { String::new() } else { format!(" Rule {}.", column.rule) };
        let described = format!("{}{rules}", described(column));
        text.push_str(&format!("          - name: {}\n            description: {}\n", column.name, quoted(&described)));
        text.push_str(&format!("            data_type: {}\n", super::sql::duckdb_type(column.dtype)));
        if WORDS_OF_SQL.contains(&column.name) {
            text.push_str("            quote: true\n");
        }
        let tests = tests(published, table, column);
        if !tests.is_empty() {
            text.push_str("            data_tests:\n");
            tests.iter().for_each(|test| text.push_str(test));
        }
    }
    text
}

/// A column where dbt writes it as it is: one whose name is a word of SQL stands in quotes.
fn identifier(column: &str) -> String {
    if WORDS_OF_SQL.contains(&column) { format!("'\"{column}\"'") } else { column.to_string() }
}

const WORDS_OF_SQL: [&str; 1] = ["check"];

fn unique_key(columns: &[String]) -> String {
    let columns: Vec<String> = columns.iter().map(|column| identifier(column)).collect();
    format!(
        "        data_tests:\n          - rapport_unique_key:\n              arguments:\n                columns: [{}]\n",
        columns.join(", ")
    )
}

fn tests(published: &PublishedTables, table: &Table, column: &crate::table::Column) -> Vec<String> {
    let mut tests = Vec::new();
    let is_key = table.key.contains(&column.name);
    if table.key == [column.name] {
        tests.push("              - unique\n".to_string());
    }
    if is_key || is_always_known(column) {
        tests.push("              - not_null\n".to_string());
    }
    if let Some(words) = values::of(table, column) {
        tests.push(format!(
            "              - accepted_values:\n                  arguments:\n                    values: [{}]\n",
            words.join(", ")
        ));
    }
    let leads_to_records = relations::of(published)
        .into_iter()
        .any(|one| one.table == table.name && one.column == column.name && one.to == "records" && one.active);
    if leads_to_records {
        tests.push(
            "              - relationships:\n                  arguments:\n                    \
             to: source('rapport', 'records')\n                    field: record_id\n"
                .to_string(),
        );
    }
    tests
}

/// A text in YAML, on one line.
fn quoted(text: &str) -> String {
    format!("\"{}\"", text.replace('\\', "\\\\").replace('"', "\\\"").replace('\n', " "))
}

fn single_quoted(text: &str) -> String {
    format!("'{}'", text.replace('\'', "\\'"))
}
