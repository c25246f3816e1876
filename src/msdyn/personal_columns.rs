//! How each column of the original can carry a person: as the column of ours does that its value comes from.

use std::collections::HashMap;
use std::sync::LazyLock;

use super::column::{ColumnPart, DataverseType, Mapped, Origin};
use super::original::{KEY, Original, RowsOf, Stored};
use super::tables;
use crate::forget::{self, Personal};

/// The judgement on a column of a table of the original; `None` where nobody has judged the column that it is made of.
pub fn personal_data(table: &str, column: &str) -> Option<Personal> {
    type Judged = HashMap<(&'static str, String), Option<Personal>>;
    static JUDGED: LazyLock<Judged> = LazyLock::new(|| {
        let of_table = |original: &'static Original| {
            let stored = original.stored().into_iter();
            stored.map(move |stored| ((original.name, stored.name.clone()), judge(original, &stored)))
        };
        let mut judged: Judged = tables().iter().flat_map(|filled| of_table(&filled.original)).collect();
        // The day of its rows, which every published table has.
        judged.extend(tables().iter().map(|filled| ((filled.table.name, "as_of".to_string()), Some(Personal::Nobody))));
        judged
    });
    *JUDGED.get(&(table, column.to_string()))?
}

fn judge(original: &Original, stored: &Stored) -> Option<Personal> {
    let Stored { of, part, .. } = stored;
    let own = match (part, of.kind, of.origin) {
        (ColumnPart::Value | ColumnPart::WebId, _, Origin::Column(own) | Origin::AfterColon(own)) => own,
        (ColumnPart::Name, DataverseType::Lookup(_), _) => match of.label {
            Some(label) => label,
            None => return Some(Personal::Nobody),
        },
        // Words, numbers and labels of the original, and what is the same in every row.
        _ => return Some(Personal::Nobody),
    };
    let is_text = matches!(of.kind, DataverseType::Text(_) | DataverseType::Key | DataverseType::Lookup(_));
    let Some((table, column)) = ours(original.rows, own).filter(|_| is_text) else { return Some(Personal::Nobody) };
    let judged = forget::personal_data(&table, &column)?;
    let of_ours = |name: &str| of_ours(original, &(table.clone(), name.to_string()));
    let whole = whole(original, of, own).filter(|_| *part == ColumnPart::Value);
    Some(match (judged, of.origin) {
        (Personal::FreeText | Personal::TextAbout(_), _) if whole.is_some() => Personal::BeginningOf(whole?),
        (Personal::Interaction(_), Origin::AfterColon(_)) => Personal::InteractionWithoutKind,
        (Personal::SubjectName(id), _) => Personal::SubjectName(of_ours(id)?),
        // Beside texts about people stand no ids of theirs that would tell a namesake.
        (Personal::FreeText | Personal::TextAbout(_), _) => match of.kind {
            DataverseType::Text(longest) => Personal::CutText(longest),
            _ => Personal::FreeText,
        },
        // What goes with a mention in our tables is judged by itself here.
        (Personal::Mention { .. }, _) => Personal::Mention { with: &[], out_of: None },
        (judged, _) => judged,
    })
}

/// The column of ours that a column of prepared rows is, with its table; none of what was made of several.
fn ours(rows: RowsOf, own: &str) -> Option<(String, String)> {
    let mut tables = rows.tables();
    let first = tables.swap_remove(0);
    let of_record = |record_type: &str, column: &str| Some((format!("{record_type}_kpis"), column.to_string()));
    match (rows, own) {
        (RowsOf::Kpis(record_type), KEY | "record_id") | (RowsOf::Days(record_type), "record_id") => {
            of_record(record_type.name(), &format!("{}_id", record_type.name()))
        }
        (RowsOf::Days(record_type), "name") => of_record(record_type.name(), "name"),
        // A hash of what the row is about goes with the row.
        (_, KEY) | (RowsOf::TopContacts(_), "last_contact_text") => None,
        (RowsOf::TopContacts(_), "account_id" | "contact_id" | "lead_id" | "opportunity_id") => {
            of_record(own.trim_end_matches("_id"), own)
        }
        (RowsOf::TopContacts(_), "account_name" | "contact_name" | "lead_name" | "opportunity_name") => {
            of_record(own.trim_end_matches("_name"), "name")
        }
        (RowsOf::AccountConnections, "systemuser_id" | "colleague_address" | "colleague_name") => {
            Some(("who_knows_whom".to_string(), own.to_string()))
        }
        (RowsOf::Factors, "factor_json") => Some((first, "factor".to_string())),
        _ => Some((first, own.to_string())),
    }
}

