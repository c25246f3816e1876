//! A day that is being published, table by table.

use polars::prelude::*;

use crate::access;
use crate::config::Job;
use crate::context::{Progress, RunContext};
use crate::error::{Error, Result};
use crate::forget::{self, traces::Traces};
use crate::publish::{self, Partition, PublishedTable};
use crate::scratch::Scratch;
use crate::table::{Rows, Table};
use crate::time::AsOf;

/// A day that is being published.
pub(super) struct Day<'a> {
    /// What is computed.
    pub job: &'a Job,
    /// The run.
    pub run: &'a RunContext<'a>,
    /// By what the erased are recognised in texts.
    pub erased: &'a Traces,
    /// The day with which this one is compared, where that is asked for.
    pub earlier: Option<AsOf>,
    /// The day's partition of every table.
    pub partition: Partition,
    /// How much memory there is.
    pub scratch: &'a Scratch,
}

impl Day<'_> {
    /// Whether the job file asks for a table.
    pub fn publishes(&self, table: &Table) -> bool {
        publishes(self.job, table)
    }

    /// Publishes a table, if the job has it.
    pub fn replace(
        &self,
        table: &Table,
        chunks: &mut (dyn Iterator<Item = Result<Rows>> + Send),
    ) -> Result<Option<PublishedTable>> {
        if !self.publishes(table) {
            return Ok(None);
        }
        self.run.check_interrupted()?;
        self.run.report(Progress::Table(table.name));
        self.scratch.make_room();
        let chunks = chunks.map(|rows| {
            let Rows { frame, texts } = rows?;
            Ok(Rows { frame: forget::unnamed(table, frame, self.erased)?, texts })
        });
        let metadata = publish::metadata(self.job, table, &self.partition);
        let published = publish::replace(self.run, table, &self.partition, chunks, &metadata)?;
        self.scratch.make_room();
        Ok(Some(published))
    }
}

/// Whether the job file asks for a table. Subjects are published only with what says who may see them (rule C7).
pub(super) fn publishes(job: &Job, table: &Table) -> bool {
    let goes_with_subjects = job.settings.publish_subjects && table.name == access::table().name;
    goes_with_subjects || job.tables.iter().any(|name| name == table.name)
}

/// A table's rows, where they are a plan.
pub(super) fn collect(table: &Table, rows: Result<LazyFrame>) -> Result<Rows> {
    Ok(rows?.collect().map_err(Error::engine(format!("table {}", table.name)))?.into())
}
