//! The source files as a checker sees them: their modules, and what each imports.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;

/// A source file.
pub struct File {
    /// Its path below `src`.
    pub path: String,
    /// Its modules, `["people", "records"]`.
    pub module: Vec<String>,
    /// All of its text.
    pub text: String,
    /// Its text without comments and tests.
    pub code: String,
}

/// All files of a library, by module.
pub struct Files(BTreeMap<Vec<String>, File>);

impl Files {
    /// Those of this repository.
    pub fn of_this_repository() -> Files {
        let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
        let mut found = Vec::new();
        let mut folders = vec![root.clone()];
        while let Some(folder) = folders.pop() {
            for entry in fs::read_dir(&folder).expect("a folder of sources") {
                let path = entry.expect("an entry").path();
                if path.is_dir() {
                    folders.push(path);
                } else if path.extension().is_some_and(|ending| ending == "rs") {
                    let below = path.strip_prefix(&root).expect("below src").to_string_lossy().into_owned();
                    found.push((below, fs::read_to_string(&path).expect("a source file")));
                }
            }
        }
        Files::of(found)
    }

    /// Files by their paths and texts, without those that are built for tests alone.
    pub fn of(files: Vec<(String, String)>) -> Files {
        let mut for_tests = BTreeSet::new();
        let mut by_module = BTreeMap::new();
        for (path, text) in files {
            let module = module_of(&path);
            for line in text.split("#[cfg(test)]\n").skip(1).filter_map(|rest| rest.lines().next()) {
                let name = line.trim_start_matches("pub ").strip_prefix("mod ").and_then(|name| name.strip_suffix(';'));
                for_tests.extend(name.map(|name| [&module[..], &[name.to_string()]].concat()));
            }
            let code = code_of(&text);
            by_module.insert(module.clone(), File { path, module, text, code });
        }
        by_module.retain(|module, _| !for_tests.contains(module));
        Files(by_module)
    }

    /// One after the other.
    pub fn iter(&self) -> impl Iterator<Item = &File> {
        self.0.values()
    }

    /// What a file imports or names by a path, as paths from the root of the library.
    pub fn imports(&self, file: &File) -> BTreeSet<Vec<String>> {
        let uses = uses(&file.code).into_iter().map(|(_, path)| path);
        let body = without_uses(&file.code);
        let named = paths(&body).filter_map(|path| self.absolute(file, &path));
        uses.filter_map(|path| self.absolute(file, &path)).chain(named).collect()
    }

    /// The files that a file depends on. What a module hands on by `pub use` is of the file that has it.
    pub fn dependencies(&self, file: &File) -> BTreeSet<String> {
        let own_uses = uses(&file.code).into_iter().filter(|(handed_on, _)| !handed_on).map(|(_, path)| path);
        let body = without_uses(&file.code);
        let all = own_uses.chain(paths(&body)).filter_map(|path| self.absolute(file, &path));
        all.filter_map(|path| self.file_of(&path, 0)).filter(|path| *path != file.path).collect()
    }

    /// Whether other folders can name a type of a file: its module and all above it are public, or one that is hands the
    /// type on.
    pub fn is_reachable(&self, file: &File, name: &str) -> bool {
        let hands_on = |above: &File| {
            self.is_public(&above.module)
                && uses(&above.code)
                    .iter()
                    .any(|(handed_on, path)| *handed_on && path.last().is_some_and(|at| at == name))
        };
        let above = (1..file.module.len()).filter_map(|length| self.0.get(&file.module[..length]));
        self.is_public(&file.module) || above.into_iter().any(hands_on)
    }

    fn is_public(&self, module: &[String]) -> bool {
        (0..module.len()).all(|at| {
            let declared = format!("pub mod {};", module[at]);
            self.0.get(&module[..at]).is_some_and(|above| above.code.lines().any(|line| line == declared))
        })
    }

    fn file_of(&self, path: &[String], depth: usize) -> Option<String> {
        let length = (0..=path.len()).rev().find(|&length| self.0.contains_key(&path[..length]))?;
        let (file, item) = (&self.0[&path[..length]], path.get(length));
        if let Some(item) = item.filter(|_| depth < 8) {
            let handed_on =
                uses(&file.code).into_iter().find(|(handed_on, path)| *handed_on && path.last() == Some(item));
            if let Some(path) = handed_on.and_then(|(_, path)| self.absolute(file, &path)) {
                return self.file_of(&path, depth + 1);
            }
        }
        Some(file.path.clone())
    }

