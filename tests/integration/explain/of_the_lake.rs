//! What is made of who took part is told from the lake: rows add up to the value, and the command reads the lake when it is
//! needed and there.

use rapport::explain::story::ColumnStory;
use serde_json::{Value, json};

use super::adding_up::{golden, golden_settings};
use super::commands::{run, said, told};
use crate::support::small_lake::{AS_OF, SmallLake, read_parquet};

/// Columns whose rows say what each of them adds.
const SUMS: [(&str, &[&str]); 6] = [
    (
        "connections",
        &["interactions", "emails_out", "emails_in", "meetings", "phone_calls", "contact_days", "frequency"],
    ),
    ("account_connections", &["interactions", "emails_out", "emails_in", "meetings", "contact_days", "frequency"]),
    ("relationship_health", &["received", "sent"]),
    ("top_contacts", &["emails", "meetings", "phone_calls"]),
    (
        "missing_people",
        &["interactions", "emails_received", "emails_sent", "emails_beside_us", "meetings", "phone_calls"],
    ),
    ("handover", &["open_threads", "threads_awaiting_us", "planned_meetings"]),
];

fn check(story: &ColumnStory) {
    let Some(value) = story.value.as_f64() else { return };
    let sum: f64 = story.rows.iter().filter(|row| row.counts == Some(true)).filter_map(|row| row.amount).sum();
    assert!((sum - value).abs() < 1e-5, "the rows add up to {sum}: {story:#?}");
    for row in story.rows.iter().filter(|row| row.counts == Some(false)) {
        assert!(row.why_not.is_some() && row.amount.is_none(), "{story:#?}");
    }
    assert_eq!(story.counted.unwrap() + story.not_counted.unwrap(), story.rows.len(), "{story:#?}");
}

#[test]
fn rows_of_the_golden_lake_add_up_to_the_value() {
    let published = golden().with_connections(&golden_settings());
    let mut cells = 0;
    published.with_lake(|lake| {
        for (name, columns) in SUMS {
            let table = published.table(name);
            for row in 0..table.height() {
                for column in columns {
                    check(&published.explained(&published.outputs, Some(lake), (name, &table), row, column));
                    cells += 1;
                }
            }
        }
    });
    assert!(cells > 100, "{cells} cells");
}

#[test]
fn the_lake_is_read_for_a_value_that_only_it_tells() {
    let lake = SmallLake::new();
    run(&lake, "relationship_kpis");
    run(&lake, "who_knows_whom");
    let connections = read_parquet(&lake.output().join(format!("connections/as_of_date={AS_OF}/connections.parquet")));
    let text = |name: &str| connections.column(name).unwrap().str().unwrap().get(0).unwrap().to_string();
    let key = ["systemuser_id", "person_type", "person_id"].map(text);
    let row = ["connections", &key[0], &key[1], &key[2]];
    let column = |column: &'static str| told(&lake, &[&row[..], &[column]].concat());

    let frequency = column("frequency");
    assert_eq!(frequency["columns"][0]["adds_up"], true, "{frequency:#}");
    assert!(!frequency["columns"][0]["rows"].as_array().unwrap().is_empty(), "{frequency:#}");
    let of_row = |story: &Value, name: &str| -> Value {
        let columns = story["columns"].as_array().unwrap();
        columns.iter().find(|column| column["column"] == name).unwrap()["adds_up"].clone()
    };
    assert_eq!(of_row(&told(&lake, &row), "frequency"), Value::Null, "a whole row is there at once");
    assert_eq!(of_row(&told(&lake, &[&row[..], &["--lake"]].concat()), "frequency"), json!(true));

    // Who holds the tables alone is told what they say.
    std::fs::rename(lake.root(), lake.root().with_extension("gone")).unwrap();
    let without = said(&lake, &[&row[..], &["frequency"]].concat());
    assert!(without.contains("note: what only the lake says is left out"), "{without}");
    assert!(without.contains("comes from: who took part in each interaction"), "{without}");
}
