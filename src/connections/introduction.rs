//! Introduction requests: a draft to a colleague, from a template of the job file (rule W5).

use chrono::NaiveDate;

use super::language::Language;

/// Placeholders of a template, and what stands in their place.
pub const PLACEHOLDERS: [(&str, &str); 7] = [
    ("colleague_name", "the colleague's name, else address"),
    (
        "colleague_first_name",
        "the first word of the colleague's name, in \"Berg, Anna\" after the comma, else the address",
    ),
    ("person", "the contact's or lead's name, with the company in brackets where it is known"),
    ("person_name", "the contact's or lead's name"),
    ("company_name", "the name of its account, or the lead's company; empty where it is unknown"),
    ("last_interaction_date", "the day of their last interaction, in the language's spelling"),
    ("last_interaction_kind", "email, meeting or phone call, in the language"),
];

/// The templates that are used unless the job file has others, in the order of [`Language::ALL`].
pub const SHIPPED: [&str; 4] = [
    "Hi {colleague_first_name},\n\nI would like to get in touch with {person}. You two were last in contact on \
     {last_interaction_date} ({last_interaction_kind}). Could you introduce us? A short email to both of us is \
     enough, and if now is not a good time, just tell me.\n\nThank you!",
    "Hej {colleague_first_name},\n\njag skulle vilja komma i kontakt med {person}. Ni hade senast kontakt den \
     {last_interaction_date} ({last_interaction_kind}). Kan du presentera oss för varandra? Ett kort mejl till oss \
     båda räcker, och säg bara till om det inte passar just nu.\n\nTack!",
    "Bonjour {colleague_first_name},\n\nj'aimerais entrer en contact avec {person}. Votre dernier échange date du \
     {last_interaction_date} ({last_interaction_kind}). Pourrais-tu nous mettre en relation ? Un court e-mail à nous \
     deux suffit, et si ce n'est pas le bon moment, dis-le-moi simplement.\n\nMerci !",
    "Hallo {colleague_first_name},\n\nich würde gern mit {person} in Kontakt kommen. Ihr hattet zuletzt am \
     {last_interaction_date} Kontakt ({last_interaction_kind}). Könntest du uns miteinander bekannt machen? Eine kurze \
     E-Mail an uns beide genügt, und wenn es gerade nicht passt, sag mir einfach Bescheid.\n\nVielen Dank!",
];

/// The language of requests and the templates of all languages.
#[derive(Clone, Debug, PartialEq)]
pub struct Introductions {
    /// The language that is used.
    pub language: Language,
    /// In the order of [`Language::ALL`].
    pub templates: [String; 4],
}

impl Default for Introductions {
    fn default() -> Self {
        Introductions { language: Language::English, templates: SHIPPED.map(str::to_string) }
    }
}

/// What a request speaks of.
pub(super) struct Occasion<'a> {
    pub colleague_name: Option<&'a str>,
    pub colleague_address: &'a str,
    pub person_name: Option<&'a str>,
    pub company_name: Option<&'a str>,
    pub last_day: NaiveDate,
    pub last_kind: u8,
}

/// The first placeholder of a template that nothing can stand in for, or what is wrong with its braces.
pub fn fault(template: &str) -> Option<String> {
    let mut rest = template;
    while let Some(at) = rest.find(['{', '}']) {
        let end = rest[at..].find('}').filter(|_| rest[at..].starts_with('{'));
        let Some(end) = end else { return Some("a brace without its pair".to_string()) };
        let name = &rest[at + 1..at + end];
        if PLACEHOLDERS.iter().all(|(known, _)| *known != name) {
            return Some(format!("the placeholder {{{name}}}"));
        }
        rest = &rest[at + end + 1..];
    }
    None
}

impl Introductions {
    /// The request for an occasion.
    pub(super) fn request(&self, occasion: &Occasion<'_>) -> String {
        let template = &self.templates[self.language as usize];
        let colleague = occasion.colleague_name.unwrap_or(occasion.colleague_address);
        let person = occasion.person_name.or(occasion.company_name).unwrap_or(self.language.nameless());
        let value = |name: &str| -> String {
            match name {
                "colleague_name" => colleague.to_string(),
                "colleague_first_name" => first_name(colleague).to_string(),
                "person" => match (occasion.person_name, occasion.company_name) {
                    (Some(person), Some(company)) => format!("{person} ({company})"),
                    _ => person.to_string(),
                },
                "person_name" => person.to_string(),
                "company_name" => occasion.company_name.unwrap_or_default().to_string(),
                "last_interaction_date" => self.language.day(occasion.last_day),
                _ => self.language.kind(occasion.last_kind).to_string(),
            }
        };
        let mut text = String::with_capacity(template.len() + 40);
        let mut rest = template.as_str();
        while let Some((before, after)) = rest.split_once('{') {
            text.push_str(before);
            let (name, after) = after.split_once('}').unwrap_or((after, ""));
            text.push_str(&value(name));
            rest = after;
        }
        text.push_str(rest);
        text
    }
}

/// The first word of a name, in directories that put the surname first the one after the comma.
fn first_name(name: &str) -> &str {
    let given = name.split_once(',').map(|(_, given)| given).filter(|given| !given.trim().is_empty());
    given.unwrap_or(name).split_whitespace().next().unwrap_or(name)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::interactions::event::MEETING;

    fn occasion() -> Occasion<'static> {
        Occasion {
            colleague_name: Some("Anna Berg"),
            colleague_address: "anna@nordwind.example",
            person_name: Some("Xena {Ek}"),
            company_name: None,
            last_day: NaiveDate::from_ymd_opt(2026, 3, 20).unwrap(),
            last_kind: MEETING,
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
        assert_eq!(["Anna Berg", "Berg, Anna Maria", "Berg,"].map(first_name), ["Anna", "Anna", "Berg,"]);
    }

    #[test]
    fn mistakes_in_templates_are_found() {
        assert_eq!(fault("Hi {name}"), Some("the placeholder {name}".to_string()));
        assert_eq!(fault("Hi {person"), Some("a brace without its pair".to_string()));
        assert_eq!(fault("Hi person}"), Some("a brace without its pair".to_string()));
    }
}
