//! Interactions of the lake as an explanation lists them: those that count, with what they add, and those that do not.

use super::read::LakeOfDay;
use crate::explain::kpis::interaction;
use crate::explain::story::{ColumnStory, InteractionStory};
use crate::interactions::interaction_view::Started;

/// Interactions and what each of them has to do with a value.
#[derive(Default)]
pub struct ListedInteractions {
    rows: Vec<InteractionStory>,
}

impl ListedInteractions {
    /// An interaction that adds so much.
    pub fn count(&mut self, lake: &LakeOfDay<'_>, number: u32, amount: f64) -> &mut InteractionStory {
        self.add(InteractionStory { counts: Some(true), amount: Some(amount), ..plain(lake, number) })
    }

    /// An interaction that does not count.
    pub fn leave_out(&mut self, lake: &LakeOfDay<'_>, number: u32, why_not: &str) -> &mut InteractionStory {
        self.add(InteractionStory { counts: Some(false), why_not: Some(why_not.to_string()), ..plain(lake, number) })
    }

    /// How many count.
    pub fn counted(&self) -> usize {
        self.rows.iter().filter(|row| row.counts == Some(true)).count()
    }

    /// Lists them, those that count first, each by time.
    pub fn list(mut self, story: &mut ColumnStory) {
        let counted = self.counted();
        story.counted = Some(counted);
        story.not_counted = Some(self.rows.len() - counted);
        self.rows.sort_by(|one, other| {
            let key = |row: &InteractionStory| (row.counts != Some(true), row.occurred_at.clone());
            key(one).cmp(&key(other))
        });
        story.rows = self.rows;
    }

    fn add(&mut self, row: InteractionStory) -> &mut InteractionStory {
        let at = self.rows.len();
        self.rows.push(row);
        &mut self.rows[at]
    }
}

/// An interaction as it is told.
pub fn plain(lake: &LakeOfDay<'_>, number: u32) -> InteractionStory {
    interaction(&lake.interactions.table, number as usize)
}

/// The published word for who started an interaction.
pub fn direction(started: Started) -> Option<&'static str> {
    match started {
        Started::ByUs => Some("outbound"),
        Started::ByThem => Some("inbound"),
        Started::Unknown => None,
    }
}

/// Terms of a sum, all where they are few.
pub fn terms(terms: &[String], between: &str) -> String {
    const MOST: usize = 8;
    match terms.len() {
        0 => "0".to_string(),
        count if count <= MOST => terms.join(between),
        count => format!("{}{between}… ({count} in all)", terms[..MOST].join(between)),
    }
}
