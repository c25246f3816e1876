//! Where every source row went: into an event, away for a reason, or nowhere.

use polars::prelude::*;

use super::event::EVENT;
use crate::error::{Error, Result};
use crate::interactions::columns::REASON;

/// No event, or no reason.
pub const NO_EVENT: u32 = u32::MAX;
const NO_REASON: u8 = u8::MAX;

/// Where the rows of one source table went, by row.
pub struct Places {
    /// Number of the source table.
    pub source: u8,
    /// Rows whose organizer is not the meeting's, but attends it.
    pub attended: Vec<usize>,
    events: Vec<u32>,
    reasons: Vec<u8>,
}

impl Places {
    /// Of a table with so many rows, none of which went anywhere yet.
    pub fn new(source: u8, rows: usize) -> Places {
        Places { source, attended: Vec::new(), events: vec![NO_EVENT; rows], reasons: vec![NO_REASON; rows] }
    }

    /// Of `rows` with their [`EVENT`] and [`REASON`], each the row of its table that is in `row`.
    pub fn of(source: u8, table: &DataFrame, rows: &DataFrame) -> Result<Places> {
        let mut places = Places::new(source, table.height());
        let read = |places: &mut Places| -> PolarsResult<()> {
            let (events, reasons) = (rows.column(EVENT)?.u32()?, rows.column(REASON)?.cast(&DataType::UInt8)?);
            let rows = rows.column("row")?.cast(&IDX_DTYPE)?;
            for ((row, event), reason) in rows.idx()?.iter().zip(events.iter()).zip(reasons.u8()?.iter()) {
                if let Some(row) = row {
                    places.put(row as usize, event, reason);
                }
            }
            Ok(())
        };
        read(&mut places).map_err(Error::engine("where source rows went"))?;
        Ok(places)
    }

    /// Puts a row into an event, or away for a reason.
    pub fn put(&mut self, row: usize, event: Option<u32>, reason: Option<u8>) {
        self.events[row] = event.unwrap_or(NO_EVENT);
        self.reasons[row] = reason.unwrap_or(NO_REASON);
    }

    /// How many rows the table has.
    pub fn rows(&self) -> usize {
        self.events.len()
    }

    /// The event of a row that counts for it.
    pub fn held(&self, row: usize) -> Option<u32> {
        (self.reasons[row] == NO_REASON && self.events[row] != NO_EVENT).then(|| self.events[row])
    }

    /// Counts events from `offset` on.
    pub fn shift(&mut self, offset: u32) {
        self.events.iter_mut().filter(|event| **event != NO_EVENT).for_each(|event| *event += offset);
    }

    /// Rows that are no interaction, `row` and `reason`: for a reason of their own, or for that of their event.
    pub fn dropped(&self, of_events: &UInt8Chunked) -> PolarsResult<DataFrame> {
        let (mut rows, mut reasons) = (Vec::new(), Vec::new());
        for row in 0..self.rows() {
            let own = Some(self.reasons[row]).filter(|&reason| reason != NO_REASON);
            let reason = own.or_else(|| of_events.get(self.held(row)? as usize));
            if let Some(reason) = reason {
                rows.push(row as IdxSize);
                reasons.push(reason);
            }
        }
        df!("row" => rows, REASON => reasons)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_row_is_dropped_for_its_own_reason_or_its_events() {
        let mut places = Places::new(0, 5);
        places.put(0, Some(0), None);
        places.put(1, Some(1), None);
        places.put(2, Some(1), Some(3));
        places.put(3, None, Some(4));
        places.shift(1);
        assert_eq!([0, 1, 2, 3, 4].map(|row| places.held(row)), [Some(1), Some(2), None, None, None]);
        let of_events = UInt8Chunked::from_slice_options(REASON.into(), &[Some(9), None, Some(7)]);
        let dropped = places.dropped(&of_events).expect("dropped rows");
        let expected = df!("row" => [1 as IdxSize, 2, 3], REASON => [7u8, 3, 4]).expect("expected");
        assert_eq!(dropped, expected);
    }
}
