//! The outcome as a table and as a file to plot.

use std::fs;
use std::io;
use std::path::Path;

use crate::chances::Reliability;
use crate::rivals::RIVALS;
use crate::states::States;
use crate::studies::{HEALTH, OURS, Outcome, Truth};

/// A Markdown table per study: lakes and measures down, methods across.
pub fn print(outcomes: &[Outcome]) {
    let methods: Vec<&str> = RIVALS.iter().map(|rival| rival.name).chain([OURS]).collect();
    for study in [Truth::InTouch.study(), Truth::Exchange.study(), HEALTH] {
        let measures: &[&str] = if study == HEALTH { &["AUC"] } else { &["AUC", "NDCG@5"] };
        println!("\n## {study}\n\n| lake | measure | cases | came true | {} | gain |", methods.join(" | "));
        println!("|---|---|---|---|{}---|", "---|".repeat(methods.len()));
        let pooled: Vec<&Outcome> = outcomes.iter().filter(|one| one.study == study && one.date.is_none()).collect();
        for of_lake in pooled.chunk_by(|a, b| a.lake == b.lake) {
            for measure in measures {
                let value = |one: &&Outcome| if *measure == "AUC" { one.auc } else { one.ndcg };
                let values: Vec<Option<f64>> = of_lake.iter().map(value).collect();
                let cells: Vec<String> = values.iter().copied().map(cell).collect();
                let best = values[..RIVALS.len()].iter().copied().flatten().fold(f64::MIN, f64::max);
                let gain = values.last().copied().flatten().map(|own| format!("{:+.3}", own - best));
                println!(
                    "| {} | {measure} | {} | {} | {} | {} |",
                    of_lake[0].lake,
                    of_lake[0].count,
                    of_lake[0].positives,
                    cells.join(" | "),
                    gain.unwrap_or_default()
                );
            }
        }
    }
}

/// A Markdown table of chances: lakes and dates down, the expected calibration errors across.
pub fn print_chances(found: &[Reliability]) {
    println!(
        "\n## chances, expected calibration error\n\n| chance | lake | date | cases | came true | rapport | share of the past | score / 100 |"
    );
    println!("|---|---|---|---|---|---|---|---|");
    for one in found {
        let errors: Vec<String> = match one.errors {
            Some(errors) => errors.map(|error| format!("{error:.3}")).to_vec(),
            None => vec!["too young".to_string(), String::new(), String::new()],
        };
        let date = one.date.as_deref().unwrap_or("**all**");
        let (lake, chance, cases, came_true) = (&one.lake, one.chance, one.cases, one.came_true);
        println!("| {chance} | {lake} | {date} | {cases} | {came_true} | {} |", errors.join(" | "));
    }
}

/// A Markdown table of states: lakes and record types down, the shares of each state across.
pub fn print_states(states: &[States]) {
    println!("\n## states of health, all kinds of interaction, over the dates of the study\n");
    println!(
        "| lake | record type | in touch within 90 days | good | fair | poor | dormant | others with a score | good | fair | poor | dormant |"
    );
    println!("|---|---|---|---|---|---|---|---|---|---|---|---|");
    for one in states {
        println!("| {} | {} | {} | {} |", one.lake, one.record_type.name(), counts(&one.lively), counts(&one.silent));
    }
}

/// How many in all, and the share of each.
fn counts(counts: &[usize]) -> String {
    let all: usize = counts.iter().sum();
    let share = |count: &usize| format!("{:.0} %", 100.0 * *count as f64 / all.max(1) as f64);
    let shares: Vec<String> = counts.iter().map(share).collect();
    format!("{all} | {}", shares.join(" | "))
}

fn cell(value: Option<f64>) -> String {
    value.map_or_else(|| "–".to_string(), |value| format!("{value:.3}"))
}

/// One line per lake, study, method and date; the date is empty for all of them together.
pub fn write(outcomes: &[Outcome], path: &Path) -> io::Result<()> {
    let mut text = String::from("lake,study,method,date,cases,came_true,auc,ndcg_at_5\n");
    for one in outcomes {
        let number = |value: Option<f64>| value.map_or_else(String::new, |value| value.to_string());
        text.push_str(&format!(
            "{},\"{}\",\"{}\",{},{},{},{},{}\n",
            one.lake,
            one.study,
            one.method,
            one.date.as_deref().unwrap_or_default(),
            one.count,
            one.positives,
            number(one.auc),
            number(one.ndcg)
        ));
    }
    if let Some(folder) = path.parent() {
        fs::create_dir_all(folder)?;
    }
    fs::write(path, text)
}
