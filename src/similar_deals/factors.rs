//! What two deals are compared by: columns turned into numbers from 0 to 1 and categories (rule S3).

use std::collections::{BTreeMap, HashMap};

/// What kind of thing a factor is; published with it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FactorKind {
    /// A measure, compared by difference.
    Number,
    /// A number of days between two dates, compared like a number.
    Duration,
    /// A choice, compared by whether it is the same.
    Category,
    /// The win outlook that all other factors together predict, compared like a number.
    Outlook,
}

impl FactorKind {
    /// As it is published.
    pub fn name(self) -> &'static str {
        match self {
            FactorKind::Number => "number",
            FactorKind::Duration => "duration",
            FactorKind::Category => "category",
            FactorKind::Outlook => "outlook",
        }
    }
}

/// A column of deals as it is found, one value per deal.
#[derive(Clone, Debug, PartialEq)]
pub enum Values {
    /// Measures; NaN where unknown.
    Numbers(Vec<f64>),
    /// Choices; None where unknown.
    Texts(Vec<Option<String>>),
}

/// A column that may become a factor.
#[derive(Clone, Debug)]
pub struct Candidate {
    /// Name of the factor.
    pub name: String,
    /// How it is compared.
    pub kind: FactorKind,
    /// Its values, one per deal.
    pub values: Values,
}

/// Encoded values, one per deal.
#[derive(Clone, Debug)]
pub enum Levels {
    /// From 0 to 1; NaN is the level of what is unknown.
    Scaled(Vec<f64>),
    /// 0: unknown; 1: rare; then the levels, the most frequent first.
    Codes(Vec<u16>),
}

/// A column by which deals are compared.
#[derive(Clone, Debug)]
pub struct Factor {
    /// Name, unique among factors.
    pub name: String,
    /// What kind of thing it is.
    pub kind: FactorKind,
    /// Encoded values.
    pub levels: Levels,
    /// Share of deals where it is known.
    pub coverage: f64,
}

/// How columns are encoded.
#[derive(Clone, Copy, Debug)]
pub struct Encoding {
    /// Choices that occur in fewer closed deals than this are pooled.
    pub rare: usize,
    /// Whether skewed numbers are taken by their logarithm and the outer hundredths cut off.
    pub robust: bool,
    /// Whether a column that has one value only is a factor nonetheless, in which all deals are equal.
    pub constants: bool,
}

impl Encoding {
    /// The encoding of the published lists.
    pub const LEARNED: Encoding = Encoding { rare: 5, robust: true, constants: false };
    /// Gower's coefficient to the letter: ranges from least to greatest, nothing pooled, no column left out. Its columns
    /// are those of [`super::columns::plain_candidate`].
    pub const GOWER: Encoding = Encoding { rare: 0, robust: false, constants: true };
}

/// Code of an unknown choice.
pub const UNKNOWN: u16 = 0;
const RARE: u16 = 1;
/// More levels than a code can tell apart are pooled like rare ones.
const MOST_LEVELS: usize = u16::MAX as usize - 2;
/// Skewness from which a number is taken by its logarithm.
const SKEWED: f64 = 1.0;

impl Factor {
    /// Distance of two deals in this factor: 0 when equal, 1 at most; unknown is a level of its own.
    pub fn distance(&self, one: usize, other: usize) -> f64 {
        match &self.levels {
            Levels::Scaled(values) => scaled_distance(values[one], values[other]),
            Levels::Codes(codes) => f64::from(u8::from(codes[one] != codes[other])),
        }
    }
}

fn scaled_distance(one: f64, other: f64) -> f64 {
    match (one.is_nan(), other.is_nan()) {
        (false, false) => (one - other).abs(),
        (one, other) => f64::from(u8::from(one != other)),
    }
}

/// Encodes a column. Ranges and levels come from the deals in `closed`, so that open deals change nothing. None when
/// all closed deals have the same value.
pub fn encode(candidate: &Candidate, closed: &[usize], encoding: Encoding) -> Option<Factor> {
    let (levels, known) = match &candidate.values {
        Values::Numbers(numbers) => {
            let known = closed.iter().filter(|&&deal| !numbers[deal].is_nan()).count();
            (Levels::Scaled(scale(numbers, closed, encoding)?), known)
        }
        Values::Texts(texts) => {
            let known = closed.iter().filter(|&&deal| texts[deal].is_some()).count();
            (Levels::Codes(code(texts, closed, encoding)?), known)
        }
    };
    let coverage = known as f64 / closed.len().max(1) as f64;
    Some(Factor { name: candidate.name.clone(), kind: candidate.kind, levels, coverage })
}

