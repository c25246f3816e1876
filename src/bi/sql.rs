//! Views with comments for DuckDB, Spark, Trino and Fabric: `rapport` has the newest partition of every table,
//! `rapport_history` all of them.

use super::{GENERATED, GeneratedFile, NOTICE, PublishedTables, described};
use crate::config::OutputFormat;
use crate::table::{Column, ColumnType, Table};

/// A file for each engine.
pub fn files(published: &PublishedTables) -> Vec<GeneratedFile> {
    let file = |name: &str, text: String| GeneratedFile { path: format!("sql/{name}.sql"), text };
    vec![
        file("duckdb", duckdb(published)),
        file("spark", spark(published)),
        file("trino", trino(published)),
        file("fabric", fabric(published)),
    ]
}

fn head(how: &str) -> String {
    format!("-- {GENERATED}\n-- {NOTICE}\n-- {how}\n\n")
}

/// A text in SQL.
fn literal(text: &str) -> String {
    format!("'{}'", text.replace('\'', "''").replace('\n', " "))
}

fn names(table: &Table, quote: [&str; 2]) -> String {
    let [begin, end] = quote;
    table.columns.iter().map(|column| format!("{begin}{}{end}", column.name)).collect::<Vec<_>>().join(", ")
}

/// The types of DuckDB.
pub fn duckdb_type(dtype: ColumnType) -> &'static str {
    match dtype {
        ColumnType::Text => "varchar",
        ColumnType::Int64 => "bigint",
        ColumnType::Float64 => "double",
        ColumnType::Boolean => "boolean",
        ColumnType::Date => "date",
        ColumnType::Timestamp => "timestamp with time zone",
        ColumnType::Decimal => "decimal(38, 18)",
    }
}

fn trino_type(dtype: ColumnType) -> &'static str {
    match dtype {
        // What the Hive connector reads of Parquet; instants are in UTC.
        ColumnType::Timestamp => "timestamp(6)",
        other => duckdb_type(other),
    }
}

fn duckdb(published: &PublishedTables) -> String {
    let mut text = head("duckdb reports.duckdb < duckdb.sql");
    text.push_str("create schema if not exists rapport;\ncreate schema if not exists rapport_history;\n");
    for table in &published.tables {
        let columns = names(table, ["\"", "\""]);
        let all = match (table.name, published.format) {
            ("runs", _) | (_, OutputFormat::Parquet) => {
                format!("read_parquet({}, union_by_name = true)", literal(&published.history(table.name)))
            }
            (name, OutputFormat::Delta) => format!("delta_scan({})", literal(&format!("{}/{name}", published.root))),
        };
        let newest = format!("read_parquet({}, union_by_name = true)", literal(&published.current(table.name)));
        for (schema, from) in [("rapport", newest), ("rapport_history", all)] {
            let view = format!("{schema}.{}", table.name);
            text.push_str(&format!("\ncreate or replace view {view} as\nselect {columns}\nfrom {from};\n"));
            text.push_str(&format!("comment on view {view} is {};\n", literal(table.description)));
            for column in &table.columns {
                let comment = literal(&described(column));
                text.push_str(&format!("comment on column {view}.\"{}\" is {comment};\n", column.name));
            }
        }
    }
    text
}

fn spark(published: &PublishedTables) -> String {
    let mut text = head("spark-sql -f spark.sql");
    text.push_str("create database if not exists rapport;\ncreate database if not exists rapport_history;\n");
    for table in &published.tables {
        let commented: Vec<String> = table
            .columns
            .iter()
            .map(|column| format!("    `{}` comment {}", column.name, spark_literal(&described(column))))
            .collect();
        let all = match (table.name, published.format) {
            ("runs", _) => format!("parquet.`{}/runs`", published.root),
            (name, OutputFormat::Parquet) => format!("parquet.`{}/{name}`", published.root),
            (name, OutputFormat::Delta) => format!("delta.`{}/{name}`", published.root),
        };
        let newest = match table.name {
            "runs" => all.clone(),
            name => format!("parquet.`{}`", published.current(name)),
        };
        for (schema, from) in [("rapport", newest), ("rapport_history", all)] {
            text.push_str(&format!(
                "\ncreate or replace view {schema}.{} (\n{}\n) comment {} as\nselect {}\nfrom {from};\n",
                table.name,
                commented.join(",\n"),
                spark_literal(table.description),
                names(table, ["`", "`"])
            ));
        }
    }
    text
}

