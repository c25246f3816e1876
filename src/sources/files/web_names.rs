//! Columns as the Web API of Dataverse calls them: `_ownerid_value` is the lookup `ownerid`, and what is noted about it
//! says of which table the record is (rule I5).

const TABLE: &str = "@microsoft.dynamics.crm.lookuplogicalname";

/// The name in the table of a column that copies of the Web API's answers hold.
pub fn in_table(name: &str) -> Option<String> {
    let name = name.strip_prefix('_')?.to_ascii_lowercase();
    let (name, end) = match name.strip_suffix(TABLE) {
        Some(name) => (name, "_entitytype"),
        None => (name.as_str(), ""),
    };
    let lookup = name.strip_suffix("_value").filter(|lookup| lookup.ends_with("id"))?;
    Some(format!("{lookup}{end}"))
}

#[cfg(test)]
mod tests {
    use super::in_table;

    #[test]
    fn lookups_are_known_by_their_name_in_the_web_api() {
        for (name, found) in [
            ("_ownerid_value", Some("ownerid")),
            ("_ParentCustomerId_Value", Some("parentcustomerid")),
            ("_customerid_value@Microsoft.Dynamics.CRM.lookuplogicalname", Some("customerid_entitytype")),
            ("_customerid_value@OData.Community.Display.V1.FormattedValue", None),
            ("ownerid", None),
            ("_row_value", None),
        ] {
            assert_eq!(in_table(name).as_deref(), found, "{name}");
        }
    }
}
