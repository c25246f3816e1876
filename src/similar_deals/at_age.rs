//! KPIs of deals as they stood at an instant: what a won deal looked like at the age an open one has.

use polars::prelude::*;

use crate::as_of::DAY;
use crate::columns::*;
use crate::error::{Error, Result};
use crate::interactions::event::*;
use crate::interactions::runs::{ANSWERED_AT, RESPONSE};
use crate::interactions::{Context, Interactions, collect, gather};
use crate::kpis::activity::{COLLEAGUES, EXTERNAL_PEOPLE, HELD};
use crate::kpis::{Formula, Kpi, kpis};
use crate::literals::typed;

/// Number of held interactions of any kind.
pub const INTERACTIONS: &str = "interactions";

/// KPIs that deals are compared in, in the order of columns; the definitions are those of the daily tables.
pub const METRICS: [&str; 13] = [
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

const MOMENT: &str = "moment";
const UNTIL: &str = "until";
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
        for chunk in moments.chunks(CHUNK) {
            let frame = measured(context, interactions, chunk)?;
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

/// One row per moment, in their order, with the columns of all metrics.
fn measured(context: &Context, interactions: &Interactions, moments: &[Moment]) -> Result<DataFrame> {
    let table = &interactions.table;
    let numbers: Vec<u32> = (0..moments.len() as u32).collect();
    let frame = df!(
        MOMENT => numbers,
        RECORD => moments.iter().map(|moment| moment.record).collect::<Vec<_>>(),
        UNTIL => moments.iter().map(|moment| moment.until).collect::<Vec<_>>(),
    );
    let frame = frame.map_err(Error::engine("moments of deals"))?;
    let value = |column: &'static str| Ok(gather(col(INTERACTION), table, column)?.alias(column));
    let deals = context.people.records.range("opportunity");
    let of_deals = col(RECORD).gt_eq(typed(deals.start)).and(col(RECORD).lt(typed(deals.end)));
    let links = interactions
        .links
        .clone()
        .lazy()
        .filter(of_deals)
        .select([col(RECORD), col(INTERACTION)])
        .join(frame.clone().lazy(), [col(RECORD)], [col(RECORD)], JoinArgs::new(JoinType::Inner))
        .with_columns([value(OCCURRED_AT)?, value(PLANNED)?])
        .filter(col(PLANNED).not().and(col(OCCURRED_AT).cast(DataType::Int64).lt(col(UNTIL))));
    let links = collect(links, "interactions of moments")?;

    let mut columns = Vec::new();
    for column in [KIND, OURS, DURATION, COLLEAGUES, EXTERNAL_PEOPLE, FOLLOWED] {
        columns.push(value(column)?);
    }
    for column in ENGAGEMENT {
        columns.push(value(column)?);
    }
    columns.push(lit(true).alias(HELD));
    let used = needed();
    let of = |formula: fn(&Formula) -> Option<fn() -> Expr>| -> Vec<Expr> {
        used.iter().filter_map(|kpi| Some(formula(&kpi.formula)?().alias(kpi.column.name))).collect()
    };
    let mut aggregates = of(|formula| match formula {
        Formula::Interactions(expr) => Some(*expr),
        _ => None,
    });
    aggregates.push(len().cast(DataType::Int64).alias(INTERACTIONS));
    let activity = links.clone().lazy().with_columns(columns).group_by([col(MOMENT)]).agg(aggregates);

    // A run that was neither answered nor overdue at the moment was pending then.
    let horizon = i64::from(context.settings.response_horizon_days) * DAY;
    let time = |column: &str| col(column).cast(DataType::Int64);
    let was_due =
        time(ANSWERED_AT).lt(col(UNTIL)).fill_null(lit(false)).or(time(OCCURRED_AT).lt(col(UNTIL) - lit(horizon)));
    let runs = interactions.runs.clone().lazy().select([col(INTERACTION), col(ANSWERED_AT), col(RESPONSE)]);
    let turns = links
        .lazy()
        .join(runs, [col(INTERACTION)], [col(INTERACTION)], JoinArgs::new(JoinType::Inner))
        .filter(was_due)
        .with_column(value(OURS)?)
        .group_by([col(MOMENT)])
        .agg(of(|formula| match formula {
            Formula::Runs(expr) => Some(*expr),
            _ => None,
        }));
    let left = || JoinArgs { maintain_order: MaintainOrderJoin::Left, ..JoinArgs::new(JoinType::Left) };
    let counts = used.iter().filter(|kpi| kpi.is_count()).map(|kpi| kpi.column.name).chain([INTERACTIONS]);
    let counts: Vec<Expr> = counts.map(|name| col(name).fill_null(typed(0i64))).collect();
    let joined = frame
        .lazy()
        .join(activity, [col(MOMENT)], [col(MOMENT)], left())
        .join(turns, [col(MOMENT)], [col(MOMENT)], left())
        .with_columns(counts)
        .with_columns(of(|formula| match formula {
            Formula::Kpis(expr) => Some(*expr),
            _ => None,
        }));
    collect(joined, "metrics of moments")
}

/// The KPIs that metrics are or are made of.
fn needed() -> Vec<Kpi> {
    let made_of = ["responses_due_by_us", "responses_by_us", "responses_due_by_them", "responses_by_them"];
    kpis().into_iter().filter(|kpi| METRICS.contains(&kpi.column.name) || made_of.contains(&kpi.column.name)).collect()
}
