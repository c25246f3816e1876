//! How the value of a KPI came about: the interactions that its definition takes, what each adds, why others are not taken,
//! and whether all that gives the published value.

use super::plural::several;
use std::collections::HashMap;

use polars::prelude::*;
use serde_json::Value;

use super::evidence::{BY, TURN};
use super::story::{ColumnStory, InteractionStory};
use super::sums::{Sum, Taken, Term, is_same};
use super::why_not::{Obstacle, Properties, obstacles};
use crate::error::{Error, Result};
use crate::interactions::columns::OCCURRED_AT;
use crate::interactions::event::*;
use crate::interactions::reply_runs::{DUE, RESPONSE};
use crate::kpis::definitions::responsiveness::answered;
use crate::kpis::{COLLEAGUES, EXTERNAL_PEOPLE, Kpi, Measure, Measuring, held};
use crate::table::{Column as Declared, cells};
use crate::time::{HOURS_PER_MICROSECOND, MINUTES_PER_MICROSECOND};

/// What is known of a record's interactions.
pub struct RecordInteractions<'a> {
    /// All KPIs.
    pub kpis: &'a [Kpi],
    /// The interactions, with the columns that definitions name.
    pub interactions: &'a DataFrame,
    /// Settings and calendar.
    pub measuring: &'a Measuring<'a>,
    /// Whether to find out why others do not count.
    pub with_reasons: bool,
}

fn doing() -> impl FnOnce(PolarsError) -> Error {
    Error::engine("explaining a KPI")
}

