//! The columns that say what values of deals are in (rule S1).

use polars::prelude::*;

use crate::people::currencies::Currency;
use crate::table::{
    Column as Declared,
    ColumnType::{Boolean, Text},
};

/// Id of the currency that a value is in.
const CURRENCY: &str = "value_currency_id";
/// Whether that is the base currency, as opportunity_kpis says it too.
const IN_BASE: &str = "value_in_base_currency";

/// The columns that say what values are in; null where the value is unknown.
pub(super) fn columns<'a>(of_rows: impl Iterator<Item = Option<&'a Currency>>) -> [Column; 2] {
    let of_rows: Vec<Option<&Currency>> = of_rows.collect();
    let ids: StringChunked = of_rows.iter().map(|currency| currency.and_then(Currency::id)).collect();
    let in_base: Vec<Option<bool>> = of_rows.iter().map(|currency| currency.map(Currency::is_base)).collect();
    [ids.into_column().with_name(CURRENCY.into()), Column::new(IN_BASE.into(), in_base)]
}

/// The same as they are declared.
pub(super) fn declared() -> [Declared; 2] {
    [
        Declared::new(
            CURRENCY,
            Text,
            "",
            "The currency of the value: the organisation's base currency where the lake has the value in it, else the \
             deal's own. The base currency is the one whose deals have the same value in both.",
            "null without a value, and where the lake does not tell it",
            "S1",
            "e0000001-0000-4000-8000-000000000000",
        ),
        Declared::new(
            IN_BASE,
            Boolean,
            "",
            "Whether the value is in the organisation's base currency.",
            "null without a value",
            "S1",
            "true",
        ),
    ]
}
