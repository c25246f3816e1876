//! What values come from that cannot be added up from published tables, in a sentence for who asks.

/// Copies of what the lake says.
const LAKE: &str = "the lake: it is taken over as it stood at the date";
/// Who took part in an interaction is not published.
const PARTICIPANTS: &str = "who took part in each interaction, which only the lake says: asked for alone, or with --lake, the value is \
                            made anew from it";
/// Found over many records.
const ALL_RECORDS: &str = "all records of this type together, not this one alone";
/// Curves that are learned.
const LEARNED: &str = "how often scores like this one came true in the lake's own past: score_calibration has the curve it is read \
                       off";
/// Chances that are learned by each run.
const OUTCOMES: &str = "what came of relationships and of unanswered emails in the lake's own past: asked for alone, or with --lake, \
                        the value is made anew from it";
/// Pairs of deals.
const ALIKE: &str = "the two deals held against each other in every factor of similar_won_factors, each weighted by its importance \
                     there, by the formula of similarity in jobs/FORMULAS.md";
const READERS: &str = "what readers did with followed emails, which is only in the lake";

/// What a column comes from; none where the dictionary says all there is to say.
pub fn of(table: &str, column: &str) -> Option<&'static str> {
    Some(match (table, column) {
        (_, "as_of" | "record_type" | "record_id") => return None,
        (_, "contact_chance_30d" | "two_way_chance_28d") => LEARNED,
        ("attention", "severity") => OUTCOMES,
        ("attention", "usual" | "is_overdue" | "people_or_contacts" | "person_id" | "interaction_id") => PARTICIPANTS,
        (_, "computation_accuracy") => {
            "how new Dataverse and Exchange were at the end of the date: newest_row in data_quality, held against freshness_hours"
        }
        (_, "health_score" | "health_state" | "health_trend") => "the row of the record in relationship_health",
        (_, "account_health_score" | "account_health_state" | "account_health_trend") => {
            "the row of the account in relationship_health"
        }
        (_, column) if column.starts_with("followed_emails_") || column.ends_with("open_rate") => READERS,
        (_, "click_rate" | "reply_rate") => READERS,
        ("relationship_health", column) => match column {
            "earlier_health_score"
            | "received"
            | "sent"
            | "days_since_received"
            | "days_since_sent"
            | "our_activity"
            | "varied" => PARTICIPANTS,
            "expected_contact" => "the settings",
            "expected_contact_days" | "expected_frequency" | "health_percentile" => ALL_RECORDS,
            column if column.starts_with("main_reason") => {
                "the component above that takes most from the score, in words, by the settings"
            }
            _ => return None,
        },
        ("account_kpis" | "contact_kpis" | "lead_kpis" | "opportunity_kpis" | "people" | "records", _) => LAKE,
        ("dates", _) => "the calendar",
        ("interactions", "colleagues" | "external_people") => PARTICIPANTS,
        ("interactions", "thread_id") => {
            "the conversation of the email, else the email that it goes back to, in the lake"
        }
        ("interactions" | "interaction_records", _) => "the rows of the lake: --lake reads them anew",
        ("daily_activity" | "dropped_activities" | "data_quality", _) => "the rows of the lake",
        ("top_contacts" | "connections" | "who_knows_whom" | "account_connections", _) => PARTICIPANTS,
        ("missing_people", _) => {
            "addresses of the lake, and who took part in each interaction, which only the lake says: asked for alone, or with --lake, the \
             value is made anew from it"
        }
        ("account_coverage" | "handover", _) => {
            "connections of the same day, and the records that the people belong to"
        }
        ("changes", "before" | "before_value") => {
            "the lake as it was on the day that compared_to_date names, by what is known now: asked for alone, or with --lake, the \
             value is made anew from it"
        }
        ("changes", _) => "the tables of the earlier day that compared_to_date names, held against those of the date",
        ("attention", _) => "the tables of the same day, by the settings in [attention]",
        ("summaries", _) => "the tables of the same day: each sentence says numbers that are published there",
        ("score_calibration", _) => "scores of earlier dates and what happened after them, computed anew from the lake",
        ("record_access", column) => of_access(column),
        ("similar_won_deals" | "similar_won_factors" | "opportunity_benchmarks", column) => of_deals(table, column),
        _ => return None,
    })
}

