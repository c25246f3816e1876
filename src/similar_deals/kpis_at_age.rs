//! KPIs of deals as they stood at an instant: what a won deal looked like at the age an open one has.

use polars::prelude::*;

use super::links_of_deals::LinksOfDeals;
use crate::error::{Error, Result};
use crate::frames::{collect, shares, side_by_side};
use crate::interactions::columns::*;
use crate::interactions::record_shards::RecordShard;
use crate::interactions::reply_runs::ANSWERED_AT;
use crate::interactions::{Context, Interactions};
use crate::kpis::evaluate::{Contributions, Plan, add_up_until};
use crate::kpis::{Kpi, Measuring, kpis, ratios};
use crate::scratch::List;
use crate::time::DAY;

/// Number of held interactions of any kind.
pub const INTERACTIONS: &str = "interactions";

/// KPIs that deals are compared in, in the order of columns; the definitions are those of the daily tables.
pub const METRICS: [&str; 15] = [
    "emails_sent",
    "emails_received",
    "meetings_sent",
    "meetings_received",
    "phone_calls_made",
    "phone_calls_received",
    "response_rate_by_us",
    "response_rate_by_them",
    "avg_first_response_hours_by_us",
    "avg_first_response_hours_by_them",
    "minutes_spent_by_us",
    "minutes_spent_by_them",
    "face_time_minutes",
    "median_first_response_hours_by_us",
    "median_first_response_hours_by_them",
];

/// A number where it is known: unknown KPIs are NaN.
pub(super) fn known(value: f64) -> Option<f64> {
    Some(value).filter(|value| !value.is_nan())
}

/// A deal and the instant until which its interactions count, exclusive; [`i64::MAX`] is as of the date.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Moment {
    /// Number of the record.
    pub record: u32,
    /// Microseconds.
    pub until: i64,
}

/// Metrics of moments.
pub struct KpisAtAge {
    moments: Vec<Moment>,
    /// Per metric, [`INTERACTIONS`] before [`METRICS`]: one value per moment, NaN where unknown.
    values: Vec<Vec<f64>>,
}

/// Links of moments that one worker holds at a time; a moment that has more is looked at on its own.
const LINKS: usize = 1 << 18;
/// What a moment weighs among them, whatever its links: it has a row in every column.
const WEIGHT: usize = 64;

impl KpisAtAge {
    /// The metrics of every moment.
    ///
    /// # Errors
    /// Only what the engine runs into.
    pub fn of(context: &Context, interactions: &Interactions, mut moments: Vec<Moment>) -> Result<KpisAtAge> {
        moments.sort_unstable();
        moments.dedup();
        let stated = Stated::of(context, interactions)?;
        let mut deals: Vec<u32> = moments.iter().map(|moment| moment.record).collect();
        deals.dedup();
        let links = LinksOfDeals::of(context, interactions, &deals)?;
        let sizes: Vec<usize> = moments.iter().map(|moment| WEIGHT + links.of_deal(moment.record).len()).collect();
        let shares = shares(&sizes, LINKS);
        let measured = side_by_side(&shares, |share| {
            let moments = &moments[share.start as usize..share.end as usize];
            measured(context, interactions, &stated, &links, moments)
        });
        let mut values = vec![Vec::with_capacity(moments.len()); METRICS.len() + 1];
        for share in measured? {
            values.iter_mut().zip(share).for_each(|(all, values)| all.extend(values));
        }
        Ok(KpisAtAge { moments, values })
    }

    /// Values of a moment, [`INTERACTIONS`] before [`METRICS`]; all unknown where nobody asked for it.
    pub fn at(&self, moment: Moment) -> Vec<f64> {
        match self.moments.binary_search(&moment) {
            Ok(place) => self.values.iter().map(|values| values[place]).collect(),
            Err(_) => vec![f64::NAN; self.values.len()],
        }
    }
}

/// The KPI behind a metric.
pub fn kpi(metric: &str) -> Option<Kpi> {
    kpis().into_iter().find(|kpi| kpi.column.name == metric)
}

