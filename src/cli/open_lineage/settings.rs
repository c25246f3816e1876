//! Where events go, by the variables of the official clients.

use std::collections::BTreeMap;
use std::env;
use std::path::PathBuf;
use std::time::Duration;

use serde_json::Value;
use url::Url;

const DISABLED: &str = "OPENLINEAGE_DISABLED";
const NAMESPACE: &str = "OPENLINEAGE_NAMESPACE";
const PARENT: &str = "OPENLINEAGE_PARENT_ID";
const ROOT_PARENT: &str = "OPENLINEAGE_ROOT_PARENT_ID";
/// How the variables of a transport begin; two underscores part their names.
const TRANSPORT: &str = "OPENLINEAGE__TRANSPORT__";
/// Where a server takes events, below its URL.
const ENDPOINT: &str = "api/v1/lineage";
/// How long a server is waited for, in seconds.
const TIMEOUT: f64 = 5.0;

/// What the environment asks for.
#[derive(Debug)]
pub(super) struct Settings {
    pub destination: Destination,
    /// The namespace of our jobs.
    pub namespace: String,
    pub parent: Option<ParentRun>,
    /// The run at the root of the parent's, where it is told.
    pub root: Option<ParentRun>,
    /// What was not understood, and is done without.
    pub warnings: Vec<String>,
}

/// Where events go.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Destination {
    Http(Server),
    /// A line per event, or a file per event whose name begins so.
    File {
        path: PathBuf,
        append: bool,
    },
    /// A line per event on stderr: stdout is for results.
    Console,
}

#[derive(Clone, Debug, PartialEq)]
pub(super) struct Server {
    pub url: Url,
    pub api_key: Option<String>,
    pub timeout: Duration,
    /// Whether events are sent compressed.
    pub gzip: bool,
}

/// The run that started ours.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct ParentRun {
    pub namespace: String,
    pub job: String,
    pub run_id: String,
}

/// Variables that concern events.
type Variables = BTreeMap<String, String>;

fn environment() -> Variables {
    let all = env::vars_os().filter_map(|(name, value)| Some((name.into_string().ok()?, value.into_string().ok()?)));
    all.filter(|(name, value)| name.starts_with("OPENLINEAGE_") && !value.trim().is_empty()).collect()
}

/// Keys that nobody is to see.
pub(in crate::cli) fn secrets() -> Vec<String> {
    let variables = environment();
    let keys =
        variables.iter().filter(|(name, _)| ["KEY", "AUTH", "TOKEN", "SECRET"].iter().any(|word| name.contains(word)));
    keys.map(|(_, value)| value.clone()).chain(api_key(&variables)).collect()
}

impl Settings {
    /// None where no events are asked for.
    pub(super) fn from_environment() -> Result<Option<Settings>, String> {
        Settings::of(&environment())
    }

    fn of(variables: &Variables) -> Result<Option<Settings>, String> {
        let get = |name: &str| variables.get(name).map(|value| value.trim());
        if get(DISABLED).is_some_and(|value| value.eq_ignore_ascii_case("true")) {
            return Ok(None);
        }
        let Some(destination) = destination(variables)? else { return Ok(None) };
        let mut warnings = Vec::new();
        let mut parent = |name: &str| {
            let parsed = ParentRun::parse(get(name)?);
            if parsed.is_none() {
                warnings.push(format!("{name} is not namespace/job/run with a UUID as the run; events go without it"));
            }
            parsed
        };
        let (parent, root) = (parent(PARENT), parent(ROOT_PARENT));
        let namespace = get(NAMESPACE).unwrap_or("default").to_string();
        Ok(Some(Settings { destination, namespace, parent, root, warnings }))
    }
}

