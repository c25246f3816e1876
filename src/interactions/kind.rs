//! The kinds of interaction. Columns hold them by number, everything else by name.

use polars::prelude::Expr;

use crate::frames::typed;

/// A kind of interaction, in the order in which published ids sort.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
#[repr(u8)]
pub enum Kind {
    /// An email.
    #[default]
    Email,
    /// A meeting.
    Meeting,
    /// A phone call.
    Call,
    /// A task.
    Task,
}

impl Kind {
    /// All of them by number.
    pub const ALL: [Kind; 4] = [Kind::Email, Kind::Meeting, Kind::Call, Kind::Task];

    /// That of a number in a column; tasks, which count for least, where a number is none of a kind.
    pub fn of(number: u8) -> Kind {
        Kind::ALL.get(usize::from(number)).copied().unwrap_or(Kind::Task)
    }

    /// Its number, as a literal of the column's type.
    pub fn lit(self) -> Expr {
        typed(self as u8)
    }

    /// Its published name.
    pub const fn name(self) -> &'static str {
        match self {
            Kind::Email => "email",
            Kind::Meeting => "meeting",
            Kind::Call => "phone_call",
            Kind::Task => "task",
        }
    }
}
