//! How subjects of automatic replies, reports of delivery and receipts begin (rule N10), as Outlook and
//! Exchange write them in the languages of the supported regions.

use std::fmt;
use std::sync::Arc;

use crate::sources::values::composed::with_plain_blanks;

/// Automatic replies; what follows does not matter.
const REPLIES: &[&str] = &[
    // English
    "automatic reply",
    "autoreply",
    "auto reply",
    "auto-reply",
    "out of office",
    "out of the office",
    // Danish, Norwegian
    "automatisk svar",
    "autosvar",
    // German
    "automatische antwort",
    "abwesenheitsnotiz",
    "abwesend",
    // Spanish
    "respuesta automática",
    "fuera de la oficina",
    "fuera de oficina",
    // Finnish
    "automaattinen vastaus",
    // French
    "réponse automatique",
    "absence du bureau",
    // Italian
    "risposta automatica",
    "fuori sede",
    "fuori ufficio",
    // Japanese
    "自動応答",
    "自動返信",
    // Korean
    "자동 회신",
    "자동 응답",
    "부재 중",
    // Dutch
    "automatisch antwoord",
    "afwezigheidsbericht",
    "afwezigheidsmelding",
    // Portuguese
    "resposta automática",
    "ausência temporária",
    "fora do escritório",
    // Swedish
    "automatiskt svar",
    "frånvaro",
    // Chinese
    "自动答复",
    "自动回复",
    "自動回覆",
    "自動回復",
    "自動答覆",
];

/// Words before a colon, with or without a blank between: automatic replies whose word alone says little,
/// mail that could not be delivered, delivery receipts, and receipts that mail was read or was not.
const LABELS: &[&str] = &[
    // English
    "undeliverable",
    "undelivered",
    "delivery delayed",
    "delivered",
    "relayed",
    "expanded",
    "read",
    "not read",
    // Danish
    "ikke til stede",
    "fraværende",
    "kan ikke leveres",
    "kunne ikke leveres",
    "ikke leveret",
    "leveret",
    "læst",
    "ikke læst",
    "ulæst",
    // German
    "unzustellbar",
    "nicht zustellbar",
    "zugestellt",
    "übermittelt",
    "gelesen",
    "ungelesen",
    "nicht gelesen",
    // Spanish
    "ausente",
    "leída",
    "no leída",
    "no se puede entregar",
    "no se ha podido entregar",
    "no se pudo entregar",
    "no entregable",
    "no entregado",
    "entregado",
    "retransmitido",
    "leído",
    "leídos",
    "no leído",
    "no leídos",
    // Finnish
    "poissa",
    "poissa toimistosta",
    "ei voi toimittaa",
    "ei voida toimittaa",
    "ei voitu toimittaa",
    "toimittaminen ei onnistu",
    "toimitus epäonnistui",
    "toimitettu",
    "luettu",
    "lukematon",
    "lukematta",
    "ei luettu",
    // French
    "non remis",
    "non distribué",
    "remis",
    "relayé",
    "lu",
    "non lu",
    // Italian
    "non recapitabile",
    "impossibile recapitare",
    "recapito non riuscito",
    "recapitato",
    "consegnato",
    "letto",
    "non letto",
    // Japanese
    "不在通知",
    "配信不能",
    "配信できません",
    "配信不可",
    "配信済み",
    "配信完了",
    "開封済み",
    "開封確認",
    "開封",
    "未開封",
    "未読",
    // Korean
    "배달되지 않음",
    "배달할 수 없음",
    "배달 안 됨",
    "배달됨",
    "읽음",
    "읽지 않음",
    // Norwegian
    "kunne ikke levere",
    "ikke levert",
    "levert",
    "lest",
    "ikke lest",
    "ulest",
    // Dutch
    "afwezig",
    "niet aanwezig",
    "onbestelbaar",
    "niet bezorgd",
    "kan niet worden bezorgd",
    "bezorgd",
    "afgeleverd",
    "gelezen",
    "niet gelezen",
    "ongelezen",
    // Portuguese
    "não é possível entregar",
    "não foi possível entregar",
    "não entregue",
    "não entregues",
    "entregue",
    "lido",
    "lida",
    "lidas",
    "não lido",
    "não lida",
    "não lidas",
    // Swedish
    "frånvarande",
    "olevererbart",
    "kan inte levereras",
    "kunde inte levereras",
    "ej levererat",
    "levererat",
    "levererad",
    "läst",
    "oläst",
    "inte läst",
    "ej läst",
    // Chinese
    "外出",
    "不在办公室",
    "不在辦公室",
    "未送达",
    "无法送达",
    "无法传递",
    "无法投递",
    "未传递",
    "已送达",
    "已传递",
    "已读",
    "未读",
    "未送達",
    "無法送達",
    "無法傳遞",
    "無法傳遞的郵件",
    "未傳遞",
    "未傳遞的主旨",
    "傳遞失敗",
    "已送達",
    "已傳遞",
    "已讀",
    "已讀取",
    "未讀",
    "未讀取",
];

