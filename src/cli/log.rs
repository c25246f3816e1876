//! Messages on stderr: text for people, one JSON object per line for machines.

use std::io::Write;

use chrono::{SecondsFormat, Utc};
use serde_json::{Map, Value, json};

use super::args::LogFormat;
use crate::error::Error;
use crate::{guard, plain};

pub(super) type Field<'a> = (&'a str, Value);

#[derive(Debug, Clone, Copy)]
pub(super) struct Log {
    format: LogFormat,
    quiet: bool,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Level {
    Info,
    Warning,
    Error,
}

impl Log {
    pub(super) fn new(format: LogFormat, quiet: bool) -> Log {
        Log { format, quiet }
    }

    pub(super) fn is_chatty_text(self) -> bool {
        self.format == LogFormat::Text && !self.quiet
    }

    pub(super) fn info(self, message: &str, fields: &[Field<'_>]) {
        if !self.quiet {
            self.write(Level::Info, message, fields);
        }
    }

    pub(super) fn warn(self, message: &str, fields: &[Field<'_>]) {
        self.write(Level::Warning, message, fields);
    }

    pub(super) fn failure(self, error: &Error, fields: &[Field<'_>]) {
        let mut fields = fields.to_vec();
        fields.push(("exit_code", json!(error.exit_code())));
        self.write(Level::Error, &error.to_string(), &fields);
    }

    /// A panic is reported like any other message, so that JSON stays JSON.
    pub(super) fn take_panics(self) {
        std::panic::set_hook(Box::new(move |panic| {
            if guard::takes_panics() {
                return;
            }
            let place = panic.location().map(ToString::to_string);
            self.write(Level::Error, "internal error", &[("place", json!(place))]);
        }));
    }

    fn write(self, level: Level, message: &str, fields: &[Field<'_>]) {
        let now = Utc::now().to_rfc3339_opts(SecondsFormat::Millis, true);
        let line = match self.format {
            LogFormat::Json => json_line(&now, level, message, fields),
            LogFormat::Text => text_line(&now, level, message, fields),
        };
        // Without stderr there is nobody to tell.
        let _ = std::io::stderr().lock().write_all(line.as_bytes());
    }
}

fn json_line(now: &str, level: Level, message: &str, fields: &[Field<'_>]) -> String {
    let mut object = Map::new();
    object.insert("time".to_string(), json!(now));
    object.insert("level".to_string(), json!(level.name()));
    object.insert("message".to_string(), json!(plain::told(message)));
    for (name, value) in fields {
        let value = match value {
            Value::String(text) => json!(plain::told(text)),
            other => other.clone(),
        };
        object.insert(name.to_string(), value);
    }
    plain::escaped_json(&Value::Object(object).to_string()) + "\n"
}

fn text_line(now: &str, level: Level, message: &str, fields: &[Field<'_>]) -> String {
    if level == Level::Error {
        return plain::told(&format!("error: {message}")) + "\n";
    }
    let fields: String = fields.iter().map(|(name, value)| format!(" {name}={value}")).collect();
    plain::told(&format!("{now} {:7} {message}{fields}", level.name())) + "\n"
}

impl Level {
    fn name(self) -> &'static str {
        match self {
            Level::Info => "info",
            Level::Warning => "warning",
            Level::Error => "error",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_json_line_is_one_object_on_one_line() {
        let line = json_line("t", Level::Info, "two\nlines", &[("rows", json!(3))]);
        assert_eq!(line.matches('\n').count(), 1);
        let read: Value = serde_json::from_str(&line).unwrap();
        assert_eq!(read["rows"], 3);
        assert_eq!(read["level"], "info");
    }
}
