//! What is absent, and what it costs: columns that a table of the lake lacks, and settings that take data away or
//! contradict each other. Nothing of it is an error, and all of it looks like a good run.

use crate::config::{Job, Settings};
use crate::interactions::columns::ROLE;
use crate::quality::freshness::consent_is_awaited;
use crate::sources::contract::{self, SourceTable};
use crate::sources::{Shares, Sources};

/// Columns that results lean on, with what is lost without them.
const COSTS: &[(&str, &str, &str)] = &[
    (
        "contact",
        "emailaddress1",
        "contacts are not found by their main address, so most mail of Exchange meets no record",
    ),
    ("contact", "parentcustomerid", "accounts have no contacts but their primary one"),
    ("contact", "fullname", "people have no names, and texts cannot be searched for those of the erased"),
    ("lead", "emailaddress1", "leads are not found by their main address"),
    ("systemuser", "internalemailaddress", "colleagues are not found by their address"),
    ("systemuser", "azureactivedirectoryobjectid", "mailboxes are told whose they are by mail address alone"),
    ("activityparty", "partyid", "participants are known by address alone"),
    ("email", "messageid", "an email that both systems hold counts twice"),
    ("email", "directioncode", "emails without a sender have no direction"),
    ("appointment", "globalobjectid", "a meeting that both systems hold counts twice"),
    ("account", "createdon", "accounts count on every day, also before they were made"),
    ("contact", "createdon", "contacts count on every day, also before they were made"),
    ("lead", "createdon", "leads count on every day, also before they were made"),
    ("opportunity", "createdon", "deals count as open on every day before they were closed"),
    ("account", "primarycontactid", "accounts have no primary contact"),
    ("account", "ownerid", "accounts have no owner"),
    ("contact", "ownerid", "contacts have no owner"),
    ("lead", "ownerid", "leads have no owner"),
    ("opportunity", "ownerid", "deals have no people on our side"),
    ("opportunity", "customerid", "deals have no customer but parentaccountid and parentcontactid"),
    ("opportunity", "parentcontactid", "deals have no contact by it"),
    ("opportunity", "actualclosedate", "a closed deal counts as closed at all times, and no week has deals won in it"),
    ("email", "regardingobjectid", "tracked emails belong to records by their participants alone"),
    ("task", "regardingobjectid", "tasks belong to no record"),
    ("phonecall", "actualdurationminutes", "calls have no length"),
    ("activityparty", "addressused", "participants without a record are unknown"),
    ("systemuserroles", "systemuserid", "nobody holds a role"),
    ("systemuserroles", "roleid", "nobody holds a role"),
    ("teammembership", "teamid", "teams have no members"),
    ("teammembership", "systemuserid", "teams have no members"),
    ("connection", "record1id", "leads and deals have no stakeholders and no sales teams"),
    ("connection", "record2id", "leads and deals have no stakeholders and no sales teams"),
    ("connection", "record2roleid", "leads and deals have no stakeholders and no sales teams"),
    ("connectionrole", "category", "leads and deals have no stakeholders and no sales teams"),
    ("messages", "toRecipients", "mail of Exchange has no recipients"),
    ("messages", "puser", "no message has a mailbox, and its use depends on default_country alone"),
    (
        "messages",
        "internetMessageHeaders",
        "automatic mail is known by sender and subject alone, and what a message answers by conversationIndex alone",
    ),
    ("calendar_view", "start", "meetings of Exchange have no time and are dropped"),
    ("calendar_view", "end", "meetings of Exchange have no length"),
    ("calendar_view", "attendees", "meetings of Exchange have no attendees"),
    ("calendar_view", "organizer", "meetings of Exchange have no organizer"),
    ("calendar_view", "type", "masters of series count as meetings beside their occurrences"),
    ("calendar_view", "puser", "no meeting has a mailbox, and its use depends on default_country alone"),
    ("users", "usageLocation", "mailboxes have no country but default_country and mailbox_countries"),
];

/// Columns that many leave empty, or that are empty while nothing has happened.
const MAY_BE_EMPTY: [&str; 4] =
    ["primarycontactid", "parentcontactid", "actualclosedate", "azureactivedirectoryobjectid"];
/// Fewer rows than these may all lack a value.
const FEW: usize = 10;

/// Tables whose deleted and superseded rows would count.
const EXPORTED: [&str; 7] = ["account", "contact", "lead", "opportunity", "email", "appointment", "activityparty"];

/// Columns that no file of a table has, and what that costs.
pub(super) fn columns(sources: &Sources) -> Vec<String> {
    let mut warnings = Vec::new();
    for input in sources.inputs.iter().filter(|input| input.rows_read > 0) {
        let lacks = |name: &str| input.lacking.contains(&name);
        let costs = COSTS.iter().filter(|(table, column, _)| *table == input.table && lacks(column));
        warnings.extend(costs.map(|(table, column, cost)| format!("table {table} has no column {column}: {cost}")));
        if input.table == "activityparty" && lacks("partyid") && lacks("addressused") {
            warnings
                .push("table activityparty has neither partyid nor addressused: nobody takes part in anything".into());
        }
        if input.table == "email" && lacks("conversationindex") && lacks("inreplyto") {
            let cost = "which email answers which is known by Exchange alone, and so are response times";
            warnings.push(format!("table email has neither conversationindex nor inreplyto: {cost}"));
        }
        if input.table == "users" && lacks("puser") && lacks("id") {
            warnings.push("table users has neither puser nor id: it says nothing of any mailbox".into());
        }
        if input.table == "messages" && lacks("sentDateTime") && lacks("receivedDateTime") {
            warnings.push("table messages has neither sentDateTime nor receivedDateTime: its mail has no time".into());
        }
        if input.table == "messages" && lacks("from") && lacks("sender") {
            warnings.push("table messages has neither from nor sender: its mail has no senders".into());
        }
        if EXPORTED.contains(&input.table) && lacks("IsDelete") && !lacks("versionnumber") {
            warnings.push(format!(
                "table {} has versions but no column IsDelete: rows that were deleted count as if they were there",
                input.table
            ));
        }
    }
    warnings
}

