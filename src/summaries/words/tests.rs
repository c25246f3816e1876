//! Every kind of sentence in the four languages.

use super::super::evidence::Share;
use super::super::finding::{Answers, Contact, HealthTrend, Noun, TrendReason};
use super::*;
use chrono::NaiveDate;

const CUSTOMER: Them = Them { side: CustomerSide::Customer, name: None };
const ANNA: Them = Them { side: CustomerSide::Contact, name: Some("Anna Ek") };

fn said(finding: Finding, them: Them) -> [String; 4] {
    Language::ALL.map(|language| sentence(language, &finding, &them).replace(['\u{a0}', '\u{202f}'], " "))
}

#[test]
fn who_started_more_is_told_with_both_numbers() {
    let started = |noun, by_us, by_them| Finding::Started { noun, by_us, by_them };
    assert_eq!(
        said(started(Noun::Meeting, 7, 1), CUSTOMER),
        [
            "We set up six more meetings than the customer (7 against 1).",
            "Vi har bokat sex fler möten än kunden (7 mot 1).",
            "Nous avons organisé six réunions de plus que le client (7 contre 1).",
            "Wir haben sechs Besprechungen mehr angesetzt als der Kunde (7 gegenüber 1).",
        ]
    );
    assert_eq!(
        said(started(Noun::Email, 0, 1_234), ANNA),
        [
            "The customer's side sent 1,234 more emails than we did (1,234 against 0).",
            "Kundsidan har skickat 1 234 fler mejl än vi (1 234 mot 0).",
            "Le côté client a envoyé 1 234 e-mails de plus que nous (1 234 contre 0).",
            "Die Kundenseite hat 1.234 E-Mails mehr geschickt als wir (1.234 gegenüber 0).",
        ]
    );
    assert_eq!(
        said(started(Noun::Call, 9, 1), ANNA)[2],
        "Nous avons passé huit appels de plus que le côté client (9 contre 1)."
    );
}

#[test]
fn answers_are_told_by_medians_and_cases() {
    let (by_us, by_them) = (Answers { median: 8.04, count: 6 }, Answers { median: 72.0, count: 31 });
    assert_eq!(
        said(Finding::AnswerTimes { by_us, by_them }, CUSTOMER),
        [
            "We answer faster than the customer: typically after 8 hours, the customer after 3 days (medians of 6 and 31 answers).",
            "Vi svarar snabbare än kunden: vanligtvis efter 8 timmar, kunden efter 3 dagar (medianer av 6 respektive 31 svar).",
            "Nous répondons plus vite que le client : généralement en 8 heures, contre 3 jours de son côté (médianes de 6 et 31 réponses).",
            "Wir antworten schneller als der Kunde: in der Regel nach 8 Stunden, der Kunde nach 3 Tagen (Mediane aus 6 und 31 Antworten).",
        ]
    );
    let (by_us, by_them) = (Share { hits: 9, cases: 10 }, Share { hits: 3, cases: 12 });
    assert_eq!(
        said(Finding::AnswerRates { by_us, by_them }, ANNA),
        [
            "When we write, the customer's side answers 25% of the time (3 of 12); when the customer's side writes, we answer 90% of the time (9 of 10).",
            "När vi skriver svarar kundsidan i 25 % av fallen (3 av 12); när kundsidan skriver svarar vi i 90 % av fallen (9 av 10).",
            "Quand nous écrivons, le côté client répond dans 25 % des cas (3 sur 12) ; quand le côté client écrit, nous répondons dans 90 % des cas (9 sur 10).",
            "Wenn wir schreiben, antwortet die Kundenseite in 25 % der Fälle (3 von 12); wenn die Kundenseite schreibt, antworten wir in 90 % der Fälle (9 von 10).",
        ]
    );
}

