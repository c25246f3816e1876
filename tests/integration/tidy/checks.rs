//! What is wrong with the order of source files. Each check returns a line per fault, and nothing where all is well.

use std::collections::{BTreeMap, BTreeSet};

use super::source_files::{self, File, Files};

/// Imports from a later layer, or from another module of the same layer, and modules that no layer has.
pub fn arrows(files: &Files, layers: &[&[&str]]) -> Vec<String> {
    let layer = |module: &str| layers.iter().position(|layer| layer.contains(&module));
    let mut faults = Vec::new();
    for file in files.iter().filter(|file| !file.module.is_empty()) {
        let own = &file.module[0];
        let Some(at) = layer(own) else {
            faults.push(format!("{}: no layer has the module {own}", file.path));
            continue;
        };
        let others: BTreeSet<String> =
            files.imports(file).into_iter().filter_map(|path| path.first().cloned()).collect();
        for other in others.iter().filter(|other| *other != own) {
            match layer(other) {
                Some(below) if below < at => {}
                Some(below) if below == at => faults.push(format!("{}: {own} must not know {other}", file.path)),
                _ => faults.push(format!("{}: {own} comes before {other}", file.path)),
            }
        }
    }
    let modules: BTreeSet<&str> = files.iter().filter_map(|file| Some(file.module.first()?.as_str())).collect();
    let gone = layers.iter().flat_map(|layer| layer.iter()).filter(|module| !modules.contains(**module));
    faults.extend(gone.map(|module| format!("there is no module {module}")));
    faults
}

/// Files of which each needs the other, perhaps by way of others: one list for each such group.
pub fn cycles(files: &Files) -> Vec<Vec<String>> {
    let needs: BTreeMap<&str, BTreeSet<String>> =
        files.iter().map(|file| (file.path.as_str(), files.dependencies(file))).collect();
    let reached: BTreeMap<&str, BTreeSet<&str>> = needs.keys().map(|&path| (path, reach(&needs, path))).collect();
    let mut groups: BTreeSet<Vec<String>> = BTreeSet::new();
    for (&path, others) in reached.iter().filter(|(path, others)| others.contains(*path)) {
        let group = others.iter().filter(|other| reached[*other].contains(path));
        groups.insert(group.map(|path| path.to_string()).collect());
    }
    groups.into_iter().collect()
}

/// Every file that `from` needs, itself only if another needs it in turn.
fn reach<'a>(needs: &'a BTreeMap<&str, BTreeSet<String>>, from: &str) -> BTreeSet<&'a str> {
    let (mut reached, mut next) = (BTreeSet::new(), vec![from]);
    while let Some(path) = next.pop() {
        for other in needs.get(path).into_iter().flatten() {
            if reached.insert(other.as_str()) {
                next.push(other);
            }
        }
    }
    reached
}

/// Files that do not begin by saying what they are.
pub fn without_description(files: &Files) -> Vec<String> {
    files.iter().filter(|file| !file.text.starts_with("//! ")).map(|file| file.path.clone()).collect()
}

/// Files of more lines than `limit`, with what they have.
pub fn long(files: &Files, limit: usize) -> Vec<(String, usize)> {
    let lines = files.iter().map(|file| (file.path.clone(), file.text.lines().count()));
    lines.filter(|(_, lines)| *lines > limit).collect()
}

/// Modules whose name says nothing of what they do.
pub fn abstract_names(files: &Files) -> Vec<String> {
    const NAMES: [&str; 8] = ["utils", "util", "helpers", "helper", "common", "misc", "manager", "shared"];
    let is_abstract = |file: &&File| file.module.iter().any(|name| NAMES.contains(&name.as_str()));
    files.iter().filter(is_abstract).map(|file| file.path.clone()).collect()
}

/// Names that stand for several types which other folders can name, or of which one folder has several, with their files.
pub fn names_of_several_types(files: &Files) -> BTreeMap<String, BTreeSet<String>> {
    let mut reachable: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    let mut by_folder: BTreeMap<(&String, String), BTreeSet<String>> = BTreeMap::new();
    for file in files.iter().filter(|file| !file.module.is_empty()) {
        for name in source_files::public_types(&file.code) {
            if files.is_reachable(file, &name) {
                reachable.entry(name.clone()).or_default().insert(file.path.clone());
            }
            by_folder.entry((&file.module[0], name)).or_default().insert(file.path.clone());
        }
    }
    let mut several: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    let all = reachable.into_iter().chain(by_folder.into_iter().map(|((_, name), paths)| (name, paths)));
    for (name, paths) in all.filter(|(_, paths)| paths.len() > 1) {
        several.entry(name).or_default().extend(paths);
    }
    several
}

/// Files whose code, without tests, has one of `words`, but for those whose path begins with one of `allowed`.
pub fn saying(files: &Files, words: &[&str], allowed: &[&str]) -> Vec<String> {
    let others = files.iter().filter(|file| !allowed.iter().any(|begin| file.path.starts_with(begin)));
    let found = others.flat_map(|file| {
        let said = words.iter().filter(|word| file.code.contains(**word));
        said.map(|word| format!("{}: {word}", file.path))
    });
    found.collect()
}

/// Modules of the root that its map does not list.
pub fn not_in_the_map(files: &Files) -> Vec<String> {
    let Some(root) = files.iter().find(|file| file.path == "lib.rs") else { return vec!["lib.rs".to_string()] };
    let map: String = root.text.lines().filter(|line| line.starts_with("//!")).collect();
    let modules = root.text.lines().filter_map(|line| line.strip_prefix("pub mod ")?.strip_suffix(';'));
    modules.filter(|module| !map.contains(&format!("[`{module}`]"))).map(str::to_string).collect()
}