/// Participants that are not there, or of whom nobody knows which part they play.
pub(super) fn participants(sources: &Sources) -> Option<String> {
    let activities = &sources.activities;
    let tracked = [&activities.emails, &activities.appointments, &activities.calls, &activities.tasks];
    let tracked: usize = tracked.iter().map(|frame| frame.height()).sum();
    let parties = &activities.parties;
    if tracked >= FEW && parties.height() == 0 {
        return Some(format!("table activityparty has no rows: nobody takes part in the {tracked} tracked activities"));
    }
    let roles = parties.column(ROLE).ok()?;
    (parties.height() >= FEW && roles.null_count() == roles.len()).then(|| {
        "table activityparty: no participationtypemask is one of a participant (1 to 7), so nobody takes part in \
         anything"
            .into()
    })
}

/// Columns of small tables that are there and hold nothing: a pipeline that fails to read a column leaves it so.
pub(super) fn empty(sources: &Sources) -> Vec<String> {
    let mut warnings = Vec::new();
    for (table, column, cost) in COSTS.iter().filter(|(_, column, _)| !MAY_BE_EMPTY.contains(column)) {
        let Some(input) = sources.inputs.iter().find(|input| input.table == *table) else { continue };
        let Some(frame) = sources.records.get(table).filter(|frame| frame.height() >= FEW) else { continue };
        // Of some tables other columns are kept than files have.
        let Ok(values) = frame.column(column) else { continue };
        if values.null_count() == values.len() && !input.lacking.contains(column) {
            warnings.push(format!("table {table}: its column {column} is empty: {cost}"));
        }
    }
    warnings
}

/// What keeps who may see what from being complete: tables and a column that the lake lacks (rule C7). It is told
/// where somebody relies on it: with subjects or managers, or by a job that names its tables.
pub(super) fn access(job: &Job, sources: &Sources, shares: &Shares) -> Vec<String> {
    let settings = &job.settings;
    let lacks = |table: &SourceTable| sources.absent.contains(&table.name);
    let managers = sources.inputs.iter().find(|input| input.table == contract::SYSTEMUSER.name);
    let lacks_managers = managers.is_some_and(|input| input.lacking.contains(&"parentsystemuserid"));
    let missing = [
        (shares.input.is_none(), "principalobjectaccess (what is shared)"),
        (lacks(&contract::TEAMMEMBERSHIP), "teammembership (what teams own and what is shared with them)"),
        (
            lacks(&contract::CONNECTION) || lacks(&contract::CONNECTIONROLE),
            "connection and connectionrole (sales teams)",
        ),
        (settings.manager_levels > 0 && lacks_managers, "systemuser.parentsystemuserid (managers)"),
    ];
    let missing: Vec<&str> = missing.iter().filter(|(is_missing, _)| *is_missing).map(|(_, what)| *what).collect();
    let mut warnings: Vec<String> = shares.misread.iter().map(ToString::to_string).collect();
    let names_its_tables = job.tables.len() < job.kind.tables().len();
    if !missing.is_empty() && (settings.publish_subjects || settings.manager_levels > 0 || names_its_tables) {
        warnings.push(format!(
            "record_access lists less than Dataverse lets colleagues read, for the lake lacks {}",
            missing.join(", ")
        ));
    }
    warnings
}

/// Settings that take data away, or that contradict each other.
pub(super) fn settings(settings: &Settings, sources: &Sources) -> Vec<String> {
    let mut warnings = Vec::new();
    let rows =
        |table: &str| sources.inputs.iter().find(|input| input.table == table).map_or(0, |input| input.rows_current);
    let (messages, events) = (rows(contract::MESSAGES.name), rows(contract::CALENDAR_VIEW.name));
    // While it is awaited, why results are partial says the same.
    let awaited = settings.enabled_on.is_some_and(|enabled| consent_is_awaited(settings, enabled).is_some());
    if !settings.consent && !awaited && messages + events > 0 {
        warnings.push(format!(
            "consent is false: {messages} messages and {events} calendar events of Exchange are not used; counts, \
             response times, health and connections follow from Dataverse alone"
        ));
    }
    for domain in &sources.unmet_domains {
        warnings.push(format!(
            "company_domains: no address in the lake lies in '{domain}', no colleague's either; see whether it is mistyped"
        ));
    }
    let health = &settings.health;
    if health.good_from <= health.fair_from {
        warnings.push(format!(
            "health_good_from ({}) is not above health_fair_from ({}): no relationship can be fair",
            health.good_from, health.fair_from
        ));
    }
    if settings.strong_from <= settings.good_from {
        warnings.push(format!(
            "strong_from ({}) is not above good_from ({}): no connection can be good",
            settings.strong_from, settings.good_from
        ));
    }
    let limits = &settings.quality;
    for (warn, fail, contradicts) in [
        (
            "warn_mail_with_record_below",
            "fail_mail_with_record_below",
            limits.fail_mail_with_record_below > limits.warn_mail_with_record_below,
        ),
        (
            "warn_duplicate_contacts_above",
            "fail_duplicate_contacts_above",
            limits.fail_duplicate_contacts_above < limits.warn_duplicate_contacts_above,
        ),
    ] {
        if contradicts {
            warnings.push(format!("{fail} is reached before {warn}: nothing is warned about before it fails"));
        }
    }
    warnings
}
