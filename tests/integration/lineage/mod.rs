//! Events of OpenLineage: what they say, that the official client reads them, and that no run suffers from them.

use std::collections::BTreeMap;
use std::fs;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpListener;
use std::path::PathBuf;
use std::process::{Command, Output};
use std::sync::mpsc;
use std::thread;

use flate2::read::GzDecoder;
use serde_json::{Value, json};

use crate::support::installed::optional;
use crate::support::small_lake::{AS_OF, SmallLake, read_parquet, stderr};

const PARENT: &str = "0190b4d3-4d0a-7d59-9a1e-5b8a2f3f8a10";

fn run(lake: &SmallLake, variables: &[(&str, &str)], arguments: &[&str]) -> Output {
    let mut rapport = lake.command("run", &[&["--as-of", AS_OF], arguments].concat());
    rapport.env("OPENLINEAGE_NAMESPACE", "crm").envs(variables.iter().copied());
    rapport.output().unwrap()
}

fn file(lake: &SmallLake) -> PathBuf {
    lake.root().parent().unwrap().join("events.jsonl")
}

/// Events into one file.
fn to_file(lake: &SmallLake) -> Vec<(&'static str, String)> {
    vec![
        ("OPENLINEAGE__TRANSPORT__TYPE", "file".into()),
        ("OPENLINEAGE__TRANSPORT__LOG_FILE_PATH", file(lake).display().to_string()),
        ("OPENLINEAGE__TRANSPORT__APPEND", "true".into()),
    ]
}

fn events(lake: &SmallLake, variables: &[(&str, &str)], arguments: &[&str]) -> (Output, Vec<Value>) {
    let to_file = to_file(lake);
    let all: Vec<(&str, &str)> =
        to_file.iter().map(|(name, value)| (*name, value.as_str())).chain(variables.iter().copied()).collect();
    let output = run(lake, &all, arguments);
    let text = fs::read_to_string(file(lake)).unwrap_or_default();
    (output, text.lines().map(|line| serde_json::from_str(line).unwrap()).collect())
}

fn dataset<'a>(datasets: &'a Value, name: &str) -> &'a Value {
    let all = datasets.as_array().unwrap().iter();
    let mut found = all.filter(|one| one["name"].as_str().unwrap().ends_with(&format!("/{name}")));
    found.next().unwrap_or_else(|| panic!("{name} is not in {datasets}"))
}

#[test]
fn a_run_tells_what_it_read_and_wrote_and_of_what_each_column_is_made() {
    let lake = SmallLake::new();
    let parent = format!("airflow/daily.rapport/{PARENT}");
    let (output, events) = events(&lake, &[("OPENLINEAGE_PARENT_ID", &parent)], &[]);
    assert_eq!(output.status.code(), Some(0), "{}", stderr(&output));
    let [start, complete] = &events[..] else { panic!("{} events", events.len()) };
    assert_eq!((&start["eventType"], &complete["eventType"]), (&json!("START"), &json!("COMPLETE")));
    assert_eq!(start["run"]["runId"], complete["run"]["runId"]);
    let job = &complete["job"];
    assert_eq!((&job["namespace"], &job["name"]), (&json!("crm"), &json!("relationship_kpis")));
    let run = &complete["run"]["facets"];
    assert_eq!(run["parent"]["run"]["runId"], PARENT);
    assert_eq!(run["parent"]["job"], json!({"namespace": "airflow", "name": "daily.rapport"}));
    // A day in Stockholm, which sets its clocks forward on the 29th.
    assert_eq!(run["nominalTime"]["nominalStartTime"], "2026-03-30T22:00:00.000Z");
    assert_eq!(run["nominalTime"]["nominalEndTime"], "2026-03-31T22:00:00.000Z");

    let email = dataset(&complete["inputs"], "email");
    let rows = lake.read("email").height();
    assert_eq!(email["namespace"], "file");
    assert_eq!(email["name"], lake.folder("email").display().to_string());
    let statistics = &email["inputFacets"]["inputStatistics"];
    assert_eq!((&statistics["rowCount"], &statistics["fileCount"]), (&json!(rows), &json!(1)));
    let freshness = &email["inputFacets"]["dataQualityAssertions"]["assertions"][0];
    assert_eq!((&freshness["assertion"], &freshness["success"]), (&json!("freshness"), &json!(true)), "{freshness}");

    let kpis = dataset(&complete["outputs"], "account_kpis");
    let published = read_parquet(&lake.output().join("current/account_kpis.parquet"));
    let statistics = &kpis["outputFacets"]["outputStatistics"];
    assert_eq!((&statistics["rowCount"], &statistics["fileCount"]), (&json!(published.height()), &json!(1)));
    let fields = kpis["facets"]["schema"]["fields"].as_array().unwrap();
    let names: Vec<&str> = fields.iter().map(|field| field["name"].as_str().unwrap()).collect();
    assert_eq!(names, published.get_column_names().iter().map(|name| name.as_str()).collect::<Vec<_>>());
    let lineage = &kpis["facets"]["columnLineage"]["fields"];
    let made_of = |column: &str| -> BTreeMap<String, Vec<String>> {
        let mut found: BTreeMap<String, Vec<String>> = BTreeMap::new();
        for input in lineage[column]["inputFields"].as_array().into_iter().flatten() {
            let table = input["name"].as_str().unwrap().rsplit('/').next().unwrap().to_string();
            found.entry(table).or_default().push(input["field"].as_str().unwrap().to_string());
        }
        found
    };
    assert_eq!(made_of("emails_sent").keys().collect::<Vec<_>>(), ["email", "messages"]);
    assert_eq!(made_of("name"), BTreeMap::from([("account".to_string(), vec!["name".to_string()])]));
    assert!(made_of("phone_calls_made")["phonecall"].contains(&"directioncode".to_string()));
    // What is told of the table as a whole is not told again of each column.
    let whole = kpis["facets"]["columnLineage"]["dataset"].as_array().unwrap();
    let state = whole.iter().find(|one| one["name"].as_str().unwrap().ends_with("/phonecall")).unwrap();
    assert_eq!((&state["field"], &state["transformations"][0]["type"]), (&json!("statecode"), &json!("INDIRECT")));
    assert!(!made_of("phone_calls_made")["phonecall"].contains(&"statecode".to_string()));
    assert!(made_of("as_of").is_empty());
    // Every input that lineage names is one that was read.
    let read: Vec<&Value> = complete["inputs"].as_array().unwrap().iter().map(|input| &input["name"]).collect();
    let of_fields = lineage.as_object().unwrap().values().flat_map(|field| field["inputFields"].as_array().unwrap());
    assert!(of_fields.chain(whole).all(|input| read.contains(&&input["name"])));
}

