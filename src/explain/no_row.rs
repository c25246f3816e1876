//! Why a table has no row of a key: the first part of it that no row has beside the parts before, and what there is instead.

use chrono::NaiveDate;
use polars::prelude::*;

use super::evidence::file;
use super::key::{equals, example};
use crate::error::{Error, Result};
use crate::forget::published::OpenedFile;
use crate::people::RecordType;
use crate::publish::Outputs;
use crate::suggest::nearest;
use crate::table::{ColumnType, Table, cells};

/// How many values or ids are named.
const SHOWN: usize = 5;

/// A key that no row has.
pub(super) struct Missed<'a> {
    pub table: &'a Table,
    pub values: &'a [(&'static str, String)],
    pub file: &'a OpenedFile,
    pub outputs: &'a Outputs,
    pub day: NaiveDate,
}

/// What is wrong with the key, and the way out.
pub(super) fn refusal(missed: &Missed<'_>) -> Result<Error> {
    let Missed { table, values, file, .. } = missed;
    let mut matched = lit(true);
    for (at, (column, value)) in values.iter().enumerate() {
        let with_this = matched.clone().and(equals(table, column, value)?);
        if file.collect(|rows| rows.filter(with_this.clone()).limit(1))?.height() > 0 {
            matched = with_this;
            continue;
        }
        let earlier = &values[..at];
        let message = match earlier {
            [] => format!("{} has no row with {column} {value:?}", table.name),
            _ => format!("{} has rows with {}, but none of them with {column} {value:?}", table.name, named(earlier)),
        };
        return Ok(Error::usage("KEY", message, remedy(missed, at, matched)?));
    }
    let message = format!("{} has no such row", table.name);
    Ok(Error::usage("KEY", message, format!("Name its key {} {}", table.key.join(" "), example(table))))
}

fn named(values: &[(&str, String)]) -> String {
    values.iter().map(|(name, value)| format!("{name} {value}")).collect::<Vec<_>>().join(", ")
}

fn remedy(missed: &Missed<'_>, at: usize, matched: Expr) -> Result<String> {
    let Missed { table, values, file, .. } = missed;
    let (column, value) = &values[at];
    let is_id = column.ends_with("_id");
    if is_id && let Some(found) = of_other_type(missed, at)?.or(of_other_table(missed, column, value)?) {
        return Ok(found);
    }
    let there = file.collect(|rows| rows.filter(matched))?;
    if table.key.len() == 1
        && let Some(found) = by_name(&there, column, value)
    {
        return Ok(found);
    }
    let mut others = there.column(column).and_then(|others| others.unique()).map_err(doing(missed))?;
    others = others.sort(SortOptions::default()).map_err(doing(missed))?;
    let others: Vec<String> = (0..others.len()).filter_map(|row| cells::text(&others, row)).collect();
    let dtype = table.columns.iter().find(|declared| declared.name == *column).map(|declared| declared.dtype);
    let is_ordered = matches!(dtype, Some(ColumnType::Int64 | ColumnType::Date));
    let near = nearest(value, others.iter().map(String::as_str)).filter(|_| !is_ordered);
    Ok(match (near, &others[..]) {
        (_, []) => format!("It has no rows at all as of {}", missed.day),
        (Some(near), _) if is_id || others.len() == 1 => format!("Did you mean {near}?"),
        (Some(near), _) => format!("Did you mean {near}? {}", listed(column, &others)),
        (None, [first, .., last]) if is_ordered => format!("Its {column} goes from {first} to {last}"),
        (None, [only]) => format!("Its {column} is {only}"),
        // Some ids out of many say little.
        (None, _) if is_id && others.len() > SHOWN => {
            format!("Its key is {} {}; look it up in {}", table.key.join(" "), example(table), table.name)
        }
        (None, _) => listed(column, &others),
    })
}

