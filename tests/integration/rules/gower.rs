//! With equal weights the distance of deals is Gower's coefficient on any set of columns: another implementation, which
//! compares values as they stand, gives the same to the last digits (rule S3).

use polars::prelude::*;
use rapport::similar_deals::columns::plain_candidate;
use rapport::similar_deals::factors::{Encoding, encode};
use rapport::similar_deals::nearest::{Similarity, equal_weights};

use crate::support::dice::Dice;

/// Deals with columns of every kind: skewed numbers, whole numbers of few values, negative ones, constants, nothing
/// at all, choices that differ by case and spaces, rare choices, flags, days, each with and without nulls.
fn deals(seed: u64, rows: usize) -> DataFrame {
    let mut dice = Dice::seeded(seed);
    let mut numbers = |value: &dyn Fn(usize) -> f64, nulls: usize| -> Vec<Option<f64>> {
        (0..rows).map(|_| (nulls == 0 || !dice.once_in(nulls)).then(|| value(dice.below(1_000)))).collect()
    };
    let skewed = numbers(&|drawn| (drawn as f64 / 60.0).exp(), 0);
    let holes = numbers(&|drawn| drawn as f64 - 700.0, 4);
    let negative = numbers(&|drawn| -(drawn as f64) * 0.37, 0);
    let few = numbers(&|drawn| (drawn % 7) as f64, 0);
    let constant = numbers(&|_| 5.0, 0);
    let sometimes = numbers(&|_| 5.0, 3);
    let mut texts = |levels: &[&str], nulls: usize| -> Vec<Option<String>> {
        (0..rows).map(|_| (nulls == 0 || !dice.once_in(nulls)).then(|| (*dice.pick(levels)).to_string())).collect()
    };
    let choices = texts(&["Acme", "acme", "Acme ", "", "Beta"], 5);
    let flags: Vec<Option<bool>> = texts(&["y", "n"], 6).into_iter().map(|text| text.map(|text| text == "y")).collect();
    let rare = (0..rows).map(|row| format!("level {}", if row % 3 == 0 { row } else { 0 })).collect::<Vec<_>>();
    let days = Column::new("days".into(), (0..rows as i32).map(|row| 20_000 + row % 9).collect::<Vec<_>>());
    let whole: Vec<Option<i64>> = few.into_iter().map(|few| few.map(|few| few as i64)).collect();
    let columns = vec![
        Column::new("skewed".into(), skewed),
        Column::new("holes".into(), holes),
        Column::new("negative".into(), negative),
        Column::new("few".into(), whole),
        Column::new("constant".into(), constant),
        Column::new("sometimes".into(), sometimes),
        Column::full_null("nothing".into(), rows, &DataType::Float64),
        Column::new("choices".into(), choices),
        Column::new("flags".into(), flags),
        Column::new("rare".into(), rare),
        days.cast(&DataType::Date).expect("days"),
    ];
    DataFrame::new(rows, columns).expect("deals")
}

/// The mean over columns: of numbers the difference by the range, of all else whether they differ. Unknown is as far from
/// what is known as can be, and equal to itself.
fn gower(deals: &DataFrame, one: usize, other: usize) -> f64 {
    let of_column = |column: &Column| -> f64 {
        let cell = |row: usize| column.get(row).expect("a cell").into_static();
        if !column.dtype().is_primitive_numeric() {
            return f64::from(u8::from(cell(one) != cell(other)));
        }
        let numbers: Vec<Option<f64>> = (0..deals.height()).map(|row| cell(row).extract::<f64>()).collect();
        let known = || numbers.iter().flatten().copied();
        let range = known().fold(f64::MIN, f64::max) - known().fold(f64::MAX, f64::min);
        match (numbers[one], numbers[other]) {
            (Some(one), Some(other)) => {
                if range > 0.0 {
                    (one - other).abs() / range
                } else {
                    0.0
                }
            }
            (one, other) => f64::from(u8::from(one.is_some() != other.is_some())),
        }
    };
    deals.columns().iter().map(of_column).sum::<f64>() / deals.width() as f64
}

#[test]
fn equal_weights_are_gowers_coefficient_on_any_columns() {
    for seed in 0..12 {
        let rows = 30 + 7 * seed as usize;
        let deals = deals(seed, rows);
        let all: Vec<usize> = (0..rows).collect();
        let candidates =
            deals.columns().iter().map(|column| plain_candidate(column.name(), column).expect("it is read"));
        let factors: Vec<_> = candidates.filter_map(|candidate| encode(&candidate, &all, Encoding::GOWER)).collect();
        assert_eq!(factors.len(), deals.width(), "no column is left out");
        let weights = equal_weights(&factors);
        let similarity = Similarity { factors: &factors, weights: &weights };
        for (one, other) in (0..rows).flat_map(|one| [(one, (one * 7 + 1) % rows), (one, 0)]) {
            let (found, expected) = (1.0 - similarity.of(one, other), gower(&deals, one, other));
            assert!((found - expected).abs() < 1e-12, "seed {seed}, deals {one} and {other}: {found} {expected}");
        }
    }
}
