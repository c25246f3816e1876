//! Sorting by texts that mostly differ in their first bytes, such as ids.

use std::cmp::Ordering;

use polars::prelude::*;
use rayon::prelude::*;

use crate::error::{Error, Result};

/// `frame` sorted by text columns. Comparing eight bytes of the first at a time as a number, and
/// whole texts only where those agree, takes a fraction of the engine's time on ids.
pub fn sort_by_text(frame: &DataFrame, columns: &[&str]) -> Result<DataFrame> {
    let doing = || Error::engine("sorting by text");
    let texts = columns.iter().map(|column| Ok(frame.column(column)?.str()?.rechunk().into_owned()));
    let texts = texts.collect::<PolarsResult<Vec<StringChunked>>>().map_err(doing())?;
    let Some(first) = texts.first() else { return Ok(frame.clone()) };
    let mut rows: Vec<(u64, IdxSize)> = first.iter().zip(0..).map(|(text, row)| (head(text), row)).collect();
    rows.par_sort_unstable_by(|a, b| {
        let rest = texts.iter().map(|texts| texts.get(a.1 as usize).cmp(&texts.get(b.1 as usize)));
        let rest = || rest.fold(Ordering::Equal, Ordering::then);
        a.0.cmp(&b.0).then_with(rest).then(a.1.cmp(&b.1))
    });
    let order = IdxCa::from_vec(PlSmallStr::EMPTY, rows.into_iter().map(|(_, row)| row).collect());
    frame.take(&order).map_err(doing())
}

/// The first eight bytes as a number that sorts as they do; null before everything.
pub fn head(text: Option<&str>) -> u64 {
    let mut bytes = [0u8; 8];
    let text = text.unwrap_or_default().as_bytes();
    let length = text.len().min(8);
    bytes[..length].copy_from_slice(&text[..length]);
    u64::from_be_bytes(bytes)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn order_is_that_of_the_bytes() {
        let texts = ["abcdefghz", "abcdefgha", "b", "", "abcdefgh", "é"];
        let frame = df!("id" => texts).expect("a frame");
        let sorted = sort_by_text(&frame, &["id"]).expect("sorted");
        let mut expected = texts;
        expected.sort_unstable();
        let got: Vec<_> = sorted.column("id").expect("id").str().expect("text").iter().flatten().collect();
        assert_eq!(got, expected);
    }

    #[test]
    fn a_further_text_decides_between_equal_ones() {
        let frame = df!("id" => ["a", "a", "a"], "why" => ["z", "y", "x"]).expect("a frame");
        let sorted = sort_by_text(&frame, &["id", "why"]).expect("sorted");
        let got: Vec<_> = sorted.column("why").expect("why").str().expect("text").iter().flatten().collect();
        assert_eq!(got, ["x", "y", "z"]);
    }
}
