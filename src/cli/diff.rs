//! `diff`: the two sides that are named, and what differs between them.

use std::path::Path;
use std::time::Duration;

use chrono::{NaiveDate, Utc};

use super::computed::compute;
use super::diff_options::{DataFormat, DiffOptions};
use super::job_files::{load_all, load_file, yesterday};
use super::options::SourceOptions;
use super::places;
use super::places::TemporaryFolder;
use super::session::{Session, Shown};
use super::signals;
use super::stdout::print;
use crate::config::{self, Job};
use crate::diff::side::TablesOfDay;
use crate::diff::{self, words};
use crate::error::{Error, Result};
use crate::jobs::{self, Readings};
use crate::publish::{Outputs, TablesAt};
use crate::storage::Location;
use crate::suggest::nearest;
use crate::table::Table;

/// A side as it was typed.
enum Typed {
    /// What the jobs have published as of a day.
    Day(NaiveDate),
    /// What is published somewhere.
    Elsewhere(Location),
    /// What jobs would publish.
    Computed(Vec<Job>),
}

pub(super) fn diff(options: &DiffOptions, shown: &Shown<'_>) -> Result<u8> {
    let folder = TemporaryFolder::new();
    let session = Session::new(&folder);
    signals::watch(&session, Duration::ZERO).map_err(Error::storage("signal handler"))?;
    let dictionary = jobs::tables();
    let tables = wanted(&dictionary, &options.table)?;
    let jobs = load_all(&options.source, &[])?;
    let typed = [("A", &options.a, &options.set_a), ("B", &options.b, &options.set_b)];
    let [a, b] = typed.map(|(name, side, set)| parse(name, side, set, options));
    let typed = [a?, b?];
    let names: Vec<&'static str> = tables.iter().map(|table| table.name).collect();
    let day = day(options, &typed, &jobs, &names, &session)?;
    let side = |typed: Typed, named: &str| -> Result<TablesOfDay> {
        let day = if let Typed::Day(day) = typed { day } else { day };
        let (name, outputs) = match typed {
            Typed::Day(_) => ("published".to_string(), places::outputs(&jobs, &session.folder.spool)?),
            Typed::Elsewhere(location) => (location.to_string(), elsewhere(&location, &jobs, &session)?),
            Typed::Computed(jobs) => (named.to_string(), computed(&jobs, day, &names, &session, shown)?),
        };
        Ok(TablesOfDay { name, outputs, day })
    };
    let [a, b] = typed;
    let sides = [side(a, &named(&options.a, &options.set_a))?, side(b, &named(&options.b, &options.set_b))?];
    let found = diff::compare(&sides[0], &sides[1], &tables, options.limit)?;
    print(&match options.format {
        DataFormat::Text => words::text(&found),
        DataFormat::Json => words::json(&found)?,
        DataFormat::Csv => words::csv(&found)?,
    });
    Ok(u8::from(options.exit_code && !found.is_empty()))
}

fn wanted<'a>(dictionary: &'a [Table], names: &[String]) -> Result<Vec<&'a Table>> {
    let known: Vec<&Table> = dictionary.iter().filter(|table| table.name != "runs").collect();
    for name in names {
        if !known.iter().any(|table| table.name == name) {
            let remedy = match nearest(name, known.iter().map(|table| table.name)) {
                Some(table) => format!("Did you mean {table}?"),
                None => "rapport tables lists the tables; runs has no days to compare".to_string(),
            };
            return Err(Error::usage("--table", format!("there is no table {name:?} with days"), remedy));
        }
    }
    Ok(known.into_iter().filter(|table| names.is_empty() || names.iter().any(|name| name == table.name)).collect())
}

