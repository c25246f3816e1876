//! What lists say of a record besides its numbers: names of its owner and account, its state, dates, value and link.

mod columns;

use std::collections::HashMap;

use polars::prelude::*;

use crate::error::{Error, Result};
use crate::frames::typed_columns::{integers, texts};
use crate::people::currencies::{Amounts, Currencies};
use crate::people::{DealState, People, RecordType, created, deals_as_of};
use crate::sources::{Sources, contract};
use crate::time::{AsOf, days_since_epoch};

pub use columns::*;

/// One row per record in the order of their numbers, with the columns named above.
///
/// # Errors
/// Only what the engine runs into.
pub fn of(sources: &Sources, people: &People, as_of: &AsOf, dataverse_url: Option<&str>) -> Result<DataFrame> {
    let records = &people.records;
    let table = &records.table;
    let (types, ids) = (texts(table, "record_type")?, texts(table, "record_id")?);
    let colleagues = &people.directory.colleagues;
    let known = texts(colleagues, "systemuser_id")?.iter().zip(texts(colleagues, "name")?.iter());
    let names: HashMap<&str, &str> = known.filter_map(|(id, name)| Some((id?, name?))).collect();
    let owner: StringChunked = texts(table, "owner_id")?.iter().map(|id| names.get(id?).copied()).collect();
    let url = |(record_type, id): (Option<&str>, Option<&str>)| link(dataverse_url?, record_type?, id?);
    let urls: StringChunked = types.iter().zip(ids.iter()).map(url).collect();
    let mut rows = vec![
        owner.with_name(OWNER_NAME.into()).into_column(),
        account_names(sources, people)?.with_name(ACCOUNT_NAME.into()).into_column(),
        urls.with_name(RECORD_URL.into()).into_column(),
    ];
    rows.extend(states_and_values(sources, people, as_of)?);
    DataFrame::new(table.height(), rows).map_err(Error::engine("what lists say of records"))
}

/// The page of a record in Dataverse; `base` may hold a query, such as the one that names an app.
fn link(base: &str, record_type: &str, id: &str) -> Option<String> {
    let begin = if base.contains('?') { format!("{base}&") } else { format!("{base}/main.aspx?") };
    Some(format!("{begin}pagetype=entityrecord&etn={record_type}&id={id}"))
}

/// The name of the account of contacts and deals, the company of leads; of accounts null.
fn account_names(sources: &Sources, people: &People) -> Result<StringChunked> {
    let records = &people.records;
    let (accounts, names) = (texts(&records.table, "account_id")?, texts(&records.table, "name")?);
    let companies = texts(&sources.records[contract::LEAD.name], "companyname")?;
    let leads = records.range(RecordType::Lead);
    let of = |record: u32| match leads.contains(&record) {
        true => companies.get(records.rows[record as usize]).map(str::trim).filter(|name| !name.is_empty()),
        false => names.get(records.number(RecordType::Account, accounts.get(record as usize)?)? as usize),
    };
    Ok((0..records.table.height() as u32).map(of).collect())
}

/// [`STATE`], [`CREATED_AT`], [`ESTIMATED_CLOSE`], [`CLOSED`], [`VALUE`], [`IN_BASE_CURRENCY`], [`CURRENCY`].
fn states_and_values(sources: &Sources, people: &People, as_of: &AsOf) -> Result<Vec<Column>> {
    let records = &people.records;
    let height = records.table.height();
    let mut states: Vec<Option<&str>> = vec![None; height];
    for (record_type, names) in [(RecordType::Contact, CONTACT_STATES), (RecordType::Lead, LEAD_STATES)] {
        let codes = integers(&sources.records[record_type.name()], "statecode")?;
        records.range(record_type).for_each(|record| {
            let code = codes.get(records.rows[record as usize]).unwrap_or(0);
            states[record as usize] = names.get(code as usize).copied().or(Some(CLOSED_OTHERWISE));
        });
    }
    let deals = deals_as_of(sources, records, days_since_epoch(as_of.date))?;
    let frame = &sources.records[contract::OPPORTUNITY.name];
    let of_deals = records.range(RecordType::Opportunity);
    let rows_of_deals = &records.rows[of_deals.start as usize..of_deals.end as usize];
    let number = |name: &'static str| -> Result<Vec<f64>> {
        let amounts = frame.column(name).and_then(|column| column.f64().cloned());
        let amounts = amounts.map_err(Error::engine(format!("column {name}")))?;
        Ok(rows_of_deals
            .iter()
            .map(|&row| amounts.get(row).filter(|one| one.is_finite()).unwrap_or(f64::NAN))
            .collect())
    };
    let actual = Amounts { own: number("actualvalue")?, base: number("actualvalue_base")? };
    let estimated = Amounts { own: number("estimatedvalue")?, base: number("estimatedvalue_base")? };
    let planned = frame.column("estimatedclosedate").and_then(|days| days.cast(&DataType::Int32));
    let planned = planned.map_err(Error::engine("reading close dates"))?;
    let planned = planned.i32().map_err(Error::engine("reading close dates"))?;
    let currency_ids = texts(frame, "transactioncurrencyid")?;
    let of_deals: StringChunked = rows_of_deals.iter().map(|&row| currency_ids.get(row)).collect();
    let currencies = Currencies::of(&of_deals, [&actual, &estimated]);
    let (mut due, mut closed, mut values) = (vec![None; height], vec![None; height], vec![None; height]);
    let (mut in_base, mut currency): (Vec<Option<bool>>, Vec<Option<&str>>) = (vec![None; height], vec![None; height]);
    for ((record, deal), number) in records.range(RecordType::Opportunity).zip(&deals).zip(0..) {
        let (at, row) = (record as usize, records.rows[record as usize]);
        states[at] = Some(deal.state.name());
        (due[at], closed[at], currency[at]) = (planned.get(row), deal.closed_on, currency_ids.get(row));
        let is_paid = deal.state == DealState::Won && actual.is_known(number);
        let (value, its_currency) = currencies.worth(if is_paid { &actual } else { &estimated }, number);
        if value.is_finite() {
            (values[at], in_base[at]) = (Some(value), Some(its_currency.is_base()));
        }
    }
    let typed = |column: Column, dtype: DataType| {
        let name = column.name().clone();
        column.cast(&dtype).map_err(Error::engine(format!("column {name}")))
    };
    let instant = DataType::Datetime(TimeUnit::Microseconds, None);
    Ok(vec![
        Column::new(STATE.into(), states),
        typed(Column::new(CREATED_AT.into(), created(sources, records)?), instant)?,
        typed(Column::new(ESTIMATED_CLOSE.into(), due), DataType::Date)?,
        typed(Column::new(CLOSED.into(), closed), DataType::Date)?,
        Column::new(VALUE.into(), values),
        Column::new(IN_BASE_CURRENCY.into(), in_base),
        Column::new(CURRENCY.into(), currency),
    ])
}

/// States of contacts and leads by their codes.
const CONTACT_STATES: &[&str] = &["active", "inactive"];
const LEAD_STATES: &[&str] = &["open", "qualified", "disqualified"];
/// What was closed in a state that Dynamics does not document.
const CLOSED_OTHERWISE: &str = "closed";

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn links_lead_to_a_record_in_any_app_or_in_one() {
        let of = |base| link(base, "lead", "1");
        let page = "pagetype=entityrecord&etn=lead&id=1";
        assert_eq!(of("https://x.example"), Some(format!("https://x.example/main.aspx?{page}")));
        let app = "https://x.example/main.aspx?appid=7";
        assert_eq!(of(app), Some(format!("{app}&{page}")));
    }
}
