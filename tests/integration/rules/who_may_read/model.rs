//! Who may read what, by the words of rule C7 (and I1, P3, T3, C4, which say what is there): a second, slow and simple
//! reading of the tables, which knows nothing of the program.

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};

use serde_json::{Value, json};

use crate::support::lake::{Lake, Row};

/// Ways to a record, in the order of the table's columns: own, a team's, shared, on the sales team, a manager.
pub type Ways = [bool; 5];
/// Colleague, type of record, record.
pub type Key = (String, String, String);

const RECORDS: [(&str, &str); 4] =
    [("account", "accountid"), ("contact", "contactid"), ("lead", "leadid"), ("opportunity", "opportunityid")];
const ADDRESSES: [&str; 3] = ["emailaddress1", "emailaddress2", "emailaddress3"];

/// An id as it compares (I2).
pub fn id(value: Option<&Value>) -> Option<String> {
    let text = value?.as_str()?.trim().trim_matches(['{', '}']).to_lowercase();
    (!text.is_empty()).then_some(text)
}

fn text<'a>(row: &'a Row, column: &str) -> Option<&'a str> {
    row.get(column).and_then(Value::as_str)
}

fn whole(row: &Row, column: &str) -> Option<i64> {
    row.get(column).and_then(Value::as_i64)
}

fn is(row: &Row, column: &str) -> bool {
    row.get(column) == Some(&json!(true))
}

/// The current rows of a table that are not deleted, by their keys (I1).
pub fn live(lake: &Lake, table: &str, key: &[&str]) -> BTreeMap<String, Row> {
    let mut versions: BTreeMap<String, Vec<&Row>> = BTreeMap::new();
    for row in lake.tables.get(table).into_iter().flatten() {
        let parts: Option<Vec<String>> = key.iter().map(|column| id(row.get(*column))).collect();
        versions.entry(parts.expect("a key").join("/")).or_default().push(row);
    }
    let current = |rows: &Vec<&Row>| -> Option<Row> {
        // What deletes without a version is the last of its key here.
        if rows.iter().any(|row| is(row, "IsDelete") && whole(row, "versionnumber").is_none()) {
            return None;
        }
        let newest = rows.iter().max_by_key(|row| whole(row, "versionnumber"))?;
        (!is(newest, "IsDelete")).then(|| (*newest).clone())
    };
    versions.iter().filter_map(|(key, rows)| Some((key.clone(), current(rows)?))).collect()
}

/// Ids of people who are erased, and of accounts and opportunities that are opted out (C4).
fn erased(lake: &Lake) -> HashSet<String> {
    // Everything that has to do with one another: people and their addresses, and those merged into others.
    let mut pairs: Vec<(String, String)> = Vec::new();
    let mut found: HashSet<String> = HashSet::new();
    for (table, key) in RECORDS {
        for (record, row) in live(lake, table, &[key]) {
            if is(&row, "msdyn_gdproptout") {
                found.insert(record.clone());
            }
            if table == "account" || table == "opportunity" {
                continue;
            }
            let addresses = ADDRESSES.iter().filter_map(|column| text(&row, column)).map(str::to_lowercase);
            pairs.extend(addresses.map(|address| (record.clone(), address)));
            if is(&row, "merged") {
                pairs.extend(id(row.get("masterid")).map(|master| (record.clone(), master)));
            }
        }
    }
    let users = live(lake, "systemuser", &["systemuserid"]);
    for (user, row) in &users {
        let addresses = ["internalemailaddress", "domainname"].iter().filter_map(|column| text(row, column));
        pairs.extend(addresses.map(|address| (user.clone(), address.to_lowercase())));
    }
    for mailbox in lake.tables.get("users").into_iter().flatten() {
        let of = |row: &&Row| id(row.get("azureactivedirectoryobjectid")) == id(mailbox.get("puser"));
        let Some((user, _)) = users.iter().find(|(_, row)| of(row)) else { continue };
        let further = mailbox.get("proxyAddresses").and_then(Value::as_array).into_iter().flatten();
        let further = further.filter_map(Value::as_str).filter_map(|entry| entry.strip_prefix("smtp:"));
        pairs.extend(further.map(|address| (user.clone(), address.to_lowercase())));
    }
    let listed = lake.tables.get("erasures").into_iter().flatten();
    found.extend(listed.filter_map(|row| id(row.get("principal"))));
    loop {
        let before = found.len();
        for (one, other) in &pairs {
            if found.contains(one) || found.contains(other) {
                found.extend([one.clone(), other.clone()]);
            }
        }
        if found.len() == before {
            return found;
        }
    }
}

