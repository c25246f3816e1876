//! The main reason in the languages of summaries.

use super::clause::Clause;
use crate::language::Language;

use Language::{English, French, German, Swedish};

/// Of words in English, German, French and Swedish those of a language.
fn choose<T: Copy>(language: Language, words: [T; 4]) -> T {
    match language {
        English => words[0],
        German => words[1],
        French => words[2],
        Swedish => words[3],
    }
}

/// The clause in words.
pub(super) fn clause(language: Language, clause: &Clause) -> String {
    let of = |words: [&str; 4]| choose(language, words).to_string();
    let days = |count: u32, words: [&str; 4]| choose(language, words).replace("{}", &days(language, count));
    match *clause {
        Clause::NoneYet => of(["no contact yet", "noch kein Kontakt", "aucun contact à ce jour", "ingen kontakt ännu"]),
        Clause::NoneInYear => of([
            "no contact in the past year",
            "kein Kontakt im letzten Jahr",
            "aucun contact depuis un an",
            "ingen kontakt det senaste året",
        ]),
        Clause::NoneInTwoYears => of([
            "no contact for two years",
            "seit zwei Jahren kein Kontakt",
            "aucun contact depuis deux ans",
            "ingen kontakt på två år",
        ]),
        Clause::OnlyNamed => of([
            "in the past year neither side wrote to the other or met it",
            "im letzten Jahr hat keine Seite der anderen geschrieben, und man hat sich nicht getroffen",
            "depuis un an, aucune des deux parties n'a écrit à l'autre ni ne l'a rencontrée",
            "det senaste året har ingen skrivit till den andra, och ni har inte träffats",
        ]),
        Clause::NoReply => of([
            "nothing from the customer in the past year",
            "nichts vom Kunden im letzten Jahr",
            "rien de la part du client depuis un an",
            "inget från kunden det senaste året",
        ]),
        Clause::NoOutreach => of([
            "nothing from us in the past year",
            "nichts von uns im letzten Jahr",
            "rien de notre part depuis un an",
            "inget från oss det senaste året",
        ]),
        Clause::OnRhythm(0) => of([
            "in contact today, both ways",
            "Kontakt heute, in beide Richtungen",
            "contact aujourd'hui, dans les deux sens",
            "kontakt i dag, åt båda håll",
        ]),
        Clause::OnRhythm(count) => days(
            count,
            [
                "in contact {} ago, both ways",
                "Kontakt vor {}, in beide Richtungen",
                "contact il y a {}, dans les deux sens",
                "kontakt för {} sedan, åt båda håll",
            ],
        ),
        Clause::AwaitingCustomer(count) => days(
            count,
            [
                "nothing from the customer for {}",
                "seit {} nichts vom Kunden",
                "rien de la part du client depuis {}",
                "inget från kunden på {}",
            ],
        ),
        Clause::AwaitingUs(count) => days(
            count,
            [
                "nothing from us for {}",
                "seit {} nichts von uns",
                "rien de notre part depuis {}",
                "inget från oss på {}",
            ],
        ),
        Clause::Silent(count) => {
            days(count, ["no contact for {}", "seit {} kein Kontakt", "aucun contact depuis {}", "ingen kontakt på {}"])
        }
        Clause::Dormant(count) => days(
            count,
            [
                "dormant: no contact for {}",
                "ruht: seit {} kein Kontakt",
                "en sommeil : aucun contact depuis {}",
                "vilande: ingen kontakt på {}",
            ],
        ),
        Clause::TooRare => of([
            "contact is rarer than expected",
            "der Kontakt ist seltener als erwartet",
            "les contacts sont plus rares que prévu",
            "kontakten är glesare än väntat",
        ]),
        Clause::MostlyUs => of([
            "most of the contact comes from us",
            "der Kontakt geht meist von uns aus",
            "les contacts viennent surtout de nous",
            "det mesta av kontakten kommer från oss",
        ]),
        Clause::MostlyThem => of([
            "most of the contact comes from the customer",
            "der Kontakt geht meist vom Kunden aus",
            "les contacts viennent surtout du client",
            "det mesta av kontakten kommer från kunden",
        ]),
        Clause::ColleaguesQuiet => of([
            "our colleagues have hardly been in touch with anyone outside lately",
            "unsere Kolleginnen und Kollegen hatten zuletzt kaum Kontakt nach außen",
            "nos collègues n'ont guère eu de contacts extérieurs ces derniers temps",
            "våra kollegor har knappt haft någon extern kontakt på sistone",
        ]),
        Clause::Usual => of([
            "about as well as is usual",
            "etwa so gut wie üblich",
            "à peu près comme d'habitude",
            "ungefär som det brukar vara",
        ]),
        Clause::BelowUsual => of([
            "weaker than is usual",
            "schwächer als üblich",
            "plus faible que d'habitude",
            "svagare än det brukar vara",
        ]),
    }
}