/// The column of the original with the value of a column of ours.
fn of_ours(original: &Original, wanted: &(String, String)) -> Option<&'static str> {
    let is_wanted = |of: &&Mapped| match of.origin {
        Origin::Column(own) => own != KEY && ours(original.rows, own).as_ref() == Some(wanted),
        _ => false,
    };
    original.columns.iter().find(is_wanted).map(|of| of.name)
}

/// The column with the whole of a text that is cut to the length which the original has room for.
fn whole(original: &Original, of: &Mapped, own: &str) -> Option<&'static str> {
    let is_cut = matches!(of.kind, DataverseType::Text(_));
    let labelled = original.columns.iter().find(|other| is_cut && other.label == Some(own))?;
    let (_, name) = labelled.parts().into_iter().find(|(part, _)| *part == ColumnPart::Name)?;
    let table = &tables().iter().find(|filled| filled.original.name == original.name)?.table;
    table.columns.iter().map(|column| column.name).find(|column| *column == name)
}

#[cfg(test)]
mod tests {
    use super::super::Filled;
    use super::*;
    use crate::jobs;
    use crate::table::ColumnType;

    #[test]
    fn every_text_column_is_judged_and_names_columns_of_its_table() {
        for filled in tables() {
            let table = filled.table.clone().dated();
            let known: Vec<&str> = table.columns.iter().map(|column| column.name).collect();
            for column in table.columns.iter().filter(|column| column.dtype == ColumnType::Text) {
                let judged =
                    personal_data(table.name, column.name).unwrap_or_else(|| panic!("{}.{}", table.name, column.name));
                assert!(judged.besides().iter().all(|other| known.contains(other)), "{}: {judged:?}", column.name);
            }
        }
    }

    #[test]
    fn prepared_columns_are_columns_of_our_tables() {
        let declared = jobs::tables();
        for Filled { original, .. } in tables() {
            let texts = original
                .columns
                .iter()
                .filter(|of| matches!(of.kind, DataverseType::Text(_) | DataverseType::Lookup(_)));
            let taken = texts.flat_map(|of| match of.origin {
                Origin::Column(own) | Origin::AfterColon(own) => vec![Some(own), of.label],
                _ => vec![of.label],
            });
            for own in taken.flatten() {
                let Some((table, column)) = ours(original.rows, own) else { continue };
                let found = declared.iter().find(|one| one.name == table);
                let found = found.is_some_and(|one| one.columns.iter().any(|other| other.name == column));
                assert!(found, "{}: {own} is said to be {table}.{column}", original.name);
            }
        }
    }

    #[test]
    fn people_are_where_our_columns_have_them() {
        let judged = |table, column| personal_data(table, column).unwrap();
        assert_eq!(judged("msdyn_contactkpiitem", "Id"), Personal::Subject);
        assert_eq!(judged("msdyn_contactkpiitem", "msdyn_name"), Personal::SubjectName("msdyn_contactid"));
        assert_eq!(judged("msdyn_opportunitykpiitem", "msdyn_name"), Personal::BeginningOf("msdyn_opportunityidname"));
        assert_eq!(judged("msdyn_opportunitykpiitem", "msdyn_opportunityidname"), Personal::FreeText);
        assert_eq!(judged("msdyn_leadkpiitem", "msdyn_lastactivityid"), Personal::InteractionWithoutKind);
        assert_eq!(judged("msdyn_mostcontacted", "msdyn_lastcontactedby"), Personal::CutText(100));
        assert_eq!(judged("msdyn_mostcontacted", "_msdyn_lead_regardingobjectid_value"), Personal::Subject);
        let address = judged("msdyn_wkwcolleaguesforcontact", "msdyn_introducer_emailaddress");
        assert_eq!(address, Personal::SubjectAddress);
        assert_eq!(judged("msdyn_dailyleadkpiitem", "msdyn_entityidname"), Personal::SubjectName("msdyn_entityid"));
        assert_eq!(judged("msdyn_similarentitiesfeatureimportance", "msdyn_featureimportance"), Personal::Nobody);
    }
}
