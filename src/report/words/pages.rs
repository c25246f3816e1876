//! The words of all pages and of the widgets of records.

use crate::people::RecordType;

words! {
    Words;
    // Pages and what holds them together.
    relationships: "Relationships", "Relationer", "Relations", "Beziehungen";
    overview: "Overview", "Översikt", "Vue d'ensemble", "Übersicht";
    as_of: "As of", "Per", "Au", "Stand";
    account: "Account", "Konto", "Compte", "Firma";
    contact: "Contact", "Kontakt", "Contact", "Kontakt";
    lead: "Lead", "Lead", "Prospect", "Lead";
    opportunity: "Opportunity", "Affärsmöjlighet", "Opportunité", "Verkaufschance";
    accounts: "Accounts", "Konton", "Comptes", "Firmen";
    contacts: "Contacts", "Kontakter", "Contacts", "Kontakte";
    leads: "Leads", "Leads", "Prospects", "Leads";
    opportunities: "Opportunities", "Affärsmöjligheter", "Opportunités", "Verkaufschancen";
    owner: "Owner", "Ägare", "Propriétaire", "Zuständig";
    name: "Name", "Namn", "Nom", "Name";
    unnamed: "Without a name", "Utan namn", "Sans nom", "Ohne Namen";
    unknown: "unknown", "okänt", "inconnu", "unbekannt";
    none: "none", "inga", "aucun", "keine";
    skip: "Skip to the content", "Hoppa till innehållet", "Aller au contenu", "Zum Inhalt springen";
    definitions: "What these numbers mean", "Vad siffrorna betyder", "Ce que signifient ces chiffres", "Was diese Zahlen bedeuten";
    as_table: "As a table", "Som tabell", "Sous forme de tableau", "Als Tabelle";
    not_published: "Not published", "Inte publicerat", "Non publié", "Nicht veröffentlicht";
    not_published_table: "The table {table} is not there for this day. It is made by:", "Tabellen {table} finns inte för den här dagen. Den skapas av:", "La table {table} n'existe pas pour ce jour. Elle est produite par\u{a0}:", "Die Tabelle {table} gibt es für diesen Tag nicht. Sie entsteht durch:";
    table_day: "as of {day}", "per {day}", "au {day}", "Stand {day}";
    notice: "This report describes relationships between a company and its customers. It must not be used to rate, rank or monitor employees, nor for decisions about their pay, promotion or rights.", "Den här rapporten beskriver relationer mellan ett företag och dess kunder. Den får inte användas för att betygsätta, rangordna eller övervaka anställda, eller för beslut om deras lön, befordran eller rättigheter.", "Ce rapport décrit des relations entre une entreprise et ses clients. Il ne doit pas servir à noter, classer ou surveiller des employés, ni à décider de leur rémunération, de leur promotion ou de leurs droits.", "Dieser Bericht beschreibt Beziehungen zwischen einem Unternehmen und seinen Kunden. Er darf nicht dazu dienen, Beschäftigte zu bewerten, zu vergleichen oder zu überwachen, noch für Entscheidungen über Gehalt, Beförderung oder Rechte.";
    personal: "This page holds personal data. Pass it on only to those who may see these records.", "Sidan innehåller personuppgifter. Ge den bara vidare till dem som får se de här posterna.", "Cette page contient des données personnelles. Ne la transmettez qu'aux personnes autorisées à voir ces fiches.", "Diese Seite enthält personenbezogene Daten. Nur an Personen weitergeben, die diese Datensätze sehen dürfen.";
    made_by: "Made by rapport from published tables; it loads nothing from the network.", "Gjord av rapport från publicerade tabeller; inget hämtas från nätet.", "Produit par rapport à partir de tables publiées\u{a0}; rien n'est chargé depuis le réseau.", "Erstellt von rapport aus veröffentlichten Tabellen; es wird nichts aus dem Netz geladen.";

    // Sides and kinds.
    us: "Us", "Vi", "Nous", "Wir";
    them: "Customer", "Kunden", "Client", "Kunde";
    emails: "Emails", "Mejl", "E-mails", "E-Mails";
    meetings: "Meetings", "Möten", "Réunions", "Besprechungen";
    phone_calls: "Calls", "Samtal", "Appels", "Anrufe";
    email: "Email", "Mejl", "E-mail", "E-Mail";
    meeting: "Meeting", "Möte", "Réunion", "Besprechung";
    phone_call: "Call", "Samtal", "Appel", "Anruf";
    task: "Task", "Uppgift", "Tâche", "Aufgabe";
    started_by_us: "started by us", "från oss", "à notre initiative", "von uns";
    started_by_them: "started by the customer", "från kunden", "à l'initiative du client", "vom Kunden";
    billions: "bn", "md", "Md", "Mrd.";
    minutes_short: "min", "min", "min", "Min.";
    hours_short: "h", "tim", "h", "Std.";
    days_short: "days", "dagar", "jours", "Tage";
    day_one: "1 day", "1 dag", "{n} jour", "1 Tag";
    day_many: "{n} days", "{n} dagar", "{n} jours", "{n} Tage";

    // Health.
    health: "Relationship health", "Relationens hälsa", "Santé de la relation", "Zustand der Beziehung";
    health_short: "Health", "Hälsa", "Santé", "Zustand";
    of_100: "of 100", "av 100", "sur 100", "von 100";
    good: "good", "god", "bonne", "gut";
    fair: "fair", "måttlig", "moyenne", "mittel";
    poor: "poor", "svag", "faible", "schwach";
    dormant: "dormant", "vilande", "en sommeil", "ruhend";
    no_closed_activities: "nothing held yet", "inget genomfört än", "rien n'a encore eu lieu", "noch nichts stattgefunden";
    not_enough_info: "nothing in the past year", "inget det senaste året", "rien depuis un an", "nichts im letzten Jahr";
    older_than_two_years: "silent for over two years", "tyst i över två år", "silence de plus de deux ans", "seit über zwei Jahren still";
    not_applicable: "closed", "avslutad", "clôturée", "abgeschlossen";
    improving: "improving", "förbättras", "en hausse", "steigend";
    steady: "steady", "stabil", "stable", "stabil";
    declining: "declining", "försämras", "en baisse", "fallend";
    trend: "Trend", "Trend", "Tendance", "Trend";
    health_history: "Score over the published days", "Poäng över de publicerade dagarna", "Score au fil des jours publiés", "Punkte an den veröffentlichten Tagen";
    one_day_only: "Only this day is published; a history appears once more days are.", "Bara den här dagen är publicerad; en historik syns när fler dagar är det.", "Seul ce jour est publié\u{a0}; un historique apparaîtra avec d'autres jours.", "Nur dieser Tag ist veröffentlicht; ein Verlauf erscheint mit weiteren Tagen.";
    no_score_so_far: "There is no score on any of the published days.", "Det finns ingen poäng för någon av de publicerade dagarna.", "Il n'y a de score pour aucun des jours publiés.", "An keinem der veröffentlichten Tage gibt es Punkte.";
    first_score: "This is the first day with a score; a history appears with the next one.", "Det här är den första dagen med poäng; en historik syns från nästa.", "C'est le premier jour avec un score\u{a0}; un historique apparaîtra avec le suivant.", "Dies ist der erste Tag mit Punkten; ein Verlauf erscheint mit dem nächsten.";
    better_than: "Better than {share} of records of this kind", "Bättre än {share} av posterna av detta slag", "Meilleure que {share} des fiches de ce type", "Besser als {share} der Datensätze dieser Art";
    last_interaction: "Last interaction", "Senaste interaktion", "Dernière interaction", "Letzte Interaktion";
    next_interaction: "Next interaction", "Nästa interaktion", "Prochaine interaction", "Nächste Interaktion";
    none_planned: "none planned", "ingen planerad", "aucune prévue", "keine geplant";
    never: "never", "aldrig", "jamais", "nie";
    days_ago: "{days} ago", "{days} sedan", "il y a {days}", "vor {days_dative}";
    today: "today", "i dag", "aujourd'hui", "heute";
    in_days: "in {days}", "om {days}", "dans {days}", "in {days_dative}";
    day_one_dative: "1 day", "1 dag", "{n} jour", "1 Tag";
    day_many_dative: "{n} days", "{n} dagar", "{n} jours", "{n} Tagen";

    // Widgets of a record.
    summary: "Summary", "Sammanfattning", "Résumé", "Zusammenfassung";
    no_summary: "Nothing to say yet: there has been no contact.", "Inget att säga än: det har inte varit någon kontakt.", "Rien à dire pour l'instant\u{a0}: aucun contact n'a eu lieu.", "Noch nichts zu sagen: Es gab noch keinen Kontakt.";
    no_contact: "No contact yet", "Ingen kontakt än", "Pas encore de contact", "Noch kein Kontakt";
    no_contact_until: "No email, meeting or call is known up to {day}.", "Inget mejl, möte eller samtal är känt till och med {day}.", "Aucun e-mail, réunion ou appel n'est connu jusqu'au {day}.", "Bis zum {day} ist keine E-Mail, keine Besprechung und kein Anruf bekannt.";
    no_contact_would: "Once there is contact, this page shows:", "När det finns kontakt visar sidan:", "Dès qu'il y aura un contact, cette page montrera\u{a0}:", "Sobald es Kontakt gibt, zeigt diese Seite:";
    activities: "Activities of 60 days", "Aktiviteter under 60 dagar", "Activités sur 60 jours", "Aktivitäten der letzten 60 Tage";
    no_activities: "No emails, meetings or calls in these 60 days.", "Inga mejl, möten eller samtal under de här 60 dagarna.", "Aucun e-mail, réunion ou appel pendant ces 60 jours.", "Keine E-Mails, Besprechungen oder Anrufe in diesen 60 Tagen.";
    silent: "{days} silent", "{days} tyst", "{days} de silence", "{days} still";
    longest_silence: "Longest silence", "Längsta tystnaden", "Plus long silence", "Längste Stille";
    day: "Day", "Dag", "Jour", "Tag";
    sent: "sent", "skickade", "envoyés", "gesendet";
    received: "received", "mottagna", "reçus", "empfangen";
    who_started: "Interactions and who started them", "Interaktioner och vem som tog initiativet", "Interactions et qui les a lancées", "Interaktionen und wer sie begann";
    total: "Total", "Totalt", "Total", "Summe";
    time_spent: "Time spent", "Nedlagd tid", "Temps consacré", "Aufgewendete Zeit";
    face_time: "Face to face", "Ansikte mot ansikte", "En face à face", "Von Angesicht zu Angesicht";
    without_duration: "Interactions of unknown length", "Interaktioner av okänd längd", "Interactions de durée inconnue", "Interaktionen unbekannter Dauer";
    email_balance: "Emails sent and received", "Skickade och mottagna mejl", "E-mails envoyés et reçus", "Gesendete und empfangene E-Mails";
    by_us: "by us", "av oss", "par nous", "von uns";
    by_them: "by the customer", "av kunden", "par le client", "vom Kunden";
    share_of_mail: "Share of mail", "Andel av mejlen", "Part des e-mails", "Anteil der E-Mails";
    ratio: "Ratio", "Förhållande", "Rapport", "Verhältnis";
    engagement: "Email engagement", "E-postengagemang", "Engagement par e-mail", "E-Mail-Interaktion";
    followed: "Followed emails sent", "Följda mejl som skickats", "E-mails suivis envoyés", "Verfolgte E-Mails gesendet";
    opened: "Opened", "Öppnade", "Ouverts", "Geöffnet";
    clicked: "Link clicked", "Länk klickad", "Lien cliqué", "Link angeklickt";
    attachment_opened: "Attachment opened", "Bilaga öppnad", "Pièce jointe ouverte", "Anhang geöffnet";
    replied: "Replied", "Besvarade", "Avec réponse", "Beantwortet";
    response_times: "Response times", "Svarstider", "Délais de réponse", "Antwortzeiten";
    mean: "Mean", "Medel", "Moyenne", "Mittel";
    median: "Median", "Median", "Médiane", "Median";
    p90: "90% within", "90 % inom", "90 % en moins de", "90 % innerhalb von";
    answered: "Answered", "Besvarat", "Répondu", "Beantwortet";
    answered_of: "{n} of {due}", "{n} av {due}", "{n} sur {due}", "{n} von {due}";
    answer_rate: "Answer rate", "Svarsgrad", "Taux de réponse", "Antwortquote";
    people: "Contacts and colleagues", "Kontakter och kollegor", "Contacts et collègues", "Kontakte und Kollegen";
    most_contacted: "Most contacted", "Mest kontaktade", "Les plus contactés", "Am meisten kontaktiert";
    most_contacted_by: "Most contacted by", "Mest kontaktade av", "Ceux qui contactent le plus", "Am meisten kontaktiert von";
    last_contact: "Last contact", "Senaste kontakt", "Dernier contact", "Letzter Kontakt";
    nobody: "Nobody yet.", "Ingen än.", "Personne pour l'instant.", "Noch niemand.";

    // Similar won deals.
    similar: "Similar won deals", "Liknande vunna affärer", "Affaires gagnées similaires", "Ähnliche gewonnene Geschäfte";
    similar_fallback: "Too few deals are closed, or none is similar enough: these were won last.", "För få affärer är avslutade eller ingen är tillräckligt lik: de här vanns senast.", "Trop peu d'affaires sont closes, ou aucune n'est assez proche\u{a0}: voici les dernières gagnées.", "Zu wenige Geschäfte sind abgeschlossen oder keines ist ähnlich genug: diese wurden zuletzt gewonnen.";
    no_similar: "There is no won deal to compare with.", "Det finns ingen vunnen affär att jämföra med.", "Aucune affaire gagnée à comparer.", "Es gibt kein gewonnenes Geschäft zum Vergleichen.";
    similarity: "Similarity", "Likhet", "Similarité", "Ähnlichkeit";
    in_common: "In common", "Gemensamt", "En commun", "Gemeinsam";
    differs: "Different", "Olika", "Différent", "Unterschiedlich";
    interactions: "Interactions", "Interaktioner", "Interactions", "Interaktionen";
    days_to_close: "Days to close", "Dagar till avslut", "Jours jusqu'à la clôture", "Tage bis Abschluss";
    value: "Value", "Värde", "Valeur", "Wert";
    our_time: "Our time", "Vår tid", "Notre temps", "Unsere Zeit";
    their_time: "Their time", "Deras tid", "Leur temps", "Ihre Zeit";
    our_answer: "We answer after", "Vi svarar efter", "Nous répondons après", "Wir antworten nach";
    their_answer: "They answer after", "De svarar efter", "Ils répondent après", "Sie antworten nach";
    our_rate: "We answer", "Vi svarar på", "Nous répondons à", "Wir beantworten";
    their_rate: "They answer", "De svarar på", "Ils répondent à", "Sie beantworten";
    benchmark: "This deal against them at the same age", "Affären jämfört med dem vid samma ålder", "Cette affaire face à elles au même âge", "Dieses Geschäft im Vergleich, im gleichen Alter";
    this_deal: "This deal", "Den här affären", "Cette affaire", "Dieses Geschäft";
    typical: "Median of won deals", "Median för vunna affärer", "Médiane des affaires gagnées", "Median der gewonnenen Geschäfte";
    lags: "lags", "efter", "en retard", "zurück";
    ahead: "ahead", "före", "en avance", "voraus";
    level: "level", "i nivå", "à niveau", "gleichauf";
    verdict: "Standing", "Läge", "Position", "Lage";

    // Who knows whom.
    who_knows_whom: "Who knows whom", "Vem känner vem", "Qui connaît qui", "Wer kennt wen";
    graph: "Graph", "Graf", "Graphe", "Grafik";
    list: "List", "Lista", "Liste", "Liste";
    view: "View", "Vy", "Affichage", "Ansicht";
    colleague: "Colleague", "Kollega", "Collègue", "Kollege/Kollegin";
    person: "Customer person", "Kundens person", "Personne chez le client", "Person beim Kunden";
    label: "Label", "Omdöme", "Qualité", "Einstufung";
    strength: "Strength", "Styrka", "Force", "Stärke";
    strong: "strong", "stark", "forte", "stark";
    weak: "weak", "svag", "faible", "schwach";
    good_connection: "good", "god", "bonne", "gut";
    introduce: "Get introduced", "Bli presenterad", "Se faire présenter", "Vorstellen lassen";
    introduce_by: "Ask {colleague} to introduce {person}", "Be {colleague} presentera {person}", "Demander à {colleague} de présenter {person}", "{colleague} bitten, {person} vorzustellen";
    introduce_subject: "Could you introduce me to {person}?", "Kan du presentera mig för {person}?", "Pourrais-tu me présenter à {person}\u{a0}?", "Könntest du mich {person} vorstellen?";
    introduce_note: "Opens a draft in your own mail program. Nothing is sent by itself.", "Öppnar ett utkast i ditt eget mejlprogram. Inget skickas av sig självt.", "Ouvre un brouillon dans votre messagerie. Rien n'est envoyé automatiquement.", "Öffnet einen Entwurf in Ihrem Mailprogramm. Nichts wird von selbst gesendet.";
    nobody_knows: "Nobody was in touch in the past year.", "Ingen har haft kontakt det senaste året.", "Personne n'a été en contact depuis un an.", "Im letzten Jahr hatte niemand Kontakt.";
    one_left_out: "{n} weaker connection is left out of the graph; the list has the strongest {m}.", "{n} svagare kontakt visas inte i grafen; listan har de {m} starkaste.", "{n} lien plus faible ne figure pas dans le graphe\u{a0}; la liste montre les {m} plus forts.", "{n} schwächere Verbindung fehlt in der Grafik; die Liste zeigt die {m} stärksten.";
    left_out: "{n} weaker connections are left out of the graph; the list has the strongest {m}.", "{n} svagare kontakter visas inte i grafen; listan har de {m} starkaste.", "{n} liens plus faibles ne figurent pas dans le graphe\u{a0}; la liste montre les {m} plus forts.", "{n} schwächere Verbindungen fehlen in der Grafik; die Liste zeigt die {m} stärksten.";

    // Overview.
    to_do: "What to do today", "Att göra i dag", "À faire aujourd'hui", "Heute zu tun";
    to_do_note: "Open deals and leads whose relationship is poor or dormant, the weakest first.", "Öppna affärer och leads vars relation är svag eller vilande, de svagaste först.", "Affaires et prospects ouverts dont la relation est faible ou en sommeil, les plus faibles d'abord.", "Offene Geschäfte und Leads mit schwacher oder ruhender Beziehung, die schwächsten zuerst.";
    nothing_to_do: "No open deal or lead is poor or dormant.", "Ingen öppen affär eller lead är svag eller vilande.", "Aucune affaire ni prospect ouvert n'a une relation faible ou en sommeil.", "Kein offenes Geschäft und kein Lead ist schwach oder ruhend.";
    changes: "What changed", "Vad som har ändrats", "Ce qui a changé", "Was sich geändert hat";
    by_relationship: "Open opportunities by relationship", "Öppna affärsmöjligheter efter relation", "Opportunités ouvertes par relation", "Offene Verkaufschancen nach Beziehung";
    reason: "Reason", "Skäl", "Raison", "Grund";
    close_date: "Close date", "Slutdatum", "Clôture", "Abschluss";
    filter: "Filter", "Filtrera", "Filtrer", "Filtern";
    sort_by: "Sort", "Sortera", "Trier", "Sortieren";
    all: "all", "alla", "toutes", "alle";
    shown_of: "{n} of {m} shown", "{n} av {m} visas", "{n} sur {m} affichées", "{n} von {m} angezeigt";
    no_open_deals: "There is no open opportunity.", "Det finns ingen öppen affärsmöjlighet.", "Il n'y a aucune opportunité ouverte.", "Es gibt keine offene Verkaufschance.";
    no_records: "There is nothing of this kind in this report.", "Det finns inget av det här slaget i den här rapporten.", "Ce rapport ne contient rien de ce type.", "In diesem Bericht gibt es nichts dieser Art.";
    pipeline: "Pipeline", "Pipeline", "Pipeline", "Pipeline";
    pipeline_note: "Each circle is an open deal, higher with better health, and larger with its value.", "Varje cirkel är en öppen affär, högre upp med bättre hälsa och större med dess värde.", "Chaque cercle est une affaire ouverte, plus haut si sa santé est bonne, plus grand selon sa valeur.", "Jeder Kreis ist ein offenes Geschäft: je besser der Zustand, desto höher, je größer der Wert, desto größer.";
    pipeline_age: "The tables of this day have no close dates, so deals stand by their age.", "Dagens tabeller saknar slutdatum, så affärerna står efter ålder.", "Les tables de ce jour n'ont pas de date de clôture\u{a0}: les affaires sont placées selon leur âge.", "Die Tabellen dieses Tages haben kein Abschlussdatum, daher stehen die Geschäfte nach Alter.";
    pipeline_none: "The tables of this day hold neither close dates nor ages of deals.", "Dagens tabeller har varken slutdatum eller ålder för affärer.", "Les tables de ce jour n'ont ni date de clôture ni âge des affaires.", "Die Tabellen dieses Tages enthalten weder Abschlussdatum noch Alter der Geschäfte.";
    value_unknown: "A dashed circle has no known value.", "En streckad cirkel har okänt värde.", "Un cercle en pointillé n'a pas de valeur connue.", "Ein gestrichelter Kreis hat keinen bekannten Wert.";
    age_days: "Age in days", "Ålder i dagar", "Âge en jours", "Alter in Tagen";
    quality: "How far the numbers can be trusted", "Hur långt siffrorna går att lita på", "Fiabilité des chiffres", "Wie weit den Zahlen zu trauen ist";
    partial: "Results are partial: a source is missing or too old.", "Resultaten är ofullständiga: en källa saknas eller är för gammal.", "Résultats partiels\u{a0}: une source manque ou est trop ancienne.", "Die Ergebnisse sind unvollständig: Eine Quelle fehlt oder ist zu alt.";
    complete: "All sources were there and up to date.", "Alla källor fanns och var aktuella.", "Toutes les sources étaient présentes et à jour.", "Alle Quellen waren vorhanden und aktuell.";
    no_records_at_all: "The tables of this day hold no account, contact, lead or opportunity. Check where the lake lies, and what the run has read.", "Dagens tabeller har varken konton, kontakter, leads eller affärsmöjligheter. Kontrollera var sjön ligger och vad körningen har läst.", "Les tables de ce jour ne contiennent ni compte, ni contact, ni prospect, ni opportunité. Vérifiez où se trouve le lac et ce que l'exécution a lu.", "Die Tabellen dieses Tages enthalten weder Firmen noch Kontakte, Leads oder Verkaufschancen. Prüfen Sie, wo der Lake liegt und was der Lauf gelesen hat.";
    consent_given: "Consent to use Exchange is given.", "Samtycke till att använda Exchange finns.", "Le consentement à l'usage d'Exchange est donné.", "Die Einwilligung zur Nutzung von Exchange liegt vor.";
    consent_pending: "Consent to use Exchange is not given: {days} left, then Exchange is switched off.", "Samtycke till Exchange saknas: {days} kvar, sedan stängs Exchange av.", "Le consentement à l'usage d'Exchange manque\u{a0}: encore {days}, puis Exchange est désactivé.", "Die Einwilligung zu Exchange fehlt: noch {days}, dann wird Exchange abgeschaltet.";
    consent_off: "Exchange is off: there is no consent.", "Exchange är av: samtycke saknas.", "Exchange est désactivé\u{a0}: pas de consentement.", "Exchange ist aus: Es fehlt die Einwilligung.";
    measure: "Measure", "Mått", "Mesure", "Messgröße";
    subject: "Of", "Av", "De", "Von";
    state: "State", "Status", "État", "Status";
    fine: "fine", "bra", "bon", "in Ordnung";
    warning: "warning", "varning", "avertissement", "Warnung";
    failed: "failed", "underkänt", "échec", "fehlgeschlagen";
    all_records: "All records", "Alla poster", "Toutes les fiches", "Alle Datensätze";
}

