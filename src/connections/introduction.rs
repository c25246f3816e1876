//! Introduction requests: a draft to a colleague, from a template of the job file (rule W5).

use chrono::NaiveDate;

use super::words;
use crate::config::Introductions;
use crate::interactions::Kind;

/// What a request speaks of.
pub struct Occasion<'a> {
    /// The name of the colleague who is asked.
    pub colleague_name: Option<&'a str>,
    /// The address of that colleague.
    pub colleague_address: &'a str,
    /// The name of the contact or lead.
    pub person_name: Option<&'a str>,
    /// The company of the contact or lead.
    pub company_name: Option<&'a str>,
    /// The day of the last interaction of the two.
    pub last_day: NaiveDate,
    /// Its kind.
    pub last_kind: Kind,
    /// The day and kind of the last contact in which the person took part.
    pub last_heard: Option<(NaiveDate, Kind)>,
    /// Only one of the two ever wrote, and they neither met nor called.
    pub one_way: bool,
}

impl Introductions {
    /// The request for an occasion.
    pub fn request(&self, occasion: &Occasion<'_>) -> String {
        let template = &self.templates[self.language as usize];
        let mut text = String::with_capacity(template.len() + 40);
        let mut rest = template.as_str();
        while let Some((before, after)) = rest.split_once('{') {
            text.push_str(before);
            let (name, after) = after.split_once('}').unwrap_or((after, ""));
            text.push_str(&self.value(name, occasion));
            rest = after;
        }
        text.push_str(rest);
        text
    }

    /// What stands for a placeholder of the template.
    pub fn value(&self, name: &str, occasion: &Occasion<'_>) -> String {
        let colleague = occasion.colleague_name.unwrap_or(occasion.colleague_address);
        let person = occasion.person_name.or(occasion.company_name).unwrap_or(words::nameless(self.language));
        match name {
            "colleague_name" => colleague.to_string(),
            "colleague_first_name" => first_name(colleague).to_string(),
            "person" => match (occasion.person_name, occasion.company_name) {
                (Some(person), Some(company)) => format!("{person} ({company})"),
                _ => person.to_string(),
            },
            "person_name" => person.to_string(),
            "company_name" => occasion.company_name.unwrap_or_default().to_string(),
            "requester" => words::requester(self.language).to_string(),
            "reason" => words::reason(self.language).to_string(),
            "last_contact" => match occasion.last_heard {
                Some((day, _)) if occasion.one_way => words::received(self.language, &self.language.day(day)),
                Some((day, kind)) => words::last_contact(self.language, &self.language.day(day), kind),
                None => words::unanswered(self.language, &self.language.day(occasion.last_day)),
            },
            "last_interaction_date" => self.language.day(occasion.last_day),
            _ => words::kind(self.language, occasion.last_kind).to_string(),
        }
    }
}

/// What may stand before a name, in lower case and without a stop.
const TITLES: [&str; 14] =
    ["dr", "prof", "professor", "mr", "mrs", "ms", "mx", "herr", "frau", "fru", "m", "mme", "mlle", "ing"];

/// The first word of a name that is no title, in directories that put the surname first of what is after the comma.
fn first_name(name: &str) -> &str {
    let given = name.split_once(',').map(|(_, given)| given).filter(|given| !given.trim().is_empty());
    let is_title = |word: &&str| TITLES.contains(&word.trim_end_matches('.').to_lowercase().as_str());
    let mut words = given.unwrap_or(name).split_whitespace();
    words.clone().find(|word| !is_title(word)).or_else(|| words.next()).unwrap_or(name)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::introductions::{SHIPPED, fault};
    use crate::language::Language;

    fn occasion() -> Occasion<'static> {
        Occasion {
            colleague_name: Some("Anna Berg"),
            colleague_address: "anna@nordwind.example",
            person_name: Some("Xena {Ek}"),
            company_name: None,
            last_day: NaiveDate::from_ymd_opt(2026, 3, 20).unwrap(),
            last_kind: Kind::Meeting,
            last_heard: NaiveDate::from_ymd_opt(2026, 3, 20).map(|day| (day, Kind::Meeting)),
            one_way: false,
        }
    }

    #[test]
    fn the_shipped_templates_are_filled_in() {
        for (language, words) in Language::ALL.into_iter().zip([
            ["Hi Anna,", "20 March 2026 (meeting)"],
            ["Hej Anna,", "20 mars 2026 (möte)"],
            ["Bonjour Anna,", "20 mars 2026 (réunion)"],
            ["Hallo Anna,", "20. März 2026 Kontakt (Besprechung)"],
        ]) {
            assert_eq!(fault(SHIPPED[language as usize]), None);
            let request = Introductions { language, ..Introductions::default() }.request(&occasion());
            assert!(words.iter().all(|word| request.contains(word)) && request.contains("Xena {Ek}"), "{request}");
        }
    }

    #[test]
    fn who_never_answered_was_not_in_contact() {
        for (language, words) in Language::ALL.into_iter().zip([
            "You wrote to them on 20 March 2026 and have had no answer so far. Could you",
            "Du skrev den 20 mars 2026 och har inte fått svar än. Kan du",
            "Tu lui as écrit le 20 mars 2026, sans réponse à ce jour. Pourrais-tu",
            "Du hast am 20. März 2026 geschrieben und noch keine Antwort bekommen. Könntest du",
        ]) {
            let occasion = Occasion { last_heard: None, ..occasion() };
            let request = Introductions { language, ..Introductions::default() }.request(&occasion);
            assert!(request.contains(words), "{request}");
        }
        let request = Introductions::default().request(&Occasion { one_way: true, ..occasion() });
        assert!(request.contains("You had an email from them on 20 March 2026. Could you"), "{request}");
    }

    #[test]
    fn what_is_unknown_is_paraphrased() {
        let mut introductions = Introductions::default();
        introductions.templates[0] = "{colleague_name}|{person}|{person_name}|{company_name}".to_string();
        let request = |name, company| {
            let occasion = Occasion { colleague_name: None, person_name: name, company_name: company, ..occasion() };
            introductions.request(&occasion)
        };
        assert_eq!(request(Some("Xena"), Some("Acme")), "anna@nordwind.example|Xena (Acme)|Xena|Acme");
        assert_eq!(request(None, Some("Acme")), "anna@nordwind.example|Acme|Acme|Acme");
        assert_eq!(request(None, None), "anna@nordwind.example|this contact|this contact|");
    }

    #[test]
    fn first_names_are_found_where_surnames_lead() {
        assert_eq!(
            ["Anna Berg", "Berg, Anna Maria", "Berg,", "Dr. Hans Müller", "Prof. Dr. Ida Lind", "Dr."].map(first_name),
            ["Anna", "Anna", "Berg,", "Hans", "Ida", "Dr."]
        );
    }
}
