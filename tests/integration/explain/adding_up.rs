//! Every KPI of the golden lake, and of random rows of generated lakes, is added up here from the rows that explain lists:
//! from what they say of themselves, by the rules, and not by the definitions of the program.

use std::path::Path;

use polars::prelude::*;
use rapport::config::{self, Job, JobKind, OutputFormat, Overrides};
use rapport::context::{Interruption, Output, Progress, RunContext};
use rapport::explain::evidence;
use rapport::explain::kpis::Known;
use rapport::explain::story::{ColumnStory, InteractionStory};
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
    pub outputs: Outputs,
    /// What readers did with all emails.
    pub engagement: DataFrame,
    _folder: TempDir,
}

impl Published {
    pub fn of(lake: &Path, settings: &[(String, String)]) -> Published {
        let folder = TempDir::new().unwrap();
        let file = folder.path().join("kpis.toml");
        let text = "job = \"relationship_kpis\"\nschedule = \"0 2 * * *\"\n[input]\nroot = \"lake\"\n[output]\npath = \"out\"\n";
        std::fs::write(&file, text).unwrap();
        let output = folder.path().join("out");
        let overrides = Overrides {
            set: settings.to_vec(),
            input: lake.to_str().map(str::to_string),
            output: output.to_str().map(str::to_string),
            ..Overrides::default()
        };
        let job = config::load(&file, &overrides).unwrap();
        let mut published = Published {
            engagement: DataFrame::empty(),
            outputs: Outputs(vec![TablesAt {
                storage: Storage::Local(output),
                tables: JobKind::RelationshipKpis.tables(),
            }]),
            job,
            lake: lake.to_path_buf(),
            _folder: folder,
        };
        published.running(|lake, run| {
            jobs::run(&published.job, lake, &[AS_OF.parse().unwrap()], run).unwrap();
        });
        let ids = published.table("interactions");
        let ids = ids.column(INTERACTION_ID).unwrap().str().unwrap();
        let ids: Vec<String> = ids.iter().flatten().map(str::to_string).collect();
        published.engagement = published
            .running(|lake, run| jobs::engagement(&published.job, lake, AS_OF.parse().unwrap(), &ids, run).unwrap());
        published
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

    pub fn as_of(&self) -> AsOf {
        AsOf { date: AS_OF.parse().unwrap(), timezone: self.job.settings.timezone }
    }

    pub fn table(&self, table: &str) -> DataFrame {
        let (file, _) = self.outputs.file(table, AS_OF.parse().unwrap()).unwrap().unwrap();
        crate::support::small_lake::read_parquet(file.bring().unwrap().path())
    }
}

fn is(row: &InteractionStory, kind: &str) -> bool {
    row.kind.as_deref() == Some(kind) && row.status.as_deref() == Some("held")
}

fn goes(row: &InteractionStory, direction: &str) -> bool {
    row.direction.as_deref() == Some(direction)
}

fn begins(row: &InteractionStory, answered: &[bool]) -> bool {
    let turn = row.turn.as_deref().unwrap_or_default();
    let (was, was_not) = (turn.contains("was answered"), turn.contains("nobody answered"));
    answered.contains(&true) && was || answered.contains(&false) && was_not
}

/// Minutes of one side, by the words of rule K6.
fn minutes(row: &InteractionStory, written: &str, ours: bool) -> Option<f64> {
    if row.status.as_deref() != Some("held") {
        return Some(0.0);
    }
    let length = row.duration_minutes;
    match (row.kind.as_deref().unwrap(), ours) {
        ("email", _) if goes(row, written) => Some(5.0),
        ("email", _) => row.direction.as_ref().map(|_| 2.5),
        ("meeting", true) => length.map(|length| length * f64::from(row.colleagues.unwrap().max(1))),
        ("meeting", false) if row.external_people.unwrap() == 0 => Some(0.0),
        ("task", false) => Some(0.0),
        _ => length,
    }
}

fn summed(
    rows: &[InteractionStory],
    minutes: impl Fn(&InteractionStory) -> Option<f64>,
    takes: impl Fn(&InteractionStory) -> bool,
) -> Value {
    let held: Vec<&InteractionStory> = rows.iter().filter(|row| row.status.as_deref() == Some("held")).collect();
    let known = held.iter().filter(|row| takes(row) && minutes(row).is_some()).count();
    let unknown = held.iter().filter(|row| takes(row) && minutes(row).is_none()).count();
    match held.is_empty() || (known == 0 && unknown > 0) {
        true => Value::Null,
        false => held.iter().filter_map(|row| minutes(row)).sum::<f64>().into(),
    }
}

fn statistic(mut hours: Vec<f64>, share: Option<f64>) -> Value {
    hours.sort_by(f64::total_cmp);
    let Some(share) = share else {
        return if hours.is_empty() { Value::Null } else { (hours.iter().sum::<f64>() / hours.len() as f64).into() };
    };
    if hours.is_empty() {
        return Value::Null;
    }
    let place = (hours.len() - 1) as f64 * share;
    let (low, high) = (hours[place.floor() as usize], hours[place.ceil() as usize]);
    (low + (high - low) * place.fract()).into()
}

fn quotient(above: usize, below: usize) -> Value {
    if below == 0 { Value::Null } else { (above as f64 / below as f64).into() }
}

/// The value of a KPI by what the rows say of themselves.
fn added_up(kpi: &str, rows: &[InteractionStory]) -> Value {
    let count = |counts: &dyn Fn(&InteractionStory) -> bool| rows.iter().filter(|row| counts(row)).count();
    let emails = |direction: &str| count(&|row| is(row, "email") && goes(row, direction));
    let runs = |direction: &str, answered: &[bool]| count(&|row| goes(row, direction) && begins(row, answered));
    // What readers did is in no published table: the rows that are said to count.
    let counted = || count(&|row| row.counts == Some(true));
    let part = |name: &str| count(&|row| row.parts.iter().any(|part| part == name));
    let answers = |direction: &str| -> Vec<f64> {
        rows.iter().filter(|row| goes(row, direction) && begins(row, &[true])).map(|row| row.amount.unwrap()).collect()
    };
    let extreme = |planned: bool, last: bool| -> Option<&InteractionStory> {
        let status = if planned { "planned" } else { "held" };
        let mut fitting: Vec<&InteractionStory> =
            rows.iter().filter(|row| row.status.as_deref() == Some(status)).collect();
        // Of several at one time the smallest id.
        fitting.sort_by(|one, other| {
            let time = one.occurred_at.cmp(&other.occurred_at);
            (if last { time.reverse() } else { time }).then(one.interaction_id.cmp(&other.interaction_id))
        });
        fitting.first().copied()
    };
    let text = |text: Option<&String>| text.map_or(Value::Null, |text| text.as_str().into());
    let field = |row: Option<&InteractionStory>, name: &str| match name {
        "at" => text(row.and_then(|row| row.occurred_at.as_ref())),
        "kind" => text(row.and_then(|row| row.kind.as_ref())),
        "direction" => text(row.and_then(|row| row.direction.as_ref())),
        _ => text(row.map(|row| &row.interaction_id)),
    };
    let takes = |row: &InteractionStory, ours: bool| match row.kind.as_deref() {
        Some("meeting") => ours || row.external_people.unwrap() > 0,
        Some("task") => ours,
        _ => true,
    };
    let face =
        |row: &InteractionStory| is(row, "meeting") && row.colleagues.unwrap() > 0 && row.external_people.unwrap() > 0;
    match kpi {
        "emails_sent" => emails("outbound").into(),
        "emails_received" => emails("inbound").into(),
        "meetings_sent" => count(&|row| is(row, "meeting") && goes(row, "outbound")).into(),
        "meetings_received" => count(&|row| is(row, "meeting") && goes(row, "inbound")).into(),
        "phone_calls_made" => count(&|row| is(row, "phone_call") && goes(row, "outbound")).into(),
        "phone_calls_received" => count(&|row| is(row, "phone_call") && goes(row, "inbound")).into(),
        "email_ratio_by_us" => quotient(emails("outbound"), emails("inbound")),
        "email_ratio_by_them" => quotient(emails("inbound"), emails("outbound")),
        "email_share_by_us" => quotient(emails("outbound"), emails("outbound") + emails("inbound")),
        "email_share_by_them" => quotient(emails("inbound"), emails("outbound") + emails("inbound")),
        "interactions" => count(&|row| row.status.as_deref() == Some("held")).into(),
        "responses_due_by_us" => runs("inbound", &[true, false]).into(),
        "responses_by_us" => runs("inbound", &[true]).into(),
        "response_rate_by_us" => quotient(runs("inbound", &[true]), runs("inbound", &[true, false])),
        "responses_due_by_them" => runs("outbound", &[true, false]).into(),
        "responses_by_them" => runs("outbound", &[true]).into(),
        "response_rate_by_them" => quotient(runs("outbound", &[true]), runs("outbound", &[true, false])),
        "avg_first_response_hours_by_us" => statistic(answers("inbound"), None),
        "median_first_response_hours_by_us" => statistic(answers("inbound"), Some(0.5)),
        "p90_first_response_hours_by_us" => statistic(answers("inbound"), Some(0.9)),
        "avg_first_response_hours_by_them" => statistic(answers("outbound"), None),
        "median_first_response_hours_by_them" => statistic(answers("outbound"), Some(0.5)),
        "p90_first_response_hours_by_them" => statistic(answers("outbound"), Some(0.9)),
        "minutes_spent_by_us" => summed(rows, |row| minutes(row, "outbound", true), |row| takes(row, true)),
        "minutes_spent_by_them" => summed(rows, |row| minutes(row, "inbound", false), |row| takes(row, false)),
        "face_time_minutes" => summed(rows, |row| if face(row) { row.duration_minutes } else { Some(0.0) }, face),
        "interactions_without_duration" => count(&|row| {
            row.status.as_deref() == Some("held")
                && row.kind.as_deref() != Some("email")
                && row.duration_minutes.is_none()
        })
        .into(),
        "open_rate" => quotient(part("followed_emails_opened"), part("followed_emails_sent")),
        "click_rate" => quotient(part("followed_emails_clicked"), part("followed_emails_sent")),
        "attachment_open_rate" => quotient(part("followed_emails_attachment_opened"), part("followed_emails_sent")),
        "reply_rate" => quotient(part("followed_emails_replied"), part("followed_emails_sent")),
        name if name.starts_with("followed_emails_") => counted().into(),
        "emails_after_hours" => Value::Null,
        name => {
            let row = match name.split('_').next() {
                Some("first") => extreme(false, false),
                Some("last") => extreme(false, true),
                _ => extreme(true, false),
            };
            field(row, name.rsplit('_').next().unwrap())
        }
    }
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
        let known = Known { kpis: &all, interactions: &interactions, measuring: &measuring, with_reasons };
        let value = cells::json(table.column(name).unwrap(), row);
        let mut story = ColumnStory { column: name.to_string(), value, ..ColumnStory::default() };
        assert!(known.tell(kpi, &mut story).unwrap(), "{id} {name}");
        let by_hand = added_up(name, &story.rows);
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

#[test]
fn every_kpi_of_the_golden_lake_adds_up() {
    let golden = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/golden");
    let settings: serde_json::Map<String, Value> =
        serde_json::from_str(&std::fs::read_to_string(golden.join("main.json")).unwrap()).unwrap();
    let settings: Vec<(String, String)> =
        settings.into_iter().map(|(key, value)| (key, crate::support::results::toml(&value))).collect();
    let published = Published::of(&golden.join("lake"), &settings);
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
