//! Groups whose members the administrator lists in `group_members`.

use std::collections::{HashMap, HashSet};

use crate::error::Result;
use crate::frames::typed_columns::texts;
use crate::sources::values::ids;
use crate::sources::{SmallTables, contract};

/// Members by the name or id of their group, as ids compare.
pub struct GroupMembers(HashMap<String, Vec<String>>);

impl GroupMembers {
    /// Those of the control table.
    pub fn of(records: &SmallTables) -> Result<GroupMembers> {
        let frame = &records[contract::GROUP_MEMBERS.name];
        let mut groups: HashMap<String, Vec<String>> = HashMap::new();
        for (group, member) in texts(frame, "group")?.iter().zip(texts(frame, "principal")?.iter()) {
            let (Some(group), Some(member)) = (group, member) else { continue };
            groups.entry(name(group)).or_default().push(member.to_string());
        }
        Ok(GroupMembers(groups))
    }

    /// Whether there is a group of this name.
    pub fn has(&self, named: &str) -> bool {
        self.0.contains_key(&name(named))
    }

    /// Whom a name stands for: itself, and where it is a group's, its members, those of groups in it among them.
    pub fn everyone<'a>(&'a self, named: &'a str) -> Vec<&'a str> {
        let (mut met, mut open, mut everyone) = (HashSet::from([name(named)]), vec![named], Vec::new());
        while let Some(next) = open.pop() {
            everyone.push(next);
            let members = self.0.get(&name(next)).into_iter().flatten();
            open.extend(members.map(String::as_str).filter(|member| met.insert(name(member))));
        }
        everyone
    }
}

fn name(text: &str) -> String {
    ids::canonical(text.trim())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn groups_in_groups_and_in_themselves_come_to_an_end() {
        let members = |of: &[&str]| of.iter().map(|name| name.to_string()).collect();
        let groups = [
            ("board".to_string(), members(&["Works Council", "a@x"])),
            ("works council".into(), members(&["b@x", "BOARD"])),
        ];
        let groups = GroupMembers(groups.into());
        let mut everyone = groups.everyone(" Board ");
        everyone.sort_unstable();
        assert_eq!(everyone, [" Board ", "Works Council", "a@x", "b@x"]);
        assert_eq!(groups.everyone("nobody"), ["nobody"]);
    }
}
