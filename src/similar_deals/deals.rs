//! Deals as of a date: which are open, won and lost, and what they may be compared by (rules T5, S3).

use std::collections::HashMap;

use polars::prelude::*;

use super::columns::{candidate, days_to_quarter_end, durations};
use super::factors::{Candidate, FactorKind, Values};
use super::standard::{ACCOUNT, Compared, OPPORTUNITY, is_custom, is_forbidden};
use crate::config::CustomColumns;
use crate::error::{Error, Result};
use crate::frames::typed_columns::{instants, texts};
use crate::interactions::Context;
use crate::people::currencies::{Amounts, Currencies, Currency};
use crate::people::{DealState, RecordType, deals_as_of};
use crate::sources::contract::{self, SourceColumn};
use crate::sources::{Lake, further_columns};
use crate::time::days_since_epoch;

/// Columns of deals and customers that are read in addition to what every job reads.
pub struct DealColumns {
    opportunity: DataFrame,
    account: DataFrame,
    /// Warnings about columns that the job names but that are missing or never allowed.
    pub warnings: Vec<String>,
}

/// Reads standard and custom columns.
///
/// # Errors
/// Whatever is wrong with the two tables.
pub fn read(lake: &Lake, custom: &CustomColumns) -> Result<DealColumns> {
    let standard = |columns: &[(SourceColumn, Compared)]| columns.iter().map(|(column, _)| *column).collect::<Vec<_>>();
    let of = |table: &contract::SourceTable, known: &[SourceColumn]| {
        further_columns(lake, table, known, &|column| match custom {
            CustomColumns::Auto => is_custom(column),
            CustomColumns::Named(names) => {
                !is_forbidden(column) && names.iter().any(|name| *name == format!("{}.{column}", table.name))
            }
        })
    };
    let (opportunity, misread) = of(&contract::OPPORTUNITY, &standard(&OPPORTUNITY))?;
    let (account, further) = of(&contract::ACCOUNT, &standard(&ACCOUNT))?;
    let mut warnings: Vec<String> = misread.iter().chain(&further).map(ToString::to_string).collect();
    if let CustomColumns::Named(names) = custom {
        for name in names {
            let (table, column) = name.split_once('.').unwrap_or(("opportunity", name));
            let frame = if table == "account" { &account } else { &opportunity };
            if is_forbidden(column) {
                warnings.push(format!("custom_columns: {name} is left out: it is only known after closing"));
            } else if frame.column(column).is_err() {
                warnings.push(format!("custom_columns: the lake has no column {name} of a type that can be compared"));
            }
        }
    }
    Ok(DealColumns { opportunity, account, warnings })
}

/// Whether and how a deal had ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DealOutcome {
    /// Not yet.
    Open,
    /// Won.
    Won,
    /// Lost.
    Lost,
}

/// Every deal known at the date, in the order of ids: number `i` is record `first + i`.
pub struct Deals {
    /// Record of the first deal.
    pub first: u32,
    /// As of the date.
    pub state: Vec<DealOutcome>,
    /// Day of creation in the reporting zone.
    pub created: Vec<Option<i32>>,
    /// Day of closing, of closed deals that have one.
    pub closed: Vec<Option<i32>>,
    /// What a won deal was worth, or an open one is estimated to be; NaN where unknown and on lost ones.
    pub value: Vec<f64>,
    /// What the value is in.
    pub currency: Vec<Currency>,
    /// What they may be compared by.
    pub candidates: Vec<Candidate>,
}