fn listed(column: &str, values: &[String]) -> String {
    let more = if values.len() > SHOWN { format!(", … ({} in all)", values.len()) } else { String::new() };
    format!("Its {column} is one of {}{more}", values[..values.len().min(SHOWN)].join(", "))
}

/// The rows of an id whose type is another one than was named.
fn of_other_type(missed: &Missed<'_>, at: usize) -> Result<Option<String>> {
    let Missed { table, values, file, .. } = missed;
    let Some((of_type, _)) = values[..at].last().filter(|(name, _)| name.ends_with("_type")) else { return Ok(None) };
    let mut condition = lit(true);
    for (name, value) in values[..=at].iter().filter(|(name, _)| name != of_type) {
        condition = condition.and(equals(table, name, value)?);
    }
    let rows = file.collect(|rows| rows.filter(condition).limit(1))?;
    let found = rows.column(of_type).ok().and_then(|types| cells::text(types, 0)).filter(|_| rows.height() > 0);
    Ok(found.map(|found| format!("With {of_type} {found} there is one")))
}

/// What an id is that the table has no row of.
fn of_other_table(missed: &Missed<'_>, column: &str, id: &str) -> Result<Option<String>> {
    let Missed { table, .. } = missed;
    let plain = id.trim_matches(['{', '}']).to_lowercase();
    let is = |name: &str| col(name).eq(lit(id)).or(col(name).eq(lit(plain.as_str())));
    for record_type in RecordType::ALL {
        let (own, key) = (record_type.kpi_table(), record_type.published_id());
        let Some(file) = near_day(missed, own)?.filter(|_| own != table.name) else { continue };
        if file.collect(|rows| rows.filter(is(key)).limit(1))?.height() == 0 {
            continue;
        }
        let article = if matches!(record_type, RecordType::Account | RecordType::Opportunity) { "an" } else { "a" };
        let name = record_type.name();
        let is_due = ["record_id", "person_id", key].contains(&column);
        return Ok(Some(match is_due {
            false => format!("It is the id of {article} {name}: rapport explain {own} {id}"),
            true => {
                format!("It is {article} {name}, of which {} says nothing: rapport explain record {id}", table.name)
            }
        }));
    }
    let Some(people) = near_day(missed, "people")? else { return Ok(None) };
    let colleague = is("person_id").and(col("person_type").eq(lit("systemuser")));
    let is_colleague = people.collect(|rows| rows.filter(colleague).limit(1))?.height() > 0;
    Ok(is_colleague.then(|| match column == "systemuser_id" {
        true => format!("It is a colleague, of whom {} says nothing", table.name),
        false => "It is the id of a colleague".to_string(),
    }))
}

/// A table as of the day, else as of the last: weekly tables are of days that daily ones may not have.
fn near_day(missed: &Missed<'_>, table: &str) -> Result<Option<OpenedFile>> {
    let Missed { outputs, day, .. } = missed;
    match (file(outputs, table, *day)?, outputs.days(&[table])?.last()) {
        (None, Some(last)) => file(outputs, table, *last),
        (found, _) => Ok(found),
    }
}

/// Ids of rows of which the name has a part that was given.
fn by_name(rows: &DataFrame, column: &str, value: &str) -> Option<String> {
    let (ids, names) = (rows.column(column).ok()?, rows.column("name").ok()?);
    let is_named = |row: &usize| {
        let name = cells::text(names, *row);
        name.is_some_and(|name| name.to_lowercase().contains(&value.to_lowercase()))
    };
    let ids = (0..rows.height()).filter(is_named).take(SHOWN).filter_map(|row| cells::text(ids, row));
    let ids: Vec<String> = ids.collect();
    (!ids.is_empty()).then(|| format!("Of that name there are {column} {}", ids.join(", ")))
}

fn doing(missed: &Missed<'_>) -> impl FnOnce(PolarsError) -> Error {
    Error::engine(format!("table {}: keys near the one that was asked for", missed.table.name))
}
