//! Health that crossed into another state, trends that turned, and relationships that fell silent.

use super::Change;
use super::change::{ChangeKind, ChangeSide};
use crate::health::{Health, STATES, State, TRENDS};

/// Changes between the health of all records on an earlier day and on the date. What has no health on one of them,
/// such as a deal that was closed since or came to be, did not change.
pub fn of_health(before: &[Health], after: &[Health]) -> Vec<Change> {
    let mut found = Vec::new();
    for (record, (before, after)) in (0u32..).zip(before.iter().zip(after)) {
        if before.state == State::NotApplicable || after.state == State::NotApplicable {
            continue;
        }
        let change = |kind, of: fn(&Health) -> ChangeSide, days| Change {
            record,
            kind,
            before: of(before),
            after: of(after),
            days,
        };
        if before.state != after.state {
            match (after.state, after.scored) {
                (State::Dormant, Some(scored)) => {
                    found.push(change(ChangeKind::GoneSilent, state, Some(scored.components.days_since_contact)));
                }
                _ => found.push(change(ChangeKind::HealthState, state, None)),
            }
        }
        if let (Some(then), Some(now)) = (before.scored, after.scored)
            && then.trend != now.trend
        {
            found.push(change(ChangeKind::Trend, trend, None));
        }
    }
    found
}

fn state(health: &Health) -> ChangeSide {
    ChangeSide { value: health.scored.map(|scored| scored.score), ..ChangeSide::of(STATES[health.state as usize]) }
}

fn trend(health: &Health) -> ChangeSide {
    let what = health.scored.map(|scored| TRENDS[scored.trend as usize].to_string());
    ChangeSide { what, value: health.scored.map(|scored| scored.score), name: None }
}
