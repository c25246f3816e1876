//! Random changes of who owns, shares, belongs, manages, and of what is there at all. Each appends rows, as exports do.

use serde_json::{Value, json};

use super::model::{id, live};
use crate::support::dice::Dice;
use crate::support::lake::{Lake, Row};

/// A lake that is changed step by step.
pub struct Changing {
    pub lake: Lake,
    pub dice: Dice,
    version: i64,
    step: u64,
}

const USERS: [&str; 8] = ["anna", "bo", "cleo", "opted", "clerk", "swede", "erased", "half"];
const TEAMS: [&str; 3] = ["team", "team-two", "team-of-none"];
const RECORDS: [(&str, &str); 4] =
    [("account", "accountid"), ("contact", "contactid"), ("lead", "leadid"), ("opportunity", "opportunityid")];

impl Changing {
    pub fn from(lake: Lake, dice: Dice) -> Changing {
        Changing { lake, dice, version: 10, step: 0 }
    }

    /// Makes one change; what it was.
    pub fn step(&mut self) -> String {
        self.step += 1;
        self.version += 1;
        match self.dice.below(20) {
            0..=4 => self.share(),
            5..=7 => self.owner(),
            8..=10 => self.membership(),
            11 | 12 => self.manager(),
            13..=15 => self.link(),
            16 => self.able(),
            17 => self.record(),
            18 => self.role(),
            _ => match self.dice.below(4) {
                0 => self.erasure(),
                1 => self.address(),
                2 => self.removed_without_version(),
                _ => self.older_version(),
            },
        }
    }

    /// An id in one of its spellings.
    fn spelled(&mut self, id: &str) -> Value {
        match self.dice.below(4) {
            0 => json!(id.to_uppercase()),
            1 => json!(format!("{{{id}}}")),
            _ => json!(id),
        }
    }

    fn principal(&mut self) -> Value {
        let name = match self.dice.below(3) {
            0 => *self.dice.pick(&TEAMS),
            1 => *self.dice.pick(&["nobody", "erased", "anna"]),
            _ => *self.dice.pick(&USERS),
        };
        self.spelled(name)
    }

    /// Some record, deleted ones among them.
    fn any_record(&mut self) -> (&'static str, &'static str, String) {
        let (table, key) = *self.dice.pick(&RECORDS);
        let rows = &self.lake.tables[table];
        let at = self.dice.below(rows.len());
        (table, key, id(rows[at].get(key)).expect("a record has an id"))
    }

    /// A newer version of a row with other values; the row is as new where there is none.
    fn put(&mut self, table: &str, keys: &[(&str, &str)], values: &[(&str, Value)]) -> String {
        let names: Vec<&str> = keys.iter().map(|(column, _)| *column).collect();
        let key: Vec<&str> = keys.iter().map(|(_, value)| *value).collect();
        let mut row = live(&self.lake, table, &names).remove(&key.join("/")).unwrap_or_default();
        for (column, value) in keys {
            let spelled = self.spelled(value);
            row.insert((*column).into(), spelled);
        }
        if keys.len() == 1 {
            row.insert("Id".into(), json!(keys[0].1));
        }
        row.insert("versionnumber".into(), json!(self.version));
        for (column, value) in values {
            row.insert((*column).into(), value.clone());
        }
        let said = format!("{table} {row:?}");
        self.lake.insert(table, row);
        said
    }

    fn delete(&self) -> Vec<(&'static str, Value)> {
        vec![("IsDelete", json!(true))]
    }

    fn share(&mut self) -> String {
        let share = format!("s{}", self.dice.below(20));
        let key = [("principalobjectaccessid", share.as_str())];
        let is_there = live(&self.lake, "principalobjectaccess", &["principalobjectaccessid"]).contains_key(&share);
        if is_there && self.dice.once_in(3) {
            return self.put("principalobjectaccess", &key, &self.delete());
        }
        let (_, _, record) = self.any_record();
        let (record, principal) = (self.spelled(&record), self.principal());
        let own = json!(self.dice.pick(&[0, 1, 2, 3, 16, 17, 786_451, 852_002]));
        let inherited = self.dice.pick(&[Value::Null, json!(0), json!(0), json!(1), json!(135_069_718)]).clone();
        let values = [
            ("principalid", principal),
            ("objectid", record),
            ("accessrightsmask", own),
            ("inheritedaccessrightsmask", inherited),
        ];
        self.put("principalobjectaccess", &key, &values)
    }

    fn owner(&mut self) -> String {
        let (table, key, record) = self.any_record();
        let owner = if self.dice.once_in(8) { Value::Null } else { self.principal() };
        self.put(table, &[(key, &record)], &[("ownerid", owner)])
    }

    fn membership(&mut self) -> String {
        let (team, user) = (*self.dice.pick(&TEAMS[..2]), *self.dice.pick(&USERS));
        let keys = [("teamid", team), ("systemuserid", user)];
        let gone = self.dice.once_in(3);
        let values = if gone { self.delete() } else { Vec::new() };
        self.put("teammembership", &keys, &values)
    }

