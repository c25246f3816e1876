//! Values of one column, ours beside theirs.

use std::cmp::Ordering;

use polars::prelude::*;
use serde_json::Value;

use super::found::{ColumnCompared, ListedValue};
use super::scale::{self, Fit, median};
use crate::msdyn::column::{DataverseType, Mapped};

/// Values of a column by rows.
pub enum Cells {
    /// Numbers, codes of choices, and instants as hours since 1970.
    Numbers(Vec<Option<f64>>),
    /// Texts in small letters: ids and names of tables.
    Texts(Vec<Option<String>>),
}

impl Cells {
    /// Those of a column of numbers or texts.
    pub fn of(column: &Column) -> PolarsResult<Cells> {
        match column.dtype() {
            DataType::String => {
                Ok(Cells::Texts(column.str()?.iter().map(|text| text.map(str::to_lowercase)).collect()))
            }
            _ => Ok(Cells::Numbers(column.cast(&DataType::Float64)?.f64()?.iter().collect())),
        }
    }

    fn number(&self, row: usize) -> Option<f64> {
        if let Cells::Numbers(numbers) = self { numbers[row] } else { None }
    }

    fn is_known(&self, row: usize) -> bool {
        match self {
            Cells::Numbers(numbers) => numbers[row].is_some(),
            Cells::Texts(texts) => texts[row].is_some(),
        }
    }

    fn json(&self, row: usize) -> Value {
        match self {
            Cells::Numbers(numbers) => numbers[row].into(),
            Cells::Texts(texts) => texts[row].clone().into(),
        }
    }
}

/// A column of the records of both sides.
pub struct Pairs<'a> {
    pub column: &'a Mapped,
    /// Our records.
    pub ids: &'a [&'a str],
    /// Rows of ours and of theirs that are of one record.
    pub both: &'a [(usize, usize)],
    pub ours: &'a Cells,
    pub theirs: &'a Cells,
}

impl Pairs<'_> {
    /// How far apart two values may be that are the same: half a unit of the last digit that Dataverse keeps.
    fn tolerance(&self) -> f64 {
        /// Of computing with floats.
        const NOISE: f64 = 1e-9;
        let unit = match self.column.kind {
            DataverseType::Integer => 1.0,
            DataverseType::Decimal(digits) => 10_f64.powi(-(digits as i32)),
            DataverseType::DateTime => 1.0 / 3600.0,
            _ => 0.0,
        };
        unit / 2.0 + NOISE
    }

    /// What there is to tell.
    pub fn compared(&self, limit: usize) -> ColumnCompared {
        let tolerance = self.tolerance();
        let (mut only_ours_known, mut only_theirs_known, mut equal, mut known_in_both) = (0, 0, 0, 0);
        let (mut differences, mut differing, mut numbers) = (Vec::new(), Vec::new(), Vec::new());
        for &(own, other) in self.both {
            match (self.ours.is_known(own), self.theirs.is_known(other)) {
                (true, false) => only_ours_known += 1,
                (false, true) => only_theirs_known += 1,
                (false, false) => {}
                (true, true) => {
                    known_in_both += 1;
                    let pair = self.ours.number(own).zip(self.theirs.number(other));
                    let distance = pair.map(|(ours, theirs)| theirs - ours);
                    let is_equal = match distance {
                        Some(distance) => distance.abs() <= tolerance,
                        None => self.ours.json(own) == self.theirs.json(other),
                    };
                    equal += usize::from(is_equal);
                    numbers.extend(pair);
                    // Within what rounding hides there is none.
                    differences.extend(distance.map(|distance| if is_equal { 0.0 } else { distance }));
                    if !is_equal {
                        differing.push((distance.unwrap_or_default(), own, other));
                    }
                }
            }
        }
        differing.sort_by(|(one, own, _), (other, theirs, _)| {
            other.abs().partial_cmp(&one.abs()).unwrap_or(Ordering::Equal).then(own.cmp(theirs))
        });
        let listed = differing.iter().take(limit).map(|&(_, own, other)| ListedValue {
            record_id: self.ids[own].to_string(),
            ours: self.ours.json(own),
            theirs: self.theirs.json(other),
        });
        let is_measure = !matches!(self.column.kind, DataverseType::Choice(_));
        let differences = if is_measure { differences } else { Vec::new() };
        let has_scale = matches!(self.column.kind, DataverseType::Integer | DataverseType::Decimal(_));
        let fit = if has_scale { scale::best(&numbers, tolerance) } else { None };
        let share = |count: usize, of: usize| (of > 0).then(|| count as f64 / of as f64);
        ColumnCompared {
            column: self.column.name.to_string(),
            known_in_both,
            only_ours_known,
            only_theirs_known,
            equal,
            share_equal: share(equal, known_in_both),
            mean_difference: mean(&differences),
            median_distance: median(differences.iter().map(|difference| difference.abs()).collect()),
            largest_difference: differences
                .iter()
                .copied()
                .reduce(|one, other| if other.abs() > one.abs() { other } else { one }),
            best_scale: fit.as_ref().map(|fit| fit.scale),
            scale_meaning: fit.as_ref().map(|fit| fit.meaning),
            share_equal_at_best_scale: fit.as_ref().map(Fit::share),
            listed: listed.collect(),
        }
    }
}

fn mean(numbers: &[f64]) -> Option<f64> {
    (!numbers.is_empty()).then(|| numbers.iter().sum::<f64>() / numbers.len() as f64)
}
