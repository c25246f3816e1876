//! Amounts of interactions added up to the value of a KPI, and written down with their numbers.

use super::plural::several;
use serde_json::Value;

use crate::kpis::Statistic;

/// What a KPI takes of interactions.
pub struct Taken {
    /// By interaction: what it adds, where it counts.
    pub amounts: Vec<Option<f64>>,
    /// By interaction: why it does not count.
    pub why_not: Vec<Option<String>>,
    /// The value that they add up to.
    pub value: Value,
    /// The same, written down with its numbers.
    pub sum: String,
    /// Why there is no value.
    pub missing: Option<String>,
}

/// Amounts by interaction, whole numbers of which the unit is so much.
pub struct Sum {
    /// By interaction: how many units it adds, where it counts.
    pub taken: Vec<Option<i64>>,
    /// By interaction: why it does not count.
    pub why_not: Vec<Option<String>>,
    /// What one of them is worth.
    pub unit: f64,
}

impl Sum {
    /// How many count.
    pub fn rows(&self) -> usize {
        self.taken.iter().flatten().count()
    }

    fn amounts(&self) -> Vec<Option<f64>> {
        self.taken.iter().map(|taken| taken.map(|taken| taken as f64 * self.unit)).collect()
    }

    fn of_value(self, value: Value, sum: String, missing: Option<String>) -> Taken {
        Taken { amounts: self.amounts(), why_not: self.why_not, value, sum, missing }
    }

    /// As a count.
    pub fn counted(self) -> Taken {
        let (rows, all) = (self.rows(), self.taken.len());
        self.of_value(rows.into(), format!("{rows} of {} of the record", several(all, "interaction")), None)
    }

    /// As minutes: of so many held interactions, so many of which have no length though they take time.
    pub fn minutes(self, held: usize, unknown: usize) -> Taken {
        let total = self.taken.iter().flatten().sum::<i64>() as f64 * self.unit;
        let known = self.rows();
        if held == 0 {
            return self.of_value(
                Value::Null,
                "no held interactions".to_string(),
                Some("there are no held interactions".to_string()),
            );
        }
        if known == 0 && unknown > 0 {
            let missing = match unknown {
                1 => "the length of the one interaction that takes time is unknown".to_string(),
                unknown => format!("the length of all {unknown} interactions that take time is unknown"),
            };
            return self.of_value(Value::Null, missing.clone(), Some(missing));
        }
        let without = if unknown > 0 { format!(", {unknown} of unknown length left out") } else { String::new() };
        let sum = format!("{} = {total} from {}{without}", self.terms(" + "), several(known, "interaction"));
        self.of_value(total.into(), sum, None)
    }

    /// As a statistic of response times.
    pub fn statistic(self, statistic: Statistic) -> Taken {
        let mut micros: Vec<i64> = self.taken.iter().flatten().copied().collect();
        if micros.is_empty() {
            return self.of_value(
                Value::Null,
                "no run was answered".to_string(),
                Some("no run was answered".to_string()),
            );
        }
        micros.sort_unstable();
        let (name, value) = match statistic {
            Statistic::Mean => {
                ("mean".to_string(), micros.iter().sum::<i64>() as f64 * self.unit / micros.len() as f64)
            }
            Statistic::Quantile(share) => {
                let place = (micros.len() - 1) as f64 * share;
                let (lower, upper) = (micros[place as usize] as f64, micros[place.ceil() as usize] as f64);
                (format!("quantile {share}"), (lower + (place - place.floor()) * (upper - lower)) * self.unit)
            }
        };
        let sum = format!("{name} of {} = {value}", self.terms(", "));
        self.of_value(value.into(), sum, None)
    }

    /// Some amounts, all where they are few.
    fn terms(&self, between: &str) -> String {
        const MOST: usize = 8;
        let amounts: Vec<String> = self.amounts().into_iter().flatten().map(|amount| amount.to_string()).collect();
        match amounts.len() {
            0 => "0".to_string(),
            count if count <= MOST => amounts.join(between),
            count => format!("{}{between}… ({count} in all)", amounts[..MOST].join(between)),
        }
    }
}

/// A KPI in a quotient.
#[derive(Clone, Copy)]
pub struct Term<'a> {
    /// Its name.
    pub name: &'a str,
    /// Its value for the record.
    pub value: &'a Value,
}

impl Taken {
    /// Of a KPI that is undefined.
    pub fn nothing(rows: usize, why: &str) -> Taken {
        Taken {
            amounts: vec![None; rows],
            why_not: vec![Some(why.to_string()); rows],
            value: Value::Null,
            sum: why.to_string(),
            missing: Some(why.to_string()),
        }
    }

    /// Of one KPI divided by another.
    pub fn quotient(numerator: Term<'_>, denominator: Term<'_>, rows: usize) -> Taken {
        let (Term { name: above, value: numerator }, Term { name: below, value: denominator }) =
            (numerator, denominator);
        let words = format!("{above} / {below} = {numerator} / {denominator}");
        Taken::divided(numerator.as_f64(), denominator.as_f64(), words, below, rows)
    }

    /// Of one KPI as a share of itself and another.
    pub fn share(of: Term<'_>, beside: Term<'_>, rows: usize) -> Taken {
        let (Term { name: of, value: one }, Term { name: beside, value: other }) = (of, beside);
        let both = one.as_f64().zip(other.as_f64()).map(|(one, other)| one + other);
        let words = format!("{of} / ({of} + {beside}) = {one} / ({one} + {other})");
        Taken::divided(one.as_f64(), both, words, &format!("{of} + {beside}"), rows)
    }

    fn divided(above: Option<f64>, below: Option<f64>, words: String, divisor: &str, rows: usize) -> Taken {
        let value = above.zip(below).filter(|(_, below)| *below > 0.0).map(|(above, below)| above / below);
        let result = value.map_or_else(|| "unknown".to_string(), |value| value.to_string());
        Taken {
            amounts: vec![None; rows],
            why_not: vec![None; rows],
            value: value.map_or(Value::Null, Value::from),
            sum: format!("{words} = {result}"),
            missing: Some(format!("{divisor} is {}, and nothing is divided by that", below.unwrap_or_default())),
        }
    }
}

/// Whether two values are the same; of other than whole numbers the last digits may be those of another order of sums.
pub fn is_same(one: &Value, other: &Value) -> bool {
    const DIGITS: f64 = 1e-9;
    match (one.as_f64(), other.as_f64()) {
        (Some(one), Some(other)) => (one - other).abs() <= DIGITS * one.abs().max(other.abs()).max(1.0),
        _ => one == other,
    }
}
