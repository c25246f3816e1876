//! What a run as of one date works with, and for how long.

use std::sync::Arc;

use polars::prelude::*;

use super::working_time::{self, WorkingTime};
use super::{OTHER_IDENTITY, collect, event, gather};
use crate::as_of::AsOf;
use crate::columns::*;
use crate::config::Settings;
use crate::error::Result;
use crate::literals::typed;
use crate::people::{People, who};
use crate::sources::{Activities, RECIPIENTS, Sources};

/// What all steps of a run as of one date share.
pub struct Context<'a> {
    /// The lake's small tables.
    pub sources: &'a Sources,
    /// The lake's large tables, as long as a step still needs them.
    pub activities: Activities,
    /// Who is who at the date.
    pub people: &'a People,
    /// Switches.
    pub settings: &'a Settings,
    /// The date.
    pub as_of: AsOf,
    /// The first instant after the date, microseconds.
    pub cutoff: i64,
    /// The first instant that no plan reaches, microseconds.
    pub implausible_from: i64,
    /// Party rows of Dataverse as people: `activity`, `who`, `role`, `robot`, and in
    /// [`OTHER_IDENTITY`] whom the row's address alone would name.
    pub(super) parties: DataFrame,
    /// Who starts each tracked activity: `activity`, `started_by_us`, `robot`.
    starters: DataFrame,
    working_time: Option<Arc<WorkingTime>>,
}

impl<'a> Context<'a> {
    /// The shared state of a run as of a date. Tables of `activities` are dropped as soon as
    /// nothing needs them any more, which frees them unless the caller keeps a copy.
    ///
    /// # Errors
    /// Only what the engine runs into.
    pub fn new(
        (sources, mut activities): (&'a Sources, Activities),
        people: &'a People,
        settings: &'a Settings,
        as_of: AsOf,
    ) -> Result<Self> {
        let cutoff = as_of.cutoff();
        let directory = &people.directory;
        let parties = std::mem::take(&mut activities.parties)
            .lazy()
            .filter(col(ROLE).is_not_null())
            .select([
                col(ACTIVITY),
                directory.party_people(col("party"), col("party_type"), col(WHO)).alias(WHO),
                col(ROLE),
                col("robot"),
                col(WHO).alias("address"),
            ])
            .filter(col(WHO).is_not_null())
            .select([
                col(ACTIVITY),
                col(WHO),
                col(ROLE),
                col("robot"),
                directory.other_identities(col(WHO), col("address")).alias(OTHER_IDENTITY),
            ]);
        let parties = collect(parties, "resolving parties")?;
        let starters = parties
            .clone()
            .lazy()
            .filter(col(ROLE).eq(typed(1u8)))
            .group_by([col(ACTIVITY)])
            .agg([who::ours(col(WHO)).max().alias(event::OURS), col("robot").max()]);
        let starters = collect(starters, "who starts activities")?;
        let working_time = settings
            .working_hours
            .as_ref()
            .map(|hours| Arc::new(WorkingTime::new(hours, crate::as_of::PLAUSIBLE_FROM, cutoff)));
        let implausible_from = as_of.implausible_from();
        crate::memory::give_back();
        Ok(Self {
            sources,
            activities,
            people,
            settings,
            as_of,
            cutoff,
            implausible_from,
            parties,
            starters,
            working_time,
        })
    }

    /// Lets go of what emails are merged by, which is not needed to say where their rows went.
    pub(super) fn forget_merged(&mut self) {
        let keep = |frame: &DataFrame, kept: &[&str]| {
            let others = frame.get_column_names().into_iter().filter(|name| !kept.contains(&name.as_str())).cloned();
            frame.drop_many(others.collect::<Vec<_>>())
        };
        self.activities.emails = keep(&self.activities.emails, &[SOURCE_ID, ACTIVITY]);
        let of_copies = [SOURCE_ID, "message_id", MAILBOX, RECIPIENTS];
        self.activities.messages = keep(&self.activities.messages, &of_copies);
        crate::memory::give_back();
    }

    /// Lets go of what only says who took part.
    pub(super) fn forget_participants(&mut self) {
        self.parties = DataFrame::empty();
        self.starters = DataFrame::empty();
        self.activities.messages = self.activities.messages.drop_many([RECIPIENTS]);
        crate::memory::give_back();
    }

    /// Who starts each tracked activity: `activity`, `started_by_us`, `robot`.
    pub(super) fn starters(&self) -> LazyFrame {
        self.starters.clone().lazy()
    }

    /// Microseconds from an email to its answer.
    pub(super) fn response_time(&self, from: Expr, to: Expr) -> Expr {
        working_time::response(from, to, self.working_time.clone())
    }

    /// The name of a message's copy: its id, else message id and mailbox (rule I12).
    pub(super) fn message_source_id(&self, row: Expr) -> Result<Expr> {
        let of = |column| gather(row.clone(), &self.activities.messages, column);
        let mailbox = self.sources.mailbox_names.texts(of(MAILBOX)?);
        Ok(coalesce(&[of(SOURCE_ID)?, concat_str([of("message_id")?, mailbox], "/", true)]))
    }
}
