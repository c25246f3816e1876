//! What explanations are made of.

use super::lake::read::LakeOfDay;
use crate::config::Settings;
use crate::publish::Outputs;
use crate::time::AsOf;

/// What explanations are made of.
pub struct ExplanationSources<'a> {
    /// Where published tables lie; what was computed instead of read is among them.
    pub outputs: &'a Outputs,
    /// The settings under which a run would compute the table now.
    pub settings: &'a Settings,
    /// The day.
    pub as_of: AsOf,
    /// The lake as of the day; none where it is not to be read.
    pub lake: Option<&'a LakeOfDay<'a>>,
}
