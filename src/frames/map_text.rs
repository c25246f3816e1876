//! Columns computed from columns of text, value by value.

use std::borrow::Cow;

use polars::prelude::*;

use crate::frames::text_memo::Memo;

/// `column` of text as lists of the texts that `f` makes of each.
pub fn as_lists(column: Expr, f: fn(&str) -> Vec<Cow<'_, str>>) -> Expr {
    let dtype = DataType::List(Box::new(DataType::String));
    column.map(
        move |c| {
            let texts = c.str()?;
            let mut lists = ListStringChunkedBuilder::new(c.name().clone(), texts.len(), texts.len());
            for text in texts.iter() {
                match text.map(f) {
                    Some(list) => lists.append_values_iter(list.iter().map(|text| text.as_ref())),
                    None => lists.append_null(),
                }
            }
            Ok(lists.finish().into_column())
        },
        move |_, field| Ok(Field::new(field.name().clone(), dtype.clone())),
    )
}

/// Applies `f` to each text; null where it returns nothing.
pub fn mapped<T: PolarsNumericType>(
    texts: &StringChunked,
    mut f: impl FnMut(&str) -> Option<T::Native>,
) -> ChunkedArray<T> {
    // Chunk by chunk, and without looking for nulls where there are none: this runs for every id and
    // address of a lake, and what polars collects row by row takes as long as the shorter kernels.
    let has_nulls = texts.null_count() > 0;
    let chunks = texts.downcast_iter().map(|texts| match has_nulls {
        true => texts.iter().map(|text| text.and_then(&mut f)).collect_arr(),
        false => texts.values_iter().map(&mut f).collect_arr(),
    });
    ChunkedArray::from_chunk_iter(texts.name().clone(), chunks)
}

/// `column` of text as `f` reads it, in the type of `dtype`.
pub fn of_text<T, F>(column: Expr, dtype: DataType, f: F) -> Expr
where
    T: PolarsNumericType,
    F: Fn(&str) -> Option<T::Native> + Send + Sync + 'static,
    ChunkedArray<T>: IntoSeries,
{
    column.map(
        move |c| Ok(mapped::<T>(c.str()?, &f).into_column()),
        move |_, field| Ok(Field::new(field.name().clone(), dtype.clone())),
    )
}

/// Like [`of_text`], of a column in which many rows have one text.
pub fn of_repeated_text<T, F>(column: Expr, dtype: DataType, f: F) -> Expr
where
    T: PolarsNumericType,
    F: Fn(&str) -> Option<T::Native> + Send + Sync + 'static,
    ChunkedArray<T>: IntoSeries,
{
    column.map(
        move |c| {
            let texts = c.str()?;
            let has_nulls = texts.null_count() > 0;
            let chunks = texts.downcast_iter().map(|texts| {
                let mut memo = Memo::of(texts.len());
                let mut read = |text| memo.get(text, || (f(text), true));
                match has_nulls {
                    true => texts.iter().map(|text| text.and_then(&mut read)).collect_arr(),
                    false => texts.values_iter().map(read).collect_arr(),
                }
            });
            Ok(ChunkedArray::<T>::from_chunk_iter(texts.name().clone(), chunks).into_column())
        },
        move |_, field| Ok(Field::new(field.name().clone(), dtype.clone())),
    )
}

/// The first value of each row that is not null. What polars has for this goes through all columns twice.
pub fn first_of<const N: usize>(columns: [Expr; N]) -> Expr {
    first_of_all(columns.into())
}

/// Like [`first_of`], of any number of columns.
pub fn first_of_all(columns: Vec<Expr>) -> Expr {
    let [first, rest @ ..] = &columns[..] else { return lit(NULL) };
    first.clone().map_many(
        |columns| {
            let mut found = columns[0].clone();
            for other in &columns[1..] {
                if found.null_count() == 0 {
                    break;
                }
                let found_mask = found.is_not_null();
                found = found.zip_with(&found_mask, other)?;
            }
            Ok(found)
        },
        rest,
        |_, fields| Ok(fields[0].clone()),
    )
}
