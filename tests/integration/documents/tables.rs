//! The published tables: their dictionary, their declarations, and where readers find their columns.

use std::fs;
use std::path::Path;

use rapport::config::JobKind;
use rapport::kpis::kpis;
use rapport::table::{AS_OF, ColumnType};
use rapport::{dictionary, jobs};

use crate::support::promises::declared;

#[test]
fn the_dictionary_in_the_repository_is_current() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("jobs/TABLES.md");
    let written = fs::read_to_string(path).expect("jobs/TABLES.md");
    let current = dictionary::markdown(&jobs::tables(), &jobs::kpi_columns());
    let line = written.lines().zip(current.lines()).position(|(written, current)| written != current);
    let hint = "write it anew: rapport tables --markdown > jobs/TABLES.md";
    assert!(written == current, "jobs/TABLES.md differs from line {:?} on; {hint}", line.map(|line| line + 1));
}

#[test]
fn jobs_can_publish_what_they_declare() {
    let declared: Vec<&str> = declared(false).iter().map(|table| table.name).collect();
    let published: Vec<&str> = JobKind::ALL.iter().flat_map(|kind| kind.tables()).copied().collect();
    assert_eq!(published, declared);
}

/// Whoever looks for a table by its name finds the file. The four tables of KPIs are one.
#[test]
fn the_file_or_folder_of_a_table_has_its_name() {
    for table in declared(true) {
        let path = Path::new(table.defined_in).with_extension("");
        let name = if table.name.ends_with("_kpis") { "record_kpis" } else { table.name };
        assert!(path.iter().any(|part| part == name), "{} is declared in {}", table.name, table.defined_in);
    }
}

#[test]
fn every_kpi_is_explained() {
    for kpi in kpis() {
        let column = kpi.column;
        let measured = matches!(column.dtype, ColumnType::Int64 | ColumnType::Float64);
        assert_eq!(!column.unit.is_empty(), measured, "{}: numbers and only they have a unit", column.name);
        for (what, text) in [("description", column.description), ("empty", column.empty), ("rule", column.rule)] {
            assert!(!text.is_empty(), "{} has no {what}", column.name);
        }
    }
}

#[test]
fn every_column_of_every_table_is_explained() {
    for table in declared(true) {
        assert!(!table.grain.starts_with("one row per"), "{}: the dictionary says that already", table.name);
        for column in &table.columns {
            assert!(!column.description.is_empty() && !column.empty.is_empty(), "{}.{}", table.name, column.name);
            let snake = column.name.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_');
            assert!(snake, "{}.{} is not snake_case", table.name, column.name);
            let (instant, day) =
                (column.name.ends_with("_at"), column.name.ends_with("_date") || matches!(column.name, "date" | AS_OF));
            assert_eq!(column.dtype == ColumnType::Timestamp, instant, "{}.{}", table.name, column.name);
            assert_eq!(column.dtype == ColumnType::Date, day, "{}.{}", table.name, column.name);
        }
    }
}

/// The columns that readers bind to, in their order.
#[test]
fn readers_find_the_columns_where_they_were() {
    let kpis = "emails_sent emails_received meetings_sent meetings_received phone_calls_made phone_calls_received
        email_ratio_by_us email_ratio_by_them
        responses_due_by_us responses_by_us response_rate_by_us
        responses_due_by_them responses_by_them response_rate_by_them
        avg_first_response_hours_by_us median_first_response_hours_by_us p90_first_response_hours_by_us
        avg_first_response_hours_by_them median_first_response_hours_by_them p90_first_response_hours_by_them
        minutes_spent_by_us minutes_spent_by_them face_time_minutes interactions_without_duration
        followed_emails_sent followed_emails_opened followed_emails_clicked followed_emails_attachment_opened
        followed_emails_replied open_rate click_rate attachment_open_rate reply_rate
        first_interaction_at
        last_interaction_at last_interaction_kind last_interaction_direction last_interaction_id
        next_interaction_at next_interaction_kind next_interaction_direction next_interaction_id
        health_score health_state health_trend computation_accuracy";
    let expected = [
        ("account_kpis", format!("account_id name owner_id {kpis}")),
        ("contact_kpis", format!("contact_id name owner_id account_id {kpis}")),
        ("lead_kpis", format!("lead_id name owner_id {kpis}")),
        ("opportunity_kpis", format!("opportunity_id name owner_id account_id {kpis}")),
        (
            "daily_activity",
            "record_type record_id activity_date emails_sent emails_received meetings_sent meetings_received
             phone_calls_made phone_calls_received"
                .to_string(),
        ),
        (
            "top_contacts",
            "record_type record_id side rank person_type person_id name emails meetings phone_calls last_contact_at"
                .to_string(),
        ),
        ("summaries", "record_type record_id language position sentence".to_string()),
        (
            "interactions",
            "interaction_id kind direction status occurred_at ended_at duration_minutes thread_id in_dataverse
             in_exchange colleagues external_people answered_at response_hours"
                .to_string(),
        ),
        ("interaction_records", "interaction_id record_type record_id reason weight".to_string()),
        ("dropped_activities", "source source_id reason".to_string()),
        (
            "connections",
            "systemuser_id person_type person_id strength label interactions emails_out emails_in meetings phone_calls
             first_interaction_at last_interaction_at last_interaction_kind last_interaction_direction"
                .to_string(),
        ),
        (
            "who_knows_whom",
            "person_type person_id rank systemuser_id colleague_name colleague_address strength label
             last_interaction_at last_interaction_kind introduction_request"
                .to_string(),
        ),
        (
            "similar_won_deals",
            "opportunity_id rank won_opportunity_id won_name state similarity factor_1 factor_2 factor_3 interactions
             minutes_spent_by_us minutes_spent_by_them avg_first_response_hours_by_us avg_first_response_hours_by_them
             response_rate_by_us response_rate_by_them days_to_close value won_date"
                .to_string(),
        ),
        (
            "record_access",
            "systemuser_id record_type record_id user_principal_name is_owner is_in_owning_team is_shared
             is_on_sales_team is_above_owner"
                .to_string(),
        ),
        ("similar_won_factors", "factor kind importance coverage closed_deals".to_string()),
        (
            "opportunity_benchmarks",
            "opportunity_id state compared_deals age_days estimated_value similar_median_value
             similar_median_days_to_close interactions similar_mean_interactions similar_median_interactions
             similar_n_interactions emails_sent similar_mean_emails_sent similar_median_emails_sent
             similar_n_emails_sent"
                .to_string(),
        ),
    ];
    let tables = declared(false);
    for (name, columns) in expected {
        let table = tables.iter().find(|table| table.name == name).unwrap_or_else(|| panic!("no table {name}"));
        let found: Vec<&str> = table.columns.iter().map(|column| column.name).collect();
        let columns: Vec<&str> = columns.split_whitespace().collect();
        // What is added later stands at the end (O2).
        assert_eq!(found[..columns.len()], columns, "{name}");
    }
}
