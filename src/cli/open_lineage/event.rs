//! Events of a run, as the specification of OpenLineage (2-0-2) has them.

use std::collections::BTreeSet;

use chrono::{DateTime, NaiveDate, SecondsFormat, Utc};
use serde_json::{Map, Value, json};
use xxhash_rust::xxh3::xxh3_128;

use super::column_inputs::{self, WHOLE_TABLE};
use super::datasets::Dataset;
use super::settings::{ParentRun, Settings};
use crate::cli::reporter::RunSoFar;
use crate::config::{Job, OutputFormat};
use crate::jobs;
use crate::publish::RunReport;
use crate::quality::freshness::{SourceAge, SourceState};
use crate::quality::measures::QualityMeasure;
use crate::sources::contract::{CALENDAR_VIEW, CONTROL_TABLES, MESSAGES, System, USERS};
use crate::table::Table;
use crate::time::AsOf;

const PRODUCER: &str = concat!("urn:rapport:", env!("CARGO_PKG_VERSION"));
const SCHEMA: &str = "https://openlineage.io/spec/2-0-2/OpenLineage.json#/$defs/RunEvent";

/// What is known of a run.
pub(in crate::cli) struct RunFacts<'a> {
    pub job: &'a Job,
    pub days: &'a [NaiveDate],
    pub run_id: &'a str,
    pub started_at: DateTime<Utc>,
    pub tally: &'a RunSoFar,
}

/// The events of a run.
pub(super) struct Events<'a> {
    pub settings: &'a Settings,
    pub facts: &'a RunFacts<'a>,
}

