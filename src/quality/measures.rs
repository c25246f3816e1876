//! The measures of a lake and of what was made of it, for `check` and for the table `data_quality`.
//!
//! What rows change that may not be used, or that are superseded, is for `check` alone: such rows leave no
//! trace in results (rules C3, I1).

use polars::prelude::*;
use serde::{Serialize, Serializer};

use super::freshness::{CONSENT_DAYS, Freshness, SourceState, consent_is_awaited, instant_text};
use crate::config::{QualityLimits, Settings};
use crate::error::{Error, Result};
use crate::interactions::columns::*;
use crate::interactions::event::{EMAIL, KIND, KINDS};
use crate::interactions::{Context, Interactions, THREAD_CONVERSATION, THREAD_ROOT, dropped_counts};
use crate::people::{RecordType, USED, person_key};
use crate::sources::values::email_addresses::KEPT_BITS;

/// What a measure says of the results.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum MeasureState {
    /// A number without a limit, or within it.
    Fine,
    /// Beyond the limit from which it is warned about.
    Warning,
    /// Beyond the limit from which it is an error.
    Failed,
}

impl MeasureState {
    /// As published.
    pub fn name(self) -> &'static str {
        ["fine", "warning", "failed"][self as usize]
    }

    fn of(warns: bool, fails: bool) -> MeasureState {
        match (warns, fails) {
            (_, true) => MeasureState::Failed,
            (true, false) => MeasureState::Warning,
            (false, false) => MeasureState::Fine,
        }
    }

    /// The state of a share of emails that count for a record; fine where it is unknown.
    pub fn mail_with_record(limits: &QualityLimits, found: Option<f64>) -> MeasureState {
        let below = |limit: f64| found.is_some_and(|found| found < limit);
        MeasureState::of(below(limits.warn_mail_with_record_below), below(limits.fail_mail_with_record_below))
    }

    /// The state of a share of contacts whose address another contact has; fine where it is unknown.
    pub fn duplicate_contacts(limits: &QualityLimits, found: Option<f64>) -> MeasureState {
        let above = |limit: f64| found.is_some_and(|found| found > limit);
        MeasureState::of(above(limits.warn_duplicate_contacts_above), above(limits.fail_duplicate_contacts_above))
    }
}

/// One measure of one subject.
#[derive(Clone, Debug, Serialize)]
pub struct QualityMeasure {
    /// What is measured.
    pub check: &'static str,
    /// Of what: a table, a source, a reason; never a person.
    pub subject: String,
    /// None where it is unknown.
    pub value: Option<f64>,
    /// What the value counts.
    pub unit: &'static str,
    /// The newest that a source has, microseconds.
    #[serde(serialize_with = "as_text", skip_serializing_if = "Option::is_none")]
    pub newest_at: Option<i64>,
    /// Whether it is beyond a limit of the settings.
    pub state: MeasureState,
    /// Whether it is part of the results.
    #[serde(skip)]
    pub published: bool,
}

fn as_text<S: Serializer>(newest_at: &Option<i64>, serializer: S) -> std::result::Result<S::Ok, S::Error> {
    serializer.serialize_str(&instant_text(*newest_at))
}

impl QualityMeasure {
    fn of(
        check: &'static str,
        subject: impl Into<String>,
        unit: &'static str,
        value: impl Into<Option<f64>>,
    ) -> QualityMeasure {
        let value = value.into();
        QualityMeasure {
            check,
            subject: subject.into(),
            value,
            unit,
            newest_at: None,
            state: MeasureState::Fine,
            published: true,
        }
    }

    fn for_check_alone(self) -> QualityMeasure {
        QualityMeasure { published: false, ..self }
    }

    /// What is to be said of it, where that is beyond a limit.
    pub fn warning(&self) -> Option<String> {
        let value = self.value.filter(|_| self.state != MeasureState::Fine && self.unit == "share")?;
        let of = match self.check {
            MAIL_WITH_RECORD => "of the emails count for a record; see the contacts' addresses and company_domains",
            _ => "of the contacts share an address with another; merge them in Dynamics",
        };
        Some(format!("{}: {:.1} % {of}", self.check, value * 100.0))
    }
}

/// Age of the newest row of a source.
pub const NEWEST_ROW: &str = "newest_row";
/// Age of the newest of what happened.
pub const NEWEST_EVENT: &str = "newest_event";
/// Share of emails that count for a record.
pub const MAIL_WITH_RECORD: &str = "mail_with_record";
/// Share of contacts that have an address in common with another.
pub const DUPLICATE_CONTACTS: &str = "duplicate_contacts";

