//! Signs of life: what a held interaction says about one record, in 64 bits.

use bytemuck::{Pod, Zeroable};

use crate::interactions::Kind;
use crate::interactions::interaction_view::Started;

/// What an interaction with a colleague, or with nobody of ours, says about a record on a day. Signs
/// sort by day first; two equal ones say no more than one.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Zeroable, Pod)]
#[repr(transparent)]
pub struct Sign(u64);

/// Nobody of ours took part.
pub const NOBODY: u32 = u32::MAX;

/// How much of an interaction is the record's own, from strong to weak.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Part {
    /// One of its people started it, is addressed or met us; or it only regards the record.
    Full,
    /// One of its people is copied in.
    Copied,
}

/// Which way an interaction goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Way {
    /// From us.
    Out,
    /// From them.
    In,
    /// Both at once: a meeting, a call.
    Both,
    /// Neither: another outsider wrote, or nobody knows who did.
    Neither,
}

const PARTS: [Part; 2] = [Part::Full, Part::Copied];
const WAYS: [Way; 4] = [Way::Out, Way::In, Way::Both, Way::Neither];

impl Sign {
    /// `day` is the place of the day, `user` a colleague or [`NOBODY`].
    pub fn new(day: u32, kind: Kind, way: Way, part: Part, user: u32) -> Sign {
        let low = (kind as u64) << 36 | (way as u64) << 34 | (part as u64) << 32 | u64::from(user);
        Sign(u64::from(day) << 40 | low)
    }

    /// Place of the day.
    pub fn day(self) -> u32 {
        (self.0 >> 40) as u32
    }

    /// The same sign, seen from a window that begins so many days later; none if it was before that.
    pub fn moved(self, days: u32) -> Option<Sign> {
        self.0.checked_sub(u64::from(days) << 40).map(Sign)
    }

    /// Kind of the interaction.
    pub fn kind(self) -> Kind {
        Kind::of((self.0 >> 36) as u8 & 15)
    }

    /// Which way it went.
    pub fn way(self) -> Way {
        WAYS[(self.0 >> 34) as usize & 3]
    }

    /// How much of it is the record's own.
    pub fn part(self) -> Part {
        PARTS[(self.0 >> 32) as usize & 1]
    }

    /// The colleague, or [`NOBODY`].
    pub fn user(self) -> u32 {
        self.0 as u32
    }

    /// Kind and colleague, by which variety is told.
    pub fn channel(self) -> u64 {
        self.0 & (15 << 36 | u64::from(u32::MAX))
    }
}

/// Which way an interaction of a kind goes: both sides are in one room in meetings and calls, tasks
/// are ours.
pub fn way(kind: Kind, started: Started) -> Way {
    match (kind, started) {
        (Kind::Email, Started::ByUs) | (Kind::Task, _) => Way::Out,
        (Kind::Email, Started::ByThem) => Way::In,
        (Kind::Email, Started::Unknown) => Way::Neither,
        (Kind::Meeting | Kind::Call, _) => Way::Both,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_sign_keeps_what_it_was_made_of() {
        let sign = Sign::new(391, Kind::Task, Way::Both, Part::Copied, NOBODY);
        assert_eq!((sign.day(), sign.kind(), sign.way()), (391, Kind::Task, Way::Both));
        assert_eq!((sign.part(), sign.user()), (Part::Copied, NOBODY));
        assert_eq!(sign.moved(390).map(Sign::day), Some(1));
        assert_eq!(sign.moved(392), None);
        assert!(sign < Sign::new(392, Kind::Email, Way::Out, Part::Full, 0));
    }
}
