//! A relationship against the others of its record type, and what its own numbers say in words: values of
//! `relationship_health` that are made of its rows.

use serde_json::Value;

use super::read::{TableRows, Tables};
use crate::error::Result;
use crate::explain::plural::{days_ago, several};
use crate::explain::question::FoundRow;
use crate::explain::story::ColumnStory;
use crate::health::factors::Components;
use crate::health::reason::Reason;
use crate::health::score::Formula;
use crate::health::usual::{self, Usual};
use crate::health::window::LIVING_DAYS;
use crate::health::{Health, Scored, State, Trend};
use crate::language::Language;
use crate::people::RecordType;

const TABLE: &str = "relationship_health";

/// Tells a column of health; false of any other, and where nothing is scored.
///
/// # Errors
/// What storage refuses, and files that are no Parquet.
pub fn tell(found: &FoundRow<'_>, tables: &Tables<'_>, story: &mut ColumnStory) -> Result<bool> {
    let Some((record_type, _)) = found.record.as_ref().filter(|_| found.table.name == TABLE) else { return Ok(false) };
    let own = TableRows { table: TABLE, frame: found.row.clone() };
    let language = match story.column.as_str() {
        "main_reason_code" => return Ok(reason(&own, None, story)),
        "main_reason" => Language::English,
        "main_reason_de" => Language::German,
        "main_reason_fr" => Language::French,
        "main_reason_sv" => Language::Swedish,
        column => {
            let is_scored = own.number("health_score", 0).is_some();
            return match column {
                _ if !is_scored => Ok(false),
                "expected_contact" => {
                    let level = tables.settings.health.expected_contact.map_or("auto", |level| level.name());
                    story.recomputed(level.into(), format!("the setting expected_contact: {level}"));
                    Ok(true)
                }
                "dormant_after_days" => Ok(dormant_after(&own, story)),
                "health_percentile" => percentile(*record_type, &own, tables, story),
                "expected_contact_days" | "expected_frequency" => expected(*record_type, tables, story),
                _ => Ok(false),
            };
        }
    };
    Ok(reason(&own, Some(language), story))
}

fn of_type(record_type: RecordType, tables: &Tables<'_>) -> Result<Option<TableRows>> {
    tables.rows(TABLE, &[("record_type", record_type.name())])
}

/// The components of a row, by the columns that they are published in.
fn components(rows: &TableRows, row: usize) -> Option<Components> {
    rows.number("health_score", row)?;
    let number = |name: &str| rows.number(name, row).unwrap_or_default();
    let whole = |name: &str| rows.number(name, row).map(|days| days as u32);
    let days = |name: &str| whole(name).unwrap_or_default();
    Some(Components {
        days_since_contact: days("days_since_contact"),
        days_since_received: whole("days_since_received"),
        days_since_sent: whole("days_since_sent"),
        received: number("received"),
        sent: number("sent"),
        frequency: number("frequency"),
        mutual: number("mutual"),
        recency: number("recency"),
        our_activity: number("our_activity"),
        varied: number("varied"),
        contact_days: days("contact_days"),
        own_gap: whole("own_contact_interval_days"),
        recent_contact_days: days("contact_days_28"),
        earlier_contact_days: days("contact_days_28_before"),
    })
}

/// The main reason in a language, or its code.
fn reason(own: &TableRows, language: Option<Language>, story: &mut ColumnStory) -> bool {
    let name = own.text("health_state", 0).unwrap_or_default();
    let Some(state) = State::named(&name) else { return false };
    let number = |name: &str| own.number(name, 0).unwrap_or_default();
    let scored = components(own, 0).map(|components| Scored {
        score: number("health_score"),
        components,
        earlier: number("earlier_health_score"),
        trend: Trend::Steady,
        expected_days: number("expected_contact_days") as u32,
        expected_frequency: number("expected_frequency"),
        dormant_after: None,
        percentile: number("health_percentile"),
    });
    let health = Health { state, scored };
    let found = Reason::of(&health);
    let said = language.map_or_else(|| found.code().to_string(), |language| found.words(language));
    let numbers = match scored.map(|scored| scored.components) {
        None => format!("health_state is {name}"),
        Some(of) => {
            let days = |days: Option<u32>| days.map_or("never".to_string(), days_ago);
            format!(
                "health_state is {name}; from them {}, from us {}, expected every {}, {} of contact in {LIVING_DAYS}; \
                 recency {}, frequency {}, mutual {}, our_activity {}",
                days(of.days_since_received),
                days(of.days_since_sent),
                several(number("expected_contact_days") as usize, "day"),
                several(of.contact_days as usize, "day"),
                of.recency,
                of.frequency,
                of.mutual,
                of.our_activity
            )
        }
    };
    story.recomputed(said.into(), numbers);
    true
}

