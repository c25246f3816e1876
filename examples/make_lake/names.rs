//! Invented names of people, companies, products and subjects.

use crate::random::Random;

const FIRST: &str = "\
    Anna Erik Maja Lars Åsa Göran Ingrid Nils Sofia Björn Elin Mats Karin Johan Linnéa Oskar \
    Jürgen Katrin Hans Ute Stefan Grit Uwe Heike Lukas Jörg Petra Dieter Sabine Moritz Chloé \
    Luc Amélie Hugo Zoé Théo Manon René Élodie Gaël Inès Bastien Margaux Yves Emma Oliver \
    Grace Harry Isla George Poppy Alfie Ruby Arthur Freya Noah Hazel Owen Tessa Colin";

const LAST: &str = "\
    Lindqvist Åkerblom Sjögren Nyström Hedlund Öberg Ekdahl Wallin Strand Norell Bergsten \
    Dahlgren Frisk Ljung Sandell Tornberg Krüger Vogt Lehmann Brandt Scholz Hartwig Engel \
    Pohl Behrens Kühne Ritter Seidel Thiel Wendt Moreau Lefèvre Girard Perrin Colin Renaud \
    Delmas Faure Barbier Chevalier Roussel Marchand Picard Lacroix Hughes Barker Whitlock \
    Ashdown Marlow Pemberton Hale Thornton Winslow Carver Fielding Granger Holloway Kendrick \
    Osborne Radley Stirling Upton Yardley Bexley";

const COMPANY: &str = "\
    Almgren Backlund Cedergård Dünenwerk Eskil Fjärd Granit Hafen Isblad Junker Kastell \
    Lumière Mistral Nordlys Ombrage Pinecrest Quayside Rivage Steinmark Tallinge Ulmen \
    Vallon Westbrook Ysander Zinnober Ahornhof Birkeland Clairmont Drakewood Elbtor Fennmark \
    Glenmoor Highfield Ivarsson Jardinet Kvarnby Larkhill Mühlbach Néris Orrefjäll";

const BRANCH: &str = "\
    Kabel Maschinen Logistics Énergie Papper Optik Textil Foods Marine Bau Systèmes Medical \
    Stål Glas Robotics Verkehr Chimie Design Trä Hydro";

pub const PRODUCTS: &[&str] = &["Breeze", "Breeze Plus", "Gale", "Gale Pro", "Storm", "Storm Service", "Calm Care"];

pub const SEGMENTS: &[&str] = &["industry", "public", "retail", "health"];

const SUBJECTS: &[&str] = &[
    "Offer for {}",
    "Question about {}",
    "Delivery of {}",
    "{}: next steps",
    "Offert på {}",
    "Fråga om {}",
    "Leverans av {}",
    "Angebot für {}",
    "Frage zu {}",
    "Lieferung {}",
    "Devis {}",
    "Question sur {}",
    "Livraison {}",
    "{} price list",
    "{}: agenda",
    "Contract for {}",
];

const INTERNAL: &[&str] =
    &["Team lunch", "Forecast", "Veckomöte", "Prognose", "Holiday plan", "Réunion d'équipe", "Onboarding"];

pub const AUTOMATIC: &[&str] = &[
    "Automatic reply: ",
    "Autosvar: ",
    "Automatiskt svar: ",
    "Frånvaro: ",
    "Abwesenheitsnotiz: ",
    "Automatische Antwort: ",
    "Réponse automatique : ",
    "Absence du bureau : ",
    "Out of office: ",
];

fn words(list: &str) -> Vec<&str> {
    list.split_whitespace().collect()
}

pub fn person(random: &mut Random) -> String {
    format!("{} {}", random.pick(&words(FIRST)), random.pick(&words(LAST)))
}

/// A company; beyond the combinations of both lists the number tells them apart.
pub fn company(number: usize) -> String {
    let (words, branches) = (words(COMPANY), words(BRANCH));
    let branch = branches[number % branches.len()];
    // The first word moves on by one more in each round, so that all pairs come up once.
    let word = words[(number + number / branches.len()) % words.len()];
    match number / (words.len() * branches.len()) {
        0 => format!("{word} {branch}"),
        round => format!("{word} {branch} {}", round + 1),
    }
}

pub fn subject(random: &mut Random, product: &str) -> String {
    random.pick(SUBJECTS).replace("{}", product)
}

pub fn internal_subject(random: &mut Random) -> String {
    format!("{} {}", random.pick(INTERNAL), random.below(52) + 1)
}

/// Lower-case ASCII for addresses and domains.
pub fn ascii(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for letter in text.chars().flat_map(char::to_lowercase) {
        match letter {
            'å' | 'ä' | 'à' | 'â' => out.push('a'),
            'ö' | 'ô' => out.push('o'),
            'ü' | 'ù' => out.push('u'),
            'é' | 'è' | 'ê' | 'ë' => out.push('e'),
            'î' | 'ï' => out.push('i'),
            'ç' => out.push('c'),
            ' ' => out.push('-'),
            other if other.is_ascii_alphanumeric() => out.push(other),
            _ => {}
        }
    }
    out
}
