//! From a URL and the environment to a client of its object store.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use object_store::aws::AmazonS3Builder;
use object_store::azure::{AzureConfigKey, MicrosoftAzureBuilder};
use object_store::gcp::GoogleCloudStorageBuilder;
use object_store::path::Path;
use object_store::{BackoffConfig, ClientOptions, ObjectStore, ObjectStoreScheme, RetryConfig};
use url::Url;

use super::azure_list_filter::AzureListFilter;
use super::location::{Cloud, cloud};
use super::traffic::{Counting, Traffic};

/// How long requests to a store may take.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Timeouts {
    /// How long one request may take, the transfer included.
    pub request: Duration,
    /// How long to try again what failed and may succeed.
    pub give_up_after: Duration,
}

/// For how long one signature is used; then whoever asks has to ask anew.
const SIGNED: Duration = Duration::from_secs(240);

impl Default for Timeouts {
    fn default() -> Timeouts {
        Timeouts { request: Duration::from_secs(30), give_up_after: Duration::from_secs(180) }
    }
}

/// The variables that say who we are to a cloud and where it is; everything else is left alone.
pub type Environment = BTreeMap<String, String>;

/// The store of a URL and the place in it.
pub(super) fn connect(
    url: &str,
    environment: &Environment,
    timeouts: Timeouts,
    traffic: &Arc<Traffic>,
) -> object_store::Result<(Arc<dyn ObjectStore>, Path)> {
    check_endpoints(environment)?;
    let parsed = Url::parse(url).map_err(|error| generic(error.to_string()))?;
    let (_, path) = ObjectStoreScheme::parse(&parsed)?;
    let store: Arc<dyn ObjectStore> = match cloud(url) {
        Some(Cloud::Aws) => Arc::new(aws(url, environment, timeouts, traffic)?),
        Some(Cloud::Azure) => Arc::new(AzureListFilter(azure(url, environment, timeouts, traffic)?)),
        Some(Cloud::Google) => Arc::new(google(url, environment, timeouts, traffic)?),
        None => return Err(generic("no object store has this scheme".to_string())),
    };
    Ok((store, path))
}

/// An endpoint is shown in messages, so it may carry nothing but where it is.
fn check_endpoints(environment: &Environment) -> object_store::Result<()> {
    const BLOB: &str = "BlobEndpoint";
    let connection = environment.get("AZURE_STORAGE_CONNECTION_STRING").map(String::as_str).unwrap_or_default();
    let in_connection = connection.split(';').filter_map(|part| part.split_once('='));
    let in_connection = in_connection.filter(|(key, _)| key.trim() == BLOB);
    let is_endpoint = |name: &str| name.contains("ENDPOINT") || name == "STORAGE_EMULATOR_HOST";
    let named = environment.iter().map(|(name, value)| (name.as_str(), value.as_str()));
    for (name, endpoint) in named.filter(|(name, _)| is_endpoint(name)).chain(in_connection) {
        let (_, rest) = endpoint.split_once("://").unwrap_or(("", endpoint));
        let authority = rest.split(['/', '?', '#']).next().unwrap_or_default();
        if authority.contains('@') || endpoint.contains(['?', '#']) {
            let message = "carries a user, a password or a token; those belong in variables of their own";
            return Err(generic(format!("the endpoint in {name} {message}")));
        }
    }
    Ok(())
}

fn generic(message: String) -> object_store::Error {
    object_store::Error::Generic { store: "URL", source: message.into() }
}

fn aws(
    url: &str,
    environment: &Environment,
    timeouts: Timeouts,
    traffic: &Arc<Traffic>,
) -> object_store::Result<object_store::aws::AmazonS3> {
    let mut builder = AmazonS3Builder::new().with_url(url);
    for (name, value) in with_prefix(environment, "AWS_") {
        if let Ok(key) = name.to_ascii_lowercase().parse() {
            builder = builder.with_config(key, value);
        }
    }
    builder
        .with_client_options(client_options(timeouts, is_plain(environment, &["AWS_ENDPOINT_URL", "AWS_ENDPOINT"])))
        .with_retry(retries(timeouts))
        .with_http_connector(Counting(Arc::clone(traffic)))
        .build()
}