/// All measures as of a day, in the order of the table's key.
///
/// # Errors
/// Only what the engine runs into.
pub fn measures(context: &Context, interactions: &Interactions, freshness: &Freshness) -> Result<Vec<QualityMeasure>> {
    let mut measures = of_tables(context);
    measures.extend(of_results(context, interactions)?);
    measures.extend(of_sources(freshness));
    measures.extend(of_exchange(context));
    measures.extend(of_reasons(interactions)?);
    measures.extend(of_mail(interactions, &context.settings.quality)?);
    measures.extend(of_people(context, interactions)?);
    measures.sort_by(|one, other| (one.check, &one.subject).cmp(&(other.check, &other.subject)));
    Ok(measures)
}

fn count(rows: usize) -> f64 {
    rows as f64
}

fn share(part: usize, whole: usize) -> Option<f64> {
    (whole > 0).then(|| part as f64 / whole as f64)
}

fn of_tables(context: &Context) -> Vec<QualityMeasure> {
    let mut measures = Vec::new();
    for input in &context.sources.inputs {
        let table = input.table;
        let stored = [
            ("rows", input.rows_current - input.rows_deleted),
            ("rows_stored", input.rows_read),
            ("rows_superseded", input.rows_read - input.rows_current),
            ("rows_deleted", input.rows_deleted),
        ];
        measures.extend(
            stored.map(|(check, rows)| QualityMeasure::of(check, table, "rows", count(rows)).for_check_alone()),
        );
    }
    let zones = &context.sources.unknown_zones;
    measures.push(QualityMeasure::of("unknown_zones", "calendar_view", "zones", count(zones.len())).for_check_alone());
    let misread: usize = context.sources.misread.len();
    measures.push(QualityMeasure::of("misread_columns", "all", "columns", count(misread)).for_check_alone());
    measures
}

/// Records and interactions that there are as of the day.
fn of_results(context: &Context, interactions: &Interactions) -> Result<Vec<QualityMeasure>> {
    let records = &context.people.records;
    let of_records = RecordType::ALL.into_iter().map(|record_type| {
        let number = records.range(record_type).len();
        QualityMeasure::of("records", record_type.name(), "records", count(number))
    });
    let mut measures: Vec<QualityMeasure> = of_records.collect();
    let kinds = interactions.table.column(KIND).and_then(|kinds| kinds.u8().cloned());
    let mut of_kinds = [0usize; KINDS.len()];
    for kind in kinds.map_err(Error::engine("counting interactions"))?.iter().flatten() {
        of_kinds[usize::from(kind)] += 1;
    }
    let of_kinds = KINDS.iter().zip(of_kinds);
    measures
        .extend(of_kinds.map(|(kind, rows)| QualityMeasure::of("interactions", *kind, "interactions", count(rows))));
    Ok(measures)
}

fn of_sources(freshness: &Freshness) -> Vec<QualityMeasure> {
    let mut measures = Vec::new();
    for age in freshness.sources() {
        let state = match age.state {
            SourceState::Fresh | SourceState::Off => MeasureState::Fine,
            SourceState::Stale | SourceState::Missing | SourceState::Awaited => MeasureState::Warning,
        };
        let source = age.source.to_lowercase();
        let hours = |at: Option<i64>| at.map(|at| freshness.hours_since(at));
        for (check, at, state) in
            [(NEWEST_ROW, age.newest_row_at, state), (NEWEST_EVENT, age.newest_event_at, MeasureState::Fine)]
        {
            let measure = QualityMeasure::of(check, source.clone(), "hours", hours(at));
            measures.push(QualityMeasure { newest_at: at, state, ..measure });
        }
    }
    measures
}

fn of_exchange(context: &Context) -> Vec<QualityMeasure> {
    let settings: &Settings = context.settings;
    let mut measures = vec![QualityMeasure::of("consent", "given", "yes or no", f64::from(u8::from(settings.consent)))];
    let left = consent_is_awaited(settings, context.as_of.date).unwrap_or(0);
    let state = if left > 0 { MeasureState::Warning } else { MeasureState::Fine };
    let days = QualityMeasure::of("consent", format!("days left of {CONSENT_DAYS}"), "days", left as f64);
    measures.push(QualityMeasure { state, ..days });
    let tally = context.people.mailboxes.tally();
    measures.extend(tally.into_iter().map(|(fate, mailboxes)| {
        let measure = QualityMeasure::of("mailboxes", fate, "mailboxes", count(mailboxes));
        if fate == USED { measure } else { measure.for_check_alone() }
    }));
    measures
}

