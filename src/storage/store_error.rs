//! What an object store says, as an error for the person who has to mend it.

use std::io::{self, ErrorKind};

use object_store::Error as StoreError;

use super::location::{Cloud, cloud};
use super::trouble::{Trouble, cause, has_no_credentials, words};
use crate::error::Error;

/// Characters of a message; longer ones quote responses.
const SAID: usize = 400;

/// Attaches the URL to an error of its store: what waiting cannot mend is a mistake in the
/// configuration, the rest is worth a retry (rule R4).
pub fn store_error(url: impl Into<String>) -> impl FnOnce(StoreError) -> Error {
    let url = url.into();
    move |error| {
        let error = telling(error);
        let refused = |message: String, remedy: &str| Error::Config {
            file: None,
            key: Some(url.clone()),
            message,
            remedy: remedy.to_string(),
        };
        let nobody = matches!(error, StoreError::PermissionDenied { .. } | StoreError::Generic { .. });
        if nobody && has_no_credentials(&error) {
            let message = "no credentials were found, and this machine has no identity of its own in the cloud";
            let remedy = format!("Set one of these in the environment: {}", variables(&url));
            return refused(message.to_string(), &remedy);
        }
        if let Some(trouble @ (Trouble::SpeaksHttp | Trouble::SpeaksHttps)) = cause::<Trouble>(&error) {
            let remedy = "Correct http:// or https:// of the endpoint, or its port, in the environment \
                          (AWS_ENDPOINT_URL, AZURE_STORAGE_ENDPOINT, STORAGE_EMULATOR_HOST)";
            return refused(trouble.to_string(), remedy);
        }
        match &error {
            StoreError::Precondition { .. } => {
                let changed = io::Error::new(ErrorKind::ResourceBusy, "it changed while it was being read");
                Error::Storage { path: url.clone().into(), source: changed }
            }
            StoreError::PermissionDenied { .. } | StoreError::Unauthenticated { .. } => refused(
                format!("the store refuses access: {}", said(&error)),
                "Check the credentials in the environment (AZURE_*, AWS_*, GOOGLE_*) and what this identity may do",
            ),
            StoreError::NotFound { .. } => refused(
                format!("the store does not find it: {}", said(&error)),
                "Check the names of the bucket or container and of the folder, and the endpoint",
            ),
            StoreError::NotImplemented { .. } => refused(
                said(&error),
                "Results need a store with conditional writes (If-Match, If-None-Match); turn them on, or write elsewhere",
            ),
            // The URL was read before; this is what a listing shows.
            StoreError::InvalidPath { .. } => Error::Input {
                table: url.rsplit('/').next().unwrap_or_default().to_string(),
                column: None,
                file: Some(url.clone()),
                message: format!("an object below it has a name that cannot be read: {}", said(&error)),
                remedy: "Name it otherwise, or move it out of the folder".to_string(),
            },
            StoreError::UnknownConfigurationKey { .. } | StoreError::NotSupported { .. } => {
                refused(said(&error), "Check the URL and the variables of its cloud in the environment")
            }
            _ => Error::Storage {
                path: url.clone().into(),
                source: io::Error::new(ErrorKind::NotConnected, said(&error)),
            },
        }
    }
}

/// What a client says that was not made: whatever it is, it stands in the URL or the environment.
pub(super) fn misconfigured(url: &str) -> impl FnOnce(StoreError) -> Error {
    move |error| Error::Config {
        file: None,
        key: Some(url.to_string()),
        message: said(&error),
        remedy: "Check the URL and the variables of its cloud in the environment (AZURE_*, AWS_*, GOOGLE_*)"
            .to_string(),
    }
}

/// Listings answer every refusal with the same kind of error; what it was stands in the words.
fn telling(error: StoreError) -> StoreError {
    let StoreError::Generic { source, .. } = error else { return error };
    let (said, path) = (source.to_string(), String::new());
    if said.contains("404 Not Found") {
        return StoreError::NotFound { path, source };
    }
    if said.contains("401 Unauthorized") || said.contains("403 Forbidden") {
        return StoreError::PermissionDenied { path, source };
    }
    StoreError::Generic { store: "store", source }
}

/// The error on one line, without the documents that stores attach.
fn said(error: &StoreError) -> String {
    let words = words(error);
    let told = words.split(": <?xml").next().unwrap_or_default();
    let line = told.split_whitespace().collect::<Vec<_>>().join(" ");
    let line = line.trim_end_matches([':', ' ']);
    match line.char_indices().nth(SAID) {
        Some((at, _)) => format!("{}…", &line[..at]),
        None => line.to_string(),
    }
}

/// Where credentials of a URL's cloud are looked for.
fn variables(url: &str) -> &'static str {
    match cloud(url) {
        Some(Cloud::Aws) => {
            "AWS_ACCESS_KEY_ID with AWS_SECRET_ACCESS_KEY, AWS_WEB_IDENTITY_TOKEN_FILE with AWS_ROLE_ARN, \
             AWS_CONTAINER_CREDENTIALS_RELATIVE_URI, AWS_CONTAINER_CREDENTIALS_FULL_URI with \
             AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE"
        }
        Some(Cloud::Azure) => {
            "AZURE_STORAGE_ACCOUNT_KEY, AZURE_STORAGE_SAS_TOKEN, AZURE_STORAGE_CONNECTION_STRING, AZURE_CLIENT_ID and \
             AZURE_TENANT_ID with AZURE_CLIENT_SECRET or AZURE_FEDERATED_TOKEN_FILE, IDENTITY_ENDPOINT"
        }
        _ => "GOOGLE_SERVICE_ACCOUNT, GOOGLE_SERVICE_ACCOUNT_KEY, GOOGLE_APPLICATION_CREDENTIALS",
    }
}
