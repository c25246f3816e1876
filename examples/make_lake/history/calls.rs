//! Phone calls and tasks.

use crate::random::{Random, Stream};
use crate::settings::Settings;
use crate::times::{DAY, END, HOUR, MINUTE, Period, work, working_instant};
use crate::world::cast::{Company, Matter};
use crate::world::{Owner, PersonNo, Record, Who, World};

#[derive(Clone)]
pub struct Call {
    pub number: u64,
    pub created: i64,
    pub at: i64,
    pub minutes: Option<i64>,
    pub outgoing: bool,
    pub ours: PersonNo,
    pub theirs: PersonNo,
    pub about: Option<Record>,
    pub state: i32,
    pub subject: String,
}

#[derive(Clone)]
pub struct Task {
    pub number: u64,
    pub created: i64,
    pub due: i64,
    pub minutes: Option<i64>,
    pub owner: Owner,
    pub about: Option<Record>,
    pub state: i32,
    pub subject: String,
}

/// Makes what happens `count` times in the history, evenly over its work.
pub struct Diary<'a> {
    world: &'a World,
    seed: u64,
    calls_per_work: f64,
    tasks_per_work: f64,
    calls: u64,
    tasks: u64,
}

impl<'a> Diary<'a> {
    pub fn new(world: &'a World, settings: &Settings) -> Self {
        let all = settings.periods.iter().map(|period| work(period.from, period.to)).sum::<f64>().max(1.0);
        Diary {
            world,
            seed: settings.seed,
            calls_per_work: settings.calls as f64 / all,
            tasks_per_work: settings.tasks as f64 / all,
            calls: 0,
            tasks: 0,
        }
    }

    pub fn calls(&mut self, period: &Period) -> Vec<Call> {
        let count = (self.calls_per_work * work(period.from, period.to)).round() as u64;
        let numbers = self.calls..self.calls + count;
        self.calls += count;
        numbers.map(|number| self.call(number, period)).collect()
    }

    pub fn tasks(&mut self, period: &Period) -> Vec<Task> {
        let count = (self.tasks_per_work * work(period.from, period.to)).round() as u64;
        let numbers = self.tasks..self.tasks + count;
        self.tasks += count;
        numbers.map(|number| self.task(number, period)).collect()
    }

    fn call(&self, number: u64, period: &Period) -> Call {
        let mut random = Random::new(self.seed, Stream::Calls, number);
        let created = working_instant(&mut random, period.from, period.to);
        let matter = random.weighted(&[(0.4, Matter::Deal), (0.45, Matter::Account), (0.15, Matter::Lead)]);
        let cast = self.world.cast(&mut random, created, matter, Company { ours: 0.0, theirs: 0.0 });
        // Some calls are logged after the fact, others planned ahead.
        let planned = random.chance(0.35);
        let at = if planned {
            created + random.log_normal(4.0 * DAY as f64, 0.8) as i64
        } else {
            created - random.between(2 * MINUTE, 5 * HOUR)
        };
        let state = match (at < END, planned) {
            (true, true) => random.weighted(&[(0.8, 1), (0.12, 0), (0.08, 2)]),
            (true, false) => 1,
            (false, _) => random.weighted(&[(0.93, 0), (0.07, 2)]),
        };
        Call {
            number,
            created,
            at,
            minutes: random.chance(0.85).then(|| random.log_normal(9.0, 0.8) as i64 + 1),
            outgoing: random.chance(0.65),
            ours: cast.ours[0],
            theirs: cast.theirs[0],
            about: cast.about.filter(|_| random.chance(0.5)),
            state,
            subject: cast.subject,
        }
    }

    fn task(&self, number: u64, period: &Period) -> Task {
        let mut random = Random::new(self.seed, Stream::Tasks, number);
        let created = working_instant(&mut random, period.from, period.to);
        let matter = random.weighted(&[(0.5, Matter::Deal), (0.3, Matter::Account), (0.2, Matter::Lead)]);
        let cast = self.world.cast(&mut random, created, matter, Company { ours: 0.0, theirs: 0.0 });
        let due = created + random.log_normal(5.0 * DAY as f64, 0.9) as i64;
        let owner = match self.world.person(cast.ours[0]).who {
            Who::Colleague(colleague) => Owner::Colleague(colleague),
            _ => Owner::Colleague(0),
        };
        let state = if due < END { random.weighted(&[(0.75, 1), (0.17, 0), (0.08, 2)]) } else { 0 };
        Task {
            number,
            created,
            due,
            minutes: random.chance(0.6).then(|| random.between(1, 19) * 10),
            owner,
            about: cast.about.filter(|_| random.chance(0.9)),
            state,
            subject: cast.subject,
        }
    }
}
