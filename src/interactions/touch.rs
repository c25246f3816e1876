//! A held interaction as one relationship sees it: what scores of relationships are made of.

use polars::prelude::*;

use super::event::{EMAIL, KIND, MEETING, OURS, PLANNED, TASK};
use crate::columns::OCCURRED_AT;
use crate::error::{Error, Result};

/// Who started an interaction, as far as anybody knows (rule N6).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Started {
    /// Our side: outbound.
    ByUs,
    /// The customer's side: inbound.
    ByThem,
    /// Nobody knows, or it is a task.
    Unknown,
}

/// One held interaction within one relationship.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Touch {
    /// When, in microseconds.
    pub at: i64,
    /// Number of the interaction; of several at one time the smaller number is the smaller id.
    pub interaction: u32,
    /// To how many people it speaks, at least 1: To and Cc of an email, everybody but the one who
    /// started it of a meeting or call.
    pub people: u16,
    /// An index into [`super::event::KINDS`].
    pub kind: u8,
    /// Who started it.
    pub started: Started,
}

impl Touch {
    /// Whether it is an exchange by itself: a meeting or a call has both sides in one room.
    pub fn is_mutual(&self) -> bool {
        self.kind != EMAIL && self.kind != TASK
    }

    /// Whether it is an email that one side sent.
    pub fn is_email(&self, started: Started) -> bool {
        self.kind == EMAIL && self.started == started
    }

    /// Days from it to an instant.
    pub fn age(&self, at: i64) -> f64 {
        (at - self.at) as f64 / crate::as_of::DAY as f64
    }
}

/// The columns of interactions that touches are made of, by number of the interaction.
pub struct Facts {
    times: Int64Chunked,
    kinds: UInt8Chunked,
    ours: BooleanChunked,
    planned: BooleanChunked,
}

impl Facts {
    /// Takes them from the table of interactions.
    pub fn of(table: &DataFrame) -> Result<Facts> {
        let read = || -> PolarsResult<Facts> {
            Ok(Facts {
                times: table.column(OCCURRED_AT)?.datetime()?.phys.rechunk().into_owned(),
                kinds: table.column(KIND)?.u8()?.rechunk().into_owned(),
                ours: table.column(OURS)?.bool()?.rechunk().into_owned(),
                planned: table.column(PLANNED)?.bool()?.rechunk().into_owned(),
            })
        };
        read().map_err(Error::engine("reading interactions"))
    }

    /// How many interactions there are.
    pub fn len(&self) -> usize {
        self.times.len()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.times.len() == 0
    }

    /// The held interaction of this number as a touch with no more than one person, none if it is planned.
    pub fn touch(&self, interaction: u32) -> Option<Touch> {
        let at = interaction as usize;
        if self.planned.get(at)? {
            return None;
        }
        let kind = self.kinds.get(at)?;
        let started = match self.ours.get(at) {
            Some(true) => Started::ByUs,
            Some(false) => Started::ByThem,
            None => Started::Unknown,
        };
        Some(Touch { at: self.times.get(at)?, interaction, people: 1, kind, started })
    }
}

/// Whether a kind counts in strengths: emails and meetings, and calls where they are asked for (rule W1).
pub fn connects(kind: u8, calls: bool) -> bool {
    kind == EMAIL || kind == MEETING || (calls && kind != TASK)
}
