//! How scores came about: relationship health and the strength of connections, component by component, from the numbers that
//! are published beside them.

use super::plural::days_ago;
use polars::prelude::*;
use serde_json::Value;

use super::formulas;
use super::story::ColumnStory;
use crate::config::{ConnectionProfile, ExpectedContact, Settings};
use crate::connections::{self, strength};
use crate::health::factors::{self, Components};
use crate::health::score::Formula;
use crate::health::{DEAD_BAND, STATES, State, TRENDS, Trend};
use crate::table::cells;

/// Names of components of health, in the order of the product.
const FIVE: [&str; 5] = ["frequency", "mutual", "recency", "our_activity", "varied"];

/// The numbers of a row by their columns.
pub struct RowValues<'a>(pub &'a DataFrame);

impl RowValues<'_> {
    /// A value; null where it is unknown or there is no such column.
    pub fn value(&self, name: &str) -> Value {
        self.0.column(name).map_or(Value::Null, |column| cells::json(column, 0))
    }

    /// A number; none where it is unknown or there is no such column.
    pub fn number(&self, name: &str) -> Option<f64> {
        self.value(name).as_f64()
    }

    /// A text.
    pub fn text(&self, name: &str) -> Option<String> {
        self.value(name).as_str().map(str::to_string)
    }

    fn days(&self, name: &str) -> Option<u32> {
        u32::try_from(self.value(name).as_i64()?).ok()
    }
}

/// Tells a column of health; false where it is none.
pub fn health(numbers: &RowValues<'_>, story: &mut ColumnStory, settings: &Settings) -> bool {
    let name = story.column.as_str();
    let entry = if name == "health_score" { "score" } else { name };
    let formula = formulas::find("Relationship health", entry).or_else(|| match name {
        "earlier_health_score" | "health_trend" => formulas::find("Relationship health", "trend"),
        "dormant_after_days" => formulas::find("Relationship health", "dormant"),
        _ => None,
    });
    let state = numbers.text("health_state");
    let told = match name {
        "health_score" | "health_percentile" | "earlier_health_score" | "health_trend" | "health_state" => true,
        _ => formula.is_some(),
    };
    if !told {
        return false;
    }
    story.formula = formula.map(str::to_string);
    if story.value.is_null() {
        story.missing = state.as_deref().map(|state| unscored(state).to_string());
        return true;
    }
    let half = Formula::new(&settings.health).half();
    let known = |name: &str| numbers.number(name).unwrap_or_default();
    let (received, sent) = (known("received"), known("sent"));
    let computed = match name {
        "health_score" => {
            let [frequency, mutual, recency, our_activity, varied] = FIVE.map(known);
            let components = Components { frequency, mutual, recency, our_activity, varied, ..Components::default() };
            let factors: Vec<String> = FIVE.iter().map(|name| format!("{name} {}", known(name))).collect();
            let (x, score) = (components.product(), components.score());
            story.with_numbers = Some(format!("x = {} = {x}; score {score}", factors.join(" × ")));
            Some(score)
        }
        "frequency" => {
            let expected = known("expected_frequency");
            let found = factors::frequency(received, sent, expected);
            story.with_numbers =
                Some(format!("(¼ + received {received} + ¼ + sent {sent}) / 2 / expected {expected} = {found}"));
            Some(found)
        }
        "mutual" => {
            let found = factors::mutual(received, sent);
            story.with_numbers =
                Some(format!("√((¼ + received {received}) × (¼ + sent {sent})) / their mean = {found}"));
            Some(found)
        }
        "recency" => {
            let since = [numbers.days("days_since_received"), numbers.days("days_since_sent")];
            let contact = numbers.days("days_since_contact").unwrap_or_default();
            let found = factors::recency(contact, since, half);
            let told = since.map(|days| days.map_or("never".to_string(), days_ago));
            story.with_numbers = Some(format!(
                "last contact {}, from them {}, from us {}, half {half} days: {found}",
                days_ago(contact),
                told[0],
                told[1]
            ));
            Some(found)
        }
        "health_trend" => {
            let (now, before) = (known("health_score"), known("earlier_health_score"));
            story.recomputed(
                TRENDS[Trend::between(before, now) as usize].into(),
                format!("{now} now against {before} before: {:+}, beyond ± {DEAD_BAND} it is a trend", now - before),
            );
            None
        }
        "health_state" => {
            let (good, fair) = (settings.health.good_from, settings.health.fair_from);
            let silent = numbers.days("days_since_contact").unwrap_or_default();
            let dormant_after = numbers.days("dormant_after_days");
            let dormant = dormant_after.map_or(String::new(), |after| {
                format!("; dormant where poor and silent for more than {after} days, it was {silent}")
            });
            match numbers.number("health_score") {
                Some(score) => {
                    let state = State::of_score(score, silent, dormant_after, &settings.health);
                    let told = format!("score {score}; good from {good}, fair from {fair}{dormant}");
                    story.recomputed(STATES[state as usize].into(), told);
                }
                None => story.with_numbers = Some(unscored(state.as_deref().unwrap_or_default()).to_string()),
            }
            None
        }
        _ => None,
    };
    check(story, computed);
    true
}

