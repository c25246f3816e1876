//! Writing a column that holds, instead of texts, their places in a list of texts ([`Texts`]): the bytes are those that the
//! engine (polars) writes of the same column of texts, without the time that it takes to hash every text.

use polars::polars_compute::unique::{DictionaryRangedUniqueState, RangedUniqueKernel};
use polars::prelude::*;
use polars_parquet::write::Encoding;

use crate::table::Texts;

/// The engine's array of places in a dictionary.
type DictionaryArray = <DictionaryRangedUniqueState as RangedUniqueKernel>::Array;

/// Up to so many rows the engine makes a Parquet dictionary of any column of texts.
const FEW: usize = 128;
/// Of more rows it makes none where about this share of them or more have different texts. It only estimates the share, and
/// where ours is within [`CLOSE`] of the limit, it is handed the texts themselves, so that its own estimate decides.
const DIFFERENT: f64 = 0.75;
const CLOSE: f64 = 0.05;

/// What the engine is to write: a dictionary of the texts that occur, in the order in which they first do, or the texts
/// themselves where it would not make a dictionary.
pub(super) fn to_arrow(places: &UInt32Chunked, texts: &Texts) -> PolarsResult<(ArrayRef, Encoding)> {
    let places = places.rechunk();
    let mut numbers = vec![0u32; texts.count()];
    let mut found = Vec::new();
    let mut number = |place: u32| {
        let number = &mut numbers[place as usize];
        if *number == 0 {
            found.push(place);
            *number = found.len() as u32;
        }
        *number - 1
    };
    let keys: UInt32Chunked = match places.cont_slice() {
        Ok(places) => UInt32Chunked::from_vec(PlSmallStr::EMPTY, places.iter().map(|&place| number(place)).collect()),
        Err(_) => places.iter().map(|place| place.map(&mut number)).collect(),
    };
    let different = found.len() as f64 / places.len().max(1) as f64;
    if places.len() > FEW && different > DIFFERENT - CLOSE {
        let encoding = if different > DIFFERENT + CLOSE { Encoding::Plain } else { Encoding::RleDictionary };
        return Ok((
            texts.at(&places)?.rechunk().into_owned().into_series().to_arrow(0, CompatLevel::newest()),
            encoding,
        ));
    }
    let found = UInt32Chunked::from_vec(PlSmallStr::EMPTY, found);
    let values = texts.at(&found)?.into_series().to_arrow(0, CompatLevel::newest());
    let keys = keys.rechunk().downcast_as_array().clone();
    let array = DictionaryArray::try_from_keys(keys, values, false)?;
    Ok((Box::new(array), Encoding::RleDictionary))
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::*;
    use crate::publish::parquet::{OpenFile, write_file};
    use crate::table::{Column as Declared, ColumnType, Rows, Table};

    fn written(table: &Table, chunks: Vec<Rows>) -> Vec<u8> {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("t.parquet");
        let file = fs::File::create(&path).unwrap();
        write_file(OpenFile { path: &path, file: &file }, table, chunks.into_iter().map(Ok), &[]).unwrap();
        fs::read(path).unwrap()
    }

    /// Rows with places, and the same with texts.
    fn both(lists: &[(&'static str, Vec<String>)], places: Vec<Vec<Option<u32>>>) -> [Rows; 2] {
        let name = |at: usize| PlSmallStr::from_static(lists[at].0);
        let column = |(at, places): (usize, &Vec<Option<u32>>)| Column::new(name(at), places);
        let frame = DataFrame::new_infer_height(places.iter().enumerate().map(column).collect()).unwrap();
        let texts = |(at, places): (usize, &Vec<Option<u32>>)| {
            let text = |place: &Option<u32>| place.map(|place| lists[at].1[place as usize].as_str());
            Column::new(name(at), places.iter().map(text).collect::<Vec<_>>())
        };
        let plain = DataFrame::new_infer_height(places.iter().enumerate().map(texts).collect()).unwrap();
        let texts = lists.iter().map(|(name, texts)| (*name, Texts::known(texts))).collect();
        [Rows { frame, texts }, plain.into()]
    }

    #[test]
    fn lists_give_the_bytes_that_texts_give() {
        const ROWS: u32 = 3000;
        let ids = |count: u32| (0..count).map(|at| format!("an id that is longer than a view {at:05}")).collect();
        let lists: [(&str, Vec<String>); 6] = [
            ("id", ids(ROWS)),
            ("few", vec!["held".into(), "planned".into(), "".into()]),
            ("none", vec!["never".into()]),
            ("half", ids(ROWS)),
            ("close", ids(ROWS)),
            ("long", vec!["ä".repeat(70), "z".repeat(90)]),
        ];
        let column = |name, empty| Declared::new(name, ColumnType::Text, "", "", empty, "", "");
        let columns = lists.iter().map(|(name, _)| column(*name, "")).collect();
        let table =
            Table { defined_in: file!(), name: "t", version: 1, grain: "", description: "", key: &["id"], columns };
        for rows in [1, 100, 128, 129, ROWS] {
            let places = |place: &dyn Fn(u32) -> Option<u32>| (0..rows).map(place).collect::<Vec<_>>();
            let places = vec![
                places(&Some),
                places(&|row| (row % 7 != 3).then_some(2 - row * 5 / 3 % 3)),
                places(&|_| None),
                places(&|row| Some(row / 2)),
                places(&|row| (row % 50 > 0).then_some(row.min(rows * 3 / 4))),
                places(&|row| Some(row / 64 % 2)),
            ];
            let [listed, plain] = both(&lists, places);
            let cut = rows as usize / 3;
            let chunks = vec![listed.slice(0, cut), listed.slice(cut, rows as usize - cut)];
            assert!(written(&table, chunks) == written(&table, vec![plain]), "{rows} rows");
        }
    }
}
