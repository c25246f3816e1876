//! Manifests of CDM folders, `*.manifest.cdm.json`: which file describes the columns of a table, and how its CSV is
//! written (rule I6).

use std::fs;
use std::path::{Component, Path, PathBuf};

use serde_json::Value;

const ENDING: &str = ".manifest.cdm.json";

/// Where a manifest says that a table is described.
#[derive(Debug, PartialEq, Eq)]
pub struct Described {
    /// The file that describes the table.
    pub file: PathBuf,
    /// The table's name in it.
    pub entity: String,
}

/// What is wrong with a manifest, and what to do.
#[derive(Debug, PartialEq, Eq)]
pub struct Wrong {
    /// What is wrong.
    pub message: String,
    /// The way out.
    pub remedy: &'static str,
}

/// The manifests in a folder, in order of their names.
pub fn in_folder(folder: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(folder).into_iter().flatten().flatten();
    let is_manifest = |path: &PathBuf| {
        path.file_name().and_then(|name| name.to_str()).is_some_and(|name| name.to_ascii_lowercase().ends_with(ENDING))
    };
    let mut found: Vec<PathBuf> = entries.map(|entry| entry.path()).filter(is_manifest).collect();
    found.sort();
    found
}

/// What a manifest in `folder`, of an export that begins at `base`, says of a table; none when it does not have it.
///
/// # Errors
/// A manifest that is none or leads out of the export, and CSV whose values are not separated by commas.
pub fn of_table(bytes: &[u8], table: &str, folder: &Path, base: &Path) -> Result<Option<Described>, Wrong> {
    const AGAIN: &str = "copy it from the export again";
    let wrong = |message: String, remedy| Err(Wrong { message, remedy });
    let bytes = bytes.strip_prefix(&[0xEF, 0xBB, 0xBF]).unwrap_or(bytes);
    let manifest: Value = match serde_json::from_slice(bytes) {
        Ok(manifest) => manifest,
        Err(error) => return wrong(format!("line {} is no JSON that is known", error.line()), AGAIN),
    };
    let Some(entity) = entity_of(&manifest, table) else { return Ok(None) };
    if let Some(delimiter) = delimiter(entity).filter(|delimiter| *delimiter != ",") {
        let message = format!("it says that {delimiter:?} separates the values of the table's CSV");
        return wrong(message, "export it with commas");
    }
    let Some(path) = field(entity, "entityPath").and_then(Value::as_str) else {
        return wrong("it does not say where the table is described".to_string(), AGAIN);
    };
    let Some((file, entity)) = split(path) else {
        let message = format!("it says that {path:?} describes the table, which is no file of the export");
        return wrong(message, "copy model.json from the export, beside the tables' folders");
    };
    let root = if is_absolute(path) { base } else { folder };
    Ok(Some(Described { file: root.join(file), entity: entity.to_string() }))
}

/// A field of an object, whatever the case of its letters.
pub fn field<'a>(value: &'a Value, name: &str) -> Option<&'a Value> {
    value.as_object()?.iter().find(|(own, _)| own.eq_ignore_ascii_case(name)).map(|(_, value)| value)
}

fn entity_of<'a>(manifest: &'a Value, table: &str) -> Option<&'a Value> {
    let entities = field(manifest, "entities")?.as_array()?;
    let is_it = |entity: &&Value| {
        let name = field(entity, "entityName").and_then(Value::as_str);
        name.is_some_and(|name| name.eq_ignore_ascii_case(table))
    };
    entities.iter().find(is_it)
}

/// What separates values, wherever the traits of partitions or of their patterns say so.
fn delimiter(value: &Value) -> Option<&str> {
    match value {
        Value::Array(list) => list.iter().find_map(delimiter),
        Value::Object(fields) => {
            let is_it = fields.get("name").and_then(Value::as_str) == Some("delimiter");
            let own = fields.get("value").and_then(Value::as_str).filter(|_| is_it);
            own.or_else(|| fields.values().find_map(delimiter))
        }
        _ => None,
    }
}

fn is_absolute(path: &str) -> bool {
    path.starts_with('/') || path.starts_with("local:/")
}

/// `resolved/account.cdm.json/account` as a file within the export and a name in it.
fn split(path: &str) -> Option<(&Path, &str)> {
    let path = path.strip_prefix("local:").unwrap_or(path).trim_start_matches('/');
    let (file, entity) = path.rsplit_once('/')?;
    let file = Path::new(file);
    let is_within = file.components().all(|part| matches!(part, Component::Normal(_) | Component::CurDir));
    (is_within && !path.contains(':') && !entity.is_empty()).then_some((file, entity))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_of_descriptions_stay_within_the_export() {
        let found = Some((Path::new("resolved/account.cdm.json"), "Account"));
        for path in ["resolved/account.cdm.json/Account", "/resolved/account.cdm.json/Account"] {
            assert_eq!(split(path), found, "{path}");
        }
        assert_eq!(split("local:/resolved/account.cdm.json/Account"), found);
        for path in ["../account.cdm.json/Account", "cdm:/core/account.cdm.json/Account", "account.cdm.json", "a/"] {
            assert_eq!(split(path), None, "{path}");
        }
    }

    #[test]
    fn delimiters_are_found_among_traits() {
        let entity = serde_json::json!({"dataPartitions": [{"exhibitsTraits": [{"traitReference": "is.partition.format.CSV",
            "arguments": [{"name": "columnHeaders", "value": "true"}, {"name": "delimiter", "value": ";"}]}]}]});
        assert_eq!(delimiter(&entity), Some(";"));
        assert_eq!(delimiter(&serde_json::json!({"entityName": "account"})), None);
    }
}
