//! The room that a chart has: it is drawn once for a desk and once for a phone, and the style sheet shows one of the two.

use crate::report::html::Html;

/// How wide the screen is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Room {
    /// Wider than 40 rem, and paper.
    Desk,
    /// As narrow as 360 pixels.
    Phone,
}

impl Room {
    /// The class by which the style sheet shows the drawing.
    pub fn class(self) -> &'static str {
        match self {
            Room::Desk => "on-desk",
            Room::Phone => "on-phone",
        }
    }

    /// One of two measures.
    pub fn pick<T>(self, desk: T, phone: T) -> T {
        match self {
            Room::Desk => desk,
            Room::Phone => phone,
        }
    }
}

/// The chart as it is drawn in either room.
pub fn in_both(draw: impl Fn(Room) -> String) -> Html {
    Html::written(draw(Room::Desk) + &draw(Room::Phone))
}
