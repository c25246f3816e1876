//! Columns of places in lists of texts, as the engine writes columns of texts.

use polars::polars_compute::unique::{DictionaryRangedUniqueState, RangedUniqueKernel};
use polars::prelude::*;
use polars_parquet::write::Encoding;

use crate::table::Texts;

/// The engine's array of places in a dictionary.
type DictionaryArray = <DictionaryRangedUniqueState as RangedUniqueKernel>::Array;

/// Of how many rows it always makes a dictionary.
const FEW: usize = 128;
/// Of more, unless this share of them has different texts. It estimates that; what is close is left to it.
const DIFFERENT: f64 = 0.75;
const CLOSE: f64 = 0.05;

/// An array of places among the texts that there are, in the order in which they come, or of texts
/// where a dictionary does not pay: what the engine makes of a column of texts by hashing them, and
/// the same bytes.
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