impl Events<'_> {
    pub(super) fn started(&self) -> Value {
        // What the tables are is told at the end, once; a catalog puts both events of a run together.
        let named = |table: &Table| Dataset::output(self.facts.job, table.name).json(json!({}));
        let outputs = self.declared().iter().map(named).collect();
        self.event("START", self.facts.started_at, self.run_facets(), Vec::new(), outputs)
    }

    pub(super) fn ended(&self, report: &RunReport) -> Value {
        let event_type = match report.status {
            "done" => "COMPLETE",
            "interrupted" => "ABORT",
            _ => "FAIL",
        };
        let mut facets = self.run_facets();
        if let Some(error) = &report.error {
            let message = json!({"message": error, "programmingLanguage": "RUST"});
            facets.insert("errorMessage".into(), facet("1-0-1", "ErrorMessageRunFacet", message));
        }
        let written: Vec<Table> =
            self.declared().into_iter().filter(|table| self.facts.tally.tables.contains_key(table.name)).collect();
        let outputs = written.iter().map(|table| self.written(table)).collect();
        self.event(event_type, report.finished_at, facets, self.inputs(), outputs)
    }

    fn event(
        &self,
        event_type: &str,
        at: DateTime<Utc>,
        run: Map<String, Value>,
        inputs: Vec<Value>,
        outputs: Vec<Value>,
    ) -> Value {
        let job_type = json!({"processingType": "BATCH", "integration": "RAPPORT", "jobType": "JOB"});
        json!({
            "eventType": event_type,
            "eventTime": instant(at),
            "run": {"runId": run_id(self.facts.run_id, self.facts.started_at), "facets": run},
            "job": {
                "namespace": self.settings.namespace,
                "name": self.facts.job.name,
                "facets": {"jobType": facet("2-0-4", "JobTypeJobFacet", job_type)}
            },
            "inputs": inputs,
            "outputs": outputs,
            "producer": PRODUCER,
            "schemaURL": SCHEMA,
        })
    }

    fn run_facets(&self) -> Map<String, Value> {
        let mut facets = Map::new();
        let engine = json!({
            "name": "polars", "version": polars::VERSION, "openlineageAdapterVersion": env!("CARGO_PKG_VERSION")
        });
        facets.insert("processing_engine".into(), facet("1-1-1", "ProcessingEngineRunFacet", engine));
        if let (Some(first), Some(last)) = (self.facts.days.first(), self.facts.days.last()) {
            let day = |date: &NaiveDate| AsOf { date: *date, timezone: self.facts.job.settings.timezone };
            let at = |micros: i64| DateTime::from_timestamp_micros(micros).map(instant);
            let (from, to) = (day(first), day(last));
            let time = json!({"nominalStartTime": at(from.day_start(from.date)), "nominalEndTime": at(to.cutoff())});
            facets.insert("nominalTime".into(), facet("1-0-1", "NominalTimeRunFacet", time));
        }
        if let Some(parent) = &self.settings.parent {
            let told = |parent: &ParentRun| json!({"run": {"runId": parent.run_id}, "job": {"namespace": parent.namespace, "name": parent.job}});
            let mut value = told(parent);
            if let Some(root) = &self.settings.root {
                value["root"] = told(root);
            }
            facets.insert("parent".into(), facet("1-2-0", "ParentRunFacet", value));
        }
        facets
    }

    /// The tables that the job publishes, as the dictionary has them.
    fn declared(&self) -> Vec<Table> {
        let has_subjects = self.facts.job.settings.publish_subjects;
        let mut tables = if has_subjects { jobs::tables_with_subjects() } else { jobs::tables() };
        tables.retain(|table| self.facts.job.tables.iter().any(|name| name == table.name));
        tables
    }

    /// What a table is.
    fn described(&self, table: &Table) -> Value {
        let fields: Vec<Value> = table
            .columns
            .iter()
            .map(|column| json!({"name": column.name, "type": column.dtype.name(), "description": column.description}))
            .collect();
        let storage = match self.facts.job.format {
            OutputFormat::Parquet => json!({"storageLayer": "files", "fileFormat": "parquet"}),
            OutputFormat::Delta => json!({"storageLayer": "delta", "fileFormat": "parquet"}),
        };
        json!({
            "schema": facet("1-2-0", "SchemaDatasetFacet", json!({"fields": fields})),
            "documentation": facet("1-1-0", "DocumentationDatasetFacet", json!({"description": table.description})),
            "storage": facet("1-0-1", "StorageDatasetFacet", storage),
        })
    }

    /// A table that was published.
    fn written(&self, table: &Table) -> Value {
        let mut facets = self.described(table);
        facets["columnLineage"] = self.column_lineage(table);
        let mut dataset = Dataset::output(self.facts.job, table.name).json(facets);
        if let Some(output) = self.facts.tally.tables.get(table.name) {
            let statistics = json!({"rowCount": output.rows, "fileCount": output.partitions});
            let statistics = facet("1-0-2", "OutputStatisticsOutputDatasetFacet", statistics);
            dataset["outputFacets"] = json!({"outputStatistics": statistics});
        }
        dataset
    }

    /// Of which columns of tables that were read each column is made.
    fn column_lineage(&self, table: &Table) -> Value {
        let read = |input: &str| self.facts.tally.inputs.contains_key(input);
        let field = |input: &str, field: &str| {
            let Dataset { namespace, name } = Dataset::input(self.facts.job, system_of(input), input);
            json!({"namespace": namespace, "name": name, "field": field})
        };
        let transformed = |mut field: Value, kind: &str, subtype: &str| {
            field["transformations"] = json!([{"type": kind, "subtype": subtype}]);
            field
        };
        let mut fields = Map::new();
        for column in &table.columns {
            let inputs: Vec<Value> = column_inputs::of(table, column)
                .into_iter()
                .filter(|(input, _)| read(input))
                .map(|(input, name)| {
                    // What is taken as it is has no rule. All else is computed, of which nothing can be told in the two
                    // words of a transformation, and they would be nearly half of the event.
                    match column.rule.is_empty() {
                        true => transformed(field(input, name), "DIRECT", "IDENTITY"),
                        false => field(input, name),
                    }
                })
                .collect();
            if !inputs.is_empty() {
                fields.insert(column.name.to_string(), json!({"inputFields": inputs}));
            }
        }
        let whole = WHOLE_TABLE.iter().filter(|(input, _)| read(input)).flat_map(|(input, names)| {
            names.iter().map(move |name| transformed(field(input, name), "INDIRECT", "FILTER"))
        });
        let whole: Vec<Value> = whole.collect();
        facet("1-2-0", "ColumnLineageDatasetFacet", json!({"fields": fields, "dataset": whole}))
    }

    /// The tables that were read, with how fresh their source was.
    fn inputs(&self) -> Vec<Value> {
        let tally = self.facts.tally;
        let inputs = tally.inputs.iter().map(|(table, input)| {
            let system = system_of(table);
            let mut dataset = Dataset::input(self.facts.job, system, table).json(json!({}));
            let statistics = json!({"rowCount": input.rows, "fileCount": input.files, "size": input.bytes});
            let statistics = without_nulls(statistics);
            let mut facets = json!({
                "inputStatistics": facet("1-0-0", "InputStatisticsInputDatasetFacet", statistics)
            });
            let assertions = self.assertions(table, system);
            if !assertions.is_empty() {
                let assertions = json!({"assertions": assertions});
                facets["dataQualityAssertions"] = facet("1-1-0", "DataQualityAssertionsDatasetFacet", assertions);
            }
            dataset["inputFacets"] = facets;
            dataset
        });
        inputs.collect()
    }

    fn assertions(&self, table: &str, system: System) -> Vec<Value> {
        let tally = self.facts.tally;
        let age = tally.freshness.as_ref().and_then(|freshness| match system {
            System::Dataverse => Some(&freshness.dataverse),
            System::Exchange => Some(&freshness.exchange),
            System::Control => None,
        });
        let fresh = age.filter(|age| age.state != SourceState::Off).map(|age| self.freshness(age));
        let about = |measure: &&QualityMeasure| match measure.check {
            "mail_with_record" => table == "email" || table == "messages",
            "duplicate_contacts" => table == "contact",
            _ => false,
        };
        let beyond = tally.beyond_limits.iter().filter(about).map(|measure| {
            json!({
                "assertion": measure.check, "success": false, "severity": measure.state.name(),
                "actual": measure.value.map(|value| value.to_string()).unwrap_or_default()
            })
        });
        fresh.into_iter().chain(beyond).collect()
    }

    fn freshness(&self, age: &SourceAge) -> Value {
        without_nulls(json!({
            "assertion": "freshness",
            "success": age.state == SourceState::Fresh,
            "severity": if self.facts.job.fail_on_partial { "error" } else { "warn" },
            "expected": format!("newest row at most {} hours old", self.facts.job.settings.freshness_hours),
            "actual": age.age_hours.map_or_else(|| age.state.name().to_string(), |hours| format!("{hours:.1} hours")),
        }))
    }
}

