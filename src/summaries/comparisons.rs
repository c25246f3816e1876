//! Differences beyond chance between the two sides, and between a deal and its similar won deals (rule K11).

use super::evidence::{self, CHANCE, FAR_APART, Share, binomial, fisher, sign, weight, weight_of_ranks};
use super::finding::{Answers, Finding, NOUNS, Noun};
use super::numbers::Numbers;
use crate::similar_deals::at_same_age::{AtSameAge, median};

/// How many times the smaller number the larger one is at least.
const LARGER: f64 = 1.25;
/// By how much two shares differ at least.
const FURTHER: f64 = 0.1;
/// Cases that each share needs.
const LEAST_CASES: u32 = 5;

/// A finding and how telling it is.
type Weighed = (f64, Finding<'static>);

/// What we do more or less than they do, the most telling first.
pub fn beside_them(numbers: &Numbers) -> Vec<Finding<'static>> {
    let mut found: Vec<Weighed> = Vec::new();
    for (noun, (by_us, by_them)) in NOUNS.into_iter().zip(numbers.counts) {
        let chance = sign(by_us, by_them);
        if chance <= CHANCE && is_larger(by_us.into(), by_them.into()) {
            found.push((worth(noun) * weight(chance), Finding::Started { noun, by_us, by_them }));
        }
    }
    let [us, them] = numbers.response_hours;
    if let Some(apart) = numbers.response_times_apart.filter(|apart| *apart >= FAR_APART)
        && is_larger(us, them)
    {
        let answers = |median, share: Share| Answers { median, count: share.hits };
        let [by_us, by_them] = [answers(us, numbers.answered[0]), answers(them, numbers.answered[1])];
        found.push((weight_of_ranks(apart), Finding::AnswerTimes { by_us, by_them }));
    }
    let [by_us, by_them] = numbers.answered;
    let chance = fisher(by_us, by_them);
    let enough = by_us.cases.min(by_them.cases) >= LEAST_CASES;
    if enough && chance <= CHANCE && (by_us.value() - by_them.value()).abs() >= FURTHER {
        found.push((weight(chance), Finding::AnswerRates { by_us, by_them }));
    }
    in_order(found)
}

/// Where an open deal differs from its similar won deals at its age, the most telling first. Each difference has to be
/// beyond chance twice: most of those deals lie on one side of this one, and this one is further from their mean than
/// so few cases of its own may be by chance.
pub fn beside_similar(numbers: &Numbers, similar: &AtSameAge) -> Vec<Finding<'static>> {
    let mut found: Vec<Weighed> = Vec::new();
    for ((noun, (sent, received)), values) in NOUNS.into_iter().zip(numbers.counts).zip(&similar.counts) {
        let (here, deals) = (sent + received, values.len() as u32);
        let Some(there) = mean(values) else { continue };
        // Were this deal one of them, each event of all would be one of this one's with this probability.
        let all = here + values.iter().sum::<f64>().round() as u32;
        let own = binomial(here, all, 1.0 / f64::from(deals + 1));
        let chance = own.max(against(here.into(), values));
        if chance <= CHANCE && is_larger(here.into(), there) && (f64::from(here) - there).abs() >= 1.0 {
            found.push((worth(noun) * weight(chance), Finding::CountBesideSimilar { noun, here, there, deals }));
        }
    }
    let here = Answers { median: numbers.response_hours[0], count: numbers.answered[0].hits };
    if let Some(there) = median(&similar.response_hours_by_us) {
        let chance = against(here.median, &similar.response_hours_by_us);
        let deals = similar.response_hours_by_us.len() as u32;
        if here.count as usize >= evidence::LEAST_TIMES && chance <= CHANCE && is_larger(here.median, there) {
            found.push((weight(chance), Finding::AnswerTimesBesideSimilar { here, there, deals }));
        }
    }
    let here = numbers.answered[1];
    if let Some(there) = mean(&similar.response_rate_by_them) {
        let own = binomial(here.hits, here.cases, there.clamp(0.01, 0.99));
        let chance = own.max(against(here.value(), &similar.response_rate_by_them));
        let deals = similar.response_rate_by_them.len() as u32;
        if here.cases >= LEAST_CASES && chance <= CHANCE && (here.value() - there).abs() >= FURTHER {
            found.push((weight(chance), Finding::AnswerRateBesideSimilar { here, there, deals }));
        }
    }
    if let Some(there) = mean(&similar.minutes_by_us) {
        let chance = against(numbers.minutes_by_us, &similar.minutes_by_us);
        let deals = similar.minutes_by_us.len() as u32;
        let (here, there) = (numbers.minutes_by_us / 60.0, there / 60.0);
        if chance <= CHANCE && is_larger(here, there) && (here - there).abs() >= 1.0 {
            found.push((weight(chance), Finding::TimeBesideSimilar { here, there, deals }));
        }
    }
    in_order(found)
}

/// A meeting says more than a call, and a call more than an email.
fn worth(noun: Noun) -> f64 {
    match noun {
        Noun::Email => 1.0,
        Noun::Call => 1.15,
        Noun::Meeting => 1.3,
    }
}

/// Whether two numbers differ by more than a reader would shrug at; never where one is unknown.
fn is_larger(one: f64, other: f64) -> bool {
    one.max(other) >= LARGER * one.min(other) && one != other
}

/// The chance that so many of the values lie on one side of a number; values equal to it say nothing.
fn against(number: f64, values: &[f64]) -> f64 {
    let count = |is: fn(&f64, &f64) -> bool| values.iter().filter(|value| is(value, &number)).count() as u32;
    sign(count(|value, number| value > number), count(|value, number| value < number))
}

fn mean(values: &[f64]) -> Option<f64> {
    (!values.is_empty()).then(|| values.iter().sum::<f64>() / values.len() as f64)
}

fn in_order(mut found: Vec<Weighed>) -> Vec<Finding<'static>> {
    found.sort_by(|one, other| other.0.total_cmp(&one.0));
    found.into_iter().map(|(_, finding)| finding).collect()
}
