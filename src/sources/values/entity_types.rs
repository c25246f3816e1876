//! Names of tables as columns of types say them (`parentcustomerid_entitytype`): exports write the logical name, others
//! the number of the table, its name of sets, or that of the Web API.

/// Numbers of tables that records belong to, as older clients and reports write them.
const NUMBERS: [(&str, &str); 8] = [
    ("1", "account"),
    ("2", "contact"),
    ("3", "opportunity"),
    ("4", "lead"),
    ("8", "systemuser"),
    ("9", "team"),
    ("2020", "queue"),
    ("4000", "equipment"),
];

/// The logical name in small letters; none of a blank text.
pub fn logical_name(text: &str) -> Option<String> {
    let text = text.trim().to_lowercase();
    let text = text.strip_suffix(".0").unwrap_or(&text);
    let name = text.rsplit(['.', '#', '/']).next().unwrap_or_default();
    if let Some((_, name)) = NUMBERS.iter().find(|(known, _)| *known == name) {
        return Some((*name).to_string());
    }
    let singular =
        name.strip_suffix("ies").map(|stem| format!("{stem}y")).or_else(|| name.strip_suffix('s').map(Into::into));
    let known = |name: &String| NUMBERS.iter().any(|(_, known)| known == name);
    (!name.is_empty()).then(|| singular.filter(known).unwrap_or_else(|| name.to_string()))
}

#[cfg(test)]
mod tests {
    use super::logical_name;

    #[test]
    fn a_table_is_known_by_any_of_its_names() {
        for (name, forms) in [
            ("account", ["account", " Account ", "accounts", "1", "#Microsoft.Dynamics.CRM.account"]),
            ("contact", ["contact", "CONTACT", "contacts", "2", "Microsoft.Dynamics.CRM.contact"]),
            ("opportunity", ["opportunity", "Opportunity", "opportunities", "3", "mscrm.opportunity"]),
            ("queue", ["queue", "Queue", "queues", "2020", "2020.0"]),
            ("equipment", ["equipment", "Equipment", "equipments", "4000", "#Microsoft.Dynamics.CRM.equipment"]),
            ("systemuser", ["systemuser", "SystemUser", "systemusers", "8", "#Microsoft.Dynamics.CRM.systemuser"]),
        ] {
            for form in forms {
                assert_eq!(logical_name(form).as_deref(), Some(name), "{form}");
            }
        }
        assert_eq!(logical_name("new_address"), Some("new_address".to_string()));
        assert_eq!((logical_name(""), logical_name("  ")), (None, None));
    }
}
