//! Are chances what they say? At each date they are learned from the dates before only, and held against what came.

use std::error::Error;

use rapport::chances::{Calibration, Foretold};
use rapport::config::ConnectionProfile;
use rapport::connections::connection::connections;
use rapport::connections::edges::edges;
use rapport::connections::past::{self, EXCHANGE, IN_TOUCH, Promise};
use rapport::connections::strangers::Strangers;
use rapport::connections::window::Window;
use rapport::health;
use rapport::health::chance::{self, TWO_WAY};
use rapport::health::histories::{Histories, Reach};
use rapport::people::{RecordType, created};
use rapport::scratch::Scratch;
use rapport::time::AsOf;

use crate::archive::Archive;
use crate::measures::calibration_error;
use crate::studies::{Truth, exchanged};

/// How good the chances of one date were, or of all dates of a lake.
pub struct Reliability {
    pub lake: String,
    pub chance: &'static str,
    /// None: all dates together.
    pub date: Option<String>,
    pub cases: usize,
    pub came_true: usize,
    /// Expected calibration error of the chances, of the share of earlier cases that came true, and of score / 100.
    pub errors: Option<[f64; 3]>,
}

/// A case: what each of the three foretold, and whether it came true.
struct Foretelling {
    foretold: [f64; 3],
    came_true: bool,
}

pub fn of(archive: &Archive, dates: u32) -> Result<Vec<Reliability>, Box<dyn Error>> {
    let mut found = Vec::new();
    for promise in [IN_TOUCH, EXCHANGE] {
        let dates = archive.dates(dates, i64::from(promise.foretold.days));
        let of_date = |as_of: &AsOf| of_strength(archive, &promise, as_of);
        found.extend(reliabilities(archive, promise.foretold, &dates, of_date)?);
    }
    let dates = archive.dates(dates, i64::from(TWO_WAY.days));
    found.extend(reliabilities(archive, TWO_WAY, &dates, |as_of| of_health(archive, as_of))?);
    Ok(found)
}

fn of_strength(archive: &Archive, promise: &Promise, as_of: &AsOf) -> Result<Vec<Foretelling>, Box<dyn Error>> {
    let context = archive.context(*as_of)?;
    let days = past::days(&context);
    let found = edges(&context, &archive.interactions, &days, true, &Strangers::default())?;
    let calibration = past::calibration(&context, &found, &days, promise)?;
    let truth = if promise.foretold == IN_TOUCH.foretold { Truth::InTouch } else { Truth::Exchange };
    let true_of = truth.of(archive, as_of);
    let known = created(context.sources, &context.people.records)?;
    let now = connections(&found, Window::last(&days), ConnectionProfile::Enhanced, |_, _| None, &Scratch::default())?;
    let people = now.iter().filter(|one| found.people.contains(&one.record));
    let people = people.filter(|one| known[one.record as usize].is_none_or(|at| at < as_of.cutoff()));
    let case = |score: f64, came_true| foretelling(&calibration, score, came_true);
    Ok(people.filter_map(|one| case(one.strength, true_of.contains(&(one.user, one.record)))).collect())
}

fn of_health(archive: &Archive, as_of: &AsOf) -> Result<Vec<Foretelling>, Box<dyn Error>> {
    let context = archive.context(*as_of)?;
    let histories = Histories::with_past(&context, &archive.interactions, Reach { earlier: 0, past: TWO_WAY.reach() })?;
    let calibration = chance::calibration(&context, &histories)?;
    let health = health::of_records(&context, &histories)?;
    let (contacts, known) =
        (context.people.records.range(RecordType::Contact), created(context.sources, &context.people.records)?);
    let true_of = exchanged(archive, as_of, TWO_WAY.days);
    let contacts = contacts.filter(|&record| known[record as usize].is_none_or(|at| at < as_of.cutoff()));
    let case = |record: u32| {
        let score = health[record as usize].scored?.score;
        foretelling(&calibration, score, true_of.contains(&record))
    };
    Ok(contacts.filter_map(case).collect())
}

/// None while the lake is too young for a chance.
fn foretelling(calibration: &Calibration, score: f64, came_true: bool) -> Option<Foretelling> {
    Some(Foretelling { foretold: [calibration.chance(score)?, calibration.share()?, score / 100.0], came_true })
}

fn reliabilities(
    archive: &Archive,
    foretold: Foretold,
    dates: &[AsOf],
    of_date: impl Fn(&AsOf) -> Result<Vec<Foretelling>, Box<dyn Error>>,
) -> Result<Vec<Reliability>, Box<dyn Error>> {
    let by_date: Vec<Vec<Foretelling>> = dates.iter().map(of_date).collect::<Result<_, _>>()?;
    let reliability = |date: Option<String>, cases: &[&Foretelling]| {
        let error = |at: usize| {
            let pairs: Vec<(f64, bool)> = cases.iter().map(|case| (case.foretold[at], case.came_true)).collect();
            calibration_error(&pairs)
        };
        Reliability {
            lake: archive.name.clone(),
            chance: foretold.name,
            date,
            cases: cases.len(),
            came_true: cases.iter().filter(|case| case.came_true).count(),
            errors: (!cases.is_empty()).then(|| [error(0), error(1), error(2)]),
        }
    };
    let of_dates = dates.iter().zip(&by_date).map(|(as_of, cases)| {
        let cases: Vec<&Foretelling> = cases.iter().collect();
        reliability(Some(as_of.date.to_string()), &cases)
    });
    let all: Vec<&Foretelling> = by_date.iter().flatten().collect();
    Ok(of_dates.chain([reliability(None, &all)]).collect())
}
