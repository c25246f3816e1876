//! A reason in words, in the languages of summaries.

use super::reasons::FoundReason;
use super::relationship::Relationship;
use crate::config::AttentionReason;
use crate::language::Language;

use Language::{English, French, German, Swedish};

/// Of words in English, German, French and Swedish those of a language.
fn choose(language: Language, words: [&str; 4]) -> String {
    let place = match language {
        English => 0,
        German => 1,
        French => 2,
        Swedish => 3,
    };
    words[place].to_string()
}

/// The sentence about what was found.
pub fn sentence(language: Language, found: &FoundReason) -> String {
    let of = |words| choose(language, words);
    let days = found.days.unwrap_or(0);
    match found.reason {
        AttentionReason::AwaitingUs | AttentionReason::AwaitingThem => of(wait(found))
            .replace("{days}", &span(language, days))
            .replace("{limit}", &limit(language, found.usual_days)),
        AttentionReason::Silent => of([
            "No contact for {days}; until now it was {gap} from one contact to the next on average.",
            "Seit {days} kein Kontakt; bisher lagen im Schnitt {gap} zwischen zwei Kontakten.",
            "Aucun contact depuis {days} ; jusqu'ici, {gap} en moyenne séparaient deux contacts.",
            "Ingen kontakt på {days}; hittills har det i snitt gått {gap} mellan kontakterna.",
        ])
        .replace("{days}", &span(language, days))
        .replace("{gap}", &count(language, found.usual_days.unwrap_or(0.0) as i64)),
        AttentionReason::OneContact => of([
            "Only one of their people has been in touch with us in the last 90 days.",
            "In den letzten 90 Tagen stand nur eine Person des Kunden mit uns in Kontakt.",
            "Une seule personne chez le client a été en contact avec nous au cours des 90 derniers jours.",
            "Bara en person hos kunden har haft kontakt med oss de senaste 90 dagarna.",
        ]),
        AttentionReason::OneColleague => of([
            "Only one of us has been in touch with them in the last 90 days.",
            "In den letzten 90 Tagen stand nur eine Person von uns mit dem Kunden in Kontakt.",
            "Une seule personne de notre équipe a été en contact avec le client au cours des 90 derniers jours.",
            "Bara en av oss har haft kontakt med kunden de senaste 90 dagarna.",
        ]),
        AttentionReason::NoNextStep => of([
            "Nothing is planned: no meeting, call or task.",
            "Nichts ist geplant: keine Besprechung, kein Anruf, keine Aufgabe.",
            "Rien n'est prévu : ni réunion, ni appel, ni tâche.",
            "Inget är planerat: inget möte, inget samtal, ingen uppgift.",
        ]),
        AttentionReason::CloseDate => close(language, days, found.relationship),
        AttentionReason::OwnerDisabled => of([
            "The owner's user is disabled: somebody else has to take over.",
            "Das Benutzerkonto des Besitzers ist deaktiviert: Jemand anders muss übernehmen.",
            "Le compte du propriétaire est désactivé : quelqu'un d'autre doit prendre le relais.",
            "Ägarens användarkonto är inaktiverat: någon annan behöver ta över.",
        ]),
        AttentionReason::StakeholderUnheard => match found.count {
            Some(1) => of([
                "One person of the deal has never heard from us.",
                "Eine an der Verkaufschance beteiligte Person hat noch nie von uns gehört.",
                "Une personne liée à l'affaire n'a jamais eu de nos nouvelles.",
                "En person i affären har aldrig hört av oss.",
            ]),
            more => of([
                "{count} people of the deal have never heard from us.",
                "{count} an der Verkaufschance beteiligte Personen haben noch nie von uns gehört.",
                "{count} personnes liées à l'affaire n'ont jamais eu de nos nouvelles.",
                "{count} personer i affären har aldrig hört av oss.",
            ])
            .replace("{count}", &more.unwrap_or(0).to_string()),
        },
        AttentionReason::UnlikeSimilar => of([
            "Emails, meetings and calls so far: {count}; similar won deals had {usual} at the same age.",
            "E-Mails, Besprechungen und Anrufe bisher: {count}; ähnliche gewonnene Verkaufschancen hatten im gleichen Alter {usual}.",
            "E-mails, réunions et appels à ce jour : {count} ; les affaires gagnées similaires en avaient {usual} au même âge.",
            "Mejl, möten och samtal hittills: {count}; liknande vunna affärer hade {usual} vid samma ålder.",
        ])
        .replace("{count}", &found.count.unwrap_or(0).to_string())
        .replace("{usual}", &number(language, found.usual_days.unwrap_or(0.0))),
    }
}