/// Why a row of a table of KPIs has no health at all, for one of its values; none where it has.
pub fn no_health(table: &str, row: &RowValues<'_>, column: &str, settings: &Settings) -> Option<String> {
    match (table, column, row.text("state").as_deref()) {
        ("account_kpis", name, _) if is_of_account(name) && !settings.health.accounts => {
            Some("in the profile dynamics accounts have no health".to_string())
        }
        ("account_kpis", "health_state" | "health_score" | "health_trend", _) => Some(format!(
            "accounts have theirs in account_{column}, which is {} here",
            row.value(&format!("account_{column}"))
        )),
        ("lead_kpis" | "opportunity_kpis", "health_state", Some(state)) if state != "open" => {
            Some(format!("its state is {state}"))
        }
        _ => None,
    }
}

fn is_of_account(column: &str) -> bool {
    ["health_state", "health_score", "health_trend"].contains(&column.trim_start_matches("account_"))
}

fn unscored(state: &str) -> &'static str {
    match STATES.iter().position(|name| *name == state) {
        Some(at) if at == State::NoClosedActivities as usize => "nothing was ever held that counts for the record",
        Some(at) if at == State::NotEnoughInfo as usize => "nothing was held in the past 365 days",
        Some(at) if at == State::OlderThanTwoYears as usize => "the last interaction is two years old or older",
        Some(at) if at == State::NotApplicable as usize => "closed leads and opportunities have no health",
        _ => "the row has none",
    }
}

/// Tells a column of a connection; false where it is none.
pub fn connection(numbers: &RowValues<'_>, story: &mut ColumnStory, settings: &Settings) -> bool {
    let name = story.column.as_str();
    let entry = match name {
        "colleague_activity" | "person_activity" => "activity",
        other => other,
    };
    story.formula = formulas::find("Strength", entry).map(str::to_string);
    match name {
        "strength" if settings.connection_profile == ConnectionProfile::Basic => {
            let count = numbers.days("interactions").unwrap_or_default();
            story.formula = Some("100 × n / (n + 4), n being the interactions".to_string());
            story.with_numbers = Some(format!("n = {count}"));
            check(story, Some(strength::basic(count)));
            true
        }
        "strength" => {
            let known = |name: &str| numbers.number(name).unwrap_or_default();
            let days = |name: &str| numbers.days(name).unwrap_or_default();
            let components = strength::StrengthComponents {
                days_since_contact: days("days_since_contact"),
                contact_days: days("contact_days"),
                frequency: known("frequency"),
                mutuality: known("mutuality"),
                colleague_activity: known("colleague_activity"),
                person_activity: known("person_activity"),
                colleague_people: days("colleague_people"),
                person_colleagues: days("person_colleagues"),
            };
            let steps = components.steps();
            story.with_numbers = Some(format!(
                "own {} (frequency {}, mutuality {}, {}); raw {} (activity {} and {}, people {} and {}); \
                 exchange {}; q {}; strength {}",
                steps.own,
                components.frequency,
                components.mutuality,
                days_ago(components.days_since_contact),
                steps.raw,
                components.colleague_activity,
                components.person_activity,
                components.colleague_people,
                components.person_colleagues,
                steps.exchange,
                steps.odds,
                steps.strength
            ));
            check(story, Some(steps.strength));
            true
        }
        "label" => {
            let (strong, good) = (settings.strong_from, settings.good_from);
            let looks_at_both = settings.connection_profile == ConnectionProfile::Enhanced;
            let is_one_way = looks_at_both && numbers.number("mutuality") == Some(0.0);
            let one_way = if is_one_way { "; weak in one direction" } else { "" };
            let strength = numbers.number("strength").unwrap_or_default();
            let label = connections::table::word(strength, is_one_way, settings);
            let told = format!("strength {strength}; strong from {strong}, good from {good}{one_way}");
            story.recomputed(label.into(), told);
            true
        }
        _ => story.formula.is_some(),
    }
}

fn check(story: &mut ColumnStory, computed: Option<f64>) {
    if let Some(computed) = computed {
        story.adds_up = Some(super::sums::is_same(&computed.into(), &story.value));
        story.from_rows = Some(computed.into());
    }
}

/// How the expected contact is called where it is set, for notes.
pub fn expected(settings: &Settings) -> &'static str {
    settings.health.expected_contact.map_or("auto", ExpectedContact::name)
}
