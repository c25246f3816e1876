//! Which records have a health: accounts, contacts, open leads, open opportunities (rules H, T5).

use crate::error::Result;
use crate::frames::typed_columns::integers;
use crate::interactions::Context;
use crate::people::{DealState, RecordType, deals_as_of};
use crate::sources::contract;
use crate::time::days_since_epoch;

/// By record number, whether health is computed for it.
///
/// A lead carries no day on which it was closed, so what it is now is taken for what it was.
pub(super) fn open(context: &Context) -> Result<Vec<bool>> {
    let records = &context.people.records;
    let today = days_since_epoch(context.as_of.date);
    let mut open = vec![false; records.table.height()];
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
    let deals = deals_as_of(context.sources, records, today)?;
    for (record, deal) in records.range(RecordType::Opportunity).zip(&deals) {
        open[record as usize] = deal.state == DealState::Open;
    }
    Ok(open)
}
