//! The columns of interactions as arrays, for loops over single interactions.

use polars::prelude::*;

use crate::error::{Error, Result};
use crate::interactions::columns::OCCURRED_AT;
use crate::interactions::event::{KIND, OURS, PLANNED, TASK};
use crate::interactions::kind::Kind;

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

impl Started {
    /// That of a number, which is its place.
    pub fn of(code: u8) -> Started {
        STARTED[usize::from(code).min(STARTED.len() - 1)]
    }
}

/// What a kernel needs to know of a held interaction.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Held {
    /// When, in microseconds.
    pub at: i64,
    /// What kind of interaction it is.
    pub kind: Kind,
    /// Who started it.
    pub started: Started,
}

impl Held {
    /// Whether it is an email.
    pub fn is_email(&self) -> bool {
        self.kind == Kind::Email
    }
}

/// What kernels look at of interactions, by number of the interaction.
pub struct Facts {
    /// Timestamps as one array: indexing a column searches for the chunk on every access.
    times: <Int64Type as PolarsDataType>::Array,
    /// Kind, who started it, and [`IS_PLANNED`].
    codes: Vec<u8>,
}

const STARTED: [Started; 3] = [Started::ByUs, Started::ByThem, Started::Unknown];
const IS_PLANNED: u8 = 16;

impl Facts {
    /// Takes them from the table of interactions.
    pub fn of(table: &DataFrame) -> Result<Facts> {
        let read = || -> PolarsResult<Facts> {
            let kinds = table.column(KIND)?.u8()?.iter();
            let ours = table.column(OURS)?.bool()?.iter();
            let planned = table.column(PLANNED)?.bool()?.iter();
            let code = |((kind, ours), planned): ((Option<u8>, Option<bool>), Option<bool>)| {
                let started = match ours {
                    Some(true) => Started::ByUs,
                    Some(false) => Started::ByThem,
                    None => Started::Unknown,
                };
                let planned = if planned == Some(false) { 0 } else { IS_PLANNED };
                kind.unwrap_or(TASK) | (started as u8) << 2 | planned
            };
            let times = table.column(OCCURRED_AT)?.datetime()?.phys.rechunk().downcast_as_array().clone();
            Ok(Facts { times, codes: kinds.zip(ours).zip(planned).map(code).collect() })
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
        let code = *self.codes.get(at)?;
        if code & IS_PLANNED != 0 {
            return None;
        }
        Some(Held { at: *self.times.values().get(at)?, kind: Kind::of(code & 3), started: Started::of(code >> 2 & 3) })
    }
}
