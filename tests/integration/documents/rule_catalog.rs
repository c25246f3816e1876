//! The page of rules, `jobs/RULES.md`: what cites a rule finds it there, and every rule is cited.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

use rapport::jobs;
use rapport::rules::{self, Rule};
use rapport::similar_deals::standard;
use rapport::sources::contract::{self, SourceTable, System};
use regex::Regex;

/// Where rules are cited: code, tests, job files and documents, but not the page of rules itself.
const CITING: [&str; 10] = [
    "src",
    "tests/integration",
    "tests/cases",
    "benches",
    "jobs",
    "sample_data/README.md",
    "README.md",
    "CHANGELOG.md",
    "CONTRIBUTING.md",
    ".ci",
];
const NOT_BUILT: &str = "*Not built yet";

fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}

/// Every text file in a folder.
fn files(path: &Path, found: &mut Vec<PathBuf>) {
    if path.is_dir() {
        for entry in fs::read_dir(path).expect("a folder") {
            files(&entry.expect("an entry").path(), found);
        }
    } else if path.is_file() && path != root().join("jobs/RULES.md") {
        found.push(path.to_path_buf());
    }
}

/// The part of a file where codes are those of rules: the lakes of cases have ids that look like them.
fn citing_part(path: &Path) -> Option<String> {
    let text = fs::read_to_string(path).ok()?;
    match (path.file_name()?.to_str()?, path.extension().and_then(|extension| extension.to_str())) {
        ("expect.json", _) => {
            let case: serde_json::Value = serde_json::from_str(&text).expect("a case");
            let folder = path.parent()?.file_name()?.to_str()?.split('_').next()?.to_uppercase();
            Some(format!("{folder}, {}", case["rule"].as_str().expect("a case names its rules")))
        }
        (_, Some("rs" | "md" | "toml" | "py")) => Some(text),
        _ => None,
    }
}

/// Codes and where they are cited first. `2026-W12` is a week, and `S3` in front of a server is no rule, but is one.
fn citations() -> BTreeMap<String, String> {
    let code = Regex::new(r"(?:^|[^-\w])([TPNLKHSWCIOR][1-9][0-9]?)\b").expect("a pattern");
    let mut paths = Vec::new();
    CITING.iter().for_each(|place| files(&root().join(place), &mut paths));
    paths.sort();
    let mut cited = BTreeMap::new();
    for path in paths {
        for found in code.captures_iter(&citing_part(&path).unwrap_or_default()) {
            cited.entry(found[1].to_string()).or_insert_with(|| path.display().to_string());
        }
    }
    cited
}

#[test]
fn every_code_that_is_cited_is_a_rule() {
    let unknown: Vec<(String, String)> =
        citations().into_iter().filter(|(code, _)| rules::find(code).is_none()).collect();
    assert!(unknown.is_empty(), "jobs/RULES.md lacks {unknown:?}");
}

#[test]
fn every_rule_is_cited_unless_it_is_not_built() {
    let cited = citations();
    let forgotten = |rule: &&Rule| !cited.contains_key(rule.code) && !rule.text.contains(NOT_BUILT);
    let forgotten: Vec<&str> = rules::all().iter().filter(forgotten).map(|rule| rule.code).collect();
    assert!(forgotten.is_empty(), "nothing cites {forgotten:?}");
}

#[test]
fn columns_cite_rules_by_their_codes() {
    for table in jobs::tables_with_subjects() {
        for column in &table.columns {
            for code in rules::codes(column.rule) {
                assert!(rules::find(code).is_some(), "{}.{} cites {code:?}", table.name, column.name);
            }
        }
    }
}

/// What `rapport tables NAME` shows of a rule makes sense without the rest of it.
#[test]
fn every_rule_begins_with_a_title_and_one_whole_sentence() {
    assert_eq!(rules::all().len(), rules::PAGE.matches("\n### ").count());
    let mut last = ("", 0);
    let mut letters = BTreeSet::new();
    for rule in rules::all() {
        let (letter, number) = rule.code.split_at(1);
        let number: u32 = number.parse().unwrap_or_else(|_| panic!("{} is no code", rule.code));
        match letter == last.0 {
            true => assert_eq!(number, last.1 + 1, "{} is out of order", rule.code),
            false => assert!(letters.insert(letter) && number == 1, "{} is out of order", rule.code),
        }
        last = (letter, number);
        let Rule { code, title, summary, .. } = rule;
        assert!(!title.is_empty() && title.len() <= 60, "{code} has no short title: {title:?}");
        assert!(summary.ends_with('.') && !summary.contains(['[', '|']), "{code}: {summary:?}");
        assert!((20..=260).contains(&summary.chars().count()), "{code}: {summary:?}");
    }
    assert!(rules::all().len() > 60);
}

/// The tables of the input contract, as the page has to list them.
#[test]
fn the_page_lists_every_column_that_is_read() {
    let (begin, end) = ("<!-- input tables: begin -->\n", "<!-- input tables: end -->");
    let written = rules::PAGE.split(begin).nth(1).and_then(|rest| rest.split(end).next()).expect("the marks");
    let current = input_tables();
    assert!(written == current, "between the marks of jobs/RULES.md has to stand\n{current}");
}

fn input_tables() -> String {
    let mut page = String::new();
    for (system, title) in [
        (System::Dataverse, "Dynamics 365 Sales (Dataverse), by Synapse Link or Fabric Link: `dataverse/<table>`"),
        (System::Exchange, "Exchange Online, by Microsoft Graph Data Connect: `exchange/<table>`"),
        (System::Control, "Kept by the administrator: `control/<table>`"),
    ] {
        page.push_str(&format!("{title}\n\n| table | columns |\n|---|---|\n"));
        for table in input_contract().into_iter().filter(|table| table.system == system) {
            let mut columns: Vec<String> =
                table.columns.iter().map(|column| name(column.name, column.required)).collect();
            let more = match table.name {
                "account" => &standard::ACCOUNT[..],
                "opportunity" => &standard::OPPORTUNITY[..],
                _ => &[],
            };
            let known = |name: &str| table.columns.iter().any(|column| column.name == name);
            columns.extend(
                more.iter().filter(|(column, _)| !known(column.name)).map(|(column, _)| name(column.name, false)),
            );
            page.push_str(&format!("| {} | {} |\n", name(table.name, table.required), columns.join(", ")));
        }
        page.push('\n');
    }
    page
}

fn name(name: &str, required: bool) -> String {
    if required { format!("**`{name}`**") } else { format!("`{name}`") }
}

fn input_contract() -> Vec<&'static SourceTable> {
    use contract::*;
    let mut tables =
        vec![&ACCOUNT, &CONTACT, &LEAD, &OPPORTUNITY, &SYSTEMUSER, &ROLE, &SYSTEMUSERROLES, &TEAMMEMBERSHIP];
    tables.push(&PRINCIPALOBJECTACCESS);
    tables.extend([&CONNECTION, &CONNECTIONROLE, &EMAIL, &APPOINTMENT, &PHONECALL, &TASK, &ACTIVITYPARTY]);
    tables.extend([&MESSAGES, &CALENDAR_VIEW, &USERS]);
    tables.extend(CONTROL_TABLES);
    tables
}
