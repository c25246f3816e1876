//! How old the newest data of each source is, and whether results are complete (rules K12, C1).

use chrono::{DateTime, Days, NaiveDate, SecondsFormat};
use polars::prelude::*;

use crate::config::Settings;
use crate::error::{Error, Result};
use crate::interactions::columns::*;
use crate::people::People;
use crate::sources::{Activities, Sources};
use crate::time::{AsOf, HOUR, PLAUSIBLE_FROM};

/// Days after enabling during which missing consent is only late.
pub const CONSENT_DAYS: u64 = 14;

/// The sources as of a day.
#[derive(Clone, Debug)]
pub struct Freshness {
    /// The day.
    pub as_of: NaiveDate,
    cutoff: i64,
    /// How new Dataverse is.
    pub dataverse: SourceAge,
    /// How new Exchange is.
    pub exchange: SourceAge,
}

/// The newest that a source has.
#[derive(Clone, Debug)]
pub struct SourceAge {
    /// `Dataverse` or `Exchange`.
    pub source: &'static str,
    /// When its newest row was written, microseconds.
    pub newest_row_at: Option<i64>,
    /// When the newest of what happened by the end of the day happened, microseconds.
    pub newest_event_at: Option<i64>,
    /// From its newest row to the end of the day; 0 when the row is newer.
    pub age_hours: Option<f64>,
    /// What follows from its age.
    pub state: SourceState,
}

/// Whether a source can be relied on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SourceState {
    /// Its newest row is as new as it has to be.
    Fresh,
    /// Its newest row is older than `freshness_hours` before the end of the day.
    Stale,
    /// It has no row that says when it was written.
    Missing,
    /// Consent has not been given yet.
    Awaited,
    /// Consent has not been given in time: it is no source.
    Off,
}

impl SourceState {
    /// Its name in logs and tables.
    pub fn name(self) -> &'static str {
        ["fresh", "stale", "missing", "awaited", "off"][self as usize]
    }

    fn is_partial(self) -> bool {
        matches!(self, SourceState::Stale | SourceState::Missing | SourceState::Awaited)
    }
}

/// The newest that activities have as of a day, microseconds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Newest {
    dataverse_event: Option<i64>,
    exchange_event: Option<i64>,
    exchange_row: Option<i64>,
}

impl Newest {
    /// Of activities. Rows that say that they were written after `past_until` say nothing.
    ///
    /// # Errors
    /// Only what the engine runs into.
    pub fn of(
        activities: &Activities,
        people: &People,
        settings: &Settings,
        as_of: AsOf,
        past_until: i64,
    ) -> Result<Newest> {
        let limit = past_until.min(as_of.implausible_from());
        let happened =
            col(OCCURRED_AT).gt_eq(instant(PLAUSIBLE_FROM)).and(col(OCCURRED_AT).lt(instant(as_of.cutoff())));
        let mut found = Newest { dataverse_event: None, exchange_event: None, exchange_row: None };
        for table in [&activities.emails, &activities.appointments, &activities.calls, &activities.tasks] {
            let event = newest(table, happened.clone().and(col("deleted").not()), OCCURRED_AT)?;
            found.dataverse_event = found.dataverse_event.max(event);
        }
        for table in [&activities.messages, &activities.events].into_iter().filter(|_| settings.consent) {
            let permitted = || people.mailboxes.refusals(col(MAILBOX), col(OCCURRED_AT)).is_null();
            let row = newest(table, permitted().and(col(CREATED_AT).lt_eq(instant(limit))), CREATED_AT)?;
            let event = newest(table, permitted().and(happened.clone()), OCCURRED_AT)?;
            (found.exchange_row, found.exchange_event) = (found.exchange_row.max(row), found.exchange_event.max(event));
        }
        Ok(found)
    }

    /// Of these activities and others.
    pub fn with(self, others: Newest) -> Newest {
        Newest {
            dataverse_event: self.dataverse_event.max(others.dataverse_event),
            exchange_event: self.exchange_event.max(others.exchange_event),
            exchange_row: self.exchange_row.max(others.exchange_row),
        }
    }

    /// Whether both have the same newest row, whenever the newest of what happened was.
    pub fn has_row_of(&self, other: &Newest) -> bool {
        self.exchange_row == other.exchange_row
    }
}

/// How new the sources are. Rows that say that they were written after `past_until` say nothing.
///
/// # Errors
/// Only what the engine runs into.
pub fn of(
    sources: &Sources,
    activities: &Activities,
    people: &People,
    settings: &Settings,
    as_of: AsOf,
    past_until: i64,
) -> Result<Freshness> {
    let newest = Newest::of(activities, people, settings, as_of, past_until)?;
    Ok(of_newest(sources, newest, settings, as_of, past_until))
}