/// On how many of the last 90 days there was contact, and what is expected.
pub(super) fn counted(language: Language, contact_days: u32, expected_days: u32) -> String {
    let expected = expected(language, expected_days);
    let counted = days(language, contact_days);
    match (language, contact_days) {
        (English, 0) => format!("no contact in 90 days, expected {expected}"),
        (English, _) => format!("{counted} of contact in 90 days, expected {expected}"),
        (German, 0) => format!("kein Kontakt in 90 Tagen, erwartet {expected}"),
        (German, 1) => format!("1 Tag mit Kontakt in 90 Tagen, erwartet {expected}"),
        (German, _) => format!("{contact_days} Tage mit Kontakt in 90 Tagen, erwartet {expected}"),
        (French, 0) => format!("aucun contact en 90 jours, rythme attendu : {expected}"),
        (French, _) => format!("{counted} de contact en 90 jours, rythme attendu : {expected}"),
        (Swedish, 0) => format!("ingen kontakt på 90 dagar, väntat {expected}"),
        (Swedish, _) => format!("{counted} med kontakt på 90 dagar, väntat {expected}"),
    }
}

/// A number of days, after a preposition where the language has cases.
fn days(language: Language, count: u32) -> String {
    let (one, many) = match language {
        English => ("day", "days"),
        German => ("Tag", "Tagen"),
        French => ("jour", "jours"),
        Swedish => ("dag", "dagar"),
    };
    let one_of = if language == German { "einem".to_string() } else { count.to_string() };
    if count == 1 { format!("{one_of} {one}") } else { format!("{count} {many}") }
}

fn expected(language: Language, days: u32) -> String {
    let known = match days {
        1 => ["daily", "täglich", "chaque jour", "dagligen"],
        7 => ["weekly", "wöchentlich", "chaque semaine", "varje vecka"],
        14 => ["every two weeks", "alle zwei Wochen", "toutes les deux semaines", "varannan vecka"],
        30 => ["monthly", "monatlich", "chaque mois", "varje månad"],
        _ => ["every {} days", "alle {} Tage", "tous les {} jours", "med {} dagars mellanrum"],
    };
    choose(language, known).replace("{}", &days.to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_and_many_days_read_right_in_every_language() {
        let of = |days| [English, German, French, Swedish].map(|language| counted(language, days, 21));
        assert_eq!(
            of(1),
            [
                "1 day of contact in 90 days, expected every 21 days",
                "1 Tag mit Kontakt in 90 Tagen, erwartet alle 21 Tage",
                "1 jour de contact en 90 jours, rythme attendu : tous les 21 jours",
                "1 dag med kontakt på 90 dagar, väntat med 21 dagars mellanrum",
            ]
        );
        assert_eq!(clause(German, &Clause::Silent(1)), "seit einem Tag kein Kontakt");
        assert_eq!(clause(German, &Clause::Silent(40)), "seit 40 Tagen kein Kontakt");
    }
}
