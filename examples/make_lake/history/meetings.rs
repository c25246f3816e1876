//! Meetings: appointments of Dataverse and events of calendars, single ones and series.

use crate::random::{Random, Stream};
use crate::settings::Settings;
use crate::times::{DAY, END, Period, meeting_start, midnight, work, working_instant};
use crate::world::cast::{Company, Matter};
use crate::world::{PersonNo, Record, World};

#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Form {
    Single,
    SeriesMaster,
    Occurrence,
    Exception,
}

#[derive(Clone)]
pub struct Meeting {
    pub number: u64,
    /// The number of its calendar id, which the occurrences of a series share.
    pub series: u64,
    pub created: i64,
    pub start: i64,
    pub minutes: i64,
    pub organizer: PersonNo,
    /// Without the organizer.
    pub required: Vec<PersonNo>,
    pub optional: Vec<PersonNo>,
    /// A resource, no participant.
    pub room: Option<PersonNo>,
    pub declined: Vec<PersonNo>,
    /// 0 open, 1 completed, 2 cancelled, 3 scheduled.
    pub state: i32,
    pub all_day: bool,
    pub form: Form,
    pub about: Option<Record>,
    pub exchange: bool,
    pub dataverse: bool,
    pub subject: String,
}

impl Meeting {
    pub fn end(&self) -> i64 {
        self.start + self.minutes * 60
    }
}

pub struct Planner<'a> {
    world: &'a World,
    seed: u64,
    per_work: f64,
    /// Meetings and series begun so far, and rows numbered so far.
    begun: u64,
    numbered: u64,
}

impl<'a> Planner<'a> {
    pub fn new(world: &'a World, settings: &Settings) -> Self {
        let all = settings.periods.iter().map(|period| work(period.from, period.to)).sum::<f64>();
        let per_work = settings.meetings as f64 / all.max(1.0);
        Planner { world, seed: settings.seed, per_work, begun: 0, numbered: 0 }
    }

    /// The meetings that were planned in a period; some lie after it, some after the history.
    pub fn meetings(&mut self, period: &Period) -> Vec<Meeting> {
        let quota = self.numbered + (self.per_work * work(period.from, period.to)) as u64;
        let mut meetings = Vec::new();
        while self.numbered < quota {
            let mut random = Random::new(self.seed, Stream::Meetings, self.begun);
            self.begun += 1;
            let created = working_instant(&mut random, period.from, period.to);
            let meeting = self.planned(&mut random, created);
            if random.chance(0.008) {
                self.series(&mut random, &meeting, &mut meetings);
            } else {
                self.numbered += 1;
                meetings.push(meeting);
            }
        }
        meetings
    }

    fn planned(&self, random: &mut Random, created: i64) -> Meeting {
        let matter = random.weighted(&[
            (0.36, Matter::Deal),
            (0.38, Matter::Account),
            (0.12, Matter::Lead),
            (0.14, Matter::Internal),
        ]);
        let cast = self.world.cast(random, created, matter, Company { ours: 0.35, theirs: 0.35 });
        let ours_organize = matter == Matter::Internal || random.chance(0.7);
        let (host, guests) = if ours_organize { (&cast.ours, &cast.theirs) } else { (&cast.theirs, &cast.ours) };
        let mut required = Vec::new();
        let mut optional = Vec::new();
        for (place, &person) in guests.iter().chain(&host[1..]).enumerate() {
            if place == 0 || random.chance(0.75) { required.push(person) } else { optional.push(person) }
        }
        let all_day = random.chance(0.02);
        let soon = created + random.log_normal(5.0 * DAY as f64, 0.9) as i64;
        let start = meeting_start(random, soon.min(created + 75 * DAY)).max(created + 600);
        let (exchange, dataverse) =
            random.weighted(&[(0.32, (true, false)), (0.24, (false, true)), (0.44, (true, true))]);
        let everybody_declines = random.chance(0.012);
        let declined = guests.iter().copied().filter(|_| everybody_declines || random.chance(0.03)).collect();
        Meeting {
            number: self.numbered,
            series: self.numbered,
            created,
            start: if all_day { midnight(start) } else { start },
            minutes: if all_day { 1_440 } else { random.pick(&[15, 30, 30, 30, 45, 60, 60, 60, 90, 120]) },
            organizer: host[0],
            required,
            optional,
            room: random.chance(0.15).then(|| random.pick(&self.world.rooms)),
            declined,
            state: state(random, start),
            all_day,
            form: Form::Single,
            about: cast.about.filter(|_| random.chance(0.4)),
            exchange,
            dataverse,
            subject: cast.subject,
        }
    }

    /// A weekly series: the master, which is no meeting, and its occurrences.
    fn series(&mut self, random: &mut Random, first: &Meeting, meetings: &mut Vec<Meeting>) {
        let mut next = || {
            self.numbered += 1;
            self.numbered - 1
        };
        let master = Meeting { number: next(), form: Form::SeriesMaster, state: 3, ..first.clone() };
        let series = master.series;
        meetings.push(master);
        for week in 0..random.between(4, 13) {
            let moved = random.chance(0.1);
            let start = first.start + week * 7 * DAY + if moved { 3 * 3_600 } else { 0 };
            meetings.push(Meeting {
                number: next(),
                series,
                start,
                form: if moved { Form::Exception } else { Form::Occurrence },
                state: state(random, start),
                ..first.clone()
            });
        }
    }
}

fn state(random: &mut Random, start: i64) -> i32 {
    if start < END {
        random.weighted(&[(0.70, 1), (0.14, 3), (0.08, 0), (0.08, 2)])
    } else {
        random.weighted(&[(0.75, 3), (0.15, 0), (0.10, 2)])
    }
}
