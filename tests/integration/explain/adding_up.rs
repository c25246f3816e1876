//! Every KPI of the golden lake, and of random rows of generated lakes, is added up anew from the rows that explain lists,
//! see [`by_rows`]. The KPIs come from their definitions, so that a new one is tested by being defined.

use std::path::Path;

use chrono::NaiveDate;
use polars::prelude::*;
use rapport::config::{self, Job, JobKind, OutputFormat, Overrides};
use rapport::context::{Interruption, Output, Progress, RunContext};
use rapport::explain::kpis::RecordInteractions;
use rapport::explain::lake::read::{LakeOfDay, engagement};
use rapport::explain::story::ColumnStory;
use rapport::explain::{self, ExplanationSources, evidence, question};
use rapport::interactions::event::INTERACTION_ID;
use rapport::jobs;
use rapport::kpis::{Kpi, Measure, Measuring, kpis};
use rapport::people::RecordType;
use rapport::publish::{Outputs, TablesAt};
use rapport::storage::Storage;
use rapport::table::cells;
use rapport::time::AsOf;
use serde_json::Value;
use tempfile::TempDir;

use super::by_rows;
use crate::support::dice::Dice;
use crate::support::lake_files;
use crate::support::random_lake;

pub const AS_OF: &str = "2026-03-31";
pub const TABLES: [(RecordType, &str); 4] = [
    (RecordType::Account, "account_kpis"),
    (RecordType::Contact, "contact_kpis"),
    (RecordType::Lead, "lead_kpis"),
    (RecordType::Opportunity, "opportunity_kpis"),
];

/// What the job publishes of a lake.
pub struct Published {
    pub job: Job,
    lake: std::path::PathBuf,
    day: NaiveDate,
    pub outputs: Outputs,
    /// What readers did with all emails.
    pub engagement: DataFrame,
    _folder: TempDir,
}

impl Published {
    pub fn of(lake: &Path, settings: &[(String, String)]) -> Published {
        Published::as_of_day(lake, settings, AS_OF)
    }

    pub fn as_of_day(lake: &Path, settings: &[(String, String)], day: &str) -> Published {
        let folder = TempDir::new().unwrap();
        let output = folder.path().join("out");
        let job = job("relationship_kpis", lake, &folder, settings);
        let mut published = Published {
            engagement: DataFrame::empty(),
            outputs: Outputs(vec![TablesAt {
                storage: Storage::Local(output),
                tables: JobKind::RelationshipKpis.tables(),
            }]),
            job,
            lake: lake.to_path_buf(),
            day: day.parse().unwrap(),
            _folder: folder,
        };
        published.running(|lake, run| {
            jobs::run(&published.job, lake, &[published.day], run).unwrap();
        });
        let ids = published.table("interactions");
        let ids = ids.column(INTERACTION_ID).unwrap().str().unwrap();
        let ids: Vec<String> = ids.iter().flatten().map(str::to_string).collect();
        published.engagement = published.with_lake(|lake| engagement(lake, &ids).unwrap());
        published
    }

    /// With the connections of the same day beside it.
    pub fn with_connections(self, settings: &[(String, String)]) -> Published {
        self.with(JobKind::WhoKnowsWhom, settings)
    }

    /// With the tables of another job beside it.
    pub fn with(mut self, kind: JobKind, settings: &[(String, String)]) -> Published {
        let job = job(kind.name(), &self.lake, &self._folder, settings);
        self.running(|lake, run| {
            jobs::run(&job, lake, &[self.day], run).unwrap();
        });
        let storage = self.outputs.0[0].storage.clone();
        self.outputs.0.push(TablesAt { storage, tables: kind.tables() });
        self
    }

    /// Looks at the lake as of the day.
    pub fn with_lake<T>(&self, look: impl FnOnce(&LakeOfDay<'_>) -> T) -> T {
        self.running(|lake, run| {
            let of_day = |resolved: &jobs::Resolved<'_>| {
                let deals = || resolved.deals();
                Ok(look(&LakeOfDay::of(resolved.context, resolved.interactions, resolved.erased, &deals).unwrap()))
            };
            jobs::with_lake(&self.job, lake, self.day, run, of_day).unwrap()
        })
    }

