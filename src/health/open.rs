//! Which records have a health: accounts, contacts, open leads, open opportunities (rules H, T5).

use polars::prelude::*;

use crate::error::{Error, Result};
use crate::frames::typed_columns::integers;
use crate::interactions::Context;
use crate::sources::contract;
use crate::time::days_since_epoch;

/// By record number, whether health is computed for it.
///
/// A lead carries no day on which it was closed, so what it is now is taken for what it was.
pub(super) fn open(context: &Context) -> Result<Vec<bool>> {
    let records = &context.people.records;
    let today = days_since_epoch(context.as_of.date);
    let mut open = vec![false; records.table.height()];
    for account in records.range("account") {
        open[account as usize] = context.settings.health.accounts;
    }
    for contact in records.range("contact") {
        open[contact as usize] = true;
    }
    let states = integers(&context.sources.records[contract::LEAD.name], "statecode")?;
    for lead in records.range("lead") {
        open[lead as usize] = states.get(records.rows[lead as usize]).is_none_or(|state| state == 0);
    }
    let deals = &context.sources.records[contract::OPPORTUNITY.name];
    let states = integers(deals, "statecode")?;
    let closed = deals.column("actualclosedate").and_then(|days| days.cast(&DataType::Int32));
    let closed = closed.map_err(Error::engine("reading close dates"))?;
    let closed = closed.i32().map_err(Error::engine("reading close dates"))?;
    for deal in records.range("opportunity") {
        let row = records.rows[deal as usize];
        open[deal as usize] =
            states.get(row).is_none_or(|state| state == 0) || closed.get(row).is_some_and(|day| day > today);
    }
    Ok(open)
}
