//! Lines on stderr: text for people, one JSON object per line for machines (rule R10).
//!
//! What is told comes as events of `tracing`, all made in [`super::events`]. Those of libraries are left out:
//! nobody has looked whether they hold personal data.

use std::collections::HashSet;
use std::io::{self, IsTerminal, Write};
use std::sync::{Mutex, PoisonError};

use chrono::{SecondsFormat, Utc};
use indicatif::{MultiProgress, ProgressDrawTarget};
use serde_json::json;
use tracing::{Event, Level, Metadata, Subscriber};
use tracing_subscriber::layer::{Context, Layer, SubscriberExt};
use tracing_subscriber::registry::Registry;

use super::args::LogFormat;
use super::dagster_pipes::DagsterPipes;
use super::event_fields::{Fields, TARGET};
use super::events;
use crate::{guard, plain};

#[derive(Debug, Clone, Copy)]
pub(super) struct Style {
    pub format: LogFormat,
    /// Nothing where all goes well.
    pub quiet: bool,
    /// Details in text; JSON always has them.
    pub verbose: bool,
}

/// Begins to write what is told, also to Dagster where that listens; the bars are for people who watch.
pub(super) fn start(style: Style, dagster: Option<DagsterPipes>) -> Option<MultiProgress> {
    let on_terminal = io::stderr().is_terminal();
    let watched = style.format == LogFormat::Text && !style.quiet && on_terminal;
    let bars = watched.then(|| MultiProgress::with_draw_target(ProgressDrawTarget::stderr()));
    let lines = Lines { style, dated: !on_terminal, bars: bars.clone(), told: Mutex::default() };
    // The one subscriber of this process.
    let _ = tracing::subscriber::set_global_default(Registry::default().with(lines).with(dagster));
    bars
}

/// A panic is told like everything else, so that JSON stays JSON.
pub(super) fn take_panics() {
    std::panic::set_hook(Box::new(|panic| {
        if !guard::takes_panics() {
            events::internal_error(&panic.location().map(ToString::to_string).unwrap_or_default());
        }
    }));
}

struct Lines {
    style: Style,
    /// Lines of text begin with the time, as in a file; on a terminal they do not.
    dated: bool,
    bars: Option<MultiProgress>,
    told: Mutex<Told>,
}

#[derive(Default)]
struct Told {
    /// What went wrong, each of which is told once, however many jobs and days meet it.
    messages: HashSet<String>,
    /// Lines that a quiet run keeps until something fails.
    held: String,
    failed: bool,
}

impl<S: Subscriber> Layer<S> for Lines {
    fn enabled(&self, metadata: &Metadata<'_>, _: Context<'_, S>) -> bool {
        metadata.target() == TARGET
    }

    fn on_event(&self, event: &Event<'_>, _: Context<'_, S>) {
        let mut fields = Fields::default();
        event.record(&mut fields);
        let level = *event.metadata().level();
        let mut told = self.told.lock().unwrap_or_else(PoisonError::into_inner);
        if self.is_told_once(level) && !told.messages.insert(fields.message.clone()) {
            return;
        }
        let Some(line) = self.line(level, &fields) else { return };
        told.failed |= level == Level::ERROR;
        if self.style.quiet && !told.failed && !fields.is_about_privacy() {
            told.held.push_str(&line);
            return;
        }
        let line = std::mem::take(&mut told.held) + &line;
        // Without stderr there is nobody to tell.
        let write = || drop(io::stderr().lock().write_all(line.as_bytes()));
        match &self.bars {
            Some(bars) => bars.suspend(write),
            None => write(),
        }
    }
}

impl Lines {
    /// Errors of several jobs that are the same one, such as a place that all of them name, are one to who reads text; who
    /// reads JSON is told of each job.
    fn is_told_once(&self, level: Level) -> bool {
        level == Level::WARN || level == Level::ERROR && matches!(self.style.format, LogFormat::Text)
    }

    /// None for what is not told in this style.
    fn line(&self, level: Level, fields: &Fields) -> Option<String> {
        if self.style.quiet && level > Level::WARN {
            return None;
        }
        let now = Utc::now();
        match self.style.format {
            LogFormat::Json => Some(json_line(&now.to_rfc3339_opts(SecondsFormat::Millis, true), level, fields)),
            LogFormat::Text if self.is_left_out(level, fields) => None,
            LogFormat::Text => {
                // What belongs to no run is for who typed the command.
                let dated = self.dated && (level != Level::ERROR || fields.has("job"));
                let now = dated.then(|| now.to_rfc3339_opts(SecondsFormat::Secs, true));
                Some(text_line(now.as_deref(), level, &fields.message))
            }
        }
    }

    /// Details, and what the bars show.
    fn is_left_out(&self, level: Level, fields: &Fields) -> bool {
        let is_shown = self.bars.is_some() && (fields.is_event("phase") || fields.is_event("day"));
        !self.style.verbose && (level > Level::INFO || is_shown)
    }
}

fn json_line(now: &str, level: Level, fields: &Fields) -> String {
    let head = [("time", json!(now)), ("level", json!(name(level)))];
    let message = ("message", json!(plain::told(&fields.message)));
    let all = head.iter().chain(&fields.values).chain([&message]);
    let members: Vec<String> = all.map(|(name, value)| format!("{}:{value}", json!(name))).collect();
    plain::escaped_json(&format!("{{{}}}", members.join(","))) + "\n"
}

fn text_line(now: Option<&str>, level: Level, message: &str) -> String {
    let line = match (now, level) {
        (None, Level::ERROR) => format!("error: {message}"),
        (Some(now), _) => format!("{now} {:7} {message}", name(level)),
        (None, Level::WARN) => format!("warning: {message}"),
        (None, _) => message.to_string(),
    };
    plain::told(&line) + "\n"
}

fn name(level: Level) -> &'static str {
    match level {
        Level::ERROR => "error",
        Level::WARN => "warning",
        Level::INFO => "info",
        _ => "debug",
    }
}

#[cfg(test)]
mod tests {
    use serde_json::Value;

    use super::*;

    #[test]
    fn a_json_line_is_one_object_on_one_line() {
        let fields = Fields { message: "two\nlines".to_string(), values: vec![("rows", json!(3))] };
        let line = json_line("t", Level::INFO, &fields);
        assert_eq!(line, "{\"time\":\"t\",\"level\":\"info\",\"rows\":3,\"message\":\"two\\\\nlines\"}\n");
        assert!(serde_json::from_str::<Value>(&line).is_ok());
    }

    #[test]
    fn lines_of_text_are_dated_in_files_only() {
        assert_eq!(text_line(None, Level::WARN, "old"), "warning: old\n");
        assert_eq!(text_line(Some("t"), Level::WARN, "old"), "t warning old\n");
        assert_eq!(text_line(Some("t"), Level::ERROR, "a\nb"), "t error   a\\nb\n");
        assert_eq!(text_line(None, Level::ERROR, "gone"), "error: gone\n");
    }
}
