//! Counts what goes over the wire: every HTTP request, retries and tokens included.

use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::task::{Context, Poll};

use async_trait::async_trait;
use bytes::Bytes;
use http_body::{Body, Frame, SizeHint};
use object_store::ClientOptions;
use object_store::client::{
    HttpClient, HttpConnector, HttpError, HttpRequest, HttpResponse, HttpResponseBody, HttpService, ReqwestConnector,
};

use super::trouble::{answered, is_metadata, judged};

/// Requests and bytes since it was made.
#[derive(Debug, Default)]
pub struct Traffic {
    requests: AtomicU64,
    received: AtomicU64,
    sent: AtomicU64,
}

/// What a [`Traffic`] says at an instant.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Tally {
    /// HTTP requests sent.
    pub requests: u64,
    /// Bytes of the bodies of responses.
    pub received: u64,
    /// Bytes of the bodies of requests.
    pub sent: u64,
}

impl Traffic {
    /// The counts so far.
    pub fn tally(&self) -> Tally {
        let read = |count: &AtomicU64| count.load(Ordering::Relaxed);
        Tally { requests: read(&self.requests), received: read(&self.received), sent: read(&self.sent) }
    }
}

/// Connects clients whose requests are counted.
#[derive(Debug)]
pub(super) struct Counting(pub Arc<Traffic>);

impl HttpConnector for Counting {
    fn connect(&self, options: &ClientOptions) -> object_store::Result<HttpClient> {
        let client = ReqwestConnector::default().connect(options)?;
        Ok(HttpClient::new(CountedClient { client, traffic: Arc::clone(&self.0) }))
    }
}

#[derive(Debug)]
struct CountedClient {
    client: HttpClient,
    traffic: Arc<Traffic>,
}

impl CountedClient {
    async fn send(&self, request: HttpRequest) -> Result<HttpResponse, HttpError> {
        self.traffic.requests.fetch_add(1, Ordering::Relaxed);
        self.traffic.sent.fetch_add(request.body().content_length() as u64, Ordering::Relaxed);
        self.client.execute(request).await
    }
}

#[async_trait]
impl HttpService for CountedClient {
    async fn call(&self, request: HttpRequest) -> Result<HttpResponse, HttpError> {
        let url = request.uri().to_string();
        let mut response = self.send(request.clone()).await;
        if response.is_err() && is_metadata(&url) {
            // What is there may be slow once; what is not there is not waited for.
            response = self.send(request).await;
        }
        let response = response.map_err(|error| judged(error, &url))?;
        let (parts, body) = answered(response, &url)?.into_parts();
        let body = CountedBody { body, traffic: Arc::clone(&self.traffic) };
        Ok(HttpResponse::from_parts(parts, HttpResponseBody::new(body)))
    }
}

struct CountedBody {
    body: HttpResponseBody,
    traffic: Arc<Traffic>,
}

impl Body for CountedBody {
    type Data = Bytes;
    type Error = HttpError;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, HttpError>>> {
        let polled = Pin::new(&mut self.body).poll_frame(context);
        if let Poll::Ready(Some(Ok(frame))) = &polled
            && let Some(data) = frame.data_ref()
        {
            self.traffic.received.fetch_add(data.len() as u64, Ordering::Relaxed);
        }
        polled
    }

    fn is_end_stream(&self) -> bool {
        self.body.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.body.size_hint()
    }
}
