//! What the numbers of a record tell, before it is put into words (rule K11).

use crate::similar_deals::means::Similar;

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

/// With whom or what our side is compared.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Against {
    /// The customer's side of the record.
    Them,
    /// Similar won deals when they were as old.
    SimilarDeals,
}

/// One thing that a sentence can say. Differences are positive where ours is more.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Finding {
    /// More or fewer of something.
    Count { noun: Noun, difference: f64, against: Against },
    /// Hours by which we answer later.
    Response { hours: f64, against: Against },
    /// Share of our emails that they answer, and of theirs that we answer.
    Rates { by_them: f64, by_us: f64 },
    /// Share of our emails that they answer, here and in similar won deals.
    RateBesideSimilar { here: f64, there: f64 },
    /// Hours that we spent more.
    Time { hours: f64, against: Against },
    /// Days since the last contact.
    Silence { days: i64 },
    /// Both sides did the same.
    Balance,
}

/// Most sentences per record and language.
pub const MOST: usize = 5;
/// A difference of less than this many times its own noise is not worth a sentence.
const TELLING: f64 = 0.9;
/// Days without contact that are worth a sentence.
const SILENT: i64 = 14;

/// Numbers of a record, NaN where unknown.
#[derive(Clone, Copy, Debug)]
pub struct Numbers {
    /// Sent and received: emails, meetings, calls.
    pub counts: [(f64, f64); 3],
    /// Mean hours to an answer, by us and by them.
    pub response_hours: (f64, f64),
    /// Answered and due, by us and by them.
    pub answered: [(f64, f64); 2],
    /// Minutes spent, by us and by them.
    pub minutes: (f64, f64),
    /// Days since the last held interaction; None when there was none.
    pub silent_days: Option<i64>,
    /// Whether it is a lead or deal that has ended, of which nobody expects contact.
    pub ended: bool,
}

const NOUNS: [Noun; 3] = [Noun::Email, Noun::Meeting, Noun::Call];

/// What is most telling about a record, the most telling first; nothing where there was no contact.
pub fn findings(numbers: &Numbers, similar: Option<&Similar>) -> Vec<Finding> {
    let Some(silent_days) = numbers.silent_days else { return Vec::new() };
    let mut found: Vec<(f64, Finding)> = match similar {
        Some(similar) => beside_similar(numbers, similar),
        None => beside_them(numbers),
    };
    if silent_days >= SILENT && !numbers.ended {
        found.push(((silent_days as f64 / SILENT as f64).sqrt(), Finding::Silence { days: silent_days }));
    }
    // What cannot be computed is no finding, and what is noise is none either.
    found.retain(|(weight, _)| *weight >= TELLING);
    found.sort_by(|one, other| other.0.total_cmp(&one.0));
    let mut findings: Vec<Finding> = found.into_iter().map(|(_, finding)| finding).take(MOST).collect();
    if findings.is_empty() && similar.is_none() {
        findings.push(Finding::Balance);
    }
    findings
}

/// Difference of two counts in units of its noise.
fn count_weight(ours: f64, theirs: f64) -> f64 {
    (ours - theirs).abs() / (ours + theirs).max(1.0).sqrt()
}

/// How far apart two durations are: doubling is worth a sentence.
fn ratio_weight(ours: f64, theirs: f64) -> f64 {
    if ours > 0.0 && theirs > 0.0 { 1.4 * (ours / theirs).ln().abs() } else { f64::NAN }
}

fn beside_them(numbers: &Numbers) -> Vec<(f64, Finding)> {
    let against = Against::Them;
    let mut found = Vec::new();
    for (noun, (sent, received)) in NOUNS.into_iter().zip(numbers.counts) {
        let difference = sent - received;
        // A meeting is more than a call, and a call more than an email.
        let worth = match noun {
            Noun::Email => 1.0,
            Noun::Call => 1.15,
            Noun::Meeting => 1.3,
        };
        found.push((worth * count_weight(sent, received), Finding::Count { noun, difference, against }));
    }
    let (us, them) = numbers.response_hours;
    found.push((ratio_weight(us, them), Finding::Response { hours: us - them, against }));
    let [(by_us, due_us), (by_them, due_them)] = numbers.answered;
    let (rate_us, rate_them) = (by_us / due_us, by_them / due_them);
    let noise = (0.25 / due_us + 0.25 / due_them).sqrt();
    found.push(((rate_us - rate_them).abs() / noise, Finding::Rates { by_them: rate_them, by_us: rate_us }));
    let (us, them) = numbers.minutes;
    let weight = 0.8 * ratio_weight(us, them);
    found.push((
        if (us - them).abs() < 30.0 { 0.0 } else { weight },
        Finding::Time { hours: (us - them) / 60.0, against },
    ));
    found
}

fn beside_similar(numbers: &Numbers, similar: &Similar) -> Vec<(f64, Finding)> {
    let against = Against::SimilarDeals;
    let mut found = Vec::new();
    for ((noun, (sent, received)), mean) in NOUNS.into_iter().zip(numbers.counts).zip(similar.counts) {
        let difference = sent + received - mean;
        let weight = if difference.abs() < 0.5 { 0.0 } else { count_weight(sent + received, mean) };
        found.push((
            if noun == Noun::Meeting { 1.3 * weight } else { weight },
            Finding::Count { noun, difference, against },
        ));
    }
    let (us, _) = numbers.response_hours;
    let hours = us - similar.response_hours_by_us;
    found.push((ratio_weight(us, similar.response_hours_by_us), Finding::Response { hours, against }));
    let (by_them, due_them) = numbers.answered[1];
    let (here, there) = (by_them / due_them, similar.response_rate_by_them);
    let weight = (here - there).abs() / (0.25 / due_them).sqrt();
    found.push((weight, Finding::RateBesideSimilar { here, there }));
    let difference = numbers.minutes.0 - similar.minutes_by_us;
    let weight = if difference.abs() < 30.0 { 0.0 } else { ratio_weight(numbers.minutes.0, similar.minutes_by_us) };
    found.push((weight, Finding::Time { hours: difference / 60.0, against }));
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOBODY: Numbers = Numbers {
        counts: [(0.0, 0.0); 3],
        response_hours: (f64::NAN, f64::NAN),
        answered: [(0.0, 0.0); 2],
        minutes: (f64::NAN, f64::NAN),
        silent_days: Some(0),
        ended: false,
    };

    #[test]
    fn the_most_telling_comes_first_and_noise_not_at_all() {
        let numbers = Numbers { counts: [(40.0, 41.0), (5.0, 0.0), (2.0, 0.0)], silent_days: Some(3), ..NOBODY };
        let found = findings(&numbers, None);
        let against = Against::Them;
        let meetings = Finding::Count { noun: Noun::Meeting, difference: 5.0, against };
        assert_eq!(found, [meetings, Finding::Count { noun: Noun::Call, difference: 2.0, against }]);
    }

    #[test]
    fn silence_is_told_of_what_goes_on_only() {
        let silent = Numbers { silent_days: Some(34), ..NOBODY };
        assert_eq!(findings(&silent, None), [Finding::Silence { days: 34 }]);
        assert_eq!(findings(&Numbers { ended: true, ..silent }, None), [Finding::Balance]);
    }

    #[test]
    fn there_is_always_something_to_say_of_contact_and_nothing_without() {
        assert_eq!(findings(&NOBODY, None), [Finding::Balance]);
        assert_eq!(findings(&Numbers { silent_days: None, ..NOBODY }, None), []);
    }
}