/// The same by the newest that the activities have.
pub fn of_newest(sources: &Sources, newest: Newest, settings: &Settings, as_of: AsOf, past_until: i64) -> Freshness {
    let (cutoff, limit) = (as_of.cutoff(), past_until.min(as_of.implausible_from()));
    let age = |source, newest_row_at: Option<i64>, newest_event_at, otherwise: Option<SourceState>| {
        let age = newest_row_at.map(|newest| (cutoff - newest).max(0));
        let state = otherwise.unwrap_or(match age {
            None => SourceState::Missing,
            Some(age) if age > i64::from(settings.freshness_hours) * HOUR => SourceState::Stale,
            Some(_) => SourceState::Fresh,
        });
        let age_hours = age.map(|age| age as f64 / HOUR as f64);
        SourceAge { source, newest_row_at, newest_event_at, age_hours, state }
    };
    let written = sources.dataverse_written.newest_until(limit);
    let dataverse = age("Dataverse", written, newest.dataverse_event, None);
    // Without consent Exchange is awaited for two weeks, then it is no source at all.
    let awaited = consent_is_awaited(settings, as_of.date).is_some();
    let otherwise = if awaited { SourceState::Awaited } else { SourceState::Off };
    let otherwise = (!settings.consent).then_some(otherwise);
    let exchange = age("Exchange", newest.exchange_row, newest.exchange_event, otherwise);
    Freshness { as_of: as_of.date, cutoff, dataverse, exchange }
}

/// The days that are left to give consent, while it is awaited.
pub fn consent_is_awaited(settings: &Settings, day: NaiveDate) -> Option<i64> {
    let until = settings.enabled_on?.checked_add_days(Days::new(CONSENT_DAYS))?;
    (!settings.consent && day < until).then(|| (until - day).num_days())
}

impl Freshness {
    /// From an instant to the end of the day, in hours; 0 when it is later.
    pub fn hours_since(&self, instant: i64) -> f64 {
        (self.cutoff - instant).max(0) as f64 / HOUR as f64
    }

    /// The column `computation_accuracy`.
    pub fn accuracy(&self) -> &'static str {
        match self.sources().iter().any(|source| source.state.is_partial()) {
            true => "partial",
            false => "complete",
        }
    }

    /// Dataverse, then Exchange.
    pub fn sources(&self) -> [&SourceAge; 2] {
        [&self.dataverse, &self.exchange]
    }

    /// Why results are partial, a sentence for each source that makes them so.
    pub fn warnings(&self, settings: &Settings) -> Vec<String> {
        let told = self.sources().into_iter().filter_map(|age| self.warning(age, settings));
        told.collect()
    }

    fn warning(&self, age: &SourceAge, settings: &Settings) -> Option<String> {
        let (source, day) = (age.source, self.as_of);
        Some(match age.state {
            SourceState::Fresh | SourceState::Off => return None,
            SourceState::Stale => format!(
                "{source}: the newest row was written at {}, {:.0} hours before the end of {day}, where freshness_hours \
                 allows {}; the newest event is of {}: results as of {day} are partial. See whether the export has \
                 stopped",
                instant_text(age.newest_row_at),
                age.age_hours.unwrap_or_default(),
                settings.freshness_hours,
                instant_text(age.newest_event_at),
            ),
            SourceState::Missing => format!(
                "{source}: no row that may be used says when it was written: results as of {day} are partial. See \
                 whether the export has its tables, and which mailboxes may be used"
            ),
            SourceState::Awaited => format!(
                "consent is false: Exchange data is not used, and results as of {day} are partial; {} of {CONSENT_DAYS} \
                 days are left from enabled_on to give it, then Exchange counts as no source",
                consent_is_awaited(settings, day).unwrap_or_default(),
            ),
        })
    }
}

/// An instant for people; `unknown` without one.
pub fn instant_text(micros: Option<i64>) -> String {
    let instant = micros.and_then(DateTime::from_timestamp_micros);
    instant.map_or_else(|| "unknown".to_string(), |instant| instant.to_rfc3339_opts(SecondsFormat::Secs, true))
}

fn instant(micros: i64) -> Expr {
    lit(micros).cast(DataType::Datetime(TimeUnit::Microseconds, None))
}

/// The newest instant in a column of the rows, microseconds.
fn newest(frame: &DataFrame, rows: Expr, column: &str) -> Result<Option<i64>> {
    let doing = || Error::engine("freshness of sources");
    // What stands in for a table that could not be read has no columns.
    if frame.width() == 0 {
        return Ok(None);
    }
    let newest = frame.clone().lazy().filter(rows).select([col(column).max().cast(DataType::Int64)]).collect();
    let newest = newest.map_err(doing())?;
    Ok(newest.column(column).and_then(|c| c.i64().cloned()).map_err(doing())?.get(0))
}
