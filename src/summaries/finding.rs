//! What a sentence can say about a record, before it is put into words (rule K11).

use chrono::NaiveDate;

use super::evidence::Share;

/// What is counted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Noun {
    /// Emails.
    Email,
    /// Meetings.
    Meeting,
    /// Calls.
    Call,
}

/// All that is counted, in the order of the columns.
pub const NOUNS: [Noun; 3] = [Noun::Email, Noun::Meeting, Noun::Call];

/// The kind of one interaction, and of an email who wrote it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Contact {
    /// An email whose writer's side is unknown.
    Email,
    /// An email of ours.
    EmailFromUs,
    /// An email of theirs.
    EmailFromThem,
    /// A meeting.
    Meeting,
    /// A call.
    Call,
    /// A task.
    Task,
}

/// The median of so many response times.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Answers {
    /// Hours.
    pub median: f64,
    /// Number of answers.
    pub count: u32,
}

/// Where health is heading, and what was counted.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct HealthTrend {
    /// Today's score.
    pub score: f64,
    /// The mean of the four weeks before.
    pub earlier: f64,
    /// Why.
    pub reason: TrendReason,
}

/// What goes with a trend.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[expect(missing_docs, reason = "each variant says what its fields are")]
pub enum TrendReason {
    /// Days without any contact.
    Silence(u32),
    /// Days without anything from them.
    NothingFromThem(u32),
    /// Days without anything from us.
    NothingFromUs(u32),
    /// Days with contact in the past four weeks.
    ContactDays(u32),
    /// The same, and so many in the four weeks before, which is another number beyond chance.
    ContactDaysChanged { recent: u32, before: u32 },
}

/// One thing that a sentence can say. Everything beside similar deals is at the age of the open one.
#[derive(Clone, Copy, Debug, PartialEq)]
#[expect(missing_docs, reason = "each variant says what its fields are")]
pub enum Finding<'a> {
    /// How many each side started.
    Started { noun: Noun, by_us: u32, by_them: u32 },
    /// How long each side takes to answer.
    AnswerTimes { by_us: Answers, by_them: Answers },
    /// How often each side answers.
    AnswerRates { by_us: Share, by_them: Share },
    /// How many there were, and on average in so many similar won deals.
    CountBesideSimilar { noun: Noun, here: u32, there: f64, deals: u32 },
    /// How long we take to answer, and the median of so many similar won deals.
    AnswerTimesBesideSimilar { here: Answers, there: f64, deals: u32 },
    /// How often they answer, and on average in so many similar won deals.
    AnswerRateBesideSimilar { here: Share, there: f64, deals: u32 },
    /// Hours that we spent, and on average in so many similar won deals.
    TimeBesideSimilar { here: f64, there: f64, deals: u32 },
    /// What there was.
    SoFar { counts: [u32; 3] },
    /// There was nothing.
    NoContact,
    /// Who has most of the contact.
    MostlyBetween { colleague: &'a str, person: &'a str },
    /// Where health is heading.
    Trend(HealthTrend),
    /// The next planned interaction.
    Planned { contact: Contact, day: NaiveDate },
    /// Nothing is planned.
    NothingPlanned,
    /// The last contact: how many days ago, and when.
    LastContact { days: u32, day: NaiveDate, contact: Contact },
}
