//! What a column of the original is, and where its value comes from: both said once, for files, documents and comparison.

use crate::table::ColumnType;

/// The type of a column in Dataverse.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum DataverseType {
    /// The id of a row.
    Key,
    /// Text of at most so many characters.
    Text(u32),
    /// A whole number, BigInt among them.
    Integer,
    /// A number with so many digits behind the point.
    Decimal(u32),
    /// One of these.
    Choice(&'static [ChoiceValue]),
    /// An instant.
    DateTime,
    /// A day, exported as its midnight in UTC.
    DateOnly,
    /// The id of a row of the table that is named.
    Lookup(&'static str),
    /// Yes or no.
    Boolean,
}

/// A value of a choice, and what people see.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct ChoiceValue {
    /// As it is stored.
    pub code: i64,
    /// As it is shown.
    pub label: &'static str,
}

/// Where a value comes from. Columns are ours, of the rows that a table of theirs is made of.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Origin {
    /// The value of a column.
    Column(&'static str),
    /// The number of a column times a scale, rounded half up to the digits of the kind.
    Times(&'static str, f64),
    /// The first of these columns that has one, word by word.
    Words(&'static [&'static str], &'static [(&'static str, i64)]),
    /// The word of a column in the spelling of the original.
    Spelled(&'static str, &'static [(&'static str, &'static str)]),
    /// What follows the colon in a column: an id without our prefix.
    AfterColon(&'static str),
    /// The same number in every row.
    Number(i64),
    /// The same text in every row.
    Word(&'static str),
    /// The first instant after the day as of which rows are.
    Cutoff,
    /// The first instant of that day.
    DayStart,
    /// The same as a number that grows from day to day: microseconds since 1970.
    Version,
    /// The calendar year of that day.
    Year,
    /// Never known here, and why.
    Unknown(&'static str),
}

/// A column of the original.
#[derive(Clone, Copy, Debug)]
pub struct Mapped {
    /// Its logical name.
    pub name: &'static str,
    /// Its type.
    pub kind: DataverseType,
    /// Where its value comes from.
    pub origin: Origin,
    /// Of a lookup: our column with the name of what it leads to, where there is one.
    pub label: Option<&'static str>,
}

/// A column of a file, which may be one of several that stand for one of the original.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum ColumnPart {
    /// The value.
    Value,
    /// The label of a choice, or the name of what a lookup leads to, as the connector of Power BI has them.
    Name,
    /// The table that a lookup leads to, as Synapse Link and Fabric Link have it.
    EntityType,
    /// The id of a lookup as the Web API names it.
    WebId,
}

impl Mapped {
    /// A column that is no lookup with a name.
    pub const fn new(name: &'static str, kind: DataverseType, origin: Origin) -> Mapped {
        Mapped { name, kind, origin, label: None }
    }

    /// A lookup whose name is known.
    pub const fn named(name: &'static str, target: &'static str, id: &'static str, label: &'static str) -> Mapped {
        Mapped { name, kind: DataverseType::Lookup(target), origin: Origin::Column(id), label: Some(label) }
    }

    /// The columns of a file that stand for it, with their names.
    pub fn parts(&self) -> Vec<(ColumnPart, String)> {
        let name = self.name;
        let mut parts = vec![(ColumnPart::Value, name.to_string())];
        match self.kind {
            DataverseType::Choice(_) => parts.push((ColumnPart::Name, format!("{name}name"))),
            DataverseType::Lookup(_) => parts.extend([
                (ColumnPart::EntityType, format!("{name}_entitytype")),
                (ColumnPart::Name, format!("{name}name")),
                (ColumnPart::WebId, format!("_{name}_value")),
            ]),
            _ => {}
        }
        parts
    }

    /// The type of a part in a file.
    pub fn stored(&self, part: ColumnPart) -> ColumnType {
        match (part, self.kind) {
            (ColumnPart::Value, DataverseType::Integer | DataverseType::Choice(_)) => ColumnType::Int64,
            (ColumnPart::Value, DataverseType::Decimal(_)) => ColumnType::Decimal,
            (ColumnPart::Value, DataverseType::DateTime | DataverseType::DateOnly) => ColumnType::Timestamp,
            (ColumnPart::Value, DataverseType::Boolean) => ColumnType::Boolean,
            _ => ColumnType::Text,
        }
    }

    /// The columns of ours that it takes, and of which type they are.
    pub fn takes(&self) -> Vec<(&'static str, ColumnType)> {
        let own = match (self.origin, self.kind) {
            (Origin::Column(name), kind) => vec![(
                name,
                match kind {
                    DataverseType::Integer => ColumnType::Int64,
                    DataverseType::Decimal(_) => ColumnType::Float64,
                    DataverseType::DateTime => ColumnType::Timestamp,
                    DataverseType::DateOnly => ColumnType::Date,
                    _ => ColumnType::Text,
                },
            )],
            (Origin::Times(name, _), _) => vec![(name, ColumnType::Float64)],
            (Origin::Words(names, _), _) => names.iter().map(|name| (*name, ColumnType::Text)).collect(),
            (Origin::Spelled(name, _) | Origin::AfterColon(name), _) => vec![(name, ColumnType::Text)],
            _ => Vec::new(),
        };
        own.into_iter().chain(self.label.map(|label| (label, ColumnType::Text))).collect()
    }

    /// Whether its value says something that was computed, and not which row it is of.
    pub fn is_computed(&self) -> bool {
        let is_computed = match self.origin {
            Origin::Column(own) => !matches!(own, "key" | "name" | "record_id"),
            Origin::Times(..) | Origin::Words(..) | Origin::Spelled(..) | Origin::AfterColon(_) => true,
            _ => false,
        };
        is_computed && !matches!(self.kind, DataverseType::Key | DataverseType::Lookup(_))
    }
}
