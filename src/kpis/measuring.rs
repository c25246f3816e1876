//! What definitions of KPIs may look at: the columns of one interaction, the settings and the working calendar.

use polars::prelude::*;

use crate::config::Settings;
use crate::interactions::Context;
use crate::interactions::event::PLANNED;

/// Whether an interaction is held; only then it counts.
pub const HELD: &str = "held";
/// How many colleagues were present at an interaction.
pub const COLLEAGUES: &str = "colleagues";
/// How many external people were present at an interaction.
pub const EXTERNAL_PEOPLE: &str = "external_people";

/// [`HELD`], from the columns of interactions.
pub fn held() -> Expr {
    col(PLANNED).eq_missing(lit(false)).alias(HELD)
}

/// What definitions may ask for besides columns: those of [`crate::interactions::event`], [`HELD`], `COLLEAGUES`
/// and `EXTERNAL_PEOPLE`.
pub struct Measuring<'a> {
    /// The settings of the run.
    pub settings: &'a Settings,
    context: Option<&'a Context<'a>>,
}

impl<'a> Measuring<'a> {
    /// Of the interactions of a run.
    pub fn of(context: &'a Context) -> Measuring<'a> {
        Measuring { settings: context.settings, context: Some(context) }
    }

    /// Under these settings, but without a working calendar.
    #[cfg(test)]
    pub fn under(settings: &'a Settings) -> Measuring<'a> {
        Measuring { settings, context: None }
    }

    /// Whether a column of instants lies in working time; none where no working hours are set.
    pub fn in_working_time(&self, instants: Expr) -> Option<Expr> {
        self.context?.in_working_time(instants)
    }
}
