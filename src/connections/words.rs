//! The words that introduction requests need in each language.

use crate::interactions::Kind;
use crate::language::Language;

/// What to call a kind of interaction.
pub(super) fn kind(language: Language, kind: Kind) -> &'static str {
    let [email, meeting, call] = match language {
        Language::English => ["email", "meeting", "phone call"],
        Language::Swedish => ["mejl", "möte", "telefonsamtal"],
        Language::French => ["e-mail", "réunion", "appel téléphonique"],
        Language::German => ["E-Mail", "Besprechung", "Telefonat"],
    };
    match kind {
        Kind::Email => email,
        Kind::Meeting => meeting,
        Kind::Call | Kind::Task => call,
    }
}

/// What to call somebody whose name is unknown.
pub(super) fn nameless(language: Language) -> &'static str {
    match language {
        Language::English => "this contact",
        Language::Swedish => "den här kontakten",
        Language::French => "ce contact",
        Language::German => "diesem Kontakt",
    }
}

/// The gap for the name of who asks.
pub(super) fn requester(language: Language) -> &'static str {
    match language {
        Language::English => "[your name]",
        Language::Swedish => "[ditt namn]",
        Language::French => "[ton nom]",
        Language::German => "[dein Name]",
    }
}

/// The gap for what it is about.
pub(super) fn reason(language: Language) -> &'static str {
    match language {
        Language::English => "[reason]",
        Language::Swedish => "[anledning]",
        Language::French => "[motif]",
        Language::German => "[Anlass]",
    }
}

/// When the two were last in contact.
pub(super) fn last_contact(language: Language, day: &str, of: Kind) -> String {
    let what = kind(language, of);
    match language {
        Language::English => format!("You two were last in contact on {day} ({what})."),
        Language::Swedish => format!("Ni hade senast kontakt den {day} ({what})."),
        Language::French => format!("Votre dernier échange date du {day} ({what})."),
        Language::German => format!("Ihr hattet zuletzt am {day} Kontakt ({what})."),
    }
}

/// That nothing ever came back.
pub(super) fn unanswered(language: Language, day: &str) -> String {
    match language {
        Language::English => format!("You wrote to them on {day} and have had no answer so far."),
        Language::Swedish => format!("Du skrev den {day} och har inte fått svar än."),
        Language::French => format!("Tu lui as écrit le {day}, sans réponse à ce jour."),
        Language::German => format!("Du hast am {day} geschrieben und noch keine Antwort bekommen."),
    }
}

/// That they wrote, where nobody answered.
pub(super) fn received(language: Language, day: &str) -> String {
    match language {
        Language::English => format!("You had an email from them on {day}."),
        Language::Swedish => format!("Du fick ett mejl därifrån den {day}."),
        Language::French => format!("Tu as reçu un e-mail de sa part le {day}."),
        Language::German => format!("Du hast am {day} eine E-Mail von dort bekommen."),
    }
}
