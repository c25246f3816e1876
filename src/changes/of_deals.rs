//! Deals that are new, won or lost.

use super::Change;
use super::change::{ChangeKind, ChangeSide};
use crate::error::Result;
use crate::interactions::Context;
use crate::people::{DealState, RecordType, deals_as_of};
use crate::time::{AsOf, days_since_epoch};

/// Deals that came to be, were won or were lost after an earlier day. What was already closed then changed no more.
pub fn of_deals(context: &Context, earlier: &AsOf) -> Result<Vec<Change>> {
    let (records, sources) = (&context.people.records, context.sources);
    let then = deals_as_of(sources, records, days_since_epoch(earlier.date))?;
    let now = deals_as_of(sources, records, days_since_epoch(context.as_of.date))?;
    let mut found = Vec::new();
    for (record, (then, now)) in records.range(RecordType::Opportunity).zip(then.into_iter().zip(now)) {
        // A deal without a day of creation was always there.
        let is_new = now.created_at.is_some_and(|created| created >= earlier.cutoff());
        let before = if is_new { ChangeSide::default() } else { ChangeSide::of(then.state.name()) };
        let change =
            |kind| Change { record, kind, before: before.clone(), after: ChangeSide::of(now.state.name()), days: None };
        found.extend(is_new.then(|| change(ChangeKind::DealNew)));
        if is_new || then.state == DealState::Open {
            match now.state {
                DealState::Won => found.push(change(ChangeKind::DealWon)),
                DealState::Lost => found.push(change(ChangeKind::DealLost)),
                DealState::Open | DealState::Ended => {}
            }
        }
    }
    Ok(found)
}
