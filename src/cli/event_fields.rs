//! What an event of [`super::events`] says, field by field, for whoever passes it on: log lines, Dagster.

use std::fmt;

use serde_json::{Value, json};
use tracing::field::{Field, Visit};

use crate::plain;

/// Marks our own events.
pub(super) const TARGET: &str = "rapport::run";

/// What an event says, in its order.
#[derive(Default)]
pub(super) struct Fields {
    pub message: String,
    pub values: Vec<(&'static str, Value)>,
}

impl Fields {
    pub(super) fn is_about_privacy(&self) -> bool {
        self.has("about")
    }

    pub(super) fn is_event(&self, event: &str) -> bool {
        self.text("event") == Some(event)
    }

    pub(super) fn has(&self, field: &str) -> bool {
        self.value(field).is_some()
    }

    fn value(&self, field: &str) -> Option<&Value> {
        self.values.iter().find(|(name, _)| *name == field).map(|(_, value)| value)
    }

    pub(super) fn text(&self, field: &str) -> Option<&str> {
        self.value(field)?.as_str()
    }

    /// 0 where there is none.
    pub(super) fn number(&self, field: &str) -> u64 {
        self.value(field).and_then(Value::as_u64).unwrap_or_default()
    }
}

impl Visit for Fields {
    fn record_f64(&mut self, field: &Field, value: f64) {
        self.values.push((field.name(), json!(value)));
    }

    fn record_i64(&mut self, field: &Field, value: i64) {
        self.values.push((field.name(), json!(value)));
    }

    fn record_u64(&mut self, field: &Field, value: u64) {
        self.values.push((field.name(), json!(value)));
    }

    fn record_bool(&mut self, field: &Field, value: bool) {
        self.values.push((field.name(), json!(value)));
    }

    fn record_str(&mut self, field: &Field, value: &str) {
        self.values.push((field.name(), json!(plain::told(value))));
    }

    fn record_debug(&mut self, field: &Field, value: &dyn fmt::Debug) {
        match field.name() {
            "message" => self.message = format!("{value:?}"),
            name => self.values.push((name, json!(plain::told(&format!("{value:?}"))))),
        }
    }
}
