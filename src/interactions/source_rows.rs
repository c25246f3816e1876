//! What became of every source row: part of an event, dropped for a reason, or neither.

use polars::prelude::*;

use crate::error::{Error, Result};
use crate::interactions::columns::REASON;
use crate::interactions::event::EVENT;

/// Source tables by number, in the order in which their names sort.
pub struct SourceNumbers {
    pub appointment: u8,
    pub calendar_view: u8,
    pub email: u8,
    pub messages: u8,
    pub phonecall: u8,
    pub task: u8,
}

/// The numbers.
pub const SOURCES: SourceNumbers =
    SourceNumbers { appointment: 0, calendar_view: 1, email: 2, messages: 3, phonecall: 4, task: 5 };
/// The names of the tables by number.
pub const SOURCE_NAMES: [&str; 6] = ["appointment", "calendar_view", "email", "messages", "phonecall", "task"];

/// No event, or no reason.
pub const NO_EVENT: u32 = u32::MAX;
const NO_REASON: u8 = u8::MAX;

/// What became of the rows of one source table, by row.
pub struct SourceRows {
    /// Number of the source table.
    pub source: u8,
    /// Rows whose organizer is not the meeting's, but attends it.
    pub attended: Vec<usize>,
    events: Vec<u32>,
    reasons: Vec<u8>,
}

impl SourceRows {
    /// Of a table with so many rows, none of which went anywhere yet.
    pub fn new(source: u8, rows: usize) -> SourceRows {
        SourceRows { source, attended: Vec::new(), events: vec![NO_EVENT; rows], reasons: vec![NO_REASON; rows] }
    }

    /// Of `rows` with their [`EVENT`] and [`REASON`], each the row of its table that is in `row`.
    pub fn of(source: u8, table: &DataFrame, rows: &DataFrame) -> Result<SourceRows> {
        let mut places = SourceRows::new(source, table.height());
        let read = |places: &mut SourceRows| -> PolarsResult<()> {
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

    /// Assigns a row to an event, or records why it was dropped.
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

    /// Why a row of its own is no event.
    pub fn own_reason(&self, row: usize) -> Option<u8> {
        Some(self.reasons[row]).filter(|&reason| reason != NO_REASON)
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
        let mut places = SourceRows::new(0, 5);
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
