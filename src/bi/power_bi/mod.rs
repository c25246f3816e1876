//! A project of Power BI: a semantic model in TMDL, a star around records, people and days, with descriptions, measures, and
//! a role for what each colleague may see, where `record_access` is published.

mod measures;
mod project;
mod storage_mode;
mod tables;

use super::relations::{self, Relation};
use super::{GENERATED, GeneratedFile, NOTICE, PublishedTables};
pub use storage_mode::StorageMode;

/// The role, and the table that it goes by.
const ROLE: &str = "Own records";
const ACCESS: &str = "record_access";

/// The project's files.
pub fn files(published: &PublishedTables, mode: StorageMode) -> Vec<GeneratedFile> {
    // Runs are for who looks after the jobs, and no part of the star.
    let tables: Vec<_> = published.tables.iter().filter(|table| table.name != "runs").collect();
    let relations = relations::of(published);
    let mut files = project::files();
    let mut definition = |path: &str, text: String| {
        files.push(GeneratedFile { path: format!("power_bi/rapport.SemanticModel/definition/{path}"), text });
    };
    definition("database.tmdl", "database rapport\n\tcompatibilityLevel: 1604\n".to_string());
    definition("expressions.tmdl", tables::expressions(published, mode));
    for table in &tables {
        definition(&format!("tables/{}.tmdl", table.name), tables::table(published, table, mode));
    }
    definition("tables/Measures.tmdl", measures::table(published));
    definition("relationships.tmdl", relations.iter().map(relationship).collect());
    let has_access = published.has(ACCESS, "user_principal_name") && published.table("records").is_some();
    if has_access {
        definition(&format!("roles/{ROLE}.tmdl"), role(published));
    }
    let names = tables.iter().map(|table| table.name).chain(["Measures"]);
    definition("model.tmdl", model(names, has_access));
    files
}

fn model<'a>(tables: impl Iterator<Item = &'a str>, has_role: bool) -> String {
    let mut text = format!(
        "/// {GENERATED} {NOTICE}\nmodel Model\n\tculture: en-US\n\tdefaultPowerBIDataSourceVersion: powerBI_V3\n\
         \tsourceQueryCulture: en-US\n\tdiscourageImplicitMeasures\n\n"
    );
    tables.for_each(|table| text.push_str(&format!("ref table {table}\n")));
    if has_role {
        text.push_str(&format!("\nref role '{ROLE}'\n"));
    }
    text
}

fn relationship(relation: &Relation) -> String {
    let Relation { table, column, to, to_column, active } = relation;
    let inactive = if *active { "" } else { "\tisActive: false\n" };
    format!("relationship {table}_{column}\n{inactive}\tfromColumn: {table}.{column}\n\ttoColumn: {to}.{to_column}\n\n")
}

/// Who looks sees the records that `record_access` lists for what they sign in with, and what is told of these. Names of
/// people are not filtered, for nobody has said whose they may see; what no record leads to is shown to nobody.
fn role(published: &PublishedTables) -> String {
    let own = format!(
        "CALCULATETABLE(VALUES({ACCESS}[record_id]), {ACCESS}[user_principal_name] = LOWER(USERPRINCIPALNAME()))"
    );
    let mut text = format!("role '{ROLE}'\n\tmodelPermission: read\n\n");
    text.push_str(&format!("\ttablePermission records = records[record_id] IN {own}\n"));
    text.push_str(&format!(
        "\ttablePermission {ACCESS} = {ACCESS}[user_principal_name] = LOWER(USERPRINCIPALNAME())\n"
    ));
    let filtered = |table: &str| {
        relations::of(published).iter().any(|one| one.table == table && one.to == "records" && one.active)
    };
    for table in &published.tables {
        let is_dimension = relations::DIMENSIONS.contains(&table.name);
        if !is_dimension && table.name != ACCESS && table.name != "runs" && !filtered(table.name) {
            text.push_str(&format!("\ttablePermission {} = FALSE()\n", table.name));
        }
    }
    text
}
