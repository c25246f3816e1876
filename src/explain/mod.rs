//! How published values came about: a step after publishing, which reads what was published.
//!
//! [`question`] finds the table, the row and the column that were asked for. [`evidence`] makes the interactions of a record,
//! as definitions look at them, of `interactions` and `interaction_records`. [`kpis`] asks each definition which of them it
//! takes, and [`sums`] adds up what they give; [`why_not`] finds out why it does not take the others. [`contact_days`] counts
//! silences and days of contact anew. [`tables`] tells what is made of rows of published tables, and [`scores`] writes health and strength down with their numbers, by the formulas of
//! jobs/FORMULAS.md, and [`chances`] what a score like this one was worth before. Whatever else a table has is told by the
//! dictionary, so that new tables and new KPIs are explained without a word here, and [`origins`] says what it comes from.
//! [`record`] tells all about one record, and [`words`] writes stories down.

pub mod as_csv;
pub mod chances;
pub mod contact_days;
pub mod evidence;
pub mod formulas;
pub mod kpis;
pub mod lake;
pub mod origins;
pub mod question;
pub mod record;
pub mod scores;
pub mod story;
pub mod sums;
pub mod tables;
pub mod why_not;
pub mod words;

use std::collections::HashMap;

use polars::prelude::*;
use serde_json::Value;

use crate::config::Settings;
use crate::error::Result;
use crate::interactions::event::INTERACTION_ID;
use crate::kpis::{Kpi, Measure, Measuring, kpis as all_kpis};
use crate::people::RecordType;
use crate::publish::Outputs;
use crate::rules;
use crate::table::{AS_OF, Column, cells};
use crate::time::AsOf;
use kpis::Known;
use lake::read::LakeOfDay;
use question::Found;
use scores::Numbers;
use story::{ColumnStory, Story};
use tables::read::Tables;

/// What explanations are made of.
pub struct Sources<'a> {
    /// Where published tables lie; what was computed instead of read is among them.
    pub outputs: &'a Outputs,
    /// The settings under which a run would compute the table now.
    pub settings: &'a Settings,
    /// The day.
    pub as_of: AsOf,
    /// The lake as of the day; none where it is not to be read.
    pub lake: Option<&'a LakeOfDay<'a>>,
}

