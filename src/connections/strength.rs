//! How strong a connection is: the published formula (rules W3, W4).
//!
//! ```text
//! weight    of an interaction: 1 / ⁴√(people it speaks to), half of that where the recipient is only copied in
//! life(n)   7 / (7 + n), n being whole days: 1 today, ½ after a week, ⅓ after two
//! frequency sum of weight × √(30 / (30 + n)) over the days of contact, the heaviest interaction of each day
//! mutuality the smaller of the same sums over the days they wrote and the days we wrote;
//!           meetings and calls are both
//! activity  of a person: sum of √life over the days of any contact with the other side × life^1.5 of the last
//! own       (frequency + mutuality / 2)^1.25 × life^0.75 of the last contact
//! raw       own × √((0.3 + activity of the colleague) × (0.1 + of the person))
//!           / ⁸√(people the colleague was in touch with × colleagues the person was in touch with)
//! exchange  raw; where mutuality is 0, 2 × raw / (2 + raw), so that no number of one-way mails reaches 30
//! strength  100 × q / (1 + q), q = √(exchange / 12)
//! ```

use bytemuck::{Pod, Zeroable};

use super::edges::Edge;
use super::window::{WINDOW_DAYS, Window};
use crate::decay::{Fading, MICRO, life, whole};
use crate::interactions::Kind;
use crate::interactions::interaction_view::Started;
use crate::table::{Column, ColumnType};

/// Days after which something counts half.
pub const HALF: f64 = 7.0;
/// Days after which a day of contact counts half as much, squared, in what two people had to do with each other.
pub const MEMORY: f64 = 30.0;
/// Activity of a colleague, and of a person, who has been quiet.
const QUIET: [f64; 2] = [0.3, 0.1];
/// What the raw strength of a connection in one direction stays below.
const ONE_WAY: f64 = 2.0;
/// The raw strength that gives 50.
const EVEN: f64 = 12.0;

/// What a strength is made of, as it is published beside it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Zeroable, Pod)]
#[repr(C)]
pub struct StrengthComponents {
    /// Days since the last contact.
    pub days_since_contact: u32,
    /// Days with contact.
    pub contact_days: u32,
    /// See the formula.
    pub frequency: f64,
    /// See the formula.
    pub mutuality: f64,
    /// How active the colleague is with anyone outside.
    pub colleague_activity: f64,
    /// How active the person is with any colleague.
    pub person_activity: f64,
    /// With how many contacts and leads the colleague was in touch.
    pub colleague_people: u32,
    /// With how many colleagues the person was in touch.
    pub person_colleagues: u32,
}

/// The formula as of the end of a window.
pub struct StrengthFormula<'a> {
    window: Window<'a>,
    fading: Fading,
    memory: Fading,
}

impl<'a> StrengthFormula<'a> {
    /// As of the end of the window.
    pub fn new(window: Window<'a>) -> StrengthFormula<'a> {
        StrengthFormula { window, fading: Fading::new(HALF, WINDOW_DAYS), memory: Fading::new(MEMORY, WINDOW_DAYS) }
    }

    /// How active somebody is who was in touch on the days at these places, in ascending order.
    pub fn activity(&self, places: impl Iterator<Item = u32>) -> f64 {
        let (mut sum, mut last) = (0, None);
        for age in self.window.ages(places) {
            sum += self.fading.weigh(MICRO, age);
            last = Some(age);
        }
        last.map_or(0.0, |age| alive(whole(sum), age))
    }

    /// Of one connection: its edges in the window in the order of time, and how active its two ends are.
    pub fn components(&self, edges: &[Edge], colleague_activity: f64, person_activity: f64) -> StrengthComponents {
        let age_of = |edge: &Edge| self.window.age(edge.at);
        let mut found = StrengthComponents { colleague_activity, person_activity, ..StrengthComponents::default() };
        let (mut all, mut sent, mut received) = (0, 0, 0);
        for of_day in edges.chunk_by(|a, b| age_of(a) == age_of(b)) {
            let age = age_of(&of_day[0]);
            let heaviest = |counts: &dyn Fn(&Edge) -> bool| {
                let weights = of_day.iter().filter(|edge| counts(edge)).map(|edge| edge.weight);
                weights.max().map_or(0, |weight| self.memory.weigh(weight, age))
            };
            let is_email = |edge: &Edge| edge.kind() == Kind::Email;
            all += heaviest(&|_| true);
            sent += heaviest(&|edge| !is_email(edge) || edge.started() == Started::ByUs);
            received += heaviest(&|edge| !is_email(edge) || edge.started() == Started::ByThem);
            found.days_since_contact = age;
            found.contact_days += 1;
        }
        found.frequency = whole(all);
        found.mutuality = whole(sent.min(received));
        found
    }
}

/// A sum over days of contact, as far as the last of them says that it still goes on.
fn alive(sum: f64, age: u32) -> f64 {
    let life = life(age, HALF);
    sum * life * life.sqrt()
}

impl StrengthComponents {
    /// Whether only one of the two ever wrote, and they neither met nor called.
    pub fn one_way(&self) -> bool {
        self.mutuality == 0.0
    }

