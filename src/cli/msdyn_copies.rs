//! The tables of Dynamics 365 Sales that were filled from those of jobs: copies, in which people are looked for too.

use chrono::NaiveDate;

use super::msdyn::{VACUUM_AFTER, of_records};
use super::places;
use super::session::Session;
use crate::config::Job;
use crate::context::{Output, RunContext};
use crate::error::Result;
use crate::forget::Folder;
use crate::msdyn::{self, forgetting};
use crate::storage::Location;

/// The places where the tables may lie: beside those of jobs with an output, and where somebody has put them.
pub(super) struct MsdynCopies(Vec<(Job, Output)>);

impl MsdynCopies {
    /// Opens the places.
    ///
    /// # Errors
    /// A URL or an environment that the store's client refuses.
    pub(super) fn open(job: &Job, others: &[Location], session: &Session<'_>) -> Result<MsdynCopies> {
        let beside = job.output.join(msdyn::FOLDER).ok();
        let places = beside.into_iter().chain(others.iter().cloned()).map(|output| {
            let job = Job { output, ..job.clone() };
            let opened = places::open_output(&job, &session.folder.spool)?;
            Ok((job, opened))
        });
        Ok(MsdynCopies(places.collect::<Result<_>>()?))
    }

    /// What lies there.
    ///
    /// # Errors
    /// What storage refuses.
    pub(super) fn folders(&self) -> Result<Vec<Folder>> {
        let found: Vec<Vec<Folder>> =
            self.0.iter().map(|(_, place)| forgetting::folders(place)).collect::<Result<_>>()?;
        Ok(found.into_iter().flatten().collect())
    }

    /// Fills again what is of these days, from the tables of all jobs.
    ///
    /// # Errors
    /// What storage refuses.
    pub(super) fn renew(
        &self,
        days: &[NaiveDate],
        jobs: &[Job],
        session: &Session<'_>,
        run: &RunContext<'_>,
    ) -> Result<()> {
        let outputs = places::outputs(jobs, &session.folder.spool)?;
        let of_records = of_records(jobs)?;
        for (job, place) in &self.0 {
            let job = Job { output: job.output.clone(), ..of_records.clone() };
            forgetting::renew(place, days, &job, &outputs, run, run.now.to_utc() - VACUUM_AFTER)?;
        }
        Ok(())
    }
}