#[test]
fn the_official_client_reads_every_event() {
    let Some(python) = optional("lineage/bin/python") else { return };
    let lake = SmallLake::new();
    let parent = format!("airflow/daily.rapport/{PARENT}");
    let root = format!("airflow/daily/{PARENT}");
    let variables = [("OPENLINEAGE_PARENT_ID", parent.as_str()), ("OPENLINEAGE_ROOT_PARENT_ID", root.as_str())];
    events(&lake, &variables, &[]);
    lake.remove("email");
    let (failed, _) = events(&lake, &variables, &[]);
    assert_eq!(failed.status.code(), Some(3));
    let script = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/integration/lineage/read.py");
    let output = Command::new(python).arg(script).arg(file(&lake)).output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let counts: BTreeMap<String, u64> = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!([counts["START"], counts["COMPLETE"], counts["FAIL"]], [2, 1, 1], "{counts:?}");
    let tables = rapport::config::JobKind::RelationshipKpis.tables().len() as u64;
    assert_eq!(counts["ColumnLineageDatasetFacet"], tables);
    assert_eq!(counts["OutputStatisticsOutputDatasetFacet"], tables);
    for facet in ["ParentRunFacet", "ErrorMessageRunFacet", "DataQualityAssertionsDatasetFacet", "SchemaDatasetFacet"] {
        assert!(counts.get(facet).is_some_and(|count| *count > 0), "{facet}: {counts:?}");
    }
}

#[test]
fn a_run_that_fails_says_by_what() {
    let lake = SmallLake::new();
    lake.remove("email");
    let (output, events) = events(&lake, &[], &[]);
    assert_eq!(output.status.code(), Some(3));
    let last = events.last().unwrap();
    assert_eq!((events.len(), &last["eventType"]), (2, &json!("FAIL")));
    let message = last["run"]["facets"]["errorMessage"]["message"].as_str().unwrap();
    assert!(message.contains("table email") && message.contains("the table is missing"), "{message}");
    assert_eq!(last["outputs"], json!([]));
}

