//! Values that cannot be what their column means: they read as null, and are counted.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};

/// Counts values that cannot be read, by column. Copies count together.
#[derive(Clone, Debug, Default)]
pub struct Misfits(Arc<Mutex<BTreeMap<String, u64>>>);

impl Misfits {
    /// Counts values of a column.
    pub fn count(&self, column: &str, values: usize) {
        if values > 0 {
            let mut counted = self.0.lock().unwrap_or_else(PoisonError::into_inner);
            *counted.entry(column.to_ascii_lowercase()).or_default() += values as u64;
        }
    }

    /// What was counted so far, by columns in lower case; counting begins anew.
    pub fn take(&self) -> BTreeMap<String, u64> {
        std::mem::take(&mut *self.0.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

/// Values of a column that could not be read, for the warnings of a run.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Misread {
    /// Name of the table.
    pub table: &'static str,
    /// Name of the column.
    pub column: &'static str,
    /// Number of values, versions and deleted rows included.
    pub values: u64,
    /// The first file that holds one.
    pub file: String,
    /// What the column should hold.
    pub expected: &'static str,
}

impl std::fmt::Display for Misread {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let Misread { table, column, values, file, expected } = self;
        let (holds, they) = if *values == 1 { ("value that is", "it reads") } else { ("values that are", "they read") };
        write!(f, "{table}.{column} has {values} {holds} not {expected}, the first in {file}; {they} as missing")
    }
}

/// The first row, counted from 1, with which the rows so far no longer fit.
pub fn first_misfit(rows: usize, fits: impl Fn(usize) -> bool) -> usize {
    let (mut good, mut bad) = (0, rows);
    while good + 1 < bad {
        let middle = good.midpoint(bad);
        if fits(middle) {
            good = middle;
        } else {
            bad = middle;
        }
    }
    bad
}

#[cfg(test)]
mod tests {
    use super::first_misfit;

    #[test]
    fn the_first_misfit_is_found_wherever_it_is() {
        for bad in 1..=9 {
            assert_eq!(first_misfit(9, |rows| rows < bad), bad);
        }
    }
}