/// Beginnings of subjects, lower case, by their first byte.
#[derive(Clone)]
pub struct Beginnings(Arc<[Vec<Beginning>; 256]>);

#[derive(Clone)]
struct Beginning {
    head: Head,
    text: String,
    /// Whether a colon must follow.
    is_label: bool,
}

/// The first four bytes of a text, and which of them there are: a look at them spares nearly all subjects the
/// comparison letter by letter.
#[derive(Clone, Copy)]
struct Head {
    bytes: u32,
    mask: u32,
}

impl Head {
    /// Of a subject; none where one of the bytes is no letter by itself.
    fn of(subject: &[u8]) -> Option<Head> {
        let head = subject.first_chunk::<4>().filter(|head| head.is_ascii())?;
        Some(Head { bytes: u32::from_le_bytes(head.map(|byte| byte.to_ascii_lowercase())), mask: u32::MAX })
    }

    /// Of a beginning in small letters, which may be shorter.
    fn of_beginning(text: &str) -> Head {
        let (mut bytes, mut mask) = ([0; 4], [0; 4]);
        for (at, byte) in text.bytes().take(4).enumerate() {
            (bytes[at], mask[at]) = (byte, u8::MAX);
        }
        Head { bytes: u32::from_le_bytes(bytes), mask: u32::from_le_bytes(mask) }
    }

    fn may_begin(self, subject: Head) -> bool {
        (self.bytes ^ subject.bytes) & self.mask == 0
    }
}

impl fmt::Debug for Beginnings {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_list().entries(self.0.iter().flatten().map(|beginning| &beginning.text)).finish()
    }
}

impl Beginnings {
    /// The known ones, and those that a job adds.
    pub fn with(further: &[String]) -> Beginnings {
        let mut by_byte = [const { Vec::new() }; 256];
        let mut add = |text: &str, is_label: bool| {
            let text = with_plain_blanks(text.trim()).to_lowercase();
            if let Some(&first) = text.as_bytes().first() {
                let beginning = Beginning { head: Head::of_beginning(&text), text, is_label };
                // Letters beyond ASCII have one first byte in both cases, or there is no harm in a look.
                if first.is_ascii_lowercase() {
                    by_byte[usize::from(first.to_ascii_uppercase())].push(beginning.clone());
                }
                by_byte[usize::from(first)].push(beginning);
            }
        };
        REPLIES.iter().for_each(|text| add(text, false));
        LABELS.iter().for_each(|text| add(text, true));
        // Korean is written with blanks between such words or without.
        let together = |text: &&str| text.contains(|c| ('가'..='힣').contains(&c)).then(|| text.replace(' ', ""));
        REPLIES.iter().filter_map(together).for_each(|text| add(&text, false));
        LABELS.iter().filter_map(together).for_each(|text| add(&text, true));
        further.iter().for_each(|text| add(text, false));
        Beginnings(Arc::new(by_byte))
    }

