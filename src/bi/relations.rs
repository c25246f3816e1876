//! Which columns lead to which of the tables that are joined to: records, people and days.

use super::PublishedTables;
use crate::table::Table;

/// A column that leads to a table.
#[derive(Clone, Debug, PartialEq)]
pub struct Relation {
    /// The table that has the column.
    pub table: &'static str,
    /// The column.
    pub column: &'static str,
    /// `records`, `people` or `dates`.
    pub to: &'static str,
    /// The column there.
    pub to_column: &'static str,
    /// Whether it filters by itself: of several ways between two tables only one does.
    pub active: bool,
}

/// The tables in the middle of the star.
pub const DIMENSIONS: [&str; 3] = ["records", "people", "dates"];

/// Which columns lead where, those first that filter by themselves.
const WAYS: [(&str, &str, &str); 9] = [
    ("record_id", "records", "record_id"),
    ("opportunity_id", "records", "record_id"),
    ("lead_id", "records", "record_id"),
    ("contact_id", "records", "record_id"),
    ("account_id", "records", "record_id"),
    ("person_id", "people", "person_id"),
    ("systemuser_id", "people", "person_id"),
    ("activity_date", "dates", "date"),
    ("occurred_date", "dates", "date"),
];

/// All that the published tables have.
pub fn of(published: &PublishedTables) -> Vec<Relation> {
    let facts = published.tables.iter().filter(|table| !DIMENSIONS.contains(&table.name));
    facts.flat_map(|table| of_table(published, table)).collect()
}

fn of_table(published: &PublishedTables, table: &Table) -> Vec<Relation> {
    let mut found: Vec<Relation> = Vec::new();
    for (name, to, to_column) in WAYS {
        let Some(column) = table.columns.iter().find(|column| column.name == name) else { continue };
        // Of KPI tables, the account of a contact or deal is an attribute: what they are about is their key.
        let is_key = table.key.contains(&name) || name == "activity_date";
        if published.has(to, to_column) {
            let active = is_key && !found.iter().any(|other| other.to == to && other.active);
            found.push(Relation { table: table.name, column: column.name, to, to_column, active });
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::OutputFormat;
    use crate::jobs;

    #[test]
    fn a_table_is_joined_by_its_key_and_once_to_each() {
        let published = PublishedTables { tables: jobs::tables(), root: "/out".into(), format: OutputFormat::Parquet };
        let all = of(&published);
        let of = |table: &str| -> Vec<(&str, &str, bool)> {
            all.iter().filter(|one| one.table == table).map(|one| (one.column, one.to, one.active)).collect()
        };
        assert_eq!(of("account_kpis"), [("account_id", "records", true)]);
        assert_eq!(of("contact_kpis"), [("contact_id", "records", true), ("account_id", "records", false)]);
        assert_eq!(of("daily_activity"), [("record_id", "records", true), ("activity_date", "dates", true)]);
        assert_eq!(of("connections"), [("person_id", "people", true), ("systemuser_id", "people", false)]);
        assert_eq!(of("records"), []);
    }
}
