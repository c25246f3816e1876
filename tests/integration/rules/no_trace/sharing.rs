//! Changes of shares, links, memberships and lists that give nobody anything.

use serde_json::json;

use super::other_values::object;
use super::{Change, Kind};
use crate::support::lake::Row;

pub(super) const KINDS: [Kind; 4] = [
    ("a share that lets nobody read", add_share),
    ("a link that says nothing", add_link),
    ("a membership or role of nobody", add_membership),
    ("a line of a list that names nobody", add_to_list),
];

/// Ids that no record and nobody of the lake has.
const NOBODY: &str = "00000000-0000-4000-8000-00000000dead";

pub(super) fn share(id: &str, principal: &str, object_id: &str, mask: i64) -> Row {
    object(json!({
        "principalobjectaccessid": id, "principalid": principal, "objectid": object_id, "accessrightsmask": mask,
    }))
}

fn add_share(change: &mut Change<'_>) {
    let id = format!("none-{}", change.number);
    let (principal, object_id) = (*change.dice.pick(&["cleo", "team", "bo"]), format!("c{}", change.dice.below(9)));
    let row = match change.dice.below(6) {
        0 => share(&id, principal, &object_id, 2 * change.dice.below(64) as i64),
        1 => share(&id, NOBODY, &object_id, 1),
        2 => share(&id, principal, NOBODY, 1),
        3 => share(&id, principal, "c-gone", 1),
        4 => share(&id, "erased", &object_id, 3),
        _ => {
            let mut deleted = share(&id, principal, &object_id, 1);
            deleted.insert("versionnumber".into(), json!(9));
            deleted.insert("IsDelete".into(), json!(true));
            change.lake.insert("principalobjectaccess", share(&id, principal, &object_id, 1));
            deleted
        }
    };
    change.lake.insert("principalobjectaccess", row);
}

fn add_link(change: &mut Change<'_>) {
    let id = format!("link-{}", change.number);
    let link = |from: &str, to: &str, role: &str, state: i64| {
        object(
            json!({ "connectionid": id, "record1id": from, "record2id": to, "record2roleid": role, "statecode": state }),
        )
    };
    let role = *change.dice.pick(&["stakeholder", "sales-team"]);
    let row = match change.dice.below(5) {
        0 => link("opportunity:o1", "systemuser:cleo", role, 1),
        1 => link("account:a1", "systemuser:cleo", role, 0),
        2 => link("opportunity:o1", &format!("systemuser:{NOBODY}"), role, 0),
        3 => link("opportunity:o1", "contact:c-gone", "stakeholder", 0),
        _ => link("opportunity:o1", "contact:c7", NOBODY, 0),
    };
    change.lake.insert("connection", row);
}

fn add_membership(change: &mut Change<'_>) {
    let number = change.number;
    let (table, row) = match change.dice.below(4) {
        0 => ("teammembership", json!({ "teamid": "team", "systemuserid": NOBODY })),
        1 => ("teammembership", json!({ "teamid": format!("team-{number}"), "systemuserid": "bo" })),
        2 => ("systemuserroles", json!({ "systemuserid": "clerk", "roleid": format!("role-{number}") })),
        _ => ("role", json!({ "roleid": format!("role-{number}"), "name": format!("Clerk {number}") })),
    };
    change.lake.insert(table, object(row));
}

fn add_to_list(change: &mut Change<'_>) {
    let number = change.number;
    let (list, row) = match change.dice.below(5) {
        0 => ("opt_outs", json!({ "principal": format!("nobody-{number}@nw.example"), "effective_from": null })),
        1 => ("opt_outs", json!({ "principal": "OPTED@nw.example", "effective_from": "2026-02-01" })),
        2 => ("opt_outs", json!({ "principal": "anna", "effective_from": "2027-01-01" })),
        3 => ("group_members", json!({ "group": format!("group-{number}"), "principal": "anna" })),
        _ => ("erasures", json!({ "kind": "address", "principal": format!("nobody-{number}@nowhere.example") })),
    };
    change.lake.insert(list, object(row));
}
