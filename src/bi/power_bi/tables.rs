//! Tables of the model: columns with descriptions, and where their rows come from.

use super::storage_mode::StorageMode;
use crate::bi::relations;
use crate::bi::{PublishedTables, described};
use crate::table::{ColumnType, Table};

/// The parameter that says where results lie, or the lakehouse that has them.
pub(super) fn expressions(published: &PublishedTables, mode: StorageMode) -> String {
    match mode {
        StorageMode::Import => format!(
            "/// Where rapport publishes: a folder, or a URL of Azure Data Lake Storage or OneLake.\n\
             expression Root = {} meta [IsParameterQuery = true, IsParameterQueryRequired = true, Type = \"Text\"]\n",
            m_text(&published.root)
        ),
        StorageMode::DirectLake => "/// The lakehouse that holds the Delta tables: put its address in OneLake in here.\n\
             expression DatabaseQuery =\n\t\tlet\n\t\t\tSource = AzureStorage.DataLake(\"https://onelake.dfs.fabric.microsoft.com/WORKSPACE/LAKEHOUSE\", [HierarchicalNavigation = true])\n\t\tin\n\t\t\tSource\n"
            .to_string(),
    }
}

pub(super) fn table(published: &PublishedTables, table: &Table, mode: StorageMode) -> String {
    let mut text = format!("{}table {}\n", description("", table.description), table.name);
    if table.name == "dates" {
        text.push_str("\tdataCategory: Time\n");
    }
    text.push('\n');
    let relations = relations::of(published);
    let leads_elsewhere = |name: &str| relations.iter().any(|one| one.table == table.name && one.column == name);
    for column in &table.columns {
        let name = column.name;
        text.push_str(&description("\t", &described(column)));
        text.push_str(&format!("\tcolumn {name}\n\t\tdataType: {}\n", data_type(column.dtype)));
        if is_key(table, name) {
            text.push_str("\t\tisKey\n");
        }
        // People choose by the columns of the table that it leads to.
        if leads_elsewhere(name) {
            text.push_str("\t\tisHidden\n");
        }
        if let Some(format) = format_string(column.dtype, column.unit) {
            text.push_str(&format!("\t\tformatString: {format}\n"));
        }
        text.push_str(&format!("\t\tsummarizeBy: none\n\t\tsourceColumn: {name}\n\n"));
    }
    text.push_str(&match mode {
        StorageMode::Import => import(published, table),
        StorageMode::DirectLake => format!(
            "\tpartition {name} = entity\n\t\tmode: directLake\n\t\tsource\n\t\t\tentityName: {name}\n\t\t\t\
             schemaName: dbo\n\t\t\texpressionSource: DatabaseQuery\n",
            name = table.name
        ),
    });
    text
}

/// The one column that rows of the middle of the star are known by.
fn is_key(table: &Table, column: &str) -> bool {
    matches!((table.name, column), ("records", "record_id") | ("people", "person_id") | ("dates", "date"))
}

/// Reads `current/<table>.parquet` from a folder, or by its URL from a store.
fn import(published: &PublishedTables, table: &Table) -> String {
    let file = format!("current/{}.parquet", table.name);
    let content = match published.root.contains("://") {
        true => format!("AzureStorage.DataLakeContents(Root & \"/{file}\")"),
        false => format!("File.Contents(Root & \"/{file}\")"),
    };
    let types: Vec<String> =
        table.columns.iter().map(|column| format!("{{\"{}\", {}}}", column.name, m_type(column.dtype))).collect();
    format!(
        "\tpartition {} = m\n\t\tmode: import\n\t\tsource =\n\t\t\t\tlet\n\t\t\t\t\tSource = Parquet.Document({content}),\n\
         \t\t\t\t\tTyped = Table.TransformColumnTypes(Source, {{{}}})\n\t\t\t\tin\n\t\t\t\t\tTyped\n",
        table.name,
        types.join(", ")
    )
}

/// A description, one line of it.
pub(super) fn description(indent: &str, text: &str) -> String {
    format!("{indent}/// {}\n", text.replace('\n', " "))
}

fn data_type(dtype: ColumnType) -> &'static str {
    match dtype {
        ColumnType::Text => "string",
        ColumnType::Int64 => "int64",
        ColumnType::Float64 => "double",
        ColumnType::Boolean => "boolean",
        ColumnType::Date | ColumnType::Timestamp => "dateTime",
        ColumnType::Decimal => "decimal",
    }
}

fn m_type(dtype: ColumnType) -> &'static str {
    match dtype {
        ColumnType::Text => "type text",
        ColumnType::Int64 => "Int64.Type",
        ColumnType::Float64 => "type number",
        ColumnType::Boolean => "type logical",
        ColumnType::Date => "type date",
        // Of the model all instants are in UTC, and without a zone.
        ColumnType::Timestamp => "type datetime",
        ColumnType::Decimal => "type number",
    }
}

fn format_string(dtype: ColumnType, unit: &str) -> Option<&'static str> {
    match (dtype, unit) {
        (ColumnType::Date, _) => Some("yyyy-mm-dd"),
        (ColumnType::Timestamp, _) => Some("yyyy-mm-dd hh:nn"),
        (ColumnType::Float64, unit) if unit.starts_with("share") => Some("0.0%"),
        (ColumnType::Int64, _) => Some("0"),
        _ => None,
    }
}

/// A text in the language of queries.
fn m_text(text: &str) -> String {
    format!("\"{}\"", text.replace('"', "\"\""))
}