/// A server that takes so many events, each answered with the status.
fn server(events: usize, status: &'static str) -> (String, mpsc::Receiver<(String, Value)>) {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    let (sender, received) = mpsc::channel();
    thread::spawn(move || {
        for stream in listener.incoming().take(events) {
            let mut stream = stream.unwrap();
            let mut reader = BufReader::new(stream.try_clone().unwrap());
            let mut head = String::new();
            while !head.ends_with("\r\n\r\n") {
                reader.read_line(&mut head).unwrap();
            }
            let length =
                head.lines().find_map(|line| line.to_lowercase().strip_prefix("content-length:")?.trim().parse().ok());
            let mut body = vec![0; length.unwrap()];
            reader.read_exact(&mut body).unwrap();
            write!(stream, "HTTP/1.1 {status}\r\nContent-Length: 0\r\nConnection: close\r\n\r\n").unwrap();
            if head.to_lowercase().contains("content-encoding: gzip\r\n") {
                let packed = std::mem::take(&mut body);
                GzDecoder::new(&*packed).read_to_end(&mut body).unwrap();
            }
            sender.send((head, serde_json::from_slice(&body).unwrap())).unwrap();
        }
    });
    (url, received)
}

#[test]
fn a_server_gets_each_event_with_the_key_which_nobody_else_sees() {
    let lake = SmallLake::new();
    let (url, received) = server(2, "201 Created");
    let key = "a-key-of-the-catalog";
    let output = run(&lake, &[("OPENLINEAGE_URL", &url), ("OPENLINEAGE_API_KEY", key)], &["--log-format", "json"]);
    assert_eq!(output.status.code(), Some(0), "{}", stderr(&output));
    for event_type in ["START", "COMPLETE"] {
        let (head, event) = received.recv().unwrap();
        assert!(head.starts_with("POST /api/v1/lineage HTTP/1.1\r\n"), "{head}");
        assert!(head.to_lowercase().contains(&format!("authorization: bearer {key}\r\n")), "{head}");
        assert!(head.to_lowercase().contains("content-type: application/json\r\n"), "{head}");
        assert_eq!(event["eventType"], event_type);
    }
    assert!(!stderr(&output).contains(key));
}

#[test]
fn events_go_compressed_where_that_is_asked_for() {
    let lake = SmallLake::new();
    let (url, received) = server(2, "201 Created");
    let output = run(&lake, &[("OPENLINEAGE_URL", &url), ("OPENLINEAGE__TRANSPORT__COMPRESSION", "gzip")], &[]);
    assert_eq!(output.status.code(), Some(0), "{}", stderr(&output));
    for event_type in ["START", "COMPLETE"] {
        let (head, event) = received.recv().unwrap();
        assert!(head.to_lowercase().contains("content-encoding: gzip\r\n"), "{head}");
        assert_eq!(event["eventType"], event_type);
    }
}

/// The tables are described once, at the end, and no input more than a column needs.
#[test]
fn events_have_the_length_of_what_they_tell() {
    let lake = SmallLake::new();
    let (_, events) = events(&lake, &[], &[]);
    let [start, complete] = &events[..] else { panic!("{} events", events.len()) };
    assert!(start["outputs"].as_array().unwrap().iter().all(|output| output["facets"] == json!({})), "{start}");
    let length = [start, complete].map(|event| event.to_string().len());
    assert!(length[0] < 10_000 && length[1] < 800_000, "{length:?}");
}

#[test]
fn nobody_who_listens_is_one_warning_and_no_failure() {
    // A port that was free a moment ago, and a server that refuses.
    let free = TcpListener::bind("127.0.0.1:0").unwrap();
    let nobody = format!("http://{}", free.local_addr().unwrap());
    drop(free);
    let (refusing, _received) = server(1, "500 Internal Server Error");
    for (url, reason) in [(nobody, "the server cannot be reached"), (refusing, "the server answered 500")] {
        let lake = SmallLake::new();
        let output = run(&lake, &[("OPENLINEAGE_URL", &url)], &[]);
        assert_eq!(output.status.code(), Some(0), "{}", stderr(&output));
        assert!(lake.output().join("current/account_kpis.parquet").is_file());
        let said = stderr(&output);
        assert_eq!(said.matches("OpenLineage is not told of this run any more").count(), 1, "{said}");
        assert!(said.contains(reason), "{said}");
    }
    let lake = SmallLake::new();
    let output = run(&lake, &[("OPENLINEAGE__TRANSPORT__TYPE", "kafka")], &[]);
    assert_eq!(output.status.code(), Some(0));
    assert!(stderr(&output).contains("is none of http, file, console and noop"), "{}", stderr(&output));
}

#[test]
fn who_does_not_ask_is_not_told() {
    let lake = SmallLake::new();
    let (output, found) = events(&lake, &[("OPENLINEAGE_DISABLED", "true")], &[]);
    assert_eq!((output.status.code(), found.len()), (Some(0), 0));
    let quiet = run(&lake, &[], &[]);
    assert!(!stderr(&quiet).contains("OpenLineage"), "{}", stderr(&quiet));
}
