//! Sets of days, as bits.

/// For each of many numbered things a set of days, by their places among [`super::LocalDays`].
#[derive(Clone, Debug)]
pub struct DaySets {
    words: usize,
    bits: Vec<u64>,
}

impl DaySets {
    /// Empty sets of so many days for so many things.
    pub fn empty(things: usize, days: u32) -> DaySets {
        let words = (days as usize).div_ceil(64);
        DaySets { words, bits: vec![0; things * words] }
    }

    /// Puts a day into the set of a thing.
    pub fn insert(&mut self, thing: u32, place: u32) {
        self.bits[thing as usize * self.words + place as usize / 64] |= 1 << (place % 64);
    }

    /// So many of the days from one on, by their places among those.
    pub fn part(&self, from: u32, days: u32) -> DaySets {
        let mut part = DaySets::empty(self.things() as usize, days);
        for thing in 0..self.things() {
            let places = self.places(thing).filter_map(|place| place.checked_sub(from));
            places.filter(|&place| place < days).for_each(|place| part.insert(thing, place));
        }
        part
    }

    /// Adds the days of others from one on, by their places among those. `number` says under which number a thing of
    /// theirs is here, if at all.
    pub fn extend(&mut self, others: &DaySets, from: u32, number: impl Fn(u32) -> Option<u32>) {
        for thing in 0..others.things() {
            let Some(number) = number(thing) else { continue };
            let places = others.places(thing).filter_map(|place| place.checked_sub(from));
            places.for_each(|place| self.insert(number, place));
        }
    }

    /// How many sets there are.
    pub fn things(&self) -> u32 {
        self.bits.len().checked_div(self.words).unwrap_or(0) as u32
    }

    /// The places of the days of a thing, ascending.
    pub fn places(&self, thing: u32) -> impl Iterator<Item = u32> {
        let from = thing as usize * self.words;
        self.bits[from..from + self.words].iter().zip(0u32..).flat_map(|(&word, at)| {
            let mut left = word;
            std::iter::from_fn(move || {
                let place = left.trailing_zeros();
                (left != 0).then(|| {
                    left &= left - 1;
                    at * 64 + place
                })
            })
        })
    }

    /// The last day of a thing up to a place.
    pub fn last_until(&self, thing: u32, place: u32) -> Option<u32> {
        let from = thing as usize * self.words;
        let (word, bit) = (place as usize / 64, place % 64);
        let below = |at: usize| match at {
            at if at == word => self.bits[from + at] & (u64::MAX >> (63 - bit)),
            at => self.bits[from + at],
        };
        (0..=word.min(self.words - 1)).rev().find_map(|at| {
            let left = below(at);
            (left != 0).then(|| at as u32 * 64 + 63 - left.leading_zeros())
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_part_of_the_days_keeps_those_in_it() {
        let mut sets = DaySets::empty(2, 130);
        [3, 64, 70, 129].into_iter().for_each(|place| sets.insert(1, place));
        let part = sets.part(64, 65);
        assert_eq!((part.things(), part.places(0).count()), (2, 0));
        assert_eq!(part.places(1).collect::<Vec<_>>(), [0, 6]);
    }

    #[test]
    fn days_of_others_are_added_by_their_places_and_numbers() {
        let (mut sets, mut others) = (DaySets::empty(2, 70), DaySets::empty(2, 130));
        sets.insert(0, 5);
        [3, 64, 129].into_iter().for_each(|place| others.insert(1, place));
        others.insert(0, 100);
        sets.extend(&others, 60, |thing| thing.checked_sub(1));
        assert_eq!(sets.places(0).collect::<Vec<_>>(), [4, 5, 69]);
        assert_eq!(sets.places(1).count(), 0);
    }

    #[test]
    fn sets_know_their_days_and_the_last_one() {
        let mut sets = DaySets::empty(2, 130);
        for place in [3, 64, 129] {
            sets.insert(1, place);
        }
        assert_eq!(sets.places(1).collect::<Vec<_>>(), [3, 64, 129]);
        assert_eq!(sets.places(0).count(), 0);
        let last = [2, 3, 63, 64, 128, 129].map(|place| sets.last_until(1, place));
        assert_eq!(last, [None, Some(3), Some(3), Some(64), Some(64), Some(129)]);
    }
}
