//! What a calendar event is: single, one of a series, or what stands for a series (rules N5, I10).

use std::borrow::Cow;

use polars::prelude::*;

use crate::sources::values::ids::exact_key;
use crate::sources::values::nested::unwrapped;

/// Kinds in the order of their numbers, as serializers of Graph write them that know no names.
const NUMBERED: [&str; 4] = ["singleinstance", "occurrence", "exception", "seriesmaster"];

/// The kind in lower case. What says nothing but the id of its series is an occurrence.
fn kind<'a>(written: Option<&'a str>, series: Option<&str>) -> Option<Cow<'a, str>> {
    let written = written.map(|kind| unwrapped(kind.trim())).filter(|kind| exact_key(kind).is_some());
    let Some(written) = written else {
        return series.and_then(exact_key).map(|_| Cow::Borrowed(NUMBERED[1]));
    };
    let number = written.strip_suffix(".0").unwrap_or(written).parse::<usize>().ok();
    let named = number.and_then(|number| NUMBERED.get(number)).map(|kind| Cow::Borrowed(*kind));
    Some(named.unwrap_or_else(|| Cow::Owned(written.to_lowercase())))
}

/// The kinds of events by their `type`, and by the ids of their series where that is missing.
pub fn column(kinds: Expr, series: Expr) -> Expr {
    kinds.map_many(
        |columns| {
            let rows = columns[0].str()?.iter().zip(columns[1].str()?.iter());
            let kinds: StringChunked = rows.map(|(written, series)| kind(written, series)).collect();
            Ok(kinds.with_name(columns[0].name().clone()).into_column())
        },
        &[series],
        |_, fields| Ok(Field::new(fields[0].name().clone(), DataType::String)),
    )
}

#[cfg(test)]
mod tests {
    use super::kind;

    #[test]
    fn kinds_are_known_by_name_by_number_and_by_their_series() {
        for (written, series, expected) in [
            (Some("microsoft.graph.eventType'seriesMaster'"), None, Some("seriesmaster")),
            (Some("0"), Some("s"), Some("singleinstance")),
            (Some("1"), None, Some("occurrence")),
            (Some("2.0"), None, Some("exception")),
            (Some("3"), None, Some("seriesmaster")),
            (Some("4"), None, Some("4")),
            (Some("singleInstance"), Some("s"), Some("singleinstance")),
            (None, Some("s"), Some("occurrence")),
            (Some(" "), Some("s"), Some("occurrence")),
            (Some("null"), Some("null"), None),
            (None, Some(""), None),
            (None, None, None),
        ] {
            assert_eq!(kind(written, series).as_deref(), expected, "{written:?} {series:?}");
        }
    }
}