/// How the row, or the column of it that was asked for, came about.
///
/// # Errors
/// What storage refuses, and files that are no Parquet.
pub fn row(found: &Found<'_>, sources: &Sources<'_>, read_from: String) -> Result<Story> {
    let all = all_kpis();
    let asked: Vec<&Column> = found.table.columns.iter().filter(|column| is_asked(found, column)).collect();
    let mut notes = Vec::new();
    let mut interactions = match &found.record {
        Some(record) if asked.iter().any(|column| is_of_interactions(&all, found, column)) => {
            evidence::of_record(sources.outputs, record.0, &record.1, sources.as_of, sources.settings)?
        }
        _ => None,
    };
    if let (Some(of_record), Some(day)) = (&interactions, found.key.get("activity_date")) {
        interactions = Some(evidence::of_day(of_record, day, sources.as_of)?);
    }
    let measuring = Measuring::at(sources.settings, sources.as_of);
    let mut columns: Vec<ColumnStory> = asked.iter().map(|column| base(column, &found.row)).collect();
    let health = health_row(found, sources)?;
    let tables = Tables::new(sources.outputs, sources.as_of.date);
    for at in 0..columns.len() {
        let own = all.iter().find(|kpi| is_added_up(kpi, asked[at]));
        let tell = |interactions: &Option<DataFrame>, story: &mut ColumnStory| -> Result<bool> {
            let (Some(kpi), Some(interactions)) = (own, interactions) else { return Ok(false) };
            let known = Known { kpis: &all, interactions, measuring: &measuring, with_reasons: found.column.is_some() };
            let told = known.tell(kpi, story)?;
            if found.column.is_none() {
                story.rows.clear();
            }
            Ok(told)
        };
        let mut told = tell(&interactions, &mut columns[at])?;
        if let (false, Some(_), Some(of_record), Some(lake)) = (told, own, &interactions, sources.lake) {
            interactions = Some(lake::read::engaged(of_record, lake)?);
            told = tell(&interactions, &mut columns[at])?;
        }
        if let (false, Some(of_record)) = (told, &interactions) {
            let known = Known { kpis: &all, interactions: of_record, measuring: &measuring, with_reasons: false };
            told = tell_days(found, &known, &mut columns[at], sources.as_of)?;
        }
        columns[at].formula = own.and_then(|kpi| formulas::find("KPIs", kpi.column.name)).map(str::to_string);
        if !told {
            tell_score(found, health.as_ref(), &mut columns[at], sources.settings);
            chances::tell(found, &mut columns[at], sources.outputs, sources.as_of)?;
            if columns[at].with_numbers.is_none() {
                tables::tell(found, &tables, &mut columns[at], sources.settings, sources.as_of)?;
            }
            if let (None, Some(lake)) = (&columns[at].with_numbers, sources.lake) {
                lake::tell(found, lake, &mut columns[at])?;
            }
            if found.column.is_none() {
                columns[at].from_tables.clear();
                columns[at].rows.clear();
            }
        }
        if columns[at].with_numbers.is_none() {
            columns[at].comes_from = origins::of(found.table.name, asked[at].name).map(str::to_string);
        }
        if columns[at].value.is_null() && columns[at].missing.is_none() {
            columns[at].missing =
                Some(asked[at].empty.to_string()).filter(|empty| !empty.is_empty() && empty != "never");
        }
    }
    if interactions.is_none()
        && found.record.is_some()
        && asked.iter().any(|column| is_of_interactions(&all, found, column))
    {
        notes.push("interactions and interaction_records are not published as of the day".to_string());
    }
    if columns.iter().any(|column| column.adds_up == Some(false)) {
        notes.push(
            "what is published is not what the rows and the settings of today give: the settings or the program have \
             changed since, or somebody was forgotten; rapport diff says what a run would change"
                .to_string(),
        );
    }
    let mut story = Story {
        table: found.table.name.to_string(),
        key: found.key.clone(),
        as_of: sources.as_of.date.to_string(),
        read_from,
        notes,
        interactions: Vec::new(),
        not_linked: Vec::new(),
        see: see(found),
        columns,
    };
    if let (Some(of_record), None) = (&interactions, found.column) {
        let known = Known { kpis: &all, interactions: of_record, measuring: &measuring, with_reasons: false };
        story.interactions = behind(&known, &asked)?;
    }
    Ok(story)
}

/// Whether the value that was asked for could be told by the lake, and was not told without it. Of a whole row nothing could:
/// it is to be there at once.
pub fn wants_lake(found: &Found<'_>, story: &Story) -> bool {
    let (Some(column), [told]) = (found.column, &story.columns[..]) else { return false };
    let is_of_readers = found.record.is_some() && all_kpis().iter().any(|kpi| is_added_up(kpi, column));
    told.adds_up.is_none() && (is_of_readers || !told.value.is_null() && lake::can_tell(found.table.name, column.name))
}

fn is_asked(found: &Found<'_>, column: &Column) -> bool {
    match found.column {
        Some(asked) => asked.name == column.name,
        None => {
            !found.table.key.contains(&column.name) && column.name != AS_OF && found.row.column(column.name).is_ok()
        }
    }
}

/// The table of health.
const HEALTH: &str = "relationship_health";

/// Whether a column is added up from the interactions of its record, or made of the days on which they were.
fn is_of_interactions(kpis: &[Kpi], found: &Found<'_>, column: &Column) -> bool {
    kpis.iter().any(|kpi| is_added_up(kpi, column)) || contact_days::is_made_of_days(found.table.name, column.name)
}

/// Whether a column of a record is a KPI that is added up from its interactions.
fn is_added_up(kpi: &Kpi, column: &Column) -> bool {
    kpi.column.name == column.name
        && kpi.column.description == column.description
        && !matches!(kpi.measure, Measure::Given)
}

/// What the dictionary says of a column, and its value.
fn base(column: &Column, row: &DataFrame) -> ColumnStory {
    let title = |code: &str| rules::find(code).map(|rule| format!("{code} {}: {}", rule.title, rule.summary));
    ColumnStory {
        column: column.name.to_string(),
        value: row.column(column.name).map_or(Value::Null, |column| cells::json(column, 0)),
        unit: column.unit.to_string(),
        means: column.description.to_string(),
        rules: rules::codes(column.rule).filter_map(title).collect(),
        ..ColumnStory::default()
    }
}

