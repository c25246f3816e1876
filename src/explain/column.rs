//! One value of a row: each way in which values come about is tried until one tells it.

use polars::prelude::*;
use serde_json::Value;

use super::kpis::RecordInteractions;
use super::question::FoundRow;
use super::scores::{self, RowValues};
use super::sources::ExplanationSources;
use super::story::ColumnStory;
use super::tables::read::Tables;
use super::{chances, contact_days, evidence, formulas, lake, origins, summaries, tables};
use crate::config::Settings;
use crate::error::Result;
use crate::kpis::{Kpi, Measure, Measuring};
use crate::rules;
use crate::table::{Column, cells};
use crate::time::AsOf;

/// The table of health.
pub(super) const HEALTH: &str = "relationship_health";

/// What the values of a row have in common.
pub(super) struct Telling<'a> {
    found: &'a FoundRow<'a>,
    sources: &'a ExplanationSources<'a>,
    kpis: &'a [Kpi],
    measuring: Measuring<'a>,
    /// The row of health of the record.
    health: Option<DataFrame>,
    tables: Tables<'a>,
}

impl<'a> Telling<'a> {
    pub(super) fn of(
        found: &'a FoundRow<'a>,
        sources: &'a ExplanationSources<'a>,
        kpis: &'a [Kpi],
    ) -> Result<Telling<'a>> {
        Ok(Telling {
            found,
            sources,
            kpis,
            measuring: Measuring::at(sources.settings, sources.as_of),
            health: health_row(found, sources)?,
            tables: Tables::new(sources.outputs, sources.settings, sources.as_of),
        })
    }

    /// The interactions of the record as definitions look at them.
    pub(super) fn known<'k>(&'k self, interactions: &'k DataFrame, with_reasons: bool) -> RecordInteractions<'k> {
        RecordInteractions { kpis: self.kpis, interactions, measuring: &self.measuring, with_reasons }
    }

    /// How a value came about. `interactions` are those of the record; what readers did is added to them once it is needed.
    pub(super) fn tell(&self, column: &Column, interactions: &mut Option<DataFrame>) -> Result<ColumnStory> {
        let mut story = base(column, &self.found.row);
        let own = self.kpis.iter().find(|kpi| is_added_up(kpi, column));
        if !self.by_interactions(own, interactions, &mut story)? {
            self.otherwise(&mut story)?;
        }
        if self.found.column.is_none() {
            story.rows.clear();
            story.from_tables.clear();
        }
        if let Some(kpi) = own {
            story.formula = formulas::find("KPIs", kpi.column.name).map(str::to_string);
        }
        if story.with_numbers.is_none() {
            story.comes_from = origins::of(self.found.table.name, column.name).map(str::to_string);
        }
        if story.value.is_null() && story.missing.is_none() {
            story.missing = Some(column.empty.to_string()).filter(|empty| !empty.is_empty() && empty != "never");
        }
        Ok(story)
    }

    /// What is added up from interactions of the record, or made of the days on which they were.
    fn by_interactions(
        &self,
        own: Option<&Kpi>,
        interactions: &mut Option<DataFrame>,
        story: &mut ColumnStory,
    ) -> Result<bool> {
        let Some(of_record) = interactions else { return Ok(false) };
        let with_reasons = self.found.column.is_some();
        if let Some(kpi) = own {
            if self.known(of_record, with_reasons).tell(kpi, story)? {
                return Ok(true);
            }
            if let Some(lake) = self.sources.lake {
                *of_record = lake::read::engaged(of_record, lake)?;
                if self.known(of_record, with_reasons).tell(kpi, story)? {
                    return Ok(true);
                }
            }
        }
        tell_days(self.found, &self.known(of_record, false), story, self.sources.as_of)
    }

    /// What is made of other values of the row, of other tables, or of who took part in what.
    fn otherwise(&self, story: &mut ColumnStory) -> Result<()> {
        let Telling { found, sources, .. } = self;
        tell_score(found, self.health.as_ref(), story, sources.settings);
        chances::tell(found, story, sources.outputs, sources.as_of)?;
        if story.with_numbers.is_none() {
            tables::tell(found, &self.tables, story)?;
            summaries::tell(found, &self.tables, sources.lake, story)?;
        }
        if let (None, Some(lake)) = (&story.with_numbers, sources.lake) {
            lake::tell(found, lake, &self.tables, story)?;
        }
        Ok(())
    }
}

/// Whether a column is added up from the interactions of its record, or made of the days on which they were.
pub(super) fn is_of_interactions(kpis: &[Kpi], found: &FoundRow<'_>, column: &Column) -> bool {
    kpis.iter().any(|kpi| is_added_up(kpi, column)) || contact_days::is_made_of_days(found.table.name, column.name)
}

/// Whether a column of a record is a KPI that is added up from its interactions.
pub(super) fn is_added_up(kpi: &Kpi, column: &Column) -> bool {
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
fn tell_days(
    found: &FoundRow<'_>,
    known: &RecordInteractions<'_>,
    story: &mut ColumnStory,
    as_of: AsOf,
) -> Result<bool> {
    let has_no_value = match story.column.as_str() {
        contact_days::STATE => found.has("health_score") || story.value == "not_applicable",
        _ => found.table.name == HEALTH && story.value.is_null(),
    };
    if has_no_value || !contact_days::is_made_of_days(found.table.name, &story.column) {
        return Ok(false);
    }
    let Some(taken) = contact_days::taken(&story.column, known.interactions, as_of)? else { return Ok(false) };
    known.fill(&taken, &[], story);
    Ok(true)
}

/// Tells a column of health or of a connection by its formula.
fn tell_score(found: &FoundRow<'_>, health: Option<&DataFrame>, story: &mut ColumnStory, settings: &Settings) {
    if let Some(why) = scores::no_health(found.table.name, &RowValues(&found.row), &story.column, settings) {
        let is_state = story.column.ends_with("health_state");
        story.missing = (!is_state).then(|| why.clone());
        story.recomputed(if is_state { "not_applicable".into() } else { Value::Null }, why);
        return;
    }
    let is_connection = found.row.column("colleague_activity").is_ok();
    match health {
        _ if is_connection => scores::connection(&RowValues(&found.row), story, settings),
        Some(health) => scores::health(&RowValues(health), story, settings),
        None => false,
    };
}

/// The row of health of the record that the row is about, where the row has columns of health.
fn health_row(found: &FoundRow<'_>, sources: &ExplanationSources<'_>) -> Result<Option<DataFrame>> {
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
