//! Findings as sentences, natural in each language: plural forms, decimals, words for small numbers.

use super::finding::{Against, Finding, Noun};

/// A language of summaries.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Language {
    /// English.
    English,
    /// Swedish.
    Swedish,
    /// French.
    French,
    /// German.
    German,
}

/// Whose side the customer's is, which decides what it is called.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Them {
    /// Of accounts and opportunities.
    Customer,
    /// Of contacts.
    Contact,
    /// Of leads.
    Lead,
}

use Language::{English, French, German, Swedish};

impl Language {
    /// By its ISO 639-1 code.
    pub fn of(code: &str) -> Option<Language> {
        Some(match code {
            "en" => English,
            "sv" => Swedish,
            "fr" => French,
            "de" => German,
            _ => return None,
        })
    }

    fn pick(
        self,
        english: &'static str,
        swedish: &'static str,
        french: &'static str,
        german: &'static str,
    ) -> &'static str {
        match self {
            English => english,
            Swedish => swedish,
            French => french,
            German => german,
        }
    }

    /// Whether an amount takes the singular: one; in French everything below two.
    fn singular(self, amount: f64) -> bool {
        if self == French { amount < 2.0 } else { amount == 1.0 }
    }

    /// An amount in digits: one decimal below ten, where it has any.
    fn digits(self, amount: f64) -> String {
        let rounded = rounded(amount);
        let text = if rounded.fract() == 0.0 { format!("{rounded:.0}") } else { format!("{rounded:.1}") };
        let (whole, decimals) = text.split_once('.').unwrap_or((&text, ""));
        let separator = self.pick(",", "\u{a0}", "\u{202f}", ".");
        let mut grouped = String::new();
        for (at, digit) in whole.chars().enumerate() {
            if at > 0 && (whole.len() - at).is_multiple_of(3) {
                grouped.push_str(separator);
            }
            grouped.push(digit);
        }
        if !decimals.is_empty() {
            grouped.push_str(self.pick(".", ",", ",", ","));
            grouped.push_str(decimals);
        }
        grouped
    }

    /// A share of 0 to 1 as a percentage.
    fn percent(self, share: f64) -> String {
        let space = self.pick("", "\u{a0}", "\u{202f}", "\u{a0}");
        format!("{:.0}{space}%", share * 100.0)
    }

    /// An amount of something counted: small whole numbers in words, in the gender of the noun.
    fn amount(self, amount: f64, noun: Noun) -> String {
        const WORDS: [[&str; 11]; 4] = [
            ["two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve"],
            ["två", "tre", "fyra", "fem", "sex", "sju", "åtta", "nio", "tio", "elva", "tolv"],
            ["deux", "trois", "quatre", "cinq", "six", "sept", "huit", "neuf", "dix", "onze", "douze"],
            ["zwei", "drei", "vier", "fünf", "sechs", "sieben", "acht", "neun", "zehn", "elf", "zwölf"],
        ];
        let rounded = rounded(amount);
        if rounded == 1.0 {
            let masculine = noun == Noun::Call;
            return match self {
                English => "one",
                Swedish => "ett",
                French if noun == Noun::Meeting => "une",
                French => "un",
                German if masculine => "einen",
                German => "eine",
            }
            .to_string();
        }
        let words = WORDS[[English, Swedish, French, German].iter().position(|one| *one == self).unwrap_or(0)];
        let word = (rounded.fract() == 0.0 && (2.0..=12.0).contains(&rounded)).then(|| words[rounded as usize - 2]);
        word.map_or_else(|| self.digits(amount), str::to_string)
    }

    fn noun(self, noun: Noun, amount: f64) -> &'static str {
        let one = self.singular(rounded(amount));
        match (noun, one) {
            (Noun::Email, true) => self.pick("email", "mejl", "e-mail", "E-Mail"),
            (Noun::Email, false) => self.pick("emails", "mejl", "e-mails", "E-Mails"),
            (Noun::Meeting, true) => self.pick("meeting", "möte", "réunion", "Besprechung"),
            (Noun::Meeting, false) => self.pick("meetings", "möten", "réunions", "Besprechungen"),
            (Noun::Call, true) => self.pick("call", "samtal", "appel", "Anruf"),
            (Noun::Call, false) => self.pick("calls", "samtal", "appels", "Anrufe"),
        }
    }

    /// `three more meetings`, `tre fler möten`, `trois réunions de plus`, `drei Besprechungen mehr`.
    fn difference(self, noun: Noun, difference: f64) -> String {
        let (amount, more) = (difference.abs(), difference > 0.0);
        let (number, name) = (self.amount(amount, noun), self.noun(noun, amount));
        match self {
            English => format!("{number} {} {name}", if more { "more" } else { "fewer" }),
            Swedish if rounded(amount) == 1.0 => format!("{number} {name} {}", if more { "mer" } else { "mindre" }),
            Swedish => format!("{number} {} {name}", if more { "fler" } else { "färre" }),
            French => format!("{number} {name} de {}", if more { "plus" } else { "moins" }),
            German => format!("{number} {name} {}", if more { "mehr" } else { "weniger" }),
        }
    }

    /// A length of time in the unit that suits it.
    fn time(self, hours: f64) -> String {
        let (amount, one, many) = match hours.abs() {
            hours if hours < 0.95 => {
                let minutes = (hours * 60.0).round().max(1.0);
                (
                    minutes,
                    self.pick("minute", "minut", "minute", "Minute"),
                    self.pick("minutes", "minuter", "minutes", "Minuten"),
                )
            }
            hours if hours < 48.0 => (
                hours,
                self.pick("hour", "timme", "heure", "Stunde"),
                self.pick("hours", "timmar", "heures", "Stunden"),
            ),
            hours => {
                (hours / 24.0, self.pick("day", "dag", "jour", "Tag"), self.pick("days", "dagar", "jours", "Tage"))
            }
        };
        format!("{} {}", self.digits(amount), if self.singular(rounded(amount)) { one } else { many })
    }

    fn them(self, them: Them) -> &'static str {
        match them {
            Them::Customer => self.pick("the customer", "kunden", "le client", "der Kunde"),
            Them::Contact => self.pick("the contact", "kontakten", "le contact", "der Kontakt"),
            Them::Lead => self.pick("the lead", "leadet", "le prospect", "der Lead"),
        }
    }

    /// What the comparison is with, after `than`.
    fn than(self, against: Against, them: Them) -> &'static str {
        match against {
            Against::Them => self.them(them),
            Against::SimilarDeals => self.pick(
                "in similar won deals at the same age",
                "i liknande vunna affärer vid samma ålder",
                "dans les affaires gagnées similaires au même âge",
                "in ähnlichen gewonnenen Geschäften gleichen Alters",
            ),
        }
    }

    /// The sentence for a finding.
    pub fn sentence(self, finding: Finding, them: Them) -> String {
        match finding {
            Finding::Count { noun, difference, against } => self.count(noun, difference, against, them),
            Finding::Response { hours, against } => {
                let (time, than, slower) = (self.time(hours), self.than(against, them), hours > 0.0);
                match self {
                    English => {
                        format!("We answer emails {time} {} than {than}.", if slower { "later" } else { "sooner" })
                    }
                    Swedish => {
                        format!("Vi svarar på mejl {time} {} än {than}.", if slower { "senare" } else { "snabbare" })
                    }
                    French => format!(
                        "Nous répondons aux e-mails {time} plus {} que {than}.",
                        if slower { "tard" } else { "vite" }
                    ),
                    German => format!(
                        "Wir beantworten E-Mails {time} {} als {than}.",
                        if slower { "später" } else { "schneller" }
                    ),
                }
            }
            Finding::Rates { by_them, by_us } => {
                let (them, them_rate, us_rate) = (self.them(them), self.percent(by_them), self.percent(by_us));
                match self {
                    English => {
                        format!("{} answers {them_rate} of our emails; we answer {us_rate} of theirs.", capital(them))
                    }
                    Swedish => {
                        format!("{} svarar på {them_rate} av våra mejl, vi på {us_rate} av {them}s.", capital(them))
                    }
                    French => {
                        format!("{} répond à {them_rate} de nos e-mails, nous à {us_rate} des siens.", capital(them))
                    }
                    German => {
                        format!("{} beantwortet {them_rate} unserer E-Mails, wir {us_rate} der seinen.", capital(them))
                    }
                }
            }
            Finding::RateBesideSimilar { here, there } => {
                let (who, here, there) = (capital(self.them(them)), self.percent(here), self.percent(there));
                let than = self.than(Against::SimilarDeals, them);
                match self {
                    English => format!("{who} answers {here} of our emails, against {there} {than}."),
                    Swedish => format!("{who} svarar på {here} av våra mejl, mot {there} {than}."),
                    French => format!("{who} répond à {here} de nos e-mails, contre {there} {than}."),
                    German => format!("{who} beantwortet {here} unserer E-Mails, gegenüber {there} {than}."),
                }
            }
            Finding::Time { hours, against } => {
                let (time, than, more) = (self.time(hours), self.than(against, them), hours > 0.0);
                match self {
                    English => format!("We have spent {time} {} than {than}.", if more { "more" } else { "less" }),
                    Swedish => format!("Vi har lagt ned {time} {} än {than}.", if more { "mer" } else { "mindre" }),
                    French => {
                        format!("Nous avons consacré {time} de {} que {than}.", if more { "plus" } else { "moins" })
                    }
                    German => {
                        format!("Wir haben {time} {} aufgewendet als {than}.", if more { "mehr" } else { "weniger" })
                    }
                }
            }
            Finding::Silence { days } => {
                let number = self.digits(days as f64);
                match self {
                    English => format!("The last contact was {number} days ago."),
                    Swedish => format!("Den senaste kontakten var för {number} dagar sedan."),
                    French => format!("Le dernier contact remonte à {number} jours."),
                    German => format!("Der letzte Kontakt liegt {number} Tage zurück."),
                }
            }
            Finding::Balance => self
                .pick(
                    "So far, both sides have done about as much.",
                    "Hittills har båda sidor gjort ungefär lika mycket.",
                    "Jusqu'ici, les deux parties en ont fait à peu près autant.",
                    "Bisher haben beide Seiten etwa gleich viel getan.",
                )
                .to_string(),
        }
    }

    fn count(self, noun: Noun, difference: f64, against: Against, them: Them) -> String {
        let (counted, than) = (self.difference(noun, difference), self.than(against, them));
        if against == Against::SimilarDeals {
            return match self {
                English => {
                    let have = if rounded(difference.abs()) == 1.0 { "has" } else { "have" };
                    format!("So far, there {have} been {counted} than {than}.")
                }
                Swedish => format!("Hittills har det varit {counted} än {than}."),
                French => format!("Jusqu'ici, il y a eu {counted} que {than}."),
                German => format!("Bisher gab es {counted} als {than}."),
            };
        }
        match self {
            English => {
                let did = match noun {
                    Noun::Email => "sent",
                    Noun::Meeting => "started",
                    Noun::Call => "made",
                };
                format!("We {did} {counted} than {than}.")
            }
            Swedish => {
                let did = match noun {
                    Noun::Email => "skickat",
                    Noun::Meeting => "tagit initiativ till",
                    Noun::Call => "ringt",
                };
                format!("Vi har {did} {counted} än {than}.")
            }
            French => {
                let did = match noun {
                    Noun::Email => "envoyé",
                    Noun::Meeting => "organisé",
                    Noun::Call => "passé",
                };
                format!("Nous avons {did} {counted} que {than}.")
            }
            German => {
                let did = match noun {
                    Noun::Email => "geschickt",
                    Noun::Meeting => "angesetzt",
                    Noun::Call => "getätigt",
                };
                format!("Wir haben {counted} {did} als {than}.")
            }
        }
    }
}

