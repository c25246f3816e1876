//! Means over similar won deals at the same age, for the sentences about open deals (rule K11).

use std::collections::HashMap;

use super::at_age::{INTERACTIONS, METRICS, Moment, Standings};
use super::benchmarks::at_age_of;
use super::comparison::{Comparison, compare};
use super::deals::{self, DealColumns};
use crate::error::Result;
use crate::interactions::{Context, Interactions};
use crate::time::days_since_epoch;

/// Means over similar won deals at the same age, NaN where unknown.
#[derive(Clone, Copy, Debug)]
pub struct Similar {
    /// Emails, meetings, calls, both directions.
    pub counts: [f64; 3],
    /// Mean hours to our answer.
    pub response_hours_by_us: f64,
    /// Share of our emails that were answered.
    pub response_rate_by_them: f64,
    /// Minutes that we spent.
    pub minutes_by_us: f64,
}

/// By record, the means over the similar won deals of each open deal that has any as of the date; NaN
/// where fewer than half of them have a value.
///
/// # Errors
/// Only what the engine runs into.
pub fn of_open_deals(
    context: &Context,
    interactions: &Interactions,
    columns: &DealColumns,
) -> Result<HashMap<u32, Similar>> {
    let settings = &context.settings.similar_deals;
    let deals = deals::known(context, columns)?;
    let comparisons = compare(&deals, settings, days_since_epoch(context.as_of.date));
    let lists = || comparisons.lists.iter().filter(|list| list.comparison == Comparison::Similar);
    let moments: Vec<Moment> = lists()
        .flat_map(|list| list.entries.iter().map(|entry| at_age_of(context, &deals, list.deal, entry.won)))
        .collect();
    let standings = Standings::of(context, interactions, moments)?;
    let mean = |values: &[Vec<f64>], metric: &str| {
        let place = std::iter::once(INTERACTIONS).chain(METRICS).position(|name| name == metric);
        let known = values.iter().filter_map(|values| place.map(|place| values[place])).filter(|value| !value.is_nan());
        let known: Vec<f64> = known.collect();
        // A mean that is known for fewer than half of the deals does not describe such deals.
        if known.len() * 2 < values.len() {
            return f64::NAN;
        }
        known.iter().sum::<f64>() / known.len() as f64
    };
    Ok(lists()
        .map(|list| {
            let entries = list.entries.iter();
            let values: Vec<Vec<f64>> =
                entries.map(|entry| standings.at(at_age_of(context, &deals, list.deal, entry.won))).collect();
            let both = |one, other| mean(&values, one) + mean(&values, other);
            let similar = Similar {
                counts: [
                    both("emails_sent", "emails_received"),
                    both("meetings_sent", "meetings_received"),
                    both("phone_calls_made", "phone_calls_received"),
                ],
                response_hours_by_us: mean(&values, "avg_first_response_hours_by_us"),
                response_rate_by_them: mean(&values, "response_rate_by_them"),
                minutes_by_us: mean(&values, "minutes_spent_by_us"),
            };
            (deals.first + list.deal as u32, similar)
        })
        .collect())
}
