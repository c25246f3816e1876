//! One meaning for every type in which a file may store a column (rule I3).
//!
//! A type that cannot mean what its column means is an error. A value that cannot, a half of an option
//! or a word that is no time, reads as null and is counted: whether a few of them are bad rows or the
//! column is misread is judged by their number. Unknown is null in every spelling: an all-null column,
//! blank text, NaN, and the null date of Exchange.

use polars::prelude::*;

use crate::sources::contract::ValueKind;
use crate::sources::files::stored_instants::{AFTER_NULL_DATE, LAST, days_of, instants_of};
use crate::sources::values::misfits::Misfits;
use crate::sources::values::null_words::is_null_word;
use crate::sources::values::written_numbers::{decimal, truth, whole};
use crate::sources::values::written_times::WrittenTimes;
use crate::sources::values::{nested, nested_json, text_lists, timestamps};

/// `column`, stored as `stored`, in the type of its kind: text, 64-bit integer, boolean, instant
/// in microseconds (UTC, without zone), day, 64-bit float. None when the type cannot mean that.
///
/// `times` says what the lake means by days and times.
pub fn read_as(
    column: Expr,
    stored: &DataType,
    kind: ValueKind,
    times: WrittenTimes,
    misfits: &Misfits,
) -> Option<Expr> {
    use DataType as D;
    if *stored == D::Null {
        return Some(dtype(kind).map_or(column.clone(), |target| column.cast(target)));
    }
    if stored.is_categorical() || stored.is_enum() {
        return read_as(column.cast(D::String), &D::String, kind, times, misfits);
    }
    let number = stored.is_primitive_numeric() || stored.is_decimal();
    Some(match (kind, stored) {
        (ValueKind::Struct, D::Struct(_)) if nested::fits(stored) => column,
        (ValueKind::Structs, D::List(_)) if nested::fits(stored) => column,
        (ValueKind::Structs, D::List(inner)) if **inner == D::String => {
            nested_json::of_texts(nested_json::as_json_lists(column), kind, misfits)
        }
        (ValueKind::Struct | ValueKind::Structs, D::String) => nested_json::of_texts(column, kind, misfits),
        (ValueKind::Texts, D::List(inner)) if **inner == D::String => column,
        (ValueKind::Texts, D::List(inner)) if **inner == D::Null || inner.is_categorical() || inner.is_enum() => {
            column.cast(D::List(Box::new(D::String)))
        }
        (ValueKind::Texts, D::String) => text_lists::split(column),
        (ValueKind::Text, D::String) | (ValueKind::Bool, D::Boolean) | (ValueKind::Int, D::Int64) => column,
        (ValueKind::Text, s) if s.is_primitive_numeric() => column.cast(D::String),
        (ValueKind::Int, D::Boolean) => column.cast(D::Int64),
        (ValueKind::Int, _) if number => counted(column, D::Int64, misfits, whole_numbers),
        (ValueKind::Int, D::String) => texts::<Int64Type>(column, D::Int64, misfits, whole),
        (ValueKind::Bool, _) if number => counted(column, D::Boolean, misfits, zero_or_one),
        (ValueKind::Bool, D::String) => texts::<UInt8Type>(column, D::Boolean, misfits, truth),
        (ValueKind::Instant, D::Datetime(_, _) | D::Date) => {
            mapped(column, D::Datetime(TimeUnit::Microseconds, None), instants_of)
        }
        (ValueKind::Instant, D::String) => {
            fallible_texts::<Int64Type>(column, D::Datetime(TimeUnit::Microseconds, None), misfits, move |text| {
                Ok(timestamps::parse(text, times.us_dates)?.map(|instant| instant.clamp(AFTER_NULL_DATE, LAST)))
            })
        }
        (ValueKind::Date, D::Datetime(_, _) | D::Date) => mapped(column, D::Date, move |c| days_of(c, times)),
        (ValueKind::Date, D::String) => {
            fallible_texts::<Int32Type>(column, D::Date, misfits, move |text| timestamps::parse_day(text, times))
        }
        (ValueKind::Number, _) if number => {
            let number = column.cast(D::Float64);
            when(number.clone().is_finite()).then(number).otherwise(lit(NULL))
        }
        (ValueKind::Number, D::String) => texts::<Float64Type>(column, D::Float64, misfits, decimal),
        _ => return None,
    })
}

