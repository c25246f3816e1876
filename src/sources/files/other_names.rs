//! Columns as other pipelines call them. The Web API of Dataverse has `_ownerid_value` for the lookup `ownerid`, and what is
//! noted about it says of which table the record is (rule I5); those that mark deleted rows do so each in a column of
//! their own (rule I1). What Graph Data Connect calls `ODataType` is `@odata.type` to Graph (rule N1), and words of its names
//! may be put apart (`is_draft`, rule I7). A file that has the table's own name as well is read by that.

use crate::sources::contract::{CALENDAR_VIEW, MESSAGES, USERS};
use crate::sources::values::nested_fields::is_named;

const TABLE: &str = "@microsoft.dynamics.crm.lookuplogicalname";

/// What pipelines call the column that says of a row that it was deleted, in small letters.
const DELETED: [&str; 6] = ["isdeleted", "is_deleted", "is_delete", "_fivetran_deleted", "__deleted", "_deleted"];

/// The name in the table of a column of a file, where it has another.
pub fn in_table(name: &str) -> Option<String> {
    if DELETED.iter().any(|deleted| name.eq_ignore_ascii_case(deleted)) {
        return Some("IsDelete".to_string());
    }
    if is_type_of_graph(name) {
        return Some("ODataType".to_string());
    }
    if let Some(other) = of_exchange(name).or_else(|| recipients(name)) {
        return Some(other.to_string());
    }
    let name = name.strip_prefix('_')?.to_ascii_lowercase();
    let (name, end) = match name.strip_suffix(TABLE) {
        Some(name) => (name, "_entitytype"),
        None => (name.as_str(), ""),
    };
    let lookup = name.strip_suffix("_value").filter(|lookup| lookup.ends_with("id"))?;
    Some(format!("{lookup}{end}"))
}

/// `@odata.type`, and what pipelines make of it that allow no such signs in names.
fn is_type_of_graph(name: &str) -> bool {
    let head = name.trim_start_matches(['@', '_']);
    let marked = |rest: &str| rest.strip_prefix(['.', '_']).is_some_and(|rest| rest.eq_ignore_ascii_case("type"));
    head.split_at_checked(5).is_some_and(|(odata, rest)| odata.eq_ignore_ascii_case("odata") && marked(rest))
}

/// A column of Exchange whose words a pipeline put apart. What only begins or ends with a mark (`_id`) is something else.
fn of_exchange(name: &str) -> Option<&'static str> {
    if !name.trim_matches('_').contains('_') {
        return None;
    }
    let columns = [&MESSAGES, &CALENDAR_VIEW, &USERS].into_iter().flat_map(|table| table.columns);
    columns.map(|column| column.name).find(|known| is_named(name, known))
}

/// The column of recipients of which a pipeline kept the addresses, as a list of their own: `toRecipients.emailAddress.address`.
fn recipients(name: &str) -> Option<&'static str> {
    let lists = MESSAGES.columns.iter().filter(|column| column.name.ends_with("Recipients"));
    lists.map(|column| column.name).find(|list| {
        let (own, field) = name.split_at_checked(list.len()).unwrap_or_default();
        let field = field.replace(['.', '_', '/', ':'], "").to_ascii_lowercase();
        own.eq_ignore_ascii_case(list) && matches!(field.as_str(), "emailaddressaddress" | "address")
    })
}

/// `names` of the columns of a file of text, those with another name in the table by that.
pub fn all_in_table(names: Vec<String>) -> Vec<String> {
    let mut found: Vec<String> = Vec::with_capacity(names.len());
    for name in &names {
        let other = in_table(name);
        let is_there = |other: &String| names.iter().chain(&found).any(|own| own.eq_ignore_ascii_case(other));
        found.push(other.filter(|other| !is_there(other)).unwrap_or_else(|| name.clone()));
    }
    found
}

#[cfg(test)]
mod tests {
    use super::{all_in_table, in_table};

    #[test]
    fn columns_are_known_by_other_names() {
        for (name, found) in [
            ("_ownerid_value", Some("ownerid")),
            ("_ParentCustomerId_Value", Some("parentcustomerid")),
            ("_customerid_value@Microsoft.Dynamics.CRM.lookuplogicalname", Some("customerid_entitytype")),
            ("_customerid_value@OData.Community.Display.V1.FormattedValue", None),
            ("ownerid", None),
            ("_row_value", None),
            ("_fivetran_deleted", Some("IsDelete")),
            ("IsDeleted", Some("IsDelete")),
            ("IsDelete", None),
            ("@odata.type", Some("ODataType")),
            ("_odata_type", Some("ODataType")),
            ("odata.Type", Some("ODataType")),
            ("@odata.etag", None),
            ("internet_message_id", Some("internetMessageId")),
            ("i_cal_u_id", Some("iCalUId")),
            ("is_draft", Some("isDraft")),
            ("isDraft", None),
            ("toRecipients.emailAddress.address", Some("toRecipients")),
            ("ccrecipients_emailaddress_address", Some("ccRecipients")),
            ("toRecipients.emailAddress.name", None),
            ("toRecipients", None),
            ("attendees.emailAddress.address", None),
            ("_id", None),
            ("from_", None),
            ("ODataType", None),
        ] {
            assert_eq!(in_table(name).as_deref(), found, "{name}");
        }
    }

    #[test]
    fn a_column_that_is_there_by_its_own_name_has_no_other() {
        let names = ["contactid", "ownerid", "_ownerid_value", "_parentcustomerid_value", "isdeleted", "__deleted"];
        let found = all_in_table(names.map(String::from).to_vec());
        let expected = ["contactid", "ownerid", "_ownerid_value", "parentcustomerid", "IsDelete", "__deleted"];
        assert_eq!(found, expected);
    }
}