    /// Whether a subject has one of the beginnings, letter case aside.
    pub fn begin(&self, subject: &str) -> bool {
        let subject = with_plain_blanks(subject);
        let subject = subject.trim_start();
        let bytes = subject.as_bytes();
        // Most subjects are done here, answers and forwarded ones among them.
        let [first, _, _, ..] = bytes else { return false };
        let candidates = &self.0[usize::from(*first)];
        let head = Head::of(bytes);
        candidates.iter().filter(|beginning| head.is_none_or(|head| beginning.head.may_begin(head))).any(|beginning| {
            rest_after(&beginning.text, subject).is_some_and(|rest| !beginning.is_label || follows_colon(rest))
        })
    }
}

/// What of a subject follows a text in small letters, letter case aside; letter by letter, since most
/// subjects differ at the second.
fn rest_after<'a>(text: &str, subject: &'a str) -> Option<&'a str> {
    let (mut due, mut letters) = (text.chars(), subject.chars());
    while !due.as_str().is_empty() {
        let small = letters.next()?.to_lowercase();
        if small.into_iter().any(|letter| due.next() != Some(letter)) {
            return None;
        }
    }
    Some(letters.as_str())
}

/// Whether a colon comes next, full- or half-width, after a blank or none.
fn follows_colon(rest: &str) -> bool {
    rest.trim_start().starts_with([':', '：', '﹕', '︰'])
}

#[cfg(test)]
mod tests {
    use super::*;

    fn is_automatic(subject: &str) -> bool {
        Beginnings::with(&[]).begin(subject)
    }

    #[test]
    fn every_beginning_counts_whatever_its_letter_case() {
        for text in REPLIES {
            for subject in [text.to_string(), format!(" {}: x", text.to_uppercase()), format!("{text} : x")] {
                assert!(is_automatic(&subject), "{subject}");
            }
        }
        for text in LABELS {
            for colon in [":", ": x", " : x", "\u{a0}: x", "\u{202f}: x", "：x"] {
                assert!(is_automatic(&format!("{text}{colon}")), "{text}{colon}");
                assert!(is_automatic(&format!(" {}{colon}", text.to_uppercase())), "{text}{colon}");
            }
            assert!(!is_automatic(&format!("{text} offer: x")), "{text}");
        }
    }

    #[test]
    fn what_people_write_is_not_automatic() {
        // One a line.
        let written = "Re: Automatic reply\nRe: Read: offer\nReading list: spring\nReady: offer\nRead this: offer\nRead\nLu\n\
            Luxembourg: offer\nDelivered on time: your order\nRemise: 10 %\nLesten: x\nLead: x\nRE:\n\na\n配信\nConsegnato a mano";
        for subject in written.split('\n') {
            assert!(!is_automatic(subject), "{subject}");
        }
        let odd = "Fra\u{30a}nvaro: x|Re\u{301}ponse\u{a0}automatique : x|Non\u{202f}lu : x|Na\u{303}o lida: x|읽지않음: x|읽지 않음: x|자동회신";
        for subject in
            odd.split('|').chain(["FRÅNVARO: semester", "RÉPONSE automatique : Offre", "Lu : Offre", "Lu: x"])
        {
            assert!(is_automatic(subject), "{subject}");
        }
    }

    #[test]
    fn a_job_adds_its_own() {
        let beginnings = Beginnings::with(&["[Ticket".to_string(), " Ärende ".to_string(), String::new()]);
        assert!(beginnings.begin("[TICKET 7] offer") && beginnings.begin("ärende 7") && beginnings.begin("ÄRENDE"));
        assert!(beginnings.begin("Read: x") && !beginnings.begin("Offer"));
    }
}