/// The type in which columns of a kind travel; nested ones keep their own.
pub fn dtype(kind: ValueKind) -> Option<DataType> {
    Some(match kind {
        ValueKind::Text => DataType::String,
        ValueKind::Int => DataType::Int64,
        ValueKind::Bool => DataType::Boolean,
        ValueKind::Instant => DataType::Datetime(TimeUnit::Microseconds, None),
        ValueKind::Date => DataType::Date,
        ValueKind::Number => DataType::Float64,
        ValueKind::Texts => DataType::List(Box::new(DataType::String)),
        ValueKind::Struct | ValueKind::Structs => return None,
    })
}

/// What a reader is told that a column of this kind should hold.
pub fn expectation(kind: ValueKind) -> &'static str {
    match kind {
        ValueKind::Text => "text",
        ValueKind::Texts => "a list of texts, or text with ; between them",
        ValueKind::Int => "an integer",
        ValueKind::Bool => "a boolean or 0/1",
        ValueKind::Instant => {
            "a timestamp or ISO-8601 text, like 2026-03-31T09:00:00Z (or 3/31/2026 9:00:00 AM, where us_dates = true)"
        }
        ValueKind::Date => "a date, a timestamp, or text like 2026-03-31 (or 3/31/2026, where us_dates = true)",
        ValueKind::Number => "a decimal or a float",
        ValueKind::Struct => "a struct or its JSON as Graph Data Connect exports it, its texts as text",
        ValueKind::Structs => "a list of structs or its JSON as Graph Data Connect exports it, their texts as text",
    }
}

fn mapped(
    column: Expr,
    target: DataType,
    read: impl Fn(Column) -> PolarsResult<Column> + Send + Sync + 'static,
) -> Expr {
    column.map(read, move |_, field| Ok(Field::new(field.name().clone(), target.clone())))
}

/// `read` of a column, which gives null for values that are none and says how many those are.
fn counted(
    column: Expr,
    target: DataType,
    misfits: &Misfits,
    read: impl Fn(&Column) -> PolarsResult<(Column, usize)> + Send + Sync + 'static,
) -> Expr {
    let misfits = misfits.clone();
    mapped(column, target, move |c| {
        let (values, strange) = read(&c)?;
        misfits.count(c.name(), strange);
        Ok(values)
    })
}

/// Numbers without a fraction: exports through data frames leave integers with nulls as floats.
fn whole_numbers(column: &Column) -> PolarsResult<(Column, usize)> {
    let unknown = match column.dtype().is_float() {
        true => column.cast(&DataType::Float64)?.f64()?.iter().flatten().filter(|n| n.is_nan()).count(),
        false => 0,
    };
    let integers = column.cast(&DataType::Int64)?;
    if column.dtype().is_integer() {
        let strange = integers.null_count() - column.null_count();
        return Ok((integers, strange));
    }
    let back = integers.cast(column.dtype())?;
    if back.null_count() == column.null_count()
        && back.as_materialized_series().equals_missing(column.as_materialized_series())
    {
        return Ok((integers, 0));
    }
    let same = back.as_materialized_series().equal_missing(column.as_materialized_series())?;
    let kept: Int64Chunked =
        integers.i64()?.iter().zip(same.iter()).map(|(n, same)| n.filter(|_| same == Some(true))).collect();
    let strange = kept.null_count().saturating_sub(column.null_count() + unknown);
    Ok((kept.with_name(column.name().clone()).into_column(), strange))
}

fn zero_or_one(column: &Column) -> PolarsResult<(Column, usize)> {
    let (integers, fractions) = whole_numbers(column)?;
    let truths = integers.i64()?.iter().map(|number| match number? {
        0 => Some(false),
        1 => Some(true),
        _ => None,
    });
    let truths: BooleanChunked = truths.collect();
    let others = truths.null_count() - integers.null_count();
    Ok((truths.with_name(column.name().clone()).into_column(), fractions + others))
}

/// Text as `read` understands it once trimmed; blank text is null.
fn texts<T>(column: Expr, target: DataType, misfits: &Misfits, read: fn(&str) -> Option<T::Native>) -> Expr
where
    T: PolarsNumericType,
    ChunkedArray<T>: IntoSeries,
{
    fallible_texts::<T>(column, target, misfits, move |text| match text.trim() {
        "" => Ok(None),
        text => read(text).map(Some).ok_or_else(String::new),
    })
}

