//! What the results of a day can be trusted for: shares of published counts, ages of sources, and the limits of the settings.

use chrono::{DateTime, Utc};
use serde_json::Value;

use super::read::Tables;
use crate::config::Settings;
use crate::error::Result;
use crate::explain::question::FoundRow;
use crate::explain::scores::RowValues;
use crate::explain::story::{ColumnStory, TableRow};
use crate::kpis::definitions::completeness::ACCURACY;
use crate::quality::freshness::consent_is_awaited;
use crate::quality::measures::{DUPLICATE_CONTACTS, MAIL_WITH_RECORD, MeasureState, NEWEST_EVENT, NEWEST_ROW};
use crate::time::{AsOf, HOUR};

const TABLE: &str = "data_quality";

/// A published row, and what it was made with.
struct Measure<'a> {
    row: RowValues<'a>,
    check: String,
    subject: String,
    settings: &'a Settings,
    as_of: AsOf,
}

/// Tells a column of a measure; false of any other, and of counts of the lake.
///
/// # Errors
/// What storage refuses, and files that are no Parquet.
pub fn tell(found: &FoundRow<'_>, tables: &Tables<'_>, story: &mut ColumnStory) -> Result<bool> {
    if story.column == ACCURACY && found.record.is_some() {
        return accuracy(tables, story);
    }
    if found.table.name != TABLE {
        return Ok(false);
    }
    let row = RowValues(&found.row);
    let [check, subject] = ["check", "subject"].map(|name| row.text(name).unwrap_or_default());
    let measure = Measure { row, check, subject, settings: tables.settings, as_of: tables.as_of };
    match story.column.as_str() {
        "state" => Ok(state(&measure, story)),
        "value" => value(&measure, tables, story),
        _ => Ok(false),
    }
}

/// Whether results are complete, by how new each source is.
fn accuracy(tables: &Tables<'_>, story: &mut ColumnStory) -> Result<bool> {
    let Some(sources) = tables.rows(TABLE, &[("check", NEWEST_ROW)])?.filter(|rows| rows.count() > 0) else {
        return Ok(false);
    };
    let limit = tables.settings.freshness_hours;
    let mut told = Vec::new();
    let mut is_partial = false;
    for at in 0..sources.count() {
        let is_fine = sources.text("state", at).as_deref() == Some(MeasureState::Fine.name());
        is_partial |= !is_fine;
        let source = sources.text("subject", at).unwrap_or_default();
        let is_exchange = source == "exchange";
        told.push(match (is_fine, sources.number("value", at)) {
            (true, _) if is_exchange && !tables.settings.consent => format!("{source} is no source without consent"),
            (true, _) => format!("{source} is new enough"),
            (false, Some(hours)) => format!("the newest row of {source} is {hours} hours old"),
            (false, None) if is_exchange && !tables.settings.consent => format!("{source} awaits consent"),
            (false, None) => format!("{source} has no row that says when it was written"),
        });
        story.from_tables.push(sources.told(at, &["check", "subject"], &["value", "newest_at", "state"]));
    }
    let value = if is_partial { "partial" } else { "complete" };
    story.recomputed(value.into(), format!("{}; freshness_hours is {limit}", told.join(", ")));
    Ok(true)
}

