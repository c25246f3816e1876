//! The data and settings that all steps of a run as of one date share; tables are freed once no step needs them.

use std::sync::Arc;

use polars::prelude::*;

use crate::config::Settings;
use crate::error::{Error, Result};
use crate::frames::gather;
use crate::interactions::Kind;
use crate::interactions::columns::*;
use crate::interactions::people::activity_parties::Parties;
use crate::people::People;
use crate::sources::values::message_ids;
use crate::sources::{Activities, RECIPIENTS, Sources};
use crate::time::{AsOf, PLAUSIBLE_FROM, WorkingTime, working_time};

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
    /// Parties of tracked activities as people.
    pub(super) parties: Parties,
    working_time: Option<Arc<WorkingTime>>,
}

/// The working calendar as of a date; none where no working hours are set.
pub fn working_time(settings: &Settings, as_of: AsOf) -> Option<Arc<WorkingTime>> {
    let hours = settings.working_hours.as_ref()?;
    Some(Arc::new(WorkingTime::new(hours, PLAUSIBLE_FROM, as_of.cutoff())))
}

impl<'a> Context<'a> {
    /// The shared state of a run as of a date. Tables of `activities` are dropped as soon as
    /// nothing needs them any more, which frees them unless the caller keeps a copy.
    ///
    /// # Errors
    /// Only what the engine runs into.
    pub fn new(
        sources: &'a Sources,
        mut activities: Activities,
        people: &'a People,
        settings: &'a Settings,
        as_of: AsOf,
    ) -> Result<Self> {
        people.marks.replace_in(&mut activities)?;
        let context = Context::with_stand_ins(sources, activities, people, settings, as_of)?;
        crate::memory::give_back();
        crate::memory::make_room();
        Ok(context)
    }

    /// The same of activities whose ids have stand-ins already where they tell of somebody erased. The days of a backfill
    /// come one after the other: what one leaves free the next one takes.
    pub(super) fn with_stand_ins(
        sources: &'a Sources,
        mut activities: Activities,
        people: &'a People,
        settings: &'a Settings,
        as_of: AsOf,
    ) -> Result<Self> {
        let cutoff = as_of.cutoff();
        let parties = Parties::of(&activities, &people.directory)?;
        activities.parties = DataFrame::empty();
        let working_time = self::working_time(settings, as_of);
        let implausible_from = as_of.implausible_from();
        Ok(Self { sources, activities, people, settings, as_of, cutoff, implausible_from, parties, working_time })
    }

    /// The same for what asks nothing but records and interactions.
    pub fn without_activities(sources: &'a Sources, people: &'a People, settings: &'a Settings, as_of: AsOf) -> Self {
        let (cutoff, implausible_from) = (as_of.cutoff(), as_of.implausible_from());
        let (activities, parties) = (Activities::default(), Parties::default());
        let working_time = self::working_time(settings, as_of);
        Self { sources, activities, people, settings, as_of, cutoff, implausible_from, parties, working_time }
    }

    /// Lets go of what emails are merged by, which is not needed to name them.
    pub(super) fn forget_merged(&mut self) {
        self.keep_of_emails(&[SOURCE_ID, IDENTITY_TEXT, SUBJECT], &[SUBJECT]);
    }

    /// Lets go of what emails are named by, which is not needed to say where their rows went.
    pub(super) fn forget_names(&mut self) {
        self.keep_of_emails(&[SOURCE_ID], &[]);
    }

    fn keep_of_emails(&mut self, of_tracked: &[&str], of_copies: &[&str]) {
        let keep = |frame: &DataFrame, kept: &[&str]| {
            let others = frame.get_column_names().into_iter().filter(|name| !kept.contains(&name.as_str())).cloned();
            frame.drop_many(others.collect::<Vec<_>>())
        };
        self.activities.emails = keep(&self.activities.emails, of_tracked);
        let of_copies = [&[SOURCE_ID, "message_id", MAILBOX, RECIPIENTS], of_copies].concat();
        self.activities.messages = keep(&self.activities.messages, &of_copies);
        crate::memory::give_back();
    }

    /// Lets go of what only says who took part.
    pub(super) fn forget_participants(&mut self) {
        self.parties = Parties::default();
        self.activities.messages = self.activities.messages.drop_many([RECIPIENTS]);
        crate::memory::give_back();
    }

    /// `table`, the tracked activities of a kind, with who starts them: [`super::event::OURS`] and `robot`.
    pub(super) fn with_starters(&self, table: &DataFrame, kind: Kind) -> Result<LazyFrame> {
        let starters = self.parties.starters(kind);
        let table = starters.and_then(|starters| table.hstack(starters.columns()));
        Ok(table.map_err(Error::engine("who starts activities"))?.lazy())
    }

    /// Microseconds from an email to its answer.
    pub(super) fn response_time(&self, from: Expr, to: Expr) -> Expr {
        working_time::response(from, to, self.working_time.clone())
    }

    /// Microseconds from one instant to another, of working time where that is counted.
    pub fn elapsed(&self, from: i64, to: i64) -> i64 {
        self.working_time.as_ref().map_or(to - from, |calendar| calendar.between(from, to))
    }

    /// The name of a message's copy: its id, else message id and mailbox (rule I12), else the mailbox alone.
    pub(super) fn message_source_id(&self, row: Expr) -> Result<Expr> {
        let of = |column| gather(row.clone(), &self.activities.messages, column);
        let mailbox = self.sources.mailbox_names.texts(of(MAILBOX)?).fill_null(lit(""));
        let message_id = message_ids::message_id_column(of("message_id")?).fill_null(lit(""));
        let name = coalesce(&[of(SOURCE_ID)?, concat_str([message_id, mailbox], "/", false)]);
        Ok(self.people.marks.without(name))
    }
}
