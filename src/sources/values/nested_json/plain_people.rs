//! People of a nested column that a pipeline left as their addresses alone: `"Xu, Xena" <xena@acme.example>;
//! bo@nw.example` (rules I7, P1).

use crate::sources::values::address_lists::{entries, is_address};
use crate::sources::values::address_text::named;
use crate::sources::values::nested_json::leaf::Misfit;

/// The addresses in a text without any JSON, with the names beside them. Of a text without an address nobody knows
/// whom it means.
pub fn of_text(text: &str) -> Result<Option<Vec<String>>, Misfit> {
    if text.starts_with(['{', '[']) {
        return Err(Misfit);
    }
    let people: Vec<String> = entries(text).into_iter().filter(|entry| is_address(entry)).collect();
    match people.is_empty() {
        false => Ok(Some(people)),
        // A list without members names nobody.
        true if named(text).is_none() => Ok(None),
        true => Err(Misfit),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lists_of_addresses_are_people() {
        let people = |text: &str| {
            let found = of_text(text).ok()?.unwrap_or_default();
            Some(found.iter().filter_map(|entry| Some(named(entry)?.text())).collect::<Vec<_>>())
        };
        for text in [
            "xena@acme.example;bo@nw.example",
            "xena@acme.example, bo@nw.example",
            "\"Xu; Xena\" <xena@acme.example>; Ek, Bo <bo@nw.example>",
            "Xu, Xena <xena@acme.example>, Ek, Bo <bo@nw.example>;",
            "xena@acme.example\nbo@nw.example",
            "xena@acme.example bo@nw.example",
            "xena@acme.example; Somebody Else; bo@nw.example",
        ] {
            assert_eq!(people(text), Some(vec!["xena@acme.example".into(), "bo@nw.example".into()]), "{text}");
        }
        assert_eq!(people("undisclosed-recipients:;"), Some(Vec::new()));
        assert_eq!(people("Xena Xu"), None);
    }
}
