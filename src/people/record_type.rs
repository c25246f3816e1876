//! The four types of record, and the columns of their tables.

/// A type of record, in the order in which the types sort and are numbered.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum RecordType {
    /// A customer company.
    Account,
    /// A customer person.
    Contact,
    /// A prospect that is not qualified yet.
    Lead,
    /// Something that may be sold.
    Opportunity,
}

impl RecordType {
    /// All of them in their order.
    pub const ALL: [RecordType; 4] =
        [RecordType::Account, RecordType::Contact, RecordType::Lead, RecordType::Opportunity];

    /// The name of its table in Dataverse, which is also published.
    pub fn name(self) -> &'static str {
        ["account", "contact", "lead", "opportunity"][self as usize]
    }

    /// The type of a name.
    pub fn from_name(name: &str) -> Option<RecordType> {
        RecordType::ALL.into_iter().find(|record_type| record_type.name() == name)
    }

    /// The column of its table that has the id.
    pub fn id_column(self) -> &'static str {
        ["accountid", "contactid", "leadid", "opportunityid"][self as usize]
    }

    /// The published table with its KPIs.
    pub fn kpi_table(self) -> &'static str {
        ["account_kpis", "contact_kpis", "lead_kpis", "opportunity_kpis"][self as usize]
    }

    /// The column of that table that has the id.
    pub fn published_id(self) -> &'static str {
        ["account_id", "contact_id", "lead_id", "opportunity_id"][self as usize]
    }

    /// The column of its table that has the name.
    pub fn name_column(self) -> &'static str {
        ["name", "fullname", "fullname", "name"][self as usize]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn types_sort_as_their_names_do() {
        let names = RecordType::ALL.map(RecordType::name);
        assert!(RecordType::ALL.is_sorted() && names.is_sorted());
        assert_eq!(names.map(RecordType::from_name), RecordType::ALL.map(Some));
        assert_eq!(RecordType::from_name("acount"), None);
    }
}
