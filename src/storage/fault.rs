//! What an object store says, as an error for the person who has to mend it.

use std::error::Error as _;
use std::io::{self, ErrorKind};

use object_store::Error as StoreError;
use object_store::client::{HttpError, HttpErrorKind};

use crate::error::Error;

/// Characters of a message; longer ones quote responses.
const SAID: usize = 400;

/// Attaches the URL to an error of its store: what waiting cannot mend is a mistake in the
/// configuration, the rest is worth a retry (rule R4).
pub fn fault(url: impl Into<String>) -> impl FnOnce(StoreError) -> Error {
    let url = url.into();
    move |error| {
        let error = telling(error);
        let refused = |message: String, remedy: &str| Error::Config {
            file: None,
            key: Some(url.clone()),
            message,
            remedy: remedy.to_string(),
        };
        match &error {
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
            StoreError::UnknownConfigurationKey { .. }
            | StoreError::InvalidPath { .. }
            | StoreError::NotSupported { .. } => {
                refused(said(&error), "Check the URL and the variables of its cloud in the environment")
            }
            _ => Error::Storage { path: url.clone().into(), source: io::Error::new(kind(&error), said(&error)) },
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

/// Whether the connection was lost amid an answer.
pub(super) fn broke_off(error: &StoreError) -> bool {
    let mut cause = error.source();
    while let Some(next) = cause {
        if let Some(http) = next.downcast_ref::<HttpError>() {
            return matches!(http.kind(), HttpErrorKind::Decode | HttpErrorKind::Interrupted | HttpErrorKind::Request);
        }
        cause = next.source();
    }
    false
}

fn kind(error: &StoreError) -> ErrorKind {
    match error {
        StoreError::Precondition { .. } => ErrorKind::ResourceBusy,
        _ => ErrorKind::NotConnected,
    }
}

/// The error and its causes on one line, each said once, without the documents that stores attach.
fn said(error: &StoreError) -> String {
    let inner: &dyn std::error::Error = match error {
        StoreError::NotFound { source, .. }
        | StoreError::PermissionDenied { source, .. }
        | StoreError::Unauthenticated { source, .. }
        | StoreError::Generic { source, .. } => &**source,
        other => other,
    };
    let mut said = inner.to_string();
    let mut cause = inner.source();
    while let Some(next) = cause {
        let more = next.to_string();
        if !said.contains(&more) {
            said.push_str(": ");
            said.push_str(&more);
        }
        cause = next.source();
    }
    let told = said.split(": <?xml").next().unwrap_or_default();
    let line = told.split_whitespace().collect::<Vec<_>>().join(" ");
    match line.char_indices().nth(SAID) {
        Some((at, _)) => format!("{}…", &line[..at]),
        None => line,
    }
}
