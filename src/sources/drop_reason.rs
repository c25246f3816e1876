//! Why a source row is no interaction: the reason codes of `dropped_activities` (rule N8).

use polars::prelude::*;

use crate::frames::typed;

macro_rules! reasons {
    ($($variant:ident $code:literal),+ $(,)?) => {
        /// A reason code; the order decides where several would do.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
        #[repr(u8)]
        #[expect(missing_docs, reason = "the codes say it")]
        pub enum DropReason { $($variant),+ }

        /// The codes as published, by number.
        pub const CODES: &[&str] = &[$($code),+];

        #[cfg(test)]
        const ALL: &[DropReason] = &[$(DropReason::$variant),+];
    };
}

reasons! {
    NoConsent "no_consent",
    OptedOut "opted_out",
    Erased "erased",
    RoleNotSelected "role_not_selected",
    RegionNotSupported "region_not_supported",
    Deleted "deleted",
    NoId "no_id",
    Draft "draft",
    NotSent "not_sent",
    Failed "failed",
    Cancelled "cancelled",
    NeverCompleted "never_completed",
    ImplausibleTime "implausible_time",
    SeriesMaster "series_master",
    NoTime "no_time",
    MeetingMessage "meeting_message",
    InternalOnly "internal_only",
    Automated "automated",
    MassMail "mass_mail",
    AllDayOrLonger "all_day_or_longer",
    Declined "declined",
}

impl DropReason {
    /// The reason as a literal.
    pub fn lit(self) -> Expr {
        typed(self as u8)
    }
}

/// Whether a row with this reason leaves no trace: for privacy, because it is deleted, or because nothing says
/// what it is.
pub fn leaves_no_trace(reason: u8) -> bool {
    reason <= DropReason::NoId as u8
}

/// Published codes of a column of reasons.
pub fn codes(column: Expr) -> Expr {
    column.map(
        |c| {
            let codes: StringChunked = c.u8()?.iter().map(|reason| CODES.get(usize::from(reason?)).copied()).collect();
            Ok(codes.with_name(c.name().clone()).into_column())
        },
        |_, field| Ok(Field::new(field.name().clone(), DataType::String)),
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_reason_has_its_code() {
        assert_eq!(CODES.len(), ALL.len());
        assert_eq!(CODES[DropReason::RegionNotSupported as usize], "region_not_supported");
        assert!(DropReason::RegionNotSupported < DropReason::Deleted && DropReason::Deleted < DropReason::Draft);
        assert!(leaves_no_trace(DropReason::OptedOut as u8) && !leaves_no_trace(DropReason::Draft as u8));
    }
}
