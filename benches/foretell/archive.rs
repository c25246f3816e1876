//! A lake, with everything that happened in it, whatever the date.

use std::error::Error;
use std::fs;
use std::path::Path;

use chrono::{DateTime, NaiveDate};
use polars::prelude::*;
use rapport::config::{self, Overrides, Settings};
use rapport::connections::edges::{Edge, edges};
use rapport::connections::strangers::Strangers;
use rapport::frames::typed;
use rapport::interactions::columns::OCCURRED_AT;
use rapport::interactions::event::{EMAIL, KIND, PLANNED};
use rapport::interactions::{self, Context, Interactions};
use rapport::people::{self, People};
use rapport::sources::values::automated_subjects::Beginnings;
use rapport::sources::values::email_addresses::CompanyDomains;
use rapport::sources::{self, Activities, Lake, Reading, Sources};
use rapport::time::{AsOf, DAY, LocalDays};

const JOB: &str = "job = \"relationship_kpis\"\nschedule = \"0 0 * * *\"\nconsent.consent = true\n[input]\nroot = \"lake\"\n[output]\npath = \"out\"\n";

pub struct Archive {
    pub name: String,
    pub settings: Settings,
    pub interactions: Interactions,
    /// Everything that connects, in the order of colleague, record and time.
    pub all: Vec<Edge>,
    /// The interactions with all their kinds.
    all_kinds: DataFrame,
    sources: Sources,
    none: Activities,
    people: People,
    last: AsOf,
    /// The first and the last instant of the mail, but for a quarter per cent at either end.
    span: (i64, i64),
}

impl Archive {
    pub fn read(root: &Path, set: &[(String, String)], all_kinds: bool) -> Result<Archive, Box<dyn Error>> {
        let settings = settings(root, set)?;
        let lake = Lake::local(root);
        let domains = CompanyDomains::new(&settings.company_domains);
        let how = Reading { domains, subjects: false, automated: Beginnings::with(&[]) };
        let mut sources = sources::read(&lake, &how)?;
        let last = AsOf { date: last_day(&sources)?, timezone: settings.timezone };
        let people = people::resolve(&sources, &settings, &last)?;
        let activities = std::mem::take(&mut sources.activities);
        let none = activities.none();
        let mut context = Context::new(&sources, activities, &people, &settings, last)?;
        let mut interactions = interactions::build(&mut context)?;
        let every_kind = interactions.table.clone();
        if !all_kinds {
            // What is planned is no contact, to either formula.
            let other = col(PLANNED).or(col(KIND).neq(typed(EMAIL))).alias(PLANNED);
            interactions.table = interactions.table.lazy().with_column(other).collect()?;
            interactions.table.rechunk_mut();
        }
        let name = root.file_name().unwrap_or_default().to_string_lossy().into_owned();
        let mut archive = Archive {
            name,
            settings,
            interactions,
            all: Vec::new(),
            all_kinds: every_kind,
            sources,
            none,
            people,
            last,
            span: (0, 0),
        };
        let days = (last.date - NaiveDate::from_ymd_opt(1990, 1, 1).ok_or("a day")?).num_days();
        let days = LocalDays::until(&last, u32::try_from(days)?);
        archive.all =
            edges(&archive.context(last)?, &archive.interactions, &days, true, &Strangers::default())?.edges.to_vec();
        let mut times: Vec<i64> = archive.all.iter().map(|edge| edge.at).collect();
        times.sort_unstable();
        let quantile = |share: f64| times.get((share * times.len() as f64) as usize).copied();
        archive.span = quantile(0.0025).zip(quantile(0.9975)).ok_or("the lake has no connections")?;
        Ok(archive)
    }

    /// From now on meetings, calls and tasks count as well.
    pub fn count_all_kinds(&mut self) {
        self.interactions.table = self.all_kinds.clone();
    }

    /// Interactions as they are seen as of a date.
    pub fn context(&self, as_of: AsOf) -> Result<Context<'_>, Box<dyn Error>> {
        Ok(Context::new(&self.sources, self.none.clone(), &self.people, &self.settings, as_of)?)
    }

    /// So many dates, from a year after the beginning of the mail to `ahead` days before its end.
    pub fn dates(&self, count: u32, ahead: i64) -> Vec<AsOf> {
        let (from, until) = (self.span.0 + 365 * DAY, self.span.1 - ahead * DAY);
        let instant = |step: u32| from + (until - from) / i64::from(count - 1).max(1) * i64::from(step);
        let day = |instant: i64| DateTime::from_timestamp_micros(instant).map(|time| time.date_naive());
        let as_of = |date: NaiveDate| AsOf { date: date.pred_opt().unwrap_or(date), ..self.last };
        (0..count).filter_map(|step| day(instant(step))).map(as_of).collect()
    }
}

/// The settings that the lake's README names, then those given.
fn settings(root: &Path, set: &[(String, String)]) -> Result<Settings, Box<dyn Error>> {
    let mut all = Vec::new();
    if let Ok(readme) = fs::read_to_string(root.join("README.md"))
        && let Some((_, domains)) = readme.lines().find_map(|line| line.split_once("company domains:"))
    {
        let domains: Vec<&str> = domains.split(',').map(str::trim).collect();
        all.push(("company_domains".to_string(), format!("{domains:?}")));
    }
    all.extend(set.iter().cloned());
    let file = Path::new(env!("CARGO_TARGET_TMPDIR")).join("foretell.toml");
    fs::write(&file, JOB)?;
    Ok(config::load(&file, &Overrides { set: all, ..Overrides::default() })?.settings)
}

/// The day of the last tracked or exported mail.
fn last_day(sources: &Sources) -> Result<NaiveDate, Box<dyn Error>> {
    let mut last = None;
    for frame in [&sources.activities.emails, &sources.activities.messages] {
        last = last.max(frame.column(OCCURRED_AT)?.datetime()?.phys.max());
    }
    let last = last.and_then(DateTime::from_timestamp_micros).ok_or("the lake has no mail")?;
    Ok(last.date_naive())
}
