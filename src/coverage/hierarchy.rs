//! Accounts and the accounts above them.

use crate::error::Result;
use crate::frames::Grouped;
use crate::frames::typed_columns::texts;
use crate::interactions::Context;
use crate::people::RecordType;
use crate::sources::contract;

/// Which account is above which. Where parents run in a ring, the one with the smallest id has none.
pub struct Hierarchy {
    first: u32,
    parents: Vec<Option<u32>>,
    children: Grouped<u32>,
}

impl Hierarchy {
    /// Of the accounts of the date; a merged parent is its master.
    pub fn of(context: &Context) -> Result<Hierarchy> {
        let records = &context.people.records;
        let accounts = records.range(RecordType::Account);
        let above = texts(&context.sources.records[contract::ACCOUNT.name], "parentaccountid")?;
        let parent = |account: u32| {
            let id = above.get(records.rows[account as usize])?;
            records.number(RecordType::Account, id).filter(|&parent| parent != account)
        };
        Ok(Hierarchy::new(accounts.start, accounts.map(parent).collect()))
    }

    /// Of the parents of accounts, from the first one on.
    fn new(first: u32, mut parents: Vec<Option<u32>>) -> Hierarchy {
        const UNSEEN: u32 = u32::MAX;
        // By account, from which account on it was first reached.
        let mut reached = vec![UNSEEN; parents.len()];
        for start in 0..parents.len() as u32 {
            let mut at = start;
            loop {
                match reached[at as usize] {
                    UNSEEN => reached[at as usize] = start,
                    // The line came back to itself, and begins with the smallest of a ring that was not seen before.
                    from if from == start => {
                        let mut smallest = at;
                        let mut next = parents[at as usize].map_or(at, |parent| parent - first);
                        while next != at {
                            smallest = smallest.min(next);
                            next = parents[next as usize].map_or(at, |parent| parent - first);
                        }
                        parents[smallest as usize] = None;
                        break;
                    }
                    _ => break,
                }
                match parents[at as usize] {
                    Some(parent) => at = parent - first,
                    None => break,
                }
            }
        }
        let pairs =
            parents.iter().zip(first..).filter_map(|(parent, account)| Some((parent.as_ref()? - first, account)));
        let children = Grouped::new(parents.len(), pairs.clone());
        Hierarchy { first, parents, children }
    }

    /// The account above one.
    pub fn parent(&self, account: u32) -> Option<u32> {
        self.parents[(account - self.first) as usize]
    }

    /// An account and all below it, at any depth.
    pub fn below(&self, account: u32) -> Vec<u32> {
        let mut all = vec![account];
        let mut at = 0;
        while at < all.len() {
            all.extend(self.children.of(all[at] - self.first));
            at += 1;
        }
        all
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn all_that_is_below_is_found_and_rings_are_cut_at_the_smallest() {
        // 10 ← 11 ← 12, and 13 → 15 → 14 → 13 in a ring with 16 below.
        let parents = vec![None, Some(10), Some(11), Some(15), Some(13), Some(14), Some(15)];
        let hierarchy = Hierarchy::new(10, parents);
        assert_eq!(hierarchy.below(10), [10, 11, 12]);
        assert_eq!((hierarchy.below(12), hierarchy.parent(13), hierarchy.parent(14)), (vec![12], None, Some(13)));
        assert_eq!(hierarchy.below(13), [13, 14, 15, 16]);
    }
}
