//! Measures: numbers that add up over whatever records are chosen, ratios of sums among them.

use super::tables::description;
use crate::bi::PublishedTables;

/// A measure in DAX.
struct Measure {
    name: &'static str,
    expression: &'static str,
    format: &'static str,
    folder: &'static str,
    description: &'static str,
    /// The columns that it takes.
    takes: &'static [(&'static str, &'static str)],
}

const WHOLE: &str = "#,##0";
const SHARE: &str = "0.0%";
const ONE_DIGIT: &str = "#,##0.0";

const fn sum(
    name: &'static str,
    expression: &'static str,
    column: &'static [(&'static str, &'static str)],
    description: &'static str,
) -> Measure {
    Measure { name, expression, format: WHOLE, folder: "Activity", description, takes: column }
}

/// Sums are over accounts: what counts for a contact or a deal counts for its account too, and would be added twice.
const MEASURES: [Measure; 26] = [
    sum(
        "Emails sent",
        "SUM(account_kpis[emails_sent])",
        &[("account_kpis", "emails_sent")],
        "Emails that we sent, over accounts.",
    ),
    sum(
        "Emails received",
        "SUM(account_kpis[emails_received])",
        &[("account_kpis", "emails_received")],
        "Emails that customers sent, over accounts.",
    ),
    sum(
        "Meetings",
        "SUM(account_kpis[meetings_sent]) + SUM(account_kpis[meetings_received])",
        &[("account_kpis", "meetings_sent"), ("account_kpis", "meetings_received")],
        "Meetings of either side, over accounts.",
    ),
    sum(
        "Phone calls",
        "SUM(account_kpis[phone_calls_made]) + SUM(account_kpis[phone_calls_received])",
        &[("account_kpis", "phone_calls_made"), ("account_kpis", "phone_calls_received")],
        "Calls of either side, over accounts.",
    ),
    sum(
        "Interactions",
        "SUM(account_kpis[interactions])",
        &[("account_kpis", "interactions")],
        "Emails, meetings, calls and tasks that were held, over accounts.",
    ),
    Measure {
        name: "Our hours",
        expression: "DIVIDE(SUM(account_kpis[minutes_spent_by_us]), 60)",
        format: ONE_DIGIT,
        folder: "Time",
        description: "Hours that we spent with customers, over accounts.",
        takes: &[("account_kpis", "minutes_spent_by_us")],
    },
    Measure {
        name: "Their hours",
        expression: "DIVIDE(SUM(account_kpis[minutes_spent_by_them]), 60)",
        format: ONE_DIGIT,
        folder: "Time",
        description: "Hours that customers spent with us, over accounts.",
        takes: &[("account_kpis", "minutes_spent_by_them")],
    },
    Measure {
        name: "Face time hours",
        expression: "DIVIDE(SUM(account_kpis[face_time_minutes]), 60)",
        format: ONE_DIGIT,
        folder: "Time",
        description: "Hours of meetings with both sides present, over accounts.",
        takes: &[("account_kpis", "face_time_minutes")],
    },
    Measure {
        name: "Our response rate",
        expression: "DIVIDE(SUM(account_kpis[responses_by_us]), SUM(account_kpis[responses_due_by_us]))",
        format: SHARE,
        folder: "Responses",
        description: "Share of their emails that we answered in time, over accounts.",
        takes: &[("account_kpis", "responses_by_us"), ("account_kpis", "responses_due_by_us")],
    },
    Measure {
        name: "Their response rate",
        expression: "DIVIDE(SUM(account_kpis[responses_by_them]), SUM(account_kpis[responses_due_by_them]))",
        format: SHARE,
        folder: "Responses",
        description: "Share of our emails that they answered in time, over accounts.",
        takes: &[("account_kpis", "responses_by_them"), ("account_kpis", "responses_due_by_them")],
    },
    Measure {
        name: "Our share of email",
        expression: "DIVIDE([Emails sent], [Emails sent] + [Emails received])",
        format: SHARE,
        folder: "Responses",
        description: "Which share of all emails we sent.",
        takes: &[("account_kpis", "emails_sent"), ("account_kpis", "emails_received")],
    },
    Measure {
        name: "Open rate",
        expression: "DIVIDE(SUM(account_kpis[followed_emails_opened]), SUM(account_kpis[followed_emails_sent]))",
        format: SHARE,
        folder: "Email engagement",
        description: "Share of followed emails that were opened, over accounts.",
        takes: &[("account_kpis", "followed_emails_opened"), ("account_kpis", "followed_emails_sent")],
    },
    Measure {
        name: "Click rate",
        expression: "DIVIDE(SUM(account_kpis[followed_emails_clicked]), SUM(account_kpis[followed_emails_sent]))",
        format: SHARE,
        folder: "Email engagement",
        description: "Share of followed emails with a link clicked, over accounts.",
        takes: &[("account_kpis", "followed_emails_clicked"), ("account_kpis", "followed_emails_sent")],
    },
    Measure {
        name: "Reply rate",
        expression: "DIVIDE(SUM(account_kpis[followed_emails_replied]), SUM(account_kpis[followed_emails_sent]))",
        format: SHARE,
        folder: "Email engagement",
        description: "Share of followed emails that were replied to, over accounts.",
        takes: &[("account_kpis", "followed_emails_replied"), ("account_kpis", "followed_emails_sent")],
    },
    Measure {
        name: "Average health",
        expression: "AVERAGE(relationship_health[health_score])",
        format: ONE_DIGIT,
        folder: "Health",
        description: "Mean health score of the relationships that have one.",
        takes: &[("relationship_health", "health_score")],
    },
    Measure {
        name: "Relationships",
        expression: "COUNT(relationship_health[health_score])",
        format: WHOLE,
        folder: "Health",
        description: "Relationships with a health score.",
        takes: &[("relationship_health", "health_score")],
    },
    Measure {
        name: "Relationships in poor health",
        expression: "CALCULATE(COUNTROWS(relationship_health), relationship_health[health_state] IN {\"poor\", \"dormant\"})",
        format: WHOLE,
        folder: "Health",
        description: "Relationships whose health is poor or dormant.",
        takes: &[("relationship_health", "health_state")],
    },
    Measure {
        name: "Share in poor health",
        expression: "DIVIDE([Relationships in poor health], [Relationships])",
        format: SHARE,
        folder: "Health",
        description: "Of the relationships that have a score.",
        takes: &[("relationship_health", "health_state"), ("relationship_health", "health_score")],
    },
    Measure {
        name: "Declining relationships",
        expression: "CALCULATE(COUNTROWS(relationship_health), relationship_health[health_trend] = \"declining\")",
        format: WHOLE,
        folder: "Health",
        description: "Relationships whose health is declining.",
        takes: &[("relationship_health", "health_trend")],
    },
    Measure {
        name: "Open deals",
        expression: "CALCULATE(COUNTROWS(opportunity_kpis), opportunity_kpis[state] = \"open\")",
        format: WHOLE,
        folder: "Deals",
        description: "Deals that are open as of the day.",
        takes: &[("opportunity_kpis", "state")],
    },
    Measure {
        name: "Value of open deals",
        expression: "CALCULATE(SUM(opportunity_kpis[value]), opportunity_kpis[state] = \"open\", opportunity_kpis[value_in_base_currency] = TRUE())",
        format: WHOLE,
        folder: "Deals",
        description: "In the base currency; deals whose value is not known in it are left out.",
        takes: &[
            ("opportunity_kpis", "value"),
            ("opportunity_kpis", "state"),
            ("opportunity_kpis", "value_in_base_currency"),
        ],
    },
    Measure {
        name: "Value of open deals in poor health",
        expression: "CALCULATE([Value of open deals], opportunity_kpis[health_state] IN {\"poor\", \"dormant\"})",
        format: WHOLE,
        folder: "Deals",
        description: "The part of it whose relationship is poor or dormant.",
        takes: &[
            ("opportunity_kpis", "value"),
            ("opportunity_kpis", "state"),
            ("opportunity_kpis", "value_in_base_currency"),
            ("opportunity_kpis", "health_state"),
        ],
    },
    Measure {
        name: "Average health of open deals",
        expression: "CALCULATE(AVERAGE(opportunity_kpis[health_score]), opportunity_kpis[state] = \"open\")",
        format: ONE_DIGIT,
        folder: "Deals",
        description: "Mean health score of open deals.",
        takes: &[("opportunity_kpis", "health_score"), ("opportunity_kpis", "state")],
    },
    Measure {
        name: "Strong connections",
        expression: "CALCULATE(COUNTROWS(connections), connections[label] = \"strong\")",
        format: WHOLE,
        folder: "Connections",
        description: "Pairs of a colleague and a contact or lead who know each other well.",
        takes: &[("connections", "label")],
    },
    Measure {
        name: "Records that need somebody",
        expression: "DISTINCTCOUNT(attention[record_id])",
        format: WHOLE,
        folder: "Attention",
        description: "Records with at least one reason for attention.",
        takes: &[("attention", "record_id")],
    },
    Measure {
        name: "As of",
        expression: "MAX(account_kpis[as_of])",
        format: "yyyy-mm-dd",
        folder: "Activity",
        description: "The day as of which the numbers are.",
        takes: &[("account_kpis", "as_of")],
    },
];

