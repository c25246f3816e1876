//! The table `opportunity_benchmarks`: an open deal next to the won deals it is compared with, at the same age
//! (rule S5).

use polars::prelude::*;

use super::comparison::{Comparisons, DealComparison};
use super::currencies;
use super::deals::Deals;
use super::kpis_at_age::{INTERACTIONS, KpisAtAge, METRICS, Moment, known, kpi};
use crate::error::{Error, Result};
use crate::frames::typed_columns::texts;
use crate::interactions::Context;
use crate::people::currencies::Currency;
use crate::table::{Column as Declared, ColumnType, Table};
use crate::time::days_since_epoch;

/// Days since an open deal was created.
pub fn age(context: &Context, deals: &Deals, deal: usize) -> Option<i32> {
    deals.created[deal].map(|created| days_since_epoch(context.as_of.date) - created)
}

/// When a won deal was as old as an open one is, at the end of that day; without a limit where an age
/// is unknown.
pub fn at_age_of(context: &Context, deals: &Deals, open: usize, won: usize) -> Moment {
    let until = match (age(context, deals, open), deals.created[won]) {
        (Some(age), Some(created)) => context.as_of.day_end(created + age),
        _ => i64::MAX,
    };
    // Interactions after the date never count, so that all later moments are the same one.
    let until = if until >= context.cutoff { i64::MAX } else { until };
    Moment { record: deals.first + won as u32, until }
}

/// Every moment whose KPIs the two tables need.
pub fn moments(context: &Context, deals: &Deals, comparisons: &Comparisons) -> Vec<Moment> {
    let now = |deal: usize| Moment { record: deals.first + deal as u32, until: i64::MAX };
    let of_list = |list: &DealComparison| {
        let entries =
            list.entries.iter().flat_map(|entry| [now(entry.won), at_age_of(context, deals, list.deal, entry.won)]);
        entries.chain([now(list.deal)]).collect::<Vec<_>>()
    };
    let mut moments = Vec::new();
    for list in &comparisons.lists {
        moments.extend(of_list(list));
        // Many open deals share the same fallback deals, and so the same moments.
        if moments.len() > 1 << 22 {
            moments.sort_unstable();
            moments.dedup();
        }
    }
    moments
}

/// What is told of a measure over similar deals.
#[derive(Default)]
struct Summary {
    mean: Option<f64>,
    median: Option<f64>,
    /// In how many deals it is known.
    known: i64,
}

/// Of the known values.
fn summary(values: impl Iterator<Item = f64>) -> Summary {
    let mut values: Vec<f64> = values.filter(|value| !value.is_nan()).collect();
    values.sort_by(f64::total_cmp);
    let count = values.len();
    if count == 0 {
        return Summary::default();
    }
    Summary {
        mean: Some(values.iter().sum::<f64>() / count as f64),
        median: Some((values[(count - 1) / 2] + values[count / 2]) / 2.0),
        known: count as i64,
    }
}

/// One row per open deal.
///
/// # Errors
/// Only what the engine runs into.
pub fn opportunity_benchmarks(
    context: &Context,
    deals: &Deals,
    comparisons: &Comparisons,
    kpis_at_age: &KpisAtAge,
) -> Result<DataFrame> {
    let ids = texts(&context.people.records.table, "record_id")?;
    let lists = &comparisons.lists;
    let opportunity: StringChunked = lists.iter().map(|list| ids.get(deals.first as usize + list.deal)).collect();
    let state: StringChunked = lists.iter().map(|list| Some(list.comparison.name())).collect();
    let ages: Vec<Option<i64>> = lists.iter().map(|list| age(context, deals, list.deal).map(i64::from)).collect();
    let medians = |of: &dyn Fn(usize) -> f64| -> Vec<Option<f64>> {
        lists.iter().map(|list| summary(list.entries.iter().map(|entry| of(entry.won))).median).collect()
    };
    let days = |won: usize| deals.days_to_close(won).map_or(f64::NAN, f64::from);
    let of_lists: Vec<Option<&Currency>> = lists.iter().map(|list| currency(deals, list)).collect();
    // Values in different currencies have no median.
    let in_it = |currency: &Option<&Currency>, won: usize| *currency == Some(&deals.currency[won]);
    let values = lists.iter().zip(&of_lists).map(|(list, currency)| {
        let entries = list.entries.iter().filter(|entry| in_it(currency, entry.won));
        summary(entries.map(|entry| deals.value[entry.won])).median
    });
    let values: Vec<Option<f64>> = values.collect();
    let mut columns = vec![
        opportunity.into_column().with_name("opportunity_id".into()),
        state.into_column().with_name("state".into()),
        Column::new("compared_deals".into(), lists.iter().map(|list| list.entries.len() as i64).collect::<Vec<_>>()),
        Column::new("age_days".into(), ages),
        Column::new(
            "estimated_value".into(),
            lists.iter().map(|list| known(deals.value[list.deal])).collect::<Vec<_>>(),
        ),
        Column::new("similar_median_value".into(), values),
        Column::new("similar_median_days_to_close".into(), medians(&days)),
    ];
    let now = |deal: usize| Moment { record: deals.first + deal as u32, until: i64::MAX };
    let own: Vec<Vec<f64>> = lists.iter().map(|list| kpis_at_age.at(now(list.deal))).collect();
    let rows: Vec<Vec<Summary>> = lists
        .iter()
        .map(|list| {
            let entries: Vec<Vec<f64>> = list
                .entries
                .iter()
                .map(|entry| kpis_at_age.at(at_age_of(context, deals, list.deal, entry.won)))
                .collect();
            (0..=METRICS.len()).map(|metric| summary(entries.iter().map(|values| values[metric]))).collect()
        })
        .collect();
    for (at, name) in std::iter::once(INTERACTIONS).chain(METRICS).enumerate() {
        let value = Column::new(name.into(), own.iter().map(|values| known(values[at])).collect::<Vec<_>>());
        let value = if is_count(name) { value.cast(&DataType::Int64) } else { Ok(value) };
        columns.push(value.map_err(Error::engine("benchmarks"))?);
        let named = |prefix: &str| format!("{prefix}{name}").into();
        columns.push(Column::new(named("similar_mean_"), rows.iter().map(|row| row[at].mean).collect::<Vec<_>>()));
        columns.push(Column::new(named("similar_median_"), rows.iter().map(|row| row[at].median).collect::<Vec<_>>()));
        columns.push(Column::new(named("similar_n_"), rows.iter().map(|row| row[at].known).collect::<Vec<_>>()));
    }
    columns.extend(currencies::columns(of_lists.into_iter()));
    DataFrame::new(lists.len(), columns).map_err(Error::engine("benchmarks"))
}