/// Rows left out, by reason; those of rows that leave no trace are for `check` alone.
fn of_reasons(interactions: &Interactions) -> Result<Vec<QualityMeasure>> {
    let of_reason = |(reason, rows): (String, u64)| {
        QualityMeasure::of("rows_dropped", reason, "rows", rows as f64).for_check_alone()
    };
    Ok(dropped_counts::count(&interactions.dropped)?.into_iter().map(of_reason).collect())
}

fn of_mail(interactions: &Interactions, limits: &QualityLimits) -> Result<Vec<QualityMeasure>> {
    let doing = || Error::engine("measuring mail");
    let table = &interactions.table;
    let kinds = table.column(KIND).and_then(|kinds| kinds.u8().cloned()).map_err(doing())?;
    let mut linked = vec![false; table.height()];
    if interactions.links.width() > 0 {
        let links = interactions.links.column(INTERACTION).and_then(|links| links.u32().cloned()).map_err(doing())?;
        links.iter().flatten().for_each(|interaction| linked[interaction as usize] = true);
    }
    let (mut emails, mut met) = (0, 0);
    for (kind, linked) in kinds.iter().zip(&linked) {
        emails += usize::from(kind == Some(EMAIL));
        met += usize::from(kind == Some(EMAIL) && *linked);
    }
    let of_emails = || col(KIND).eq(lit(EMAIL));
    let threads = table.clone().lazy().select([
        col(THREAD_CONVERSATION).filter(of_emails()).drop_nulls().n_unique().cast(DataType::UInt32).alias("with"),
        col(THREAD_ROOT)
            .filter(of_emails().and(col(THREAD_CONVERSATION).is_null()))
            .drop_nulls()
            .n_unique()
            .cast(DataType::UInt32)
            .alias("without"),
    ]);
    let threads = threads.collect().map_err(doing())?;
    let found = share(met, emails);
    let state = MeasureState::mail_with_record(limits, found);
    let mut measures = vec![
        QualityMeasure { state, ..QualityMeasure::of(MAIL_WITH_RECORD, "share", "share", found) },
        QualityMeasure::of(MAIL_WITH_RECORD, "emails", "emails", count(met)),
    ];
    for (column, subject) in [("with", "with conversation"), ("without", "without conversation")] {
        let number = threads.column(column).and_then(|c| Ok(c.u32()?.get(0).unwrap_or(0))).map_err(doing())?;
        measures.push(QualityMeasure::of("threads", subject, "threads", f64::from(number)));
    }
    Ok(measures)
}

fn of_people(context: &Context, interactions: &Interactions) -> Result<Vec<QualityMeasure>> {
    let doing = || Error::engine("measuring people");
    let people = interactions.participants.people.column(WHO).and_then(|people| people.u64().cloned());
    let (mut external, mut without) = (0, Vec::new());
    for person in people.map_err(doing())?.iter().flatten().filter(|&person| !person_key::is_ours(person)) {
        external += 1;
        if person_key::record(person).is_none() {
            without.push(person & KEPT_BITS);
        }
    }
    let parts = without.len();
    without.sort_unstable();
    without.dedup();
    let mut measures = vec![
        QualityMeasure::of("parties", "external", "parties", count(external)),
        QualityMeasure::of("parties", "without record", "parties", count(parts)),
        QualityMeasure::of("unmatched_people", "all", "people", count(without.len())),
    ];
    for (domain, addresses) in context.sources.seen_domains.counts(&without) {
        measures.push(QualityMeasure::of("unmatched_addresses", domain, "addresses", count(addresses)));
    }
    let contacts = context.people.records.range(RecordType::Contact).len();
    let alike = context.people.directory.contacts_with_an_address_of_others();
    let found = share(alike, contacts);
    let state = MeasureState::duplicate_contacts(&context.settings.quality, found);
    measures.push(QualityMeasure { state, ..QualityMeasure::of(DUPLICATE_CONTACTS, "share", "share", found) });
    measures.push(QualityMeasure::of(DUPLICATE_CONTACTS, "contacts", "contacts", count(alike)));
    Ok(measures)
}
