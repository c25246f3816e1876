//! One meaning for every type in which a file may store a column (rule I3).
//!
//! What cannot mean what its column means is an error, never null: a half of an option, a word that
//! is no time, an odd type of a nested field. Unknown is null in every spelling: an all-null column,
//! blank text, NaN, and the null date of Exchange.

use polars::prelude::*;

use super::contract::Kind;
use super::instants;
use super::nested;
use super::text_lists;

/// The first instant after the null date `0001-01-01` (rule I8), in microseconds, and in days.
const AFTER_NULL_DATE: i64 = -62_135_510_400_000_000;
const DAY_AFTER_NULL_DATE: i32 = -719_161;
/// What polars makes of a Parquet INT96 beyond its nanoseconds; the null date as Spark writes it is one.
const BEYOND_NANOSECONDS: i64 = i64::MAX / 1000;

/// `column`, stored as `stored`, in the type of its kind: text, 64-bit integer, boolean, instant
/// in microseconds (UTC, without zone), day, 64-bit float. None when the type cannot mean that.
pub fn read_as(column: Expr, stored: &DataType, kind: Kind) -> Option<Expr> {
    use DataType as D;
    if *stored == D::Null {
        return Some(dtype(kind).map_or(column.clone(), |target| column.cast(target)));
    }
    if stored.is_categorical() || stored.is_enum() {
        return read_as(column.cast(D::String), &D::String, kind);
    }
    let number = stored.is_primitive_numeric() || stored.is_decimal();
    Some(match (kind, stored) {
        (Kind::Struct, D::Struct(_)) if nested::fits(stored) => column,
        (Kind::Structs, D::List(_)) if nested::fits(stored) => column,
        (Kind::Texts, D::List(inner)) if **inner == D::String => column,
        (Kind::Texts, D::List(inner)) if **inner == D::Null || inner.is_categorical() || inner.is_enum() => {
            column.cast(D::List(Box::new(D::String)))
        }
        (Kind::Texts, D::String) => text_lists::split(column),
        (Kind::Text, D::String) | (Kind::Bool, D::Boolean) | (Kind::Int, D::Int64) => column,
        (Kind::Text, s) if s.is_primitive_numeric() => column.cast(D::String),
        (Kind::Int, s) if s.is_integer() || *s == D::Boolean => column.strict_cast(D::Int64),
        (Kind::Int, _) if number => column.map(whole, |_, field| Ok(Field::new(field.name().clone(), D::Int64))),
        (Kind::Int, D::String) => texts::<Int64Type>(column, D::Int64, |text| text.parse().ok()),
        (Kind::Bool, _) if number => {
            column.map(zero_or_one, |_, field| Ok(Field::new(field.name().clone(), D::Boolean)))
        }
        (Kind::Bool, D::String) => texts::<UInt8Type>(column, D::Boolean, truth),
        (Kind::Instant, D::Datetime(_, _) | D::Date) => {
            let target = D::Datetime(TimeUnit::Microseconds, None);
            let field_type = target.clone();
            column.map(
                move |c| without_null_date(c.cast(&target)?),
                move |_, f| Ok(Field::new(f.name().clone(), field_type.clone())),
            )
        }
        (Kind::Instant, D::String) => {
            fallible_texts::<Int64Type>(column, D::Datetime(TimeUnit::Microseconds, None), instants::parse)
        }
        (Kind::Date, D::Datetime(_, _) | D::Date) => {
            column.map(|c| without_null_date(c.cast(&D::Date)?), |_, f| Ok(Field::new(f.name().clone(), D::Date)))
        }
        (Kind::Date, D::String) => fallible_texts::<Int32Type>(column, D::Date, instants::parse_day),
        (Kind::Number, _) if number => {
            let number = column.cast(D::Float64);
            when(number.clone().is_finite()).then(number).otherwise(lit(NULL))
        }
        (Kind::Number, D::String) => {
            texts::<Float64Type>(column, D::Float64, |text| text.parse().ok().filter(|n: &f64| n.is_finite()))
        }
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
        Kind::Texts => DataType::List(Box::new(DataType::String)),
        Kind::Struct | Kind::Structs => return None,
    })
}

/// What a reader is told that a column of this kind should hold.
pub fn expectation(kind: Kind) -> &'static str {
    match kind {
        Kind::Text => "text",
        Kind::Texts => "a list of texts, or text with ; between them",
        Kind::Int => "an integer",
        Kind::Bool => "a boolean or 0/1",
        Kind::Instant => "a timestamp or ISO-8601 text, like 2026-03-31T09:00:00Z",
        Kind::Date => "a date, a timestamp at midnight, or text like 2026-03-31",
        Kind::Number => "a decimal or a float",
        Kind::Struct => "a struct as Graph Data Connect exports it, its texts as text",
        Kind::Structs => "a list of structs as Graph Data Connect exports it, their texts as text",
    }
}

