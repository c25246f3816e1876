//! Mail threads: who writes when to whom, and which source holds each mail.

use crate::history::bulk_mail::automatic_reply;
use crate::history::mail::{Machine, Mail};
use crate::random::{Random, Stream};
use crate::settings::Settings;
use crate::times::{DAY, END, HOUR, MINUTE, Period, next_morning, off_hours, work, working_instant};
use crate::world::World;
use crate::world::cast::{Cast, Company, Matter};

/// The median of the delays drawn; pushing replies from the night to the morning lengthens them, so
/// that the median in the lake is 47 minutes.
const MEDIAN_REPLY_MINUTES: f64 = 44.5;

#[derive(Clone, Copy, PartialEq, Eq)]
enum Sources {
    Exchange,
    Dataverse,
    Both,
}

pub struct Mailer<'a> {
    pub world: &'a World,
    seed: u64,
    /// Mails of threads that go on after the period in which they began.
    later: Vec<Mail>,
    lost: f64,
    per_work: f64,
    made: u64,
    threads: u64,
}

impl<'a> Mailer<'a> {
    pub fn new(world: &'a World, settings: &Settings) -> Self {
        let all = settings.periods.iter().map(|period| work(period.from, period.to)).sum::<f64>();
        Mailer {
            world,
            seed: settings.seed,
            later: Vec::new(),
            lost: settings.mails.lost,
            per_work: settings.mails.distinct as f64 / all.max(1.0),
            made: 0,
            threads: 0,
        }
    }

    /// The mails of a period, in the order of their times.
    pub fn mails(&mut self, period: &Period) -> Vec<Mail> {
        let quota = self.made + (self.per_work * work(period.from, period.to)) as u64;
        let mut mails = std::mem::take(&mut self.later);
        while self.made < quota {
            let mut random = Random::new(self.seed, Stream::Mail, self.threads);
            let began = working_instant(&mut random, period.from, period.to);
            self.thread(&mut random, began, &mut mails);
            self.threads += 1;
        }
        self.later = mails.extract_if(.., |mail| mail.at >= period.to).collect();
        mails.sort_by_key(|mail| (mail.at, mail.number));
        mails
    }

    fn thread(&mut self, random: &mut Random, began: i64, mails: &mut Vec<Mail>) {
        if random.chance(0.045) {
            return self.machine_mail(random, began, mails);
        }
        if random.chance(0.0012) {
            return self.mass_mail(random, began, mails);
        }
        let matter = random.weighted(&[
            (0.28, Matter::Deal),
            (0.46, Matter::Account),
            (0.09, Matter::Lead),
            (0.10, Matter::Internal),
            (0.05, Matter::Stranger),
        ]);
        // Internal mail is rarely tracked; what is tracked only has fewer people in it.
        let sources = random.weighted(&[
            (0.37, Sources::Exchange),
            (if matter == Matter::Internal { 0.05 } else { 0.465 }, Sources::Dataverse),
            (0.175, Sources::Both),
        ]);
        let company = match sources {
            Sources::Dataverse => Company { ours: 0.08, theirs: 0.1 },
            _ => Company { ours: 0.72, theirs: 0.35 },
        };
        let cast = self.world.cast(random, began, matter, company);
        let first = self.made;
        let length = (random.log_normal(1.6, 0.95) as usize).clamp(1, 30);
        let indexed = random.chance(0.7);
        let mut ours_turn = random.chance(0.55);
        let mut at = began;
        for position in 0..length {
            if position > 0 {
                let followed_up = random.chance(0.13);
                ours_turn ^= !followed_up;
                at += reply_delay(random, &cast, ours_turn, followed_up);
                if off_hours(at) && random.chance(0.75) {
                    at = next_morning(random, at);
                }
                if at >= END {
                    break;
                }
            }
            let mut mail = self.written(random, &cast, at, ours_turn);
            mail.first = first;
            mail.began = began;
            mail.position = position;
            mail.parent = (position > 0).then(|| mail.number - 1);
            mail.subject = if position > 0 { format!("Re: {}", cast.subject) } else { cast.subject.clone() };
            mail.indexed = indexed;
            self.place(random, sources, &mut mail, position + 1 < length);
            if random.chance(0.012) {
                mails.push(automatic_reply(random, &mail));
            }
            mails.push(mail);
        }
    }

    /// A mail of a thread, before it is known which sources hold it.
    pub fn written(&mut self, random: &mut Random, cast: &Cast, at: i64, ours_turn: bool) -> Mail {
        let (own, other) = if ours_turn { (&cast.ours, &cast.theirs) } else { (&cast.theirs, &cast.ours) };
        let sender = if random.chance(0.85) { 0 } else { random.below(own.len()) };
        let mut to = Vec::with_capacity(other.len());
        let mut cc = Vec::new();
        for (place, &person) in other.iter().enumerate() {
            if place == 0 || random.chance(0.45) { to.push(person) } else { cc.push(person) }
        }
        cc.extend(own.iter().enumerate().filter(|&(place, _)| place != sender).map(|(_, &person)| person));
        // A few mails are copied to somebody in secret.
        let mut bcc = Vec::new();
        if ours_turn && random.chance(0.012) {
            let person = self.world.some_colleague(random);
            if !to.contains(&person) && !cc.contains(&person) && person != own[sender] {
                bcc.push(person);
            }
        }
        let number = self.made;
        self.made += 1;
        Mail {
            number,
            at,
            thread: self.threads,
            first: number,
            began: at,
            position: 0,
            parent: None,
            from: own[sender],
            delegate: (ours_turn && random.chance(0.008)).then(|| self.world.some_colleague(random)),
            to,
            cc,
            bcc,
            subject: String::new(),
            about: cast.about.filter(|_| random.chance(0.38)),
            machine: Machine::No,
            indexed: false,
            exchange: false,
            dataverse: false,
            status: if self.world.person(own[sender]).ours() { 3 } else { 4 },
            draft: false,
        }
    }

    /// Decides which sources hold the mail, and what became of it.
    fn place(&mut self, random: &mut Random, sources: Sources, mail: &mut Mail, answered: bool) {
        if answered && random.chance(self.lost) {
            return;
        }
        let sources = match sources {
            Sources::Both => {
                random.weighted(&[(0.66, Sources::Both), (0.19, Sources::Exchange), (0.15, Sources::Dataverse)])
            }
            one => one,
        };
        mail.exchange = sources != Sources::Dataverse;
        mail.dataverse = sources != Sources::Exchange;
        if !answered && mail.status == 3 {
            mail.draft = mail.exchange && random.chance(0.012);
            mail.status =
                random.weighted(&[(0.955, 3), (0.018, 1), (0.01, 2), (0.006, 6), (0.003, 7), (0.005, 8), (0.003, 5)]);
        }
    }
}

/// Seconds until the next mail of a thread.
fn reply_delay(random: &mut Random, cast: &Cast, ours: bool, followed_up: bool) -> i64 {
    if followed_up {
        // Nobody answered: a reminder after some days.
        return random.log_normal(2.5 * DAY as f64, 0.9) as i64 + HOUR;
    }
    let slowness = if ours { 0.9 } else { cast.slowness };
    let minutes = random.log_normal(MEDIAN_REPLY_MINUTES * slowness, 1.5);
    (minutes * MINUTE as f64) as i64 + random.between(20, 80)
}
