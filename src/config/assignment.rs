//! Keys with the values that a job file and the command line give them.

use std::fs;
use std::path::{Component, Path};

use toml::{Table, Value};

use super::keys::{KEYS, Key};
use super::overrides;
use super::shape::Shape;
use super::variables::{self, Variables};
use crate::error::{Error, Result};
use crate::plain;
use crate::suggest::nearest;

/// A value for a key, and where it was written.
pub(super) struct Assignment {
    pub key: &'static Key,
    pub value: Value,
    /// None: on the command line.
    pub file: Option<String>,
}

impl Assignment {
    pub(super) fn refuse(&self, reason: &str) -> Error {
        let Key { name, expects, example, .. } = self.key;
        let expects = expects.words();
        let (key, remedy) = match &self.file {
            Some(_) => (self.key.path(), format!("Write for example {name} = {example}")),
            None => (format!("--set {name}"), format!("Write for example --set '{name}={example}'")),
        };
        Error::Config {
            file: self.file.clone(),
            key: Some(key),
            message: format!("expects {expects}; {reason}"),
            remedy,
        }
    }
}

/// What a file says, with the variables put in. Relative paths begin at the file's folder.
pub(super) fn in_file(path: &Path, file: &str, variables: &Variables) -> Result<Vec<Assignment>> {
    let broken = |message: String, remedy: &str| Error::Config {
        file: Some(file.to_string()),
        key: None,
        message,
        remedy: remedy.to_string(),
    };
    let text =
        fs::read_to_string(path).map_err(|error| broken(error.to_string(), "Name a job file that can be read"))?;
    let table: Table =
        toml::from_str(&text).map_err(|error| broken(no_toml(&text, &error), "Mend the TOML at that place"))?;

    let mut assignments = Vec::new();
    let mut assign = |section: &str, name: String, value: Value| {
        let key = KEYS
            .iter()
            .find(|key| key.section == section && key.name == name)
            .ok_or_else(|| unknown_key(Some(file), section, &name))?;
        let mut assignment = Assignment { key, value, file: Some(file.to_string()) };
        assignment.value =
            variables::put_in(&assignment.value, variables).map_err(|reason| assignment.refuse(&reason))?;
        if let (Shape::Path, Value::String(typed)) = (&key.expects, &mut assignment.value) {
            *typed = from_folder_of(path, typed);
        }
        assignments.push(assignment);
        Ok(())
    };
    for (name, value) in table {
        match value {
            Value::Table(section) if KEYS.iter().any(|key| key.section == name) => {
                for (key, value) in section {
                    assign(&name, key, value)?;
                }
            }
            value => assign("", name, value)?,
        }
    }
    Ok(assignments)
}

/// A path that a file names: a relative one begins where the file lies, so that it means the same wherever the program
/// is started. URLs and absolute paths stay as they are.
fn from_folder_of(file: &Path, typed: &str) -> String {
    if typed.contains("://") || typed.trim().is_empty() || Path::new(typed).is_absolute() {
        return typed.to_string();
    }
    let mut path = file.parent().map(Path::to_path_buf).unwrap_or_default();
    for part in Path::new(typed).components() {
        match part {
            Component::CurDir => {}
            // Without `..`, so that messages name short paths; above the first folder it has to stay.
            Component::ParentDir if matches!(path.components().next_back(), Some(Component::Normal(_))) => {
                path.pop();
            }
            part => path.push(part),
        }
    }
    if path.as_os_str().is_empty() { ".".to_string() } else { path.display().to_string() }
}

/// Where a file is no TOML, and why, without the line, which may hold a key.
fn no_toml(text: &str, error: &toml::de::Error) -> String {
    let before = error.span().and_then(|span| text.get(..span.start)).unwrap_or_default();
    let (line, column) =
        (before.matches('\n').count() + 1, before.chars().rev().take_while(|c| *c != '\n').count() + 1);
    let reason = error.message().lines().next().unwrap_or_default();
    format!("this is no TOML at line {line}, column {column}: {}", plain::cut(reason, 200))
}

pub(super) fn on_command_line(name: &str, written: &str) -> Result<Assignment> {
    Ok(Assignment { key: key_named(name)?, value: overrides::value(name, written)?, file: None })
}

/// By its bare name or its dotted path.
fn key_named(name: &str) -> Result<&'static Key> {
    KEYS.iter().find(|key| key.name == name || key.path() == name).ok_or_else(|| match name.rsplit_once('.') {
        Some((section, name)) => unknown_key(None, section, name),
        None => unknown_key(None, "", name),
    })
}

/// Characters of a name that are shown.
const NAME: usize = 100;

fn unknown_key(file: Option<&str>, section: &str, name: &str) -> Error {
    let name = &*plain::cut(name, NAME);
    let typed = if section.is_empty() { name.to_string() } else { format!("{section}.{name}") };
    let suggestion =
        nearest(name, KEYS.iter().map(|key| key.name)).and_then(|name| KEYS.iter().find(|key| key.name == name));
    let remedy = match (suggestion, file) {
        (Some(key), Some(_)) if key.name == name && key.section.is_empty() => {
            format!("{name} stands at the top of the file, before the first section")
        }
        (Some(key), Some(_)) if key.name == name => {
            format!("{name} stands in the section [{}]", key.section)
        }
        (Some(key), _) => format!("Did you mean {}?", key.path()),
        (None, _) => {
            let known: Vec<String> = KEYS.iter().map(Key::path).collect();
            format!("The keys there are: {}", known.join(", "))
        }
    };
    Error::Config {
        file: file.map(str::to_string),
        key: Some(if file.is_some() { typed } else { format!("--set {typed}") }),
        message: "there is no such key".to_string(),
        remedy,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn relative_paths_begin_at_the_folder_of_their_file() {
        let from = |file: &str, typed: &str| from_folder_of(Path::new(file), typed);
        assert_eq!(from("jobs/a.toml", "../lake"), "lake");
        assert_eq!(from("jobs/a.toml", "lake/../out"), "jobs/out");
        assert_eq!(from("/srv/jobs/a.toml", "../../lake"), "/lake");
        assert_eq!(from("a.toml", "../lake"), "../lake");
        assert_eq!(from("../jobs/a.toml", "../../lake"), "../../lake");
        assert_eq!(from("jobs/a.toml", ".."), ".");
        assert_eq!(from("jobs/a.toml", "/lake"), "/lake");
        assert_eq!(from("jobs/a.toml", "s3://bucket/lake"), "s3://bucket/lake");
    }
}