/// What the values of a list are in: as the open deal's, else as most won deals' (the first of equally many).
fn currency<'a>(deals: &'a Deals, list: &DealComparison) -> Option<&'a Currency> {
    if deals.is_known(list.deal) {
        return Some(&deals.currency[list.deal]);
    }
    let known = list.entries.iter().map(|entry| entry.won).filter(|&won| deals.is_known(won));
    let mut counts: Vec<(&Currency, usize)> = Vec::new();
    for currency in known.map(|won| &deals.currency[won]) {
        match counts.iter_mut().find(|(other, _)| *other == currency) {
            Some((_, count)) => *count += 1,
            None => counts.push((currency, 1)),
        }
    }
    counts.into_iter().reduce(|most, other| if other.1 > most.1 { other } else { most }).map(|(currency, _)| currency)
}

fn is_count(metric: &str) -> bool {
    kpi(metric).is_none_or(|kpi| kpi.is_count())
}

/// The table `opportunity_benchmarks`.
pub fn table() -> Table {
    use ColumnType::{Float64, Int64, Text};
    let none = "null when none is known";
    let mut columns = vec![
        Declared::new(
            "opportunity_id",
            Text,
            "",
            "The open deal.",
            "never",
            "S5",
            "d0000001-0000-4000-8000-000000000000",
        ),
        Declared::new(
            "state",
            Text,
            "",
            "What it is compared with: similar (its similar won deals); too_few_closed_deals, none_similar (the \
             deals won last, 100 at most); no_won_deals.",
            "never",
            "S2",
            "similar",
        ),
        Declared::new(
            "compared_deals",
            Int64,
            "deals",
            "Won deals it is compared with.",
            "0 when no deal was won",
            "S5",
            "10",
        ),
        Declared::new("age_days", Int64, "days", "Days since it was created.", "null when unknown", "S5", "34"),
        Declared::new(
            "estimated_value",
            Float64,
            "money",
            "What it is estimated to be worth.",
            "null when unknown",
            "S5",
            "20000.0",
        ),
        Declared::new(
            "similar_median_value",
            Float64,
            "money",
            "Median of what the won deals were worth whose values are in the currency of value_currency_id.",
            none,
            "S5",
            "18000.0",
        ),
        Declared::new(
            "similar_median_days_to_close",
            Float64,
            "days",
            "Median of the won deals' days from creation to close.",
            none,
            "S5",
            "80.0",
        ),
        Declared::new(
            INTERACTIONS,
            Int64,
            "interactions",
            "Held interactions of the open deal.",
            "0 when there were none",
            "S5",
            "12",
        ),
    ];
    columns.extend(beside(INTERACTIONS, "interactions", "held interactions"));
    for metric in METRICS {
        if let Some(kpi) = kpi(metric) {
            columns.push(kpi.column.clone());
            columns.extend(beside(metric, kpi.column.unit, metric));
        }
    }
    columns.extend(currencies::declared());
    Table {
        defined_in: file!(),
        name: "opportunity_benchmarks",
        version: 4,
        grain: "open deal",
        description: "Each open deal's KPIs next to those of the won deals it is compared with, when those were as old as it is \
                      now; won deals that closed younger count as they ended.",
        key: &["opportunity_id"],
        columns,
    }
}

/// Mean, median and number of a metric over the won deals. Names and words are made here, once per
/// metric, and a table's are static.
fn beside(metric: &str, unit: &'static str, what: &str) -> [Declared; 3] {
    let kept = |text: String| -> &'static str { super::interned_names::kept(text) };
    let none = "null when none of the won deals has a value";
    let of = |name: &str, words: &str| {
        (kept(format!("similar_{name}_{metric}")), kept(format!("{words} {what} over the won deals at the same age.")))
    };
    let ((mean, mean_words), (median, median_words), (n, n_words)) = (
        of("mean", "Mean of"),
        of("median", "Median of"),
        (
            kept(format!("similar_n_{metric}")),
            kept(format!("Number of won deals whose {what} at the same age are known.")),
        ),
    );
    [
        Declared::new(mean, ColumnType::Float64, unit, mean_words, none, "S5", "9.5"),
        Declared::new(median, ColumnType::Float64, unit, median_words, none, "S5", "9.0"),
        Declared::new(n, ColumnType::Int64, "deals", n_words, "0 when there are none", "S5", "10"),
    ]
}
