//! How each text column of the published tables can carry a person: the one place that says so.

use Personal::*;

use crate::interactions::kind::Kind;

/// How a column can carry an erased person, and what becomes of the row that does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Personal {
    /// Nobody: codes and words of ours, ids of runs, names of columns.
    Nobody,
    /// Id of the person, or of the company or deal, that the row is about: the row goes.
    Subject,
    /// Address of the person that the row is about: the row goes.
    SubjectAddress,
    /// Name of the person whose id is in the column named here: it goes with that row.
    SubjectName(&'static str),
    /// Id of somebody whom the row only mentions: it becomes null, and with it the columns `with`.
    /// Where the count in `out_of` says that it is one of one, the row was about nobody else and goes.
    #[expect(missing_docs, reason = "said above")]
    Mention { with: &'static [&'static str], out_of: Option<&'static str> },
    /// Id of an interaction: where that was the erased person's alone, it becomes null, and with it
    /// the columns named here.
    Interaction(&'static [&'static str]),
    /// The same of an id without the kind before it.
    InteractionWithoutKind,
    /// Text that people wrote, about nobody in particular: it becomes null where it tells of an
    /// erased person, by name, address or id.
    FreeText,
    /// The same, cut to so many characters, while the whole of it is not beside it.
    CutText(u32),
    /// As much of the text in the column named here as there was room for: it becomes null with that one.
    BeginningOf(&'static str),
    /// Text about the people whose ids are in the columns named here: as [`FreeText`], but the
    /// name of one of these does not tell of an erased namesake.
    TextAbout(&'static [&'static str]),
    /// Id made by a mail or calendar system, and part of a key: the row goes where it holds an
    /// address or id of an erased person. Names are not looked for.
    SourceKey,
    /// The same beside the key: it becomes null.
    SourceText,
}

/// Who says how a column of a table can carry a person: [`personal_data`] of the tables of this program.
pub type JudgeColumn = fn(table: &str, column: &str) -> Option<Personal>;

