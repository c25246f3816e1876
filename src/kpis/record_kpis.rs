//! The four KPI tables: one row per record known at the date.

use polars::prelude::*;

use crate::literals::typed;

use super::activity::{COLLEAGUES, EXTERNAL_PEOPLE};
use super::kpi::Formula;
use super::packed::Packed;
use super::{extremes, kpis};
use crate::columns::*;
use crate::error::{Error, Result};
use crate::health::{self, Health};
use crate::interactions::event::*;
use crate::interactions::parts::Part;
use crate::interactions::runs::{DUE, RESPONSE};
use crate::interactions::{Context, Interactions, collect, gather};
use crate::table::{Column, ColumnType, Table, conform};

/// Whether the sources were complete.
pub const ACCURACY: &str = "computation_accuracy";

/// Every KPI of every record but its health: one row per record in order of [`RECORD`]. The input
/// may be split by record, and is: the states of many aggregates over all records at once would not
/// fit the caches.
pub fn by_record(
    context: &Context,
    interactions: &Interactions,
    parts: &[Part],
    accuracy: &'static str,
) -> Result<DataFrame> {
    let packed = Packed::of(&interactions.table)?;
    let runs = runs_by_interaction(interactions)?;
    let mut kpis: Option<DataFrame> = None;
    for part in parts {
        let part = of_part(context, interactions, (&packed, &runs), part, accuracy)?;
        match &mut kpis {
            None => kpis = Some(part),
            Some(kpis) => kpis.vstack_mut_owned(part).map(drop).map_err(Error::engine("KPIs of records"))?,
        }
    }
    Ok(kpis.unwrap_or_default())
}

/// Adds the health of every record, in order of [`RECORD`].
pub fn with_health(mut kpis: DataFrame, health: &[Health]) -> Result<DataFrame> {
    kpis.hstack_mut(&health::columns::columns(health)).map_err(Error::engine("health of records"))?;
    Ok(kpis)
}

/// Row by row beside the interactions: whether a run that is due begins there, and how long its
/// answer took.
fn runs_by_interaction(interactions: &Interactions) -> Result<DataFrame> {
    let left = JoinArgs { maintain_order: MaintainOrderJoin::Left, ..JoinArgs::new(JoinType::Left) };
    let runs = interactions.runs.clone().lazy().select([col(INTERACTION), col(RESPONSE), col(DUE)]);
    let all = interactions.table.clone().lazy().select([col(INTERACTION)]);
    let beside = all.join(runs, [col(INTERACTION)], [col(INTERACTION)], left);
    collect(beside.select([col(RESPONSE), col(DUE).fill_null(lit(false))]), "runs of interactions")
}

fn of_part(
    context: &Context,
    interactions: &Interactions,
    (packed, runs): (&Packed, &DataFrame),
    part: &Part,
    accuracy: &'static str,
) -> Result<DataFrame> {
    let of = |formula: fn(&Formula) -> Option<fn() -> Expr>| -> Vec<Expr> {
        kpis().iter().filter_map(|kpi| Some(formula(&kpi.formula)?().alias(kpi.column.name))).collect()
    };
    let table = &interactions.table;
    let value = |column: &'static str| Ok(gather(col(INTERACTION), table, column)?.alias(column));
    let mut columns = vec![col(RECORD), col(INTERACTION)];
    for column in [KIND, OCCURRED_AT, DURATION, COLLEAGUES, EXTERNAL_PEOPLE] {
        columns.push(value(column)?);
    }
    let mut aggregates = of(|formula| match formula {
        Formula::Interactions(expr) => Some(*expr),
        _ => None,
    });
    aggregates.extend(extremes::places());
    let links = part.links.clone().lazy();
    let activity = packed.add_to(links.clone().select(columns))?.group_by([col(RECORD)]).agg(aggregates);
    let turns = links
        .filter(gather(col(INTERACTION), runs, DUE)?)
        .with_columns([gather(col(INTERACTION), runs, RESPONSE)?.alias(RESPONSE), value(OURS)?])
        .group_by([col(RECORD)])
        .agg(of(|formula| match formula {
            Formula::Runs(expr) => Some(*expr),
            _ => None,
        }));
    let left = || JoinArgs { maintain_order: MaintainOrderJoin::Left, ..JoinArgs::new(JoinType::Left) };
    let records = context.people.records.table.slice(i64::from(part.records.start), part.records.len()).lazy();
    let counts: Vec<Expr> =
        kpis().iter().filter(|kpi| kpi.is_count()).map(|kpi| col(kpi.column.name).fill_null(typed(0i64))).collect();
    let joined = records
        .join(activity, [col(RECORD)], [col(RECORD)], left())
        .join(turns, [col(RECORD)], [col(RECORD)], left())
        .with_columns(counts)
        .with_columns(of(|formula| match formula {
            Formula::Kpis(expr) => Some(*expr),
            _ => None,
        }));
    let described = extremes::describe(joined, table, packed, context.settings.publish_subjects)?;
    collect(described.with_column(lit(accuracy).alias(ACCURACY)), "KPIs of records")
}

/// The rows of one record type as they are published.
pub fn publishable(by_record: &DataFrame, context: &Context, record_type: &'static str) -> LazyFrame {
    let records = context.people.records.range(record_type);
    let rows = by_record.slice(i64::from(records.start), records.len());
    let table = table(record_type, context.settings.publish_subjects);
    conform(rows.lazy().with_columns([col("record_id").alias(table.key[0]), instants()]), &table)
}

/// Instants in flight carry no zone; published ones are UTC.
fn instants() -> Expr {
    dtype_col(&INSTANT).as_selector().as_expr().cast(ColumnType::Timestamp.to_polars())
}

/// The table of a record type.
pub fn table(record_type: &'static str, subjects: bool) -> Table {
    let (name, key, description): (_, &'static [&'static str], _) = match record_type {
        "account" => {
            ("account_kpis", &["account_id"], "What happened between us and each customer company, up to the date.")
        }
        "contact" => {
            ("contact_kpis", &["contact_id"], "What happened between us and each customer person, up to the date.")
        }
        "lead" => ("lead_kpis", &["lead_id"], "What happened between each lead's owner and the lead, up to the date."),
        _ => (
            "opportunity_kpis",
            &["opportunity_id"],
            "What happened around each deal between its team and the customer, up to the date.",
        ),
    };
    let text = |name, description, empty, rule, example| {
        Column::new(name, ColumnType::Text, "", description, empty, rule, example)
    };
    let mut columns = vec![
        text(key[0], "The record.", "never", "I2", "c0000001-0000-4000-8000-000000000000"),
        text("name", "Its name.", "null when it has none", "", "Acme"),
        text(
            "owner_id",
            "The colleague or team that owns it.",
            "null when unknown or erased",
            "",
            "a0000001-0000-4000-8000-000000000000",
        ),
    ];
    match record_type {
        "contact" => columns.push(text(
            "account_id",
            "The account it belongs to.",
            "null when it has none",
            "L2",
            "b0000001-0000-4000-8000-000000000000",
        )),
        "opportunity" => columns.push(text(
            "account_id",
            "Its account: the parent account, else the customer.",
            "null when the customer is a contact without parent account",
            "L4",
            "b0000001-0000-4000-8000-000000000000",
        )),
        _ => {}
    }
    columns.extend(kpis().into_iter().map(|kpi| kpi.column));
    if subjects {
        columns.extend(extremes::subjects());
    }
    Table { name, version: 1, grain: "record known at the date", description, key, columns }
}
