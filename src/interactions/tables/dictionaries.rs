//! Dictionaries of the texts that published rows repeat: names, and ids of records and interactions.

use std::sync::Arc;

use polars::prelude::*;

use crate::error::{Error, Result};
use crate::frames::typed;
use crate::interactions::event::*;
use crate::interactions::record_links::LINK_REASONS;
use crate::interactions::{Context, Interactions};
use crate::people::RecordType;
use crate::table::Texts;

/// What a table calls its rows' status, by whether they are planned.
pub const STATUSES: [&str; 2] = ["held", "planned"];

/// Dictionaries for the tables of one day.
pub struct Dictionaries {
    /// By number of the record.
    pub records: Arc<Texts>,
    /// By place among the types of record.
    pub record_types: Arc<Texts>,
    /// By kind.
    pub kinds: Arc<Texts>,
    /// Started by us, or not.
    pub directions: Arc<Texts>,
    /// Held, planned.
    pub statuses: Arc<Texts>,
    /// By why an interaction counts for a record.
    pub reasons: Arc<Texts>,
}

impl Dictionaries {
    /// Of the records of a day.
    pub fn of(context: &Context) -> Result<Dictionaries> {
        let doing = || Error::engine("texts of published tables");
        let directions = df!(OURS => [true, false]).map_err(doing())?.lazy().select([direction_name(col(OURS))]);
        let directions = directions.collect().map_err(doing())?;
        Ok(Dictionaries {
            records: Texts::of(context.people.records.table.column("record_id").map_err(doing())?)?,
            record_types: Texts::known(&RecordType::ALL.map(RecordType::name)),
            kinds: Texts::known(&KINDS),
            directions: Texts::of(&directions.columns()[0])?,
            statuses: Texts::known(&STATUSES),
            reasons: Texts::known(&LINK_REASONS),
        })
    }

    /// For columns of records' types and numbers.
    pub fn of_records(&self) -> Vec<(&'static str, Arc<Texts>)> {
        vec![("record_type", self.record_types.clone()), ("record_id", self.records.clone())]
    }
}

/// The ids of interactions by their number.
pub fn ids(interactions: &Interactions) -> Result<Arc<Texts>> {
    Texts::of(interactions.table.column(INTERACTION_ID).map_err(Error::engine("texts of published tables"))?)
}

/// Place of a record's type among [`RecordType::ALL`], of a column of numbers.
pub fn type_place(context: &Context, record: Expr) -> Expr {
    let first = &context.people.records.first[1..4];
    let reached = |first: &u32| record.clone().gt_eq(typed(*first)).cast(DataType::UInt32);
    first.iter().map(reached).fold(typed(0u32), |place, reached| place + reached)
}