/// The judgement on a text column; `None` where nobody has judged it yet.
pub fn personal_data(table: &str, column: &str) -> Option<Personal> {
    Some(match (table, column) {
        ("contact_kpis", "contact_id") | ("lead_kpis", "lead_id") => Subject,
        ("connections" | "who_knows_whom" | "account_connections" | "record_access", "systemuser_id") => Subject,
        ("record_access", "user_principal_name") => SubjectAddress,
        ("attention", "person_id") => Mention { with: &[], out_of: None },
        ("attention", "interaction_id") => Interaction(&[]),
        // Words and numbers of ours; they name nobody.
        ("attention", "sentence" | "sentence_de" | "sentence_fr" | "sentence_sv") => Nobody,
        (_, "record_id" | "person_id") => Subject,
        ("who_knows_whom", "colleague_address") | ("missing_people", "address") => SubjectAddress,
        ("missing_people", "contact_id") => Subject,
        ("missing_people", "other_address") => SourceText,
        ("missing_people", "strongest_colleague_id") => Mention { with: &["strength"], out_of: None },
        ("account_coverage", "strongest_colleague_id") => {
            Mention { with: &["strongest_colleague_share"], out_of: None }
        }
        ("account_coverage", "strongest_contact_id") => Mention { with: &["strongest_contact_share"], out_of: None },
        ("account_coverage", "parent_account_id") => Mention { with: &[], out_of: None },
        ("changes", "change") => Nobody,
        ("changes", "before" | "after") => SourceText,
        ("changes", "sentence" | "sentence_de" | "sentence_fr" | "sentence_sv") => TextAbout(&["record_id"]),
        ("handover", "systemuser_id") => Subject,
        ("handover", "record_name") => TextAbout(&["record_id"]),
        ("handover", "next_colleague_id") => {
            Mention { with: &["next_strength", "next_last_interaction_at"], out_of: None }
        }
        ("handover", "next_meeting_id") => Interaction(&[]),
        ("missing_people", "finding" | "domain" | "domain_kind") => Nobody,
        ("who_knows_whom", "colleague_name") => SubjectName("systemuser_id"),
        ("contact_kpis", "name") => SubjectName("contact_id"),
        ("lead_kpis", "name") => SubjectName("lead_id"),
        ("top_contacts" | "people", "name") => SubjectName("person_id"),

        ("account_kpis" | "contact_kpis" | "lead_kpis" | "opportunity_kpis" | "records" | "attention", "owner_id") => {
            Mention { with: &["owner_name"], out_of: None }
        }
        (_, "owner_id") => Mention { with: &[], out_of: None },
        (_, "owner_name") => TextAbout(&["owner_id"]),
        ("top_contacts", "last_contacted_by_id") => Mention { with: &["last_contacted_by"], out_of: None },
        ("top_contacts", "last_contacted_by") => TextAbout(&["last_contacted_by_id"]),
        // Of a contact or lead, the row goes with their id.
        ("records" | "attention", "name") => TextAbout(&["record_id"]),
        (_, "account_name") => FreeText,
        ("account_connections", "strongest_contact_id") => {
            Mention { with: &["strongest_contact_strength"], out_of: Some("contacts") }
        }
        (_, "last_interaction_id") => Interaction(&["last_interaction_subject"]),
        (_, "next_interaction_id") => Interaction(&["next_interaction_subject"]),

        ("account_kpis" | "account_coverage" | "opportunity_kpis", "name") | ("similar_won_deals", "won_name") => {
            FreeText
        }
        (_, "last_interaction_subject" | "next_interaction_subject") => FreeText,
        ("who_knows_whom", "introduction_request") => TextAbout(&["person_id", "systemuser_id"]),

        ("interactions" | "interaction_records", "interaction_id") | ("dropped_activities", "source_id") => SourceKey,
        ("interactions", "thread_id") => SourceText,

        // Companies and deals are nobody; they may be opted out all the same.
        ("contact_kpis" | "opportunity_kpis" | "people" | "records", "account_id") => {
            Mention { with: &["account_name"], out_of: None }
        }
        ("missing_people", "account_id") => Mention { with: &[], out_of: None },
        (_, "account_id" | "opportunity_id" | "won_opportunity_id") => Subject,
        (_, "record_type" | "person_type" | "side" | "kind" | "direction" | "status" | "reason" | "source") => Nobody,
        (_, "last_interaction_kind" | "last_interaction_direction") => Nobody,
        (_, "next_interaction_kind" | "next_interaction_direction") => Nobody,
        (_, "health_state" | "health_trend" | "computation_accuracy" | "label" | "state") => Nobody,
        ("account_kpis", "account_health_state" | "account_health_trend") => Nobody,
        // The address of the record of the row, which goes where that is somebody erased.
        (_, "record_url" | "currency_id") => Nobody,
        ("dates", "week") => Nobody,
        // Words and numbers of ours; neither names anybody.
        (
            "relationship_health",
            "main_reason" | "main_reason_de" | "main_reason_fr" | "main_reason_sv" | "main_reason_code"
            | "expected_contact",
        ) => Nobody,
        ("summaries", "language") => Nobody,
        ("summaries", "sentence") => TextAbout(&["record_id"]),
        // Words of ours, and domains that several people share.
        ("data_quality", "check" | "subject" | "unit") => Nobody,
        ("score_calibration", "score" | "by_score") => Nobody,
        // Values of columns of deals, which people may have written.
        ("similar_won_deals", "alike" | "different") => FreeText,
        (_, "value_currency_id") => Nobody,
        // Names of columns of deals, not their values.
        ("similar_won_deals", "factor_1" | "factor_2" | "factor_3") | ("similar_won_factors", "factor") => Nobody,
        // Messages of ours, which name nobody (rule R5).
        ("runs", "run_id" | "job" | "error" | "error_class" | "program_version" | "config_hash") => Nobody,
        ("runs", "inputs_json" | "tables_json" | "dropped_json" | "warnings_json") => Nobody,
        _ => return None,
    })
}

/// The ids of interactions that one without a kind may be.
pub fn of_every_kind(bare: &str) -> impl Iterator<Item = String> {
    Kind::ALL.into_iter().map(move |kind| format!("{}:{bare}", kind.name()))
}

impl Personal {
    /// Columns beside it that the rule looks at or changes.
    pub fn besides(self) -> Vec<&'static str> {
        match self {
            Mention { with, out_of } => with.iter().copied().chain(out_of).collect(),
            Interaction(others) | TextAbout(others) => others.to_vec(),
            SubjectName(other) | BeginningOf(other) => vec![other],
            _ => Vec::new(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::jobs;
    use crate::table::ColumnType;

    #[test]
    fn every_text_column_is_judged() {
        for table in jobs::tables_with_subjects() {
            for column in table.columns.iter().filter(|column| column.dtype == ColumnType::Text) {
                assert!(
                    personal_data(table.name, column.name).is_some(),
                    "{}.{}: say in src/forget/personal_columns.rs whether it can carry a person",
                    table.name,
                    column.name
                );
            }
        }
    }

    #[test]
    fn judgements_name_columns_of_the_same_table() {
        for table in jobs::tables_with_subjects() {
            let known: Vec<&str> = table.columns.iter().map(|column| column.name).collect();
            for judged in known.iter().filter_map(|column| personal_data(table.name, column)) {
                for other in judged.besides() {
                    assert!(known.contains(&other), "{}: {judged:?}: there is no {other}", table.name);
                }
            }
        }
    }
}
