//! Why a source row is no interaction: the reason codes of `dropped_activities` (rule N8).

use polars::prelude::*;

use crate::literals::typed;

macro_rules! reasons {
    ($($variant:ident $code:literal),+ $(,)?) => {
        /// A reason code; the order decides where several would do.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
        #[repr(u8)]
        #[expect(missing_docs, reason = "the codes say it")]
        pub enum Reason { $($variant),+ }

        /// The codes as published, by number.
        pub const CODES: &[&str] = &[$($code),+];

        #[cfg(test)]
        const ALL: &[Reason] = &[$(Reason::$variant),+];
    };
}

reasons! {
    Draft "draft",
    NotSent "not_sent",
    Failed "failed",
    Cancelled "cancelled",
    NeverCompleted "never_completed",
    ImplausibleTime "implausible_time",
    InternalOnly "internal_only",
    Automated "automated",
    MassMail "mass_mail",
    AllDayOrLonger "all_day_or_longer",
    Declined "declined",
    SeriesMaster "series_master",
    NoTime "no_time",
    Deleted "deleted",
    OptedOut "opted_out",
    Erased "erased",
    NoConsent "no_consent",
    RoleNotSelected "role_not_selected",
    RegionNotSupported "region_not_supported",
}

impl Reason {
    /// The reason as a literal.
    pub fn lit(self) -> Expr {
        typed(self as u8)
    }
}

/// Whether a row with this reason leaves no trace: for privacy, or because it is deleted.
pub fn leaves_no_trace(reason: u8) -> bool {
    (Reason::Deleted as u8..CODES.len() as u8).contains(&reason)
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
        assert_eq!(CODES[Reason::RegionNotSupported as usize], "region_not_supported");
        assert!(Reason::Deleted < Reason::OptedOut && Reason::NoTime < Reason::Deleted);
    }
}
