//! The studies: which connections go on, which come to an exchange, and which contacts still exchange mail.

use std::collections::{BTreeMap, HashSet};
use std::error::Error;

use rapport::config::ConnectionProfile;
use rapport::connections::connection::connections;
use rapport::connections::edges::{Edge, edges};
use rapport::connections::strangers::Strangers;
use rapport::connections::window::WINDOW_DAYS;
use rapport::connections::window::Window;
use rapport::health;
use rapport::health::histories::{Histories, Reach};
use rapport::interactions::Kind;
use rapport::interactions::interaction_view::Started;
use rapport::people::RecordType;
use rapport::scratch::Scratch;
use rapport::time::{AsOf, DAY, LocalDays};

use crate::archive::Archive;
use crate::measures::{auc, ndcg};
use crate::rivals::RIVALS;

pub const OURS: &str = "rapport";

/// How one method did at one date, or over all of them.
pub struct Outcome {
    pub lake: String,
    pub study: &'static str,
    pub method: &'static str,
    /// None: all dates together.
    pub date: Option<String>,
    pub count: usize,
    pub positives: usize,
    pub auc: Option<f64>,
    pub ndcg: Option<f64>,
}

/// What the strength of a connection is held against.
pub enum Truth {
    /// Anything between the two within 30 days.
    InTouch,
    /// Mail both ways, a meeting or a call within 60 days: what an introduction needs.
    Exchange,
}

impl Truth {
    pub fn study(&self) -> &'static str {
        match self {
            Truth::InTouch => "strength, in touch within 30 days",
            Truth::Exchange => "strength, exchange within 60 days",
        }
    }

    fn days(&self) -> i64 {
        match self {
            Truth::InTouch => 30,
            Truth::Exchange => 60,
        }
    }

    /// Pairs of colleague and record for which it comes true after a date.
    pub fn of(&self, archive: &Archive, as_of: &AsOf) -> HashSet<(u32, u32)> {
        let next = as_of.cutoff()..as_of.cutoff() + self.days() * DAY;
        let later = |counts: fn(&Edge) -> bool| -> HashSet<(u32, u32)> {
            let edges = archive.all.iter().filter(|edge| next.contains(&edge.at) && counts(edge));
            edges.map(|edge| (edge.user, edge.record)).collect()
        };
        match self {
            Truth::InTouch => later(|_| true),
            Truth::Exchange => {
                let sent = later(|edge| edge.kind() != Kind::Email || edge.started() == Started::ByUs);
                let received = later(|edge| edge.kind() != Kind::Email || edge.started() == Started::ByThem);
                sent.intersection(&received).copied().collect()
            }
        }
    }
}

/// Contacts with whom there was an exchange in the days after a date: mail both ways, a meeting or a call.
pub fn exchanged(archive: &Archive, as_of: &AsOf, days: u32) -> HashSet<u32> {
    let next = as_of.cutoff()..as_of.cutoff() + i64::from(days) * DAY;
    let by = |started: Started| -> HashSet<u32> {
        let counts =
            |edge: &&Edge| next.contains(&edge.at) && (edge.kind() != Kind::Email || edge.started() == started);
        archive.all.iter().filter(counts).map(|edge| edge.record).collect()
    };
    by(Started::ByUs).intersection(&by(Started::ByThem)).copied().collect()
}

/// The name of the study of health.
pub const HEALTH: &str = "health, mail both ways within 28 days";

/// One scored thing: under which list it stands, and per method its score; whether it came true.
struct Case {
    list: (usize, u32),
    scores: Vec<f64>,
    came_true: bool,
}

