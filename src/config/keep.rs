//! How much history each table keeps (O7).

use std::collections::BTreeMap;

use toml::Value;

use super::values::{Read, found};
use crate::plain;
use crate::suggest::nearest;

/// How much of a table stays, counted from its newest partition that does not lie in the future.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Keep {
    /// Every partition.
    All,
    /// Those of so many days, the newest one's among them.
    Days(u32),
    /// So many partitions.
    Last(u32),
}

/// The name under which the rest of the tables is meant.
const DEFAULT: &str = "default";

/// How much each table keeps, by its name.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Retention(BTreeMap<String, Keep>);

impl Retention {
    /// What holds for a table; everything stays unless it is said otherwise.
    pub fn of(&self, table: &str) -> Keep {
        *self.0.get(table).or_else(|| self.0.get(DEFAULT)).unwrap_or(&Keep::All)
    }
}

/// Reads what the tables among `known` keep.
pub(super) fn read(value: &Value, known: &[&str]) -> Read<Retention> {
    let table = value.as_table().ok_or_else(|| found(value))?;
    let known = || known.iter().copied().chain([DEFAULT]);
    let entries = table.iter().map(|(name, keep)| {
        if !known().any(|table| table == name) {
            let hint = nearest(name, known()).map(|table| format!("; did you mean {table}?")).unwrap_or_default();
            return Err(format!("found the table {}, which there is not{hint}", plain::value(name)));
        }
        Ok((name.clone(), keep_of(keep)?))
    });
    entries.collect::<Read<_>>().map(Retention)
}

fn keep_of(value: &Value) -> Read<Keep> {
    let text = value.as_str().ok_or_else(|| found(value))?;
    let number = |digits: &str| digits.parse().ok().filter(|number| (1..=100_000).contains(number));
    let keep = match text.split(' ').collect::<Vec<_>>()[..] {
        ["all"] => Some(Keep::All),
        [days, "days"] => number(days).map(Keep::Days),
        ["last", count] => number(count).map(Keep::Last),
        _ => None,
    };
    keep.ok_or_else(|| found(value))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn retention(text: &str) -> Read<Retention> {
        read(&Value::Table(toml::from_str(text).unwrap()), &["account_kpis", "interactions", "summaries"])
    }

    #[test]
    fn what_a_table_keeps_is_said_by_name_or_for_the_rest() {
        let kept = retention("default = \"30 days\"\ninteractions = \"last 3\"\naccount_kpis = \"all\"").unwrap();
        assert_eq!(kept.of("interactions"), Keep::Last(3));
        assert_eq!(kept.of("account_kpis"), Keep::All);
        assert_eq!(kept.of("summaries"), Keep::Days(30));
        assert_eq!(Retention::default().of("summaries"), Keep::All);
    }

    #[test]
    fn unknown_tables_and_other_words_are_refused() {
        assert!(retention("interaction = \"all\"").unwrap_err().contains("did you mean interactions?"));
        for keep in ["0 days", "last 0", "3", "a week", "3  days", "last three", ""] {
            assert!(retention(&format!("summaries = \"{keep}\"")).is_err(), "{keep:?}");
        }
        assert!(retention("summaries = 3").is_err());
    }
}
