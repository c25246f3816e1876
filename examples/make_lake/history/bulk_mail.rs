//! Mail of machines, to very many people, and automatic replies.

use crate::history::mail::{Machine, Mail};
use crate::history::mailer::Mailer;
use crate::names::{AUTOMATIC, PRODUCTS};
use crate::random::Random;
use crate::times::year;
use crate::world::cast::{Cast, Company, Matter, push_new};

impl Mailer<'_> {
    /// A newsletter or a notification.
    pub fn machine_mail(&mut self, random: &mut Random, at: i64, mails: &mut Vec<Mail>) {
        let cast = Cast {
            ours: vec![self.world.some_colleague(random)],
            theirs: vec![random.pick(&self.world.robots)],
            about: None,
            slowness: 1.0,
            subject: format!("{} news {}", random.pick(PRODUCTS), random.below(500)),
        };
        let mut mail = self.written(random, &cast, at, false);
        mail.machine = random.weighted(&[(0.7, Machine::Newsletter), (0.2, Machine::Bulk), (0.1, Machine::No)]);
        mail.subject = cast.subject;
        mail.exchange = random.chance(0.8);
        mail.dataverse = !mail.exchange;
        mails.push(mail);
    }

    /// A mail to very many customers.
    pub fn mass_mail(&mut self, random: &mut Random, at: i64, mails: &mut Vec<Mail>) {
        let company = Company { ours: 0.0, theirs: 0.0 };
        let mut cast = self.world.cast(random, at, Matter::Account, company);
        let size = random.log_normal(45.0, 0.5).clamp(12.0, 160.0) as usize;
        for _ in 0..size {
            let contact = random.below(self.world.drawn.contacts);
            let person = self.world.contacts[contact].person;
            push_new(&mut cast.theirs, person);
        }
        let mut mail = self.written(random, &cast, at, true);
        mail.subject = format!("{} in {}", random.pick(PRODUCTS), year(at) + 1);
        mail.about = None;
        mail.exchange = true;
        mail.dataverse = random.chance(0.2);
        mails.push(mail);
    }
}

/// What a recipient's mailbox answers by itself.
pub fn automatic_reply(random: &mut Random, mail: &Mail) -> Mail {
    // Beyond all numbers of threads, which stay consecutive.
    let number = 5_000_000_000 + mail.number;
    Mail {
        number,
        at: mail.at + random.between(3, 40),
        first: number,
        position: 1,
        parent: Some(mail.number),
        from: mail.to[0],
        delegate: None,
        to: vec![mail.from],
        cc: Vec::new(),
        bcc: Vec::new(),
        subject: format!("{}{}", random.pick(AUTOMATIC), mail.subject),
        about: None,
        machine: if random.chance(0.7) { Machine::AutoSubmitted } else { Machine::No },
        exchange: mail.exchange,
        dataverse: mail.dataverse && !mail.exchange,
        status: if mail.status == 4 { 3 } else { 4 },
        draft: false,
        ..mail.clone()
    }
}
