//! What the measures of data quality are called, and what they are of.

use super::choose;
use crate::language::Language;

/// Code of a measure, and what it is called in English, Swedish, French and German.
const MEASURES: [(&str, [&str; 4]); 12] = [
    ("consent", ["Consent", "Samtycke", "Consentement", "Einwilligung"]),
    (
        "duplicate_contacts",
        [
            "Contacts that share an address",
            "Kontakter med samma adress",
            "Contacts de même adresse",
            "Kontakte mit gleicher Adresse",
        ],
    ),
    ("interactions", ["Interactions", "Interaktioner", "Interactions", "Interaktionen"]),
    (
        "mail_with_record",
        [
            "Mail that counts for a record",
            "Mejl som räknas för en post",
            "E-mails comptés pour une fiche",
            "E-Mails, die für einen Datensatz zählen",
        ],
    ),
    ("mailboxes", ["Mailboxes", "Brevlådor", "Boîtes aux lettres", "Postfächer"]),
    (
        "newest_event",
        [
            "Age of the newest event",
            "Den senaste händelsens ålder",
            "Âge du dernier événement",
            "Alter des neuesten Ereignisses",
        ],
    ),
    (
        "newest_row",
        ["Age of the newest row", "Den senaste radens ålder", "Âge de la dernière ligne", "Alter der neuesten Zeile"],
    ),
    (
        "parties",
        ["People in activities", "Personer i aktiviteter", "Participants aux activités", "Personen in Aktivitäten"],
    ),
    ("records", ["Records", "Poster", "Fiches", "Datensätze"]),
    ("threads", ["Threads", "Trådar", "Fils", "Verläufe"]),
    (
        "unmatched_addresses",
        ["Addresses in no record", "Adresser utan post", "Adresses sans fiche", "Adressen ohne Datensatz"],
    ),
    (
        "unmatched_people",
        ["People in no record", "Personer utan post", "Personnes sans fiche", "Personen ohne Datensatz"],
    ),
];

const SUBJECTS: [(&str, [&str; 4]); 19] = [
    ("account", ["accounts", "konton", "comptes", "Firmen"]),
    ("all", ["all", "alla", "tous", "alle"]),
    ("contact", ["contacts", "kontakter", "contacts", "Kontakte"]),
    ("contacts", ["contacts", "kontakter", "contacts", "Kontakte"]),
    ("dataverse", ["Dataverse", "Dataverse", "Dataverse", "Dataverse"]),
    ("email", ["emails", "mejl", "e-mails", "E-Mails"]),
    ("emails", ["emails", "mejl", "e-mails", "E-Mails"]),
    ("exchange", ["Exchange", "Exchange", "Exchange", "Exchange"]),
    ("external", ["outside the company", "utanför företaget", "hors de l'entreprise", "außerhalb des Unternehmens"]),
    ("given", ["given", "givet", "donné", "erteilt"]),
    ("lead", ["leads", "leads", "prospects", "Leads"]),
    ("meeting", ["meetings", "möten", "réunions", "Besprechungen"]),
    ("opportunity", ["opportunities", "affärsmöjligheter", "opportunités", "Verkaufschancen"]),
    ("phone_call", ["calls", "samtal", "appels", "Anrufe"]),
    ("share", ["share", "andel", "part", "Anteil"]),
    ("task", ["tasks", "uppgifter", "tâches", "Aufgaben"]),
    ("used", ["used", "används", "utilisées", "verwendet"]),
    ("with conversation", ["with conversation", "med konversation", "avec conversation", "mit Konversation"]),
    ("without record", ["in no record", "utan post", "sans fiche", "ohne Datensatz"]),
];

/// What a measure is called; one that is not known here keeps its name.
pub fn measure(language: Language, code: &str) -> &str {
    found(&MEASURES, language, code)
}

/// What a measure is of; domains and the like stay as they are.
pub fn subject(language: Language, code: &str) -> &str {
    found(&SUBJECTS, language, code)
}

fn found<'a>(texts: &'static [(&'static str, [&'static str; 4])], language: Language, code: &'a str) -> &'a str {
    texts.iter().find(|(name, _)| *name == code).map_or(code, |(_, labels)| choose(language, labels))
}
