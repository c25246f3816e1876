//! People outside who are in no record, by number: how strong a connection to them is follows the same formula.

use crate::frames::keys::KeyMap;
use crate::people::person_key;

/// People outside who are in no record, in the order in which they were met.
#[derive(Default)]
pub struct Strangers {
    numbers: KeyMap<u32, u64>,
    people: Vec<u64>,
}

impl Strangers {
    /// The number of somebody met, a new one where they were not met before; none for people who have a record, are
    /// ours or erased.
    pub fn meet(&mut self, who: u64) -> Option<u32> {
        person_key::stranger_bits(who)?;
        let next = self.people.len() as u32;
        let number = *self.numbers.entry(who).or_insert(next);
        if number == next {
            self.people.push(who);
        }
        Some(number)
    }

    /// The number of somebody who was met.
    pub fn number(&self, who: u64) -> Option<u32> {
        if self.people.is_empty() { None } else { self.numbers.get(&who).copied() }
    }

    /// How many there are.
    pub fn count(&self) -> usize {
        self.people.len()
    }

    /// Who they are, by number.
    pub fn people(&self) -> &[u64] {
        &self.people
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_people_without_record_get_numbers() {
        let mut strangers = Strangers::default();
        let (one, other) = (person_key::stranger(8), person_key::stranger(16));
        assert_eq!([strangers.meet(one), strangers.meet(other), strangers.meet(one)], [Some(0), Some(1), Some(0)]);
        let others =
            [person_key::external(3, 0), person_key::colleague(3), person_key::erased(person_key::stranger(24))];
        assert_eq!(others.map(|who| strangers.meet(who)), [None; 3]);
        assert_eq!((strangers.number(other), strangers.number(others[0]), strangers.count()), (Some(1), None, 2));
    }
}
