//! What happened: mails, meetings, calls and tasks, drawn period by period.

pub mod bulk_mail;
pub mod calls;
pub mod mail;
pub mod mailer;
pub mod meetings;

use crate::awkward::plants::Plants;
use crate::settings::Settings;
use crate::tables::activityparty::Party;
use crate::times::Period;
use crate::world::World;
use calls::{Call, Diary, Task};
use mail::Mail;
use mailer::Mailer;
use meetings::{Meeting, Planner};

/// The activities of one period, the drawn ones first, then the planted ones.
pub struct Activities {
    pub mails: Vec<Mail>,
    pub meetings: Vec<Meeting>,
    pub calls: Vec<Call>,
    pub tasks: Vec<Task>,
    pub parties: Vec<Party>,
}

/// Draws the activities, period after period.
pub struct History<'a> {
    plants: &'a Plants,
    mailer: Mailer<'a>,
    planner: Planner<'a>,
    diary: Diary<'a>,
}

impl<'a> History<'a> {
    pub fn new(world: &'a World, settings: &Settings, plants: &'a Plants) -> Self {
        History {
            plants,
            mailer: Mailer::new(world, settings),
            planner: Planner::new(world, settings),
            diary: Diary::new(world, settings),
        }
    }

    /// The activities of a period; the last one takes what is planted after it.
    pub fn of(&mut self, period: &Period, last: bool) -> Activities {
        fn planted<T: Clone>(all: &[T], within: impl Fn(&T) -> bool) -> Vec<T> {
            all.iter().filter(|&item| within(item)).cloned().collect()
        }
        let within = |at: i64| at >= period.from && (at < period.to || last);
        let plants = self.plants;
        let mut now = Activities {
            mails: self.mailer.mails(period),
            meetings: self.planner.meetings(period),
            calls: self.diary.calls(period),
            tasks: self.diary.tasks(period),
            parties: planted(&plants.parties, |party| within(party.created)),
        };
        now.mails.extend(planted(&plants.mails, |mail| within(mail.at)));
        now.meetings.extend(planted(&plants.meetings, |meeting| within(meeting.created)));
        now.calls.extend(planted(&plants.calls, |call| within(call.created)));
        now.tasks.extend(planted(&plants.tasks, |task| within(task.created)));
        now
    }
}
