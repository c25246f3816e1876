//! What similar won deals had when they were as old as an open one, for the sentences about open deals (rule K11).

use std::collections::HashMap;

use super::comparison::{Comparison, DealComparison, compare};
use super::deals::{self, DealColumns, Deals};
use super::kpis_at_age::{INTERACTIONS, KpisAtAge, METRICS, Moment};
use super::opportunity_benchmarks::at_age_of;
use crate::error::Result;
use crate::interactions::{Context, Interactions};
use crate::time::days_since_epoch;

/// What similar won deals had at the same age, deal by deal; empty where fewer than half of them have a value.
#[derive(Clone, Debug, Default)]
pub struct AtSameAge {
    /// Emails, meetings and calls, both directions.
    pub counts: [Vec<f64>; 3],
    /// Median hours to our answer.
    pub response_hours_by_us: Vec<f64>,
    /// Share of our emails that were answered.
    pub response_rate_by_them: Vec<f64>,
    /// Minutes that we spent.
    pub minutes_by_us: Vec<f64>,
}

impl AtSameAge {
    /// How many emails, meetings and calls each of them had together, the fewest first.
    pub fn contacts(&self) -> Vec<f64> {
        let [emails, meetings, calls] = &self.counts;
        let all = emails.iter().zip(meetings).zip(calls);
        let mut contacts: Vec<f64> = all.map(|((emails, meetings), calls)| emails + meetings + calls).collect();
        contacts.sort_by(f64::total_cmp);
        contacts
    }
}

/// The median of values; of two in the middle their mean.
pub fn median(values: &[f64]) -> Option<f64> {
    let mut values = values.to_vec();
    values.sort_by(f64::total_cmp);
    let middle = values.len().checked_sub(1)?;
    Some((values[middle / 2] + values[middle.div_ceil(2)]) / 2.0)
}

/// By record, what the similar won deals had of each open deal that has any as of the date.
///
/// # Errors
/// Only what the engine runs into.
pub fn of_open_deals(
    context: &Context,
    interactions: &Interactions,
    columns: &DealColumns,
) -> Result<HashMap<u32, AtSameAge>> {
    let settings = &context.settings.similar_deals;
    let deals = deals::known(context, columns)?;
    let comparisons = compare(&deals, settings, days_since_epoch(context.as_of.date));
    let lists = || comparisons.lists.iter().filter(|list| list.comparison == Comparison::Similar);
    let all = lists().flat_map(|list| moments(context, &deals, list)).collect();
    let kpis_at_age = KpisAtAge::of(context, interactions, all)?;
    let of_list = |list: &DealComparison| {
        let values = moments(context, &deals, list).map(|moment| kpis_at_age.at(moment)).collect::<Vec<_>>();
        (deals.first + list.deal as u32, at_same_age(&values))
    };
    Ok(lists().map(of_list).collect())
}

/// When the won deals of a list were as old as the open one.
fn moments<'a>(context: &'a Context, deals: &'a Deals, list: &'a DealComparison) -> impl Iterator<Item = Moment> + 'a {
    list.entries.iter().map(move |entry| at_age_of(context, deals, list.deal, entry.won))
}

fn at_same_age(deals: &[Vec<f64>]) -> AtSameAge {
    let of = |metric: &str| -> Vec<f64> {
        let place = std::iter::once(INTERACTIONS).chain(METRICS).position(|name| name == metric);
        place.map(|place| deals.iter().map(|values| values[place]).collect()).unwrap_or_default()
    };
    let known = |values: Vec<f64>| -> Vec<f64> {
        let known: Vec<f64> = values.into_iter().filter(|value| !value.is_nan()).collect();
        // What fewer than half of the deals have does not describe such deals.
        if known.len() * 2 < deals.len() { Vec::new() } else { known }
    };
    let both = |one, other| known(of(one).into_iter().zip(of(other)).map(|(one, other)| one + other).collect());
    AtSameAge {
        counts: [
            both("emails_sent", "emails_received"),
            both("meetings_sent", "meetings_received"),
            both("phone_calls_made", "phone_calls_received"),
        ],
        response_hours_by_us: known(of("median_first_response_hours_by_us")),
        response_rate_by_them: known(of("response_rate_by_them")),
        minutes_by_us: known(of("minutes_spent_by_us")),
    }
}