/// Spark reads backslashes in texts, and knows no doubled quotes.
fn spark_literal(text: &str) -> String {
    format!("'{}'", text.replace('\\', "\\\\").replace('\'', "\\'").replace('\n', " "))
}

fn trino(published: &PublishedTables) -> String {
    let delta = published.format == OutputFormat::Delta;
    let mut text = head(if delta {
        "In a catalog of the Delta Lake connector: use lake.default; then this file."
    } else {
        "In a catalog of the Hive connector: use lake.default; then this file."
    });
    text.push_str("create schema if not exists rapport;\ncreate schema if not exists rapport_history;\n");
    for table in published.tables.iter().filter(|table| table.name != "runs") {
        let (name, folder) = (table.name, format!("{}/{}", published.root, table.name));
        if delta {
            text.push_str(&format!(
                "\ncall system.register_table(schema_name => 'rapport_history', table_name => '{name}', \
                 table_location => {});\n",
                literal(&folder)
            ));
        } else {
            let partition = if is_weekly(table) { "week" } else { "as_of_date" };
            let columns = table.columns.iter().map(trino_column);
            let columns: Vec<String> = columns.chain([format!("    {partition} varchar")]).collect();
            text.push_str(&format!(
                "\ncreate table if not exists rapport_history.{name} (\n{}\n)\ncomment {}\nwith (format = 'PARQUET', \
                 external_location = {}, partitioned_by = array['{partition}']);\n\
                 call system.sync_partition_metadata('rapport_history', '{name}', 'FULL');\n",
                columns.join(",\n"),
                literal(table.description),
                literal(&folder)
            ));
        }
        text.push_str(&format!(
            "create or replace view rapport.{name} comment {} as\nselect {}\nfrom rapport_history.{name}\n\
             where as_of = (select max(as_of) from rapport_history.{name});\n",
            literal(table.description),
            names(table, ["\"", "\""])
        ));
        for column in &table.columns {
            let comment = literal(&described(column));
            text.push_str(&format!("comment on column rapport.{name}.\"{}\" is {comment};\n", column.name));
        }
    }
    text
}

fn trino_column(column: &Column) -> String {
    format!("    \"{}\" {} comment {}", column.name, trino_type(column.dtype), literal(&described(column)))
}

fn is_weekly(table: &Table) -> bool {
    crate::config::JobKind::SimilarWonDeals.tables().contains(&table.name)
}

fn fabric(published: &PublishedTables) -> String {
    let mut text = head(
        "At the SQL endpoint of the lakehouse whose tables these are (Delta output). It has no comments; they stand beside the columns.",
    );
    text.push_str("if schema_id('rapport') is null exec('create schema rapport');\ngo\n");
    for table in published.tables.iter().filter(|table| table.name != "runs") {
        let name = table.name;
        let last = table.columns.len().saturating_sub(1);
        let columns = table.columns.iter().enumerate().map(|(at, column)| {
            let comma = if at == last { "" } else { "," };
            format!("    [{}]{comma} -- {}\n", column.name, described(column).replace('\n', " "))
        });
        text.push_str(&format!(
            "\n-- {}\ncreate or alter view rapport.[{name}] as\nselect\n{}from [dbo].[{name}]\n\
             where [as_of] = (select max([as_of]) from [dbo].[{name}]);\ngo\n",
            table.description.replace('\n', " "),
            columns.collect::<String>()
        ));
    }
    text
}