fn fallible_texts<T>(
    column: Expr,
    target: DataType,
    misfits: &Misfits,
    read: impl Fn(&str) -> Result<Option<T::Native>, String> + Send + Sync + 'static,
) -> Expr
where
    T: PolarsNumericType,
    ChunkedArray<T>: IntoSeries,
{
    let out = target.clone();
    counted(column, out, misfits, move |c| {
        let mut strange = 0;
        let values = c.str()?.iter().map(|text| {
            text.filter(|text| !is_null_word(text.trim())).and_then(|text| {
                read(text).unwrap_or_else(|_| {
                    strange += 1;
                    None
                })
            })
        });
        let values: ChunkedArray<T> = values.collect();
        Ok((values.with_name(c.name().clone()).into_column().cast(&target)?, strange))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(column: Column, stored: &DataType, kind: ValueKind) -> (Column, u64) {
        let misfits = Misfits::default();
        let frame = DataFrame::new(column.len(), vec![column.with_name("t".into())]).expect("a frame").lazy();
        let cast = read_as(col("t"), stored, kind, WrittenTimes::default(), &misfits).expect("readable");
        let read = frame.select([cast]).collect().expect("values").column("t").expect("t").clone();
        (read, misfits.take().into_values().sum())
    }

    fn instants(unit: TimeUnit, values: &[i64]) -> Vec<Option<i64>> {
        let stored = DataType::Datetime(unit, None);
        let column = Column::new("t".into(), values).cast(&stored).expect("instants");
        let (read, misfits) = read(column, &stored, ValueKind::Instant);
        assert_eq!(misfits, 0);
        read.datetime().expect("instants").phys.iter().collect()
    }

    #[test]
    fn null_dates_are_null_in_every_unit() {
        let micros = instants(TimeUnit::Microseconds, &[-62_135_596_800_000_000, 0, 253_402_300_799_000_000]);
        assert_eq!(micros, [None, Some(0), Some(253_402_300_799_000_000)]);
        let millis = instants(TimeUnit::Milliseconds, &[-62_135_596_800_000, 0, 253_402_300_799_000]);
        assert_eq!(millis, micros);
    }

    #[test]
    fn instants_are_floored_to_microseconds() {
        assert_eq!(instants(TimeUnit::Nanoseconds, &[1_999, 0, -1]), [Some(1), Some(0), Some(-1)]);
        assert_eq!(instants(TimeUnit::Milliseconds, &[-1]), [Some(-1000)]);
    }

    #[test]
    fn absurd_instants_stay_absurd_within_the_calendar() {
        let ends = [Some(AFTER_NULL_DATE), Some(0), Some(LAST)];
        for unit in [TimeUnit::Milliseconds, TimeUnit::Microseconds] {
            assert_eq!(instants(unit, &[i64::MIN, 0, i64::MAX]), ends);
        }
        let days = Column::new("t".into(), [i32::MIN, 0, i32::MAX]).cast(&DataType::Date).expect("days");
        let (read, _) = read(days, &DataType::Date, ValueKind::Date);
        let days: Vec<_> = read.date().expect("days").phys.iter().collect();
        assert_eq!(days, [Some(-719_161), Some(0), Some(2_932_896)]);
    }

    #[test]
    fn what_is_no_whole_number_is_null_and_counted() {
        let (read, misfits) = read(
            Column::new("t".into(), [Some(3.0), Some(4.5), Some(f64::NAN), Some(f64::INFINITY), Some(1e300), None]),
            &DataType::Float64,
            ValueKind::Int,
        );
        assert_eq!(read.i64().expect("integers").iter().collect::<Vec<_>>(), [Some(3), None, None, None, None, None]);
        assert_eq!(misfits, 3);
    }

    #[test]
    fn what_is_no_truth_is_null_and_counted() {
        let (read, misfits) = read(Column::new("t".into(), [1u64, 0, 2, u64::MAX]), &DataType::UInt64, ValueKind::Bool);
        assert_eq!(read.bool().expect("truths").iter().collect::<Vec<_>>(), [Some(true), Some(false), None, None]);
        assert_eq!(misfits, 2);
    }

    #[test]
    fn words_are_no_times() {
        let texts = Column::new("t".into(), ["2026-03-31 09:00:00 +02:00", "soon", " ", "NULL"]);
        let (read, misfits) = read(texts, &DataType::String, ValueKind::Instant);
        assert_eq!((read.null_count(), misfits), (3, 1));
        assert_eq!(read.datetime().expect("instants").phys.get(0), Some(1_774_940_400_000_000));
    }
}