/// The kind of transport comes first, then the URL alone, as in the official clients. Without either nothing is sent,
/// where those would print events.
fn destination(variables: &Variables) -> Result<Option<Destination>, String> {
    let get = |name: &str| variables.get(name).map(|value| value.trim());
    let of_transport = |key: &str| get(&format!("{TRANSPORT}{key}"));
    match of_transport("TYPE") {
        Some("http" | "async_http") => {
            let url = of_transport("URL").or(get("OPENLINEAGE_URL"));
            let url = url.ok_or_else(|| format!("{TRANSPORT}URL is not set"))?;
            server(variables, url, of_transport("ENDPOINT").or(get("OPENLINEAGE_ENDPOINT"))).map(Some)
        }
        Some("file") => {
            let path = of_transport("LOG_FILE_PATH").ok_or_else(|| format!("{TRANSPORT}LOG_FILE_PATH is not set"))?;
            let path = path.strip_prefix("file://").unwrap_or(path);
            if path.contains("://") {
                return Err(format!("{TRANSPORT}LOG_FILE_PATH is no path of a local file"));
            }
            let append = of_transport("APPEND").is_some_and(|value| value.eq_ignore_ascii_case("true"));
            Ok(Some(Destination::File { path: PathBuf::from(path), append }))
        }
        Some("console") => Ok(Some(Destination::Console)),
        Some("noop") => Ok(None),
        Some(_) => Err(format!("{TRANSPORT}TYPE is none of http, file, console and noop")),
        None => match get("OPENLINEAGE_URL") {
            Some(url) => server(variables, url, get("OPENLINEAGE_ENDPOINT")).map(Some),
            None => Ok(None),
        },
    }
}

fn server(variables: &Variables, url: &str, endpoint: Option<&str>) -> Result<Destination, String> {
    // The message names no URL: it may hold a token.
    let no_url = || "the URL is none; it begins with http:// or https://".to_string();
    let mut url = Url::parse(url).map_err(|_| no_url())?;
    if !matches!(url.scheme(), "http" | "https") {
        return Err(no_url());
    }
    // What is joined to a path without a slash would take the place of its last part.
    if !url.path().ends_with('/') {
        url.set_path(&format!("{}/", url.path()));
    }
    let endpoint = endpoint.unwrap_or(ENDPOINT).trim_start_matches('/');
    let url = url.join(endpoint).map_err(|_| "the endpoint is no path".to_string())?;
    let timeout = variables.get(&format!("{TRANSPORT}TIMEOUT")).and_then(|seconds| seconds.trim().parse().ok());
    let seconds = timeout.filter(|seconds: &f64| seconds.is_finite() && *seconds > 0.0).unwrap_or(TIMEOUT);
    let gzip = match variables.get(&format!("{TRANSPORT}COMPRESSION")).map(|word| word.trim()) {
        None => false,
        Some(word) if word.eq_ignore_ascii_case("gzip") => true,
        Some(_) => return Err(format!("{TRANSPORT}COMPRESSION is not gzip")),
    };
    let timeout = Duration::from_secs_f64(seconds.min(60.0));
    let server = Server { url, api_key: api_key(variables), timeout, gzip };
    Ok(Destination::Http(server))
}

fn api_key(variables: &Variables) -> Option<String> {
    let auth: Option<Value> =
        variables.get(&format!("{TRANSPORT}AUTH")).and_then(|text| serde_json::from_str(text).ok());
    let in_json = auth.and_then(|auth| {
        let names = ["apiKey", "apikey", "api_key"];
        names.iter().find_map(|name| auth.get(name)?.as_str().map(str::to_string))
    });
    let names = [format!("{TRANSPORT}AUTH__APIKEY"), format!("{TRANSPORT}AUTH__API_KEY"), "OPENLINEAGE_API_KEY".into()];
    in_json.or_else(|| names.iter().find_map(|name| variables.get(name).cloned()))
}

