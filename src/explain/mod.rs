//! How published values came about: a step after publishing, which reads what was published.
//!
//! [`question`] finds the table, the row and the column that were asked for, `no_row` says why there is none, and
//! [`mod@column`] tells one value after the other.
//! [`evidence`] makes the interactions of a record, as definitions look at them, of `interactions` and `interaction_records`.
//! [`kpis`] asks each definition which of them it takes, and [`sums`] adds up what they give; [`why_not`] finds out why it does
//! not take the others. [`contact_days`] counts silences and days of contact anew. [`tables`] tells what is made of rows of
//! published tables, [`lake`] what is made of who took part, which only the lake says, and [`summaries`] the sentences about a record. [`scores`] writes health and strength down
//! with their numbers, by the formulas of jobs/FORMULAS.md, and [`chances`] what a score like this one was worth before. Whatever
//! else a table has is told by the dictionary, so that new tables and new KPIs are explained without a word here, and [`origins`]
//! says what it comes from. [`record`] tells all about one record, and [`words`] writes stories down.

pub mod as_csv;
pub mod chances;
pub mod column;
pub mod contact_days;
pub mod evidence;
pub mod formulas;
mod key;
pub mod kpis;
pub mod lake;
mod no_row;
pub mod origins;
pub mod plural;
pub mod question;
pub mod record;
pub mod scores;
pub mod sources;
pub mod story;
pub mod summaries;
pub mod sums;
pub mod tables;
pub mod why_not;
pub mod words;

use std::collections::HashMap;

use crate::error::Result;
use crate::interactions::event::INTERACTION_ID;
use crate::kpis::kpis as all_kpis;
use crate::people::RecordType;
use crate::table::{AS_OF, Column, cells};
use column::{HEALTH, Telling, is_added_up, is_of_interactions};
use kpis::RecordInteractions;
use question::FoundRow;
pub use sources::ExplanationSources;
use story::{ColumnStory, Story};

/// How the row, or the column of it that was asked for, came about.
///
/// # Errors
/// What storage refuses, and files that are no Parquet.
pub fn row(found: &FoundRow<'_>, sources: &ExplanationSources<'_>, read_from: String) -> Result<Story> {
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
    let telling = Telling::of(found, sources, &all)?;
    let tell = |column: &&Column| telling.tell(column, &mut interactions);
    let columns: Vec<ColumnStory> = asked.iter().map(tell).collect::<Result<_>>()?;
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
        story.interactions = behind(&telling.known(of_record, false), &asked)?;
    }
    Ok(story)
}

/// Whether the value that was asked for could be told by the lake, and was not told without it. Of a whole row nothing could:
/// it is to be there at once.
pub fn wants_lake(found: &FoundRow<'_>, story: &Story) -> bool {
    let (Some(column), [told]) = (found.column, &story.columns[..]) else { return false };
    let is_of_readers = found.record.is_some() && all_kpis().iter().any(|kpi| is_added_up(kpi, column));
    told.adds_up.is_none() && (is_of_readers || !told.value.is_null() && lake::can_tell(found.table.name, column.name))
}

fn is_asked(found: &FoundRow<'_>, column: &Column) -> bool {
    match found.column {
        Some(asked) => asked.name == column.name,
        None => {
            !found.table.key.contains(&column.name) && column.name != AS_OF && found.row.column(column.name).is_ok()
        }
    }
}

/// Every interaction of the record, with the columns that it counts for.
fn behind(known: &RecordInteractions<'_>, asked: &[&Column]) -> Result<Vec<story::InteractionStory>> {
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
fn see(found: &FoundRow<'_>) -> Vec<String> {
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