/// Every connection of the past 365 days to a contact or lead: does the truth hold of it?
pub fn strength(archive: &Archive, truth: &Truth, dates: u32) -> Result<Vec<Outcome>, Box<dyn Error>> {
    let mut cases = Vec::new();
    let dates = archive.dates(dates, truth.days());
    for (number, as_of) in dates.iter().enumerate() {
        let context = archive.context(*as_of)?;
        let people =
            context.people.records.range(RecordType::Contact).start..context.people.records.range(RecordType::Lead).end;
        let window = LocalDays::until(as_of, WINDOW_DAYS);
        let found = edges(&context, &archive.interactions, &window, true, &Strangers::default())?;
        let true_of = truth.of(archive, as_of);
        let ours =
            connections(&found, Window::last(&window), ConnectionProfile::Enhanced, |_, _| None, &Scratch::default())?;
        let pairs = found.edges.chunk_by(|a, b| (a.user, a.record) == (b.user, b.record));
        for (pair, own) in pairs.zip(ours.iter()).filter(|(pair, _)| people.contains(&pair[0].record)) {
            let mut scores: Vec<f64> = RIVALS.iter().map(|rival| (rival.score)(pair, as_of.cutoff())).collect();
            scores.push(own.strength);
            let came_true = true_of.contains(&(own.user, own.record));
            cases.push(Case { list: (number, own.record), scores, came_true });
        }
    }
    let names: Vec<String> = dates.iter().map(|as_of| as_of.date.to_string()).collect();
    Ok(outcomes(archive, truth.study(), &names, cases, true))
}

/// Every contact with mail of the past 365 days: does it exchange mail both ways in the next 28?
pub fn health(archive: &Archive, dates: u32) -> Result<Vec<Outcome>, Box<dyn Error>> {
    let mut cases = Vec::new();
    let dates = archive.dates(dates, 30);
    let mut by_person: Vec<Edge> = archive.all.clone();
    by_person.sort_by_key(|edge| (edge.record, edge.at));
    for (number, as_of) in dates.iter().enumerate() {
        let context = archive.context(*as_of)?;
        let contacts = context.people.records.range(RecordType::Contact);
        let from = as_of.day_start(as_of.date - chrono::Days::new(u64::from(WINDOW_DAYS) - 1));
        let health =
            health::of_records(&context, &Histories::with_past(&context, &archive.interactions, Reach::default())?)?;
        let next = as_of.cutoff()..as_of.cutoff() + 28 * DAY;
        for person in by_person.chunk_by(|a, b| a.record == b.record) {
            let record = person[0].record;
            let past = &person[person.partition_point(|edge| edge.at < from)
                ..person.partition_point(|edge| edge.at < as_of.cutoff())];
            if !contacts.contains(&record) || past.is_empty() {
                continue;
            }
            let later = |started: Started| {
                person
                    .iter()
                    .any(|edge| edge.kind() == Kind::Email && edge.started() == started && next.contains(&edge.at))
            };
            let mut scores: Vec<f64> = RIVALS.iter().map(|rival| (rival.score)(past, as_of.cutoff())).collect();
            scores.push(health[record as usize].scored.map_or(0.0, |scored| scored.score));
            let came_true = later(Started::ByUs) && later(Started::ByThem);
            cases.push(Case { list: (number, record), scores, came_true });
        }
    }
    let names: Vec<String> = dates.iter().map(|as_of| as_of.date.to_string()).collect();
    Ok(outcomes(archive, HEALTH, &names, cases, false))
}

fn outcomes(archive: &Archive, study: &'static str, dates: &[String], cases: Vec<Case>, lists: bool) -> Vec<Outcome> {
    let methods = RIVALS.iter().map(|rival| rival.name).chain([OURS]);
    let mut found = Vec::new();
    for (at, method) in methods.enumerate() {
        let mut outcome = |date: Option<usize>| {
            let mut scored = Vec::new();
            let mut by_list: BTreeMap<(usize, u32), Vec<(f64, bool)>> = BTreeMap::new();
            for case in cases.iter().filter(|case| date.is_none_or(|date| case.list.0 == date)) {
                scored.push((case.scores[at], case.came_true));
                by_list.entry(case.list).or_default().push((case.scores[at], case.came_true));
            }
            let ranked: Vec<f64> = by_list.values().filter(|_| lists).filter_map(|list| ndcg(list)).collect();
            found.push(Outcome {
                lake: archive.name.clone(),
                study,
                method,
                date: date.map(|date| dates[date].clone()),
                count: scored.len(),
                positives: scored.iter().filter(|(_, came_true)| *came_true).count(),
                auc: auc(&scored),
                ndcg: (!ranked.is_empty()).then(|| ranked.iter().sum::<f64>() / ranked.len() as f64),
            });
        };
        (0..dates.len()).for_each(|date| outcome(Some(date)));
        outcome(None);
    }
    found
}
