//! Data frames: what every step needs to plan, run and look into them. Nothing here knows people or activities.

mod gather;
mod grouped;
pub mod keys;
mod literals;
pub mod map_text;
mod plans;
mod shares;
mod side_by_side;
pub mod sort_text;
pub mod text_memo;
pub mod typed_columns;

pub use gather::{gather, rows_between};
pub use grouped::Grouped;
pub use literals::typed;
pub use plans::{EXPLODE, collect, union};
pub use shares::shares;
pub use side_by_side::side_by_side;
pub use sort_text::sort_by_text;