    /// The strength, 0 to 100.
    pub fn strength(&self) -> f64 {
        self.steps().strength
    }

    /// The strength and what it is computed by.
    pub fn steps(&self) -> Steps {
        let contact = self.frequency + self.mutuality / 2.0;
        let life = life(self.days_since_contact, HALF).sqrt();
        let own = contact * contact.sqrt().sqrt() * life * life.sqrt();
        let active = (QUIET[0] + self.colleague_activity) * (QUIET[1] + self.person_activity);
        let known = f64::from(self.colleague_people.max(1)) * f64::from(self.person_colleagues.max(1));
        let raw = own * active.sqrt() / known.sqrt().sqrt().sqrt();
        let exchange = if self.one_way() { ONE_WAY * raw / (ONE_WAY + raw) } else { raw };
        let odds = (exchange / EVEN).sqrt();
        Steps { own, raw, exchange, odds, strength: 100.0 * odds / (1.0 + odds) }
    }
}

/// What a strength is computed by, by the names of jobs/FORMULAS.md.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Steps {
    /// Of the two alone.
    pub own: f64,
    /// With how active and how widely known both are.
    pub raw: f64,
    /// Bounded where only one of the two ever wrote.
    pub exchange: f64,
    /// q.
    pub odds: f64,
    /// 0 to 100.
    pub strength: f64,
}

/// The strength where only the number of interactions counts (profile `basic`): 50 at four, 80 at 16.
pub fn basic(interactions: u32) -> f64 {
    let count = f64::from(interactions);
    100.0 * count / (count + 4.0)
}

/// A component's column, and its value.
pub struct StrengthComponent {
    /// As it is declared.
    pub column: Column,
    /// Its value; counts are whole.
    pub value: fn(&StrengthComponents) -> f64,
}

/// The components that are published.
pub fn components() -> [StrengthComponent; 8] {
    let component = |name, dtype, unit, description, example, value| StrengthComponent {
        column: Column { defined_in: file!(), name, dtype, unit, description, empty: "never", rule: "W3", example },
        value,
    };
    [
        component(
            "days_since_contact",
            ColumnType::Int64,
            "days",
            "Whole days of the reporting zone from the last interaction to the date.",
            "yesterday: 1",
            |found| f64::from(found.days_since_contact),
        ),
        component(
            "contact_days",
            ColumnType::Int64,
            "days",
            "Days on which the two were in touch.",
            "two emails on Monday, a call on Friday: 2",
            |found| f64::from(found.contact_days),
        ),
        component(
            "frequency",
            ColumnType::Float64,
            "decayed days",
            "Sum over the days of contact of weight × √(30 / (30 + age)), by the heaviest interaction of the day; the \
             weight is 1 / ⁴√(people it speaks to), half of that when the recipient is in Cc.",
            "one email to one person today and one 90 days ago: 1.5",
            |found| found.frequency,
        ),
        component(
            "mutuality",
            ColumnType::Float64,
            "decayed days",
            "The smaller of the same sums over days on which the colleague wrote and days on which the other one did; \
             meetings and calls are both. 0 where only one of the two ever wrote: then label is weak and strength \
             below 30.",
            "the colleague wrote today, no answer: 0.0",
            |found| found.mutuality,
        ),
        component(
            "colleague_activity",
            ColumnType::Float64,
            "decayed days",
            "How active the colleague is: sum of √(7 / (7 + age)) over the days of contact with anyone outside, times \
             (7 / (7 + days since the last))^1.5.",
            "today and 21 days ago: 1.5",
            |found| found.colleague_activity,
        ),
        component(
            "person_activity",
            ColumnType::Float64,
            "decayed days",
            "How active the other one is: the same over the days of contact with any colleague.",
            "only a week ago: 0.25",
            |found| found.person_activity,
        ),
        component(
            "colleague_people",
            ColumnType::Int64,
            "people",
            "With how many contacts and leads the colleague was in touch in the past 365 days.",
            "40",
            |found| f64::from(found.colleague_people),
        ),
        component(
            "person_colleagues",
            ColumnType::Int64,
            "colleagues",
            "With how many colleagues the other one was in touch in the past 365 days.",
            "3",
            |found| f64::from(found.person_colleagues),
        ),
    ]
}
