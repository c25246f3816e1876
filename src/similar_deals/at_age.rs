//! KPIs of deals as they stood at an instant: what a won deal looked like at the age an open one has.

use polars::prelude::*;

use crate::error::{Error, Result};
use crate::frames::{collect, gather, typed};
use crate::interactions::columns::*;
use crate::interactions::event::PLANNED;
use crate::interactions::record_shards::Part;
use crate::interactions::reply_runs::ANSWERED_AT;
use crate::interactions::{Context, Interactions};
use crate::kpis::evaluate::{Contributions, Plan, add_up_until};
use crate::kpis::{Kpi, Measuring, kpis, ratios};
use crate::people::RecordType;
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

/// A deal and the instant until which its interactions count, exclusive; [`i64::MAX`] is as of the date.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Moment {
    /// Number of the record.
    pub record: u32,
    /// Microseconds.
    pub until: i64,
}

/// Metrics of moments.
pub struct Standings {
    moments: Vec<Moment>,
    /// Per metric, [`INTERACTIONS`] before [`METRICS`]: one value per moment, NaN where unknown.
    values: Vec<Vec<f64>>,
}

/// Moments whose interactions are in memory at a time.
const CHUNK: usize = 50_000;

impl Standings {
    /// The metrics of every moment.
    ///
    /// # Errors
    /// Only what the engine runs into.
    pub fn of(context: &Context, interactions: &Interactions, mut moments: Vec<Moment>) -> Result<Standings> {
        moments.sort_unstable();
        moments.dedup();
        let mut values = vec![Vec::with_capacity(moments.len()); METRICS.len() + 1];
        let stated = Stated::of(context, interactions)?;
        for chunk in moments.chunks(CHUNK) {
            let frame = measured(context, interactions, &stated, chunk)?;
            let names = std::iter::once(INTERACTIONS).chain(METRICS);
            for (name, values) in names.zip(&mut values) {
                let column = frame.column(name).and_then(|column| column.cast(&DataType::Float64));
                let column = column.map_err(Error::engine(format!("metric {name}")))?;
                let column = column.f64().map_err(Error::engine(format!("metric {name}")))?;
                values.extend(column.iter().map(|value| value.unwrap_or(f64::NAN)));
            }
        }
        Ok(Standings { moments, values })
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
    /// By interaction, when the run that it begins was answered.
    answers: Vec<Option<i64>>,
}

impl Stated {
    fn of(context: &Context, interactions: &Interactions) -> Result<Stated> {
        let kpis = needed();
        let plan = Plan::of(&kpis, &Measuring::of(context));
        let contributions = Contributions::of(interactions, &plan)?;
        let answers = answers(interactions).map_err(Error::engine("answers to runs of emails"))?;
        Ok(Stated { kpis, plan, contributions, answers })
    }
}

/// One row per moment, in their order, with the columns of all metrics.
fn measured(context: &Context, interactions: &Interactions, stated: &Stated, moments: &[Moment]) -> Result<DataFrame> {
    let doing = || Error::engine("metrics of moments");
    let Stated { kpis, plan, contributions, answers } = stated;
    let times = interactions.table.column(OCCURRED_AT).and_then(|times| times.datetime()?.phys.cont_slice());
    let times = times.map_err(doing())?;
    // A run that was neither answered nor overdue at the moment was pending then.
    let horizon = i64::from(context.settings.response_horizon_days) * DAY;
    let is_pending = |moment: u32, interaction: u32| {
        let until = moments[moment as usize].until;
        let is_answered = answers[interaction as usize].is_some_and(|at| at < until);
        !is_answered && times[interaction as usize] >= until.saturating_sub(horizon)
    };
    let part = Part { records: 0..moments.len() as u32, links: links_until(context, interactions, moments)? };
    let added_up = add_up_until(plan, contributions, times, &part, is_pending).map_err(doing())?;
    collect(added_up.lazy().with_columns(ratios(kpis)), "metrics of moments")
}

/// By interaction, when the run that it begins was answered.
fn answers(interactions: &Interactions) -> PolarsResult<Vec<Option<i64>>> {
    let mut answers = vec![None; interactions.table.height()];
    let runs = &interactions.runs;
    for (begin, at) in runs.column(INTERACTION)?.u32()?.iter().zip(runs.column(ANSWERED_AT)?.datetime()?.phys.iter()) {
        if let Some(begin) = begin {
            answers[begin as usize] = at;
        }
    }
    Ok(answers)
}

/// Held interactions of deals before their moments: places of moments as [`RECORD`], and [`INTERACTION`].
fn links_until(context: &Context, interactions: &Interactions, moments: &[Moment]) -> Result<DataFrame> {
    const MOMENT: &str = "moment";
    const UNTIL: &str = "until";
    let table = &interactions.table;
    let frame = df!(
        MOMENT => (0..moments.len() as u32).collect::<Vec<_>>(),
        RECORD => moments.iter().map(|moment| moment.record).collect::<Vec<_>>(),
        UNTIL => moments.iter().map(|moment| moment.until).collect::<Vec<_>>(),
    );
    let frame = frame.map_err(Error::engine("moments of deals"))?;
    let deals = context.people.records.range(RecordType::Opportunity);
    let of_deals = col(RECORD).gt_eq(typed(deals.start)).and(col(RECORD).lt(typed(deals.end)));
    let occurred_at = gather(col(INTERACTION), table, OCCURRED_AT)?.cast(DataType::Int64);
    let held = gather(col(INTERACTION), table, PLANNED)?.not();
    let links = interactions
        .links
        .clone()
        .lazy()
        .filter(of_deals)
        .select([col(RECORD), col(INTERACTION)])
        .join(frame.lazy(), [col(RECORD)], [col(RECORD)], JoinArgs::new(JoinType::Inner))
        .filter(held.and(occurred_at.lt(col(UNTIL))))
        .select([col(MOMENT).alias(RECORD), col(INTERACTION)]);
    let mut links = collect(links, "interactions of moments")?;
    links.rechunk_mut();
    Ok(links)
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
