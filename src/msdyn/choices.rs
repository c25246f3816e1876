//! The choices of the original, with their labels, and which words of ours stand for which.

use super::column::{ChoiceValue, DataverseType, Mapped, Origin};

const fn choice(code: i64, label: &'static str) -> ChoiceValue {
    ChoiceValue { code, label }
}

/// `statecode` of every table.
pub const STATE: &[ChoiceValue] = &[choice(0, "Active"), choice(1, "Inactive")];
/// `statuscode` of every table.
pub const STATUS: &[ChoiceValue] = &[choice(1, "Active"), choice(2, "Inactive")];

const COMPLETE: i64 = 100_000_000;
const PARTIAL: i64 = 100_000_001;

/// `msdyn_computationaccuracy`.
pub const ACCURACY: Mapped = Mapped::new(
    "msdyn_computationaccuracy",
    DataverseType::Choice(&[choice(COMPLETE, "Complete"), choice(PARTIAL, "Partial")]),
    Origin::Words(&["computation_accuracy"], &[("complete", COMPLETE), ("partial", PARTIAL)]),
);

/// `msdyn_relationshiphealthscorestate`. A dormant relationship is one that is poor, and the original has no word for more.
pub const HEALTH_STATE: Mapped = Mapped::new(
    "msdyn_relationshiphealthscorestate",
    DataverseType::Choice(&[
        choice(0, "Good"),
        choice(1, "Fair"),
        choice(2, "Poor"),
        choice(3, "Not enough info"),
        choice(4, "No Closed Activities"),
        choice(5, "Health Computation In Progress"),
        choice(6, "Something went wrong"),
        choice(7, "Entity older than 2 years"),
    ]),
    Origin::Words(
        &["health_state"],
        &[
            ("good", 0),
            ("fair", 1),
            ("poor", 2),
            ("dormant", 2),
            ("not_enough_info", 3),
            ("no_closed_activities", 4),
            ("older_than_two_years", 7),
        ],
    ),
);

/// `msdyn_relationshiphealthtrend`. Without a trend the state says why there is none.
pub const HEALTH_TREND: Mapped = Mapped::new(
    "msdyn_relationshiphealthtrend",
    DataverseType::Choice(&[
        choice(0, "Improving"),
        choice(1, "Steady"),
        choice(2, "Declining"),
        choice(3, "Not enough info"),
        choice(4, "Something went wrong"),
        choice(5, "Health not applicable"),
    ]),
    Origin::Words(
        &["health_trend", "health_state"],
        &[
            ("improving", 0),
            ("steady", 1),
            ("declining", 2),
            ("not_enough_info", 3),
            ("no_closed_activities", 3),
            ("older_than_two_years", 3),
            ("not_applicable", 5),
        ],
    ),
);

/// Directions of the last and of the next activity.
pub const DIRECTIONS: &[ChoiceValue] = &[choice(0, "Incoming"), choice(1, "Outgoing")];
/// Our words for them.
pub const DIRECTION_WORDS: &[(&str, i64)] = &[("inbound", 0), ("outbound", 1)];
/// Directions where the original has a text.
pub const DIRECTION_TEXTS: &[(&str, &str)] = &[("inbound", "Incoming"), ("outbound", "Outgoing")];

/// Kinds of activities, by the names of their tables in Dataverse.
pub const ACTIVITY_TYPES: &[(&str, &str)] =
    &[("email", "email"), ("meeting", "appointment"), ("phone_call", "phonecall"), ("task", "task")];

#[cfg(test)]
mod tests {
    use super::*;
    use crate::health::{STATES, TRENDS};

    fn words(of: &Mapped) -> Vec<&'static str> {
        let Origin::Words(_, words) = of.origin else { panic!() };
        let DataverseType::Choice(choices) = of.kind else { panic!() };
        assert!(words.iter().all(|(_, code)| choices.iter().any(|choice| choice.code == *code)), "{}", of.name);
        words.iter().map(|(word, _)| *word).collect()
    }

    #[test]
    fn every_state_and_trend_has_a_code() {
        let without = |words: Vec<&str>, all: &[&'static str]| -> Vec<&'static str> {
            all.iter().copied().filter(|word| !words.contains(word)).collect()
        };
        // The original says of these that they have no health by the trend alone.
        assert_eq!(without(words(&HEALTH_STATE), &STATES), ["not_applicable"]);
        assert_eq!(without(words(&HEALTH_TREND), &TRENDS), [""; 0]);
        let unscored = ["not_enough_info", "no_closed_activities", "older_than_two_years", "not_applicable"];
        assert_eq!(without(words(&HEALTH_TREND), &unscored), [""; 0]);
        assert_eq!(words(&ACCURACY), ["complete", "partial"]);
    }
}
