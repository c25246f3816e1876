//! The chance that a relationship falls silent, and who has been in touch with it lately, as `attention` has them (rule K13).

use serde_json::Value;

use super::read::LakeOfDay;
use crate::attention::estimate::{Chances, Standing};
use crate::attention::surroundings::{REACHING, Surroundings};
use crate::attention::table::severity;
use crate::config::AttentionReason;
use crate::error::Result;
use crate::explain::formulas;
use crate::explain::plural::several;
use crate::explain::story::{ColumnStory, TableRow};
use crate::explain::tables::read::Tables;
use crate::health::{self, State};

/// Names of the coefficients, as in jobs/FORMULAS.md.
const COEFFICIENTS: [&str; 6] = ["a", "b1", "b2", "b3", "b4", "b5"];

/// Tells a column of a reason other than waits; false of any other.
///
/// # Errors
/// What storage refuses, and files that are no Parquet.
pub fn tell(
    lake: &LakeOfDay<'_>,
    tables: &Tables<'_>,
    record: u32,
    reason: AttentionReason,
    story: &mut ColumnStory,
) -> Result<bool> {
    match (story.column.as_str(), reason) {
        ("severity", _) => chance(lake, record, story),
        ("people_or_contacts" | "person_id", AttentionReason::OneContact | AttentionReason::OneColleague) => {
            only_one(lake, record, reason, story)
        }
        ("people_or_contacts" | "person_id", AttentionReason::StakeholderUnheard) => {
            unheard(lake, tables, record, story)
        }
        _ => Ok(false),
    }
}

/// The chance that nothing is held in the next 28 days.
fn chance(lake: &LakeOfDay<'_>, record: u32, story: &mut ColumnStory) -> Result<bool> {
    let (context, histories) = (lake.context, lake.histories()?);
    let active_days = context.settings.attention.active_days;
    let today = histories.days.count() - 1;
    let Some(standing) = Standing::of(histories, record, today, active_days) else {
        story.recomputed(Value::Null, format!("it was not active in the last {active_days} days"));
        return Ok(true);
    };
    let health = health::of_records(context, histories)?;
    let counts = |record: u32| health[record as usize].state != State::NotApplicable;
    let chances = Chances::learned(histories, health.len() as u32, active_days, counts);
    let learned = COEFFICIENTS.iter().zip(chances.coefficients).map(|(name, value)| format!("{name} {value}"));
    let terms = chances.coefficients.iter().zip(standing.numbers()).map(|(one, number)| format!("{one} × {number}"));
    let told = format!(
        "since {}, days90 {}, days28 {}, quiet {}; learned of the lake's past: {}; z = {}; chance = 1 / (1 + e^−z) = {}",
        standing.since,
        standing.days_in_90,
        standing.days_in_28,
        standing.quiet,
        learned.collect::<Vec<_>>().join(", "),
        terms.collect::<Vec<_>>().join(" + "),
        chances.silent(&standing)
    );
    story.formula = formulas::find("Attention", "z").map(str::to_string);
    story.recomputed(severity(chances.silent(&standing)).into(), told);
    Ok(true)
}

/// The only one of a side who was in touch.
fn only_one(lake: &LakeOfDay<'_>, record: u32, reason: AttentionReason, story: &mut ColumnStory) -> Result<bool> {
    let around = Surroundings::of(lake.context, lake.histories()?);
    let (who, ids): (&str, Vec<&str>) = match reason {
        AttentionReason::OneContact => {
            ("contacts", around.contacts(record).iter().map(|&one| lake.record_id(one)).collect())
        }
        _ => ("colleagues", around.colleagues(record).iter().map(|&one| lake.user_id(one)).collect()),
    };
    let told = format!("{who} in touch in the last 90 days: {}", ids.join(", "));
    let value = match (story.column.as_str(), &ids[..]) {
        ("people_or_contacts", ids) => ids.len().into(),
        (_, [only]) if reason == AttentionReason::OneContact => LakeOfDay::published(only),
        _ => Value::Null,
    };
    story.recomputed(value, told);
    Ok(true)
}

/// People of a deal to whom nothing of ours ever went.
fn unheard(lake: &LakeOfDay<'_>, tables: &Tables<'_>, deal: u32, story: &mut ColumnStory) -> Result<bool> {
    let around = Surroundings::of(lake.context, lake.histories()?);
    let mut unheard = Vec::new();
    for contact in around.contacts_of(deal) {
        let id = lake.record_id(contact);
        let Some(kpis) = tables.rows("contact_kpis", &[("contact_id", id)])?.filter(|rows| rows.count() == 1) else {
            return Ok(false);
        };
        let reached: f64 = REACHING.iter().filter_map(|name| kpis.number(name, 0)).sum();
        let told = kpis.told(0, &["contact_id"], &REACHING);
        let why_not = (reached > 0.0).then(|| "something of ours reached them".to_string());
        if why_not.is_none() {
            unheard.push(id);
        }
        story.from_tables.push(TableRow { why_not, ..told });
    }
    let value = match story.column.as_str() {
        "people_or_contacts" => unheard.len().into(),
        _ => unheard.first().map_or(Value::Null, |id| LakeOfDay::published(id)),
    };
    let told =
        format!("of {} of the deal {} never heard from us", several(story.from_tables.len(), "contact"), unheard.len());
    story.recomputed(value, told);
    Ok(true)
}
