//! The tables of the daily job about records.

use crate::access;
use crate::attention;
use crate::chances;
use crate::changes;
use crate::config::Job;
use crate::coverage::{account_coverage, handover, missing_people};
use crate::dimensions;
use crate::health::{self, chance};
use crate::interactions::tables as interaction_tables;
use crate::kpi_tables::{daily_activity, record_kpis, top_contacts};
use crate::people::RecordType;
use crate::quality;
use crate::summaries;
use crate::table::Table;

/// Every table of the job.
pub fn tables() -> Vec<Table> {
    let mut tables: Vec<Table> = RecordType::ALL.iter().map(|&record_type| kpi_table(record_type, false)).collect();
    tables.extend([
        daily_activity::table(),
        top_contacts::table(),
        health::relationship_health::table(),
        summaries::table(),
        interaction_tables::interactions_table(),
        interaction_tables::interaction_records_table(),
        interaction_tables::dropped_activities_table(),
        quality::data_quality::table(),
        dimensions::people::table(),
        dimensions::records::table(),
        dimensions::dates::table(),
        missing_people::table(),
        account_coverage::table(),
        handover::table(),
        changes::table(),
        attention::table::table(),
        chances::score_calibration::table(),
        access::table(),
    ]);
    tables
}

/// Whether all that a job publishes is made of what is added up of interactions record by record, and of records.
pub(super) fn are_made_of_sums(job: &Job) -> bool {
    let kpis = RecordType::ALL.map(|record_type| kpi_table(record_type, false));
    let others = [
        daily_activity::table(),
        top_contacts::table(),
        health::relationship_health::table(),
        dimensions::people::table(),
        dimensions::records::table(),
        dimensions::dates::table(),
    ];
    let sums: Vec<&str> = kpis.iter().chain(&others).map(|table| table.name).collect();
    job.tables.iter().all(|name| sums.contains(&name.as_str()))
}

/// The KPI table of a record type, with health, and of contacts with the chance that goes by it.
pub(super) fn kpi_table(record_type: RecordType, subjects: bool) -> Table {
    let last = match record_type {
        RecordType::Account => health::columns::declared_of_accounts().to_vec(),
        RecordType::Contact => vec![chance::declared()],
        RecordType::Lead | RecordType::Opportunity => Vec::new(),
    };
    record_kpis::table(record_type, subjects, &health::columns::declared(), &last)
}
