//! CSV whose columns a manifest of a CDM folder leads to, instead of `model.json` (rule I6).

use std::fs;
use std::path::Path;

use serde_json::{Value, json};

use crate::support::csv_lake::{self, Layout};
use crate::support::small_lake::*;

/// The Dataverse tables as CSV, described by a manifest and a file for each table, as `path` writes where that is.
fn with_manifest(path: impl Fn(&str) -> String, delimiter: &str) -> SmallLake {
    let lake = SmallLake::new();
    let folder = lake.root().join("dataverse");
    let tables = csv_lake::tables(&folder);
    fs::remove_dir_all(&folder).unwrap();
    csv_lake::write(&folder, &tables, Layout::Root);
    let model: Value = serde_json::from_slice(&fs::read(folder.join("model.json")).unwrap()).unwrap();
    fs::remove_file(folder.join("model.json")).unwrap();
    let mut entities = Vec::new();
    for entity in model["entities"].as_array().unwrap() {
        let name = entity["name"].as_str().unwrap();
        let file = folder.join(format!("resolved/{name}.cdm.json"));
        fs::create_dir_all(file.parent().unwrap()).unwrap();
        let definition = json!({"definitions": [{"entityName": name, "hasAttributes": entity["attributes"]}]});
        fs::write(file, definition.to_string()).unwrap();
        let traits = json!([{"traitReference": "is.partition.format.CSV", "arguments": [{"name": "delimiter", "value": delimiter}]}]);
        let partitions = json!([{"location": format!("{name}/2026.csv"), "exhibitsTraits": traits}]);
        entities.push(json!({"entityName": name, "entityPath": path(name), "dataPartitions": partitions}));
    }
    let manifest = json!({"manifestName": "default", "entities": entities});
    fs::write(folder.join("default.manifest.cdm.json"), manifest.to_string()).unwrap();
    lake
}

fn resolved(name: &str) -> String {
    format!("resolved/{name}.cdm.json/{name}")
}

#[test]
fn a_manifest_leads_to_the_columns() {
    let clean = SmallLake::new().published(&[]);
    assert!(with_manifest(resolved, ",").published(&[]) == clean);
    assert!(with_manifest(|name| format!("local:/{}", resolved(name)), ",").published(&[]) == clean);
}

#[test]
fn a_manifest_that_does_not_is_refused_in_words() {
    with_manifest(resolved, ";").refused(3, &["default.manifest.cdm.json", "\";\"", "Export it with commas"]);
    with_manifest(|name| format!("../{name}.cdm.json/{name}"), ",")
        .refused(3, &["no file of the export", "model.json"]);
    let lake = with_manifest(resolved, ",");
    let description = Path::new("resolved/account.cdm.json");
    fs::remove_file(lake.root().join("dataverse").join(description)).unwrap();
    lake.refused(3, &["table account", "resolved/account.cdm.json", "default.manifest.cdm.json", "it is missing"]);
    let lake = with_manifest(resolved, ",");
    fs::write(lake.root().join("dataverse/default.manifest.cdm.json"), "{").unwrap();
    lake.refused(3, &["default.manifest.cdm.json", "line 1", "Copy it from the export again"]);
}
