//! Which columns of the lake a published column is made of: by the rules that the dictionary cites for it. Where a rule is
//! about several kinds of interactions, the column's name says which of them count.

use crate::rules;
use crate::table::{Column, Table};

/// Columns of a table of the lake.
type Columns = (&'static str, &'static [&'static str]);

const EMAILS: [Columns; 2] =
    [("email", &["directioncode", "senton", "actualend"]), ("messages", &["sentDateTime", "receivedDateTime", "from"])];
const MEETINGS: [Columns; 2] = [
    ("appointment", &["scheduledstart", "scheduledend", "actualstart"]),
    ("calendar_view", &["start", "end", "organizer"]),
];
const CALLS: [Columns; 1] = [("phonecall", &["directioncode", "actualstart", "actualend", "scheduledstart"])];
const TASKS: [Columns; 1] = [("task", &["actualend", "scheduledend"])];
const THREADS: [Columns; 2] = [
    ("email", &["senton", "messageid", "inreplyto", "conversationindex"]),
    ("messages", &["sentDateTime", "internetMessageId", "conversationIndex", "internetMessageHeaders"]),
];
const DURATIONS: [Columns; 4] = [
    ("appointment", &["scheduleddurationminutes", "actualdurationminutes", "scheduledstart", "scheduledend"]),
    ("calendar_view", &["start", "end", "attendees"]),
    ("phonecall", &["actualdurationminutes"]),
    ("task", &["actualdurationminutes"]),
];
const FOLLOWED: [Columns; 1] =
    [("email", &["isemailfollowed", "opencount", "linksclickedcount", "attachmentopencount", "replycount"])];
const DEALS: [Columns; 2] = [
    (
        "opportunity",
        &[
            "statecode",
            "actualclosedate",
            "estimatedvalue",
            "estimatedvalue_base",
            "actualvalue",
            "actualvalue_base",
            "estimatedclosedate",
            "transactioncurrencyid",
        ],
    ),
    ("account", &["industrycode", "revenue", "numberofemployees", "address1_country", "customertypecode"]),
];
const STATES: [Columns; 3] =
    [("opportunity", &["statecode", "actualclosedate"]), ("lead", &["statecode"]), ("contact", &["statecode"])];
const CREATION: [Columns; 4] = [
    ("account", &["createdon"]),
    ("contact", &["createdon"]),
    ("lead", &["createdon"]),
    ("opportunity", &["createdon"]),
];
const OWNERS: [Columns; 2] = [("systemuser", &["systemuserid", "fullname"]), ("contact", &["parentcustomerid"])];
const OUR_SIDE: [Columns; 1] = [("systemuser", &["systemuserid", "fullname", "internalemailaddress", "isdisabled"])];
const ACCOUNTS: [Columns; 2] =
    [("opportunity", &["parentaccountid", "customerid"]), ("account", &["accountid", "name"])];
const IDENTITY: [Columns; 6] = [
    ("email", &["activityid", "messageid"]),
    ("messages", &["internetMessageId"]),
    ("appointment", &["activityid", "globalobjectid"]),
    ("calendar_view", &["iCalUId"]),
    ("phonecall", &["activityid"]),
    ("task", &["activityid"]),
];
const WRITTEN: [Columns; 6] = [
    ("email", &["createdon", "SinkModifiedOn"]),
    ("appointment", &["createdon", "SinkModifiedOn"]),
    ("phonecall", &["createdon", "SinkModifiedOn"]),
    ("task", &["createdon", "SinkModifiedOn"]),
    ("messages", &["createdDateTime", "lastModifiedDateTime"]),
    ("calendar_view", &["createdDateTime", "lastModifiedDateTime"]),
];

const READERS: [Columns; 7] = [
    ("systemuser", &["systemuserid", "isdisabled", "parentsystemuserid"]),
    ("teammembership", &["teamid", "systemuserid"]),
    ("principalobjectaccess", &["principalid", "objectid", "accessrightsmask", "inheritedaccessrightsmask"]),
    ("account", &["ownerid"]),
    ("contact", &["ownerid"]),
    ("lead", &["ownerid"]),
    ("opportunity", &["ownerid"]),
];

/// What decides which rows there are at all, and so concerns every column of a table: who is who, which interactions count,
/// and for whom. It is told once of each table, since events would be as long again if each column told it.
pub(super) const WHOLE_TABLE: [Columns; 11] = [
    ("activityparty", &["activityid", "partyid", "partyid_entitytype", "addressused", "participationtypemask"]),
    ("messages", &["from", "toRecipients", "ccRecipients", "puser"]),
    ("calendar_view", &["isCancelled", "organizer", "attendees", "puser"]),
    ("email", &["statuscode", "regardingobjectid"]),
    ("appointment", &["statecode", "regardingobjectid"]),
    ("phonecall", &["statecode"]),
    ("task", &["statecode"]),
    ("contact", &["contactid", "emailaddress1", "emailaddress2", "emailaddress3", "parentcustomerid"]),
    ("lead", &["leadid", "emailaddress1", "emailaddress2", "emailaddress3"]),
    ("systemuser", &["systemuserid", "internalemailaddress", "domainname"]),
    ("opportunity", &["opportunityid", "customerid", "parentaccountid", "parentcontactid", "ownerid"]),
];

/// What a rule takes. Rules about the program itself, about days and about names of columns take nothing of the lake.
fn taken_by(rule: &str) -> Vec<Columns> {
    let interactions = || [&EMAILS[..], &MEETINGS, &CALLS, &TASKS].concat();
    match rule {
        "K1" | "K8" | "K9" | "K11" | "K13" | "N1" | "N2" | "N3" | "N6" | "N8" => interactions(),
        "H1" | "H2" | "H3" | "H4" | "W1" | "W3" | "W4" | "W6" | "W7" | "W8" | "W9" | "K10" | "S5" => interactions(),
        "K2" => EMAILS.to_vec(),
        "K3" | "K4" | "K5" | "N7" => THREADS.to_vec(),
        "K6" | "N4" => DURATIONS.to_vec(),
        "K7" => FOLLOWED.to_vec(),
        "K12" => WRITTEN.to_vec(),
        "N5" | "I12" => IDENTITY.to_vec(),
        "S1" | "S2" | "S3" => DEALS.to_vec(),
        "T5" => STATES.to_vec(),
        "T3" => CREATION.to_vec(),
        "L2" => OWNERS.to_vec(),
        "L4" => ACCOUNTS.to_vec(),
        "P2" | "W2" | "W5" => OUR_SIDE.to_vec(),
        "C7" => READERS.to_vec(),
        _ => Vec::new(),
    }
}

/// The tables that hold a kind of interaction, by how names of columns begin that count that kind alone.
const KINDS: [(&[&str], &[&str]); 4] = [
    (&["email", "followed_email", "open_rate", "click_rate", "reply_rate", "response"], &["email", "messages"]),
    (&["meeting", "face_time"], &["appointment", "calendar_view"]),
    (&["phone_call"], &["phonecall"]),
    (&["task"], &["task"]),
];

/// The columns of the lake that a column is made of, table by table, each once.
pub(super) fn of(table: &Table, column: &Column) -> Vec<(&'static str, &'static str)> {
    if let Some(record) = table.name.strip_suffix("_kpis")
        && let Some(own) = own_of_record(record, column.name)
    {
        return vec![own];
    }
    let kind = KINDS.iter().find(|(begins, _)| begins.iter().any(|begin| column.name.starts_with(begin)));
    let counts = |input: &str| kind.is_none_or(|(_, tables)| tables.contains(&input));
    let mut found = Vec::new();
    for (input, columns) in rules::codes(column.rule).flat_map(taken_by) {
        for field in columns.iter().filter(|_| counts(input)) {
            if !found.contains(&(input, *field)) {
                found.push((input, *field));
            }
        }
    }
    found
}

/// What a KPI table has from its record as it is.
fn own_of_record(record: &str, column: &str) -> Option<(&'static str, &'static str)> {
    let (table, id, name) = match record {
        "account" => ("account", "accountid", "name"),
        "contact" => ("contact", "contactid", "fullname"),
        "lead" => ("lead", "leadid", "fullname"),
        "opportunity" => ("opportunity", "opportunityid", "name"),
        _ => return None,
    };
    match column {
        "name" => Some((table, name)),
        "owner_id" => Some((table, "ownerid")),
        _ if column.strip_suffix("_id") == Some(record) => Some((table, id)),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;
    use crate::jobs;

    /// Rules that take nothing of the lake: dates, names and files of results; and those about who is who and what counts for
    /// whom, which [`WHOLE_TABLE`] has.
    const OF_THE_PROGRAM: [&str; 12] = ["C3", "H5", "I2", "L1", "L5", "O2", "O5", "P3", "P4", "T1", "T4", "T2"];

    fn column(table: &str, name: &str) -> Vec<String> {
        let tables = jobs::tables();
        let table = tables.iter().find(|one| one.name == table).unwrap();
        let column = table.columns.iter().find(|one| one.name == name).unwrap();
        of(table, column).into_iter().map(|(input, field)| format!("{input}.{field}")).collect()
    }

    #[test]
    fn columns_are_made_of_what_their_rule_and_their_kind_take() {
        assert_eq!(
            column("account_kpis", "phone_calls_made"),
            ["directioncode", "actualstart", "actualend", "scheduledstart"].map(|c| format!("phonecall.{c}"))
        );
        assert!(column("account_kpis", "meetings_sent").iter().all(|one| !one.starts_with("email")));
        assert!(column("lead_kpis", "response_rate_by_us").contains(&"messages.conversationIndex".to_string()));
        assert_eq!(column("contact_kpis", "name"), ["contact.fullname"]);
        assert_eq!(column("opportunity_kpis", "opportunity_id"), ["opportunity.opportunityid"]);
        assert_eq!(column("account_kpis", "as_of"), [""; 0]);
    }

    #[test]
    fn every_rule_that_the_dictionary_cites_is_decided_upon() {
        let tables = jobs::tables();
        let cited: BTreeSet<&str> =
            tables.iter().flat_map(|table| &table.columns).flat_map(|column| rules::codes(column.rule)).collect();
        let open: Vec<&&str> =
            cited.iter().filter(|rule| taken_by(rule).is_empty() && !OF_THE_PROGRAM.contains(rule)).collect();
        assert!(open.is_empty(), "say what these rules take of the lake, or that it is nothing: {open:?}");
    }

    #[test]
    fn what_columns_are_made_of_is_in_the_contract() {
        let page = rules::PAGE;
        let columns_of = |table: &str| {
            page.lines()
                .find(|line| line.contains(&format!("| `{table}` |")) || line.contains(&format!("| **`{table}`** |")))
        };
        let tables = jobs::tables();
        let made_of = tables.iter().flat_map(|table| table.columns.iter().flat_map(move |column| of(table, column)));
        let whole = WHOLE_TABLE.iter().flat_map(|(table, columns)| columns.iter().map(move |column| (*table, *column)));
        for (table, column) in made_of.chain(whole).filter(|(_, column)| *column != "SinkModifiedOn") {
            let line = columns_of(table).unwrap_or_else(|| panic!("{table} is no table of the lake"));
            assert!(line.contains(&format!("`{column}`")), "{table} has no column {column}");
        }
    }
}