impl RecordInteractions<'_> {
    /// Fills in a story; false where the interactions at hand do not say what the definition asks for.
    ///
    /// # Errors
    /// Only what the engine runs into.
    pub fn tell(&self, kpi: &Kpi, story: &mut ColumnStory) -> Result<bool> {
        let Some(taken) = self.taken(kpi)? else { return Ok(false) };
        let mut parts: Vec<(&str, Taken)> = Vec::new();
        if let Measure::Ratio { numerator: one, denominator: other } | Measure::Share { of: one, beside: other } =
            kpi.measure
        {
            for name in [one, other] {
                let part = self.kpis.iter().find(|kpi| kpi.column.name == name);
                match part.map(|kpi| self.taken(kpi)).transpose()?.flatten() {
                    Some(part) => parts.push((name, part)),
                    None => return Ok(false),
                }
            }
        }
        self.fill(&taken, &parts, story);
        Ok(true)
    }

    /// Fills in a story with what a value takes of the interactions, and with what its parts do.
    pub fn fill(&self, taken: &Taken, parts: &[(&str, Taken)], story: &mut ColumnStory) {
        let counts = |row: usize| match parts.is_empty() {
            true => taken.amounts[row].is_some(),
            false => parts.iter().any(|(_, part)| part.amounts[row].is_some()),
        };
        let rows = self.interactions.height();
        let counted = (0..rows).filter(|&row| counts(row)).count();
        story.counted = Some(counted);
        story.not_counted = Some(rows - counted);
        story.adds_up = Some(is_same(&taken.value, &story.value));
        story.from_rows = Some(taken.value.clone());
        story.with_numbers = Some(taken.sum.clone());
        story.missing = taken.missing.clone().filter(|_| story.value.is_null());
        let order = |of: bool| (0..rows).filter(move |&row| counts(row) == of);
        let by_time = |mut rows: Vec<usize>| {
            let times = self.interactions.column(OCCURRED_AT).and_then(|times| Ok(times.datetime()?.phys.clone()));
            if let Ok(times) = times {
                rows.sort_by_key(|&row| times.get(row));
            }
            rows
        };
        let rows = [by_time(order(true).collect()), by_time(order(false).collect())].concat();
        story.rows = rows
            .into_iter()
            .map(|row| InteractionStory {
                counts: Some(counts(row)),
                amount: taken.amounts[row],
                parts: parts
                    .iter()
                    .filter(|(_, part)| part.amounts[row].is_some())
                    .map(|(name, _)| name.to_string())
                    .collect(),
                why_not: match counts(row) {
                    true => None,
                    false => {
                        taken.why_not[row].clone().or(parts.first().and_then(|(_, part)| part.why_not[row].clone()))
                    }
                },
                ..interaction(self.interactions, row)
            })
            .collect();
    }

    /// What a KPI takes; none where a definition asks for what the interactions at hand do not say.
    ///
    /// # Errors
    /// Only what the engine runs into.
    pub fn taken(&self, kpi: &Kpi) -> Result<Option<Taken>> {
        let minute = MINUTES_PER_MICROSECOND;
        Ok(match kpi.measure {
            Measure::Count(condition) => {
                self.added_up(condition(self.measuring), lit(1i64), 1.0)?.map(|taken| taken.counted())
            }
            Measure::CountRuns(condition) => {
                let condition = col(DUE).and(condition(self.measuring));
                self.added_up(condition, lit(1i64), 1.0)?.map(|taken| taken.counted())
            }
            Measure::CountIfDefined(condition) => match condition(self.measuring) {
                Some(condition) => self.added_up(condition, lit(1i64), 1.0)?.map(|taken| taken.counted()),
                None => Some(Taken::nothing(self.interactions.height(), &undefined(&kpi.column))),
            },
            Measure::Minutes { time, takes } => {
                let (time, takes) = (time(self.measuring), takes(self.measuring));
                let known = takes.clone().and(time.clone().is_not_null());
                let Some(taken) = self.added_up(known, time.clone(), minute)? else { return Ok(None) };
                let plain = RecordInteractions { with_reasons: false, ..*self };
                let unknown = plain.added_up(takes.and(time.is_null()), lit(1i64), 1.0)?;
                let unknown = unknown.map_or(0, |taken| taken.rows());
                let held = plain.added_up(held(), lit(1i64), 1.0)?.map_or(0, |taken| taken.rows());
                Some(taken.minutes(held, unknown))
            }
            Measure::ResponseHours { answered_by, statistic } => {
                let condition = col(DUE).and(answered(answered_by));
                self.added_up(condition, col(RESPONSE), HOURS_PER_MICROSECOND)?.map(|taken| taken.statistic(statistic))
            }
            Measure::Ratio { numerator, denominator } => {
                let part = |name: &str| self.kpis.iter().find(|kpi| kpi.column.name == name);
                let (Some(above), Some(below)) = (part(numerator), part(denominator)) else { return Ok(None) };
                let (Some(above), Some(below)) = (self.taken(above)?, self.taken(below)?) else { return Ok(None) };
                Some(Taken::quotient(
                    Term { name: numerator, value: &above.value },
                    Term { name: denominator, value: &below.value },
                    self.interactions.height(),
                ))
            }
            Measure::Share { of, beside } => {
                let part = |name: &str| self.kpis.iter().find(|kpi| kpi.column.name == name);
                let (Some(one), Some(other)) = (part(of), part(beside)) else { return Ok(None) };
                let (Some(one), Some(other)) = (self.taken(one)?, self.taken(other)?) else { return Ok(None) };
                Some(Taken::share(
                    Term { name: of, value: &one.value },
                    Term { name: beside, value: &other.value },
                    self.interactions.height(),
                ))
            }
            Measure::FirstLastNext => Some(self.extreme(kpi.column.name)?),
            Measure::Given => None,
        })
    }

    /// Amounts of the interactions that meet a condition, and why the others do not.
    fn added_up(&self, condition: Expr, micros: Expr, unit: f64) -> Result<Option<Sum>> {
        let rows = self.interactions.clone().lazy().with_column(held());
        // The id gives what does not depend on the row as many rows as there are.
        let asked = rows.select([
            col(INTERACTION_ID),
            condition.clone().fill_null(lit(false)).alias("counts"),
            micros.cast(DataType::Int64).alias("micros"),
        ]);
        let asked = match asked.collect() {
            Ok(asked) => asked,
            Err(error) if lacks_column(&error) => return Ok(None),
            Err(error) => return Err(doing()(error)),
        };
        let read = || -> PolarsResult<Sum> {
            let height = self.interactions.height();
            let (counts, micros) = (asked.column("counts")?.bool()?, asked.column("micros")?.i64()?);
            let taken = (0..height).map(|row| micros.get(row).filter(|_| counts.get(row) == Some(true)));
            let taken: Vec<Option<i64>> = taken.collect();
            let of_rows = Properties::of_rows(self.interactions)?;
            let with_engagement = self.interactions.column(FOLLOWED).is_ok();
            let others = of_rows.iter().zip(&taken).filter(|(_, taken)| taken.is_none()).map(|(of, _)| *of);
            let why = match self.with_reasons {
                true => obstacles(&condition, others, with_engagement)?,
                false => HashMap::new(),
            };
            let turns = self.interactions.column(TURN).and_then(|turns| Ok(turns.str()?.clone())).ok();
            let why_not = of_rows.iter().zip(&taken).enumerate().map(|(row, (of, taken))| match taken {
                Some(_) => None,
                None => {
                    let turn = turns.as_ref().and_then(|turns| turns.get(row));
                    self.with_reasons.then(|| words(&why, of, turn))
                }
            });
            Ok(Sum { why_not: why_not.collect(), taken, unit })
        };
        read().map(Some).map_err(doing())
    }

    /// The first, last or next interaction, by the name of the column.
    fn extreme(&self, column: &str) -> Result<Taken> {
        let which = column.split('_').next().unwrap_or_default();
        let is_next = which == "next";
        let read = || -> PolarsResult<Taken> {
            let times = self.interactions.column(OCCURRED_AT)?.datetime()?.phys.clone();
            let planned = self.interactions.column(PLANNED)?.bool()?.clone();
            let fits = |row: &usize| (planned.get(*row) == Some(true)) == is_next;
            let rows = || (0..self.interactions.height()).filter(fits);
            // Interactions are in the order of ids: of several at one time the first counts.
            let found = match which {
                "last" => rows().rev().max_by_key(|&row| times.get(row)),
                _ => rows().min_by_key(|&row| times.get(row)),
            };
            let why_not = |row: usize| match (fits(&row), Some(row) == found) {
                (_, true) => None,
                (false, _) if is_next => Some("it is held, not planned".to_string()),
                (false, _) => Some("it is planned, not held".to_string()),
                (true, _) if which == "last" => Some("a later one was held".to_string()),
                (true, _) => Some("an earlier one comes first".to_string()),
            };
            let field = found.map_or(Value::Null, |row| {
                let story = interaction(self.interactions, row);
                let text = |text: Option<String>| text.map_or(Value::Null, Value::String);
                match column.rsplit('_').next() {
                    Some("at") => text(story.occurred_at),
                    Some("kind") => text(story.kind),
                    Some("direction") => text(story.direction),
                    Some("id") => Value::String(story.interaction_id),
                    _ => Value::Null,
                }
            });
            let sum = found.map_or_else(
                || format!("no interaction is {}", if is_next { "planned" } else { "held" }),
                |row| {
                    format!(
                        "of {} the {which} one: {}",
                        several(rows().count(), if is_next { "planned interaction" } else { "held interaction" }),
                        interaction(self.interactions, row).interaction_id
                    )
                },
            );
            Ok(Taken {
                amounts: (0..self.interactions.height()).map(|row| (Some(row) == found).then_some(1.0)).collect(),
                why_not: (0..self.interactions.height()).map(why_not).collect(),
                missing: Some(sum.clone()),
                value: field,
                sum,
            })
        };
        read().map_err(doing())
    }
}

