//! A column of values that lie on disk in pieces, in another order or with some left out.
//!
//! Nothing but the file that is written grows with the column: values are read where they lie and written one after the
//! other, and texts stay where they are.

use bytemuck::{AnyBitPattern, NoUninit};
use polars::prelude::*;
use polars_arrow::array::{Array, BooleanArray, ListArray, PrimitiveArray, Utf8ViewArray, View};
use polars_arrow::bitmap::{Bitmap, MutableBitmap};
use polars_arrow::datatypes::{ArrowDataType, PhysicalType};
use polars_arrow::offset::OffsetsBuffer;
use polars_arrow::types::{NativeType, PrimitiveType};
use polars_buffer::Buffer;

use super::limits::Scratch;
use crate::error::{Error, Result};

/// Where a value lies.
#[derive(Clone, Copy, Debug)]
pub(super) struct Place {
    pub piece: usize,
    pub at: usize,
}

/// The values at some places of columns of one type, each of which is a piece.
pub(super) fn column<I: Iterator<Item = Place>>(
    columns: &[&Column],
    places: &dyn Fn() -> I,
    scratch: &Scratch,
) -> Result<Column> {
    let Some(first) = columns.first() else { return Ok(Column::new_empty(PlSmallStr::EMPTY, &DataType::Null)) };
    let of = |column: &&Column| column.as_materialized_series().rechunk().to_physical_repr().into_owned();
    let series: Vec<Series> = columns.iter().map(of).collect();
    let pieces: Vec<&dyn Array> = series.iter().map(|series| &*series.chunks()[0]).collect();
    of_pieces(first, &pieces, places, scratch)
}

/// The values at some places of the pieces of a column.
pub(super) fn pieces<I: Iterator<Item = Place>>(
    column: &Column,
    places: &dyn Fn() -> I,
    scratch: &Scratch,
) -> Result<Column> {
    let series = column.as_materialized_series().to_physical_repr();
    let pieces: Vec<&dyn Array> = series.chunks().iter().map(|piece| &**piece).collect();
    of_pieces(column, &pieces, places, scratch)
}

fn of_pieces<I: Iterator<Item = Place>>(
    like: &Column,
    pieces: &[&dyn Array],
    places: &dyn Fn() -> I,
    scratch: &Scratch,
) -> Result<Column> {
    let values = match gathered(pieces, places, scratch)? {
        Some(values) => Series::try_from((like.name().clone(), values)),
        None => taken(like.name(), pieces, places),
    };
    let values = values.and_then(|values| values.cast(like.dtype()));
    Ok(values.map_err(Error::engine("a column on disk"))?.into_column())
}

/// The same of types of which there is none in large tables.
fn taken<I: Iterator<Item = Place>>(
    name: &PlSmallStr,
    pieces: &[&dyn Array],
    places: &dyn Fn() -> I,
) -> PolarsResult<Series> {
    let before = |end: &mut usize, piece: &&dyn Array| Some(std::mem::replace(end, *end + piece.len()));
    let first: Vec<usize> = pieces.iter().scan(0, before).collect();
    let rows = places().map(|Place { piece, at }| (first[piece] + at) as IdxSize).collect();
    let all = Series::try_from((name.clone(), pieces.iter().map(|piece| piece.to_boxed()).collect::<Vec<_>>()))?;
    all.take(&IdxCa::from_vec(PlSmallStr::EMPTY, rows))
}

fn gathered<I: Iterator<Item = Place>>(
    pieces: &[&dyn Array],
    places: &dyn Fn() -> I,
    scratch: &Scratch,
) -> Result<Option<Box<dyn Array>>> {
    let Some(lists) = all::<ListArray<i64>>(pieces) else { return flat(pieces, places, scratch) };
    let mut ends = scratch.list()?;
    let mut end = 0i64;
    ends.push(end);
    for Place { piece, at } in places() {
        end += lists[piece].offsets().length_at(at) as i64;
        ends.push(end);
    }
    let inner: Vec<&dyn Array> = lists.iter().map(|list| &**list.values()).collect();
    let of_lists = || {
        places().flat_map(|Place { piece, at }| {
            let (from, until) = lists[piece].offsets().start_end(at);
            (from..until).map(move |at| Place { piece, at })
        })
    };
    let Some(values) = flat(&inner, &of_lists, scratch)? else { return Ok(None) };
    let ends =
        OffsetsBuffer::try_from(Buffer::from_owner(ends.finish()?)).map_err(Error::engine("a column on disk"))?;
    let validity = validity(pieces, places);
    let list = ListArray::try_new(pieces[0].dtype().clone(), ends, values, validity);
    Ok(Some(list.map_err(Error::engine("a column on disk"))?.boxed()))
}