    fn running<T>(&self, act: impl FnOnce(&rapport::sources::Lake, &RunContext<'_>) -> T) -> T {
        let storage = self.outputs.0[0].storage.clone();
        let output = Output { storage, format: OutputFormat::Parquet, file_mode: None };
        let run = RunContext {
            run_id: "test".to_string(),
            now: chrono::Utc::now().with_timezone(&chrono_tz::UTC),
            output: &output,
            progress: &|_: Progress<'_>| {},
            interruption: &Interruption::default(),
        };
        act(&rapport::sources::Lake::local(&self.lake), &run)
    }

    /// The interactions of a record as explain has them, with what readers did.
    fn interactions(&self, record_type: RecordType, id: &str) -> DataFrame {
        let settings = &self.job.settings;
        let found = evidence::of_record(&self.outputs, record_type, id, self.as_of(), settings).unwrap().unwrap();
        let how = JoinArgs { maintain_order: MaintainOrderJoin::Left, ..JoinArgs::new(JoinType::Left) };
        let key = [col(INTERACTION_ID)];
        found.lazy().join(self.engagement.clone().lazy(), key.clone(), key, how).collect().unwrap()
    }

    /// What `rapport explain --lake` says of all values of a row.
    pub fn explained_row(
        &self,
        lake: &LakeOfDay<'_>,
        (name, table): (&str, &DataFrame),
        row: usize,
    ) -> Vec<ColumnStory> {
        let dictionary = jobs::tables_with_subjects();
        let declared = question::table(&dictionary, name).unwrap();
        let key = declared.key.iter().map(|key| cells::text(table.column(key).unwrap(), row).unwrap());
        let words: Vec<String> = key.collect();
        let found = question::row(declared, &words, &self.outputs, self.day).unwrap();
        let (outputs, settings) = (&self.outputs, &self.job.settings);
        let sources = ExplanationSources { outputs, settings, as_of: self.as_of(), lake: Some(lake) };
        explain::row(&found, &sources, String::new()).unwrap().columns
    }

    /// What `rapport explain` says of one cell, where it may read the lake.
    pub fn explained(
        &self,
        outputs: &Outputs,
        lake: Option<&LakeOfDay<'_>>,
        (name, table): (&str, &DataFrame),
        row: usize,
        column: &str,
    ) -> ColumnStory {
        let dictionary = jobs::tables_with_subjects();
        let declared = question::table(&dictionary, name).unwrap();
        let key = declared.key.iter().map(|key| cells::text(table.column(key).unwrap(), row).unwrap());
        let words: Vec<String> = key.chain([column.to_string()]).collect();
        let found = question::row(declared, &words, outputs, self.day).unwrap();
        let sources = ExplanationSources { outputs, settings: &self.job.settings, as_of: self.as_of(), lake };
        let mut story = explain::row(&found, &sources, String::new()).unwrap();
        assert_eq!(story.columns.len(), 1, "{words:?}");
        let story = story.columns.remove(0);
        assert_eq!(story.value, cells::json(table.column(column).unwrap(), row), "{words:?}");
        story
    }

    pub fn as_of(&self) -> AsOf {
        AsOf { date: self.day, timezone: self.job.settings.timezone }
    }

    pub fn table(&self, table: &str) -> DataFrame {
        let (file, _) = self.outputs.file(table, self.day).unwrap().unwrap();
        crate::support::small_lake::read_parquet(file.bring().unwrap().path())
    }
}

fn job(kind: &str, lake: &Path, folder: &TempDir, settings: &[(String, String)]) -> Job {
    let file = folder.path().join(format!("{kind}.toml"));
    let text =
        format!("job = \"{kind}\"\nschedule = \"0 2 * * *\"\n[input]\nroot = \"lake\"\n[output]\npath = \"out\"\n");
    std::fs::write(&file, text).unwrap();
    let overrides = Overrides {
        set: settings.to_vec(),
        input: lake.to_str().map(str::to_string),
        output: folder.path().join("out").to_str().map(str::to_string),
        ..Overrides::default()
    };
    config::load(&file, &overrides).unwrap()
}

fn agree(one: &Value, other: &Value) -> bool {
    match (one.as_f64(), other.as_f64()) {
        (Some(one), Some(other)) => (one - other).abs() <= 1e-9 * one.abs().max(1.0),
        _ => one == other,
    }
}

/// KPIs that are added up from interactions.
pub fn added_up_kpis() -> Vec<Kpi> {
    kpis().into_iter().filter(|kpi| !matches!(kpi.measure, Measure::Given)).collect()
}

/// Adds up some KPIs of the record of a row.
pub fn check(published: &Published, (record_type, table): (RecordType, &DataFrame), row: usize, kpis: &[&Kpi]) {
    let id = cells::text(table.column(&format!("{}_id", record_type.name())).unwrap(), row).unwrap();
    let interactions = published.interactions(record_type, &id);
    let (all, settings) = (rapport::kpis::kpis(), &published.job.settings);
    let measuring = Measuring::at(settings, published.as_of());
    for kpi in kpis {
        let name = kpi.column.name;
        // To find out why others do not count takes long in a program that is built for tests.
        let with_reasons = ["emails_sent", "responses_by_us"].contains(&name);
        let known = RecordInteractions { kpis: &all, interactions: &interactions, measuring: &measuring, with_reasons };
        let value = cells::json(table.column(name).unwrap(), row);
        let mut story = ColumnStory { column: name.to_string(), value, ..ColumnStory::default() };
        assert!(known.tell(kpi, &mut story).unwrap(), "{id} {name}");
        let by_hand = by_rows::value(kpi, &all, &measuring, &story.rows);
        assert!(agree(&by_hand, &story.value), "{id} {name}: the rows give {by_hand}: {story:#?}");
        assert_eq!(story.adds_up, Some(true), "{id} {name}: {story:#?}");
        let counted = story.rows.iter().filter(|row| row.counts == Some(true)).count();
        let others = story.rows.len() - counted;
        assert_eq!((story.counted, story.not_counted), (Some(counted), Some(others)), "{id} {name}");
        for row in story.rows.iter().filter(|_| with_reasons) {
            assert_eq!(row.why_not.is_some(), row.counts == Some(false), "{id} {name}: {row:#?}");
            assert!(row.counts_for_record_by.is_some(), "{id} {name}: {row:#?}");
        }
        assert_eq!(story.missing.is_some(), story.value.is_null(), "{id} {name}: {story:#?}");
    }
}

/// What the job publishes of the golden lake.
pub fn golden() -> Published {
    Published::of(&golden_folder().join("lake"), &golden_settings())
}

fn golden_folder() -> std::path::PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/golden")
}

