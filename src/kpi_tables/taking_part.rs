//! Who took part in each interaction that counts for ranks of people (rule K10).

use super::ranked_people::People;
use crate::error::Result;
use crate::interactions::interaction_view::Facts;
use crate::interactions::people::view::ParticipantColumns;
use crate::interactions::record_shards::ByInteraction;
use crate::interactions::{Context, Interactions, Kind};
use crate::people::RecordType;
use crate::people::person_key::{self, colleague_number as colleague};
use crate::scratch::List;

/// No colleague took part.
const NOBODY: u32 = u32::MAX;

/// Who took part in each interaction that counts.
pub struct TakingPart {
    /// What was held when.
    pub facts: Facts,
    customers: ByInteraction,
    colleagues: ByInteraction,
    /// By interaction, the colleague with the strongest role, of several the one with the smallest id.
    main: List<u32>,
}

impl TakingPart {
    /// Of all interactions.
    ///
    /// # Errors
    /// Only what the engine runs into.
    pub fn of(context: &Context, interactions: &Interactions) -> Result<TakingPart> {
        let facts = Facts::of(&interactions.table)?;
        let counts = |interaction: u32| facts.held(interaction).is_some_and(|held| held.kind != Kind::Task);
        let people = ParticipantColumns::of(&interactions.participants.people)?;
        let mut whose = people.rows()?;
        let scratch = &interactions.scratch;
        let mut main_colleagues = scratch.list()?;
        let (customers, colleagues) = scratch.join(
            || customers_by_interaction(context, interactions, &counts),
            || {
                ByInteraction::of_each(facts.count(), scratch, |interaction, found| {
                    let present = whose.next(interaction).filter(|&row| counts(interaction) && whose.takes_part(row));
                    let colleagues = present.filter_map(|row| Some((whose.roles[row], colleague(whose.who[row])?)));
                    let mut main = (u8::MAX, NOBODY);
                    found.extend(colleagues.inspect(|&one| main = main.min(one)).map(|(_, user)| user));
                    main_colleagues.push(main.1);
                })
            },
        );
        Ok(TakingPart { facts, customers: customers?, colleagues: colleagues?, main: main_colleagues.finish()? })
    }

    /// Contacts and leads.
    pub(super) fn customers<'a>(&'a self, context: &Context, order: &'a (dyn Fn(u32) -> u32 + Sync)) -> People<'a> {
        let count = context.people.records.table.height();
        People { of: &self.customers, count, main: &self.main, order }
    }

    /// Our side.
    pub(super) fn colleagues(&self, context: &Context) -> People<'_> {
        let count = context.people.directory.colleague_numbers.len();
        People { of: &self.colleagues, count, main: &self.main, order: &|user| user }
    }

    /// The numbers of contacts and leads, or of colleagues, in an interaction.
    pub fn of_interaction(&self, interaction: u32, is_customers: bool) -> &[u32] {
        if is_customers { &self.customers } else { &self.colleagues }.of(interaction)
    }

    /// The colleague with the strongest role in an interaction, where one took part.
    pub fn main_colleague(&self, interaction: u32) -> Option<u32> {
        Some(self.main[interaction as usize]).filter(|&user| user != NOBODY)
    }
}

/// The contacts and leads who take part in each interaction that counts.
pub fn customers_by_interaction(
    context: &Context,
    interactions: &Interactions,
    counts: &(dyn Fn(u32) -> bool + Sync),
) -> Result<ByInteraction> {
    let records = &context.people.records;
    let (contacts, leads) = (records.range(RecordType::Contact), records.range(RecordType::Lead));
    let people = ParticipantColumns::of(&interactions.participants.people)?;
    let groups = ParticipantColumns::of(&interactions.participants.groups)?;
    let members = context.people.directory.group_members()?;
    let (mut who, mut further) = (people.rows()?, groups.rows()?);
    ByInteraction::of_each(interactions.table.height() as u32, &interactions.scratch, |interaction, found| {
        let (rows, groups) = (who.next(interaction), further.next(interaction));
        if !counts(interaction) {
            return;
        }
        let contact = |who: u64| person_key::record(who).filter(|record| contacts.contains(record));
        let present = rows.filter(|&row| who.takes_part(row));
        found.extend(present.filter_map(|row| contact(who.who[row])));
        // People who are not contacts may match several leads.
        let present = groups.filter(|&row| further.takes_part(row) && contact(further.who[row]).is_none());
        let records = present.flat_map(|row| &members[further.groups[row] as usize]);
        found.extend(records.filter(|record| leads.contains(record)));
    })
}