/// Why the settings leave a KPI undefined, as the dictionary says it.
fn undefined(column: &Declared) -> String {
    let why = column.empty.strip_prefix("null where ").unwrap_or(column.empty);
    let why = why.split_once(", else").map_or(why, |(why, _)| why);
    let named = column.description.split_once("the setting ").map(|(_, named)| named);
    let name = named.and_then(|named| named.split([' ', '.', ',']).next());
    name.map_or(why.to_string(), |name| format!("{why}, by the setting {name}"))
}

fn lacks_column(error: &PolarsError) -> bool {
    match error {
        PolarsError::ColumnNotFound(_) => true,
        PolarsError::Context { error, .. } => lacks_column(error),
        _ => false,
    }
}

fn words(why: &HashMap<Properties, Vec<Obstacle>>, of: &Properties, turn: Option<&str>) -> String {
    let Some(obstacles) = why.get(of) else { return "it is nothing of what is asked for".to_string() };
    // Without a run there is no answer to it.
    let has_run = !obstacles.contains(&Obstacle::NoRun);
    let told = obstacles.iter().filter(|obstacle| has_run || **obstacle != Obstacle::NoAnswer);
    told.map(|obstacle| obstacle.words(of, turn)).collect::<Vec<_>>().join(", ")
}

/// An interaction by its row, without what it has to do with a value.
pub fn interaction(interactions: &DataFrame, row: usize) -> InteractionStory {
    let column = |name: &str| interactions.column(name).ok();
    let text = |name: &str| column(name).and_then(|column| cells::text(column, row));
    let kind = column(KIND).and_then(|kinds| kinds.u8().ok()?.get(row));
    let flag = |name: &str| column(name).and_then(|flags| flags.bool().ok()?.get(row));
    let count = |name: &str| column(name).and_then(|counts| counts.u32().ok()?.get(row));
    let micros = column(DURATION).and_then(|durations| durations.i64().ok()?.get(row));
    InteractionStory {
        interaction_id: text(INTERACTION_ID).unwrap_or_default(),
        kind: kind.and_then(|kind| KINDS.get(usize::from(kind))).map(ToString::to_string),
        direction: flag(OURS).map(|ours| if ours { "outbound" } else { "inbound" }.to_string()),
        status: Some(if flag(PLANNED) == Some(true) { "planned" } else { "held" }.to_string()),
        occurred_at: column(OCCURRED_AT).and_then(|times| times.datetime().ok()?.phys.get(row)).map(cells::instant),
        duration_minutes: micros.map(|micros| micros as f64 * MINUTES_PER_MICROSECOND),
        colleagues: count(COLLEAGUES),
        external_people: count(EXTERNAL_PEOPLE),
        counts_for_record_by: text(BY),
        turn: text(TURN),
        ..InteractionStory::default()
    }
}