    /// A path in a file as one from the root of the library; none for those of other libraries.
    fn absolute(&self, file: &File, path: &[String]) -> Option<Vec<String>> {
        let (mut base, mut rest) = (file.module.clone(), path);
        match path.first()?.as_str() {
            "crate" => return Some(path[1..].to_vec()),
            "self" => rest = &path[1..],
            "super" => {
                while let [first, others @ ..] = rest
                    && first == "super"
                {
                    base.pop();
                    rest = others;
                }
            }
            first => {
                base.push(first.to_string());
                let is_child = self.0.contains_key(&base);
                base.pop();
                if !is_child {
                    return None;
                }
            }
        }
        base.extend(rest.iter().cloned());
        Some(base)
    }
}

/// The names of the types that code makes public, at least in the library.
pub fn public_types(code: &str) -> BTreeSet<String> {
    let name = |line: &str| {
        // What stands in `pub(super)` and the like was said of one module alone.
        let declared =
            line.trim_start().strip_prefix("pub ").or_else(|| line.trim_start().strip_prefix("pub(crate) "))?;
        let kinds = ["struct ", "enum ", "trait ", "type ", "union "];
        let rest = kinds.iter().find_map(|kind| declared.strip_prefix(kind))?;
        rest.split(|letter: char| !letter.is_alphanumeric()).next().map(str::to_string)
    };
    code.lines().filter_map(name).collect()
}

/// The modules of a path below `src`.
fn module_of(path: &str) -> Vec<String> {
    let parts = path.trim_end_matches(".rs").split('/').map(str::to_string);
    parts.filter(|part| !["mod", "lib"].contains(&part.as_str())).collect()
}

/// The text of a file without comments and without its module of tests.
fn code_of(text: &str) -> String {
    let tests = text.find("mod tests {").and_then(|at| text[..at].rfind("#[cfg("));
    let end = tests.unwrap_or(text.len());
    let lines = text[..end].lines().filter(|line| !line.trim_start().starts_with("//"));
    let code = lines.map(|line| line.split(" // ").next().unwrap_or_default()).collect::<Vec<_>>().join("\n");
    // `pub(in crate::sources)` says who may see something, which is no need of it.
    let mut parts = code.split("(in crate::");
    let first = parts.next().unwrap_or_default().to_string();
    parts.fold(first, |code, part| code + part.split_once(')').map_or(part, |(_, rest)| rest))
}

/// Every path that a `use` names, and whether it is handed on to others.
fn uses(code: &str) -> Vec<(bool, Vec<String>)> {
    let mut found = Vec::new();
    for statement in code.split(';') {
        let Some(at) = statement.rfind("use ").filter(|&at| is_statement(&statement[..at])) else { continue };
        let handed_on =
            statement[..at].trim_end().rsplit('\n').next().is_some_and(|line| line.trim().starts_with("pub"));
        let mut paths = Vec::new();
        expand(&[], &statement[at + 4..], &mut paths);
        found.extend(paths.into_iter().map(|path| (handed_on, path)));
    }
    found
}

/// Code without its imports.
fn without_uses(code: &str) -> String {
    let begin = |statement: &str| statement.rfind("use ").filter(|&at| is_statement(&statement[..at]));
    code.split(';')
        .map(|statement| &statement[..begin(statement).unwrap_or(statement.len())])
        .collect::<Vec<_>>()
        .join(";")
}

fn is_statement(before: &str) -> bool {
    let line = before.rsplit('\n').next().unwrap_or_default().trim();
    line.is_empty() || line.starts_with("pub")
}

/// The paths of a tree of imports below `prefix`.
fn expand(prefix: &[String], tree: &str, found: &mut Vec<Vec<String>>) {
    let tree = tree.split(" as ").next().unwrap_or_default().trim();
    let Some((before, inner)) = tree.split_once('{') else {
        let path = tree.split("::").filter(|part| !["", "*", "self"].contains(part) || *part == tree);
        found.push(prefix.iter().cloned().chain(path.map(str::to_string)).collect());
        return;
    };
    let names = before.split("::").map(str::trim).filter(|part| !part.is_empty()).map(str::to_string);
    let prefix: Vec<String> = prefix.iter().cloned().chain(names).collect();
    let (mut depth, mut begin) = (0, 0);
    let inner = inner.trim_end().trim_end_matches('}');
    for (at, letter) in inner.char_indices().chain([(inner.len(), ',')]) {
        match letter {
            '{' => depth += 1,
            '}' => depth -= 1,
            ',' if depth == 0 => {
                if !inner[begin..at].trim().is_empty() {
                    expand(&prefix, &inner[begin..at], found);
                }
                begin = at + 1;
            }
            _ => {}
        }
    }
}

/// Every path of at least two names outside of `use`.
fn paths(code: &str) -> impl Iterator<Item = Vec<String>> {
    let is_name = |letter: char| letter.is_alphanumeric() || letter == '_' || letter == ':';
    code.split(move |letter| !is_name(letter)).filter(|word| word.contains("::")).map(|word| {
        let names = word.split("::").filter(|name| !name.is_empty());
        names.map(str::to_string).collect::<Vec<_>>()
    })
}
