//! What the daily job publishes of who may see which record (rule C7).

use super::absent;
use super::published_day::Day;
use crate::access::{self, readers::Readers, record_access};
use crate::config::Job;
use crate::context::{Progress, RunContext};
use crate::error::Result;
use crate::interactions::Context;
use crate::interactions::tables::Dictionaries;
use crate::publish::{self, PublishedTable};
use crate::sources::{self, InputTable, Lake, Shares, Sources};

/// What is shared with whom, and a word on what is not known of it.
pub(super) fn shares(job: &Job, lake: &Lake, sources: &Sources, run: &RunContext<'_>) -> Result<Shares> {
    let shares = sources::shares(lake)?;
    if let Some(InputTable { table, files, rows_read, fetched, .. }) = &shares.input {
        run.report(Progress::Read { table, files: *files as u64, rows: *rows_read as u64, fetched: *fetched });
    }
    absent::access(job, sources, &shares).iter().for_each(|warning| run.report(Progress::Warning(warning)));
    Ok(shares)
}

impl Day<'_> {
    /// Publishes who may see what.
    pub fn publish_access(
        &self,
        context: &Context,
        lists: &Dictionaries,
        shares: &Shares,
    ) -> Result<Option<PublishedTable>> {
        let readers = Readers::of(context, shares)?;
        let mut chunks = record_access::record_access(context, lists, &readers, publish::ROWS_PER_GROUP)?;
        self.replace(&access::table(), &mut chunks)
    }
}
