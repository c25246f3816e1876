//! What the daily job publishes about records: people, records and dates, KPIs, daily activity, top contacts, health, what
//! needs attention, summaries and chances.

use std::collections::HashMap;
use std::iter::{once, once_with};

use polars::prelude::DataFrame;

use super::coverage_and_changes::HealthOfDay;
use super::published_day::{Day, collect, publishes};
use super::record_sums::{Needs, OfDay, RecordSums};
use super::record_tables::kpi_table;
use crate::attention;
use crate::chances::{self, Calibration};
use crate::changes::{self, Change};
use crate::connections;
use crate::dimensions;
use crate::error::{Error, Result};
use crate::health::{self, chance};
use crate::interactions::tables::Dictionaries;
use crate::interactions::{Context, Interactions};
use crate::kpi_tables::{daily_activity, record_kpis, top_contacts};
use crate::kpis::definitions::first_last_next::Described;
use crate::people::{RecordType, record_details};
use crate::publish::PublishedTable;
use crate::similar_deals::at_same_age;
use crate::similar_deals::deals::DealColumns;
use crate::summaries::{self, main_people::MainPeople, response_times};
use crate::table::Rows;

/// What was computed of the records of a day, each in their order.
struct ComputedRecords<'a> {
    /// KPIs, health and details. The largest table of records: what follows looks at a few of its columns.
    by_record: DataFrame,
    /// Names, owners, states and dates.
    details: DataFrame,
    of_health: HealthOfDay,
    sums: RecordSums<'a>,
}