/// Of anything but lists; nothing of types of which there is none in large tables.
fn flat<I: Iterator<Item = Place>>(
    pieces: &[&dyn Array],
    places: &dyn Fn() -> I,
    scratch: &Scratch,
) -> Result<Option<Box<dyn Array>>> {
    let Some(first) = pieces.first() else { return Ok(None) };
    let values = match first.dtype().to_physical_type() {
        PhysicalType::Primitive(PrimitiveType::UInt8) => numbers::<u8, I>(pieces, places, scratch)?,
        PhysicalType::Primitive(PrimitiveType::UInt16) => numbers::<u16, I>(pieces, places, scratch)?,
        PhysicalType::Primitive(PrimitiveType::UInt32) => numbers::<u32, I>(pieces, places, scratch)?,
        PhysicalType::Primitive(PrimitiveType::UInt64) => numbers::<u64, I>(pieces, places, scratch)?,
        PhysicalType::Primitive(PrimitiveType::Int32) => numbers::<i32, I>(pieces, places, scratch)?,
        PhysicalType::Primitive(PrimitiveType::Int64) => numbers::<i64, I>(pieces, places, scratch)?,
        PhysicalType::Primitive(PrimitiveType::Int128) => numbers::<i128, I>(pieces, places, scratch)?,
        PhysicalType::Primitive(PrimitiveType::Float64) => numbers::<f64, I>(pieces, places, scratch)?,
        PhysicalType::Utf8View => texts(pieces, places, scratch)?,
        PhysicalType::Boolean => truths(pieces, places),
        _ => return Ok(None),
    };
    Ok(Some(values))
}

fn all<'a, T: Array>(pieces: &[&'a dyn Array]) -> Option<Vec<&'a T>> {
    pieces.iter().map(|piece| piece.as_any().downcast_ref()).collect::<Option<Vec<&T>>>().filter(|all| !all.is_empty())
}

fn numbers<T: NativeType + AnyBitPattern + NoUninit, I: Iterator<Item = Place>>(
    pieces: &[&dyn Array],
    places: &dyn Fn() -> I,
    scratch: &Scratch,
) -> Result<Box<dyn Array>> {
    let arrays: Vec<&PrimitiveArray<T>> = all(pieces).unwrap_or_default();
    let values: Vec<&[T]> = arrays.iter().map(|array| array.values().as_slice()).collect();
    let mut list = scratch.list()?;
    list.extend(places().map(|Place { piece, at }| values[piece][at]));
    let values = Buffer::from_owner(list.finish()?);
    let array = PrimitiveArray::try_new(pieces[0].dtype().clone(), values, validity(pieces, places));
    Ok(array.map_err(Error::engine("a column on disk"))?.boxed())
}

/// Texts by where they lie among those of all pieces.
fn texts<I: Iterator<Item = Place>>(
    pieces: &[&dyn Array],
    places: &dyn Fn() -> I,
    scratch: &Scratch,
) -> Result<Box<dyn Array>> {
    let arrays: Vec<&Utf8ViewArray> = all(pieces).unwrap_or_default();
    let (mut buffers, mut first): (Vec<Buffer<u8>>, Vec<u32>) = (Vec::new(), Vec::new());
    for array in &arrays {
        first.push(buffers.len() as u32);
        buffers.extend(array.data_buffers().iter().cloned());
    }
    let views: Vec<&[View]> = arrays.iter().map(|array| array.views().as_slice()).collect();
    let mut list = scratch.list()?;
    list.extend(places().map(|Place { piece, at }| {
        let mut view = views[piece][at];
        // Short ones lie in the view itself.
        if !view.is_inline() {
            view.buffer_idx += first[piece];
        }
        view
    }));
    let (views, buffers) = (Buffer::from_owner(list.finish()?), Buffer::from_vec(buffers));
    let array = Utf8ViewArray::try_new(ArrowDataType::Utf8View, views, buffers, validity(pieces, places));
    Ok(array.map_err(Error::engine("a column on disk"))?.boxed())
}

/// A bit for each value, in memory.
fn truths<I: Iterator<Item = Place>>(pieces: &[&dyn Array], places: &dyn Fn() -> I) -> Box<dyn Array> {
    let arrays: Vec<&BooleanArray> = all(pieces).unwrap_or_default();
    let values: MutableBitmap = places().map(|Place { piece, at }| arrays[piece].values().get_bit(at)).collect();
    BooleanArray::new(ArrowDataType::Boolean, values.into(), validity(pieces, places)).boxed()
}

