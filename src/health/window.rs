//! Over which days health looks back.

/// Days that a score looks back, its own among them.
pub const WINDOW_DAYS: u32 = 365;
/// Days back to the oldest earlier score that a trend compares with.
pub const TREND_DAYS: u32 = 28;
/// Days within which a relationship was in touch that is living.
pub const LIVING_DAYS: u32 = 90;
