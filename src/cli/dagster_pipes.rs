//! Dagster Pipes (protocol 0.1): where Dagster started the program, it is told what was published, so that each table
//! is an asset with rows, partitions and checks there. jobs/README.md says how to declare them.
//!
//! Dagster hands over two variables, each JSON, compressed by zlib and in base 64: one says which assets the step
//! is about, the other where messages go. A message is a line of JSON.

use std::collections::BTreeMap;
use std::env;
use std::fs::{self, File, OpenOptions};
use std::io::{self, Read, Write};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use flate2::read::ZlibDecoder;
use serde_json::{Map, Value, json};
use tracing::{Event, Subscriber};
use tracing_subscriber::layer::{Context, Layer};

use super::event_fields::{Fields, TARGET};

const CONTEXT: &str = "DAGSTER_PIPES_CONTEXT";
const MESSAGES: &str = "DAGSTER_PIPES_MESSAGES";
/// Checks that a table can have. Dagster refuses one that the asset does not declare, so that a step names in its
/// extras, under this key, those that it wants.
const CHECKS: &str = "rapport_checks";
/// Whether the sources were up to date.
const COMPLETE: &str = "complete";
/// Whether the run had nothing to warn about.
const WITHOUT_WARNINGS: &str = "without_warnings";

/// The way to Dagster, and what is still to be told.
#[derive(Clone)]
pub(super) struct DagsterPipes(Arc<Mutex<PipesState>>);

struct PipesState {
    messages: Messages,
    /// Asset keys of the step, by the table that the last part of each key names.
    assets: BTreeMap<String, String>,
    checks: Vec<String>,
    published: BTreeMap<String, Published>,
    error: Option<String>,
}

enum Messages {
    File(File),
    Stdout,
    Stderr,
}

/// What a run has published of a table.
#[derive(Default)]
struct Published {
    rows: u64,
    partitions: Vec<String>,
}

impl DagsterPipes {
    /// None where Dagster did not start the program.
    ///
    /// # Errors
    /// Why the variables cannot be used, in a sentence.
    pub(super) fn from_environment() -> Result<Option<DagsterPipes>, String> {
        let (Ok(context), Ok(messages)) = (env::var(CONTEXT), env::var(MESSAGES)) else { return Ok(None) };
        let context = decoded(CONTEXT, &context)?;
        let context = match (context.get("path"), context.get("data")) {
            (Some(Value::String(path)), _) => read(path)?,
            (_, Some(data)) => data.clone(),
            _ => return Err(format!("{CONTEXT} has neither path nor data")),
        };
        let messages = Messages::open(&decoded(MESSAGES, &messages)?)?;
        let assets = texts(&context["asset_keys"]).into_iter();
        let assets = assets.map(|key| (key.rsplit('/').next().unwrap_or_default().to_string(), key)).collect();
        let checks = texts(&context["extras"][CHECKS]);
        let mut state = PipesState { messages, assets, checks, published: BTreeMap::new(), error: None };
        state.send("opened", json!({"extras": {}}));
        Ok(Some(DagsterPipes(Arc::new(Mutex::new(state)))))
    }

    /// The last message: how the program ends.
    pub(super) fn close(&self, exit_code: u8) {
        let mut state = self.state();
        let error = state.error.take();
        let params = match (exit_code, error) {
            (0, _) => json!({}),
            (code, error) => {
                let message = error.unwrap_or_else(|| format!("exit code {code}"));
                let name = format!("exit code {code}");
                json!({"exception": {"message": message, "stack": [], "name": name, "cause": null, "context": null}})
            }
        };
        state.send("closed", params);
    }

    fn state(&self) -> MutexGuard<'_, PipesState> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl<S: Subscriber> Layer<S> for DagsterPipes {
    fn on_event(&self, event: &Event<'_>, _: Context<'_, S>) {
        if event.metadata().target() != TARGET {
            return;
        }
        let mut fields = Fields::default();
        event.record(&mut fields);
        self.state().tell(&fields);
    }
}