fn scale(numbers: &[f64], closed: &[usize], encoding: Encoding) -> Option<Vec<f64>> {
    let robust = encoding.robust;
    let mut known: Vec<f64> = closed.iter().map(|&deal| numbers[deal]).filter(|number| !number.is_nan()).collect();
    known.sort_by(f64::total_cmp);
    let (Some(&first), Some(&last)) = (known.first(), known.last()) else {
        // Nothing is known of any closed deal.
        return encoding.constants.then(|| numbers.to_vec());
    };
    let by_logarithm = robust && first >= 0.0 && skewness(&known) > SKEWED;
    let seen = |number: f64| if by_logarithm { number.max(0.0).ln_1p() } else { number };
    let at = |share: f64| known[((known.len() - 1) as f64 * share).round() as usize];
    let (mut least, mut most) = if robust { (seen(at(0.01)), seen(at(0.99))) } else { (first, last) };
    if least == most {
        (least, most) = (seen(first), seen(last));
    }
    if least == most && known.len() == closed.len() && !encoding.constants {
        return None;
    }
    let range = if most > least { most - least } else { 1.0 };
    let scaled = |number: f64| ((seen(number) - least) / range).clamp(0.0, 1.0);
    Some(numbers.iter().map(|&number| if number.is_nan() { number } else { scaled(number) }).collect())
}

/// Skewness (third standardised moment) of sorted numbers, 0 when they are all equal.
fn skewness(known: &[f64]) -> f64 {
    let count = known.len() as f64;
    let mean = known.iter().sum::<f64>() / count;
    let moment = |power: i32| known.iter().map(|number| (number - mean).powi(power)).sum::<f64>() / count;
    let deviation = moment(2).sqrt();
    if deviation > 0.0 { moment(3) / deviation.powi(3) } else { 0.0 }
}

fn code(texts: &[Option<String>], closed: &[usize], encoding: Encoding) -> Option<Vec<u16>> {
    let rare = encoding.rare;
    let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
    for text in closed.iter().filter_map(|&deal| texts[deal].as_deref()) {
        *counts.entry(text).or_default() += 1;
    }
    if rare == 0 {
        // Nothing is pooled: levels that only open deals have are levels too.
        texts.iter().flatten().for_each(|text| *counts.entry(text).or_default() += 0);
    }
    let mut levels: Vec<(&str, usize)> = counts.into_iter().filter(|(_, count)| *count >= rare).collect();
    levels.sort_by_key(|(text, count)| (std::cmp::Reverse(*count), *text));
    levels.truncate(MOST_LEVELS);
    let numbers: HashMap<&str, u16> = levels.iter().map(|(text, _)| *text).zip(RARE + 1..).collect();
    let code = |text: &Option<String>| match text {
        Some(text) => numbers.get(text.as_str()).copied().unwrap_or(RARE),
        None => UNKNOWN,
    };
    let codes: Vec<u16> = texts.iter().map(code).collect();
    let first = codes[*closed.first()?];
    (encoding.constants || closed.iter().any(|&deal| codes[deal] != first)).then_some(codes)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn numbers(values: &[f64]) -> Candidate {
        Candidate { name: "n".into(), kind: FactorKind::Number, values: Values::Numbers(values.to_vec()) }
    }

    fn texts(values: &[&str]) -> Candidate {
        let values = values.iter().map(|text| (!text.is_empty()).then(|| text.to_string())).collect();
        Candidate { name: "t".into(), kind: FactorKind::Category, values: Values::Texts(values) }
    }

    #[test]
    fn unknown_is_a_level_of_its_own() {
        let factor = encode(&numbers(&[0.0, 5.0, 10.0, f64::NAN, f64::NAN]), &[0, 1, 2, 3], Encoding::GOWER);
        let factor = factor.expect("it varies");
        assert_eq!([factor.distance(0, 1), factor.distance(0, 3), factor.distance(3, 4)], [0.5, 1.0, 0.0]);
        assert_eq!(factor.coverage, 0.75);
    }

    #[test]
    fn skewed_numbers_are_compared_by_their_logarithm() {
        let mut values = vec![10.0; 40];
        values.extend([100.0, 1_000.0, 1_000_000.0]);
        let deals: Vec<usize> = (0..values.len()).collect();
        let factor = encode(&numbers(&values), &deals, Encoding::LEARNED).expect("it varies");
        assert!(factor.distance(0, 40) > 0.1, "{}", factor.distance(0, 40));
    }

    #[test]
    fn rare_levels_are_one_level_and_what_says_nothing_is_no_factor() {
        let names = ["a", "a", "a", "a", "a", "b", "c", "d"];
        let factor = encode(&texts(&names), &[0, 1, 2, 3, 4, 5, 6], Encoding::LEARNED).expect("it varies");
        assert_eq!([factor.distance(5, 6), factor.distance(5, 7), factor.distance(0, 5)], [0.0, 0.0, 1.0]);
        assert!(encode(&texts(&["a", "a", "b"]), &[0, 1], Encoding::LEARNED).is_none());
        assert!(encode(&numbers(&[1.0, 1.0]), &[0, 1], Encoding::LEARNED).is_none());
    }
}
