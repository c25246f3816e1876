//! Pages speak the language of their reader: definitions and factors too, and no command is left unsaid.

use std::collections::BTreeMap;
use std::process::Command;

use super::{AS_OF, Report, sample, table};

fn report(language: &str) -> BTreeMap<String, String> {
    Report::of(sample(), &["--language", language]).files()
}

/// Every definition of every page: the column it is of, and its markup.
fn definitions(files: &BTreeMap<String, String>) -> BTreeMap<String, String> {
    let mut found = BTreeMap::new();
    for text in files.values() {
        for definition in text.split("<dt>").skip(1) {
            let Some((head, rest)) = definition.split_once("</dt>") else { continue };
            let Some((_, column)) = head.split_once("<code>") else { continue };
            let described = rest.split_once("</dd>").unwrap().0;
            found.insert(column.trim_end_matches("</code>").to_string(), format!("{head}{described}"));
        }
    }
    found
}

#[test]
fn every_column_on_a_page_is_defined_in_the_language_of_the_reader() {
    let english = definitions(&report("en"));
    assert!(english.len() > 90, "{}", english.len());
    for language in ["sv", "fr", "de"] {
        let found = definitions(&report(language));
        assert!(found.keys().eq(english.keys()), "{language}");
        for (column, text) in &found {
            assert!(!text.contains("lang=\"en\""), "{language}: {column} is described in English: {text}");
            assert!(*text != english[column], "{language}: {column} reads as in English: {text}");
            let name = column.split_once('.').unwrap().1;
            assert!(!text.starts_with(&format!("{name} ")), "{language}: {column} has no name but its own");
        }
    }
}

#[test]
fn factors_of_similar_deals_are_called_by_names_that_readers_know() {
    let alike = table("similar_won_deals");
    let columns = ["alike", "different"].map(|name| alike.column(name).unwrap().str().unwrap().clone());
    let written: Vec<&str> = columns.iter().flat_map(|column| column.iter().flatten()).collect();
    assert!(written.iter().any(|text| text.contains("estimatedvalue")), "{written:?}");
    for (language, said) in
        [("en", "estimated value"), ("sv", "uppskattat värde"), ("fr", "valeur estimée"), ("de", "geschätzter Wert")]
    {
        let files = report(language);
        let cards: String = files
            .values()
            .filter_map(|text| text.split_once("id=\"similar-deals\"")?.1.split_once("<details class=\"definitions\""))
            .map(|(card, _)| card)
            .collect();
        assert!(cards.contains(said), "{language}");
        assert!(!cards.contains("estimatedvalue") && !cards.contains("ownerid"), "{language}");
    }
}

#[test]
fn the_command_beside_a_number_explains_it() {
    let files = report("en");
    let commands = |page: &String| -> Vec<String> {
        let commands = page.split("<code class=\"command\">rapport ").skip(1);
        commands.map(|rest| rest.split_once("</code>").unwrap().0.to_string()).collect()
    };
    let all: Vec<String> = files.values().flat_map(commands).collect();
    let of = |part: &str| all.iter().find(|command| command.contains(part)).unwrap_or_else(|| panic!("none of {part}"));
    for part in [
        "account_kpis",
        "contact_kpis",
        "opportunity_kpis",
        "relationship_health contact",
        "connections",
        "account_coverage",
        "opportunity_benchmarks",
    ] {
        let command = of(&format!("explain {part} "));
        assert!(command.ends_with(&format!(" --as-of {AS_OF}")), "{command}");
        let mut rapport = Command::new(env!("CARGO_BIN_EXE_rapport"));
        rapport.current_dir(env!("CARGO_MANIFEST_DIR")).args(command.split(' ')).arg("--output").arg(sample());
        let output = rapport.output().unwrap();
        assert_eq!(output.status.code(), Some(0), "{command}: {}", String::from_utf8_lossy(&output.stderr));
        assert!(!output.stdout.is_empty());
    }
}
