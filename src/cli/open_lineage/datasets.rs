//! How tables are named in events: by where they lie, as the naming conventions of OpenLineage have it, so that other
//! programs that read or write them name them alike.

use std::path;

use serde_json::{Value, json};

use crate::config::Job;
use crate::sources::contract::System;
use crate::storage::Location;

/// A table in events.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Dataset {
    /// The file system, bucket or container.
    pub namespace: String,
    /// The path in it.
    pub name: String,
}

impl Dataset {
    /// A table that the job publishes.
    pub(super) fn output(job: &Job, table: &str) -> Dataset {
        Dataset::at(&job.output, table)
    }

    /// A table of the lake.
    pub(super) fn input(job: &Job, system: System, table: &str) -> Dataset {
        let folder = match system {
            System::Dataverse => &job.input.dataverse,
            System::Exchange => &job.input.exchange,
            System::Control => &job.input.control,
        };
        Dataset::at(folder, table)
    }

    fn at(folder: &Location, table: &str) -> Dataset {
        match folder {
            Location::Local(folder) => {
                let folder = path::absolute(folder).unwrap_or_else(|_| folder.clone());
                Dataset { namespace: "file".into(), name: folder.join(table).display().to_string() }
            }
            Location::Remote(url) => {
                // The convention knows s3 by that name alone.
                let url = url.strip_prefix("s3a://").map_or_else(|| url.clone(), |rest| format!("s3://{rest}"));
                let bucket = url.find("://").map_or(0, |at| at + 3);
                let end = url[bucket..].find('/').map_or(url.len(), |at| bucket + at);
                let prefix = url[end..].trim_matches('/');
                let name = if prefix.is_empty() { table.to_string() } else { format!("{prefix}/{table}") };
                Dataset { namespace: url[..end].to_string(), name }
            }
        }
    }

    /// With facets.
    pub(super) fn json(&self, facets: Value) -> Value {
        json!({"namespace": self.namespace, "name": self.name, "facets": facets})
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tables_are_named_by_where_they_lie() {
        let named = |folder: &str| {
            let dataset = Dataset::at(&Location::parse(folder).unwrap(), "account_kpis");
            format!("{} {}", dataset.namespace, dataset.name)
        };
        assert_eq!(named("/srv/out"), "file /srv/out/account_kpis");
        assert_eq!(named("s3a://results/rapport"), "s3://results rapport/account_kpis");
        assert_eq!(named("gs://results"), "gs://results account_kpis");
        let azure = "abfss://lake@contoso.dfs.core.windows.net/out";
        assert_eq!(named(azure), "abfss://lake@contoso.dfs.core.windows.net out/account_kpis");
    }
}