#[test]
fn similar_deals_are_told_by_their_mean_and_number() {
    let count = |here, there| Finding::CountBesideSimilar { noun: Noun::Meeting, here, there, deals: 10 };
    assert_eq!(
        said(count(0, 5.4), CUSTOMER),
        [
            "So far there have been no meetings; similar won deals had about 5 on average at the same age (10 deals).",
            "Hittills har det inte varit några möten; i liknande vunna affärer var det i genomsnitt ungefär 5 vid samma ålder (10 affärer).",
            "Jusqu'ici, il n'y a eu aucune réunion ; les affaires gagnées similaires en comptaient environ 5 en moyenne au même âge (10 affaires).",
            "Bisher gab es keine Besprechungen; in ähnlichen gewonnenen Verkaufschancen gleichen Alters waren es im Durchschnitt etwa 5 (10 Verkaufschancen).",
        ]
    );
    assert!(
        said(count(9, 0.3), CUSTOMER)[2]
            .contains("il y a eu neuf réunions ; les affaires gagnées similaires n'en comptaient presque pas")
    );
    let time = Finding::TimeBesideSimilar { here: 12.0, there: 1.5, deals: 8 };
    assert_eq!(
        said(time, CUSTOMER),
        [
            "We have spent 12 hours so far; in similar won deals it was 1.5 hours on average at the same age (8 deals).",
            "Vi har hittills lagt ner 12 timmar; i liknande vunna affärer var det i genomsnitt 1,5 timmar vid samma ålder (8 affärer).",
            "Nous y avons consacré 12 heures jusqu'ici, contre 1,5 heure en moyenne dans les affaires gagnées similaires au même âge (8 affaires).",
            "Wir haben bisher 12 Stunden aufgewendet; in ähnlichen gewonnenen Verkaufschancen gleichen Alters waren es im Durchschnitt 1,5 Stunden (8 Verkaufschancen).",
        ]
    );
}

#[test]
fn a_trend_comes_with_what_was_counted() {
    let trend = |reason| Finding::Trend(HealthTrend { score: 44.6, earlier: 58.2, reason });
    assert_eq!(
        said(trend(TrendReason::NothingFromThem(34)), ANNA),
        [
            "Relationship health has fallen to 44, from an average of 58 over the past four weeks: nothing from Anna Ek for 34 days.",
            "Relationens hälsa har sjunkit till 44, från i genomsnitt 58 de senaste fyra veckorna: inget från Anna Ek på 34 dagar.",
            "La santé de la relation est tombée à 44, après une moyenne de 58 sur les quatre dernières semaines : aucune nouvelle d'Anna Ek depuis 34 jours.",
            "Die Beziehungsgesundheit ist auf 44 gesunken, nach durchschnittlich 58 in den letzten vier Wochen: seit 34 Tagen nichts von Anna Ek.",
        ]
    );
    let changed = TrendReason::ContactDaysChanged { recent: 1, before: 9 };
    assert!(
        said(trend(changed), CUSTOMER)[3]
            .ends_with("Kontakt an einem Tag in dieser Zeit, an 9 Tagen in den vier Wochen davor.")
    );
}

#[test]
fn plans_and_the_last_contact_name_their_kind() {
    let day = NaiveDate::from_ymd_opt(2026, 4, 12).expect("a day");
    assert_eq!(
        said(Finding::Planned { contact: Contact::Task, day }, CUSTOMER),
        [
            "The next task is planned for 12 April 2026.",
            "Nästa uppgift är planerad till den 12 april 2026.",
            "La prochaine tâche est prévue le 12 avril 2026.",
            "Die nächste Aufgabe ist für den 12. April 2026 geplant.",
        ]
    );
    let last = |days, contact| said(Finding::LastContact { days, day, contact }, CUSTOMER);
    assert_eq!(
        last(34, Contact::EmailFromThem),
        [
            "The last contact was 34 days ago: an email from the customer.",
            "Den senaste kontakten var för 34 dagar sedan: ett mejl från kunden.",
            "Le dernier contact remonte à 34 jours : un e-mail du client.",
            "Der letzte Kontakt liegt 34 Tage zurück: eine E-Mail vom Kunden.",
        ]
    );
    assert_eq!(last(1, Contact::Call)[1], "Den senaste kontakten var i går: ett samtal.");
    assert_eq!(last(400, Contact::Call)[0], "The last contact was on 12 April 2026: a call.");
}

#[test]
fn what_there_was_is_a_list() {
    assert_eq!(
        said(Finding::SoFar { counts: [13, 0, 1] }, CUSTOMER),
        [
            "So far there have been 13 emails and one call.",
            "Hittills har det varit 13 mejl och ett samtal.",
            "Jusqu'ici, il y a eu 13 e-mails et un appel.",
            "Bisher gab es 13 E-Mails und einen Anruf.",
        ]
    );
    assert_eq!(
        said(Finding::SoFar { counts: [1, 2, 1] }, CUSTOMER)[0],
        "So far there has been one email, two meetings and one call."
    );
}
