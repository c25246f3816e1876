//! Rows on their way to be published, where texts that repeat are held once.

use std::sync::{Arc, OnceLock};

use polars::prelude::*;

use crate::error::{Error, Result};

/// Texts in whose stead rows of a column hold their places in it.
#[derive(Debug)]
pub struct Texts {
    texts: StringChunked,
    ranks: OnceLock<Option<Vec<u32>>>,
}

impl Texts {
    /// The texts of a column, none of which is null.
    pub fn of(column: &Column) -> Result<Arc<Texts>> {
        let texts = column.str().map_err(Error::engine("texts of a column"))?.rechunk().into_owned();
        if texts.null_count() > 0 {
            let error = polars_err!(ComputeError: "a text of column {} is null", column.name());
            return Err(Error::engine("texts of a column")(error));
        }
        Ok(Arc::new(Texts { texts, ranks: OnceLock::new() }))
    }

    /// Texts that are known beforehand.
    pub fn known<T: AsRef<str>>(texts: &[T]) -> Arc<Texts> {
        let texts = StringChunked::from_slice(PlSmallStr::EMPTY, texts);
        Arc::new(Texts { texts, ranks: OnceLock::new() })
    }

    /// How many there are.
    pub fn count(&self) -> usize {
        self.texts.len()
    }

    /// Those at some places.
    pub fn at(&self, places: &UInt32Chunked) -> PolarsResult<StringChunked> {
        // Places may be null where rows have no text.
        self.texts.take(places)
    }

    /// A number for the text at a place that compares as the text does.
    pub fn rank(&self, place: u32) -> u32 {
        self.ranks().map_or(place, |ranks| ranks[place as usize])
    }

    fn ranks(&self) -> Option<&Vec<u32>> {
        self.ranks.get_or_init(|| ranks(&self.texts)).as_ref()
    }

    /// `places`, or their ranks.
    fn comparable(&self, places: &UInt32Chunked) -> UInt32Chunked {
        match self.ranks() {
            None => places.clone(),
            Some(ranks) => places.iter().map(|place| place.map(|place| ranks[place as usize])).collect(),
        }
    }
}

/// The rank of each text, equal ones having the same; none if the texts are strictly ascending.
fn ranks(texts: &StringChunked) -> Option<Vec<u32>> {
    if texts.iter().zip(texts.iter().skip(1)).all(|(text, next)| text < next) {
        return None;
    }
    let mut order: Vec<(&str, usize)> = texts.iter().flatten().zip(0..).collect();
    // Lists are often some ascending ones end to end, which this sort makes use of.
    order.sort();
    let (mut ranks, mut rank) = (vec![0; order.len()], 0);
    for (at, (text, place)) in order.iter().enumerate() {
        rank += u32::from(at > 0 && order[at - 1].0 != *text);
        ranks[*place] = rank;
    }
    Some(ranks)
}

/// Rows of a table. Columns of texts may hold places in a list instead, as `u32`: what is written,
/// compared and hashed row by row is then a number.
#[derive(Clone, Debug)]
pub struct Rows {
    /// All columns.
    pub frame: DataFrame,
    /// The lists by the columns that hold places in them. Chunks of one table have the same, but for
    /// columns outside the key where each chunk but the last is as long as a row group of the file.
    pub texts: Vec<(&'static str, Arc<Texts>)>,
}

impl From<DataFrame> for Rows {
    fn from(frame: DataFrame) -> Rows {
        Rows { frame, texts: Vec::new() }
    }
}

impl Rows {
    /// The list that a column's rows are places in, if they are.
    pub fn texts_of(&self, column: &str) -> Option<&Arc<Texts>> {
        self.texts.iter().find(|(name, _)| *name == column).map(|(_, texts)| texts)
    }

    /// Whether other rows hold places in the same lists.
    pub fn shares_texts(&self, other: &Rows) -> bool {
        let same = |((name, texts), (other, others)): (&(&str, Arc<Texts>), &(&str, Arc<Texts>))| {
            name == other && Arc::ptr_eq(texts, others)
        };
        self.texts.len() == other.texts.len() && self.texts.iter().zip(&other.texts).all(same)
    }

    /// Some of the rows.
    pub fn slice(&self, offset: usize, length: usize) -> Rows {
        Rows { frame: self.frame.slice(offset as i64, length), texts: self.texts.clone() }
    }

    /// A column by something that compares as its values do.
    pub(super) fn comparable(&self, column: &str) -> PolarsResult<Series> {
        let values = self.frame.column(column)?.as_materialized_series();
        match self.texts_of(column) {
            None => Ok(values.clone()),
            Some(texts) => Ok(texts.comparable(values.u32()?).into_series()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::table::{Column as Declared, ColumnType, Table, check_rows};

    #[test]
    fn places_compare_as_their_texts_do() {
        let ascending = Texts::known(&["a", "b", "c"]);
        let mixed = Texts::known(&["m", "z", "a", "z", "b"]);
        for (texts, places, expected) in [
            (ascending, vec![2u32, 0, 1], vec![Some(2), Some(0), Some(1)]),
            (mixed, vec![0, 1, 2, 3, 4], vec![Some(2), Some(3), Some(0), Some(3), Some(1)]),
        ] {
            let places = UInt32Chunked::from_vec(PlSmallStr::EMPTY, places);
            assert_eq!(texts.comparable(&places).iter().collect::<Vec<_>>(), expected);
        }
    }

    #[test]
    fn rows_are_in_order_of_texts_not_of_places() {
        let declared = Declared::new("id", ColumnType::Text, "", "", "", "", "");
        let table = Table {
            defined_in: file!(),
            name: "t",
            version: 1,
            grain: "",
            description: "",
            key: &["id"],
            columns: vec![declared],
        };
        let texts = Texts::known(&["b", "c", "a"]);
        let rows =
            |places: [u32; 3]| Rows { frame: df!("id" => places).expect("frame"), texts: vec![("id", texts.clone())] };
        assert!(check_rows(&rows([2, 0, 1]), &table).is_ok());
        let verdict = check_rows(&rows([0, 1, 2]), &table).unwrap_err().to_string();
        assert!(verdict.contains("out of order at row 2"), "{verdict}");
        let verdict = check_rows(&rows([2, 2, 1]), &table).unwrap_err().to_string();
        assert!(verdict.contains("repeats at row 1"), "{verdict}");
        let without = Rows::from(rows([2, 0, 1]).frame);
        let verdict = check_rows(&without, &table).unwrap_err().to_string();
        assert!(verdict.contains("of type str is due where id of type u32 stands"), "{verdict}");
    }

    #[test]
    fn lists_have_no_nulls() {
        assert!(Texts::of(&Column::new("id".into(), [Some("a"), None])).is_err());
    }
}
