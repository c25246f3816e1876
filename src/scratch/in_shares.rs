//! Values grouped by a number, as many groups at a time as memory holds values of.

use super::limits::Scratch;
use crate::frames::{Grouped, shares};

impl Scratch {
    /// Calls `each` with one share of the groups after the other: `of` says of which group each of the values is, and
    /// groups of a share are numbered from 0. Those of a group are in the order in which they came. All groups are one share
    /// where memory has no limit.
    pub fn in_shares<T: Copy + Default>(
        &self,
        groups: usize,
        of: &[u32],
        values: &[T],
        mut each: impl FnMut(Grouped<T>),
    ) {
        let mut sizes = vec![0; groups];
        of.iter().for_each(|&group| sizes[group as usize] += 1);
        for share in shares(&sizes, self.values(size_of::<T>())) {
            let in_share = of.iter().zip(values).filter(|(group, _)| share.contains(group));
            each(Grouped::new(share.len(), in_share.map(|(group, value)| (group - share.start, *value))));
        }
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use tempfile::TempDir;

    use super::*;
    use crate::scratch::Limit;
    use crate::storage::Spool;

    #[test]
    fn shares_together_have_what_is_in_each_group() {
        let root = TempDir::new().unwrap();
        let few = Scratch::beyond(Limit::Parts(2), Arc::new(Spool::below(root.path().to_path_buf())));
        let of: Vec<u32> = (0..3000).map(|at| at * 7 % 11).collect();
        let values: Vec<u32> = (0..3000).collect();
        let found = |scratch: &Scratch| {
            let (mut calls, mut groups) = (0, Vec::new());
            scratch.in_shares(12, &of, &values, |share| {
                calls += 1;
                groups.extend((0..share.count() as u32).map(|group| share.of(group).to_vec()));
            });
            (calls, groups)
        };
        let (one, all) = found(&Scratch::default());
        let (more, in_shares) = found(&few);
        assert_eq!((one, more), (1, 4), "1024 values at a time, of three groups of 272 or 273");
        assert_eq!(all, in_shares);
        assert_eq!((all.len(), all[7][..3].to_vec(), all[11].len()), (12, vec![1, 12, 23], 0));
    }
}
