//! Columns beyond the contract: what an organisation added to its deals and customers, whatever the
//! names and types, and standard columns that only some jobs need.

use std::collections::BTreeMap;

use polars::prelude::*;

use crate::error::Result;
use crate::sources::contract::{EXPORT_COLUMNS, SourceColumn, SourceTable, ValueKind};
use crate::sources::files::lake::Lake;
use crate::sources::files::{concurrent_writes, listing, open};
use crate::sources::tables::load::live;
use crate::sources::tables::small_tables;
use crate::sources::values::email_addresses::CompanyDomains;
use crate::sources::values::misfits::Misread;

/// The current rows of a table of Dataverse: its ids in publishable form, the columns of `known` in
/// their kinds, and every other column that `wanted` takes by its lower-case name, in the kind that its
/// stored types allow; nested ones are left out. An absent table is empty. With the rows come the columns
/// of which a few values could not be read.
///
/// # Errors
/// What reading the table's own columns would meet.
pub fn further_columns(
    lake: &Lake,
    table: &SourceTable,
    known: &[SourceColumn],
    wanted: &dyn Fn(&str) -> bool,
) -> Result<(DataFrame, Vec<Misread>)> {
    let named = |error| lake.named(table.system, error);
    let is_known = |name: &str| {
        let mut all =
            known.iter().chain(EXPORT_COLUMNS).map(|column| column.name).chain(table.primary_key.iter().copied());
        all.any(|column| column.eq_ignore_ascii_case(name))
    };
    let kinds = concurrent_writes::watched(lake, table, || {
        let mut kinds: BTreeMap<String, Option<ValueKind>> = BTreeMap::new();
        let Some(files) = listing::of_table(lake, table).map_err(named)? else { return Ok(kinds) };
        for at in 0..files.paths.len() {
            let file = open::data_file(table, &files, at, &|name| !is_known(name) && wanted(&name.to_lowercase()));
            let file = file.map_err(named)?;
            let schema = file.described.as_ref().unwrap_or(&file.stored.schema);
            for (name, dtype) in schema.iter().filter(|(name, _)| !file.bytes.contains(name)) {
                let name = name.to_lowercase();
                if is_known(&name) || !wanted(&name) {
                    continue;
                }
                let kind = kind(dtype);
                kinds.entry(name).and_modify(|before| *before = common(*before, kind)).or_insert(kind);
            }
        }
        Ok(kinds)
    })?;
    // A contract is static, and a run reads two of these: their names stay until the program ends.
    let leaked = |name: String| -> &'static str { Box::leak(name.into_boxed_str()) };
    let ids = table.primary_key.iter().map(|name| SourceColumn { name, kind: ValueKind::Text, required: true });
    let mut columns: Vec<SourceColumn> = ids.chain(known.iter().copied()).collect();
    let further = kinds.into_iter().filter_map(|(name, kind)| Some((name, kind?)));
    columns.extend(further.map(|(name, kind)| SourceColumn { name: leaked(name), kind, required: false }));
    let extended = SourceTable { columns: Box::leak(columns.into_boxed_slice()), ..*table };
    let loaded = small_tables::dataverse(lake, &extended, table.primary_key, &[], &CompanyDomains::new(&[]))?;
    Ok((live(loaded.frame, table)?, loaded.misread))
}

fn kind(dtype: &DataType) -> Option<ValueKind> {
    match dtype {
        DataType::Boolean => Some(ValueKind::Bool),
        DataType::String => Some(ValueKind::Text),
        DataType::Date => Some(ValueKind::Date),
        DataType::Datetime(_, _) => Some(ValueKind::Instant),
        dtype if dtype.is_integer() => Some(ValueKind::Int),
        dtype if dtype.is_primitive_numeric() || dtype.is_decimal() => Some(ValueKind::Number),
        dtype if dtype.is_categorical() || dtype.is_enum() => Some(ValueKind::Text),
        // Null in one file says nothing: whatever the others hold can mean it.
        DataType::Null => Some(ValueKind::Text),
        _ => None,
    }
}

/// What two files' types of a column both can mean (rule I3).
fn common(one: Option<ValueKind>, other: Option<ValueKind>) -> Option<ValueKind> {
    let (one, other) = (one?, other?);
    Some(match (one, other) {
        _ if one == other => one,
        (ValueKind::Bool, ValueKind::Int) | (ValueKind::Int, ValueKind::Bool) => ValueKind::Bool,
        (ValueKind::Int, ValueKind::Number) | (ValueKind::Number, ValueKind::Int) => ValueKind::Number,
        (ValueKind::Date, ValueKind::Instant) | (ValueKind::Instant, ValueKind::Date) => ValueKind::Instant,
        (ValueKind::Text, ValueKind::Date) | (ValueKind::Date, ValueKind::Text) => ValueKind::Date,
        (ValueKind::Text, ValueKind::Instant) | (ValueKind::Instant, ValueKind::Text) => ValueKind::Instant,
        (ValueKind::Text, ValueKind::Int | ValueKind::Number)
        | (ValueKind::Int | ValueKind::Number, ValueKind::Text) => ValueKind::Text,
        (ValueKind::Text, ValueKind::Bool) | (ValueKind::Bool, ValueKind::Text) => ValueKind::Bool,
        _ => return None,
    })
}