fn parse(argument: &str, side: &str, set: &[(String, String)], options: &DiffOptions) -> Result<Typed> {
    let source = || SourceOptions { set: [&options.source.set[..], set].concat(), ..options.source.clone() };
    if side == "computed" {
        return load_all(&source(), &[]).map(Typed::Computed);
    }
    if side.ends_with(".toml") && !side.contains("://") {
        return Ok(Typed::Computed(vec![load_file(Path::new(side), &source())?]));
    }
    if !set.is_empty() {
        return Err(Error::usage(
            &format!("--set-{}", argument.to_lowercase()),
            format!("{side} is published already, and nothing is computed for it"),
            format!("Name computed or a job file as {argument}"),
        ));
    }
    let week = || NaiveDate::parse_from_str(&format!("{side}-7"), "%G-W%V-%u").ok();
    if let Some(day) = config::parse_date(side).or_else(week) {
        return Ok(Typed::Day(day));
    }
    let location = Location::parse(side).map_err(|reason| {
        Error::usage(argument, reason, "Name a day, a week, a folder, a URL of a store, computed, or a job file")
    })?;
    match &location {
        Location::Local(folder) if !folder.is_dir() => Err(Error::usage(
            argument,
            format!("{side:?} is neither a day, nor a week, nor a folder"),
            "Name a day such as 2026-03-31, a week such as 2026-W13, a folder, a URL of a store, computed, or a job file",
        )),
        _ => Ok(Typed::Elsewhere(location)),
    }
}

/// The day of sides that do not name one.
fn day(
    options: &DiffOptions,
    typed: &[Typed; 2],
    jobs: &[Job],
    tables: &[&'static str],
    session: &Session<'_>,
) -> Result<NaiveDate> {
    let named = typed.iter().find_map(|typed| if let Typed::Day(day) = typed { Some(*day) } else { None });
    if let Some(day) = options.as_of.or(named) {
        return Ok(day);
    }
    let mut both: Option<Vec<NaiveDate>> = None;
    for typed in typed {
        if let Typed::Elsewhere(location) = typed {
            let there = elsewhere(location, jobs, session)?.days(tables)?;
            both = Some(match both {
                None => there,
                Some(both) => both.into_iter().filter(|day| there.contains(day)).collect(),
            });
        }
    }
    match both {
        None => jobs.first().and_then(|job| yesterday(job, Utc::now())).ok_or_else(|| no_day(options)),
        Some(both) => both.last().copied().ok_or_else(|| no_day(options)),
    }
}

fn no_day(options: &DiffOptions) -> Error {
    Error::usage(
        "A and B",
        format!("{} and {} have no day in common", options.a, options.b),
        "Name days that are published, with --as-of or instead of the folders",
    )
}

/// How a computed side is called.
fn named(side: &str, set: &[(String, String)]) -> String {
    let settings: Vec<String> = set.iter().map(|(key, value)| format!("{key}={value}")).collect();
    match settings.is_empty() {
        true => side.to_string(),
        false => format!("{side} with {}", settings.join(", ")),
    }
}

/// A folder or store, opened as the first job opens its own.
fn elsewhere(location: &Location, jobs: &[Job], session: &Session<'_>) -> Result<Outputs> {
    let Some(job) = jobs.first() else { return Ok(Outputs::default()) };
    let job = Job { output: location.clone(), ..job.clone() };
    let storage = places::open_output(&job, &session.folder.spool)?.storage;
    let of_kind = |kind: &config::JobKind| TablesAt { storage: storage.clone(), tables: kind.tables() };
    Ok(Outputs(config::JobKind::ALL.iter().map(of_kind).collect()))
}

fn computed(
    jobs: &[Job],
    day: NaiveDate,
    tables: &[&'static str],
    session: &Session<'_>,
    shown: &Shown<'_>,
) -> Result<Outputs> {
    let mut jobs = jobs.to_vec();
    jobs.iter_mut().for_each(|job| job.tables.retain(|table| tables.contains(&table.as_str())));
    jobs.retain(|job| !job.tables.is_empty());
    let order = Readings::order(&jobs);
    let mut readings = Readings::of(order.iter().map(|&at| (&jobs[at], std::slice::from_ref(&day))));
    let mut places = Vec::new();
    for at in order {
        let storage = compute(&jobs[at], day, &mut readings, session, shown)?;
        places.push(TablesAt { storage, tables: jobs[at].kind.tables() });
    }
    Ok(Outputs(places))
}