fn azure(
    url: &str,
    environment: &Environment,
    timeouts: Timeouts,
    traffic: &Arc<Traffic>,
) -> object_store::Result<object_store::azure::MicrosoftAzure> {
    let mut builder = MicrosoftAzureBuilder::new();
    let connection = environment.get("AZURE_STORAGE_CONNECTION_STRING").map(String::as_str).unwrap_or_default();
    for (key, value) in connection.split(';').filter_map(|part| part.split_once('=')) {
        let key = match key.trim() {
            "AccountName" => AzureConfigKey::AccountName,
            "AccountKey" => AzureConfigKey::AccessKey,
            "SharedAccessSignature" => AzureConfigKey::SasKey,
            "BlobEndpoint" => AzureConfigKey::Endpoint,
            _ => continue,
        };
        builder = builder.with_config(key, value);
    }
    for (name, value) in with_prefix(environment, "AZURE_") {
        if let Ok(key) = name.to_ascii_lowercase().parse() {
            builder = builder.with_config(key, value);
        }
    }
    // App Service and Container Apps name their source of managed identities so.
    if let Some(endpoint) = environment.get("IDENTITY_ENDPOINT") {
        builder = builder.with_msi_endpoint(endpoint);
    }
    let plain = is_plain(environment, &["AZURE_STORAGE_ENDPOINT", "AZURE_ENDPOINT"])
        || connection.contains("BlobEndpoint=http://")
        || environment.contains_key("AZURE_STORAGE_USE_EMULATOR");
    builder
        .with_url(url)
        .with_client_options(client_options(timeouts, plain))
        .with_retry(retries(timeouts))
        .with_http_connector(Counting(Arc::clone(traffic)))
        .build()
}

fn google(
    url: &str,
    environment: &Environment,
    timeouts: Timeouts,
    traffic: &Arc<Traffic>,
) -> object_store::Result<object_store::gcp::GoogleCloudStorage> {
    let mut builder = GoogleCloudStorageBuilder::new().with_url(url);
    if let Some(file) = environment.get("SERVICE_ACCOUNT") {
        builder = builder.with_service_account_path(file);
    }
    for (name, value) in with_prefix(environment, "GOOGLE_") {
        if let Ok(key) = name.to_ascii_lowercase().parse() {
            builder = builder.with_config(key, value);
        }
    }
    // What Google's own libraries take to reach an emulator, which checks no signature.
    let emulator = environment.get("STORAGE_EMULATOR_HOST").map(|host| match host.contains("://") {
        true => host.clone(),
        false => format!("http://{host}"),
    });
    if let Some(emulator) = &emulator {
        let account = serde_json::json!({
            "gcs_base_url": emulator, "disable_oauth": true, "client_email": "", "private_key": "", "private_key_id": ""
        });
        builder = builder.with_service_account_key(account.to_string());
    }
    builder
        .with_client_options(client_options(timeouts, emulator.is_some_and(|host| host.starts_with("http://"))))
        .with_retry(retries(timeouts))
        .with_http_connector(Counting(Arc::clone(traffic)))
        .build()
}

fn with_prefix<'a>(environment: &'a Environment, prefix: &'a str) -> impl Iterator<Item = (&'a str, &'a str)> {
    let pairs = environment.iter().map(|(name, value)| (name.as_str(), value.as_str()));
    pairs.filter(move |(name, _)| name.starts_with(prefix))
}

/// An endpoint without TLS is only taken from who asks for it by name.
fn is_plain(environment: &Environment, names: &[&str]) -> bool {
    names.iter().any(|name| environment.get(*name).is_some_and(|endpoint| endpoint.starts_with("http://")))
}

fn client_options(timeouts: Timeouts, plain: bool) -> ClientOptions {
    ClientOptions::new()
        .with_timeout(timeouts.request)
        .with_connect_timeout(timeouts.request.min(Duration::from_secs(5)))
        .with_allow_http(plain)
}

fn retries(timeouts: Timeouts) -> RetryConfig {
    let backoff =
        BackoffConfig { init_backoff: Duration::from_millis(100), max_backoff: Duration::from_secs(15), base: 2.0 };
    // The time decides, not the number. A request is signed once, and signatures grow old.
    let retry_timeout = timeouts.give_up_after.min(SIGNED);
    RetryConfig { backoff, max_retries: 1_000, retry_timeout }
}