impl Words {
    /// A state of health by its code.
    pub fn health_state<'a>(&self, code: &'a str) -> &'a str {
        match code {
            "good" => self.good,
            "fair" => self.fair,
            "poor" => self.poor,
            "dormant" => self.dormant,
            "no_closed_activities" => self.no_closed_activities,
            "not_enough_info" => self.not_enough_info,
            "older_than_two_years" => self.older_than_two_years,
            "not_applicable" => self.not_applicable,
            other => other,
        }
    }

    /// A trend by its code.
    pub fn health_trend<'a>(&self, code: &'a str) -> &'a str {
        match code {
            "improving" => self.improving,
            "steady" => self.steady,
            "declining" => self.declining,
            other => other,
        }
    }

    /// A kind of interaction by its code.
    pub fn kind<'a>(&self, code: &'a str) -> &'a str {
        match code {
            "email" => self.email,
            "meeting" => self.meeting,
            "phone_call" => self.phone_call,
            "task" => self.task,
            other => other,
        }
    }

    /// Who started an interaction, by the code of its direction.
    pub fn started_by(&self, direction: &str) -> Option<&'static str> {
        match direction {
            "outbound" => Some(self.started_by_us),
            "inbound" => Some(self.started_by_them),
            _ => None,
        }
    }

    /// The label of a connection by its code.
    pub fn connection<'a>(&self, code: &'a str) -> &'a str {
        match code {
            "strong" => self.strong,
            "good" => self.good_connection,
            "weak" => self.weak,
            other => other,
        }
    }
}

impl Words {
    /// What a record of a type is called.
    pub fn record(&self, record_type: RecordType) -> &'static str {
        match record_type {
            RecordType::Account => self.account,
            RecordType::Contact => self.contact,
            RecordType::Lead => self.lead,
            RecordType::Opportunity => self.opportunity,
        }
    }

    /// What several records of a type are called.
    pub fn records(&self, record_type: RecordType) -> &'static str {
        match record_type {
            RecordType::Account => self.accounts,
            RecordType::Contact => self.contacts,
            RecordType::Lead => self.leads,
            RecordType::Opportunity => self.opportunities,
        }
    }
}