/// Who waits for whom, or for an answer to an email that somebody else wrote or was sent.
fn wait(found: &FoundReason) -> [&'static str; 4] {
    let is_of_others = found.count == Some(0);
    match (found.reason == AttentionReason::AwaitingUs, is_of_others) {
        (true, false) => [
            "They have been waiting for our answer for {days}; nine of ten of our answers come within {limit}.",
            "Der Kunde wartet seit {days} auf unsere Antwort; neun von zehn unserer Antworten kommen innerhalb von {limit}.",
            "Ils attendent notre réponse depuis {days} ; neuf de nos réponses sur dix arrivent en moins de {limit}.",
            "De har väntat på vårt svar i {days}; nio av tio av våra svar kommer inom {limit}.",
        ],
        (true, true) => [
            "An email in which they are copied or named has waited for our answer for {days}; nine of ten of our answers come within {limit}.",
            "Eine E-Mail, in der der Kunde in Kopie steht oder genannt ist, wartet seit {days} auf unsere Antwort; neun von zehn unserer Antworten kommen innerhalb von {limit}.",
            "Un e-mail où ils sont en copie ou cités attend notre réponse depuis {days} ; neuf de nos réponses sur dix arrivent en moins de {limit}.",
            "Ett mejl där de står i kopia eller nämns har väntat på vårt svar i {days}; nio av tio av våra svar kommer inom {limit}.",
        ],
        (false, false) => [
            "We have been waiting for their answer for {days}; nine of ten of their answers come within {limit}.",
            "Wir warten seit {days} auf die Antwort des Kunden; neun von zehn seiner Antworten kommen innerhalb von {limit}.",
            "Nous attendons leur réponse depuis {days} ; neuf de leurs réponses sur dix arrivent en moins de {limit}.",
            "Vi har väntat på deras svar i {days}; nio av tio av deras svar kommer inom {limit}.",
        ],
        (false, true) => [
            "An email of ours in which they are copied has waited for an answer for {days}; nine of ten of their answers come within {limit}.",
            "Eine E-Mail von uns, in der der Kunde in Kopie steht, wartet seit {days} auf eine Antwort; neun von zehn seiner Antworten kommen innerhalb von {limit}.",
            "Un e-mail de notre part où ils sont en copie attend une réponse depuis {days} ; neuf de leurs réponses sur dix arrivent en moins de {limit}.",
            "Ett mejl från oss där de står i kopia har väntat på svar i {days}; nio av tio av deras svar kommer inom {limit}.",
        ],
    }
}

fn close(language: Language, days: i64, relationship: Option<Relationship>) -> String {
    let when = match days {
        0 => [
            "The deal is expected to close today",
            "Der Abschluss ist für heute geplant",
            "La clôture de l'affaire est prévue aujourd'hui",
            "Affären väntas bli klar i dag",
        ],
        1.. => [
            "The deal is expected to close in {days}",
            "Der Abschluss ist in {days} geplant",
            "La clôture de l'affaire est prévue dans {days}",
            "Affären väntas bli klar om {days}",
        ],
        _ => [
            "The deal should have closed {days} ago",
            "Der Abschluss war vor {days} geplant",
            "L'affaire aurait dû être conclue il y a {days}",
            "Affären skulle ha varit klar för {days} sedan",
        ],
    };
    let how = match relationship {
        Some(Relationship::Never) => [
            "and there has been no contact yet",
            "und es gab noch keinen Kontakt",
            "et il n'y a encore eu aucun contact",
            "och det har inte varit någon kontakt ännu",
        ],
        Some(Relationship::Over) => [
            "and there has been no contact for a year",
            "und seit einem Jahr gab es keinen Kontakt",
            "et il n'y a eu aucun contact depuis un an",
            "och det har inte varit någon kontakt på ett år",
        ],
        Some(Relationship::Weak) => [
            "and the relationship is weak",
            "und die Beziehung ist schwach",
            "et la relation est faible",
            "och relationen är svag",
        ],
        Some(Relationship::Weakening) | None => [
            "and the relationship is weakening",
            "und die Beziehung wird schwächer",
            "et la relation s'affaiblit",
            "och relationen försvagas",
        ],
    };
    let when = choose(language, when).replace("{days}", &span(language, days.abs()));
    format!("{when}, {}.", choose(language, how))
}

