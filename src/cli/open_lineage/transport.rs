//! Sends events: to a server, into a file, to stderr.

use std::fs::OpenOptions;
use std::io::{self, Write};

use chrono::Utc;
use flate2::Compression;
use flate2::write::GzEncoder;
use reqwest::Client;
use reqwest::header::{CONTENT_ENCODING, CONTENT_TYPE};
use serde_json::Value;

use super::settings::{Destination, Server};
use crate::plain;
use crate::storage::block_on;

/// How events go.
pub(super) struct Transport {
    destination: Destination,
}

impl Transport {
    pub(super) fn of(destination: &Destination) -> Transport {
        Transport { destination: destination.clone() }
    }

    /// Sends an event; what keeps it from arriving is said in a few words.
    pub(super) fn send(&self, event: &Value) -> Result<(), String> {
        match &self.destination {
            Destination::Http(server) => post(server, event.to_string()),
            Destination::Console => writeln!(io::stderr().lock(), "{event}").map_err(|error| error.to_string()),
            Destination::File { path, append } => {
                let path = match append {
                    true => path.clone(),
                    false => {
                        let now = Utc::now().format("%Y%m%d-%H%M%S%.6f");
                        let mut name = path.clone().into_os_string();
                        name.push(format!("-{now}.json"));
                        name.into()
                    }
                };
                let mut options = OpenOptions::new();
                options.create(true).append(*append).write(true).truncate(!append);
                // One write, so that lines of jobs that share a file do not mingle.
                let written = options.open(&path).and_then(|mut file| file.write_all(format!("{event}\n").as_bytes()));
                written.map_err(|error| format!("{}: {error}", path.display()))
            }
        }
    }
}

fn compressed(event: &str) -> io::Result<Vec<u8>> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::default());
    encoder.write_all(event.as_bytes())?;
    encoder.finish()
}

fn post(server: &Server, event: String) -> Result<(), String> {
    let body = match server.gzip {
        true => compressed(&event).map_err(|error| error.to_string())?,
        false => event.into_bytes(),
    };
    let sent = block_on(async {
        let client = Client::builder().timeout(server.timeout).build()?;
        let mut request = client.post(server.url.clone()).header(CONTENT_TYPE, "application/json").body(body);
        if server.gzip {
            request = request.header(CONTENT_ENCODING, "gzip");
        }
        if let Some(key) = &server.api_key {
            request = request.bearer_auth(key);
        }
        request.send().await.map(|answer| answer.status())
    });
    // Without the URL, which may hold a token.
    match sent.map_err(|error| error.to_string())? {
        Ok(status) if status.is_success() => Ok(()),
        Ok(status) => Err(format!("the server answered {status}")),
        Err(error) if error.is_timeout() => Err(format!("the server did not answer within {:?}", server.timeout)),
        Err(error) => Err(plain::told(&format!("the server cannot be reached: {}", error.without_url()))),
    }
}
