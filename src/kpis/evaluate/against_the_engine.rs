//! The evaluator against the engine's own aggregations, which are slower and harder to split but easy to believe.

use polars::prelude::*;

use super::contributions::Contributions;
use super::per_record::{FIRST, LAST, NEXT, add_up, add_up_until};
use super::plan::Plan;
use crate::config::{Profile, Settings};
use crate::interactions::columns::*;
use crate::interactions::event::*;
use crate::interactions::record_shards::RecordShard;
use crate::interactions::reply_runs::{DUE, RESPONSE};
use crate::interactions::{Interactions, Participants};
use crate::kpis::definitions::responsiveness::awaits;
use crate::kpis::measuring::{COLLEAGUES, EXTERNAL_PEOPLE, HELD};
use crate::kpis::{Kpi, Measure, Measuring, Statistic, held, kpis};
use crate::scratch::Scratch;
use crate::time::{hours, minutes};

const RECORDS: u32 = 5;
const INTERACTIONS: u32 = 300;

/// Numbers below a limit, drawn by a seed.
fn dice(seed: u64, limit: u64) -> impl FnMut() -> u64 {
    let mut dice = fastrand::Rng::with_seed(seed);
    move || dice.u64(..limit)
}

fn interactions() -> PolarsResult<Interactions> {
    let count = INTERACTIONS;
    let many = |seed, limit| (0..count).map(move |_| 0).scan(dice(seed, limit), |dice, _: i32| Some(dice()));
    let some = |seed| many(seed, 3).map(|value| [None, Some(false), Some(true)][value as usize]);
    let yes = |seed| many(seed, 2).map(|value| value == 1).collect::<Vec<_>>();
    let mut table = df!(
        INTERACTION => (0..count).collect::<Vec<_>>(),
        KIND => many(1, 4).map(|kind| kind as u8).collect::<Vec<_>>(),
        OURS => some(2).collect::<Vec<_>>(),
        PLANNED => many(3, 5).map(|value| value == 0).collect::<Vec<_>>(),
        // Few instants, so that many are equal.
        OCCURRED_AT => many(4, 9).map(|at| at as i64 * 1_000_000).collect::<Vec<_>>(),
        DURATION => many(5, 4).map(|time| (time > 0).then_some(time as i64 * 77_000_001)).collect::<Vec<_>>(),
        COLLEAGUES => many(6, 3).map(|people| people as u32).collect::<Vec<_>>(),
        EXTERNAL_PEOPLE => many(7, 3).map(|people| people as u32).collect::<Vec<_>>(),
        FOLLOWED => some(8).collect::<Vec<_>>(),
    )?;
    table.try_apply(OCCURRED_AT, |at| at.cast(&INSTANT))?;
    for (at, name) in ENGAGEMENT.iter().enumerate() {
        table.with_column(Column::new((*name).into(), yes(9 + at as u64)))?;
    }
    let held_emails = col(KIND).eq(lit(EMAIL)).and(col(PLANNED).not()).and(col(OURS).is_not_null());
    let mut runs = table.clone().lazy().filter(held_emails).select([col(INTERACTION)]).collect()?;
    runs.rechunk_mut();
    let mut time = dice(99, 40);
    let times = (0..runs.height()).map(|_| Some(time() as i64 * 1_234_567_891).filter(|&time| time > 0));
    runs.with_column(Column::new(RESPONSE.into(), times.collect::<Vec<_>>()))?;
    runs.with_column(Column::new(DUE.into(), vec![true; runs.height()]))?;
    let none = DataFrame::empty;
    let participants = Participants { people: none(), groups: none(), counts: none() };
    let (links, dropped, scratch) = (none(), none(), Scratch::default());
    Ok(Interactions { table, participants, links, runs, dropped, bounces: Vec::new(), scratch })
}

/// The first record has all interactions, the last one none.
fn part() -> PolarsResult<RecordShard> {
    let mut record = dice(11, u64::from(RECORDS) - 1);
    let links = (0..INTERACTIONS).flat_map(|interaction| [(0, interaction), (1 + record() as u32 % 3, interaction)]);
    let (records, numbers): (Vec<u32>, Vec<u32>) = links.map(|(record, number)| (10 + record, number)).unzip();
    Ok(RecordShard { records: 10..10 + RECORDS, links: df!(RECORD => records, INTERACTION => numbers)? })
}

