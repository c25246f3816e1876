//! What goes wrong on the way to a store, in words of our own, and whether it passes.

use std::error::Error as StdError;

use object_store::Error as StoreError;
use object_store::client::{HttpError, HttpErrorKind, HttpResponse};
use url::Url;

/// Where machines and containers in a cloud ask who they are.
const METADATA: [&str; 3] = ["169.254.169.254", "metadata.google.internal", "metadata"];

/// Where machines at AWS get a token.
const TOKEN: &str = "/latest/api/token";

/// What object_store would call an HTTP error.
#[derive(Debug, thiserror::Error)]
pub(super) enum Trouble {
    #[error("the store does not answer in time")]
    NoAnswer(#[source] HttpError),
    #[error("the connection broke off")]
    BrokeOff(#[source] HttpError),
    #[error("its endpoint is named with https and speaks http")]
    SpeaksHttp,
    #[error("its endpoint is named with http and speaks https")]
    SpeaksHttps,
    #[error("no credentials were found")]
    NoCredentials,
}

/// The error as it decides whether the request is sent again. object_store sends a write that got no answer
/// only once, since it may have been carried out. Ours are conditional, and who writes looks whether what
/// is there is its own.
pub(super) fn judged(error: HttpError, url: &str) -> HttpError {
    use HttpErrorKind::{Connect, Interrupted, Request, Timeout, Unknown};
    let kind = error.kind();
    if matches!(kind, Connect | Timeout) && is_metadata(url) {
        return HttpError::new(Unknown, Trouble::NoCredentials);
    }
    let said = chain(&error);
    if said.contains("InvalidContentType") {
        return HttpError::new(Unknown, Trouble::SpeaksHttp);
    }
    if url.starts_with("http://") && said.contains("invalid HTTP version") {
        return HttpError::new(Unknown, Trouble::SpeaksHttps);
    }
    match kind {
        Timeout => HttpError::new(Request, Trouble::NoAnswer(error)),
        Interrupted => HttpError::new(Request, Trouble::BrokeOff(error)),
        _ => error,
    }
}

/// An answer by which a machine says that it is nobody in its cloud. Where a token for more questions is
/// forbidden, the client may ask without one.
pub(super) fn answered(response: HttpResponse, url: &str) -> Result<HttpResponse, HttpError> {
    match response.status().as_u16() {
        403 if url.ends_with(TOKEN) => Ok(response),
        400..=404 if is_metadata(url) => Err(HttpError::new(HttpErrorKind::Unknown, Trouble::NoCredentials)),
        _ => Ok(response),
    }
}

/// Whether nobody was found to be.
pub(super) fn has_no_credentials(error: &StoreError) -> bool {
    matches!(cause::<Trouble>(error), Some(Trouble::NoCredentials)) || chain(error).contains(TOKEN)
}

pub(super) fn is_metadata(url: &str) -> bool {
    Url::parse(url).is_ok_and(|url| url.host_str().is_some_and(|host| METADATA.contains(&host)))
}

/// Whether an error may be gone when the same is asked again.
pub(super) fn passes(error: &StoreError) -> bool {
    if let Some(http) = cause::<HttpError>(error) {
        return http.kind() != HttpErrorKind::Unknown;
    }
    let said = error.to_string();
    ["status code: 5", "status code: 429", "status code: 408"].iter().any(|status| said.contains(status))
}

/// The first cause of a kind.
pub(super) fn cause<'a, T: StdError + 'static>(error: &'a (dyn StdError + 'static)) -> Option<&'a T> {
    let mut cause = error.source();
    while let Some(next) = cause {
        if let Some(found) = next.downcast_ref::<T>() {
            return Some(found);
        }
        cause = next.source();
    }
    None
}

/// The error on one line.
pub(super) fn words(error: &StoreError) -> String {
    if let Some(trouble) = cause::<Trouble>(error) {
        return trouble.to_string();
    }
    if let Some(http) = cause::<HttpError>(error) {
        let mut last: &dyn StdError = http;
        while let Some(next) = last.source() {
            last = next;
        }
        return match http.kind() {
            HttpErrorKind::Connect => format!("there is no connection to the store: {last}"),
            HttpErrorKind::Timeout => "the store does not answer in time".to_string(),
            HttpErrorKind::Request | HttpErrorKind::Interrupted | HttpErrorKind::Decode => {
                "the connection broke off".to_string()
            }
            _ => last.to_string(),
        };
    }
    let inner: &dyn StdError = match error {
        StoreError::NotFound { source, .. }
        | StoreError::PermissionDenied { source, .. }
        | StoreError::Unauthenticated { source, .. }
        | StoreError::Generic { source, .. } => &**source,
        other => other,
    };
    without_request(&chain(inner))
}

/// The error and its causes, each said once.
fn chain(error: &dyn StdError) -> String {
    let mut said = error.to_string();
    let mut cause = error.source();
    while let Some(next) = cause {
        let more = next.to_string();
        if !said.contains(&more) {
            said.push_str(": ");
            said.push_str(&more);
        }
        cause = next.source();
    }
    said
}

/// What the client says of its request, its time and its tries is left out: the answer is what counts.
fn without_request(said: &str) -> String {
    const BEGINS: &str = "Error performing ";
    let answer = match said.rfind(BEGINS).and_then(|at| said[at..].split_once(" - ")) {
        Some((_, answer)) => answer,
        None => said,
    };
    answer.replace("Server returned non-2xx status code: ", "it answers ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_answer_is_told() {
        let said = "Error performing list request: Error performing PUT http://a/b in 3.0s, after 2 retries, \
                    max_retries: 1000, retry_timeout: 8s  - Server returned non-2xx status code: 503 Slow down: ";
        assert_eq!(without_request(said), "it answers 503 Slow down: ");
        assert_eq!(without_request("something else"), "something else");
    }

    #[test]
    fn a_write_without_an_answer_is_sent_again_and_a_machine_without_identity_not_asked_again() {
        let error = || HttpError::new(HttpErrorKind::Timeout, std::fmt::Error);
        assert_eq!(judged(error(), "https://lake.example/x").kind(), HttpErrorKind::Request);
        assert_eq!(judged(error(), "http://169.254.169.254/latest").kind(), HttpErrorKind::Unknown);
    }
}