/// Which values are there, a bit for each; none where all are.
fn validity<I: Iterator<Item = Place>>(pieces: &[&dyn Array], places: &dyn Fn() -> I) -> Option<Bitmap> {
    if pieces.iter().all(|piece| piece.null_count() == 0) {
        return None;
    }
    let bits: Vec<Option<&Bitmap>> = pieces.iter().map(|piece| piece.validity()).collect();
    let is_there = |Place { piece, at }: Place| bits[piece].is_none_or(|bits| bits.get_bit(at));
    Some(places().map(is_there).collect::<MutableBitmap>().into())
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use tempfile::TempDir;

    use super::*;
    use crate::frames::keys::Keys;
    use crate::scratch::Limit;
    use crate::storage::Spool;

    /// Values that say in which table and row they stand.
    fn table(of: u32, rows: u32) -> DataFrame {
        let numbers: Vec<u32> = (0..rows).map(|row| of * 100 + row).collect();
        let long = |number: &u32| format!("a text that is longer than what fits into a view: {number}");
        let text =
            |number: &u32| (number & 3 > 0).then(|| if number & 1 > 0 { long(number) } else { number.to_string() });
        let key = |number: u32| (number & 7 > 0).then_some(i128::from(number) << 100);
        let keys: Keys = numbers.iter().map(|&number| key(number)).collect();
        let list = |&number: &u32| {
            let keys: Keys = (0..number % 4).map(key).collect();
            (number % 7 > 0).then(|| keys.into_series())
        };
        let lists: ListChunked = numbers.iter().map(list).collect();
        let mut table = df!(
            "number" => &numbers,
            "text" => numbers.iter().map(text).collect::<Vec<_>>(),
            "all" => numbers.iter().map(long).collect::<Vec<_>>(),
            "truth" => numbers.iter().map(|number| (number % 5 > 0).then_some(number % 2 > 0)).collect::<Vec<_>>(),
            "byte" => numbers.iter().map(|&number| Some(number as u8).filter(|_| of > 0)).collect::<Vec<_>>(),
            "share" => numbers.iter().map(|&number| f32::from(number as u16)).collect::<Vec<_>>(),
            "at" => numbers.iter().map(|&number| i64::from(number)).collect::<Vec<_>>(),
        )
        .unwrap();
        table.with_column(keys.with_name("key".into()).into_column()).unwrap();
        if rows > 0 {
            table.with_column(lists.with_name("keys".into()).into_column()).unwrap();
        } else {
            table.with_column(Column::new_empty("keys".into(), &DataType::List(Box::new(DataType::Int128)))).unwrap();
        }
        table.try_apply("at", |at| at.cast(&DataType::Datetime(TimeUnit::Microseconds, None))).unwrap();
        table
    }

    fn scratch(root: &TempDir) -> Scratch {
        Scratch::beyond(Limit::Parts(3), Arc::new(Spool::below(root.path().to_path_buf())))
    }

    #[test]
    fn each_column_gives_its_values_in_their_order() {
        let root = TempDir::new().unwrap();
        let scratch = scratch(&root);
        let tables = [table(0, 3), table(1, 0), table(2, 40)];
        let mut turns = vec![2u16; 43];
        [0, 7, 42].into_iter().for_each(|at| turns[at] = 0);
        let row = |at: IdxSize| match at {
            0 => 0,
            7 => 1,
            42 => 2,
            1..7 => 2 + at,
            _ => 1 + at,
        };
        let rows: Vec<IdxSize> = (0..43).map(row).collect();
        let all = tables[0].vstack(&tables[1]).unwrap().vstack(&tables[2]).unwrap();
        let expected = all.take(&IdxCa::from_vec(PlSmallStr::EMPTY, rows)).unwrap();
        for name in all.get_column_names() {
            let columns: Vec<&Column> = tables.iter().map(|table| table.column(name).unwrap()).collect();
            let found = scratch.in_turns(&columns, &turns).unwrap();
            assert_eq!(found.dtype(), all.column(name).unwrap().dtype());
            assert!(found.equals_missing(expected.column(name).unwrap()), "{name}: {found:?}");
        }
    }

    #[test]
    fn a_column_without_some_of_its_values_is_in_one_piece() {
        let root = TempDir::new().unwrap();
        let scratch = scratch(&root);
        let all = table(0, 3).vstack(&table(1, 0)).unwrap().vstack(&table(2, 40)).unwrap();
        let kept: BooleanChunked = (0..43).map(|at| Some(at % 3 != 1)).collect();
        let expected = all.filter(&kept).unwrap();
        for (name, values) in all.get_column_names().into_iter().zip(all.columns()) {
            let found = scratch.filtered(values.clone(), Some(&kept)).unwrap();
            assert!(found.equals_missing(expected.column(name).unwrap()), "{name}: {found:?}");
            let found = scratch.filtered(values.clone(), None).unwrap();
            assert!(
                found.equals_missing(values) && found.as_materialized_series().n_chunks() == 1,
                "{name}: {found:?}"
            );
        }
    }
}
