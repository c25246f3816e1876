//! What won deals like an open one had when they were as old (rules K11, K13).

use super::read::LakeOfDay;
use super::rows::terms;
use crate::error::Result;
use crate::explain::story::ColumnStory;
use crate::similar_deals::at_same_age::median;

/// Tells how many contacts are usual at the age of a deal; false where the lake has no deals like it.
///
/// # Errors
/// What is wrong with the lake.
pub fn tell(lake: &LakeOfDay<'_>, deal: u32, story: &mut ColumnStory) -> Result<bool> {
    let Some(similar) = lake.similar()?.get(&deal) else { return Ok(false) };
    let contacts = similar.contacts();
    let Some(middle) = median(&contacts) else { return Ok(false) };
    let counts: Vec<String> = contacts.iter().map(f64::to_string).collect();
    let told = format!(
        "{} similar won deals had, when they were as old, so many emails, meetings and calls: {}; their median is {middle}",
        contacts.len(),
        terms(&counts, ", ")
    );
    story.recomputed(middle.into(), told);
    Ok(true)
}
