//! In which order the KPIs stand in their tables.

/// The order of the columns, those of relationship health among them. Readers may rely on it, so that new KPIs are added at the end.
const COLUMN_ORDER: [&str; 47] = [
    "emails_sent",
    "emails_received",
    "meetings_sent",
    "meetings_received",
    "phone_calls_made",
    "phone_calls_received",
    "email_ratio_by_us",
    "email_ratio_by_them",
    "responses_due_by_us",
    "responses_by_us",
    "response_rate_by_us",
    "responses_due_by_them",
    "responses_by_them",
    "response_rate_by_them",
    "avg_first_response_hours_by_us",
    "median_first_response_hours_by_us",
    "p90_first_response_hours_by_us",
    "avg_first_response_hours_by_them",
    "median_first_response_hours_by_them",
    "p90_first_response_hours_by_them",
    "minutes_spent_by_us",
    "minutes_spent_by_them",
    "face_time_minutes",
    "interactions_without_duration",
    "followed_emails_sent",
    "followed_emails_opened",
    "followed_emails_clicked",
    "followed_emails_attachment_opened",
    "followed_emails_replied",
    "open_rate",
    "click_rate",
    "attachment_open_rate",
    "reply_rate",
    "first_interaction_at",
    "last_interaction_at",
    "last_interaction_kind",
    "last_interaction_direction",
    "last_interaction_id",
    "next_interaction_at",
    "next_interaction_kind",
    "next_interaction_direction",
    "next_interaction_id",
    "health_score",
    "health_state",
    "health_trend",
    "computation_accuracy",
    "emails_after_hours",
];

/// The order of those that were added behind what lists say of a record.
const AT_THE_END: [&str; 5] =
    ["email_share_by_us", "email_share_by_them", "interactions", "days_since_last_interaction", "longest_silence_days"];

/// The version of the tables that have these columns; it is raised where columns are added.
pub const VERSION: u32 = 4;

/// Where a KPI stands among the columns; one that is not listed stands at the end.
pub fn place(kpi: &str) -> usize {
    let mut all = COLUMN_ORDER.iter().chain(&AT_THE_END);
    all.position(|name| *name == kpi).unwrap_or(COLUMN_ORDER.len() + AT_THE_END.len())
}

/// Whether a KPI stands behind what lists say of a record.
pub fn is_at_the_end(kpi: &str) -> bool {
    place(kpi) >= COLUMN_ORDER.len()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_kpi_has_one_place() {
        let names: Vec<&str> = crate::kpis::kpis().iter().map(|kpi| kpi.column.name).collect();
        let others = |name: &&str| !name.starts_with("health_");
        assert_eq!(names, COLUMN_ORDER.into_iter().chain(AT_THE_END).filter(others).collect::<Vec<_>>());
    }
}
