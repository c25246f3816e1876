//! Values of keys that choose or describe one thing of ours: a kind of job, a profile, a format, a schedule.

use std::time::Duration;

use toml::Value;

use super::settings::{ConnectionProfile, CustomColumns, ExpectedContact, LinkOpportunities, Profile};
use super::values::{Read, country, found, set_of, text, whole_number};
use super::{AttentionReason, JobKind, OutputFormat, Retention, introductions, keep, schedule};
use crate::language::Language;
use crate::storage::Location;

pub(super) fn profile(value: &Value) -> Read<Profile> {
    match value.as_str() {
        Some("default") => Ok(Profile::Default),
        Some("dynamics") => Ok(Profile::Dynamics),
        _ => Err(found(value)),
    }
}

pub(super) fn kind(value: &Value) -> Read<JobKind> {
    value.as_str().and_then(JobKind::from_name).ok_or_else(|| found(value))
}

pub(super) fn format(value: &Value) -> Read<OutputFormat> {
    match value.as_str() {
        Some("parquet") => Ok(OutputFormat::Parquet),
        Some("delta") => Ok(OutputFormat::Delta),
        _ => Err(found(value)),
    }
}

pub(super) fn file_mode(value: &Value) -> Read<Option<u32>> {
    let written = value.as_str().ok_or_else(|| found(value))?;
    if written == "umask" {
        return Ok(None);
    }
    let mode = u32::from_str_radix(written, 8).ok().filter(|mode| mode & !0o666 == 0 && mode & 0o600 == 0o600);
    mode.map(Some).ok_or_else(|| found(value))
}

/// A mode; pages do not leave it to the system.
pub(super) fn page_mode(value: &Value) -> Read<u32> {
    file_mode(value)?.ok_or_else(|| found(value))
}

/// A number of records, or all.
pub(super) fn top(value: &Value) -> Read<Option<u32>> {
    match value.as_str() {
        Some("all") => Ok(None),
        _ => whole_number(value, 1, 1_000_000).map(Some),
    }
}

pub(super) fn connection_profile(value: &Value) -> Read<ConnectionProfile> {
    match value.as_str() {
        Some("basic") => Ok(ConnectionProfile::Basic),
        Some("enhanced") => Ok(ConnectionProfile::Enhanced),
        _ => Err(found(value)),
    }
}

pub(super) fn expected_contact(value: &Value) -> Read<Option<ExpectedContact>> {
    if value.as_str() == Some("auto") {
        return Ok(None);
    }
    let level = ExpectedContact::ALL.into_iter().find(|level| value.as_str() == Some(level.name()));
    level.map(Some).ok_or_else(|| found(value))
}

pub(super) fn language(value: &Value) -> Read<Language> {
    value.as_str().and_then(Language::from_code).ok_or_else(|| found(value))
}

pub(super) fn template(value: &Value) -> Read<String> {
    let template = text(value)?;
    match introductions::fault(&template) {
        Some(fault) => Err(format!("found {fault}")),
        None => Ok(template),
    }
}

pub(super) fn link_opportunities(value: &Value) -> Read<LinkOpportunities> {
    match value.as_str() {
        Some("participants") => Ok(LinkOpportunities::Participants),
        Some("regarding_only") => Ok(LinkOpportunities::RegardingOnly),
        _ => Err(found(value)),
    }
}

pub(super) fn reasons(value: &Value) -> Read<Vec<AttentionReason>> {
    let known = |value: &Value| {
        text(value).ok().filter(|name| AttentionReason::from_name(name).is_some()).ok_or_else(|| found(value))
    };
    Ok(set_of(value, known)?.iter().filter_map(|name| AttentionReason::from_name(name)).collect())
}

pub(super) fn summary_language(value: &Value) -> Read<String> {
    text(value).ok().filter(|name| Language::CODES.contains(&name.as_str())).ok_or_else(|| found(value))
}

pub(super) fn custom_columns(value: &Value) -> Read<CustomColumns> {
    if value.as_str() == Some("auto") {
        return Ok(CustomColumns::Auto);
    }
    let column = |value: &Value| {
        let name = text(value)?.to_lowercase();
        let known = name
            .split_once('.')
            .is_some_and(|(table, column)| matches!(table, "opportunity" | "account") && !column.is_empty());
        if known { Ok(name) } else { Err(found(value)) }
    };
    set_of(value, column).map(CustomColumns::Named)
}

pub(super) fn cron(value: &Value) -> Read<String> {
    let schedule = text(value)?;
    schedule::check(&schedule)?;
    Ok(schedule)
}

pub(super) fn path(value: &Value) -> Read<Location> {
    Location::parse(&text(value)?)
}

pub(super) fn seconds(value: &Value) -> Read<Duration> {
    whole_number(value, 1, 3_600).map(|seconds| Duration::from_secs(seconds.into()))
}

pub(super) fn mailbox_countries(value: &Value) -> Read<std::collections::BTreeMap<String, String>> {
    let table = value.as_table().ok_or_else(|| found(value))?;
    table.iter().map(|(mailbox, code)| Ok((mailbox.trim().to_lowercase(), country(code)?))).collect()
}

pub(super) fn retention(value: &Value) -> Read<Retention> {
    let tables: Vec<&str> = JobKind::ALL.iter().flat_map(|kind| kind.tables()).copied().collect();
    keep::read(value, &tables)
}
