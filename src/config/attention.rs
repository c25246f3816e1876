//! What the list of records that need attention looks for, and from where on (rule K13).

/// Why a record needs attention.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum AttentionReason {
    /// They wait for our answer.
    AwaitingUs,
    /// We wait for theirs.
    AwaitingThem,
    /// Silent beyond the relationship's own rhythm.
    Silent,
    /// Only one of their people is in touch with us.
    OneContact,
    /// Only one of us is in touch with them.
    OneColleague,
    /// Nothing is planned.
    NoNextStep,
    /// The deal is expected to close soon, or should have, and health falls.
    CloseDate,
    /// The owner's user is disabled.
    OwnerDisabled,
    /// Somebody of the deal never heard from us.
    StakeholderUnheard,
    /// Much less contact than similar won deals had at this age.
    UnlikeSimilar,
}

/// Names of reasons, in the order of the alphabet.
pub const REASONS: [&str; 10] = [
    "awaiting_them",
    "awaiting_us",
    "close_date",
    "no_next_step",
    "one_colleague",
    "one_contact",
    "owner_disabled",
    "silent",
    "stakeholder_unheard",
    "unlike_similar",
];

impl AttentionReason {
    /// All of them, in the order of [`REASONS`].
    pub const ALL: [AttentionReason; 10] = [
        AttentionReason::AwaitingThem,
        AttentionReason::AwaitingUs,
        AttentionReason::CloseDate,
        AttentionReason::NoNextStep,
        AttentionReason::OneColleague,
        AttentionReason::OneContact,
        AttentionReason::OwnerDisabled,
        AttentionReason::Silent,
        AttentionReason::StakeholderUnheard,
        AttentionReason::UnlikeSimilar,
    ];

    /// Its name in job files and tables.
    pub fn name(self) -> &'static str {
        let place = AttentionReason::ALL.iter().position(|reason| *reason == self);
        place.map_or("", |place| REASONS[place])
    }

    /// The reason of a name.
    pub fn from_name(name: &str) -> Option<AttentionReason> {
        AttentionReason::ALL.into_iter().find(|reason| reason.name() == name)
    }
}

/// Which reasons are looked for, and from where on they hold.
#[derive(Clone, Debug, PartialEq)]
pub struct AttentionSettings {
    /// In the order of their names.
    pub reasons: Vec<AttentionReason>,
    /// Days since the last contact below which a relationship is active.
    pub active_days: u32,
    /// Hours from which an email without an answer waits.
    pub waiting_from_hours: u32,
    /// Days after which nobody waits for an answer any more.
    pub waiting_days: u32,
    /// How many times the usual days between contacts are silence.
    pub silent_rhythms: f64,
    /// Days before the expected close from which a deal is looked at.
    pub close_days: u32,
}

impl Default for AttentionSettings {
    fn default() -> AttentionSettings {
        AttentionSettings {
            reasons: AttentionReason::ALL.to_vec(),
            active_days: 90,
            waiting_from_hours: 24,
            waiting_days: 28,
            silent_rhythms: 2.0,
            close_days: 14,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_reason_has_a_name_of_its_own() {
        assert!(REASONS.is_sorted());
        assert_eq!(
            AttentionReason::ALL.map(|reason| AttentionReason::from_name(reason.name())),
            AttentionReason::ALL.map(Some)
        );
        assert_eq!(AttentionReason::from_name("quiet"), None);
    }
}