/// A number with a decimal where it has one.
fn number(language: Language, number: f64) -> String {
    let digits = format!("{:.1}", number);
    let digits = digits.strip_suffix(".0").unwrap_or(&digits);
    if language == English { digits.to_string() } else { digits.replace('.', ",") }
}

/// A number of days after a preposition.
fn span(language: Language, days: i64) -> String {
    match (language, days) {
        (_, 0) => choose(language, ["less than a day", "weniger als einem Tag", "moins d'un jour", "mindre än en dag"]),
        (German, 1) => "einem Tag".to_string(),
        (German, _) => format!("{days} Tagen"),
        _ => count(language, days),
    }
}

/// A number of days by itself.
fn count(language: Language, days: i64) -> String {
    let words =
        choose(language, if days == 1 { ["day", "Tag", "jour", "dag"] } else { ["days", "Tage", "jours", "dagar"] });
    format!("{days} {words}")
}

/// A time within which answers come: hours where it is short, rounded up.
fn limit(language: Language, days: Option<f64>) -> String {
    let hours = (days.unwrap_or(0.0) * 24.0).ceil().max(1.0) as i64;
    if hours > 48 {
        return span(language, (hours + 23) / 24);
    }
    let words = match hours {
        1 => ["an hour", "einer Stunde", "une heure", "en timme"],
        _ => ["{} hours", "{} Stunden", "{} heures", "{} timmar"],
    };
    choose(language, words).replace("{}", &hours.to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(reason: AttentionReason, days: i64, usual_days: f64) -> FoundReason {
        let (interaction, since, person, relationship) = (None, None, None, None);
        let (days, usual_days, count) = (Some(days), Some(usual_days), Some(2));
        FoundReason {
            record: 0,
            reason,
            chance: None,
            interaction,
            since,
            days,
            usual_days,
            count,
            person,
            relationship,
        }
    }

    #[test]
    fn numbers_read_right_in_every_language() {
        let waits = found(AttentionReason::AwaitingUs, 1, 0.9);
        assert_eq!(
            [English, German, French, Swedish].map(|language| sentence(language, &waits)),
            [
                "They have been waiting for our answer for 1 day; nine of ten of our answers come within 22 hours.",
                "Der Kunde wartet seit einem Tag auf unsere Antwort; neun von zehn unserer Antworten kommen innerhalb von 22 Stunden.",
                "Ils attendent notre réponse depuis 1 jour ; neuf de nos réponses sur dix arrivent en moins de 22 heures.",
                "De har väntat på vårt svar i 1 dag; nio av tio av våra svar kommer inom 22 timmar.",
            ]
        );
        assert!(
            sentence(German, &found(AttentionReason::Silent, 40, 9.0))
                .contains("Seit 40 Tagen kein Kontakt; bisher lagen im Schnitt 9 Tage")
        );
        assert!(sentence(English, &found(AttentionReason::CloseDate, -3, 0.0)).contains("closed 3 days ago"));
        assert!(sentence(French, &found(AttentionReason::CloseDate, 1, 0.0)).contains("dans 1 jour,"));
        let never =
            FoundReason { relationship: Some(Relationship::Never), ..found(AttentionReason::CloseDate, 1, 0.0) };
        assert_eq!(sentence(German, &never), "Der Abschluss ist in einem Tag geplant, und es gab noch keinen Kontakt.");
        assert!(sentence(German, &found(AttentionReason::UnlikeSimilar, 0, 2.5)).ends_with("im gleichen Alter 2,5."));
        assert!(sentence(Swedish, &found(AttentionReason::StakeholderUnheard, 0, 0.0)).starts_with("2 personer"));
    }

    #[test]
    fn no_sentence_has_a_gap() {
        for reason in AttentionReason::ALL {
            for language in Language::ALL {
                for count in [Some(0), Some(1), Some(2), None] {
                    let text = sentence(language, &FoundReason { count, ..found(reason, 5, 3.5) });
                    assert!(!text.contains(['{', '}']) && text.ends_with('.'), "{text}");
                }
            }
        }
    }
}
