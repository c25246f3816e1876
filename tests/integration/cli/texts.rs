//! What the program says, word for word: the help of every command, and the messages that users meet most often.
//!
//! Texts lie in `snapshots/`. One that was changed on purpose is written anew, read in the diff, and committed:
//! `INSTA_UPDATE=always cargo test --test integration -- cli::texts`. What CI runs compares only.

use std::process::{Command, Output};

use regex::Regex;

use crate::support::small_lake::*;

fn rapport(arguments: &[&str]) -> Output {
    let mut rapport = Command::new(env!("CARGO_BIN_EXE_rapport"));
    rapport.current_dir(env!("CARGO_MANIFEST_DIR")).args(arguments).output().unwrap()
}

fn help(arguments: &[&str]) -> String {
    let help = rapport(arguments);
    assert_eq!(help.status.code(), Some(0), "{arguments:?}: {}", stderr(&help));
    String::from_utf8(help.stdout).unwrap()
}

#[test]
fn the_help_of_every_command_is_as_it_was() {
    let all = help(&["--help"]);
    insta::assert_snapshot!("help", all);
    let commands = all.lines().skip_while(|line| *line != "Commands:").skip(1).take_while(|line| !line.is_empty());
    let commands: Vec<&str> = commands.filter_map(|line| line.strip_prefix("  ")?.split(' ').next()).collect();
    let commands: Vec<&str> = commands.into_iter().filter(|name| !name.is_empty() && *name != "help").collect();
    assert!(commands.len() > 10, "{all}");
    for command in commands {
        insta::assert_snapshot!(format!("help_{command}"), help(&[command, "--help"]));
    }
}

/// The code and the message of a run that fails, without what differs from machine to machine.
fn refused(lake: &SmallLake, run: &Output) -> String {
    let time = Regex::new(r"(?m)^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}Z").unwrap();
    let seconds = Regex::new(r"\d+\.\d s").unwrap();
    let message = stderr(run).replace(&lake.root().display().to_string(), "LAKE");
    let message = message.replace(&lake.output().display().to_string(), "OUT");
    let message = message.replace(env!("CARGO_MANIFEST_DIR"), "CLONE");
    let message = seconds.replace_all(&time.replace_all(&message, "TIME"), "S s").into_owned();
    let code = run.status.code().unwrap();
    assert!(code != 0 && run.stdout.is_empty(), "{message}");
    format!("exit code {code}\n{message}")
}

/// Mistakes in arguments and settings.
#[test]
fn mistakes_are_answered_with_the_way_out() {
    let lake = SmallLake::new();
    for (name, arguments) in [
        ("no_such_setting", &["--set", "company_domain=[\"a.example\"]"][..]),
        ("no_value_of_a_setting", &["--set", "consent=perhaps"]),
        ("setting_out_of_its_range", &["--set", "response_horizon_days=0"]),
        ("no_such_table", &["--tables", "contact_kpi"]),
        ("no_day", &["--as-of", "31.03.2026"]),
        ("control_folder_missing", &["--set", "control=nope"]),
        ("output_within_the_input", &["--output", "LAKE/dataverse/out"]),
    ] {
        let arguments: Vec<String> =
            arguments.iter().map(|argument| argument.replace("LAKE", &lake.root().display().to_string())).collect();
        let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
        let output = lake.output().display().to_string();
        let own_output = if arguments.contains(&"--output") { vec![] } else { vec!["--output", &output] };
        let input = lake.root().display().to_string();
        let run = [&["run", "relationship_kpis", "--input", &input][..], &own_output, &arguments].concat();
        insta::assert_snapshot!(format!("mistake_{name}"), refused(&lake, &rapport(&run)));
    }
    for (name, arguments) in [
        ("no_such_job", &["run", "relationship_kpi"][..]),
        ("no_such_command", &["publish"]),
        ("no_such_store", &["run", "--output", "ftp://lake/x"]),
        ("no_folder_of_jobs", &["run", "--jobs", "nowhere"]),
        ("no_input", &["run", "relationship_kpis", "--input", "/nowhere/lake"]),
        ("period_backwards", &["backfill", "relationship_kpis", "--from", "2026-03-02", "--to", "2026-03-01"]),
        ("no_table_of_the_dictionary", &["tables", "account_kpi_s"]),
    ] {
        insta::assert_snapshot!(format!("mistake_{name}"), refused(&lake, &rapport(arguments)));
    }
}

/// What is wrong with a lake: table, column, file, and what to do.
#[test]
fn faults_of_the_input_name_the_place() {
    let faults: [(&str, fn(&SmallLake)); 5] = [
        ("table_missing", |lake| lake.remove("contact")),
        ("file_broken", |lake| lake.write_text("email", "part-1.parquet", "no Parquet")),
        ("column_missing", |lake| lake.change("email", |table| table.drop("activityid").unwrap())),
        ("column_of_another_type", |lake| {
            lake.change("account", |mut table| {
                let flags = polars::prelude::Column::new("accountid".into(), vec![true; table.height()]);
                table.with_column(flags).unwrap().clone()
            });
        }),
        ("no_dataverse", |lake| std::fs::remove_dir_all(lake.root().join("dataverse")).unwrap()),
    ];
    for (name, damage) in faults {
        let lake = SmallLake::new();
        damage(&lake);
        insta::assert_snapshot!(format!("fault_{name}"), refused(&lake, &lake.run(&[])));
    }
}
