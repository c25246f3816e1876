//! The columns of Synapse Link's CSV, which has no header: they are in `model.json` beside the tables'
//! folders, one for each folder of incremental updates, since tables change (rule I6).

use std::collections::BTreeMap;
use std::fs;
use std::io::ErrorKind;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use polars::prelude::{DataType, TimeUnit};
use serde_json::Value;

use crate::error::Result;
use crate::sources::contract::SourceTable;
use crate::sources::files::text::csv_forms;
use crate::sources::files::text::errors::{broken_off, refuse};
use crate::sources::files::text::manifests::{self, Described, field};
use crate::sources::files::{incremental, other_names, refusals};

const AGAIN: &str = "copy it from the export again";

/// Columns of a table's files, in order.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Model {
    /// Their names and the types that they are said to have.
    pub columns: Vec<(String, DataType)>,
}

/// The models of one table, each read once.
pub struct Models<'a> {
    table: &'a SourceTable,
    /// The system's folder.
    system: &'a Path,
    read: BTreeMap<PathBuf, Arc<Model>>,
}

impl<'a> Models<'a> {
    pub fn new(table: &'a SourceTable, system: &'a Path) -> Models<'a> {
        Models { table, system, read: BTreeMap::new() }
    }

    /// The columns of a CSV file of the table.
    ///
    /// # Errors
    /// No model, or none that has the table.
    pub fn of(&mut self, file: &Path) -> Result<Arc<Model>> {
        let base = incremental::base(self.system, file);
        if let Some(model) = self.read.get(&base) {
            return Ok(Arc::clone(model));
        }
        if let Some(model) = self.find(&base)? {
            let model = Arc::new(model);
            self.read.insert(base, Arc::clone(&model));
            return Ok(model);
        }
        // A file with a header says itself what its columns are, which may differ from those of another.
        let names = csv_forms::header(self.table, file).map_err(|error| broken_off(self.table, file, error))?;
        if let Some(names) = names {
            let names = other_names::all_in_table(names);
            let columns = names.into_iter().map(|name| (name, DataType::String)).collect();
            return Ok(Arc::new(Model { columns }));
        }
        let message = format!("nobody knows its columns: {} is missing", base.join("model.json").display());
        let remedy = "copy it from the export, where it lies beside the tables' folders";
        Err(refuse(self.table, file, None, message, remedy))
    }

    /// What describes the table in the export's folder; none where nothing describes any table.
    fn find(&self, base: &Path) -> Result<Option<Model>> {
        let mut without = None;
        for place in incremental::models(self.system, base, self.table) {
            let bytes = match fs::read(&place) {
                Ok(bytes) => bytes,
                Err(error) if error.kind() == ErrorKind::NotFound => continue,
                Err(error) => return Err(refusals::unreadable(self.table, &place, error)),
            };
            match of_bytes(&bytes, self.table.name) {
                Ok(Some(model)) => return Ok(Some(model)),
                Ok(None) => without = without.or(Some(place)),
                Err(error) => {
                    let message = format!("it is no description of tables: {error}");
                    return Err(refuse(self.table, &place, None, message, AGAIN));
                }
            }
        }
        for folder in [base.to_path_buf(), base.join(self.table.name)] {
            for manifest in manifests::in_folder(&folder) {
                let bytes = fs::read(&manifest).map_err(|error| refusals::unreadable(self.table, &manifest, error))?;
                let described = manifests::of_table(&bytes, self.table.name, &folder, base)
                    .map_err(|wrong| refuse(self.table, &manifest, None, wrong.message, wrong.remedy))?;
                if let Some(described) = described {
                    return self.as_described(&described, &manifest).map(Some);
                }
            }
        }
        let Some(place) = without else { return Ok(None) };
        let message = "it does not have the table, so nobody knows the columns of its CSV".to_string();
        Err(refuse(self.table, &place, None, message, "copy it from the export again, or remove the table's folder"))
    }
}

impl Models<'_> {
    fn as_described(&self, described: &Described, manifest: &Path) -> Result<Model> {
        let manifest = manifest.display();
        let wrong = |message: String| {
            let remedy = "copy it from the export, or model.json instead of the manifest";
            refuse(self.table, &described.file, None, message, remedy)
        };
        let bytes = match fs::read(&described.file) {
            Ok(bytes) => bytes,
            Err(error) if error.kind() == ErrorKind::NotFound => {
                return Err(wrong(format!("{manifest} says that this file describes the table, and it is missing")));
            }
            Err(error) => return Err(refusals::unreadable(self.table, &described.file, error)),
        };
        let found = of_bytes(&bytes, &described.entity).map_err(|error| {
            refuse(self.table, &described.file, None, format!("it is no description of tables: {error}"), AGAIN)
        })?;
        found.ok_or_else(|| wrong(format!("{manifest} says that this file describes the table, and it does not")))
    }
}

