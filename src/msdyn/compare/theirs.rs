//! KPI items that the original has computed, as they are exported: by Synapse Link, Fabric Link, the connector of Power BI,
//! or the Web API.

use std::collections::{BTreeMap, HashMap};
use std::sync::{LazyLock, Mutex, PoisonError};

use polars::prelude::*;

use super::pairs::Cells;
use crate::error::{Error, Result};
use crate::msdyn::column::{ChoiceValue, DataverseType, Mapped};
use crate::msdyn::original::Original;
use crate::people::RecordType;
use crate::sources::contract::{SourceColumn, SourceTable, System, ValueKind};
use crate::sources::{self, Lake};
use crate::time::HOURS_PER_MICROSECOND;

/// When an item was computed: of several items of a record the last one counts.
const COMPUTED_AT: &str = "msdyn_acilastupdatetimestamp";

/// Items by their records.
pub struct Theirs {
    frame: DataFrame,
    table: &'static str,
    /// The row of each record.
    pub rows: HashMap<String, usize>,
}

/// The items of a type of record; none where the export does not have them.
///
/// # Errors
/// Files that cannot be read, and items that no column says the records of.
pub fn read(lake: &Lake, table: &Original, record_type: RecordType) -> Result<Option<Theirs>> {
    let record = record_type.name();
    let [id, of_web_api] = [format!("msdyn_{record}id"), format!("_msdyn_{record}id_value")];
    let key = table.columns[0].name;
    let ids = [id.as_str(), of_web_api.as_str(), key];
    let source = source_of(table, &ids);
    let Some(frame) = sources::read_apart(lake, source, &ids)? else { return Ok(None) };
    let doing = || Error::engine(format!("table {}: reading it", table.name));
    let records = frame.clone().lazy().select([coalesce(&ids.map(col)).alias("record")]).collect().map_err(doing())?;
    let records = records.column("record").and_then(|records| records.str().cloned()).map_err(doing())?;
    if records.null_count() == records.len() && !records.is_empty() {
        return Err(Error::Input {
            table: table.name.into(),
            column: Some(id.clone()),
            file: None,
            message: format!("no item says which {record} it is of, in {}", ids.join(", ")),
            remedy: "export the lookup, or the key, which the original fills with the id of the record".into(),
        });
    }
    let computed =
        frame.column(COMPUTED_AT).and_then(|at| at.datetime().map(|at| at.physical().clone())).map_err(doing())?;
    let mut rows: HashMap<String, usize> = HashMap::new();
    for (row, record) in records.iter().enumerate() {
        let Some(record) = record else { continue };
        let before = rows.get(record).map(|other| computed.get(*other));
        if before.is_none_or(|before| before <= computed.get(row)) {
            rows.insert(record.to_string(), row);
        }
    }
    Ok(Some(Theirs { frame, table: table.name, rows }))
}

impl Theirs {
    /// The values of a column; none where the export does not have it.
    ///
    /// # Errors
    /// None that what is read allows.
    pub fn cells(&self, column: &Mapped) -> Result<Option<Cells>> {
        let value = match column.kind {
            DataverseType::Choice(choices) => coalesce(&[col(column.name), code(col(label_of(column)), choices)]),
            DataverseType::DateTime => {
                col(column.name).cast(DataType::Int64).cast(DataType::Float64) * lit(HOURS_PER_MICROSECOND)
            }
            _ => col(column.name),
        };
        let cells = || {
            let frame = self.frame.clone().lazy().select([value.alias("value")]).collect()?;
            let values = frame.column("value")?;
            let is_empty = values.null_count() == values.len() && !values.is_empty();
            if is_empty { Ok(None) } else { Cells::of(values).map(Some) }
        };
        cells().map_err(Error::engine(format!("table {}: column {}", self.table, column.name)))
    }
}

fn label_of(column: &Mapped) -> String {
    format!("{}name", column.name)
}

/// The code of a label, as people see it in English.
fn code(label: Expr, choices: &'static [ChoiceValue]) -> Expr {
    choices.iter().rev().fold(lit(NULL).cast(DataType::Int64), |otherwise, choice| {
        when(label.clone().str().to_lowercase().eq(lit(choice.label.to_lowercase())))
            .then(lit(choice.code))
            .otherwise(otherwise)
    })
}

/// What is read of a table. Contracts live as long as the program, and there is one of each table.
fn source_of(table: &Original, ids: &[&str]) -> &'static SourceTable {
    static CONTRACTS: LazyLock<Mutex<BTreeMap<&'static str, &'static SourceTable>>> = LazyLock::new(Mutex::default);
    let mut contracts = CONTRACTS.lock().unwrap_or_else(PoisonError::into_inner);
    let contract: &mut &'static SourceTable = contracts.entry(table.name).or_insert_with(|| {
        let optional = |name: &str, kind| SourceColumn { name: name.to_string().leak(), kind, required: false };
        let mut columns: Vec<SourceColumn> = ids.iter().map(|id| optional(id, ValueKind::Text)).collect();
        columns.push(optional(COMPUTED_AT, ValueKind::Instant));
        for column in table.columns.iter().filter(|column| column.is_computed()) {
            let kind = match column.kind {
                DataverseType::Choice(_) => ValueKind::Int,
                // Also a whole number may have been exported in another unit, with digits behind its point.
                DataverseType::Integer | DataverseType::Decimal(_) => ValueKind::Number,
                DataverseType::DateTime | DataverseType::DateOnly => ValueKind::Instant,
                _ => ValueKind::Text,
            };
            columns.push(optional(column.name, kind));
            if let DataverseType::Choice(_) = column.kind {
                columns.push(optional(&label_of(column), ValueKind::Text));
            }
        }
        let primary_key: Vec<&'static str> = vec![table.columns[0].name];
        Box::leak(Box::new(SourceTable {
            name: table.name,
            system: System::Dataverse,
            required: false,
            primary_key: primary_key.leak(),
            columns: columns.leak(),
        }))
    });
    contract
}