    fn manager(&mut self) -> String {
        let user = *self.dice.pick(&USERS);
        let manager = match self.dice.below(4) {
            0 => Value::Null,
            _ => {
                let manager = *self.dice.pick(&USERS);
                self.spelled(manager)
            }
        };
        self.put("systemuser", &[("systemuserid", user)], &[("parentsystemuserid", manager)])
    }

    fn able(&mut self) -> String {
        let user = *self.dice.pick(&USERS);
        let values = match self.dice.below(5) {
            0 => self.delete(),
            1 | 2 => vec![("isdisabled", json!(true))],
            _ => vec![("isdisabled", json!(false))],
        };
        self.put("systemuser", &[("systemuserid", user)], &values)
    }

    fn link(&mut self) -> String {
        let link = format!("link-{}", self.dice.below(15));
        let key = [("connectionid", link.as_str())];
        if self.dice.once_in(5) {
            return self.put("connection", &key, &self.delete());
        }
        let (_, _, record) = self.any_record();
        let (record, principal) = (self.spelled(&record), self.principal());
        // The other row of the pair says the same from the other end, and gives nothing.
        let ends = if self.dice.once_in(5) { [principal, record] } else { [record, principal] };
        let [first, second] = ends;
        let values = [
            ("record1id", first),
            ("record2id", second),
            ("record2roleid", json!(self.dice.pick(&["sales-team", "sales-team", "stakeholder", "no-role"]))),
            ("statecode", json!(i64::from(self.dice.once_in(5)))),
        ];
        self.put("connection", &key, &values)
    }

    fn role(&mut self) -> String {
        match self.dice.below(3) {
            0 => {
                let role = *self.dice.pick(&["sales-team", "stakeholder"]);
                let category = if self.dice.once_in(4) { 1000 } else { 1001 };
                self.put("connectionrole", &[("connectionroleid", role)], &[("category", json!(category))])
            }
            // What a security role lets somebody read is not in the table.
            1 => {
                let keys = [("systemuserid", *self.dice.pick(&USERS)), ("roleid", "r1")];
                let gone = self.dice.once_in(2);
                let values = if gone { self.delete() } else { Vec::new() };
                self.put("systemuserroles", &keys, &values)
            }
            _ => self.put("role", &[("roleid", "r2")], &[("name", json!("System Administrator"))]),
        }
    }

    fn record(&mut self) -> String {
        let (table, key, record) = self.any_record();
        let values = match self.dice.below(5) {
            0 => self.delete(),
            1 if table != "opportunity" => {
                let (_, _, master) = self.any_record();
                let master = self.spelled(&master);
                vec![("merged", json!(true)), ("masterid", master)]
            }
            2 if table != "opportunity" => vec![("merged", json!(false))],
            3 => {
                let times = ["2026-03-31T21:59Z", "2026-03-31T22:00Z", "2026-04-02T08:00Z", "2025-01-01T00:00Z"];
                vec![("createdon", json!(self.dice.pick(&times)))]
            }
            _ => vec![("msdyn_gdproptout", json!(self.dice.once_in(4)))],
        };
        self.put(table, &[(key, &record)], &values)
    }

    fn erasure(&mut self) -> String {
        let row = match self.dice.below(3) {
            0 => json!({ "kind": "contact", "principal": format!("{{C{}}}", self.dice.below(9)) }),
            1 => json!({ "kind": "address", "principal": format!("L{}@leads.example", self.dice.below(4)) }),
            _ => json!({ "kind": "systemuser", "principal": "swede" }),
        };
        self.lake.insert("erasures", row.as_object().expect("a row").clone());
        format!("erasures {row}")
    }

    fn address(&mut self) -> String {
        let (table, key) = *self.dice.pick(&RECORDS[1..3]);
        let at = self.dice.below(self.lake.tables[table].len());
        let record = id(self.lake.tables[table][at].get(key)).expect("an id");
        let addresses =
            ["c1@acme.example", "l1@leads.example", "gone@gone.example", "swede@other.example", "new@x.example"];
        let value = json!(self.dice.pick(&addresses));
        self.put(table, &[(key, &record)], &[("emailaddress2", value)])
    }

    /// Some tools delete without a version: later than whatever was written before.
    fn removed_without_version(&mut self) -> String {
        let (table, key, record) = self.any_record();
        let mut row = Row::new();
        row.insert(key.into(), json!(record));
        row.insert("versionnumber".into(), Value::Null);
        row.insert("SinkModifiedOn".into(), Value::Null);
        row.insert("IsDelete".into(), json!(true));
        self.lake.insert(table, row.clone());
        format!("{table} {row:?}")
    }

    /// What is exported again of a version that has passed changes nothing.
    fn older_version(&mut self) -> String {
        let (table, key, record) = self.any_record();
        let owner = self.principal();
        let now = self.version;
        self.version = 0;
        let said = self.put(table, &[(key, &record)], &[("ownerid", owner)]);
        self.version = now;
        said
    }
}
