//! The events of one kind of interaction, before it is decided which of them count.

use polars::prelude::*;

use super::source_rows::SourceRows;

/// Events of one kind, and where they come from.
pub struct EventsOfKind {
    /// One row per event, see [`super::event::columns`].
    pub events: DataFrame,
    /// `event`, `who`, `role`, `declined`: who took part by other sources than parties of tracked activities.
    pub participants: Vec<DataFrame>,
    /// Where the rows of its table of tracked activities went.
    pub tracked: SourceRows,
    /// Where the rows of Exchange went.
    pub copies: Option<SourceRows>,
}