fn dormant_after(own: &TableRows, story: &mut ColumnStory) -> bool {
    let Some(components) = components(own, 0) else { return false };
    if own.text("expected_contact", 0).as_deref() != Some("auto") {
        story.recomputed(Value::Null, "expected_contact is set, and by a setting nothing is dormant".to_string());
        return true;
    }
    let expected = own.number("expected_contact_days", 0).unwrap_or_default() as u32;
    let days = usual::dormant_after(&components, expected);
    let (name, interval) = match components.own_gap {
        Some(own) => ("own_contact_interval_days", own),
        None => ("expected_contact_days", expected),
    };
    let sum = format!("3 × {name} {interval} = {}, no less than 60 and no more than 180: {days}", 3 * interval);
    story.recomputed(days.into(), sum);
    true
}

fn percentile(record_type: RecordType, own: &TableRows, tables: &Tables<'_>, story: &mut ColumnStory) -> Result<bool> {
    let Some((all, score)) = of_type(record_type, tables)?.zip(own.number("health_score", 0)) else { return Ok(false) };
    let scores: Vec<f64> = (0..all.count()).filter_map(|row| all.number("health_score", row)).collect();
    let lower = scores.iter().filter(|other| **other < score).count();
    let same = scores.iter().filter(|other| **other == score).count();
    let found = 100.0 * (lower as f64 + same as f64 / 2.0) / scores.len() as f64;
    let sum = format!(
        "of {} scores of the type {lower} are lower than {score} and {same} the same, its own among them: \
         100 × ({lower} + {same} / 2) / {} = {found}",
        scores.len(),
        scores.len()
    );
    story.recomputed(found.into(), sum);
    Ok(true)
}

/// What is usual among the relationships of the type, or what the setting says.
fn expected(record_type: RecordType, tables: &Tables<'_>, story: &mut ColumnStory) -> Result<bool> {
    let formula = Formula::new(&tables.settings.health);
    let of_days = story.column == "expected_contact_days";
    if let Some(level) = tables.settings.health.expected_contact {
        let value = if of_days { Value::from(level.days() as u32) } else { formula.expected_frequency().into() };
        let told = format!("expected_contact is {}: {value}", level.name());
        story.recomputed(value, told);
        return Ok(true);
    }
    let usual = |record_type: RecordType| -> Result<Option<(Usual, usize)>> {
        let Some(rows) = of_type(record_type, tables)? else { return Ok(None) };
        let undivided = |row: usize| {
            let found = components(&rows, row)?;
            let by = rows.number("expected_frequency", row)?;
            Some(Components { frequency: found.frequency * by, ..found })
        };
        let all: Vec<Components> = (0..rows.count()).filter_map(undivided).collect();
        let living = all.iter().filter(|found| found.days_since_contact <= LIVING_DAYS).count();
        Ok(Some((Usual::of(all.iter(), &formula), living)))
    };
    let Some((own, living)) = usual(record_type)? else { return Ok(false) };
    let name = record_type.name();
    let among =
        format!("among {living} relationships of the type in touch within {LIVING_DAYS} days and 15 that stand in");
    if of_days {
        story.recomputed(own.days.into(), format!("median of own_contact_interval_days {among}: {}", own.days));
        return Ok(true);
    }
    let Some((contacts, _)) = usual(RecordType::Contact)? else { return Ok(false) };
    let bar = usual::COMMON * own.product / contacts.product;
    let value = formula.against(bar).expected_frequency();
    story.recomputed(
        value.into(),
        format!(
            "median of the product with frequency undivided {among}: {} ({name}), of contacts {}; {} × {} / {} / 0.3 = {value}",
            own.product,
            contacts.product,
            usual::COMMON,
            own.product,
            contacts.product
        ),
    );
    Ok(true)
}