impl PipesState {
    fn tell(&mut self, fields: &Fields) {
        match fields.text("event").unwrap_or_default() {
            "published" => {
                let table = fields.text("table").unwrap_or_default().to_string();
                let published = self.published.entry(table).or_default();
                published.rows += fields.number("rows");
                published.partitions.extend(fields.text("partition").map(str::to_string));
            }
            "warning" => self.log("WARNING", fields),
            "error" => {
                self.error = Some(fields.message.clone());
                self.log("ERROR", fields);
            }
            "run_ended" => {
                self.log("INFO", fields);
                self.materialized(fields);
            }
            "phase" | "ended" => self.log("INFO", fields),
            _ => {}
        }
    }

    /// Tables that the run has published are there, whether or not it went on to fail.
    fn materialized(&mut self, run: &Fields) {
        for (table, published) in std::mem::take(&mut self.published) {
            let Some(asset) = self.assets.get(&table).cloned() else { continue };
            let mut metadata = Map::new();
            let mut put = |name: &str, kind: &str, value: Value| {
                metadata.insert(name.to_string(), json!({"raw_value": value, "type": kind}));
            };
            put("dagster/row_count", "int", json!(published.rows));
            put("partitions", "text", json!(published.partitions.join(", ")));
            for field in ["run_id", "computation_accuracy", "dataverse_newest_event_at", "exchange_newest_event_at"] {
                if let Some(value) = run.text(field) {
                    put(field, "text", json!(value));
                }
            }
            let params = json!({"asset_key": asset, "data_version": null, "metadata": metadata});
            self.send("report_asset_materialization", params);
            let checks = [
                (COMPLETE, run.text("computation_accuracy") != Some("partial")),
                (WITHOUT_WARNINGS, run.number("warnings") == 0),
            ];
            for (check, passed) in checks {
                if self.checks.iter().any(|wanted| wanted == check) {
                    let params = json!({
                        "asset_key": asset, "check_name": check, "passed": passed, "metadata": null, "severity": "WARN"
                    });
                    self.send("report_asset_check", params);
                }
            }
        }
    }

    fn log(&mut self, level: &str, fields: &Fields) {
        self.send("log", json!({"message": fields.message, "level": level}));
    }

    fn send(&mut self, method: &str, params: Value) {
        let line = format!("{}\n", json!({"__dagster_pipes_version": "0.1", "method": method, "params": params}));
        // Dagster that has gone away keeps no run from its end.
        let _ = match &mut self.messages {
            Messages::File(file) => file.write_all(line.as_bytes()),
            Messages::Stdout => io::stdout().lock().write_all(line.as_bytes()),
            Messages::Stderr => io::stderr().lock().write_all(line.as_bytes()),
        };
    }
}

impl Messages {
    fn open(params: &Value) -> Result<Messages, String> {
        if let Value::String(path) = &params["path"] {
            let file = OpenOptions::new().append(true).create(true).open(path);
            return file.map(Messages::File).map_err(|error| format!("{MESSAGES}: file {path}: {error}"));
        }
        match params["stdio"].as_str().or(params["buffered_stdio"].as_str()) {
            Some("stdout") => Ok(Messages::Stdout),
            Some("stderr") => Ok(Messages::Stderr),
            _ => Err(format!("{MESSAGES} names neither a path nor stdout or stderr")),
        }
    }
}

fn decoded(name: &str, text: &str) -> Result<Value, String> {
    let compressed = STANDARD.decode(text.trim()).map_err(|_| format!("{name} is not base 64"))?;
    let mut json = String::new();
    let read = ZlibDecoder::new(compressed.as_slice()).read_to_string(&mut json);
    read.map_err(|_| format!("{name} is not compressed by zlib"))?;
    serde_json::from_str(&json).map_err(|_| format!("{name} holds no JSON"))
}

fn read(path: &str) -> Result<Value, String> {
    let text = fs::read_to_string(path).map_err(|error| format!("{CONTEXT}: file {path}: {error}"))?;
    serde_json::from_str(&text).map_err(|_| format!("{CONTEXT}: file {path} holds no JSON"))
}

fn texts(list: &Value) -> Vec<String> {
    list.as_array().into_iter().flatten().filter_map(|text| Some(text.as_str()?.to_string())).collect()
}