fn count(condition: Expr) -> Expr {
    condition.fill_null(lit(false)).sum().cast(DataType::Int64)
}

/// The aggregation of a KPI over the links of a record: of all, or of those that begin a run that is due.
fn aggregation(kpi: &Kpi, measuring: &Measuring) -> (Option<Expr>, Option<Expr>) {
    match kpi.measure {
        Measure::Count(condition) => (Some(count(condition(measuring))), None),
        Measure::CountRuns(condition) => (None, Some(count(condition(measuring)))),
        Measure::Minutes { time, takes } => {
            let (time, takes) = (time(measuring), takes(measuring).fill_null(lit(false)));
            let known = count(takes.clone().and(time.clone().is_not_null()));
            let unknown = count(takes.and(time.clone().is_null()));
            let is_unknown = count(col(HELD)).eq(lit(0)).or(known.eq(lit(0)).and(unknown.gt(lit(0))));
            (Some(minutes(when(is_unknown).then(lit(NULL)).otherwise(time.fill_null(lit(0)).sum()))), None)
        }
        Measure::ResponseHours { answered_by, statistic } => {
            let times = when(awaits(answered_by)).then(col(RESPONSE)).otherwise(lit(NULL));
            let answered = times.clone().count();
            let value = match statistic {
                Statistic::Mean => hours(times.sum()) / answered.clone().cast(DataType::Float64),
                Statistic::Quantile(share) => {
                    hours(times.cast(DataType::Float64).quantile(lit(share), QuantileMethod::Linear))
                }
            };
            (None, Some(when(answered.gt(lit(0))).then(value).otherwise(lit(NULL))))
        }
        Measure::CountIfDefined(condition) => {
            (Some(condition(measuring).map_or(lit(NULL).cast(DataType::Int64).first(), count)), None)
        }
        Measure::Ratio { .. } | Measure::Share { .. } | Measure::FirstLastNext | Measure::Given => (None, None),
    }
}

fn by_record(links: LazyFrame, aggregations: Vec<Expr>) -> DataFrame {
    let rows = links.group_by([col(RECORD)]).agg(aggregations);
    rows.sort([RECORD], SortMultipleOptions::default()).collect().expect("aggregations")
}

fn times(interactions: &Interactions) -> &[i64] {
    let times = interactions.table.column(OCCURRED_AT).and_then(|times| times.datetime()?.phys.cont_slice());
    times.expect("times")
}

#[test]
fn sums_are_those_of_the_engine() {
    let (interactions, part) = (interactions().expect("interactions"), part().expect("links"));
    let (settings, kpis) = (Settings::of_profile(Profile::Default), kpis());
    let measuring = Measuring::under(&settings);
    let plan = Plan::of(&kpis, &measuring);
    let contributions = Contributions::of_chunks(&interactions, &plan, 7).expect("contributions");
    let added_up = add_up(&plan, &contributions, times(&interactions), &part).expect("sums");

    let inner = || JoinArgs::new(JoinType::Inner);
    let rows =
        part.links.lazy().join(interactions.table.clone().lazy(), [col(INTERACTION)], [col(INTERACTION)], inner());
    let rows = rows.with_column(held());
    let due = rows.clone().join(interactions.runs.lazy(), [col(INTERACTION)], [col(INTERACTION)], inner());
    let named = |kpi: &Kpi, expr: Option<Expr>| expr.map(|expr| expr.alias(kpi.column.name));
    let of_all = kpis.iter().filter_map(|kpi| named(kpi, aggregation(kpi, &measuring).0));
    let of_runs = kpis.iter().filter_map(|kpi| named(kpi, aggregation(kpi, &measuring).1));
    let mut compared = 0;
    for expected in [by_record(rows, of_all.collect()), by_record(due, of_runs.collect())] {
        for column in expected.columns().iter().filter(|column| column.name() != RECORD) {
            let found = added_up.column(column.name()).expect("a sum").head(Some(expected.height()));
            assert_eq!(&found, column, "{}", column.name());
            compared += 1;
        }
    }
    assert_eq!(compared, plan.columns.len());
}