/// The system of a table of the lake.
fn system_of(table: &str) -> System {
    let of_exchange: BTreeSet<&str> = [MESSAGES, CALENDAR_VIEW, USERS].map(|table| table.name).into();
    let of_control = CONTROL_TABLES.iter().any(|control| control.name == table);
    match of_exchange.contains(table) {
        true => System::Exchange,
        false if of_control => System::Control,
        false => System::Dataverse,
    }
}

/// A facet says who made it and by which schema.
fn facet(version: &str, name: &str, mut value: Value) -> Value {
    value["_producer"] = json!(PRODUCER);
    value["_schemaURL"] = json!(format!("https://openlineage.io/spec/facets/{version}/{name}.json#/$defs/{name}"));
    value
}

fn without_nulls(value: Value) -> Value {
    match value {
        Value::Object(members) => members.into_iter().filter(|(_, member)| !member.is_null()).collect(),
        other => other,
    }
}

fn instant(at: DateTime<Utc>) -> String {
    at.to_rfc3339_opts(SecondsFormat::Millis, true)
}

/// Our run as a UUID of version 7: its beginning, then bits of its own id.
fn run_id(own: &str, started_at: DateTime<Utc>) -> String {
    let millis = (started_at.timestamp_millis().max(0) as u128) & 0xffff_ffff_ffff;
    let bits = xxh3_128(own.as_bytes());
    let id = (millis << 80) | (0x7 << 76) | ((bits >> 52) & 0xfff) << 64 | (0b10 << 62) | (bits & ((1 << 62) - 1));
    let hex = format!("{id:032x}");
    format!("{}-{}-{}-{}-{}", &hex[..8], &hex[8..12], &hex[12..16], &hex[16..20], &hex[20..])
}