impl ParentRun {
    fn parse(text: &str) -> Option<ParentRun> {
        let parts: Vec<&str> = text.split('/').collect();
        let [namespace, job, run_id] = parts[..] else { return None };
        let bare = run_id.replace('-', "");
        let is_uuid = bare.len() == 32 && bare.chars().all(|digit| digit.is_ascii_hexdigit());
        let is_whole = is_uuid && !namespace.is_empty() && !job.is_empty();
        is_whole.then(|| ParentRun { namespace: namespace.into(), job: job.into(), run_id: run_id.into() })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn settings(variables: &[(&str, &str)]) -> Result<Option<Settings>, String> {
        Settings::of(&variables.iter().map(|(name, value)| (name.to_string(), value.to_string())).collect())
    }

    fn destination(variables: &[(&str, &str)]) -> Destination {
        settings(variables).unwrap().unwrap().destination
    }

    #[test]
    fn variables_mean_what_they_mean_to_the_official_clients() {
        assert!(settings(&[("OPENLINEAGE_NAMESPACE", "crm")]).unwrap().is_none());
        assert!(settings(&[("OPENLINEAGE_URL", "http://marquez:5000"), (DISABLED, "True")]).unwrap().is_none());
        let plain = [("OPENLINEAGE_URL", "http://marquez:5000"), ("OPENLINEAGE_API_KEY", "key")];
        let Destination::Http(server) = destination(&plain) else { panic!() };
        assert_eq!(server.url.as_str(), "http://marquez:5000/api/v1/lineage");
        assert_eq!((server.api_key.as_deref(), server.timeout), (Some("key"), Duration::from_secs(5)));
        let nested = [
            ("OPENLINEAGE__TRANSPORT__TYPE", "http"),
            ("OPENLINEAGE__TRANSPORT__URL", "https://catalog.example/ol"),
            ("OPENLINEAGE__TRANSPORT__ENDPOINT", "events"),
            ("OPENLINEAGE__TRANSPORT__AUTH", r#"{"type": "api_key", "apiKey": "secret"}"#),
            ("OPENLINEAGE__TRANSPORT__TIMEOUT", "0.5"),
            ("OPENLINEAGE__TRANSPORT__COMPRESSION", "gzip"),
        ];
        let Destination::Http(server) = destination(&nested) else { panic!() };
        assert!(server.gzip);
        assert_eq!(server.url.as_str(), "https://catalog.example/ol/events");
        assert_eq!((server.api_key.as_deref(), server.timeout), (Some("secret"), Duration::from_millis(500)));
        let file = [
            ("OPENLINEAGE__TRANSPORT__TYPE", "file"),
            ("OPENLINEAGE__TRANSPORT__LOG_FILE_PATH", "/var/log/lineage"),
            ("OPENLINEAGE__TRANSPORT__APPEND", "true"),
        ];
        assert_eq!(destination(&file), Destination::File { path: "/var/log/lineage".into(), append: true });
    }

    #[test]
    fn what_is_not_understood_is_said() {
        let kafka = settings(&[("OPENLINEAGE__TRANSPORT__TYPE", "kafka")]).unwrap_err();
        assert!(kafka.contains("none of http, file, console"), "{kafka}");
        assert!(settings(&[("OPENLINEAGE_URL", "marquez")]).unwrap_err().contains("http://"));
        let brotli = [("OPENLINEAGE_URL", "http://m"), ("OPENLINEAGE__TRANSPORT__COMPRESSION", "br")];
        assert!(settings(&brotli).unwrap_err().contains("COMPRESSION is not gzip"));
        let run = "0190b4d3-4d0a-7d59-9a1e-5b8a2f3f8a10";
        let parents =
            [("OPENLINEAGE_URL", "http://m"), (PARENT, &*format!("airflow/daily.rapport/{run}")), (ROOT_PARENT, "x/y")];
        let read = settings(&parents).unwrap().unwrap();
        let parent = read.parent.unwrap();
        assert_eq!(
            (parent.namespace.as_str(), parent.job.as_str(), parent.run_id.as_str()),
            ("airflow", "daily.rapport", run)
        );
        assert_eq!(read.root, None);
        assert!(read.warnings[0].contains(ROOT_PARENT), "{:?}", read.warnings);
    }
}