/// The settings of the golden lake.
pub fn golden_settings() -> Vec<(String, String)> {
    let settings: serde_json::Map<String, Value> =
        serde_json::from_str(&std::fs::read_to_string(golden_folder().join("main.json")).unwrap()).unwrap();
    settings.into_iter().map(|(key, value)| (key, crate::support::results::toml(&value))).collect()
}

#[test]
fn every_kpi_of_the_golden_lake_adds_up() {
    let published = golden();
    let (kpis, mut rows) = (added_up_kpis(), 0);
    for (record_type, table) in TABLES {
        let table = published.table(table);
        for row in 0..table.height() {
            check(&published, (record_type, &table), row, &kpis.iter().collect::<Vec<_>>());
            rows += 1;
        }
    }
    assert!(rows > 8, "{rows} rows");
}

#[test]
fn random_kpis_of_generated_lakes_add_up() {
    let kpis = added_up_kpis();
    for seed in 1..=2 {
        let folder = TempDir::new().unwrap();
        lake_files::write(&random_lake::drawn(seed), folder.path());
        let published = Published::of(folder.path(), &crate::support::results::settings(&random_lake::SETTINGS));
        let tables = TABLES.map(|(record_type, table)| (record_type, published.table(table)));
        let mut dice = Dice::seeded(seed);
        for _ in 0..20 {
            let (record_type, table) = dice.pick(&tables);
            let some = [dice.pick(&kpis), dice.pick(&kpis), dice.pick(&kpis)];
            check(&published, (*record_type, table), dice.below(table.height()), &some);
        }
    }
}