impl Day<'_> {
    /// Publishes the tables about records. Says what of them changed.
    pub fn publish_records(
        &self,
        context: &Context,
        of_day: &OfDay<'_>,
        lists: &Dictionaries,
        deals: Option<&DealColumns>,
    ) -> Result<(Vec<PublishedTable>, Vec<Change>)> {
        let interactions = of_day.interactions;
        let ComputedRecords { by_record, details, of_health, sums } = self.compute_records(context, of_day)?;
        let HealthOfDay { health, histories, mut changed, two_way } = of_health;

        let mut published = self.publish_dimensions(context, interactions, &details)?;
        drop(details);
        published.extend(self.publish_kpis(context, &by_record)?);
        let rows = || daily_activity::daily_activity(context, &sums.counted()?, lists);
        published.extend(self.replace(&daily_activity::table(), &mut once_with(rows))?);
        let mut main_people = HashMap::new();
        if publishes(self.job, &top_contacts::table()) || deals.is_some() {
            let rows = top_contacts::top_contacts(context, sums.ranked(lists)?, lists)?;
            if deals.is_some() {
                main_people = MainPeople::of(&rows.frame, &by_record)?;
            }
            published.extend(self.replace(&top_contacts::table(), &mut once(Ok(rows)))?);
        }
        drop(sums);
        let table = health::relationship_health::table();
        let rows = || collect(&table, health::relationship_health::relationship_health(context, &health));
        published.extend(self.replace(&table, &mut once_with(rows))?);

        let similar = deals.map(|deals| at_same_age::of_open_deals(context, interactions, deals));
        let similar = similar.transpose()?.unwrap_or_default();
        if let Some(histories) = histories {
            let table = attention::table::table();
            let known = attention::RecordFacts {
                by_record: &by_record,
                health: &health,
                histories: &histories,
                similar: &similar,
            };
            let rows = || collect(&table, attention::attention(context, interactions, &known));
            published.extend(self.replace(&table, &mut once_with(rows))?);
        }
        if publishes(self.job, &summaries::table()) {
            let response_times = response_times::apart(interactions, by_record.height())?;
            let known = summaries::SentenceFacts {
                by_record: &by_record,
                health: &health,
                similar: &similar,
                response_times: &response_times,
                main_people: &main_people,
            };
            let mut chunks = summaries::summaries(context, &known, lists, &interactions.scratch);
            published.extend(self.replace(&summaries::table(), &mut chunks)?);
        }
        // What follows is made of interactions alone.
        drop((by_record, health, similar, main_people));
        if let Some(earlier) = &self.earlier {
            changed.extend(changes::of_deals(context, earlier)?);
            let order = |person: u32| lists.records.rank(person);
            changed.extend(changes::of_top_contacts(context, interactions, earlier, &order)?);
        }
        published.extend(self.publish_chances(context, interactions, two_way)?);
        Ok((published, changed))
    }

    /// KPIs, health and details of all records.
    fn compute_records<'c>(&self, context: &'c Context, of_day: &OfDay<'c>) -> Result<ComputedRecords<'c>> {
        let &OfDay { freshness, interactions, shared, .. } = of_day;
        let needs = Needs::of(self.job);
        // Histories are one pass after the other, which leaves a core to the KPIs.
        let (of_health, kpis) = interactions.scratch.join(
            || if needs.health { self.health(context, interactions, shared) } else { Ok(HealthOfDay::none(context)) },
            || {
                let sums = RecordSums::of(context, interactions, shared)?;
                let accuracy = freshness.accuracy();
                let rows = shared.and_then(|shared| shared.day.rows.as_ref());
                let described = Described { table: &interactions.table, rows };
                let kpis = || sums.kpis(&described, accuracy);
                Ok((if needs.kpis { kpis()? } else { context.people.records.table.clone() }, sums))
            },
        );
        let (of_health, (mut by_record, sums)) = (of_health?, kpis?);
        let HealthOfDay { health, two_way, .. } = &of_health;
        let records = &context.people.records;
        let url = context.settings.dataverse_url.as_deref();
        let details = record_details::of(context.sources, context.people, &context.as_of, url)?;
        let details = interactions.scratch.keep_columns(details)?;
        let mut joined = health::columns::columns_of_kpi_tables(records, health);
        joined.extend(health::columns::columns_of_accounts(records, health)?);
        joined.extend(two_way.as_ref().map(|two_way| chance::column(records, health, two_way)));
        joined.extend(details.columns().iter().cloned());
        by_record.hstack_mut(&joined).map_err(Error::engine("what other steps know of records"))?;
        drop(joined);
        let by_record = interactions.scratch.keep_columns(by_record)?;
        Ok(ComputedRecords { by_record, details, of_health, sums })
    }

    /// Publishes the KPI table of each record type.
    fn publish_kpis(&self, context: &Context, by_record: &DataFrame) -> Result<Vec<PublishedTable>> {
        let mut published = Vec::new();
        for record_type in RecordType::ALL {
            let table = kpi_table(record_type, context.settings.publish_subjects);
            let rows = || collect(&table, Ok(record_kpis::publishable(by_record, context, record_type, &table)));
            published.extend(self.replace(&table, &mut once_with(rows))?);
        }
        Ok(published)
    }

    /// Publishes what scores have been worth: those of connections, and of contacts in both directions.
    fn publish_chances(
        &self,
        context: &Context,
        interactions: &Interactions,
        two_way: Option<Calibration>,
    ) -> Result<Option<PublishedTable>> {
        let table = chances::score_calibration::table();
        if !self.publishes(&table) {
            return Ok(None);
        }
        let calibrations: Vec<Calibration> =
            connections::calibrations(context, interactions)?.into_iter().chain(two_way).collect();
        let rows = || chances::score_calibration::score_calibration(&calibrations).map(Rows::from);
        self.replace(&table, &mut once_with(rows))
    }

    /// Publishes what other tables are joined to.
    fn publish_dimensions(
        &self,
        context: &Context,
        interactions: &Interactions,
        details: &DataFrame,
    ) -> Result<Vec<PublishedTable>> {
        let mut published = Vec::new();
        let table = dimensions::people::table();
        let rows = || collect(&table, dimensions::people::people(context, details));
        published.extend(self.replace(&table, &mut once_with(rows))?);
        let table = dimensions::records::table();
        let rows = || collect(&table, dimensions::records::records(context, details));
        published.extend(self.replace(&table, &mut once_with(rows))?);
        let rows = || dimensions::dates::dates(context, interactions, details).map(Rows::from);
        published.extend(self.replace(&dimensions::dates::table(), &mut once_with(rows))?);
        Ok(published)
    }
}
