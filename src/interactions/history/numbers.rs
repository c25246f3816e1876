//! Where rows that come in two parts have their places among all: records, people and interactions under the numbers of
//! a day.

use polars::prelude::*;

use crate::error::{Error, Result};
use crate::frames::typed_columns::texts;
use crate::people::{Directory, RecordType, Records, person_key};

/// Stands for a record that is not known on the day.
const NONE: u32 = u32::MAX;

/// The numbers that the records of the last day of a period have on an earlier one.
pub struct RecordNumbers {
    of_day: Vec<u32>,
    of_last: Vec<u32>,
}

impl RecordNumbers {
    /// Both days number records in the order of type and id.
    pub fn of(last: &Records, day: &Records) -> Result<RecordNumbers> {
        let (of_last, of_day) = (texts(&last.table, "record_id")?, texts(&day.table, "record_id")?);
        let mut numbers = RecordNumbers { of_day: vec![NONE; last.rows.len()], of_last: vec![NONE; day.rows.len()] };
        for record_type in RecordType::ALL {
            let mut others = day.range(record_type).peekable();
            for record in last.range(record_type) {
                let id = of_last.get(record as usize);
                while others.next_if(|&other| of_day.get(other as usize) < id).is_some() {}
                if let Some(other) = others.next_if(|&other| of_day.get(other as usize) == id) {
                    numbers.of_day[record as usize] = other;
                    numbers.of_last[other as usize] = record;
                }
            }
        }
        Ok(numbers)
    }

    /// The number on the day; none for what is not known yet.
    pub fn of_day(&self, record: u32) -> Option<u32> {
        self.of_day.get(record as usize).copied().filter(|&number| number != NONE)
    }

    /// The number on the last day of a record of the day; none for what is merged into another by then.
    pub fn of_last(&self, record: u32) -> Option<u32> {
        self.of_last.get(record as usize).copied().filter(|&number| number != NONE)
    }

    /// The same person under the numbers of the day.
    pub fn person(&self, who: u64) -> Result<u64> {
        let Some(record) = person_key::record(who) else { return Ok(who) };
        let record = self.of_day(record).ok_or_else(unknown)?;
        Ok(person_key::external(record, person_key::group(who)))
    }

    /// By group of records of the last day, the number that the same group has in the directory of the day.
    pub fn groups(&self, of_last: &[Vec<u32>], directory: &Directory) -> Result<Vec<u32>> {
        let number = |members: &Vec<u32>| -> Result<u32> {
            let members = members.iter().map(|&record| self.of_day(record).ok_or_else(unknown));
            directory.group_of(members.collect::<Result<_>>()?)
        };
        of_last.iter().map(|members| if members.is_empty() { Ok(0) } else { number(members) }).collect()
    }
}

/// Somebody takes part in what all days see alike who is not known on one of them.
fn unknown() -> Error {
    Error::Checks { message: "what all days have in common names a record that one of them does not know".into() }
}

/// How two parts of a table come to lie one in the other: by row of the first part, then of the second, its place.
pub struct Places {
    /// Of the first part.
    pub of_first: Vec<u32>,
    /// Of the second.
    pub of_second: Vec<u32>,
}

impl Places {
    /// Of parts that are sorted by different texts, of which the second is the shorter one.
    pub fn by_text(first: &StringChunked, second: &StringChunked) -> Places {
        let before = second.iter().map(|text| partition_point(first.len(), |row| first.get(row) < text));
        let before: Vec<usize> = before.collect();
        Places::behind(first.len(), &before)
    }

    /// The second part's rows lie behind so many of the first each.
    fn behind(first: usize, before: &[usize]) -> Places {
        let of_second = (0u32..).zip(before).map(|(row, &before)| before as u32 + row).collect();
        let mut of_first = Vec::with_capacity(first);
        let mut ahead = 0;
        for row in 0..first {
            while before.get(ahead).is_some_and(|&before| before <= row) {
                ahead += 1;
            }
            of_first.push((row + ahead) as u32);
        }
        Places { of_first, of_second }
    }

    /// By place, the row of both parts put one behind the other.
    pub fn rows(&self) -> IdxCa {
        let mut rows = vec![0; self.of_first.len() + self.of_second.len()];
        let places = self.of_first.iter().chain(&self.of_second);
        places.zip(0..).for_each(|(&place, row)| rows[place as usize] = row);
        IdxCa::from_vec(PlSmallStr::EMPTY, rows)
    }
}

/// The first of so many rows for which something no longer holds.
pub fn partition_point(rows: usize, holds: impl Fn(usize) -> bool) -> usize {
    let (mut from, mut to) = (0, rows);
    while from < to {
        let middle = from + (to - from) / 2;
        if holds(middle) {
            from = middle + 1;
        } else {
            to = middle;
        }
    }
    from
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parts_lie_one_in_the_other_in_the_order_of_texts() {
        let texts = |texts: &[&'static str]| texts.iter().copied().map(Some).collect::<StringChunked>();
        let places = Places::by_text(&texts(&["b", "d", "e"]), &texts(&["a", "c", "f", "g"]));
        assert_eq!(places.of_first, [1, 3, 4]);
        assert_eq!(places.of_second, [0, 2, 5, 6]);
        assert_eq!(places.rows().iter().flatten().collect::<Vec<_>>(), [3, 0, 4, 1, 2, 5, 6]);
        assert_eq!(Places::by_text(&texts(&[]), &texts(&["a"])).rows().len(), 1);
    }
}
