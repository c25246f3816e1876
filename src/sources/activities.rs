//! What people did: the large tables of a lake.

use polars::prelude::*;

/// The tables of activities. Copies share their columns.
#[derive(Clone, Default)]
pub struct Activities {
    /// Tracked emails.
    pub emails: DataFrame,
    /// Tracked meetings.
    pub appointments: DataFrame,
    /// Calls.
    pub calls: DataFrame,
    /// Tasks.
    pub tasks: DataFrame,
    /// Participants of tracked activities.
    pub parties: DataFrame,
    /// Mailbox copies of messages.
    pub messages: DataFrame,
    /// Mailbox copies of calendar events.
    pub events: DataFrame,
}

impl Activities {
    /// All of them.
    pub fn tables(&self) -> [&DataFrame; 7] {
        let Activities { emails, appointments, calls, tasks, parties, messages, events } = self;
        [emails, appointments, calls, tasks, parties, messages, events]
    }

    /// How many bytes they take, about.
    pub fn bytes(&self) -> u64 {
        self.tables().iter().map(|table| table.estimated_size() as u64).sum()
    }

    /// The same tables without rows.
    pub fn none(&self) -> Activities {
        Activities {
            emails: self.emails.clear(),
            appointments: self.appointments.clear(),
            calls: self.calls.clear(),
            tasks: self.tasks.clear(),
            parties: self.parties.clear(),
            messages: self.messages.clear(),
            events: self.events.clear(),
        }
    }
}
