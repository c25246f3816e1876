//! Numbers for values that repeat.

use hashbrown::HashTable;
use hashbrown::hash_table::Entry;

use crate::sources::keys::spread;

/// Different values, numbered in the order in which they come.
pub struct Distinct<T> {
    /// By number.
    pub values: Vec<T>,
    numbers: HashTable<u32>,
}

/// What can be numbered.
pub trait Mixed: Copy + PartialEq {
    /// The same for equal values, and seldom for others.
    fn mixed(&self) -> u64;
}

impl<T: Mixed> Distinct<T> {
    /// No values yet.
    pub fn new() -> Distinct<T> {
        Distinct { values: Vec::new(), numbers: HashTable::new() }
    }

    /// The number of a value, which it gets now if it is new.
    pub fn number(&mut self, value: T) -> u32 {
        let Distinct { values, numbers } = self;
        let is_it = |&number: &u32| values[number as usize] == value;
        match numbers.entry(value.mixed(), is_it, |&number| values[number as usize].mixed()) {
            Entry::Occupied(found) => *found.get(),
            Entry::Vacant(free) => {
                let number = values.len() as u32;
                free.insert(number);
                values.push(value);
                number
            }
        }
    }
}

/// Mixes a number into another.
pub fn mix(mixed: u64, number: u64) -> u64 {
    spread(mixed ^ number)
}

#[cfg(test)]
mod tests {
    use super::*;

    impl Mixed for u64 {
        fn mixed(&self) -> u64 {
            // Values that collide are told from one another.
            self % 3
        }
    }

    #[test]
    fn values_are_numbered_as_they_come() {
        let mut distinct = Distinct::new();
        let numbers = [7u64, 4, 7, 1, 4, 1].map(|value| distinct.number(value));
        assert_eq!((numbers, distinct.values), ([0, 1, 0, 2, 1, 2], vec![7, 4, 1]));
    }
}
