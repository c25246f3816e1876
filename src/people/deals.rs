//! Opportunities as of a date: open, won or lost (rule T5).

use polars::prelude::*;

use super::{RecordType, Records};
use crate::error::{Error, Result};
use crate::frames::typed_columns::{instants, integers};
use crate::sources::{Sources, contract};

/// What has become of an opportunity.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DealState {
    /// Not closed, or only after the date.
    Open,
    /// Closed as won.
    Won,
    /// Closed as lost.
    Lost,
    /// Closed in a state that Dynamics does not document.
    Ended,
}

impl DealState {
    /// Its published name.
    pub fn name(self) -> &'static str {
        match self {
            DealState::Open => "open",
            DealState::Won => "won",
            DealState::Lost => "lost",
            DealState::Ended => "closed",
        }
    }
}

/// An opportunity as of a date.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct DealAsOf {
    /// When it was created, microseconds.
    pub created_at: Option<i64>,
    /// The day until which activities count for it; a closed opportunity without a day has none: nothing limits what
    /// counts for it.
    pub closed_on: Option<i32>,
    /// What has become of it.
    pub state: DealState,
}

impl DealAsOf {
    fn of(created_at: Option<i64>, state_code: Option<i64>, closing_day: Option<i32>, as_of_day: i32) -> DealAsOf {
        let closes_later = closing_day.is_some_and(|day| day > as_of_day);
        let state = match state_code {
            None | Some(0) => DealState::Open,
            Some(_) if closes_later => DealState::Open,
            Some(1) => DealState::Won,
            Some(2) => DealState::Lost,
            Some(_) => DealState::Ended,
        };
        DealAsOf { created_at, closed_on: closing_day.filter(|_| state_code != Some(0) && !closes_later), state }
    }
}

/// Every opportunity that is known as of a day, in the order of their numbers.
///
/// # Errors
/// Only what the engine runs into.
pub fn deals_as_of(sources: &Sources, records: &Records, as_of_day: i32) -> Result<Vec<DealAsOf>> {
    let frame = &sources.records[contract::OPPORTUNITY.name];
    let created = instants(frame, "createdon")?;
    let states = integers(frame, "statecode")?;
    let closing = frame
        .column("actualclosedate")
        .and_then(|days| days.cast(&DataType::Int32))
        .map_err(Error::engine("reading close dates"))?;
    let closing = closing.i32().map_err(Error::engine("reading close dates"))?;
    let deal = |record: u32| {
        let row = records.rows[record as usize];
        DealAsOf::of(created.get(row), states.get(row), closing.get(row), as_of_day)
    };
    Ok(records.range(RecordType::Opportunity).map(deal).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_deal_is_open_until_the_day_on_which_it_closes() {
        let on_day_10 = |state_code, closing_day| {
            let deal = DealAsOf::of(None, state_code, closing_day, 10);
            (deal.state, deal.closed_on)
        };
        assert_eq!(on_day_10(Some(0), None), (DealState::Open, None));
        assert_eq!(on_day_10(Some(1), Some(11)), (DealState::Open, None));
        assert_eq!(on_day_10(Some(1), Some(10)), (DealState::Won, Some(10)));
        assert_eq!(on_day_10(Some(2), None), (DealState::Lost, None));
        // A reopened deal keeps its old day, which counts no longer.
        assert_eq!(on_day_10(Some(0), Some(3)), (DealState::Open, None));
        assert_eq!(on_day_10(Some(7), Some(3)), (DealState::Ended, Some(3)));
        // Without a state nothing says that it is closed; its day limits what counts for it all the same.
        assert_eq!(on_day_10(None, Some(3)), (DealState::Open, Some(3)));
    }
}
