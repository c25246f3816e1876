//! Figures of a row as markup that also holds the value as the table has it, so that a reader's program and
//! our tests can compare the two. An unknown one says so.

use super::html::{Html, escaped};
use super::say::Say;
use super::sheet::Row;

/// The figures of one row; of no row all are unknown.
#[derive(Clone, Copy)]
pub struct Figures<'a> {
    pub say: &'a Say,
    pub row: Option<Row<'a>>,
    pub table: &'static str,
}

impl Figures<'_> {
    /// A whole number.
    pub fn whole(&self, column: &str) -> Html {
        let value = self.row.and_then(|row| row.whole(column));
        self.shown(column, value.map(|value| (value.to_string(), self.say.whole(value))))
    }

    fn float(&self, column: &str, said: impl Fn(f64) -> String) -> Html {
        let value = self.row.and_then(|row| row.number(column));
        self.shown(column, value.map(|value| (value.to_string(), said(value))))
    }

    /// A number with so many decimals.
    pub fn number(&self, column: &str, decimals: usize) -> Html {
        self.float(column, |value| self.say.number(value, decimals))
    }

    /// An amount of money.
    pub fn amount(&self, column: &str) -> Html {
        self.float(column, |value| self.say.amount(value))
    }

    /// A score from 0 to 100.
    pub fn score(&self, column: &str) -> Html {
        self.float(column, |value| self.say.score(value))
    }

    /// A share from 0 to 1 in per cent.
    pub fn percent(&self, column: &str) -> Html {
        self.float(column, |value| self.say.percent(value))
    }

    /// A number from 0 to 100 in per cent, cut as scores are.
    pub fn per_cent(&self, column: &str) -> Html {
        self.float(column, |value| self.say.percent(value.floor() / 100.0))
    }

    /// A number that a word says better.
    pub fn in_words(&self, column: &str, words: &str) -> Html {
        self.float(column, |_| words.to_string())
    }

    /// Hours.
    pub fn hours(&self, column: &str) -> Html {
        self.float(column, |value| self.say.hours(value))
    }

    /// Minutes.
    pub fn minutes(&self, column: &str) -> Html {
        self.float(column, |value| self.say.minutes(value))
    }

    /// An instant.
    pub fn instant(&self, column: &str) -> Html {
        let value = self.row.and_then(|row| row.instant(column));
        self.shown(column, value.map(|at| (at.timestamp_micros().to_string(), self.say.instant(at))))
    }

    /// The day of an instant.
    pub fn day_of_instant(&self, column: &str) -> Html {
        let value = self.row.and_then(|row| row.instant(column));
        self.shown(column, value.map(|at| (at.timestamp_micros().to_string(), self.say.day(self.say.day_of(at)))))
    }

    /// A day.
    pub fn day(&self, column: &str) -> Html {
        let value = self.row.and_then(|row| row.day(column));
        self.shown(column, value.map(|day| (day.to_string(), self.say.day(day))))
    }

    /// A text that stands for itself.
    pub fn text(&self, column: &str) -> Html {
        let value = self.row.and_then(|row| row.text(column));
        self.shown(column, value.map(|text| (text.to_string(), text.to_string())))
    }

    fn shown(&self, column: &str, value: Option<(String, String)>) -> Html {
        let of = format!("{}.{column}", self.table);
        Html::written(match value {
            Some((value, shown)) => {
                format!("<data value=\"{}\" data-of=\"{of}\">{}</data>", escaped(&value), escaped(&shown))
            }
            None => format!("<span class=\"unknown\" data-of=\"{of}\">{}</span>", escaped(self.say.words.unknown)),
        })
    }
}
