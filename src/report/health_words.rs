//! State, trend and reason of health as markup: a sign and a word, so that colour is not the only difference.

use super::html::{Html, escaped};
use super::say::Say;
use super::sheet::Row;
use crate::language::Language;

/// The state's sign: fuller is better.
fn sign(state: &str) -> &'static str {
    match state {
        "good" => "●",
        "fair" => "◐",
        "poor" => "◔",
        "dormant" => "○",
        _ => "–",
    }
}

/// The class of a state in the style sheet.
pub fn class(state: &str) -> &'static str {
    match state {
        "good" => "good",
        "fair" => "fair",
        "poor" => "poor",
        "dormant" => "dormant",
        _ => "without",
    }
}

/// The state in words, with its sign.
pub fn state(say: &Say, row: Row<'_>) -> Html {
    let of = format!("{}.health_state", row.table());
    Html::written(match row.text("health_state") {
        Some(state) => format!(
            "<data class=\"state {}\" value=\"{}\" data-of=\"{of}\"><span aria-hidden=\"true\">{}</span> {}</data>",
            class(state),
            escaped(state),
            sign(state),
            escaped(say.words.health_state(state))
        ),
        None => format!("<span class=\"unknown\" data-of=\"{of}\">{}</span>", say.words.unknown),
    })
}

/// The trend in words, with an arrow; nothing without one.
pub fn trend(say: &Say, row: Row<'_>) -> Html {
    let Some(trend) = row.text("health_trend") else { return Html::default() };
    let arrow = match trend {
        "improving" => "↗",
        "declining" => "↘",
        _ => "→",
    };
    Html::written(format!(
        "<data class=\"trend\" value=\"{}\" data-of=\"{}.health_trend\"><span aria-hidden=\"true\">{arrow}</span> {}</data>",
        escaped(trend),
        row.table(),
        escaped(say.words.health_trend(trend))
    ))
}

/// The main reason in the language of the report.
pub fn reason<'a>(say: &Say, row: Row<'a>) -> Option<&'a str> {
    said(say, row, "main_reason")
}

/// A text that a table has in every language, in that of the report.
pub fn said<'a>(say: &Say, row: Row<'a>, column: &str) -> Option<&'a str> {
    match say.language {
        Language::English => row.text(column),
        other => row.text(&format!("{column}_{}", other.code())),
    }
}