fn truth(text: &str) -> Option<u8> {
    match text {
        "1" => Some(1),
        "0" => Some(0),
        _ if text.eq_ignore_ascii_case("true") => Some(1),
        _ if text.eq_ignore_ascii_case("false") => Some(0),
        _ => None,
    }
}

/// Floats and decimals without a fraction, as exports through data frames leave integers with nulls.
fn whole(column: Column) -> PolarsResult<Column> {
    let column = if column.dtype().is_float() {
        let numbers = column.cast(&DataType::Float64)?;
        let numbers: Float64Chunked = numbers.f64()?.iter().map(|n| n.filter(|n| !n.is_nan())).collect();
        numbers.with_name(column.name().clone()).into_column()
    } else {
        column
    };
    let integers = column.cast(&DataType::Int64)?;
    let back = integers.cast(column.dtype())?;
    if back.null_count() != column.null_count()
        || !back.as_materialized_series().equals_missing(column.as_materialized_series())
    {
        polars_bail!(ComputeError: "column '{}' holds a number that is no integer", column.name());
    }
    Ok(integers)
}

fn zero_or_one(column: Column) -> PolarsResult<Column> {
    let integers = whole(column)?;
    let name = integers.name().clone();
    let integers = integers.cast(&DataType::Int64)?;
    let truths = integers.i64()?.iter().map(|number| match number {
        None => Ok(None),
        Some(0) => Ok(Some(false)),
        Some(1) => Ok(Some(true)),
        Some(_) => Err(polars_err!(ComputeError: "column '{}' holds a number that is neither 0 nor 1", name)),
    });
    let truths: BooleanChunked = truths.collect::<PolarsResult<_>>()?;
    Ok(truths.with_name(name).into_column())
}

fn without_null_date(column: Column) -> PolarsResult<Column> {
    if let Ok(instants) = column.datetime() {
        let is_instant = |t: i64| t >= AFTER_NULL_DATE && t != BEYOND_NANOSECONDS;
        if instants.phys.min_max().is_none_or(|(first, last)| first >= AFTER_NULL_DATE && last < BEYOND_NANOSECONDS) {
            return Ok(column);
        }
        let kept: Int64Chunked = instants.phys.iter().map(|t| t.filter(|&t| is_instant(t))).collect();
        return kept.with_name(column.name().clone()).into_column().cast(column.dtype());
    }
    let days = &column.date()?.phys;
    if days.min().is_none_or(|first| first >= DAY_AFTER_NULL_DATE) {
        return Ok(column);
    }
    let kept: Int32Chunked = days.iter().map(|day| day.filter(|&day| day >= DAY_AFTER_NULL_DATE)).collect();
    kept.with_name(column.name().clone()).into_column().cast(column.dtype())
}

/// Text as `read` understands it once trimmed; blank text is null.
fn texts<T>(column: Expr, target: DataType, read: fn(&str) -> Option<T::Native>) -> Expr
where
    T: PolarsNumericType,
    ChunkedArray<T>: IntoSeries,
{
    fallible_texts::<T>(column, target, move |text| match text.trim() {
        "" => Ok(None),
        text => read(text).map(Some).ok_or_else(String::new),
    })
}

/// The text itself is never part of the error: it may be personal (rule R5).
fn fallible_texts<T>(
    column: Expr,
    target: DataType,
    read: impl Fn(&str) -> Result<Option<T::Native>, String> + Send + Sync + 'static,
) -> Expr
where
    T: PolarsNumericType,
    ChunkedArray<T>: IntoSeries,
{
    let out = target.clone();
    column.map(
        move |c| {
            let values = c.str()?.iter().map(|text| text.map_or(Ok(None), &read));
            let values: ChunkedArray<T> = values.collect::<Result<_, String>>().map_err(
                |_| polars_err!(ComputeError: "column '{}' holds text that cannot be read as {}", c.name(), target),
            )?;
            values.with_name(c.name().clone()).into_column().cast(&target)
        },
        move |_, field| Ok(Field::new(field.name().clone(), out.clone())),
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn null_dates_are_null_in_every_unit() {
        let read = |unit, values: [i64; 3]| {
            let stored = DataType::Datetime(unit, None);
            let column = Column::new("t".into(), values).cast(&stored).expect("instants");
            let frame = DataFrame::new(3, vec![column]).expect("a frame").lazy();
            let cast = read_as(col("t"), &stored, Kind::Instant).expect("readable");
            frame.select([cast]).collect().expect("instants").column("t").expect("t").null_count()
        };
        assert_eq!(read(TimeUnit::Microseconds, [-62_135_596_800_000_000, 0, 253_402_300_799_000_000]), 1);
        assert_eq!(read(TimeUnit::Milliseconds, [-62_135_596_800_000, 0, 253_402_300_799_000]), 1);
        assert_eq!(read(TimeUnit::Nanoseconds, [i64::MAX, 0, 1]), 1);
    }
}