/// What access to a record rests on.
fn of_access(column: &str) -> &'static str {
    match column {
        "user_principal_name" => "domainname, else internalemailaddress of the colleague in the lake",
        "is_owner" => "the owner of the record: records has it where it is published as of the day",
        "is_in_owning_team" => {
            "the owner of the record, where it is a team, and who is in it by teammembership of the lake"
        }
        "is_shared" => {
            "principalobjectaccess of the lake: rows of the colleague, or of a team of theirs, with the right to read"
        }
        "is_on_sales_team" => {
            "connections of the record in the lake that name the colleague with a role of category 1001"
        }
        "is_above_owner" => {
            "parentsystemuserid of the owner and of who is above them, through as many levels as the setting manager_levels says"
        }
        _ => "owners, teams, shares and roles in the lake",
    }
}

/// What the weekly tables of deals are made of.
fn of_deals(table: &str, column: &str) -> &'static str {
    match (table, column) {
        ("similar_won_factors", "importance") => {
            "learned from all won and lost deals: the weights by which those that were nearest before foretell best how a deal \
             ended, so no single row adds up to it"
        }
        ("similar_won_factors", "coverage") => "in how many of the closed deals the lake has a value of the column",
        ("similar_won_factors", "closed_deals") => "the won and lost deals of the lake, of very many the latest",
        ("similar_won_factors", _) => "the columns of deals and of their customers in the lake",
        ("similar_won_deals", "rank") => {
            "the rows of the open deal in similar_won_deals, by similarity, else by the day won"
        }
        ("similar_won_deals", "won_opportunity_id" | "similarity" | "alike" | "different") => ALIKE,
        ("similar_won_deals", column) if column.starts_with("factor_") => ALIKE,
        ("similar_won_deals", "state") => {
            "how many deals were won and lost by the end of the week, and how similar they are"
        }
        (_, "days_to_close" | "won_date" | "age_days") => {
            "when the deal was created and closed, as the lake says: asked for alone, or with --lake, the value is made anew from it"
        }
        // Which currency is the base is found among all deals, and records looks at each alone.
        (_, "value_currency_id" | "value_in_base_currency") => {
            "the currency of the deal in the lake, and which currency is the organisation's: the one whose deals have the same value in \
             both"
        }
        (_, "won_name" | "value" | "estimated_value") => {
            "the deal itself, as the lake has it at the end of the week: records says the same where it is published as of that day"
        }
        (_, "state" | "compared_deals" | "similar_median_value" | "similar_median_days_to_close") => {
            "the rows of the deal in similar_won_deals of the same week"
        }
        (_, column) if column.starts_with("similar_") => {
            "the won deals that similar_won_deals lists for the deal, each with the interactions that it had when it was as old: asked \
             for alone, or with --lake, the value is made anew from them"
        }
        _ => {
            "the interactions of the deal up to the end of the week: opportunity_kpis says the same where it is published as of that \
             day, and asked for alone, or with --lake, the value is made anew from the lake"
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_special_comes_before_what_a_table_is_made_of() {
        assert_eq!(of("relationship_health", "received"), Some(PARTICIPANTS));
        assert_eq!(of("contact_kpis", "two_way_chance_28d"), Some(LEARNED));
        assert_eq!(of("contact_kpis", "attachment_open_rate"), Some(READERS));
        assert_eq!(of("contact_kpis", "owner_name"), Some(LAKE));
        let of_access = |column| of("record_access", column).expect("what access rests on");
        assert!(of_access("is_shared").contains("principalobjectaccess") && of_access("is_owner").contains("records"));
        assert!(
            of("opportunity_benchmarks", "similar_mean_emails_sent").is_some_and(|of| of.contains("similar_won_deals"))
        );
        assert!(of("similar_won_factors", "importance").is_some_and(|of| of.contains("no single row")));
        assert_eq!((of("runs", "job"), of("contact_kpis", "as_of")), (None, None));
    }
}
