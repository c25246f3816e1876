//! How health parts the relationships of a lake.

use std::error::Error;

use rapport::health::histories::{Histories, Reach};
use rapport::health::{self, State};
use rapport::people::RecordType;

use crate::archive::Archive;

/// Days within which a relationship was in touch that is called lively here.
const LIVELY_DAYS: u32 = 90;

/// How many relationships of a type have each state, over all dates.
pub struct States {
    pub lake: String,
    pub record_type: RecordType,
    /// Good, fair, poor and dormant among those in touch lately.
    pub lively: [usize; 4],
    /// The same among all others with a score.
    pub silent: [usize; 4],
}

pub fn of(archive: &Archive, dates: u32) -> Result<Vec<States>, Box<dyn Error>> {
    let types = RecordType::ALL.into_iter();
    let empty = |record_type| States { lake: archive.name.clone(), record_type, lively: [0; 4], silent: [0; 4] };
    let mut found: Vec<States> = types.map(empty).collect();
    for as_of in archive.dates(dates, 30) {
        let context = archive.context(as_of)?;
        let histories = Histories::with_past(&context, &archive.interactions, Reach::default())?;
        let health = health::of_records(&context, &histories)?;
        for states in &mut found {
            for record in context.people.records.range(states.record_type) {
                let one = &health[record as usize];
                let Some(scored) = one.scored else { continue };
                let lively = scored.components.days_since_contact <= LIVELY_DAYS;
                let counts = if lively { &mut states.lively } else { &mut states.silent };
                match one.state {
                    State::Good => counts[0] += 1,
                    State::Fair => counts[1] += 1,
                    State::Dormant => counts[3] += 1,
                    _ => counts[2] += 1,
                }
            }
        }
    }
    found.retain(|states| states.lively.iter().chain(&states.silent).sum::<usize>() > 0);
    Ok(found)
}
