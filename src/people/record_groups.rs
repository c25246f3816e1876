//! One person may be several records: a contact and two leads with the same address. The further ones are a set with a
//! number, which goes with the person.

use std::collections::HashMap;

/// The sets of further records that people are.
#[derive(Default)]
pub struct RecordGroups {
    /// The records of each set, by its number less one.
    pub members: Vec<Vec<u32>>,
    numbers: HashMap<Vec<u32>, u32>,
}

impl RecordGroups {
    /// The number of a set of records, from 1; 0 for the empty set.
    pub fn number(&mut self, mut members: Vec<u32>) -> u32 {
        if members.is_empty() {
            return 0;
        }
        members.sort_unstable();
        members.dedup();
        if let Some(&number) = self.numbers.get(&members) {
            return number;
        }
        self.members.push(members.clone());
        let number = self.members.len() as u32;
        self.numbers.insert(members, number);
        number
    }

    /// The records of a set.
    pub fn of(&self, number: u32) -> &[u32] {
        (number as usize).checked_sub(1).and_then(|at| self.members.get(at)).map_or(&[], Vec::as_slice)
    }
}
