//! Templates of introduction requests, and what may stand in them (rule W5).

use crate::language::Language;

/// Placeholders of a template, and what stands in their place.
pub const PLACEHOLDERS: [(&str, &str); 10] = [
    ("colleague_name", "the colleague's name, else address"),
    (
        "colleague_first_name",
        "the first word of the colleague's name, in \"Berg, Anna\" after the comma, else the address",
    ),
    ("person", "the contact's or lead's name, with the company in brackets where it is known"),
    ("person_name", "the contact's or lead's name"),
    ("company_name", "the name of its account, or the lead's company; empty where it is unknown"),
    ("requester", "who asks: a gap to fill in, in the language"),
    ("reason", "why: a gap to fill in, in the language"),
    (
        "last_contact",
        "a sentence about their last contact: the last in which the contact or lead took part, else that an email was not \
         answered yet",
    ),
    ("last_interaction_date", "the day of their last interaction, in the language's spelling"),
    ("last_interaction_kind", "email, meeting or phone call, in the language"),
];

/// The templates that are used unless the job file has others, in the order of [`Language::ALL`].
pub const SHIPPED: [&str; 4] = [
    "Hi {colleague_first_name},\n\nI would like to get in touch with {person} about {reason}. {last_contact} Could you introduce us? \
     A short email to both of us is enough, and if now is not a good time, just tell me.\n\nThank you!\n{requester}",
    "Hej {colleague_first_name},\n\njag skulle vilja komma i kontakt med {person} om {reason}. {last_contact} Kan du presentera oss för varandra? \
     Ett kort mejl till oss båda räcker, och säg bara till om det inte passar just nu.\n\nTack!\n{requester}",
    "Bonjour {colleague_first_name},\n\nj'aimerais entrer en contact avec {person} au sujet de {reason}. {last_contact} Pourrais-tu nous mettre en relation ? \
     Un court e-mail à nous deux suffit, et si ce n'est pas le bon moment, dis-le-moi simplement.\n\nMerci !\n{requester}",
    "Hallo {colleague_first_name},\n\nich würde gern mit {person} in Kontakt kommen, es geht um {reason}. {last_contact} Könntest du uns miteinander bekannt machen? \
     Eine kurze E-Mail an uns beide genügt, und wenn es gerade nicht passt, sag mir einfach Bescheid.\n\nVielen Dank!\n{requester}",
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn mistakes_in_templates_are_found() {
        assert_eq!(fault("Hi {name}"), Some("the placeholder {name}".to_string()));
        assert_eq!(fault("Hi {person"), Some("a brace without its pair".to_string()));
        assert_eq!(fault("Hi person}"), Some("a brace without its pair".to_string()));
    }
}
