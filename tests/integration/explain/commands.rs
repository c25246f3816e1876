//! The command as its users meet it.

use std::fs;
use std::process::{Command, Output};

use rapport::table::cells;
use serde_json::{Value, json};

use crate::support::small_lake::{AS_OF, SmallLake, read_parquet, stderr};

fn explain(lake: &SmallLake, arguments: &[&str]) -> Output {
    let mut rapport = Command::new(env!("CARGO_BIN_EXE_rapport"));
    rapport.current_dir(env!("CARGO_MANIFEST_DIR")).env("TMPDIR", lake.root().parent().unwrap()).arg("explain");
    rapport.arg("--input").arg(lake.root()).arg("--output").arg(lake.output()).args(arguments);
    rapport.output().unwrap()
}

#[track_caller]
pub fn said(lake: &SmallLake, arguments: &[&str]) -> String {
    let output = explain(lake, arguments);
    assert_eq!(output.status.code(), Some(0), "{}", stderr(&output));
    String::from_utf8(output.stdout).unwrap()
}

#[track_caller]
pub fn told(lake: &SmallLake, arguments: &[&str]) -> Value {
    serde_json::from_str(&said(lake, &[arguments, &["--format", "json"]].concat())).unwrap()
}

#[track_caller]
fn refused(lake: &SmallLake, arguments: &[&str], message: &str) {
    let output = explain(lake, arguments);
    assert_eq!(output.status.code(), Some(2), "{}", stderr(&output));
    assert!(stderr(&output).contains(message), "{message:?} is not in: {}", stderr(&output));
}

/// The first contact that emails were sent to, and how many.
fn contact(lake: &SmallLake) -> (String, i64) {
    let contacts = read_parquet(&lake.output().join(format!("contact_kpis/as_of_date={AS_OF}/contact_kpis.parquet")));
    let sent = contacts.column("emails_sent").unwrap().i64().unwrap();
    let row = sent.iter().position(|sent| sent.is_some_and(|sent| sent > 0)).expect("a contact with emails");
    let ids = contacts.column("contact_id").unwrap().str().unwrap();
    (ids.get(row).unwrap().to_string(), sent.get(row).unwrap())
}

pub fn run(lake: &SmallLake, job: &str) {
    let output = lake.command_of("run", job, &["--as-of", AS_OF]).output().unwrap();
    assert_eq!(output.status.code(), Some(0), "{}", stderr(&output));
}

#[test]
fn values_rows_scores_and_records_are_told() {
    let lake = SmallLake::new();
    run(&lake, "relationship_kpis");
    run(&lake, "who_knows_whom");
    let (id, sent) = contact(&lake);

    let text = said(&lake, &["contact_kpis", &id, "emails_sent"]);
    for line in [
        &format!("\nemails_sent = {sent} {}\n", if sent == 1 { "email" } else { "emails" }),
        "  Held emails that our side sent.",
        "rule K1 Counts: ",
        "\ncounted\n",
        "outbound email",
    ] {
        assert!(text.contains(line), "{line:?} is not in: {text}");
    }
    let story = told(&lake, &["contact_kpis", &id.to_uppercase(), "emails_sent"]);
    assert_eq!((&story["columns"][0]["adds_up"], &story["columns"][0]["from_rows"]), (&json!(true), &json!(sent)));
    let csv = said(&lake, &["contact_kpis", &id, "emails_sent", "--format", "csv"]);
    assert_eq!(csv.lines().filter(|line| line.starts_with("emails_sent,true,1,")).count() as i64, sent, "{csv}");

    let row = told(&lake, &["contact_kpis", &id]);
    let columns = row["columns"].as_array().unwrap();
    assert!(columns.len() > 45 && columns.iter().all(|column| column["adds_up"] != false), "{row:#}");
    let behind = row["interactions"].as_array().unwrap();
    let for_sent =
        behind.iter().filter(|one| one["counts_for"].as_array().is_some_and(|all| all.contains(&json!("emails_sent"))));
    assert_eq!(for_sent.count() as i64, sent);

    // The type of a record goes without saying.
    let health = told(&lake, &["relationship_health", &id, "health_score"]);
    let score = &health["columns"][0];
    assert_eq!((&health["key"]["record_type"], &score["adds_up"]), (&json!("contact"), &json!(true)), "{health:#}");
    assert_eq!(score["formula"], "100 × x / (x + 0.3), x being the product of the five");
    assert!(score["with_numbers"].as_str().unwrap().starts_with("x = frequency "), "{health:#}");
    for component in ["frequency", "mutual", "recency"] {
        let health = told(&lake, &["relationship_health", "contact", &id, component]);
        assert_eq!(health["columns"][0]["adds_up"], true, "{health:#}");
    }

    let connections = read_parquet(&lake.output().join(format!("connections/as_of_date={AS_OF}/connections.parquet")));
    let key: Vec<String> = ["systemuser_id", "person_type", "person_id"]
        .map(|name| connections.column(name).unwrap().str().unwrap().get(0).unwrap().to_string())
        .to_vec();
    let strength = told(&lake, &["connections", &key[0], &key[1], &key[2], "strength"]);
    assert_eq!(strength["columns"][0]["adds_up"], true, "{strength:#}");

    let record = told(&lake, &["record", &id]);
    assert_eq!((&record["record_type"], &record["record_id"]), (&json!("contact"), &json!(id)));
    let parts: Vec<&str> =
        record["parts"].as_array().unwrap().iter().map(|part| part["about"].as_str().unwrap()).collect();
    for part in ["what happened", "how the relationship stands", "what comes next"] {
        assert!(parts.contains(&part), "{record:#}");
    }
    assert!(said(&lake, &["record", &id]).starts_with("contact "));
}

