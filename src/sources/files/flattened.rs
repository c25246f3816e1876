//! Structs whose fields a pipeline left as columns of their own, `from.emailAddress.address` or
//! `from_emailAddress_address`, as converters to flat tables do (rule I7).

use polars::prelude::*;

use crate::sources::contract::{SourceColumn, ValueKind};

/// What stands between the names of a column and its field, and in the field's.
const MARKS: [char; 4] = ['.', '_', '/', ':'];
/// Fields of structs, without what is around them, by how their columns end once marks are taken out.
const FIELDS: [(&str, &str); 10] = [
    ("emailaddressaddress", "address"),
    ("address", "address"),
    ("emailaddressname", "name"),
    ("name", "name"),
    ("datetime", "dateTime"),
    ("timezone", "timeZone"),
    ("isusersummaryrow", "isUserSummaryRow"),
    ("userreturnednodata", "userReturnedNoData"),
    ("errorinformation", "errorInformation"),
    ("reason", "reason"),
];

/// A struct that is put together of columns.
#[derive(Clone, Debug, PartialEq)]
pub struct Flattened {
    pub name: PlSmallStr,
    pub fields: Vec<FlattenedField>,
}

/// A field of such a struct.
#[derive(Clone, Debug, PartialEq)]
pub struct FlattenedField {
    pub name: &'static str,
    /// The column of the file that holds it.
    pub column: PlSmallStr,
    pub dtype: DataType,
}

/// Whether a column of a file is one of the table, or a field of one.
pub fn is_needed(columns: &[&SourceColumn], name: &str) -> bool {
    let is_it = |column: &&SourceColumn| column.name.eq_ignore_ascii_case(name) || field(column, name).is_some();
    columns.iter().any(is_it)
}

/// Which field of a column of structs a column of a file is.
pub fn field(column: &SourceColumn, name: &str) -> Option<&'static str> {
    if column.kind != ValueKind::Struct {
        return None;
    }
    let (own, rest) = name.split_at_checked(column.name.len())?;
    let rest = rest.strip_prefix(MARKS).filter(|_| own.eq_ignore_ascii_case(column.name))?;
    let field = rest.replace(MARKS, "").to_ascii_lowercase();
    FIELDS.iter().find(|(known, _)| *known == field).map(|(_, field)| *field)
}

/// Puts the fields among the columns of a file into structs, where the file has no such struct itself; nobody needs
/// the others.
pub fn put_together(columns: &[&SourceColumn], schema: &mut Schema) -> Vec<Flattened> {
    let mut all = Vec::new();
    for column in columns.iter().filter(|column| column.kind == ValueKind::Struct) {
        let parts = schema.iter().filter_map(|(name, dtype)| Some((field(column, name)?, name.clone(), dtype.clone())));
        let mut fields: Vec<FlattenedField> = Vec::new();
        for (name, column, dtype) in parts.collect::<Vec<_>>() {
            schema.shift_remove(&column);
            if !fields.iter().any(|own| own.name == name) {
                fields.push(FlattenedField { name, column, dtype });
            }
        }
        let is_there = schema.iter_names().any(|name| name.eq_ignore_ascii_case(column.name));
        if !fields.is_empty() && !is_there {
            let dtypes = fields.iter().map(|field| Field::new(field.name.into(), field.dtype.clone()));
            schema.insert(column.name.into(), DataType::Struct(dtypes.collect()));
            all.push(Flattened { name: column.name.into(), fields });
        }
    }
    all
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sources::contract::{CALENDAR_VIEW, MESSAGES};

    #[test]
    fn fields_are_known_by_the_names_of_their_columns() {
        let columns: Vec<&SourceColumn> = MESSAGES.columns.iter().chain(CALENDAR_VIEW.columns).collect();
        for name in [
            "from",
            "from.emailAddress.address",
            "from_emailAddress_address",
            "FROM_EMAIL_ADDRESS_NAME",
            "sender.address",
            "start/dateTime",
            "rowinformation.isUserSummaryRow",
            "@removed.reason",
        ] {
            assert!(is_needed(&columns, name), "{name}");
        }
        for name in ["fromaddress", "from.emailAddress", "from.mail", "toRecipients.address", "starting.dateTime", "f"]
        {
            assert!(!is_needed(&columns, name), "{name}");
        }
    }
}
