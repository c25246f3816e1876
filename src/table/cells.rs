//! Single values of published tables, as text and as JSON: numbers with all their digits, instants in UTC, unknown apart
//! from 0 and from empty texts.

use chrono::{DateTime, Days, NaiveDate, SecondsFormat};
use polars::prelude::*;
use serde::{Serialize, Serializer};
use serde_json::Value;

/// The value of a row; none where it is unknown.
pub fn text(column: &Column, row: usize) -> Option<String> {
    match json(column, row) {
        Value::Null => None,
        Value::String(text) => Some(text),
        other => Some(other.to_string()),
    }
}

/// The same for JSON: instants and days are texts.
pub fn json(column: &Column, row: usize) -> Value {
    let Ok(cell) = column.get(row) else { return Value::Null };
    match cell {
        AnyValue::Null => Value::Null,
        AnyValue::String(text) => text.into(),
        AnyValue::StringOwned(text) => text.as_str().into(),
        AnyValue::Boolean(flag) => flag.into(),
        AnyValue::Date(days) => day(days).map_or(Value::Null, |day| day.to_string().into()),
        AnyValue::Datetime(micros, ..) | AnyValue::DatetimeOwned(micros, ..) => instant(micros).into(),
        AnyValue::Float64(number) => number.into(),
        other => match other.extract::<i64>() {
            Some(whole) => whole.into(),
            None => other.to_string().into(),
        },
    }
}

/// An instant in UTC, with as many digits of its second as it has.
pub fn instant(micros: i64) -> String {
    let instant = DateTime::from_timestamp_micros(micros);
    instant.map(|instant| instant.to_rfc3339_opts(SecondsFormat::AutoSi, true)).unwrap_or_default()
}

fn day(days: i32) -> Option<NaiveDate> {
    let distance = Days::new(u64::from(days.unsigned_abs()));
    let epoch = NaiveDate::default();
    if days < 0 { epoch.checked_sub_days(distance) } else { epoch.checked_add_days(distance) }
}

/// Values by their names, in an order of their own: JSON keeps it.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Fields(pub Vec<(String, Value)>);

impl Fields {
    /// Those of a row.
    pub fn of<'a>(columns: impl IntoIterator<Item = &'a Column>, row: usize) -> Fields {
        Fields(columns.into_iter().map(|column| (column.name().to_string(), json(column, row))).collect())
    }

    /// The value of a name.
    pub fn get(&self, name: &str) -> Option<&Value> {
        self.0.iter().find(|(own, _)| own == name).map(|(_, value)| value)
    }
}

impl Serialize for Fields {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_map(self.0.iter().map(|(name, value)| (name, value)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::table::ColumnType;

    #[test]
    fn values_keep_their_digits_and_unknown_is_none() {
        let shown = |column: Column| text(&column, 0);
        assert_eq!(shown(Column::new("n".into(), [Some(0i64)])).as_deref(), Some("0"));
        assert_eq!(shown(Column::new("n".into(), [None::<i64>])), None);
        assert_eq!(shown(Column::new("x".into(), [0.1 + 0.2])).as_deref(), Some("0.30000000000000004"));
        assert_eq!(shown(Column::new("x".into(), [2.0])).as_deref(), Some("2.0"));
        assert_eq!(shown(Column::new("t".into(), [""])).as_deref(), Some(""));
        assert_eq!(shown(Column::new("b".into(), [true])).as_deref(), Some("true"));
        let of = |dtype: ColumnType, value: i64| {
            let column = Column::new("x".into(), [value]);
            let physical = if dtype == ColumnType::Date { column.cast(&DataType::Int32) } else { Ok(column) };
            text(&physical.and_then(|column| column.cast(&dtype.to_polars())).expect("a column"), 0)
        };
        assert_eq!(of(ColumnType::Date, 20_543).as_deref(), Some("2026-03-31"));
        assert_eq!(of(ColumnType::Date, -1).as_deref(), Some("1969-12-31"));
        assert_eq!(of(ColumnType::Timestamp, 1_774_994_400_000_000).as_deref(), Some("2026-03-31T22:00:00Z"));
        assert_eq!(of(ColumnType::Timestamp, 1_774_994_400_500_000).as_deref(), Some("2026-03-31T22:00:00.500Z"));
    }
}
