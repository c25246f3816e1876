//! The table `similar_won_deals`: one row per open deal and won deal that it is compared with (rules S1 to S3).

use polars::prelude::*;

use super::comparison::{ComparedDeal, Comparisons, DealComparison, NAMED};
use super::currencies;
use super::deals::Deals;
use super::kpis_at_age::{KpisAtAge, METRICS, Moment, known};
use super::pairs::Pairs;
use crate::error::{Error, Result};
use crate::frames::typed_columns::texts;
use crate::interactions::Context;
use crate::table::{Column as Declared, ColumnType, Table};

/// KPIs of the won deal that are shown in its row.
const SHOWN: [&str; 6] = [
    "minutes_spent_by_us",
    "minutes_spent_by_them",
    "avg_first_response_hours_by_us",
    "avg_first_response_hours_by_them",
    "response_rate_by_us",
    "response_rate_by_them",
];

/// What a pair has in common, and in what it differs.
const PAIRS: [(&str, fn(&ComparedDeal) -> &[usize]); 2] =
    [("alike", |entry| &entry.factors), ("different", |entry| &entry.different)];

/// One row per open deal and won deal it is compared with.
///
/// # Errors
/// Only what the engine runs into.
pub fn similar_won_deals(
    context: &Context,
    deals: &Deals,
    comparisons: &Comparisons,
    kpis_at_age: &KpisAtAge,
) -> Result<DataFrame> {
    let records = &context.people.records.table;
    let (ids, names) = (texts(records, "record_id")?, texts(records, "name")?);
    let record = |deal: usize| deals.first as usize + deal;
    let rows = || comparisons.lists.iter().flat_map(|list| list.entries.iter().map(move |entry| (list, entry)));
    let factor_names: Vec<&str> = comparisons
        .learned
        .iter()
        .flat_map(|learned| learned.factors.iter().map(|factor| factor.name.as_str()))
        .collect();
    let ranks = comparisons.lists.iter().flat_map(|list| 1..=list.entries.len() as i64);

    let opportunity: StringChunked = rows().map(|(list, _)| ids.get(record(list.deal))).collect();
    let won: StringChunked = rows().map(|(_, entry)| ids.get(record(entry.won))).collect();
    let name: StringChunked = rows().map(|(_, entry)| names.get(record(entry.won))).collect();
    let state: StringChunked = rows().map(|(list, _)| Some(list.comparison.name())).collect();
    let similarity: Float64Chunked = rows().map(|(_, entry)| entry.similarity).collect();
    let mut columns = vec![
        opportunity.into_column().with_name("opportunity_id".into()),
        Column::new("rank".into(), ranks.collect::<Vec<_>>()),
        won.into_column().with_name("won_opportunity_id".into()),
        name.into_column().with_name("won_name".into()),
        state.into_column().with_name("state".into()),
        similarity.into_column().with_name("similarity".into()),
    ];
    for at in 0..NAMED {
        let factor: StringChunked =
            rows().map(|(_, entry)| entry.factors.get(at).map(|&factor| factor_names[factor])).collect();
        columns.push(factor.into_column().with_name(format!("factor_{}", at + 1).into()));
    }
    let metrics: Vec<Vec<f64>> =
        rows().map(|(_, entry)| kpis_at_age.at(Moment { record: record(entry.won) as u32, until: i64::MAX })).collect();
    columns.push(Column::new("interactions".into(), metrics.iter().map(|values| values[0] as i64).collect::<Vec<_>>()));
    for shown in SHOWN {
        let at = METRICS.iter().position(|metric| *metric == shown).map_or(0, |at| at + 1);
        columns.push(Column::new(shown.into(), metrics.iter().map(|values| known(values[at])).collect::<Vec<_>>()));
    }
    let days: Vec<Option<i64>> = rows().map(|(_, entry)| deals.days_to_close(entry.won).map(i64::from)).collect();
    columns.push(Column::new("days_to_close".into(), days));
    columns
        .push(Column::new("value".into(), rows().map(|(_, entry)| known(deals.value[entry.won])).collect::<Vec<_>>()));
    let dates = Column::new("won_date".into(), rows().map(|(_, entry)| deals.closed[entry.won]).collect::<Vec<_>>());
    columns.push(dates.cast(&DataType::Date).map_err(Error::engine("similar won deals"))?);
    columns.extend(currencies::columns(
        rows().map(|(_, entry)| deals.is_known(entry.won).then(|| &deals.currency[entry.won])),
    ));
    let pairs = Pairs::of(deals);
    for (name, of) in PAIRS {
        let said = |(list, entry): (&DealComparison, &ComparedDeal)| {
            pairs.said(of(entry).iter().map(|&factor| factor_names[factor]), list.deal, entry.won)
        };
        columns.push(Column::new(name.into(), rows().map(said).collect::<Vec<_>>()));
    }
    DataFrame::new(metrics.len(), columns).map_err(Error::engine("similar won deals"))
}

