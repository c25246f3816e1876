//! No reason contradicts its row (rule H3): what `main_reason` says in each language is read back and held
//! against the columns beside it, on the bundled lake and on the real archives where they are.

use std::path::{Path, PathBuf};

use crate::support::lake::Row;
use crate::support::not_tested::not_tested;
use crate::support::results::{run_on, settings};

/// The bundled lake, and those of real archives in the folder RAPPORT_LAKES or beside the repository: folder, company
/// domains, a day.
pub fn lakes() -> Vec<(PathBuf, String, &'static str)> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut lakes = vec![(root.join("sample_data/lake"), "[\"nordwind.example\"]".to_string(), "2026-03-31")];
    let beside =
        std::env::var_os("RAPPORT_LAKES").map_or_else(|| root.join("../shared/data/lakes"), std::path::PathBuf::from);
    for name in ["usrp-users", "openbmc", "enron"] {
        let readme = beside
            .join(name)
            .canonicalize()
            .and_then(|lake| std::fs::read_to_string(lake.join("README.md")).map(|readme| (lake, readme)));
        let Ok((lake, readme)) = readme else {
            let test = std::thread::current().name().unwrap_or("a test").to_string();
            not_tested(&test, &format!("the lake {name} is not there"), "Name the folder of lakes in RAPPORT_LAKES");
            continue;
        };
        let line = |of: &str| readme.lines().find_map(|line| line.split_once(of)).map(|(_, rest)| rest.to_string());
        let domains: Vec<String> =
            line("company domains:").expect("its domains").split(',').map(|domain| domain.trim().to_string()).collect();
        let day = line("good as-of dates:").expect("its dates").trim().chars().take(10).collect::<String>();
        lakes.push((lake, format!("{domains:?}"), day.leak()));
    }
    lakes
}

fn numbers(text: &str) -> Vec<i64> {
    text.split(|letter: char| !letter.is_ascii_digit()).filter_map(|digits| digits.parse().ok()).collect()
}

/// What contradicts the row, if anything does.
fn contradiction(row: &Row) -> Option<String> {
    let days = |column: &str| row[column].as_i64();
    if row["health_score"].is_null() {
        return None;
    }
    let code = row["main_reason_code"].as_str()?;
    let (contact, expected) = (days("contact_days")?, days("expected_contact_days")?);
    let (received, sent) = (days("days_since_received"), days("days_since_sent"));
    let holds = match code {
        "awaiting_customer" => received > sent && received > Some(expected),
        "awaiting_us" => sent > received && sent > Some(expected),
        "no_reply" => received.is_none(),
        "no_outreach" => sent.is_none(),
        "too_rare" => contact * expected < 90,
        "dormant" => days("days_since_contact") > days("dormant_after_days") && row["health_state"] == "dormant",
        "on_rhythm" => row["health_state"] == "good",
        "silent" => received == sent,
        _ => true,
    };
    if !holds {
        return Some(format!("{code} does not hold"));
    }
    let said = match code {
        "awaiting_customer" => received,
        "awaiting_us" => sent,
        "dormant" | "on_rhythm" | "silent" => days("days_since_contact"),
        _ => None,
    };
    for column in ["main_reason", "main_reason_de", "main_reason_fr", "main_reason_sv"] {
        let words = row[column].as_str()?;
        let (clause, counted) = words.rsplit_once("; ")?;
        if let Some(&number) = numbers(clause).first()
            && Some(number) != said
        {
            return Some(words.to_string());
        }
        let mut counts = numbers(counted);
        if contact == 0 {
            counts.insert(0, 0);
        }
        if counts[..2] != [contact, 90] || counts.get(2).is_some_and(|&every| every != expected) {
            return Some(words.to_string());
        }
    }
    None
}

#[test]
fn no_reason_contradicts_its_row_in_any_language() {
    for (lake, domains, day) in lakes() {
        let set = [("company_domains", domains.as_str()), ("tables", "[\"relationship_health\"]")];
        let rows = run_on(&lake, &settings(&set), &[day]).rows("relationship_health", day);
        assert!(rows.iter().filter(|row| !row["health_score"].is_null()).count() >= 30, "{}", lake.display());
        for row in &rows {
            assert_eq!(contradiction(row), None, "{}: {row:?}", lake.display());
        }
    }
}
