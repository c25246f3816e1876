//! The columns of participants as arrays, for loops over single interactions.

use std::ops::Range;

use polars::prelude::*;

use crate::error::{Error, Result};
use crate::interactions::columns::*;
use crate::sources::roles::COPIED_IN;

/// Columns of participants, each in one piece.
pub struct ParticipantColumns {
    interactions: UInt32Chunked,
    who: UInt64Chunked,
    groups: Option<UInt32Chunked>,
    roles: UInt8Chunked,
    declined: <BooleanType as PolarsDataType>::Array,
}

impl ParticipantColumns {
    /// Of the participants or the groups of [`crate::interactions::Participants`].
    pub fn of(frame: &DataFrame) -> Result<ParticipantColumns> {
        let read = || -> PolarsResult<ParticipantColumns> {
            let groups = frame.column("group").and_then(|groups| groups.u32()).ok();
            Ok(ParticipantColumns {
                interactions: frame.column(INTERACTION)?.u32()?.rechunk().into_owned(),
                who: frame.column(WHO)?.u64()?.rechunk().into_owned(),
                groups: groups.map(|groups| groups.rechunk().into_owned()),
                roles: frame.column(ROLE)?.u8()?.rechunk().into_owned(),
                declined: frame.column(DECLINED)?.bool()?.rechunk().downcast_as_array().clone(),
            })
        };
        read().map_err(Error::engine("reading participants"))
    }

    /// All rows, from the first interaction on.
    pub fn rows(&self) -> Result<ParticipantRows<'_>> {
        self.rows_from(0)
    }

    /// The rows of an interaction and all after it.
    pub fn rows_from(&self, interaction: u32) -> Result<ParticipantRows<'_>> {
        let read = || -> PolarsResult<ParticipantRows<'_>> {
            let interactions = self.interactions.cont_slice()?;
            Ok(ParticipantRows {
                interactions,
                who: self.who.cont_slice()?,
                groups: self.groups.as_ref().map_or(Ok(&[][..]), |groups| groups.cont_slice())?,
                roles: self.roles.cont_slice()?,
                declined: &self.declined,
                at: interactions.partition_point(|&number| number < interaction),
            })
        };
        read().map_err(Error::engine("reading participants"))
    }
}

/// Rows of participants, which come in the order of interactions, taken one interaction at a time.
pub struct ParticipantRows<'a> {
    interactions: &'a [u32],
    /// Who it is.
    pub who: &'a [u64],
    /// Which further records they are, where the rows are about that.
    pub groups: &'a [u32],
    /// In which role.
    pub roles: &'a [u8],
    declined: &'a <BooleanType as PolarsDataType>::Array,
    at: usize,
}

impl ParticipantRows<'_> {
    /// Rows of the next interaction; interactions are asked for in order, none is left out.
    pub fn next(&mut self, interaction: u32) -> Range<usize> {
        let begin = self.at;
        while self.interactions.get(self.at) == Some(&interaction) {
            self.at += 1;
        }
        begin..self.at
    }

    /// Whether the participant of a row declined.
    pub fn has_declined(&self, row: usize) -> bool {
        self.declined.get(row) == Some(true)
    }

    /// Whether the participant of a row was there for everybody to see, and did not decline (rule L2).
    pub fn takes_part(&self, row: usize) -> bool {
        self.roles[row] <= COPIED_IN && !self.has_declined(row)
    }
}
