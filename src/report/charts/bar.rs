//! One bar in a cell of a table, beside the number that it shows.

use super::at;
use crate::report::html::Html;

/// A bar of a share of the cell's width, from 0 to 1; from the right where it points away from the middle.
pub fn bar(share: f64, class: &str, from_right: bool) -> Html {
    let width = share.clamp(0.0, 1.0) * 100.0;
    let x = if from_right { 100.0 - width } else { 0.0 };
    Html::written(format!(
        "<svg class=\"bar\" viewBox=\"0 0 100 10\" preserveAspectRatio=\"none\" aria-hidden=\"true\">\
         <rect class=\"{class}\" x=\"{}\" y=\"0\" width=\"{}\" height=\"10\"/></svg>",
        at(x),
        at(width)
    ))
}