/// Tells what is made of days of contact; false of anything else, and where there is no value to be counted anew.
fn tell_days(found: &Found<'_>, known: &Known<'_>, story: &mut ColumnStory, as_of: AsOf) -> Result<bool> {
    let has_no_value = match story.column.as_str() {
        contact_days::STATE => found.has("health_score") || story.value == "not_applicable",
        _ => found.table.name == HEALTH && story.value.is_null(),
    };
    if has_no_value || !contact_days::is_made_of_days(found.table.name, &story.column) {
        return Ok(false);
    }
    let Some(taken) = contact_days::taken(&story.column, known.interactions, as_of)? else { return Ok(false) };
    known.fill(&taken, &[], story);
    if found.column.is_none() {
        story.rows.clear();
    }
    Ok(true)
}

/// Tells a column of health or of a connection by its formula.
fn tell_score(found: &Found<'_>, health: Option<&DataFrame>, story: &mut ColumnStory, settings: &Settings) {
    if let Some(why) = scores::no_health(found.table.name, &Numbers(&found.row), &story.column, settings) {
        story.recomputed("not_applicable".into(), why);
        return;
    }
    let is_connection = found.row.column("colleague_activity").is_ok();
    match health {
        _ if is_connection => scores::connection(&Numbers(&found.row), story, settings),
        Some(health) => scores::health(&Numbers(health), story, settings),
        None => false,
    };
}

/// The row of health of the record that the row is about, where the row has columns of health.
fn health_row(found: &Found<'_>, sources: &Sources<'_>) -> Result<Option<DataFrame>> {
    let has_health = found.row.column("health_state").is_ok();
    let Some((record_type, id)) = found.record.as_ref().filter(|_| has_health) else { return Ok(None) };
    if found.row.column("varied").is_ok() {
        return Ok(Some(found.row.clone()));
    }
    let Some(file) = evidence::file(sources.outputs, HEALTH, sources.as_of.date)? else {
        return Ok(None);
    };
    let own = col("record_type").eq(lit(record_type.name())).and(col("record_id").eq(lit(id.as_str())));
    let row = file.collect(|rows| rows.filter(own))?;
    // Closed deals and leads have no row, and neither have accounts in the profile dynamics.
    Ok(Some(row).filter(|row| row.height() == 1).or_else(|| Some(found.row.clone())))
}

/// Every interaction of the record, with the columns that it counts for.
fn behind(known: &Known<'_>, asked: &[&Column]) -> Result<Vec<story::InteractionStory>> {
    let mut stories: Vec<_> =
        (0..known.interactions.height()).map(|row| kpis::interaction(known.interactions, row)).collect();
    let mut for_row: HashMap<usize, Vec<String>> = HashMap::new();
    for kpi in known.kpis.iter().filter(|kpi| asked.iter().any(|column| is_added_up(kpi, column))) {
        let Some(taken) = known.taken(kpi)? else { continue };
        for (row, amount) in taken.amounts.iter().enumerate() {
            // What takes no time counts nothing.
            if amount.is_some_and(|amount| amount != 0.0) {
                for_row.entry(row).or_default().push(kpi.column.name.to_string());
            }
        }
    }
    for (row, story) in stories.iter_mut().enumerate() {
        story.counts_for = for_row.remove(&row).unwrap_or_default();
    }
    stories.sort_by(|one, other| one.occurred_at.cmp(&other.occurred_at));
    Ok(stories)
}

/// Commands that tell more.
fn see(found: &Found<'_>) -> Vec<String> {
    let text = |name: &str| {
        let column = found.row.column(name).ok()?;
        cells::text(column, 0)
    };
    let mut see = Vec::new();
    if let Some((record_type, id)) = &found.record {
        see.push(format!("rapport explain record {id}"));
        if found.table.name != HEALTH && found.row.column("health_state").is_ok() {
            see.push(format!("rapport explain relationship_health {} {id}", record_type.name()));
        }
    }
    if found.table.name != "connections"
        && let (Some(user), Some(kind), Some(id)) = (text("systemuser_id"), text("person_type"), text("person_id"))
        && RecordType::from_name(&kind).is_some_and(|kind| matches!(kind, RecordType::Contact | RecordType::Lead))
    {
        see.push(format!("rapport explain connections {user} {kind} {id}"));
    }
    if found.table.name != "interactions"
        && let Some(id) = text(INTERACTION_ID)
    {
        see.push(format!("rapport explain interactions '{id}'"));
    }
    see
}
