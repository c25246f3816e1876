//! KPIs of records, added up link by link.

use polars::prelude::*;

use super::contributions::{Contributions, IS_DUE, IS_HELD, Plan, Source, TIMES};
use super::extremes::{FIRST, LAST, NEXT};
use super::kpi::{MINUTE, Responses};
use crate::columns::*;
use crate::grouped::Grouped;
use crate::interactions::parts::Part;

/// What is added up of one record.
#[derive(Clone)]
struct Sums {
    times: [i64; TIMES],
    /// The first held interaction, the last one, and the next planned one: when and which.
    first: (i64, u32),
    last: (i64, u32),
    next: (i64, u32),
}

const NONE: u32 = u32::MAX;

/// The columns of a plan, and [`FIRST`], [`LAST`] and [`NEXT`]: one row per record of the part. `times`
/// are those of interactions.
///
/// A loop over links, of which there are many times more than interactions and records: in the
/// engine's groups, each aggregate was a pass of its own over columns gathered for each link.
pub fn tally(plan: &Plan, contributions: &Contributions, times: &[i64], part: &Part) -> PolarsResult<DataFrame> {
    let records = part.records.len();
    let patterns = contributions.patterns.len();
    // How often each pattern of flags is met: one count, whatever the number of KPIs that are counts.
    let mut met = vec![0u32; records * patterns];
    let empty = Sums { times: [0; TIMES], first: (i64::MAX, NONE), last: (i64::MIN, NONE), next: (i64::MAX, NONE) };
    let mut sums = vec![empty; records];
    let mut answers: Vec<(u32, i64)> = Vec::new();
    let linked = part.links.column(RECORD)?.u32()?.cont_slice()?;
    let numbers = part.links.column(INTERACTION)?.u32()?.cont_slice()?;
    for (&record, &interaction) in linked.iter().zip(numbers) {
        let record = (record - part.records.start) as usize;
        let brought = contributions.of_one(interaction);
        met[record * patterns + brought.pattern as usize] += 1;
        let sums = &mut sums[record];
        for (sum, time) in sums.times.iter_mut().zip(brought.times) {
            *sum += time;
        }
        let at = times[interaction as usize];
        // Links come in the order of interactions: of several at one time the first is taken.
        if !brought.is_held() {
            if at < sums.next.0 {
                sums.next = (at, interaction);
            }
            continue;
        }
        if at < sums.first.0 {
            sums.first = (at, interaction);
        }
        if at > sums.last.0 {
            sums.last = (at, interaction);
        }
        if let Some(by_us) = brought.answered_by_us() {
            answers.push((2 * record as u32 + u32::from(by_us), contributions.responses[interaction as usize]));
        }
    }

    let count = |record: usize, flag: u64| -> usize {
        let met = met[record * patterns..].iter().zip(&contributions.patterns);
        met.filter(|(_, flags)| *flags & flag != 0).map(|(&met, _)| met as usize).sum()
    };
    // Twice the record's place, and one more where we answered.
    let answers = Grouped::new(2 * records, answers.iter().copied()).sorted();
    let columns = plan.columns.iter().map(|(name, source)| {
        let name = PlSmallStr::from_static(name);
        match source {
            Source::Count(flag) => {
                let counts: Vec<i64> = (0..records).map(|record| count(record, *flag) as i64).collect();
                Column::new(name, counts)
            }
            Source::Time(times) => {
                let is_known = |record: usize| {
                    count(record, IS_HELD) > 0 && (count(record, times.known) > 0 || count(record, times.unknown) == 0)
                };
                let time = |record: usize| is_known(record).then(|| sums[record].times[times.at] as f64 * MINUTE);
                Column::new(name, (0..records).map(time).collect::<Vec<_>>())
            }
            Source::Response(by_us, value) => {
                let value = |record: usize| {
                    let times = answers.of(2 * record as u32 + u32::from(*by_us));
                    (!times.is_empty()).then(|| value(Responses { times, due: count(record, IS_DUE) }))
                };
                Column::new(name, (0..records).map(value).collect::<Vec<_>>())
            }
        }
    });
    let extreme = |name: &'static str, of: fn(&Sums) -> u32| {
        let numbers = sums.iter().map(|sums| Some(of(sums)).filter(|&number| number != NONE));
        Column::new(PlSmallStr::from_static(name), numbers.collect::<Vec<_>>())
    };
    let extremes =
        [extreme(FIRST, |sums| sums.first.1), extreme(LAST, |sums| sums.last.1), extreme(NEXT, |sums| sums.next.1)];
    DataFrame::new(records, columns.chain(extremes).collect())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::interactions::event::*;
    use crate::interactions::runs::{DUE, RESPONSE};
    use crate::interactions::{Interactions, Participants};
    use crate::kpis::activity::{COLLEAGUES, EXTERNAL_PEOPLE, held};
    use crate::kpis::kpi::Each;
    use crate::kpis::turns::awaits;
    use crate::kpis::{Formula, kpis};

    const RECORDS: u32 = 5;

    /// Numbers below a limit that look like dice.
    fn dice(seed: u64, limit: u64) -> impl FnMut() -> u64 {
        let mut state = seed;
        move || {
            state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            (state >> 33) % limit
        }
    }

    fn interactions(count: u32) -> PolarsResult<Interactions> {
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
        Ok(Interactions { table, participants, links: none(), runs, dropped: none() })
    }

    fn part(count: u32) -> PolarsResult<Part> {
        let mut record = dice(11, u64::from(RECORDS) - 1);
        // The last record has no links.
        let links = (0..count).flat_map(|interaction| [(0, interaction), (1 + record() as u32 % 3, interaction)]);
        let (records, numbers): (Vec<u32>, Vec<u32>) = links.map(|(record, number)| (10 + record, number)).unzip();
        Ok(Part { records: 10..10 + RECORDS, links: df!(RECORD => records, INTERACTION => numbers)? })
    }

    /// Of links with the columns of interactions: the aggregates of KPIs, by record.
    fn aggregated(links: LazyFrame, of: impl Fn(&Formula, Each) -> Option<Expr>) -> PolarsResult<DataFrame> {
        let kpis = kpis();
        let aggregates = kpis.iter().filter_map(|kpi| Some(of(&kpi.formula, kpi.each?)?.alias(kpi.column.name)));
        let rows = links.group_by([col(RECORD)]).agg(aggregates.collect::<Vec<_>>());
        rows.sort([RECORD], SortMultipleOptions::default()).collect()
    }

    #[test]
    fn what_is_added_up_is_what_the_formulas_say() {
        let (interactions, part) = (interactions(300).expect("interactions"), part(300).expect("links"));
        let plan = Plan::of(&kpis());
        let contributions = Contributions::of_chunks(&interactions, &plan, 7).expect("contributions");
        let times = interactions.table.column(OCCURRED_AT).and_then(|times| times.datetime()?.phys.cont_slice());
        let tallied = tally(&plan, &contributions, times.expect("times"), &part).expect("tally");

        let inner = || JoinArgs::new(JoinType::Inner);
        let links = part.links.lazy();
        let rows = links.join(interactions.table.lazy(), [col(INTERACTION)], [col(INTERACTION)], inner());
        let rows = rows.with_column(held());
        let due = rows.clone().join(interactions.runs.lazy(), [col(INTERACTION)], [col(INTERACTION)], inner());
        let expected = [
            aggregated(rows.clone(), |formula, _| match formula {
                Formula::Interactions(expr) => Some(expr()),
                _ => None,
            }),
            aggregated(due.clone(), |formula, _| match formula {
                Formula::Runs(expr) => Some(expr()),
                _ => None,
            }),
            // Of all runs that are due, as the engine's quantiles were before there was a loop.
            due.group_by([col(RECORD)])
                .agg(
                    [(true, "us"), (false, "them")]
                        .into_iter()
                        .flat_map(|(by_us, whom)| {
                            let times =
                                when(awaits(by_us)).then(col(RESPONSE)).otherwise(lit(NULL)).cast(DataType::Float64);
                            [("median", 0.5), ("p90", 0.9)].map(|(name, share)| {
                                let quantile = times.clone().quantile(lit(share), QuantileMethod::Linear);
                                super::super::kpi::hours(quantile)
                                    .alias(format!("{name}_first_response_hours_by_{whom}"))
                            })
                        })
                        .collect::<Vec<_>>(),
                )
                .sort([RECORD], SortMultipleOptions::default())
                .collect(),
        ];
        let mut compared = 0;
        for frame in expected.map(|frame| frame.expect("aggregates")) {
            for column in frame.columns().iter().filter(|column| column.name() != RECORD) {
                let found = tallied.column(column.name()).expect("tallied").head(Some(frame.height()));
                assert_eq!(&found, column, "{}", column.name());
                compared += 1;
            }
        }
        assert_eq!(compared, plan.columns.len());
    }

    #[test]
    fn of_several_at_one_time_the_first_is_taken() {
        let (interactions, part) = (interactions(300).expect("interactions"), part(300).expect("links"));
        let plan = Plan::of(&kpis());
        let contributions = Contributions::of(&interactions, &plan).expect("contributions");
        let times = interactions.table.column(OCCURRED_AT).and_then(|times| times.datetime()?.phys.cont_slice());
        let tallied = tally(&plan, &contributions, times.expect("times"), &part).expect("tally");
        let number = |name, row| tallied.column(name).expect("tallied").u32().expect("numbers").get(row);
        // The first record has all interactions.
        let rows = interactions.table.lazy().filter(held());
        let at = |place: Expr| {
            let rows = rows.clone().filter(col(OCCURRED_AT).eq(place)).select([col(INTERACTION).min()]).collect();
            rows.expect("rows").column(INTERACTION).expect("number").u32().expect("number").get(0)
        };
        assert_eq!(number(FIRST, 0), at(col(OCCURRED_AT).min()));
        assert_eq!(number(LAST, 0), at(col(OCCURRED_AT).max()));
        assert_eq!([FIRST, LAST, NEXT].map(|name| number(name, RECORDS as usize - 1)), [None; 3]);
    }
}
