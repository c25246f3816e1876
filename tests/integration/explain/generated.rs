//! Random cells of a lake that the generator of the benchmarks makes recompute and add up, in the four tables of KPIs, by day, in
//! health and in connections.
//!
//! `RAPPORT_EXPLAIN_EMAILS=1000000 RAPPORT_EXPLAIN_CELLS=1000` make a lake of that size and look at so many cells of it;
//! `RAPPORT_EXPLAIN_SEED=17` draws others.

use std::path::{Path, PathBuf};
use std::process::Command;

use polars::prelude::*;
use rapport::explain::lake::read::LakeOfDay;
use rapport::publish::{Outputs, TablesAt};
use rapport::storage::Storage;
use tempfile::TempDir;

use super::adding_up::{AS_OF, Published, TABLES, added_up_kpis, check};
use crate::support::dice::Dice;
use crate::support::not_tested::not_tested;
use crate::support::results::settings;

/// Columns that are computed from others of their row, or added up from interactions, beside the tables of KPIs.
const OTHERS: [(&str, &[&str]); 6] = [
    (
        "relationship_health",
        &[
            "health_score",
            "frequency",
            "mutual",
            "recency",
            "days_since_contact",
            "contact_days",
            "contact_days_28",
            "received",
            "sent",
            "days_since_received",
            "days_since_sent",
            "our_activity",
            "varied",
            "earlier_health_score",
        ],
    ),
    ("daily_activity", &["emails_sent", "emails_received", "meetings_sent", "meetings_received", "phone_calls_made"]),
    (
        "connections",
        &[
            "strength",
            "interactions",
            "emails_out",
            "emails_in",
            "meetings",
            "first_interaction_at",
            "last_interaction_at",
            "contact_days",
            "frequency",
            "mutuality",
            "colleague_activity",
            "person_activity",
            "colleague_people",
        ],
    ),
    ("top_contacts", &["person_id", "person_type", "emails", "meetings", "phone_calls", "last_contact_at"]),
    (
        "account_coverage",
        &["contacts", "contacts_in_touch", "contacts_with_relation", "strongest_colleague_id", "contacts_with_below"],
    ),
    ("missing_people", &["strength", "colleagues", "interactions", "emails_received", "last_interaction_at"]),
];

/// Those that fit the lakes of the generator.
const SETTINGS: [(&str, &str); 4] = [
    ("company_domains", "[\"nordwind.example\"]"),
    ("consent", "true"),
    ("selected_roles", "[]"),
    ("timezone", "Europe/Stockholm"),
];

fn number(name: &str, otherwise: u64) -> u64 {
    std::env::var(name).map_or(otherwise, |text| text.parse().expect("a number"))
}

/// The generator, which is built with the tests unless only some of them are asked for.
fn generator() -> Option<PathBuf> {
    let program = Path::new(env!("CARGO_BIN_EXE_rapport")).with_file_name("examples").join("make_lake");
    if program.exists() {
        return Some(program);
    }
    let way_out = "Run cargo build --locked --example make_lake";
    not_tested("random cells of a generated lake", "the example make_lake is not built", way_out);
    None
}

/// Rows of a table that have a score, if the table has one.
fn rows(table: &DataFrame) -> Vec<usize> {
    let all = 0..table.height();
    match table.column("health_score") {
        Ok(score) => all.filter(|&row| !score.get(row).unwrap().is_null()).collect(),
        Err(_) => all.collect(),
    }
}

#[test]
fn random_cells_of_a_lake_of_the_generator_add_up() {
    let Some(generator) = generator() else { return };
    let folder = TempDir::new().unwrap();
    let (lake, connections) = (folder.path().join("lake"), folder.path().join("connections"));
    let emails = number("RAPPORT_EXPLAIN_EMAILS", 20_000).to_string();
    let made = Command::new(generator).args(["--emails", &emails, "--out"]).arg(&lake).output().unwrap();
    assert!(made.status.success(), "{made:?}");
    let published = Published::of(&lake, &settings(&SETTINGS));
    let mut run = Command::new(env!("CARGO_BIN_EXE_rapport"));
    run.current_dir(env!("CARGO_MANIFEST_DIR")).args(["run", "who_knows_whom", "--tables", "connections", "--quiet"]);
    let run = run.args(["--as-of", AS_OF, "--input"]).arg(&lake).arg("--output").arg(&connections).output().unwrap();
    assert!(run.status.success(), "{run:?}");
    let connections = TablesAt { storage: Storage::Local(connections), tables: &["connections"] };
    let outputs = Outputs(vec![
        TablesAt { storage: published.outputs.0[0].storage.clone(), tables: published.outputs.0[0].tables },
        connections,
    ]);
    let table = |name: &str| {
        let (file, _) = outputs.file(name, AS_OF.parse().unwrap()).unwrap().unwrap();
        crate::support::small_lake::read_parquet(file.bring().unwrap().path())
    };

    let kpis = added_up_kpis();
    let of_records = TABLES.map(|(record_type, name)| (record_type, table(name)));
    let others = OTHERS.map(|(name, columns)| (name, columns, table(name)));
    let rows: Vec<Vec<usize>> = others.iter().map(|(_, _, table)| rows(table)).collect();
    let cells = |lake: &LakeOfDay<'_>| {
        let mut dice = Dice::seeded(number("RAPPORT_EXPLAIN_SEED", 1));
        let mut looked_at = 0;
        while looked_at < number("RAPPORT_EXPLAIN_CELLS", 240) {
            let (record_type, table) = dice.pick(&of_records);
            let some = [dice.pick(&kpis), dice.pick(&kpis), dice.pick(&kpis), dice.pick(&kpis)];
            check(&published, (*record_type, table), dice.below(table.height()), &some);
            for ((name, columns, table), rows) in others.iter().zip(&rows) {
                let column: &&str = dice.pick(columns);
                let row = *dice.pick(rows);
                let story = published.explained(&outputs, Some(lake), (name, table), row, column);
                let is_told = story.adds_up == Some(true) || story.value.is_null() && story.missing.is_some();
                assert!(is_told, "{name} {row}: {story:#?}");
                looked_at += 1;
            }
            let (_, silent) = dice.pick(&of_records);
            let name = TABLES[of_records.iter().position(|(_, table)| std::ptr::eq(table, silent)).unwrap()].1;
            let row = dice.below(silent.height());
            for column in super::contact_days::OF_KPI_TABLES {
                let story = published.explained(&outputs, Some(lake), (name, silent), row, column);
                assert_eq!(story.adds_up, Some(true), "{name} {row}: {story:#?}");
                looked_at += 1;
            }
            looked_at += some.len() as u64;
        }
        looked_at
    };
    println!("{} cells", published.with_lake(cells));
}
