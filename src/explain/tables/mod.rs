//! Values that are made of rows of published tables: of other tables, or of other rows of their own.
//!
//! [`copies`] are taken over from another table, [`stake`] adds up and ranks what needs attention, [`attention`] says why it does, [`health`] compares a
//! relationship with the others of its type, [`connections`] counts who knows whom, [`changes`] says what is different, [`missing_people`] ranks them, [`answers`] says when emails were answered, [`lengths`] when meetings ended, [`quality`] how far results can be trusted, [`calendar`] reads the calendar, [`benchmarks`] holds open
//! deals against won ones. None of them needs the lake.

pub mod answers;
pub mod attention;
pub mod benchmarks;
pub mod calendar;
pub mod changes;
pub mod connections;
pub mod copies;
pub mod health;
pub mod lengths;
pub mod missing_people;
pub mod quality;
pub mod read;
pub mod stake;

use super::question::FoundRow;
use super::story::ColumnStory;
use crate::error::Result;
use read::Tables;

/// Tells a column, or says that it tells others.
type Teller = fn(&FoundRow<'_>, &Tables<'_>, &mut ColumnStory) -> Result<bool>;

/// In the order in which they are asked.
const TELLERS: [Teller; 12] = [
    copies::tell,
    stake::tell,
    attention::tell,
    health::tell,
    connections::tell,
    changes::tell,
    missing_people::tell,
    answers::tell,
    lengths::tell,
    quality::tell,
    calendar::tell,
    benchmarks::tell,
];

/// Tells a column that is made of published rows; false of any other, and where those rows are not published.
///
/// # Errors
/// What storage refuses, and files that are no Parquet.
pub fn tell(found: &FoundRow<'_>, tables: &Tables<'_>, story: &mut ColumnStory) -> Result<bool> {
    for tell in TELLERS {
        if tell(found, tables, story)? {
            return Ok(true);
        }
    }
    Ok(false)
}
