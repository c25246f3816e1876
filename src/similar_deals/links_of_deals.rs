//! The interactions of some deals, deal by deal.

use crate::error::{Error, Result};
use crate::interactions::columns::{INTERACTION, RECORD};
use crate::interactions::interaction_view::Facts;
use crate::interactions::{Context, Interactions};
use crate::people::RecordType;
use crate::scratch::List;

/// Held interactions of deals, those of a deal in their order.
pub(super) struct LinksOfDeals {
    /// Number of the first deal.
    first: u32,
    /// Where the interactions of each deal begin, and the end.
    starts: Vec<usize>,
    interactions: List<u32>,
}

impl LinksOfDeals {
    /// Of the deals with these numbers; all others have none.
    ///
    /// # Errors
    /// A disk that is full, where memory is limited.
    pub fn of(context: &Context, interactions: &Interactions, deals: &[u32]) -> Result<LinksOfDeals> {
        let range = context.people.records.range(RecordType::Opportunity);
        let mut is_wanted = vec![false; range.len()];
        deals.iter().for_each(|deal| is_wanted[(deal - range.start) as usize] = true);
        let facts = Facts::of(&interactions.table)?;
        let link = |name: &str| interactions.links.column(name).and_then(|column| column.u32()?.cont_slice());
        let link = |name| link(name).map_err(Error::engine("reading links"));
        let (records, numbers) = (link(RECORD)?, link(INTERACTION)?);
        let scratch = &interactions.scratch;
        let (mut of, mut held) = (scratch.list()?, scratch.list()?);
        for (&record, &number) in records.iter().zip(numbers) {
            if range.contains(&record) && is_wanted[(record - range.start) as usize] && facts.held(number).is_some() {
                of.push(record - range.start);
                held.push(number);
            }
        }
        let (of, held) = (of.finish()?, held.finish()?);
        let (mut starts, mut by_deal) = (Vec::with_capacity(range.len() + 1), scratch.list()?);
        let mut before = 0;
        scratch.in_shares(range.len(), &of, &held, |share| {
            for deal in 0..share.count() as u32 {
                starts.push(before);
                by_deal.extend(share.of(deal).iter().copied());
                before += share.of(deal).len();
            }
        });
        starts.push(before);
        Ok(LinksOfDeals { first: range.start, starts, interactions: by_deal.finish()? })
    }

    /// Those of a deal.
    pub fn of_deal(&self, record: u32) -> &[u32] {
        let deal = (record - self.first) as usize;
        &self.interactions[self.starts[deal]..self.starts[deal + 1]]
    }
}