/// What is stated of each interaction once, whatever the number of moments.
struct Stated {
    kpis: Vec<Kpi>,
    plan: Plan,
    contributions: Contributions,
    /// By interaction, when the run that it begins was answered; [`NEVER`].
    answers: List<i64>,
}

/// No answer.
const NEVER: i64 = i64::MAX;

impl Stated {
    fn of(context: &Context, interactions: &Interactions) -> Result<Stated> {
        let kpis = needed();
        let plan = Plan::of(&kpis, &Measuring::of(context));
        let contributions = Contributions::of(interactions, &plan)?;
        Ok(Stated { kpis, plan, contributions, answers: answers(interactions)? })
    }
}

/// The values of each metric, [`INTERACTIONS`] before [`METRICS`], by moment.
fn measured(
    context: &Context,
    interactions: &Interactions,
    stated: &Stated,
    links: &LinksOfDeals,
    moments: &[Moment],
) -> Result<Vec<Vec<f64>>> {
    let doing = || Error::engine("metrics of moments");
    let Stated { kpis, plan, contributions, answers } = stated;
    let times = interactions.table.column(OCCURRED_AT).and_then(|times| times.datetime()?.phys.cont_slice());
    let times = times.map_err(doing())?;
    // A run that was neither answered nor overdue at the moment was pending then.
    let horizon = i64::from(context.settings.response_horizon_days) * DAY;
    let is_pending = |moment: u32, interaction: u32| {
        let until = moments[moment as usize].until;
        answers[interaction as usize] >= until && times[interaction as usize] >= until.saturating_sub(horizon)
    };
    let (mut places, mut numbers) = (Vec::new(), Vec::new());
    for (place, moment) in (0u32..).zip(moments) {
        let before = links.of_deal(moment.record).iter().filter(|&&number| times[number as usize] < moment.until);
        numbers.extend(before);
        places.resize(numbers.len(), place);
    }
    let column = |name: &str, values| UInt32Chunked::from_vec(name.into(), values).into_column();
    let links = DataFrame::new(numbers.len(), vec![column(RECORD, places), column(INTERACTION, numbers)]);
    let part = RecordShard { records: 0..moments.len() as u32, links: links.map_err(doing())? };
    let added_up = add_up_until(plan, contributions, times, &part, is_pending).map_err(doing())?;
    let frame = collect(added_up.lazy().with_columns(ratios(kpis)), "metrics of moments")?;
    let values = std::iter::once(INTERACTIONS).chain(METRICS).map(|name| {
        let column = frame.column(name)?.cast(&DataType::Float64)?;
        Ok(column.f64()?.iter().map(|value| value.unwrap_or(f64::NAN)).collect())
    });
    values.collect::<PolarsResult<_>>().map_err(doing())
}

/// By interaction, when the run that it begins was answered; [`NEVER`]. Runs are in the order of interactions.
fn answers(interactions: &Interactions) -> Result<List<i64>> {
    let read = |name: &str| interactions.runs.column(name);
    let begins = read(INTERACTION).and_then(|begins| begins.u32()).map_err(Error::engine("runs of emails"))?;
    let times = read(ANSWERED_AT).and_then(|times| times.datetime()).map_err(Error::engine("answers to runs"))?;
    let mut runs = begins.iter().zip(times.phys.iter()).peekable();
    let mut answers = interactions.scratch.list()?;
    for interaction in 0..interactions.table.height() as u32 {
        let answered = runs.next_if(|(begin, _)| *begin == Some(interaction)).and_then(|(_, at)| at);
        answers.push(answered.unwrap_or(NEVER));
    }
    answers.finish()
}

/// The KPIs that metrics are or are made of, and [`INTERACTIONS`].
fn needed() -> Vec<Kpi> {
    let made_of = ["responses_due_by_us", "responses_by_us", "responses_due_by_them", "responses_by_them"];
    let is_needed = |kpi: &Kpi| {
        let name = kpi.column.name;
        name == INTERACTIONS || METRICS.contains(&name) || made_of.contains(&name)
    };
    kpis().into_iter().filter(is_needed).collect()
}
