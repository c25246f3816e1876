//! Chances: of which score they are read off, and what such scores were worth before, as `score_calibration` has it.

use polars::prelude::*;

use super::evidence;
use super::origins;
use super::question::FoundRow;
use super::scores::RowValues;
use super::story::ColumnStory;
use crate::error::{Error, Result};
use crate::publish::Outputs;
use crate::time::AsOf;

const TABLE: &str = "score_calibration";

/// Tells a column that has a chance; nothing of any other.
///
/// # Errors
/// What storage refuses, and files that are no Parquet.
pub fn tell(found: &FoundRow<'_>, story: &mut ColumnStory, outputs: &Outputs, as_of: AsOf) -> Result<()> {
    if !matches!(story.column.as_str(), "contact_chance_30d" | "two_way_chance_28d") {
        return Ok(());
    }
    story.comes_from = origins::of(found.table.name, &story.column).map(str::to_string);
    let Some(file) = evidence::file(outputs, TABLE, as_of.date)? else { return Ok(()) };
    let own = col("score").eq(lit(story.column.as_str()));
    let ranges = file.collect(|rows| rows.filter(own).sort(["bin"], SortMultipleOptions::default()))?;
    let told = Told::of(&ranges, &RowValues(&found.row)).map_err(Error::engine(format!("table {TABLE}")))?;
    match told {
        Some(Told::Unlearned) if story.value.is_null() => {
            story.missing = Some(format!("the lake's past has too few cases to learn from, says {TABLE}"));
        }
        Some(Told::Range(told)) => story.with_numbers = Some(told),
        _ => {}
    }
    Ok(())
}

/// What the ranges of a score say of one of them.
#[derive(Debug, PartialEq)]
enum Told {
    /// Nothing was learned.
    Unlearned,
    /// The range that the score lies in, or the nearest one, and what is known of it.
    Range(String),
}

impl Told {
    /// None where the row has no score, or nothing is published of its chance.
    fn of(ranges: &DataFrame, row: &RowValues<'_>) -> PolarsResult<Option<Told>> {
        let texts = |name: &str| ranges.column(name).and_then(|column| column.str());
        let numbers = |name: &str| ranges.column(name).and_then(|column| column.f64());
        let Some(by) = texts("by_score")?.get(0) else { return Ok(None) };
        if texts("state")?.get(0) != Some("calibrated") {
            return Ok(Some(Told::Unlearned));
        }
        let Some(score) = row.number(by) else { return Ok(None) };
        let (lowest, highest) = (numbers("score_from")?, numbers("score_to")?);
        let is_below = |at: &usize| highest.get(*at).is_some_and(|highest| highest < score);
        let at = (0..ranges.height()).take_while(is_below).count().min(ranges.height() - 1);
        let share = |name: &str| Ok::<_, PolarsError>(numbers(name)?.get(at).map(|share| format!("{share:.3}")));
        let (Some(from), Some(to), Some(chance)) = (lowest.get(at), highest.get(at), share("chance")?) else {
            return Ok(None);
        };
        let cases = ranges.column("n")?.i64()?.get(at).unwrap_or_default();
        let before = match (share("predicted")?, share("came_true")?) {
            (Some(foretold), Some(came_true)) => {
                format!(
                    "; at earlier dates {foretold} was foretold of such scores, and {came_true} of {cases} cases came true"
                )
            }
            (None, Some(came_true)) => format!("; {came_true} of {cases} earlier cases came true"),
            _ => String::new(),
        };
        let range = format!("range {} of {} ({from:.1} to {to:.1})", at + 1, ranges.height());
        Ok(Some(Told::Range(format!("{by} {score:.1} is in {range}, whose chance is {chance} on average{before}"))))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ranges(state: &str) -> DataFrame {
        let ranges = df!(
            "by_score" => ["strength"; 3],
            "state" => [state; 3],
            "score_from" => [0.0, 20.0, 60.0],
            "score_to" => [19.0, 50.0, 90.0],
            "chance" => [0.1, 0.3, 0.8],
            "predicted" => [Some(0.12), None, Some(0.75)],
            "came_true" => [0.09, 0.31, 0.82],
            "n" => [40i64, 50, 60],
        );
        ranges.expect("ranges of a score")
    }

    fn told(state: &str, strength: Option<f64>) -> Option<Told> {
        let row = df!("strength" => [strength]).expect("a row");
        Told::of(&ranges(state), &RowValues(&row)).expect("what is told")
    }

    #[test]
    fn a_score_is_told_with_its_range_and_what_that_was_worth() {
        let range = |text: &str| Some(Told::Range(text.to_string()));
        assert_eq!(
            told("calibrated", Some(12.0)),
            range(
                "strength 12.0 is in range 1 of 3 (0.0 to 19.0), whose chance is 0.100 on average; at earlier dates 0.120 \
                 was foretold of such scores, and 0.090 of 40 cases came true"
            )
        );
        assert_eq!(
            told("calibrated", Some(50.0)),
            range(
                "strength 50.0 is in range 2 of 3 (20.0 to 50.0), whose chance is 0.300 on average; 0.310 of 50 earlier cases came true"
            )
        );
        // Between ranges the one above, beyond all of them the last.
        assert!(matches!(told("calibrated", Some(55.0)), Some(Told::Range(text)) if text.contains("range 3 of 3")));
        assert!(matches!(told("calibrated", Some(99.0)), Some(Told::Range(text)) if text.contains("range 3 of 3")));
        assert_eq!(told("calibrated", None), None);
        assert_eq!(told("too_few_cases", Some(12.0)), Some(Told::Unlearned));
    }
}
