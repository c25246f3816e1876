//! What the columns that deals are compared by are called. An organisation's own columns keep their names, since exports
//! do not say what they are called on its forms.

use super::choose;
use crate::language::Language;

/// Name of the column, and what it is called in English, Swedish, French and German.
const FACTORS: [(&str, [&str; 4]); 25] = [
    ("account", ["same customer", "samma kund", "même client", "derselbe Kunde"]),
    ("account.address1_country", ["country", "land", "pays", "Land"]),
    ("account.customertypecode", ["kind of customer", "kundtyp", "type de client", "Art des Kunden"]),
    ("account.industrycode", ["industry", "bransch", "secteur", "Branche"]),
    ("account.numberofemployees", ["employees", "anställda", "effectif", "Beschäftigte"]),
    (
        "account.revenue",
        ["customer's revenue", "kundens omsättning", "chiffre d'affaires du client", "Umsatz des Kunden"],
    ),
    ("budgetamount", ["budget", "budget", "budget", "Budget"]),
    ("budgetstatus", ["state of the budget", "budgetläge", "état du budget", "Stand des Budgets"]),
    ("campaignid", ["campaign", "kampanj", "campagne", "Kampagne"]),
    (
        "days_to_quarter_end",
        [
            "days to the end of the quarter",
            "dagar till kvartalets slut",
            "jours jusqu'à la fin du trimestre",
            "Tage bis Quartalsende",
        ],
    ),
    (
        "estimatedclosedate",
        [
            "days to the close date",
            "dagar till slutdatum",
            "jours jusqu'à la clôture prévue",
            "Tage bis zum geplanten Abschluss",
        ],
    ),
    ("estimatedvalue", ["estimated value", "uppskattat värde", "valeur estimée", "geschätzter Wert"]),
    ("initialcommunication", ["first contact", "första kontakten", "premier contact", "Erstkontakt"]),
    ("need", ["need", "behov", "besoin", "Bedarf"]),
    ("opportunityratingcode", ["rating", "gradering", "évaluation", "Bewertung"]),
    (
        "originatingleadid",
        ["came from a lead", "kom från ett lead", "issue d'un prospect", "aus einem Lead entstanden"],
    ),
    ("ownerid", ["same owner", "samma ägare", "même propriétaire", "dieselbe zuständige Person"]),
    ("pricelevelid", ["price list", "prislista", "tarif", "Preisliste"]),
    ("prioritycode", ["priority", "prioritet", "priorité", "Priorität"]),
    ("purchaseprocess", ["how they decide", "beslutsprocess", "processus d'achat", "Kaufprozess"]),
    ("purchasetimeframe", ["when they buy", "köptid", "délai d'achat", "Kaufzeitpunkt"]),
    ("salesstagecode", ["stage", "säljsteg", "étape", "Phase"]),
    ("transactioncurrencyid", ["currency", "valuta", "devise", "Währung"]),
    ("win_outlook", ["outlook", "utsikt", "perspectives", "Aussicht"]),
    ("yes", ["yes", "ja", "oui", "ja"]),
];

/// What a factor is called.
pub fn called(language: Language, factor: &str) -> String {
    match FACTORS.iter().find(|(name, _)| *name == factor) {
        Some((_, labels)) => choose(language, labels).to_string(),
        None => factor.strip_prefix("account.").unwrap_or(factor).to_string(),
    }
}

/// Factors with the values of both deals, as `similar_won_deals` writes them, in the words of a reader: `a: 1; b: 1 / 2`.
pub fn said(language: Language, written: &str) -> String {
    let one = |part: &str| match part.split_once(": ") {
        Some((name, values)) if is_name(name) => format!("{}: {}", called(language, name), shown(language, values)),
        None if is_name(part) => called(language, part),
        // A value may hold what parts factors.
        _ => part.to_string(),
    };
    written.split("; ").map(one).collect::<Vec<_>>().join("; ")
}

fn is_name(text: &str) -> bool {
    !text.is_empty() && text.chars().all(|character| character.is_ascii_alphanumeric() || "._".contains(character))
}

fn shown(language: Language, values: &str) -> String {
    values
        .split(" / ")
        .map(|value| if value == "yes" { called(language, "yes") } else { value.to_string() })
        .collect::<Vec<_>>()
        .join(" / ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn factors_are_called_in_the_language_of_the_reader() {
        let written = "estimatedvalue: 20000 / 18000; ownerid; new_segment: retail; originatingleadid: yes";
        let said = Language::ALL.map(|language| said(language, written));
        assert_eq!(said[0], "estimated value: 20000 / 18000; same owner; new_segment: retail; came from a lead: yes");
        assert_eq!(
            said[3],
            "geschätzter Wert: 20000 / 18000; dieselbe zuständige Person; new_segment: retail; aus einem Lead entstanden: ja"
        );
    }

    #[test]
    fn every_column_that_deals_are_compared_by_is_called_something() {
        use crate::similar_deals::standard::{ACCOUNT, Compared, OPPORTUNITY};
        let compared = |(column, how): &(crate::sources::contract::SourceColumn, Compared)| {
            (*how != Compared::Not).then_some(column.name)
        };
        let of_accounts = ACCOUNT.iter().filter_map(compared).map(|name| format!("account.{name}"));
        let names = OPPORTUNITY.iter().filter_map(compared).map(str::to_string).chain(of_accounts);
        for name in names.chain(["days_to_quarter_end", "ownerid", "account"].map(str::to_string)) {
            assert!(FACTORS.iter().any(|(known, _)| *known == name), "{name} has no label");
        }
    }
}
