//! `rapport msdyn`: the tables of Dynamics 365 Sales filled from published ones, by their documented columns and by values
//! worked out by hand; and `rapport compare` with planted items of the original's own.

mod compare;
mod filled;
