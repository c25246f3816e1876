//! What can be the main reason for a score.

use super::{STATES, State};

/// What a reason says besides what was counted. Each is said only where the columns of the row bear it out.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) enum Clause {
    NoneYet,
    NoneInYear,
    NoneInTwoYears,
    OnlyNamed,
    NoReply,
    NoOutreach,
    OnRhythm(u32),
    AwaitingCustomer(u32),
    AwaitingUs(u32),
    Silent(u32),
    Dormant(u32),
    TooRare,
    MostlyUs,
    MostlyThem,
    ColleaguesQuiet,
    Usual,
    BelowUsual,
}

impl Clause {
    /// The code that is published.
    pub(super) fn code(self) -> &'static str {
        match self {
            Clause::NoneYet => STATES[State::NoClosedActivities as usize],
            Clause::NoneInYear => STATES[State::NotEnoughInfo as usize],
            Clause::NoneInTwoYears => STATES[State::OlderThanTwoYears as usize],
            Clause::OnlyNamed | Clause::Silent(_) => "silent",
            Clause::NoReply => "no_reply",
            Clause::NoOutreach => "no_outreach",
            Clause::OnRhythm(_) => "on_rhythm",
            Clause::AwaitingCustomer(_) => "awaiting_customer",
            Clause::AwaitingUs(_) => "awaiting_us",
            Clause::Dormant(_) => STATES[State::Dormant as usize],
            Clause::TooRare => "too_rare",
            Clause::MostlyUs | Clause::MostlyThem => "one_sided",
            Clause::ColleaguesQuiet => "colleagues_quiet",
            Clause::Usual => "usual",
            Clause::BelowUsual => "below_usual",
        }
    }
}