/// The columns that a description gives to a table; none when it does not have it.
fn of_bytes(bytes: &[u8], table: &str) -> std::result::Result<Option<Model>, String> {
    let bytes = bytes.strip_prefix(&[0xEF, 0xBB, 0xBF]).unwrap_or(bytes);
    // Where the text is wrong is said, not the text.
    let model: Value =
        serde_json::from_slice(bytes).map_err(|error| format!("line {} is no JSON that is known", error.line()))?;
    let is_it = |entity: &&Value, name: &str| {
        field(entity, name).and_then(Value::as_str).is_some_and(|name| name.eq_ignore_ascii_case(table))
    };
    let list = |name: &str| field(&model, name).and_then(Value::as_array).map(Vec::as_slice);
    let (entities, definitions) = (list("entities"), list("definitions"));
    if entities.is_none() && definitions.is_none() {
        return Err("it has no list of entities".into());
    }
    let mut columns = Vec::new();
    if let Some(entity) = entities.unwrap_or_default().iter().find(|entity| is_it(entity, "name")) {
        attributes(field(entity, "attributes"), &mut columns);
    } else if let Some(entity) = definitions.unwrap_or_default().iter().find(|entity| is_it(entity, "entityName")) {
        attributes(field(entity, "hasAttributes"), &mut columns);
    }
    if let Some(twice) = columns.iter().enumerate().find_map(|(at, (name, _))| {
        columns[..at].iter().any(|(other, _)| other.eq_ignore_ascii_case(name)).then_some(name)
    }) {
        return Err(format!("the column {twice} is there twice"));
    }
    let (names, types): (Vec<String>, Vec<DataType>) = columns.into_iter().unzip();
    let columns: Vec<_> = other_names::all_in_table(names).into_iter().zip(types).collect();
    Ok((!columns.is_empty()).then_some(Model { columns }))
}

/// Attributes, those in groups among them.
fn attributes(list: Option<&Value>, columns: &mut Vec<(String, DataType)>) {
    for attribute in list.and_then(Value::as_array).into_iter().flatten() {
        let group = field(attribute, "attributeGroupReference").unwrap_or(attribute);
        if let Some(members) = field(group, "members") {
            attributes(Some(members), columns);
        } else if let Some(name) = field(attribute, "name").and_then(Value::as_str) {
            let said = ["dataType", "dataFormat"].iter().find_map(|name| field(attribute, name)?.as_str());
            columns.push((name.to_string(), dtype(said.unwrap_or_default())));
        }
    }
}

/// What a description calls a type; values are texts all the same.
fn dtype(said: &str) -> DataType {
    match said.to_ascii_lowercase().as_str() {
        "int64" | "int32" | "int16" | "byte" | "integer" | "biginteger" => DataType::Int64,
        "decimal" | "double" | "float" => DataType::Float64,
        "boolean" => DataType::Boolean,
        "datetime" | "datetimeoffset" => DataType::Datetime(TimeUnit::Microseconds, None),
        "date" => DataType::Date,
        _ => DataType::String,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn descriptions_of_both_kinds() {
        let model = br#"{"name":"cdm","entities":[{"name":"lead","attributes":[]},
            {"$type":"LocalEntity","name":"Account","attributes":[{"name":"Id","dataType":"guid"},
             {"name":"revenue","dataType":"decimal"},{"name":"IsDelete","dataType":"boolean"}]}]}"#;
        let cdm = br#"{"definitions":[{"entityName":"account","hasAttributes":[{"attributeGroupReference":
            {"attributeGroupName":"all","members":[{"name":"Id","dataFormat":"Guid"},
             {"name":"revenue","dataFormat":"Decimal"},{"name":"IsDelete","dataFormat":"Boolean"}]}}]}]}"#;
        let columns = [("Id", DataType::String), ("revenue", DataType::Float64), ("IsDelete", DataType::Boolean)];
        let columns = columns.map(|(name, dtype)| (name.to_string(), dtype)).to_vec();
        for text in [&model[..], &cdm[..], &[&[0xEF, 0xBB, 0xBF], &model[..]].concat()] {
            assert_eq!(of_bytes(text, "account"), Ok(Some(Model { columns: columns.clone() })));
        }
        assert_eq!(of_bytes(model, "contact"), Ok(None));
        assert_eq!(of_bytes(model, "lead"), Ok(None));
        assert!(of_bytes(b"{}", "account").is_err() && of_bytes(b"{", "account").is_err());
        let twice = br#"{"entities":[{"name":"account","attributes":[{"name":"a"},{"name":"A"}]}]}"#;
        assert!(of_bytes(twice, "account").is_err());
    }
}
