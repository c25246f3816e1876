//! OpenLineage: where the usual variables say where events go, catalogs are told of each run when it begins and when it
//! ends: what it read, what it wrote, of which columns each column is made, and how fresh the sources were.
//!
//! [`settings`] reads the variables, [`event`] makes events, [`datasets`] and [`column_inputs`] name what they are about, and
//! [`transport`] sends them. An event that cannot be sent is a warning, once, and the run goes on.

mod column_inputs;
mod datasets;
mod event;
mod settings;
mod transport;

use std::sync::atomic::{AtomicBool, Ordering};

use serde_json::Value;

use super::events::{self, Run};
use crate::publish::RunReport;
use event::Events;
pub(super) use event::RunFacts;
use settings::Settings;
pub(super) use settings::secrets;
use transport::Transport;

/// The way to whom events go.
pub(super) struct OpenLineage {
    settings: Settings,
    transport: Transport,
    /// Whether an event could not be sent: then nobody waits for the next ones.
    gave_up: AtomicBool,
}

impl OpenLineage {
    /// As the environment says; none where it asks for no events. What of it is not understood is a warning.
    pub(super) fn from_environment() -> Option<OpenLineage> {
        let settings = match Settings::from_environment() {
            Ok(settings) => settings?,
            Err(refused) => {
                events::general_warning(&format!("OpenLineage is not told of this run: {refused}"));
                return None;
            }
        };
        for warning in &settings.warnings {
            events::general_warning(warning);
        }
        let transport = Transport::of(&settings.destination);
        Some(OpenLineage { settings, transport, gave_up: AtomicBool::new(false) })
    }

    /// A run begins.
    pub(super) fn started(&self, run: Run<'_>, facts: &RunFacts<'_>) {
        self.send(run, &Events { settings: &self.settings, facts }.started());
    }

    /// A run has ended.
    pub(super) fn ended(&self, run: Run<'_>, facts: &RunFacts<'_>, report: &RunReport) {
        self.send(run, &Events { settings: &self.settings, facts }.ended(report));
    }

    fn send(&self, run: Run<'_>, event: &Value) {
        if self.gave_up.load(Ordering::Relaxed) {
            return;
        }
        if let Err(fault) = self.transport.send(event) {
            self.gave_up.store(true, Ordering::Relaxed);
            let message = format!("OpenLineage is not told of this run any more, which goes on: {fault}");
            events::warning(run, &message);
        }
    }
}
