//! What can change, and what is said of it.

/// What changed, an index into [`KINDS`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum ChangeKind {
    /// Our strongest connection became strong.
    ConnectionStrong,
    /// It became weak.
    ConnectionWeak,
    /// A deal was lost.
    DealLost,
    /// A deal came to be.
    DealNew,
    /// A deal was won.
    DealWon,
    /// A relationship fell silent for longer than its own rhythm explains.
    GoneSilent,
    /// Health crossed from one state into another.
    HealthState,
    /// The trend of health turned.
    Trend,
    /// Another person has most of the contact.
    TopContact,
}

impl ChangeKind {
    /// All of them, in the order of [`KINDS`].
    pub const ALL: [ChangeKind; 9] = [
        ChangeKind::ConnectionStrong,
        ChangeKind::ConnectionWeak,
        ChangeKind::DealLost,
        ChangeKind::DealNew,
        ChangeKind::DealWon,
        ChangeKind::GoneSilent,
        ChangeKind::HealthState,
        ChangeKind::Trend,
        ChangeKind::TopContact,
    ];
}

/// Published names of kinds, in their order.
pub const KINDS: [&str; 9] = [
    "connection_strong",
    "connection_weak",
    "deal_lost",
    "deal_new",
    "deal_won",
    "gone_silent",
    "health_state",
    "health_trend",
    "top_contact",
];

/// What is said of one side of a change: how it was, or how it is.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct ChangeSide {
    /// A state, trend, label, or the id of a person.
    pub what: Option<String>,
    /// A score or strength.
    pub value: Option<f64>,
    /// The name of the person whose id it is.
    pub name: Option<String>,
}

/// One change of one record.
#[derive(Clone, Debug, PartialEq)]
pub struct Change {
    /// The number of the record.
    pub record: u32,
    /// What changed.
    pub kind: ChangeKind,
    /// How it was.
    pub before: ChangeSide,
    /// How it is.
    pub after: ChangeSide,
    /// Of what has gone silent, days since the last contact.
    pub days: Option<u32>,
}

impl ChangeSide {
    /// A state without a number.
    pub fn of(what: &str) -> ChangeSide {
        ChangeSide { what: Some(what.to_string()), ..ChangeSide::default() }
    }
}
