//! What the daily job publishes of how well relationships are covered, and of what changed.

use std::iter::once_with;

use super::published_day::{Day, collect};
use super::record_sums::{self, Shared};
use super::record_tables::kpi_table;
use crate::chances::{self, Calibration};
use crate::changes::{self, Change};
use crate::connections;
use crate::coverage::missing_people::{self, Outsiders};
use crate::coverage::{account_coverage, handover};
use crate::error::Result;
use crate::health::chance;
use crate::health::histories::{self, Histories};
use crate::health::{self, Health, State};
use crate::interactions::{Context, Interactions};
use crate::people::RecordType;
use crate::publish::PublishedTable;

/// Health of every record, what it is made of, and what of it changed.
pub(super) struct HealthOfDay {
    /// By record.
    pub health: Vec<Health>,
    /// The signs of every record, where they were looked at.
    pub histories: Option<Histories>,
    /// Since the earlier day, where there is one.
    pub changed: Vec<Change>,
    /// How often contact both ways followed a score, where that is published.
    pub two_way: Option<Calibration>,
}

impl HealthOfDay {
    /// Of a job that asks for nothing of it.
    pub fn none(context: &Context) -> HealthOfDay {
        let none = Health { state: State::NotApplicable, scored: None };
        let health = vec![none; context.people.records.table.height()];
        HealthOfDay { health, histories: None, changed: Vec::new(), two_way: None }
    }
}

impl Day<'_> {
    /// Publishes how well relationships are covered. Says which connections changed.
    pub fn publish_coverage(
        &self,
        context: &Context,
        interactions: &Interactions,
    ) -> Result<(Vec<PublishedTable>, Vec<Change>)> {
        let tables = [account_coverage::table(), handover::table(), missing_people::table()];
        let [coverage, leaving, missing] = &tables;
        if self.earlier.is_none() && !tables.iter().any(|table| self.publishes(table)) {
            return Ok((Vec::new(), Vec::new()));
        }
        let outsiders =
            if self.publishes(missing) { Outsiders::of(context, interactions)? } else { Outsiders::default() };
        let found = connections::find_as_of(context, interactions, self.earlier.as_ref(), &outsiders.strangers)?;
        let records = context.people.records.table.height() as u32;
        let (mut known, mut strangers) = (interactions.scratch.list()?, interactions.scratch.list()?);
        for one in found.now.iter() {
            if one.record < records { &mut known } else { &mut strangers }.push(*one);
        }
        let (known, strangers) = (known.finish()?, strangers.finish()?);
        let mut published = Vec::new();
        let rows = || collect(coverage, account_coverage::account_coverage(context, &known));
        published.extend(self.replace(coverage, &mut once_with(rows))?);
        let rows = || collect(leaving, handover::handover(context, interactions, &known));
        published.extend(self.replace(leaving, &mut once_with(rows))?);
        let rows = || collect(missing, missing_people::missing_people(context, interactions, &outsiders, &strangers));
        published.extend(self.replace(missing, &mut once_with(rows))?);
        let changed = match &self.earlier {
            Some(_) => changes::of_connections(context, &found.then, &known, records),
            None => Vec::new(),
        };
        Ok((published, changed))
    }

    /// Health of every record, and what of it changed.
    pub fn health(
        &self,
        context: &Context,
        interactions: &Interactions,
        shared: Option<&Shared>,
    ) -> Result<HealthOfDay> {
        let chances = self.publishes(&kpi_table(RecordType::Contact, false))
            || self.publishes(&chances::score_calibration::table());
        let known = record_sums::histories(self.job, context, interactions, shared)?;
        let two_way = chances.then(|| chance::calibration(context, &known)).transpose()?;
        let now = health::of_records(context, &known)?;
        let Some(earlier) = &self.earlier else {
            return Ok(HealthOfDay { health: now, histories: Some(known), changed: Vec::new(), two_way });
        };
        let last_at = histories::last_before(interactions, earlier.cutoff(), context.people.records.table.height())?;
        let last_at = |record: u32| Some(last_at[record as usize]).filter(|&at| at > i64::MIN);
        let then = health::of_records_as_of(context, &known, earlier, &last_at)?;
        let changed = changes::of_health(&then, &now);
        Ok(HealthOfDay { health: now, histories: Some(known), changed, two_way })
    }

    /// Publishes what changed.
    pub fn publish_changes(&self, context: &Context, changed: Vec<Change>) -> Result<Vec<PublishedTable>> {
        let table = changes::table();
        let rows = || collect(&table, changes::changes(context, changed, self.earlier.as_ref()));
        Ok(self.replace(&table, &mut once_with(rows))?.into_iter().collect())
    }
}