#[test]
fn what_is_not_there_is_refused_with_names_that_are_near() {
    let lake = SmallLake::new();
    run(&lake, "relationship_kpis");
    let (id, _) = contact(&lake);
    refused(&lake, &["contact_kpi", &id], "Did you mean contact_kpis?");
    refused(&lake, &["runs", &id], "whose rows can be explained");
    refused(&lake, &["contact_kpis", &id, "email_sent"], "Did you mean emails_sent?");
    let near = format!("{}f", &id[..id.len() - 1]);
    refused(&lake, &["contact_kpis", &near], "Did you mean ");
    refused(&lake, &["contact_kpis", &id, "emails_sent", "more"], "the key contact_id");
    refused(&lake, &["daily_activity", "contact", &id, "yesterday"], "a day such as 2026-03-31");
    refused(&lake, &["record", "nobody"], "no record has the id");
    let text = |table: &str, column: &str, row: usize| {
        let rows = read_parquet(&lake.output().join(format!("{table}/as_of_date={AS_OF}/{table}.parquet")));
        cells::text(rows.column(column).unwrap(), row).unwrap()
    };
    // The part of the key that no row has is named, not one that is right.
    let of_record = |table| ["record_type", "record_id"].map(|column| text(table, column, 0));
    let [kind, record] = of_record("attention");
    let reason = text("attention", "reason", 0);
    let one_letter_less = &reason[1..];
    let with_both =
        format!("attention has rows with record_type {kind}, record_id {record}, but none of them with reason");
    refused(&lake, &["attention", &kind, &record, one_letter_less, "severity"], &with_both);
    refused(&lake, &["attention", &kind, &record, one_letter_less], &format!("Did you mean {reason}?"));
    refused(&lake, &["attention", &record, one_letter_less], "attention has rows with record_id ");
    let [kind, record] = of_record("top_contacts");
    refused(&lake, &["top_contacts", &kind, &record, &text("top_contacts", "side", 0), "99"], "with rank \"99\"");
    refused(&lake, &["top_contacts", &kind, &record, "nobody", "1"], "but none of them with side \"nobody\"");
    refused(&lake, &["top_contacts", &kind[1..], &record, "1"], "top_contacts has no row with record_type");
    let other = if kind == "contact" { "account" } else { "contact" };
    refused(&lake, &["relationship_health", other, &record], &format!("With record_type {kind} there is one"));
    let account = text("account_kpis", "account_id", 0);
    let elsewhere = format!("It is the id of an account: rapport explain account_kpis {account}");
    refused(&lake, &["contact_kpis", &account, "emails_sent"], &elsewhere);
    let is_known = |table: &str, id: &str| {
        let rows = read_parquet(&lake.output().join(format!("{table}/as_of_date={AS_OF}/{table}.parquet")));
        (0..rows.height()).any(|row| cells::text(rows.column("record_id").unwrap(), row).as_deref() == Some(id))
    };
    let contacts = read_parquet(&lake.output().join(format!("contact_kpis/as_of_date={AS_OF}/contact_kpis.parquet")));
    let ids = (0..contacts.height()).map(|row| text("contact_kpis", "contact_id", row));
    let at_ease = ids.into_iter().find(|id| !is_known("attention", id)).expect("a contact that needs no attention");
    refused(&lake, &["attention", &at_ease, &reason], "It is a contact, of which attention says nothing");
    let side = text("top_contacts", "side", 0);
    refused(&lake, &["top_contacts", &record, &side, "99"], "Its rank ");
    refused(&lake, &["record_access", &account], "It is the id of an account: ");
    refused(&lake, &["similar_won_deals", &id, "1"], "similar_won_deals is not published");
}

#[test]
fn a_day_that_is_not_published_is_computed_and_thrown_away() {
    let lake = SmallLake::new();
    run(&lake, "relationship_kpis");
    let (id, sent) = contact(&lake);
    fs::remove_dir_all(lake.output().join("interactions")).unwrap();
    fs::remove_dir_all(lake.output().join("contact_kpis")).unwrap();
    let before = crate::support::small_lake::files_below(lake.root().parent().unwrap()).len();
    let story = told(&lake, &["contact_kpis", &id, "emails_sent", "--as-of", AS_OF]);
    assert_eq!((&story["columns"][0]["value"], &story["columns"][0]["adds_up"]), (&json!(sent), &json!(true)));
    assert_eq!(story["read_from"], "computed from the lake, not published");
    assert_eq!(crate::support::small_lake::files_below(lake.root().parent().unwrap()).len(), before);
}
