//! How healthy a relationship is: the published formula (rules H3, H5).

use crate::config::HealthSettings;
use crate::interactions::touch::Touch;
use crate::table::{Column, ColumnType};

/// What a score is made of, as it is published beside it.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Components {
    /// How recent contact is, 0 to 1.
    pub recent: f64,
}

/// Names of the components' columns, in order.
pub const COMPONENTS: [&str; 1] = ["recent"];

impl Components {
    /// Over the touches of one record in the order of time, all before `at`.
    pub fn of(touches: &[Touch], at: i64, settings: &HealthSettings) -> Components {
        let weight = |touch: &Touch| f64::from(settings.weights[usize::from(touch.kind)]) / 6.0;
        let recent: f64 = touches.iter().map(|touch| weight(touch) * (-touch.age(at) / 30.0).exp2()).sum();
        Components { recent }
    }

    /// The score, 0 to 100.
    pub fn score(&self) -> f64 {
        100.0 * (1.0 - (-self.recent).exp2())
    }

    /// The values of [`COMPONENTS`].
    pub fn values(&self) -> [f64; 1] {
        [self.recent]
    }
}

/// The columns of the components.
pub fn columns() -> Vec<Column> {
    vec![Column {
        name: COMPONENTS[0],
        dtype: ColumnType::Float64,
        unit: "0–1",
        description: "to do",
        empty: "null without a score",
        rule: "H3",
        example: "0.5",
    }]
}
