//! Names and values that others write: no key is repeated, no line forged, no result lands among the input.

use std::fs;
use std::os::unix::fs::symlink;
use std::process::{Command, Output};

use polars::prelude::*;

use crate::support::small_lake::*;

/// Looks like what clouds hand out.
const SECRET: &str = "wJalrXUtnFEMI7K7MDENGbPxRfiCYEXAMPLEKEY0";

fn said(output: &Output) -> String {
    String::from_utf8_lossy(&output.stdout).into_owned() + &stderr(output)
}

fn with_environment(lake: &SmallLake, pairs: &[(&str, &str)], arguments: &[&str]) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_rapport"));
    command.current_dir(env!("CARGO_MANIFEST_DIR")).envs(pairs.iter().copied());
    command.args(["run", "relationship_kpis", "--as-of", AS_OF, "--output"]).arg(lake.output());
    command.args(arguments).output().unwrap()
}

#[test]
fn values_of_keys_are_cut_and_their_secrets_hidden() {
    let lake = SmallLake::new();
    let long = "x".repeat(24_000);
    for set in [
        format!("control=az://c/x?sig={SECRET}"),
        format!("exchange=\"az://c/x?sv=1&sig={SECRET}\""),
        format!("input.root=s3://{SECRET}@bucket/x"),
        format!("output.path=https://store.example/x?X-Amz-Signature={SECRET}"),
        format!("timezone={SECRET}"),
        format!("company_domains=[\"{SECRET}\"]"),
        format!("company_domains=[\"AccountKey={SECRET}"),
        format!("profile={SECRET}"),
        format!("tables=[\"{SECRET}\"]"),
        format!("AccountKey={SECRET}"),
        SECRET.to_string(),
        format!("https://store.example/?sig={SECRET}"),
        format!("introduction_en=\"{long}{{x}}"),
        format!("timezone={long}"),
        format!("timezone=[\"{long}\"]"),
        long.clone(),
    ] {
        for format in ["text", "json"] {
            let output = lake.run(&["--log-format", format, "--set", &set]);
            let message = said(&output);
            assert_eq!(output.status.code(), Some(2), "{message}");
            assert!(!message.contains(SECRET) && !message.contains(&SECRET[..30]), "{message}");
            // The list of all keys is the longest.
            assert!(message.len() < 3_000, "{} bytes", message.len());
        }
    }
    let job = lake.root().join("jobs");
    fs::create_dir(&job).unwrap();
    fs::write(job.join("broken.toml"), format!("job = \"relationship_kpis\"\nkey = {SECRET} {long}\n")).unwrap();
    let output = Command::new(env!("CARGO_BIN_EXE_rapport")).args(["list", "--jobs"]).arg(&job).output().unwrap();
    let message = said(&output);
    assert!(message.contains("line 2, column") && !message.contains(SECRET) && message.len() < 1_000, "{message}");
}

#[test]
fn endpoints_carry_no_user_and_what_is_kept_in_the_environment_is_never_shown() {
    let lake = SmallLake::new();
    let (user, query) = (format!("http://u:{SECRET}@127.0.0.1:1/"), format!("http://127.0.0.1:1/?sig={SECRET}"));
    let connection = format!("AccountName=a;AccountKey=eA==;BlobEndpoint=http://u:{SECRET}@127.0.0.1:1/a");
    let keys = [("AWS_ACCESS_KEY_ID", "AKIAIOSFODNN7EXAMPLE"), ("AWS_SECRET_ACCESS_KEY", SECRET)];
    for (pairs, url) in [
        (vec![("AWS_ENDPOINT_URL", user.as_str())], "s3://bucket/lake"),
        (vec![("AWS_ENDPOINT_URL", query.as_str())], "s3://bucket/lake"),
        (vec![("AZURE_STORAGE_ENDPOINT", user.as_str()), ("AZURE_STORAGE_ACCOUNT_NAME", "a")], "az://bucket/lake"),
        (vec![("AZURE_STORAGE_CONNECTION_STRING", connection.as_str())], "az://bucket/lake"),
        (vec![("STORAGE_EMULATOR_HOST", user.as_str())], "gs://bucket/lake"),
    ] {
        let output = with_environment(&lake, &[&keys[..], &pairs].concat(), &["--input", url]);
        let message = said(&output);
        assert_eq!(output.status.code(), Some(2), "{message}");
        assert!(message.contains("endpoint in") && !message.contains(SECRET), "{message}");
    }
    // A key of the environment that stands where it does not belong.
    let output = with_environment(&lake, &keys, &["--input", &format!("/nowhere/{SECRET}/lake")]);
    assert!(!said(&output).contains(SECRET) && said(&output).contains("/nowhere/"), "{}", said(&output));
}

/// Whatever a terminal or a reader of lines would heed.
#[track_caller]
fn plain(message: &str) {
    let acts = |c: char| c.is_control() && c != '\n' || "\u{202e}\u{2066}\u{200f}\u{2028}".contains(c);
    assert!(!message.chars().any(acts), "{message:?}");
    assert!(!message.lines().any(|line| line.starts_with("error: forged")), "{message}");
}

