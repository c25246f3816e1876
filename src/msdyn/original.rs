//! A table of the original: its columns with those that every table and every export has, as a table that is published.

use std::panic::Location;

use super::choices::{STATE, STATUS};
use super::column::{ColumnPart, DataverseType, Mapped, Origin};
use super::describe;
use crate::people::RecordType;
use crate::table::{Column, Table};

/// The column of prepared rows with the id of a row.
pub const KEY: &str = "key";

/// What of ours the rows of a table are.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum RowsOf {
    /// A KPI table.
    Kpis(RecordType),
    /// `daily_activity` of a type of record.
    Days(RecordType),
    /// One side of `top_contacts`.
    TopContacts(&'static str),
    /// `who_knows_whom`.
    WhoKnowsWhom,
    /// `account_connections`.
    AccountConnections,
    /// `similar_won_factors`.
    Factors,
}

impl RowsOf {
    /// Our tables, the first of which has the rows.
    pub fn tables(self) -> Vec<String> {
        let named = |names: &[&str]| names.iter().map(ToString::to_string).collect();
        match self {
            RowsOf::Kpis(record_type) => vec![record_type.kpi_table().into()],
            RowsOf::Days(record_type) => vec!["daily_activity".into(), record_type.kpi_table().into()],
            RowsOf::TopContacts(_) => {
                named(&["top_contacts", "account_kpis", "contact_kpis", "lead_kpis", "opportunity_kpis"])
            }
            RowsOf::WhoKnowsWhom => named(&["who_knows_whom", "connections", "contact_kpis", "lead_kpis"]),
            RowsOf::AccountConnections => named(&["account_connections", "who_knows_whom", "people"]),
            RowsOf::Factors => named(&["similar_won_factors"]),
        }
    }
}

/// A table of the original.
#[derive(Clone, Debug)]
pub struct Original {
    /// Its logical name.
    pub name: &'static str,
    /// What one row is.
    pub grain: &'static str,
    /// What of ours its rows are.
    pub rows: RowsOf,
    /// Its own columns, the key first.
    pub columns: Vec<Mapped>,
}

/// A column of a file.
#[derive(Clone, Debug)]
pub struct Stored {
    /// Its name.
    pub name: String,
    /// The column that it stands for.
    pub of: Mapped,
    /// What of it.
    pub part: ColumnPart,
}

const NOT_IMPORTED: &str = "nothing was imported";
const NO_USER: &str = "no user wrote it";
const NO_ZONE: &str = "instants are in UTC";

/// Columns of every table in Dataverse.
const SYSTEM: [Mapped; 14] = [
    Mapped::new("importsequencenumber", DataverseType::Integer, Origin::Unknown(NOT_IMPORTED)),
    Mapped::new("overriddencreatedon", DataverseType::DateOnly, Origin::Unknown(NOT_IMPORTED)),
    Mapped::new("statecode", DataverseType::Choice(STATE), Origin::Number(0)),
    Mapped::new("statuscode", DataverseType::Choice(STATUS), Origin::Number(1)),
    Mapped::new("timezoneruleversionnumber", DataverseType::Integer, Origin::Unknown(NO_ZONE)),
    Mapped::new("utcconversiontimezonecode", DataverseType::Integer, Origin::Unknown(NO_ZONE)),
    Mapped::new("createdby", DataverseType::Lookup("systemuser"), Origin::Unknown(NO_USER)),
    Mapped::new("createdon", DataverseType::DateTime, Origin::Cutoff),
    Mapped::new("createdonbehalfby", DataverseType::Lookup("systemuser"), Origin::Unknown(NO_USER)),
    Mapped::new("modifiedby", DataverseType::Lookup("systemuser"), Origin::Unknown(NO_USER)),
    Mapped::new("modifiedon", DataverseType::DateTime, Origin::Cutoff),
    Mapped::new("modifiedonbehalfby", DataverseType::Lookup("systemuser"), Origin::Unknown(NO_USER)),
    Mapped::new(
        "organizationid",
        DataverseType::Lookup("organization"),
        Origin::Unknown("the lake has no table of the organisation"),
    ),
    Mapped::new("versionnumber", DataverseType::Integer, Origin::Version),
];

/// Columns that Synapse Link and Fabric Link put before those of a table.
const EXPORT_HEAD: [Mapped; 3] = [
    Mapped::new("Id", DataverseType::Key, Origin::Column(KEY)),
    Mapped::new("SinkCreatedOn", DataverseType::DateTime, Origin::Cutoff),
    Mapped::new("SinkModifiedOn", DataverseType::DateTime, Origin::Cutoff),
];

/// And those that they put after them.
const EXPORT_TAIL: [Mapped; 2] = [
    Mapped::new("PartitionId", DataverseType::Text(100), Origin::Year),
    Mapped::new("IsDelete", DataverseType::Boolean, Origin::Unknown("null says that the row was not deleted")),
];

impl Original {
    /// Its columns, those of every table and those of exports, in the order of files.
    pub fn all_columns(&self) -> impl Iterator<Item = &Mapped> {
        EXPORT_HEAD.iter().chain(&self.columns).chain(&SYSTEM).chain(&EXPORT_TAIL)
    }

    /// The columns of its files.
    pub fn stored(&self) -> Vec<Stored> {
        let of = |of: &Mapped| {
            let of = *of;
            of.parts().into_iter().map(move |(part, name)| Stored { name, of, part })
        };
        self.all_columns().flat_map(of).collect()
    }

    /// The table as it is published. Names and words that are put together here live as long as the program: there is
    /// one set of them.
    #[track_caller]
    pub fn declared(&self) -> Table {
        let defined_in = Location::caller().file();
        let columns = self.stored().into_iter().map(|Stored { name, of, part }| Column {
            name: name.leak(),
            dtype: of.stored(part),
            unit: "",
            description: describe::column(&of, part).leak(),
            empty: "",
            rule: "",
            example: "",
            defined_in,
        });
        Table {
            name: self.name,
            version: 1,
            grain: self.grain,
            description: "A table of Dynamics 365 Sales, filled by rapport.",
            key: &["Id"],
            columns: columns.collect(),
            defined_in,
        }
    }

    /// The columns of everything that is the same in every table.
    pub fn in_every_table() -> impl Iterator<Item = &'static Mapped> {
        EXPORT_HEAD.iter().chain(&SYSTEM).chain(&EXPORT_TAIL)
    }
}
