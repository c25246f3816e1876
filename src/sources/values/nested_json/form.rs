//! Which fields of each nested column are kept of its JSON, by the name of the column (rule I7).

use polars::prelude::*;

use crate::sources::contract::ValueKind;

/// Names from a column down to one of its texts.
pub type Path = &'static [&'static str];

/// What is kept of somebody.
pub const PEOPLE: &[Path] = &[&["emailAddress", "name"], &["emailAddress", "address"]];
const ATTENDEES: &[Path] =
    &[&["emailAddress", "name"], &["emailAddress", "address"], &["status", "response"], &["type"]];
const HEADERS: &[Path] = &[&["name"], &["value"]];
const TIMES: &[Path] = &[&["dateTime"], &["timeZone"]];
const REMOVED: &[Path] = &[&["reason"]];
const ROW: &[Path] = &[&["isUserSummaryRow"], &["userReturnedNoData"], &["errorInformation"]];

/// What of a nested column is kept.
#[derive(Clone, Copy, Debug)]
pub struct KeptFields {
    pub leaves: &'static [Path],
    pub is_list: bool,
    /// Whether an object may have other fields alone.
    pub may_say_nothing: bool,
}

impl KeptFields {
    /// By the name of the column.
    pub fn of(column: &str, kind: ValueKind) -> KeptFields {
        let is = |name: &str| column.eq_ignore_ascii_case(name);
        let leaves = match () {
            () if is("attendees") => ATTENDEES,
            () if is("internetMessageHeaders") => HEADERS,
            () if is("start") || is("end") => TIMES,
            () if is("rowinformation") => ROW,
            () if is("@removed") => REMOVED,
            () => PEOPLE,
        };
        KeptFields {
            leaves,
            is_list: kind == ValueKind::Structs,
            may_say_nothing: is("rowinformation") || is("@removed"),
        }
    }

    /// The type of a column of this form.
    pub fn dtype(self) -> DataType {
        let mut fields: Vec<Field> = Vec::new();
        for path in self.leaves {
            match *path {
                [group, leaf] => {
                    let leaf = Field::new((*leaf).into(), DataType::String);
                    match fields.iter_mut().find(|field| field.name() == group) {
                        Some(Field { dtype: DataType::Struct(leaves), .. }) => leaves.push(leaf),
                        _ => fields.push(Field::new((*group).into(), DataType::Struct(vec![leaf]))),
                    }
                }
                _ => fields.push(Field::new(path[0].into(), DataType::String)),
            }
        }
        let element = DataType::Struct(fields);
        if self.is_list { DataType::List(Box::new(element)) } else { element }
    }
}