#[test]
fn any_number_of_kpis_of_any_kind_is_added_up() {
    let (interactions, part) = (interactions().expect("interactions"), part().expect("links"));
    let settings = Settings::of_profile(Profile::Default);
    let all = kpis();
    let like = |name: &str| all.iter().find(|kpi| kpi.column.name == name).cloned().expect("a KPI");
    let copies = |name: &str, count: usize| {
        let kpi = like(name);
        (0..count).map(move |at| {
            let mut copy = kpi.clone();
            copy.column.name = Box::leak(format!("{}_{at}", kpi.column.name).into_boxed_str());
            copy
        })
    };
    let many: Vec<Kpi> =
        copies("emails_received", 150).chain(copies("face_time_minutes", 9)).chain(all.clone()).collect();
    let plan = Plan::of(&many, &Measuring::under(&settings));
    assert!(plan.flags.len() > 2 * 64);
    let contributions = Contributions::of_chunks(&interactions, &plan, 64).expect("contributions");
    let added_up = add_up(&plan, &contributions, times(&interactions), &part).expect("sums");
    for (copy, original) in [("emails_received_149", "emails_received"), ("face_time_minutes_8", "face_time_minutes")] {
        let column = |name: &str| added_up.column(name).expect("a sum").as_materialized_series().clone();
        assert!(column(copy).equals_missing(&column(original)));
        assert!(column(original).sum::<f64>().expect("numbers") > 0.0);
    }
}

#[test]
fn runs_that_were_pending_at_a_moment_do_not_count() {
    let (interactions, part) = (interactions().expect("interactions"), part().expect("links"));
    let (settings, kpis) = (Settings::of_profile(Profile::Default), kpis());
    let plan = Plan::of(&kpis, &Measuring::under(&settings));
    let contributions = Contributions::of_chunks(&interactions, &plan, 64).expect("contributions");
    let until = |pending: fn(u32, u32) -> bool| {
        add_up_until(&plan, &contributions, times(&interactions), &part, pending).expect("sums")
    };
    let (none, some, all) = (until(|_, _| false), until(|_, interaction| interaction < 150), until(|_, _| true));
    let sum = |frame: &DataFrame, name: &str| {
        frame.column(name).expect(name).as_materialized_series().sum::<f64>().expect("numbers")
    };
    for name in ["responses_due_by_us", "responses_by_them"] {
        assert!(sum(&some, name) < sum(&none, name) && sum(&some, name) > 0.0, "{name}");
        assert_eq!(sum(&all, name), 0.0, "{name}");
    }
    assert_eq!(all.column("p90_first_response_hours_by_us").expect("hours").null_count(), RECORDS as usize);
    assert_eq!(sum(&all, "emails_sent"), sum(&none, "emails_sent"));
}

#[test]
fn of_several_at_one_time_the_first_is_taken() {
    let (interactions, part) = (interactions().expect("interactions"), part().expect("links"));
    let settings = Settings::of_profile(Profile::Default);
    let plan = Plan::of(&kpis(), &Measuring::under(&settings));
    let contributions = Contributions::of(&interactions, &plan).expect("contributions");
    let added_up = add_up(&plan, &contributions, times(&interactions), &part).expect("sums");
    let number = |name, row| added_up.column(name).expect("sums").u32().expect("numbers").get(row);
    let rows = interactions.table.lazy().filter(held());
    let at = |place: Expr| {
        let rows = rows.clone().filter(col(OCCURRED_AT).eq(place)).select([col(INTERACTION).min()]).collect();
        rows.expect("rows").column(INTERACTION).expect("number").u32().expect("number").get(0)
    };
    assert_eq!(number(FIRST, 0), at(col(OCCURRED_AT).min()));
    assert_eq!(number(LAST, 0), at(col(OCCURRED_AT).max()));
    assert_eq!([FIRST, LAST, NEXT].map(|name| number(name, RECORDS as usize - 1)), [None; 3]);
}