#[test]
fn names_of_files_and_columns_forge_no_lines() {
    let name = "a\u{1b}[2J\nerror: forged\r\u{202e}\u{9b}31m\u{2028}";
    for format in ["text", "json"] {
        let run = |damage: &dyn Fn(&SmallLake)| {
            let lake = SmallLake::new();
            damage(&lake);
            for command in ["run", "check"] {
                let output = lake.command(command, &["--log-format", format]).output().unwrap();
                let message = said(&output);
                assert!(message.contains("forged"), "{message}");
                plain(&message);
                if format == "json" {
                    for line in stderr(&output).lines() {
                        let line: serde_json::Value = serde_json::from_str(line).unwrap();
                        plain(line["message"].as_str().unwrap());
                    }
                }
            }
        };
        run(&|lake| lake.write_text("email", &format!("{name}.txt"), "x"));
        run(&|lake| lake.write_text("email", &format!("{name}.parquet"), "x"));
        run(&|lake| fs::write(lake.root().join("control").join(name), "x").unwrap());
        run(&|lake| {
            let mut rows = exchange("calendar_view");
            rows[0]["start"]["timeZone"] = name.into();
            lake.write("calendar_view", "part-0.parquet", &lines_as_frame(&rows));
        });
        run(&|lake| {
            let deals = lake.read("opportunity");
            let odd = Column::new(name.into(), vec![1.5; deals.height()]);
            lake.change("opportunity", |mut frame| frame.with_column(odd.clone()).unwrap().clone());
            lake.write_text("email", &format!("{name}.md"), "x");
        });
    }
    let lake = SmallLake::new();
    for arguments in [vec!["--set", name], vec!["--set", "timezone=\"a\\u001b[2J\\nerror: forged\\u202e\""], vec![name]]
    {
        plain(&said(&lake.run(&arguments)));
    }
}

#[test]
fn output_and_input_do_not_lie_in_each_other() {
    let lake = SmallLake::new();
    let root = lake.root();
    let outside = root.parent().unwrap().to_path_buf();
    symlink(root.join("dataverse"), outside.join("link")).unwrap();
    let before = files_below(&root);
    let path = |below: &str| outside.join(below).display().to_string();
    for output in [
        path("lake/dataverse/email"),
        path("lake/dataverse/new/deep"),
        path("lake/exchange"),
        path("lake/control/out"),
        path("link/out"),
        path("x/../lake/dataverse"),
        path("lake"),
        path(""),
        format!("file://{}", path("lake/dataverse/email/")),
    ] {
        for command in ["run", "check", "forget"] {
            let mut rapport = Command::new(env!("CARGO_BIN_EXE_rapport"));
            rapport.current_dir(env!("CARGO_MANIFEST_DIR")).args([command, "relationship_kpis", "--input"]).arg(&root);
            let run = rapport.args(["--output", &output]).output().unwrap();
            assert_eq!(run.status.code(), Some(2), "{command} {output}: {}", stderr(&run));
            assert!(
                stderr(&run).contains("output.path") && stderr(&run).contains("beside the lake"),
                "{}",
                stderr(&run)
            );
        }
    }
    // A relative path, from within the lake.
    let mut rapport = Command::new(env!("CARGO_BIN_EXE_rapport"));
    rapport.current_dir(root.join("exchange")).args(["run", "relationship_kpis", "--jobs"]);
    rapport
        .arg(std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("jobs"))
        .args(["--input", "..", "--output", "out"]);
    assert_eq!(rapport.output().unwrap().status.code(), Some(2));
    assert!(files_below(&root) == before);
    // Beside the tables is fine.
    let mut rapport = Command::new(env!("CARGO_BIN_EXE_rapport"));
    rapport.current_dir(env!("CARGO_MANIFEST_DIR")).args(["run", "relationship_kpis", "--as-of", AS_OF, "--input"]);
    let run = rapport.arg(&root).arg("--output").arg(root.join("results")).output().unwrap();
    assert_eq!(run.status.code(), Some(0), "{}", stderr(&run));
}

#[test]
fn a_store_keeps_output_and_input_apart() {
    let keys = [("AWS_ACCESS_KEY_ID", "a"), ("AWS_SECRET_ACCESS_KEY", "b"), ("AWS_ENDPOINT_URL", "http://127.0.0.1:1")];
    for (input, output) in [
        ("s3://bucket/lake", "s3://bucket/lake/dataverse/email"),
        ("s3://bucket/lake", "s3a://bucket/lake/exchange/"),
        ("s3://bucket/lake", "s3://bucket"),
        ("s3://bucket/lake", "s3://bucket/x/../lake/control"),
    ] {
        let mut rapport = Command::new(env!("CARGO_BIN_EXE_rapport"));
        rapport.current_dir(env!("CARGO_MANIFEST_DIR")).envs(keys);
        rapport.args(["run", "relationship_kpis", "--as-of", AS_OF, "--input", input, "--output", output]);
        let run = rapport.output().unwrap();
        assert_eq!(run.status.code(), Some(2), "{output}: {}", stderr(&run));
        assert!(stderr(&run).contains("output.path"), "{}", stderr(&run));
    }
}
