//! How strong a connection is: the published formula (rules W3, W4).

use crate::interactions::touch::Touch;
use crate::table::{Column, ColumnType};

/// What a strength is made of, as it is published beside it.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Components {
    /// Interactions, each counting half as much every 30 days and shared among the people it speaks to.
    pub recent_contact: f64,
}

/// Names of the components' columns, in order.
pub const COMPONENTS: [&str; 1] = ["recent_contact"];

impl Components {
    /// Over the interactions of one connection in the order of time, up to the cutoff.
    pub fn of(touches: &[Touch], cutoff: i64) -> Components {
        let recent_contact =
            touches.iter().map(|touch| (-touch.age(cutoff) / 30.0).exp2() / f64::from(touch.people)).sum();
        Components { recent_contact }
    }

    /// The strength, 0 to 100.
    pub fn strength(&self) -> f64 {
        100.0 * (1.0 - (-self.recent_contact / 4.0).exp2())
    }

    /// The values of [`COMPONENTS`].
    pub fn values(&self) -> [f64; 1] {
        [self.recent_contact]
    }
}

/// The strength where only the number of interactions counts (profile `basic`).
pub fn basic(interactions: usize) -> f64 {
    100.0 * (1.0 - (-(interactions as f64) / 8.0).exp2())
}

/// The columns of the components.
pub fn columns() -> Vec<Column> {
    vec![Column {
        name: COMPONENTS[0],
        dtype: ColumnType::Float64,
        unit: "interactions",
        description: "to do",
        empty: "never",
        rule: "W3",
        example: "1.5",
    }]
}