/// To one decimal below ten, to the whole from there on.
fn rounded(amount: f64) -> f64 {
    if amount < 9.95 { (amount * 10.0).round() / 10.0 } else { amount.round() }
}

fn capital(text: &str) -> String {
    let mut letters = text.chars();
    letters.next().map(|first| first.to_uppercase().chain(letters).collect()).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    const ALL: [Language; 4] = [English, Swedish, French, German];

    fn said(finding: Finding, them: Them) -> [String; 4] {
        ALL.map(|language| language.sentence(finding, them))
    }

    fn count(noun: Noun, difference: f64, against: Against) -> Finding {
        Finding::Count { noun, difference, against }
    }

    #[test]
    fn one_and_many_agree_with_their_nouns() {
        assert_eq!(
            said(count(Noun::Meeting, 3.0, Against::Them), Them::Customer),
            [
                "We started three more meetings than the customer.",
                "Vi har tagit initiativ till tre fler möten än kunden.",
                "Nous avons organisé trois réunions de plus que le client.",
                "Wir haben drei Besprechungen mehr angesetzt als der Kunde.",
            ]
        );
        assert_eq!(
            said(count(Noun::Call, -1.0, Against::Them), Them::Lead),
            [
                "We made one fewer call than the lead.",
                "Vi har ringt ett samtal mindre än leadet.",
                "Nous avons passé un appel de moins que le prospect.",
                "Wir haben einen Anruf weniger getätigt als der Lead.",
            ]
        );
    }

    #[test]
    fn decimals_and_their_plurals_follow_the_language() {
        assert_eq!(
            said(count(Noun::Meeting, -1.4, Against::SimilarDeals), Them::Customer),
            [
                "So far, there have been 1.4 fewer meetings than in similar won deals at the same age.",
                "Hittills har det varit 1,4 färre möten än i liknande vunna affärer vid samma ålder.",
                "Jusqu'ici, il y a eu 1,4 réunion de moins que dans les affaires gagnées similaires au même âge.",
                "Bisher gab es 1,4 Besprechungen weniger als in ähnlichen gewonnenen Geschäften gleichen Alters.",
            ]
        );
        assert_eq!(
            said(Finding::Time { hours: 1.5, against: Against::Them }, Them::Contact),
            [
                "We have spent 1.5 hours more than the contact.",
                "Vi har lagt ned 1,5 timmar mer än kontakten.",
                "Nous avons consacré 1,5 heure de plus que le contact.",
                "Wir haben 1,5 Stunden mehr aufgewendet als der Kontakt.",
            ]
        );
    }

    #[test]
    fn times_take_the_unit_that_suits_them() {
        let later = |hours| English.sentence(Finding::Response { hours, against: Against::Them }, Them::Customer);
        assert_eq!(later(0.5), "We answer emails 30 minutes later than the customer.");
        assert_eq!(later(-12.0), "We answer emails 12 hours sooner than the customer.");
        assert_eq!(later(24.0 * 40.0), "We answer emails 40 days later than the customer.");
    }

    #[test]
    fn large_numbers_and_percentages_are_written_as_usual() {
        let [english, swedish, french, german] = said(count(Noun::Email, 1_234.0, Against::Them), Them::Customer);
        assert!(english.contains("1,234 more emails") && swedish.contains("1\u{a0}234 fler mejl"));
        assert!(french.contains("1\u{202f}234 e-mails de plus") && german.contains("1.234 E-Mails mehr"));
        assert_eq!(
            said(Finding::Rates { by_them: 0.45, by_us: 0.8 }, Them::Customer)[1],
            "Kunden svarar på 45\u{a0}% av våra mejl, vi på 80\u{a0}% av kundens."
        );
    }
}
