//! Which records have a health: accounts, contacts, open leads, open opportunities (rules H, T5).

use crate::error::Result;
use crate::frames::typed_columns::{instants, integers};
use crate::interactions::Context;
use crate::people::{DealState, RecordType, deals_as_of};
use crate::sources::contract;
use crate::time::{AsOf, days_since_epoch};

/// By record number, whether health is computed for it.
///
/// A lead carries no day on which it was closed, so what it is now is taken for what it was.
/// What came to be after the day is not open.
pub(super) fn open(context: &Context, as_of: &AsOf) -> Result<Vec<bool>> {
    let records = &context.people.records;
    let today = days_since_epoch(as_of.date);
    let mut open = vec![false; records.table.height()];
    let mut later = vec![false; open.len()];
    for account in records.range(RecordType::Account) {
        open[account as usize] = context.settings.health.accounts;
    }
    for contact in records.range(RecordType::Contact) {
        open[contact as usize] = true;
    }
    let states = integers(&context.sources.records[contract::LEAD.name], "statecode")?;
    for lead in records.range(RecordType::Lead) {
        open[lead as usize] = states.get(records.rows[lead as usize]).is_none_or(|state| state == 0);
    }
    for record_type in RecordType::ALL {
        let created = instants(&context.sources.records[record_type.name()], "createdon")?;
        for record in records.range(record_type) {
            let is_later = created.get(records.rows[record as usize]).is_some_and(|at| at >= as_of.cutoff());
            later[record as usize] = is_later;
        }
    }
    let deals = deals_as_of(context.sources, records, today)?;
    for (record, deal) in records.range(RecordType::Opportunity).zip(&deals) {
        open[record as usize] = deal.state == DealState::Open;
    }
    open.iter_mut().zip(later).for_each(|(open, later)| *open &= !later);
    Ok(open)
}