/// A table that holds nothing but measures, those whose columns are published.
pub(super) fn table(published: &PublishedTables) -> String {
    let mut text = description("", "Numbers over whatever records are chosen.") + "table Measures\n\n";
    let there = |measure: &&Measure| measure.takes.iter().all(|(table, column)| published.has(table, column));
    for measure in MEASURES.iter().filter(there) {
        text.push_str(&description("\t", measure.description));
        text.push_str(&format!(
            "\tmeasure '{}' = {}\n\t\tformatString: {}\n\t\tdisplayFolder: {}\n\n",
            measure.name, measure.expression, measure.format, measure.folder
        ));
    }
    // A table needs a column and a partition; this one has no rows that anybody would see.
    text.push_str(
        "\tcolumn Value\n\t\tisHidden\n\t\tisNameInferred\n\t\tsourceColumn: [Value]\n\n\
         \tpartition Measures = calculated\n\t\tmode: import\n\t\tsource = {BLANK()}\n",
    );
    text
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::OutputFormat;
    use crate::jobs;

    #[test]
    fn measures_take_columns_that_are_published() {
        let published = PublishedTables { tables: jobs::tables(), root: "/out".into(), format: OutputFormat::Parquet };
        for measure in &MEASURES {
            for (table, column) in measure.takes {
                assert!(published.has(table, column), "{}: {table}[{column}]", measure.name);
                let taken = measure.expression.contains(&format!("{table}[{column}]"))
                    || measure.expression.contains("[Emails")
                    || measure.expression.contains("[Relationships")
                    || measure.expression.contains("[Value of");
                assert!(taken, "{} does not take {table}[{column}]", measure.name);
            }
        }
        assert_eq!(table(&published).matches("\tmeasure '").count(), MEASURES.len());
    }
}