use ColumnType::{Date, Float64, Int64, Text};

/// The table `similar_won_deals`.
pub fn table() -> Table {
    let named = "null when fewer factors add to the similarity, and unless state is similar";
    let mut columns = vec![
        Declared::new(
            "opportunity_id",
            Text,
            "",
            "The open deal.",
            "never",
            "S1",
            "d0000001-0000-4000-8000-000000000000",
        ),
        Declared::new("rank", Int64, "rank", "1 is the most similar, or the one won last.", "never", "S1", "1"),
        Declared::new(
            "won_opportunity_id",
            Text,
            "",
            "The won deal.",
            "never",
            "S1",
            "d0000002-0000-4000-8000-000000000000",
        ),
        Declared::new("won_name", Text, "", "Its name.", "null when it has none", "S1", "Storm for Acme"),
        Declared::new(
            "state",
            Text,
            "",
            "similar; or, with the deals won last instead: too_few_closed_deals (fewer than 30 won or 30 lost), \
             none_similar (none in the window reaches the minimum).",
            "never",
            "S2",
            "similar",
        ),
        Declared::new(
            "similarity",
            Float64,
            "0–1",
            "1 minus the mean distance over all factors, weighted by their importance.",
            "null unless state is similar",
            "S1",
            "0.83",
        ),
        Declared::new(
            "factor_1",
            Text,
            "",
            "The factor that adds most to the similarity: how much closer the pair is in it than deals usually are, times its \
             importance.",
            named,
            "S3",
            "new_segment",
        ),
        Declared::new("factor_2", Text, "", "The second such factor.", named, "S3", "ownerid"),
        Declared::new("factor_3", Text, "", "The third such factor.", named, "S3", "estimatedvalue"),
        Declared::new(
            "interactions",
            Int64,
            "interactions",
            "Held interactions of the won deal.",
            "0 when there were none",
            "S1",
            "42",
        ),
    ];
    columns.extend(SHOWN.iter().filter_map(|metric| super::kpis_at_age::kpi(metric)).map(|kpi| kpi.column));
    columns.extend([
        Declared::new(
            "days_to_close",
            Int64,
            "days",
            "Days from its creation to its close date.",
            "null when either is unknown",
            "S1",
            "80",
        ),
        Declared::new(
            "value",
            Float64,
            "money",
            "What it was worth: actual value, else the estimate; in the base currency where the lake has it so.",
            "null when neither is known",
            "S1",
            "18000.0",
        ),
        Declared::new("won_date", Date, "", "Its close date.", "null when it has none", "S1", "2026-02-14"),
    ]);
    columns.extend(currencies::declared());
    let [alike, different] = PAIRS.map(|(name, _)| name);
    columns.extend([
        Declared::new(
            alike,
            Text,
            "",
            "factor_1 to factor_3 with the values of the open and of the won deal, once where they are the same. Ids are \
             left out; dates are days since creation, and a dash is an unknown value.",
            named,
            "S1",
            "new_segment: retail; ownerid; estimatedvalue: 20000 / 18000",
        ),
        Declared::new(
            different,
            Text,
            "",
            "The same of the up to three factors that take most from the similarity: the pair is further apart in them \
             than deals usually are.",
            "null when there are none, and unless state is similar",
            "S1",
            "new_product: storm / breeze",
        ),
    ]);
    Table {
        defined_in: file!(),
        name: "similar_won_deals",
        version: 3,
        grain: "open deal and won deal it is compared with",
        description: "For each deal that is open at the end of the week, the won deals it is most similar to, and what happened \
                      there.",
        key: &["opportunity_id", "rank"],
        columns,
    }
}
