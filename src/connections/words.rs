//! The words that introduction requests need in each language.

use crate::interactions::event::{EMAIL, MEETING};
use crate::language::Language;

/// What to call a kind of interaction.
pub(super) fn kind(language: Language, kind: u8) -> &'static str {
    let [email, meeting, call] = match language {
        Language::English => ["email", "meeting", "phone call"],
        Language::Swedish => ["mejl", "möte", "telefonsamtal"],
        Language::French => ["e-mail", "réunion", "appel téléphonique"],
        Language::German => ["E-Mail", "Besprechung", "Telefonat"],
    };
    match kind {
        EMAIL => email,
        MEETING => meeting,
        _ => call,
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
