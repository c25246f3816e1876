//! Gives the files of a table the shapes that `drift` lists.

use polars::prelude::*;

use crate::random::share;
use crate::tables::columns::text;
use crate::write::drift::Change::{self, Add, As, Braces, DayText, Drop, IsoText, Pascal, Reverse, Upper, Wrap};
use crate::write::drift::DRIFT;

pub fn reshape(table: &str, ordinal: usize, mut frame: DataFrame) -> PolarsResult<DataFrame> {
    for (_, files, change, columns) in DRIFT.iter().filter(|rule| rule.0 == table) {
        if !files.contain(ordinal) {
            continue;
        }
        match change {
            Reverse => frame = frame.select(frame.get_column_names_owned().into_iter().rev())?,
            Add => {
                let rows = frame.height();
                for name in *columns {
                    frame.with_column(Column::full_null((*name).into(), rows, &DataType::Int32))?;
                }
            }
            Drop => frame = frame.drop_many(columns.iter().copied()),
            change => {
                for name in *columns {
                    let column = changed(frame.column(name)?, change)?;
                    frame.replace(name, column)?;
                }
            }
        }
    }
    Ok(frame)
}

fn changed(column: &Column, change: &Change) -> PolarsResult<Column> {
    let name = column.name().clone();
    // One chunk, so that the validity of rebuilt structs can be taken over.
    let series = column.as_materialized_series().rechunk();
    let texts = |edit: &dyn Fn(usize, &str) -> String| -> PolarsResult<Column> {
        let texts = column.str()?.iter().enumerate();
        Ok(text(&name, texts.map(|(row, text)| text.map(|text| edit(row, text)))))
    };
    Ok(match change {
        Upper => texts(&|_, text| text.to_ascii_uppercase())?,
        Braces => texts(&|row, text| {
            if share(row as u64, 51) < 0.33 { format!("{{{text}}}") } else { text.to_string() }
        })?,
        As(dtype) => column.cast(dtype)?,
        IsoText => column.datetime()?.strftime("%Y-%m-%dT%H:%M:%SZ")?.into_column(),
        DayText => column.datetime()?.strftime("%Y-%m-%d")?.into_column(),
        Pascal => nested(&series, &pascal, &|_, leaf| Ok(leaf))?.into_column(),
        Wrap => nested(&series, &str::to_string, &wrapped)?.into_column(),
        Reverse | Drop | Add => column.clone(),
    })
}

fn pascal(name: &str) -> String {
    let mut letters = name.chars();
    letters.next().map_or_else(String::new, |first| first.to_ascii_uppercase().to_string() + letters.as_str())
}

fn wrapped(name: &str, leaf: Series) -> PolarsResult<Series> {
    // The attendees' list has a type of its own.
    let kind = match name {
        "type" => "attendeeType",
        "response" => "responseType",
        _ => return Ok(leaf),
    };
    let event = ["singleInstance", "seriesMaster", "occurrence", "exception"];
    let wrap = |text: &str| {
        let kind = if event.contains(&text) { "eventType" } else { kind };
        format!("microsoft.graph.{kind}'{text}'")
    };
    let texts = leaf.str()?.iter().map(|text| text.map(wrap));
    Ok(text(name, texts).take_materialized_series())
}

/// Renames the fields of structs and changes the leaves, through lists and structs.
fn nested(
    series: &Series,
    rename: &dyn Fn(&str) -> String,
    leaf: &dyn Fn(&str, Series) -> PolarsResult<Series>,
) -> PolarsResult<Series> {
    match series.dtype() {
        DataType::Struct(_) => {
            let structs = series.struct_()?;
            let mut fields = Vec::new();
            for field in structs.fields_as_series() {
                let name = rename(field.name());
                fields.push(nested(&field, rename, leaf)?.with_name(name.into()));
            }
            let mut made = StructChunked::from_series(series.name().clone(), series.len(), fields.iter())?;
            made.zip_outer_validity(structs);
            Ok(made.into_series())
        }
        DataType::List(_) => {
            let lists = series.list()?.apply_to_inner(&|inner| nested(&inner, rename, leaf))?;
            Ok(lists.into_series())
        }
        _ => leaf(series.name(), series.clone()),
    }
}
