//! Values grouped by a dense number, stored one group after the other.

/// Values by the number of their group, those of a group in the order in which they came.
pub struct Grouped<T> {
    /// Where each group begins, and the end.
    starts: Vec<usize>,
    values: Vec<T>,
}

impl<T: Copy + Default> Grouped<T> {
    /// Groups pairs of a number below `groups` and a value. A counting sort, which goes through the pairs twice.
    pub fn new(groups: usize, pairs: impl Iterator<Item = (u32, T)> + Clone) -> Grouped<T> {
        let mut starts = vec![0usize; groups + 1];
        for (group, _) in pairs.clone() {
            starts[group as usize] += 1;
        }
        let mut end = 0;
        for start in &mut starts {
            end += *start;
            *start = end - *start;
        }
        let mut values = vec![T::default(); end];
        for (group, value) in pairs {
            let place = &mut starts[group as usize];
            values[*place] = value;
            *place += 1;
        }
        // Each start was moved on to where the next group begins.
        starts.rotate_right(1);
        starts[0] = 0;
        Grouped { starts, values }
    }

    /// How many groups there are.
    pub fn count(&self) -> usize {
        self.starts.len() - 1
    }

    /// The values of a group.
    pub fn of(&self, group: u32) -> &[T] {
        &self.values[self.starts[group as usize]..self.starts[group as usize + 1]]
    }

    /// The values of a group, to be changed.
    pub fn of_mut(&mut self, group: u32) -> &mut [T] {
        &mut self.values[self.starts[group as usize]..self.starts[group as usize + 1]]
    }
}

impl<T: Copy + Default + Ord> Grouped<T> {
    /// The same with the values of each group in order.
    pub fn sorted(mut self) -> Grouped<T> {
        for group in 0..self.count() as u32 {
            self.of_mut(group).sort_unstable();
        }
        self
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_of_a_group_keep_their_order_until_they_are_sorted() {
        let pairs = [(2u32, 'b'), (0, 'x'), (2, 'a'), (2, 'c')];
        let grouped = Grouped::new(4, pairs.into_iter());
        assert_eq!([0, 1, 2, 3].map(|group| grouped.of(group)), [&['x'][..], &[], &['b', 'a', 'c'], &[]]);
        assert_eq!(grouped.sorted().of(2), ['a', 'b', 'c']);
        assert_eq!(Grouped::<u8>::new(0, std::iter::empty()).count(), 0);
    }
}
