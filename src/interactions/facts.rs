//! Interactions as slices, for kernels that look at one after the other.

use polars::prelude::*;

use super::event::{EMAIL, KIND, OURS, PLANNED};
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

/// What a kernel needs to know of a held interaction.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Held {
    /// When, in microseconds.
    pub at: i64,
    /// An index into [`super::event::KINDS`].
    pub kind: u8,
    /// Who started it.
    pub started: Started,
}

impl Held {
    /// Whether it is an email.
    pub fn is_email(&self) -> bool {
        self.kind == EMAIL
    }
}

/// The columns of interactions that kernels look at, by number of the interaction.
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
    pub fn count(&self) -> u32 {
        self.times.len() as u32
    }

    /// The interaction of this number, none if it is planned.
    pub fn held(&self, interaction: u32) -> Option<Held> {
        let at = interaction as usize;
        if self.planned.get(at)? {
            return None;
        }
        let started = match self.ours.get(at) {
            Some(true) => Started::ByUs,
            Some(false) => Started::ByThem,
            None => Started::Unknown,
        };
        Some(Held { at: self.times.get(at)?, kind: self.kinds.get(at)?, started })
    }
}
