//! The words of what needs attention, what changed, who is missing, how companies are covered and what is handed over.

words! {
    Findings;
    // What needs attention.
    attention: "Needs attention", "Behöver uppmärksamhet", "À surveiller", "Braucht Aufmerksamkeit";
    attention_note: "The most severe first. Late is an answer that is overdue already; a percentage is the risk that nothing happens in the next 28 days, or that an answer comes too late.", "Det allvarligaste först. Sent är ett svar som redan borde ha kommit; procenten är risken att inget händer de närmaste 28 dagarna, eller att ett svar kommer för sent.", "Le plus grave d'abord. En retard\u{a0}: une réponse qui aurait déjà dû arriver\u{a0}; le pourcentage est le risque que rien ne se passe dans les 28 prochains jours, ou qu'une réponse arrive trop tard.", "Das Dringendste zuerst. Überfällig ist eine Antwort, die längst da sein sollte; die Prozentzahl ist das Risiko, dass in den nächsten 28 Tagen nichts geschieht oder eine Antwort zu spät kommt.";
    late: "late", "sent", "en retard", "überfällig";
    no_attention: "Nothing needs attention.", "Inget behöver uppmärksamhet.", "Rien n'appelle d'attention.", "Nichts braucht Aufmerksamkeit.";
    no_attention_here: "Nothing about this record needs attention.", "Inget med den här posten behöver uppmärksamhet.", "Rien n'appelle d'attention sur cette fiche.", "Nichts an diesem Datensatz braucht Aufmerksamkeit.";
    severity: "Severity", "Allvar", "Gravité", "Schwere";
    at_stake: "At stake", "Står på spel", "En jeu", "Auf dem Spiel";
    since: "Since", "Sedan", "Depuis", "Seit";
    since_small: "since", "sedan", "depuis le", "seit";
    why: "Why", "Varför", "Pourquoi", "Warum";
    why_small: "and why", "och varför", "et pourquoi", "und warum";
    show_all: "Show all {n}", "Visa alla {n}", "Afficher les {n}", "Alle {n} anzeigen";
    show_all_reasons: "Show all {n} reasons", "Visa alla {n} skäl", "Afficher les {n} raisons", "Alle {n} Gründe anzeigen";
    show_more: "Show {n} more", "Visa {n} till", "Afficher {n} de plus", "{n} weitere anzeigen";
    show_fewer: "Show fewer", "Visa färre", "Afficher moins", "Weniger anzeigen";
    first_of: "Only the first {n} of {m} are listed.", "Bara de första {n} av {m} visas.", "Seuls les {n} premiers sur {m} sont affichés.", "Nur die ersten {n} von {m} werden gezeigt.";
    page_of: "Page {n} of {m}", "Sida {n} av {m}", "Page {n} sur {m}", "Seite {n} von {m}";
    pages: "Pages", "Sidor", "Pages", "Seiten";
    awaiting_us: "they wait for us", "de väntar på oss", "ils nous attendent", "sie warten auf uns";
    awaiting_them: "we wait for them", "vi väntar på dem", "nous les attendons", "wir warten auf sie";
    gone_silent: "silent", "tyst", "silencieuse", "still";
    one_contact: "only one contact", "bara en kontakt", "un seul contact", "nur ein Kontakt";
    one_colleague: "only one colleague", "bara en kollega", "un seul collègue", "nur ein Kollege";
    no_next_step: "nothing planned", "inget planerat", "rien de prévu", "nichts geplant";
    close_date_near: "close date near or past", "slutdatum nära eller passerat", "clôture proche ou passée", "Abschluss nah oder vorbei";
    owner_disabled: "owner has left", "ägaren har slutat", "propriétaire parti", "zuständige Person ausgeschieden";
    stakeholder_unheard: "stakeholder left out", "intressent utanför", "partie prenante oubliée", "Beteiligte außen vor";
    unlike_similar: "less contact than won deals", "mindre kontakt än vunna affärer", "moins de contacts que les affaires gagnées", "weniger Kontakt als gewonnene Geschäfte";

    // What changed.
    change: "Change", "Ändring", "Changement", "Änderung";
    since_day: "Since {day}", "Sedan {day}", "Depuis le {day}", "Seit {day}";
    nothing_changed: "Nothing has changed since {day}.", "Inget har ändrats sedan {day}.", "Rien n'a changé depuis le {day}.", "Seit {day} hat sich nichts geändert.";
    nothing_changed_at_all: "Nothing has changed.", "Inget har ändrats.", "Rien n'a changé.", "Nichts hat sich geändert.";

    // Coverage.
    coverage: "Coverage", "Täckning", "Couverture", "Abdeckung";
    coverage_of_account: "How well we know this company", "Hur väl vi känner företaget", "Notre connaissance de cette entreprise", "Wie gut wir diese Firma kennen";
    account_coverage: "How well companies are known", "Hur väl företagen är kända", "Notre connaissance des entreprises", "Wie gut die Firmen bekannt sind";
    account_coverage_note: "A relation is contact in both directions in the past year. Companies that rest on one person come first.", "En relation är kontakt i båda riktningar det senaste året. Företag som vilar på en person står först.", "Une relation suppose des contacts dans les deux sens depuis un an. Les entreprises qui reposent sur une seule personne viennent d'abord.", "Eine Beziehung heißt Kontakt in beide Richtungen im letzten Jahr. Firmen, bei denen alles auf einer Person ruht, stehen zuerst.";
    known_of: "{n} of {m}", "{n} av {m}", "{n} sur {m}", "{n} von {m}";
    contacts_known: "Contacts we know", "Kontakter vi känner", "Contacts connus", "Bekannte Kontakte";
    colleagues_who_know: "Colleagues", "Kollegor", "Collègues", "Kollegen";
    rests_on: "Rests on", "Vilar på", "Repose sur", "Ruht auf";
    only_colleague: "only {name} of us", "bara {name} hos oss", "seulement {name} chez nous", "nur {name} bei uns";
    only_contact: "only {name} there", "bara {name} där", "seulement {name} chez eux", "nur {name} dort";
    mostly: "{name} ({share})", "{name} ({share})", "{name} ({share})", "{name} ({share})";
    known_to_one: "Known to one only", "Kända av bara en", "Connus d'un seul", "Nur einem bekannt";
    stakeholders_unknown: "Stakeholders nobody knows", "Intressenter ingen känner", "Parties prenantes inconnues", "Beteiligte, die niemand kennt";
    nobody_known: "We know nobody there.", "Vi känner ingen där.", "Nous n'y connaissons personne.", "Wir kennen dort niemanden.";
    with_companies_below: "With companies below", "Med företag under", "Avec les filiales", "Mit Firmen darunter";
    no_accounts: "There are no companies.", "Det finns inga företag.", "Il n'y a aucune entreprise.", "Es gibt keine Firmen.";
    no_relations: "no relation", "ingen relation", "aucune relation", "keine Beziehung";
    missing_people: "People in no record", "Personer utan post", "Personnes sans fiche", "Personen ohne Datensatz";
    missing_people_note: "They are in touch with us, and no contact or lead has their address. The best known come first.", "De har kontakt med oss, och ingen kontakt eller lead har deras adress. De mest kända står först.", "Elles sont en contact avec nous, et aucun contact ni prospect n'a leur adresse. Les plus connues d'abord.", "Sie stehen mit uns in Kontakt, und kein Kontakt oder Lead hat ihre Adresse. Die bekanntesten zuerst.";
    nobody_missing: "Everybody in touch with us is in a record.", "Alla som har kontakt med oss finns i en post.", "Toutes les personnes en contact avec nous ont une fiche.", "Wer mit uns in Kontakt steht, ist in einem Datensatz.";
    lost_contacts: "Contacts who can no longer be reached", "Kontakter som inte längre går att nå", "Contacts injoignables", "Nicht mehr erreichbare Kontakte";
    nobody_lost: "No contact seems out of reach.", "Ingen kontakt verkar omöjlig att nå.", "Aucun contact ne semble injoignable.", "Kein Kontakt scheint unerreichbar.";
    finding: "Finding", "Fynd", "Constat", "Befund";
    changed_domain: "writes from {address} now", "skriver från {address} nu", "écrit désormais de {address}", "schreibt jetzt von {address}";
    changed_domain_alone: "writes from another domain now", "skriver från en annan domän nu", "écrit désormais d'un autre domaine", "schreibt jetzt von einer anderen Domain";
    no_answer: "does not answer any more", "svarar inte längre", "ne répond plus", "antwortet nicht mehr";
    undeliverable: "mail comes back", "mejl kommer tillbaka", "les e-mails reviennent", "E-Mails kommen zurück";
    address: "Address", "Adress", "Adresse", "Adresse";
    best_known_by: "Best known by", "Bäst känd av", "Connue surtout de", "Am besten bekannt mit";
    last_heard: "Last heard from", "Hördes senast", "Dernières nouvelles", "Zuletzt gehört";
    person_missing: "{n} person is in no record", "{n} person saknar post", "{n} personne sans fiche", "{n} Person ohne Datensatz";
    people_missing: "{n} people are in no record", "{n} personer saknar post", "{n} personnes sans fiche", "{n} Personen ohne Datensatz";
    contact_lost: "{n} contact can no longer be reached", "{n} kontakt går inte längre att nå", "{n} contact injoignable", "{n} nicht mehr erreichbarer Kontakt";
    contacts_lost: "{n} contacts can no longer be reached", "{n} kontakter går inte längre att nå", "{n} contacts injoignables", "{n} nicht mehr erreichbare Kontakte";
    account_on_one: "{n} of {m} companies rests on one person", "{n} av {m} företag vilar på en person", "{n} entreprise sur {m} repose sur une seule personne", "{n} von {m} Firmen ruht auf einer Person";
    accounts_on_one: "{n} of {m} companies rest on one person", "{n} av {m} företag vilar på en person", "{n} entreprises sur {m} reposent sur une seule personne", "{n} von {m} Firmen ruhen auf einer Person";
    record_to_hand_over: "{n} record to hand over", "{n} post att lämna över", "{n} fiche à transmettre", "{n} Datensatz zu übergeben";
    records_to_hand_over: "{n} records to hand over", "{n} poster att lämna över", "{n} fiches à transmettre", "{n} Datensätze zu übergeben";

    // Handover.
    handover: "Handover", "Överlämning", "Passation", "Übergabe";
    handover_note: "What colleagues who leave know best, and who comes next.", "Vad kollegor som slutar känner bäst, och vem som kommer härnäst.", "Ce que les collègues qui partent connaissent le mieux, et qui vient ensuite.", "Was ausscheidende Kollegen am besten kennen, und wer als Nächstes kommt.";
    nothing_to_hand_over: "There is nothing to hand over.", "Det finns inget att lämna över.", "Il n'y a rien à transmettre.", "Es gibt nichts zu übergeben.";
    leaving: "Who leaves", "Vem som slutar", "Qui part", "Wer ausscheidet";
    comes_next: "Who comes next", "Vem som kommer härnäst", "Qui vient ensuite", "Wer als Nächstes kommt";
    nobody_else: "nobody", "ingen", "personne", "niemand";
    open_threads: "Open threads", "Öppna trådar", "Fils ouverts", "Offene Verläufe";
    waiting_for_us: "Waiting for us", "Väntar på oss", "En attente de nous", "Warten auf uns";
    planned_meetings: "Planned meetings", "Planerade möten", "Réunions prévues", "Geplante Besprechungen";

    // Chances, definitions and links.
    contact_chance: "Contact in 30 days", "Kontakt inom 30 dagar", "Contact sous 30 jours", "Kontakt in 30 Tagen";
    exchange_chance: "Exchange in 28 days", "Utbyte inom 28 dagar", "Échange sous 28 jours", "Austausch in 28 Tagen";
    chances: "How far chances can be trusted", "Hur långt chanserna går att lita på", "Fiabilité des chances", "Wie weit den Chancen zu trauen ist";
    chances_note: "At earlier dates, what was foretold of each range of the score, and what share came true.", "Vid tidigare datum: vad som förutsades för varje del av poängen, och hur stor del som slog in.", "À des dates antérieures\u{a0}: ce qui était prédit pour chaque tranche du score, et la part qui s'est réalisée.", "An früheren Tagen: was für jeden Bereich der Punktzahl vorhergesagt war, und welcher Anteil eintraf.";
    too_few_cases: "The past of this data is too short to tell chances.", "Datans historia är för kort för att ange chanser.", "Le passé de ces données est trop court pour donner des chances.", "Die Vergangenheit dieser Daten ist zu kurz, um Chancen anzugeben.";
    score_range: "Score", "Poäng", "Score", "Punktzahl";
    foretold: "Foretold", "Förutsagt", "Prédit", "Vorhergesagt";
    came_true: "Came true", "Slog in", "Réalisé", "Eingetroffen";
    cases: "Cases", "Fall", "Cas", "Fälle";
    exchange_chance_60: "Exchange in 60 days", "Utbyte inom 60 dagar", "Échange sous 60 jours", "Austausch in 60 Tagen";
    rule: "Rule {rule}.", "Regel {rule}.", "Règle {rule}.", "Regel {rule}.";
    unknown_when: "Unknown: {when}.", "Okänt: {when}.", "Inconnu\u{a0}: {when}.", "Unbekannt: {when}.";
    explain_note: "Each command tells how the number came about.", "Varje kommando berättar hur talet kom till.", "Chaque commande explique d'où vient le nombre.", "Jeder Befehl erklärt, wie die Zahl zustande kam.";
    open_in_dataverse: "Open in Dataverse", "Öppna i Dataverse", "Ouvrir dans Dataverse", "In Dataverse öffnen";
    weakest_of: "The weakest {n} of {m}: see all opportunities", "De {n} svagaste av {m}: se alla affärsmöjligheter", "Les {n} plus faibles sur {m}\u{a0}: voir toutes les opportunités", "Die {n} schwächsten von {m}: alle Verkaufschancen ansehen";
    bottom_without_health: "Deals whose health is unknown stand at the bottom, in grey.", "Affärer vars hälsa är okänd står längst ner, i grått.", "Les affaires dont la santé est inconnue sont en bas, en gris.", "Geschäfte mit unbekanntem Zustand stehen unten, in Grau.";
    not_drawn: "Not in the chart: {n} whose close date is past, {m} without one.", "Inte i diagrammet: {n} vars slutdatum har passerat, {m} utan slutdatum.", "Hors du graphique\u{a0}: {n} dont la clôture est passée, {m} sans date.", "Nicht im Diagramm: {n} mit vergangenem Abschluss, {m} ohne Datum.";
    not_drawn_past: "Not in the chart: {n} whose close date is past.", "Inte i diagrammet: {n} vars slutdatum har passerat.", "Hors du graphique\u{a0}: {n} dont la clôture est passée.", "Nicht im Diagramm: {n} mit vergangenem Abschluss.";
    not_drawn_undated: "Not in the chart: {m} without a close date.", "Inte i diagrammet: {m} utan slutdatum.", "Hors du graphique\u{a0}: {m} sans date de clôture.", "Nicht im Diagramm: {m} ohne Datum für den Abschluss.";
    largest_drawn: "The {n} of highest value are drawn.", "De {n} med högst värde ritas.", "Les {n} de plus grande valeur sont dessinées.", "Die {n} mit dem höchsten Wert sind gezeichnet.";
    without_health: "unknown", "okänd", "inconnue", "unbekannt";
}

impl Findings {
    /// The reason of a row of `attention` in few words, by its code.
    pub fn reason<'a>(&self, code: &'a str) -> &'a str {
        match code {
            "awaiting_us" => self.awaiting_us,
            "awaiting_them" => self.awaiting_them,
            "silent" => self.gone_silent,
            "one_contact" => self.one_contact,
            "one_colleague" => self.one_colleague,
            "no_next_step" => self.no_next_step,
            "close_date" => self.close_date_near,
            "owner_disabled" => self.owner_disabled,
            "stakeholder_unheard" => self.stakeholder_unheard,
            "unlike_similar" => self.unlike_similar,
            other => other,
        }
    }
}
