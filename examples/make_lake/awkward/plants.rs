//! What is planted beside the records of the world, and the list of cases.

use crate::history::calls::{Call, Task};
use crate::history::mail::Mail;
use crate::history::meetings::Meeting;
use crate::tables::activityparty::Party;
use crate::tables::control::Control;
use crate::world::World;
use crate::write::patch::{Patch, Twin};

pub struct Case {
    pub number: usize,
    pub rule: &'static str,
    pub what: String,
    pub place: String,
}

/// What is planted beside the world's records.
#[derive(Default)]
pub struct Plants {
    pub mails: Vec<Mail>,
    pub meetings: Vec<Meeting>,
    pub calls: Vec<Call>,
    pub tasks: Vec<Task>,
    pub parties: Vec<Party>,
    /// Activities whose own parties are left out; only the planted ones are there.
    pub without_parties: Vec<u64>,
    pub patches: Vec<Patch>,
    pub twins: Vec<Twin>,
    pub control: Control,
    pub cases: Vec<Case>,
}

impl Plants {
    /// No cases, only the control tables that every lake has.
    pub fn drawn(world: &World) -> Self {
        Plants { control: Control::drawn(world), ..Plants::default() }
    }
}