/// Where each merged record leads in the end, among those made before the cutoff (P3).
fn masters(rows: &BTreeMap<String, Row>) -> HashMap<String, String> {
    let mut links = HashMap::new();
    for (record, row) in rows {
        let master = id(row.get("masterid")).filter(|master| is(row, "merged") && rows.contains_key(master));
        links.extend(master.filter(|master| master != record).map(|master| (record.clone(), master)));
    }
    let mut ends = HashMap::new();
    for start in links.keys() {
        let mut way = vec![start.clone()];
        while let Some(next) = links.get(&way[way.len() - 1]) {
            if let Some(begin) = way.iter().position(|met| met == next) {
                // A ring stands for its smallest id.
                let smallest = way[begin..].iter().min().expect("a ring").clone();
                way.push(smallest);
                break;
            }
            way.push(next.clone());
        }
        let end = way.pop().expect("an end");
        if end != *start {
            ends.insert(start.clone(), end);
        }
    }
    ends
}

/// A record that is there as of the day.
struct Record {
    record_type: &'static str,
    owner: Option<String>,
}

/// What may be read as of the end of a day, through so many levels of managers.
pub struct Model {
    /// Every row that there has to be, and how the record is reached.
    pub readable: BTreeMap<Key, Ways>,
    /// All records that are there, as type and id.
    pub records: BTreeSet<(String, String)>,
    /// Who owns each of them.
    pub owners: BTreeMap<String, String>,
    /// Names of colleagues by which they sign in.
    pub sign_ins: BTreeMap<String, Option<String>>,
}

