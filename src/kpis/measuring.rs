//! What definitions of KPIs may look at: the columns of one interaction, the settings and the working calendar.

use std::sync::Arc;

use polars::prelude::*;

use crate::config::Settings;
use crate::interactions::event::PLANNED;
use crate::interactions::{Context, working_time};
use crate::time::working_time::is_worked;
use crate::time::{AsOf, WorkingTime};

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
    working_time: Option<Arc<WorkingTime>>,
}

impl<'a> Measuring<'a> {
    /// Of the interactions of a run.
    pub fn of(context: &'a Context) -> Measuring<'a> {
        Measuring::at(context.settings, context.as_of)
    }

    /// Under these settings as of a date.
    pub fn at(settings: &'a Settings, as_of: AsOf) -> Measuring<'a> {
        Measuring { settings, working_time: working_time(settings, as_of) }
    }

    /// Under these settings, but without a working calendar.
    #[cfg(test)]
    pub fn under(settings: &'a Settings) -> Measuring<'a> {
        Measuring { settings, working_time: None }
    }

    /// Whether a column of instants lies in working time; none where no working hours are set.
    pub fn in_working_time(&self, instants: Expr) -> Option<Expr> {
        Some(is_worked(instants, self.working_time.clone()?))
    }
}