/// The measure held against its limits.
fn state(measure: &Measure<'_>, story: &mut ColumnStory) -> bool {
    let Measure { row, check, subject, settings, as_of } = measure;
    let (found, limits) = (row.number("value"), &settings.quality);
    let value = row.value("value");
    let awaited = consent_is_awaited(settings, as_of.date);
    let (state, told) = match (check.as_str(), subject.as_str()) {
        (MAIL_WITH_RECORD, "share") => (
            MeasureState::mail_with_record(limits, found),
            format!(
                "{value}; a warning below {}, failed below {}",
                limits.warn_mail_with_record_below, limits.fail_mail_with_record_below
            ),
        ),
        (DUPLICATE_CONTACTS, "share") => (
            MeasureState::duplicate_contacts(limits, found),
            format!(
                "{value}; a warning above {}, failed above {}",
                limits.warn_duplicate_contacts_above, limits.fail_duplicate_contacts_above
            ),
        ),
        (NEWEST_ROW, "exchange") if !settings.consent => (
            if awaited.is_some() { MeasureState::Warning } else { MeasureState::Fine },
            "a warning while consent is false and awaited".to_string(),
        ),
        // Nothing is told of a source that is new enough, nor of one without rows.
        (NEWEST_ROW, _) => match found {
            Some(hours) if hours > f64::from(settings.freshness_hours) => (
                MeasureState::Warning,
                format!("{hours} hours are more than freshness_hours {}", settings.freshness_hours),
            ),
            _ => return false,
        },
        ("consent", subject) if subject != "given" => {
            let left = awaited.unwrap_or(0);
            (
                if left > 0 { MeasureState::Warning } else { MeasureState::Fine },
                format!("{left} days are left; a warning while there are any"),
            )
        }
        _ => (MeasureState::Fine, "it has no limit".to_string()),
    };
    story.recomputed(state.name().into(), told);
    true
}

/// The measure itself, where other published numbers or settings make it.
fn value(measure: &Measure<'_>, tables: &Tables<'_>, story: &mut ColumnStory) -> Result<bool> {
    let Measure { row, check, subject, settings, as_of } = measure;
    match (check.as_str(), subject.as_str()) {
        (MAIL_WITH_RECORD, "share") => {
            let emails = Count { check: MAIL_WITH_RECORD, subject: "emails" };
            share(emails, Count { check: "interactions", subject: "email" }, tables, story)
        }
        (DUPLICATE_CONTACTS, "share") => {
            let contacts = Count { check: DUPLICATE_CONTACTS, subject: "contacts" };
            share(contacts, Count { check: "records", subject: "contact" }, tables, story)
        }
        (NEWEST_ROW | NEWEST_EVENT, _) => {
            let newest = row.text("newest_at").and_then(|at| at.parse::<DateTime<Utc>>().ok());
            let Some(newest) = newest else { return Ok(false) };
            let hours = (as_of.cutoff() - newest.timestamp_micros()).max(0) as f64 / HOUR as f64;
            let told = format!("from {newest} to the end of {} are {hours} hours", as_of.date);
            story.recomputed(hours.into(), told);
            Ok(true)
        }
        ("consent", "given") => {
            let given = f64::from(u8::from(settings.consent));
            story.recomputed(given.into(), format!("the setting consent is {}", settings.consent));
            Ok(true)
        }
        ("consent", _) => {
            let left = consent_is_awaited(settings, as_of.date).unwrap_or(0) as f64;
            story.recomputed(
                left.into(),
                "days from the date until consent, if it is false, counts as refused".to_string(),
            );
            Ok(true)
        }
        _ => Ok(false),
    }
}

/// The key of a count in the same table.
struct Count {
    check: &'static str,
    subject: &'static str,
}

/// One published count as a share of another.
fn share(of: Count, all: Count, tables: &Tables<'_>, story: &mut ColumnStory) -> Result<bool> {
    let (mut numbers, mut told): (Vec<f64>, Vec<TableRow>) = (Vec::new(), Vec::new());
    for Count { check, subject } in [&of, &all] {
        let rows = tables.rows(TABLE, &[("check", check), ("subject", subject)])?;
        let Some(rows) = rows.filter(|rows| rows.count() == 1) else { return Ok(false) };
        numbers.extend(rows.number("value", 0));
        told.push(rows.told(0, &["check", "subject"], &["value"]));
    }
    let [part, whole] = numbers[..] else { return Ok(false) };
    let value = if whole > 0.0 { (part / whole).into() } else { Value::Null };
    let named = |Count { check, subject }: Count| format!("{check} {subject}");
    story.recomputed(value.clone(), format!("{} / {} = {part} / {whole} = {value}", named(of), named(all)));
    story.from_tables = told;
    Ok(true)
}