impl Model {
    pub fn of(lake: &Lake, cutoff: &str, levels: usize) -> Model {
        let erased = erased(lake);
        let mut records: BTreeMap<String, Record> = BTreeMap::new();
        let mut merged_leads = HashMap::new();
        for (record_type, key) in RECORDS {
            let mut rows = live(lake, record_type, &[key]);
            rows.retain(|_, row| text(row, "createdon").is_none_or(|created| created < cutoff));
            let masters = if record_type == "opportunity" { HashMap::new() } else { masters(&rows) };
            for (record, row) in rows {
                if erased.contains(&record) || masters.contains_key(&record) {
                    continue;
                }
                let owner = id(row.get("ownerid")).filter(|owner| !erased.contains(owner));
                records.insert(record, Record { record_type, owner });
            }
            if record_type == "lead" {
                merged_leads = masters;
            }
        }
        let users = live(lake, "systemuser", &["systemuserid"]);
        let mut teams: HashMap<String, BTreeSet<String>> = HashMap::new();
        for row in live(lake, "teammembership", &["teamid", "systemuserid"]).values() {
            let (team, user) = (id(row.get("teamid")), id(row.get("systemuserid")));
            teams.entry(user.expect("a member")).or_default().extend(team);
        }
        let none = BTreeSet::new();
        let teams_of = |user: &String| teams.get(user).unwrap_or(&none);
        let mut shared: HashSet<(String, String)> = HashSet::new();
        for row in live(lake, "principalobjectaccess", &["principalobjectaccessid"]).values() {
            let rights = ["accessrightsmask", "inheritedaccessrightsmask"].map(|mask| whole(row, mask).unwrap_or(0));
            if rights.iter().any(|mask| mask & 1 == 1) {
                shared.extend(id(row.get("principalid")).zip(id(row.get("objectid"))));
            }
        }
        let roles = live(lake, "connectionrole", &["connectionroleid"]);
        let mut sales: HashSet<(String, String)> = HashSet::new();
        for row in live(lake, "connection", &["connectionid"]).values() {
            let role = id(row.get("record2roleid")).and_then(|role| roles.get(&role));
            let is_sales = role.is_some_and(|role| whole(role, "category") == Some(1001));
            if is_sales && whole(row, "statecode") == Some(0) {
                let Some(of) = id(row.get("record1id")) else { continue };
                let of = merged_leads.get(&of).unwrap_or(&of).clone();
                sales.extend(id(row.get("record2id")).map(|who| (who, of)));
            }
        }
        let mut readable = BTreeMap::new();
        let mut sign_ins = BTreeMap::new();
        for (user, row) in &users {
            if erased.contains(user) || is(row, "isdisabled") {
                continue;
            }
            let below = below(&users, user, levels);
            let mut below_own: HashSet<&String> = HashSet::new();
            for report in &below {
                below_own.insert(report);
                below_own.extend(teams_of(report));
            }
            for (record, Record { record_type, owner }) in &records {
                let owned_by = |who: &String| owner.as_ref() == Some(who);
                let mine = |pairs: &HashSet<(String, String)>| {
                    let has = |who: &String| pairs.contains(&(who.clone(), record.clone()));
                    has(user) || teams_of(user).iter().any(has)
                };
                let is_deal = ["lead", "opportunity"].contains(record_type);
                let ways = [
                    owned_by(user),
                    teams_of(user).iter().any(owned_by),
                    mine(&shared),
                    is_deal && mine(&sales),
                    owner.as_ref().is_some_and(|owner| below_own.contains(owner)),
                ];
                if ways.contains(&true) {
                    readable.insert((user.clone(), record_type.to_string(), record.clone()), ways);
                }
            }
            let names = ["domainname", "internalemailaddress"].iter().filter_map(|column| text(row, column));
            sign_ins.insert(user.clone(), names.map(str::to_lowercase).find(|name| name.contains('@')));
        }
        let owners = records.iter().filter_map(|(record, of)| Some((record.clone(), of.owner.clone()?))).collect();
        let records = records.into_iter().map(|(record, of)| (of.record_type.to_string(), record)).collect();
        Model { readable, records, owners, sign_ins }
    }

    /// What a colleague or team owns, as far as they, or somebody of the team, may read it, as `type/id`.
    pub fn owned_by(&self, owner: &str) -> BTreeSet<String> {
        let is_theirs = |((user, _, record), ways): &(&Key, &Ways)| {
            self.owners.get(record).is_some_and(|of| of == owner) && (user == owner || ways[1])
        };
        let theirs = self.readable.iter().filter(is_theirs);
        theirs.map(|((_, record_type, record), _)| format!("{record_type}/{record}")).collect()
    }

    /// What a colleague may read, as `type/id`.
    pub fn of_colleague(&self, colleague: &str) -> BTreeSet<String> {
        let own = self.readable.keys().filter(|(user, ..)| user == colleague);
        own.map(|(_, record_type, record)| format!("{record_type}/{record}")).collect()
    }
}

/// Whose manager somebody is, level by level.
fn below(users: &BTreeMap<String, Row>, user: &str, levels: usize) -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    let mut level = BTreeSet::from([user.to_string()]);
    for _ in 0..levels {
        let is_report = |row: &Row| id(row.get("parentsystemuserid")).is_some_and(|manager| level.contains(&manager));
        level = users.iter().filter(|(_, row)| is_report(row)).map(|(report, _)| report.clone()).collect();
        level.remove(user);
        found.extend(level.iter().cloned());
    }
    found
}
