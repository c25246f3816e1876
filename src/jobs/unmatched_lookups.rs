//! Lookups of which not one value names a record: they hold names instead of ids, or the ids of another environment. No
//! value of them is wrong by itself, and nothing is joined.

use std::collections::HashSet;

use polars::prelude::*;

use crate::error::Result;
use crate::frames::keys::Key;
use crate::frames::typed_columns::{keys, texts};
use crate::interactions::columns::REGARDING;
use crate::sources::Sources;
use crate::sources::contract::{
    ACCOUNT, ACTIVITYPARTY, CONTACT, EMAIL, LEAD, OPPORTUNITY, ROLE, SYSTEMUSER, SYSTEMUSERROLES, SourceTable,
    TEAMMEMBERSHIP,
};
use crate::sources::values::ids;

/// Fewer values than these may all name something that is gone.
const FEW: usize = 10;

/// A column of ids, the columns that have these ids, and what results lose where none meets.
struct Lookup {
    column: Of,
    ids: &'static [Of],
    costs: &'static str,
}

/// A table and a column of it.
type Of = (&'static SourceTable, &'static str);

const LOOKUPS: &[Lookup] = &[
    Lookup {
        column: (&CONTACT, "parentcustomerid"),
        ids: &[(&ACCOUNT, "accountid"), (&CONTACT, "contactid")],
        costs: "accounts have no contacts but their primary one",
    },
    Lookup {
        column: (&ACCOUNT, "primarycontactid"),
        ids: &[(&CONTACT, "contactid")],
        costs: "accounts have no primary contact",
    },
    Lookup {
        column: (&ACCOUNT, "parentaccountid"),
        ids: &[(&ACCOUNT, "accountid")],
        costs: "no account belongs to another",
    },
    Lookup {
        column: (&OPPORTUNITY, "customerid"),
        ids: &[(&ACCOUNT, "accountid"), (&CONTACT, "contactid")],
        costs: "deals have no customer by it",
    },
    Lookup {
        column: (&OPPORTUNITY, "parentaccountid"),
        ids: &[(&ACCOUNT, "accountid")],
        costs: "deals have no account by it",
    },
    Lookup {
        column: (&OPPORTUNITY, "parentcontactid"),
        ids: &[(&CONTACT, "contactid")],
        costs: "deals have no contact by it",
    },
    Lookup { column: (&ACCOUNT, "ownerid"), ids: OWNERS, costs: "accounts have no owner" },
    Lookup { column: (&CONTACT, "ownerid"), ids: OWNERS, costs: "contacts have no owner" },
    Lookup { column: (&LEAD, "ownerid"), ids: OWNERS, costs: "leads have no owner" },
    Lookup { column: (&OPPORTUNITY, "ownerid"), ids: OWNERS, costs: "deals have no people on our side" },
    Lookup {
        column: (&SYSTEMUSERROLES, "systemuserid"),
        ids: &[(&SYSTEMUSER, "systemuserid")],
        costs: "nobody holds a role",
    },
    Lookup { column: (&SYSTEMUSERROLES, "roleid"), ids: &[(&ROLE, "roleid")], costs: "nobody holds a role" },
    Lookup {
        column: (&TEAMMEMBERSHIP, "systemuserid"),
        ids: &[(&SYSTEMUSER, "systemuserid")],
        costs: "teams have no members",
    },
];

/// Colleagues, and teams by their members: the lake has no table of teams.
const OWNERS: &[Of] = &[(&SYSTEMUSER, "systemuserid"), (&TEAMMEMBERSHIP, "teamid")];

/// Records that emails regard, and people.
const RECORDS: &[Of] = &[
    (&ACCOUNT, "accountid"),
    (&CONTACT, "contactid"),
    (&LEAD, "leadid"),
    (&OPPORTUNITY, "opportunityid"),
    (&SYSTEMUSER, "systemuserid"),
];

/// A sentence for each lookup of which no value meets an id.
///
/// # Errors
/// Only what the engine runs into.
pub(super) fn warnings(sources: &Sources) -> Result<Vec<String>> {
    let mut warnings = Vec::new();
    for Lookup { column: (table, column), ids, costs } in LOOKUPS {
        let values = records(sources, (table, column))?;
        let Some(values) = values.filter(|values| values.len() - values.null_count() >= FEW) else { continue };
        let mut known = HashSet::new();
        for of in *ids {
            known.extend(records(sources, *of)?.into_iter().flat_map(|ids| ids.iter().flatten()));
        }
        if !values.iter().flatten().any(|value| known.contains(value)) {
            let tables: Vec<String> = ids.iter().map(|(table, id)| format!("{}.{id}", table.name)).collect();
            let count = values.len() - values.null_count();
            warnings.push(told(table.name, column, count, &tables, costs));
        }
    }
    warnings.extend(of_activities(sources)?);
    Ok(warnings)
}

/// The same for who takes part in activities, and for what emails regard.
fn of_activities(sources: &Sources) -> Result<Vec<String>> {
    let mut known: HashSet<Key> = HashSet::new();
    for of in RECORDS {
        known.extend(records(sources, *of)?.into_iter().flat_map(|ids| ids.iter().flatten().filter_map(ids::key)));
    }
    let tables: Vec<String> = RECORDS.iter().map(|(table, id)| format!("{}.{id}", table.name)).collect();
    let mut warnings = Vec::new();
    for (table, column, frame, key, costs) in [
        (&ACTIVITYPARTY, "partyid", &sources.activities.parties, "party", "participants are known by address alone"),
        (
            &EMAIL,
            "regardingobjectid",
            &sources.activities.emails,
            REGARDING,
            "emails belong to records by their participants alone",
        ),
    ] {
        if frame.width() == 0 {
            continue;
        }
        let values = keys(frame, key)?;
        let count = values.len() - values.null_count();
        if count >= FEW && !values.iter().flatten().any(|value| known.contains(&value)) {
            warnings.push(told(table.name, column, count, &tables, costs));
        }
    }
    Ok(warnings)
}

/// A column of ids of a small table; none where the lake lacks the table.
fn records(sources: &Sources, (table, column): Of) -> Result<Option<&StringChunked>> {
    match sources.records.get(table.name) {
        Some(frame) if frame.width() > 0 => texts(frame, column).map(Some),
        _ => Ok(None),
    }
}

fn told(table: &str, column: &str, values: usize, ids: &[String], costs: &str) -> String {
    format!(
        "table {table}: none of the {values} values of {column} is one of {}, so {costs}. See whether the column holds \
         names instead of ids, or the ids of another environment",
        ids.join(" or ")
    )
}