/// Deals as of the date of `context`.
///
/// # Errors
/// Only what the engine runs into.
pub fn known(context: &Context, columns: &DealColumns) -> Result<Deals> {
    let records = &context.people.records;
    let range = records.range(RecordType::Opportunity);
    let rows: Vec<usize> = range.clone().map(|record| records.rows[record as usize]).collect();
    let frame = &context.sources.records[contract::OPPORTUNITY.name];
    let as_of_day = days_since_epoch(context.as_of.date);
    let as_of = deals_as_of(context.sources, records, as_of_day)?;
    let closed: Vec<Option<i32>> = as_of.iter().map(|deal| deal.closed_on).collect();
    let state = as_of.iter().map(|deal| match deal.state {
        DealState::Won => DealOutcome::Won,
        DealState::Lost => DealOutcome::Lost,
        DealState::Open | DealState::Ended => DealOutcome::Open,
    });
    let state: Vec<DealOutcome> = state.collect();
    let created = local_days(context, instants(frame, "createdon")?, &rows);

    let ids = texts(&records.table, "record_id")?;
    let accounts = texts(&records.table, "account_id")?;
    let owners = texts(&records.table, "owner_id")?;
    let of_record = |column: &StringChunked| -> Vec<Option<String>> {
        range.clone().map(|record| column.get(record as usize).map(str::to_string)).collect()
    };
    let (deal_ids, account_ids) = (of_record(ids), of_record(accounts));
    let opportunity = aligned(&columns.opportunity, "opportunityid", &deal_ids)?;
    let account = aligned(&columns.account, "accountid", &account_ids)?;

    let number = |name: &str| -> Result<Vec<f64>> {
        let doing = || Error::engine(format!("column {name}"));
        let column = opportunity.column(name).map_err(doing())?;
        Ok(column.f64().map_err(doing())?.iter().map(|value| value.unwrap_or(f64::NAN)).collect())
    };
    let actual = Amounts { own: number("actualvalue")?, base: number("actualvalue_base")? };
    let estimated = Amounts { own: number("estimatedvalue")?, base: number("estimatedvalue_base")? };
    let currencies = Currencies::of(texts(&opportunity, "transactioncurrencyid")?, [&actual, &estimated]);
    let worth = (0..rows.len()).map(|deal| match state[deal] {
        DealOutcome::Won if actual.is_known(deal) => currencies.worth(&actual, deal),
        DealOutcome::Lost => (f64::NAN, Currency::Own(None)),
        DealOutcome::Won | DealOutcome::Open => currencies.worth(&estimated, deal),
    });
    let (value, currency) = worth.unzip();

    // Dates of a deal count only up to the date of the run, and for a closed deal up to its end.
    let known_until = |deal: usize| closed[deal].unwrap_or(as_of_day);
    let choice =
        |name: &str, values| Candidate { name: name.into(), kind: FactorKind::Category, values: Values::Texts(values) };
    let mut candidates = vec![choice(OWNER, of_record(owners)), choice(CUSTOMER, account_ids)];
    candidates.push(days_to_quarter_end(&created));
    for (frame, standard, prefix) in [(&opportunity, &OPPORTUNITY[..], ""), (&account, &ACCOUNT[..], ACCOUNT_PREFIX)] {
        for column in frame.columns() {
            let name = format!("{prefix}{}", column.name());
            let how = standard.iter().find(|(known, _)| known.name == column.name().as_str()).map(|(_, how)| *how);
            if column.name().as_str() == "estimatedvalue" {
                let values = Values::Numbers(estimated.comparable());
                candidates.push(Candidate { name, kind: FactorKind::Number, values });
            } else if !matches!(column.name().as_str(), "opportunityid" | "accountid") {
                candidates.extend(compared(&name, column, how, &created, &known_until)?);
            }
        }
    }
    Ok(Deals { first: range.start, state, created, closed, value, currency, candidates })
}

impl Deals {
    /// Whether a deal's value is known.
    pub fn is_known(&self, deal: usize) -> bool {
        !self.value[deal].is_nan()
    }
}

/// Names of the factors that every deal has.
pub const OWNER: &str = "ownerid";
/// The customer.
pub const CUSTOMER: &str = "account";
const ACCOUNT_PREFIX: &str = "account.";

fn compared(
    name: &str,
    column: &Column,
    how: Option<Compared>,
    created: &[Option<i32>],
    known_until: &dyn Fn(usize) -> i32,
) -> Result<Option<Candidate>> {
    let doing = || Error::engine(format!("column {name}"));
    Ok(match how {
        None | Some(Compared::AsNumber) => candidate(name, column, created, known_until)?,
        Some(Compared::Not) => None,
        Some(Compared::AsChoice) => {
            let texts = column.str().map_err(doing())?.iter();
            let text = |text: &str| text.trim().trim_matches(['{', '}']).to_lowercase();
            let values = texts.map(|value| value.map(text).filter(|value| !value.is_empty())).collect();
            Some(Candidate { name: name.into(), kind: FactorKind::Category, values: Values::Texts(values) })
        }
        Some(Compared::AsPresence) => {
            let there = column.is_not_null();
            let values = there.iter().map(|there| (there == Some(true)).then(|| "yes".to_string())).collect();
            Some(Candidate { name: name.into(), kind: FactorKind::Category, values: Values::Texts(values) })
        }
        Some(Compared::AsPlannedDay) => {
            let days = column.cast(&DataType::Int32).map_err(doing())?;
            let days = durations(days.i32().map_err(doing())?.iter(), created);
            Some(Candidate { name: name.into(), kind: FactorKind::Duration, values: days })
        }
    })
}

fn local_days(context: &Context, instants: &Int64Chunked, rows: &[usize]) -> Vec<Option<i32>> {
    let zone = context.as_of.timezone;
    let day = |&row: &usize| {
        let utc = chrono::DateTime::from_timestamp_micros(instants.get(row)?)?;
        Some(days_since_epoch(utc.with_timezone(&zone).date_naive()))
    };
    rows.iter().map(day).collect()
}

/// One row per deal: the row of `frame` with its id, nulls where there is none.
fn aligned(frame: &DataFrame, id: &str, ids: &[Option<String>]) -> Result<DataFrame> {
    let known = texts(frame, id)?;
    let rows: HashMap<&str, IdxSize> =
        known.iter().enumerate().filter_map(|(row, id)| Some((id?, row as IdxSize))).collect();
    let rows: IdxCa = ids.iter().map(|id| rows.get(id.as_deref()?).copied()).collect();
    frame.take(&rows).map_err(Error::engine("columns of deals"))
}
