//! One meaning for every type in which a file may store a column (rule I3).

use polars::prelude::*;

use super::contract::Kind;
use super::instants;

/// `column`, stored as `stored`, in the type of its kind: text, 64-bit integer, boolean, instant
/// in microseconds (UTC, without zone), day, 64-bit float. None when the type cannot mean that.
pub fn read_as(column: Expr, stored: &DataType, kind: Kind) -> Option<Expr> {
    use DataType as D;
    let target = dtype(kind);
    if *stored == D::Null {
        return target.map(|target| column.cast(target));
    }
    Some(match (kind, stored) {
        (Kind::Nested, _) => column,
        (Kind::Text, D::String) | (Kind::Bool, D::Boolean) | (Kind::Date, D::Date) | (Kind::Int, D::Int64) => column,
        (Kind::Text, s) if s.is_primitive_numeric() || s.is_categorical() => column.cast(D::String),
        (Kind::Int, s) if s.is_primitive_numeric() || *s == D::Boolean => column.strict_cast(D::Int64),
        (Kind::Int, D::String) => column.strict_cast(D::Int64),
        (Kind::Bool, s) if s.is_primitive_numeric() => column.neq(lit(0)),
        (Kind::Bool, D::String) => {
            let word = column.str().to_lowercase();
            when(word.clone().eq(lit("true")).or(word.clone().eq(lit("1"))))
                .then(lit(true))
                .when(word.clone().eq(lit("false")).or(word.eq(lit("0"))))
                .then(lit(false))
                .otherwise(lit(NULL))
        }
        (Kind::Instant, D::Datetime(_, _) | D::Date) => {
            let instant = column.cast(D::Datetime(TimeUnit::Microseconds, None));
            // The null date of Exchange, 0001-01-01, also where it comes as a timestamp (rule I8).
            let null_date = instant.clone().cast(D::Int64).lt(lit(instants::AFTER_NULL_DATE));
            when(null_date).then(lit(NULL)).otherwise(instant)
        }
        (Kind::Instant, D::String) => parsed(column, D::Datetime(TimeUnit::Microseconds, None)),
        (Kind::Date, D::Datetime(_, _)) => column.cast(D::Date),
        (Kind::Date, D::String) => parsed(column, D::Date),
        (Kind::Number, s) if s.is_primitive_numeric() || matches!(s, D::Decimal(_, _)) => column.cast(D::Float64),
        (Kind::Number, D::String) => column.strict_cast(D::Float64),
        _ => return None,
    })
}

/// The type in which columns of a kind travel; nested ones keep their own.
pub fn dtype(kind: Kind) -> Option<DataType> {
    Some(match kind {
        Kind::Text => DataType::String,
        Kind::Int => DataType::Int64,
        Kind::Bool => DataType::Boolean,
        Kind::Instant => DataType::Datetime(TimeUnit::Microseconds, None),
        Kind::Date => DataType::Date,
        Kind::Number => DataType::Float64,
        Kind::Nested => return None,
    })
}

/// What a reader is told that a column of this kind should hold.
pub fn expectation(kind: Kind) -> &'static str {
    match kind {
        Kind::Text => "text",
        Kind::Int => "an integer",
        Kind::Bool => "a boolean or 0/1",
        Kind::Instant => "a timestamp or ISO-8601 text",
        Kind::Date => "a date, a timestamp at midnight or text",
        Kind::Number => "a decimal or a float",
        Kind::Nested => "a struct or a list of structs",
    }
}

fn parsed(column: Expr, target: DataType) -> Expr {
    let out = target.clone();
    column.map(
        move |c| {
            let texts = c.str()?;
            let name = c.name().clone();
            let wrong =
                |why: String| polars_err!(ComputeError: "column '{}' holds text that is no time: {}", name, why);
            if target == DataType::Date {
                let days: Int32Chunked = texts
                    .iter()
                    .map(|text| text.map_or(Ok(None), instants::parse_day).map_err(&wrong))
                    .collect::<PolarsResult<_>>()?;
                days.with_name(c.name().clone()).into_column().cast(&target)
            } else {
                let micros: Int64Chunked = texts
                    .iter()
                    .map(|text| text.map_or(Ok(None), instants::parse).map_err(&wrong))
                    .collect::<PolarsResult<_>>()?;
                micros.with_name(c.name().clone()).into_column().cast(&target)
            }
        },
        move |_, field| Ok(Field::new(field.name().clone(), out.clone())),
    )
}
