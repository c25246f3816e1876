//! Keys with the values that a job file and the command line give them.

use std::fs;
use std::path::Path;

use toml::{Table, Value};

use super::keys::{KEYS, Key};
use super::overrides;
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

pub(super) fn in_file(path: &Path, file: &str) -> Result<Vec<Assignment>> {
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
        assignments.push(Assignment { key, value, file: Some(file.to_string()) });
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
