//! People of interest: whose part in an interaction makes it count for a record (rules L1 to L5).

use std::collections::{BTreeSet, HashMap};

use crate::error::Result;
use crate::frames::typed_columns::{integers, texts};
use crate::people::RecordType;
use crate::people::directory::Directory;
use crate::people::records::Records;
use crate::sources::{Sources, contract};

/// Categories of connection roles.
const STAKEHOLDER: i64 = 1000;
const SALES_TEAM: i64 = 1001;

/// People of interest of both sides.
pub struct Interest {
    /// Customer side: number of the record that a person is, and record.
    pub customers: BTreeSet<(u32, u32)>,
    /// Our side of leads and opportunities: number of the colleague, and record.
    pub colleagues: BTreeSet<(u32, u32)>,
    /// Those of the customer side who are stakeholders.
    pub stakeholders: BTreeSet<(u32, u32)>,
    /// Those of our side who are on the sales team.
    pub sales_team: BTreeSet<(u32, u32)>,
}

/// Finds the people of interest of all records.
pub fn find(sources: &Sources, records: &Records, directory: &Directory) -> Result<Interest> {
    let teams = teams(sources, directory)?;
    let mut customers: BTreeSet<(u32, u32)> = BTreeSet::new();
    let mut colleagues: BTreeSet<(u32, u32)> = BTreeSet::new();
    let mut stakeholders: BTreeSet<(u32, u32)> = BTreeSet::new();
    let mut sales_team: BTreeSet<(u32, u32)> = BTreeSet::new();
    let primary = primary_contacts(sources, records)?;

    for record_type in [RecordType::Account, RecordType::Contact, RecordType::Lead] {
        customers.extend(records.range(record_type).map(|record| (record, record)));
    }
    customers.extend(primary.iter().map(|(&account, &contact)| (contact, account)));
    let accounts = texts(&records.table, "account_id")?;
    let account_of = |record: u32| accounts.get(record as usize).and_then(|id| records.number(RecordType::Account, id));
    for contact in records.range(RecordType::Contact) {
        customers.extend(account_of(contact).map(|account| (contact, account)));
    }

    let frame = &sources.records[contract::OPPORTUNITY.name];
    let (contact, customer) = (texts(frame, "parentcontactid")?, texts(frame, "customerid")?);
    let customer_type = texts(frame, "customerid_entitytype")?;
    for deal in records.range(RecordType::Opportunity) {
        let row = records.rows[deal as usize];
        let customer = customer.get(row).filter(|_| customer_type.get(row).is_none_or(|entity| entity == "contact"));
        let people = contact.get(row).into_iter().chain(customer);
        customers.extend(people.filter_map(|id| records.number(RecordType::Contact, id)).map(|person| (person, deal)));
        customers.extend(account_of(deal).and_then(|account| primary.get(&account)).map(|&person| (person, deal)));
    }

    let members = |id: &str| -> Vec<u32> {
        directory
            .colleague_numbers
            .get(id)
            .map_or_else(|| teams.get(id).cloned().unwrap_or_default(), |&user| vec![user])
    };
    for record_type in [RecordType::Lead, RecordType::Opportunity] {
        let owners = texts(&sources.records[record_type.name()], "ownerid")?;
        for record in records.range(record_type) {
            let owner = owners.get(records.rows[record as usize]);
            colleagues.extend(owner.map(&members).unwrap_or_default().into_iter().map(|user| (user, record)));
        }
    }

    let categories = categories(sources)?;
    let links = &sources.records[contract::CONNECTION.name];
    let (from, to) = (texts(links, "record1id")?, texts(links, "record2id")?);
    let (role, state) = (texts(links, "record2roleid")?, integers(links, "statecode")?);
    for row in 0..links.height() {
        if state.get(row).is_some_and(|state| state != 0) {
            continue;
        }
        let (Some(from), Some(to)) = (from.get(row), to.get(row)) else { continue };
        let of_types = |types: &[RecordType], id: &str| types.iter().find_map(|&of_type| records.number(of_type, id));
        let Some(record) = of_types(&[RecordType::Lead, RecordType::Opportunity], from) else { continue };
        match role.get(row).and_then(|role| categories.get(role)) {
            Some(&STAKEHOLDER) => {
                let person = of_types(&[RecordType::Contact, RecordType::Lead, RecordType::Account], to);
                stakeholders.extend(person.map(|person| (person, record)));
            }
            Some(&SALES_TEAM) => sales_team.extend(members(to).into_iter().map(|user| (user, record))),
            _ => {}
        }
    }
    customers.extend(&stakeholders);
    colleagues.extend(&sales_team);
    Ok(Interest { customers, colleagues, stakeholders, sales_team })
}

/// The primary contact of each account.
fn primary_contacts(sources: &Sources, records: &Records) -> Result<HashMap<u32, u32>> {
    let contacts = texts(&sources.records[contract::ACCOUNT.name], "primarycontactid")?;
    let of = |account: u32| {
        let contact = contacts.get(records.rows[account as usize])?;
        Some((account, records.number(RecordType::Contact, contact)?))
    };
    Ok(records.range(RecordType::Account).filter_map(of).collect())
}

/// Members of each team.
fn teams(sources: &Sources, directory: &Directory) -> Result<HashMap<String, Vec<u32>>> {
    let frame = &sources.records[contract::TEAMMEMBERSHIP.name];
    let (teams, users) = (texts(frame, "teamid")?, texts(frame, "systemuserid")?);
    let mut members: HashMap<String, Vec<u32>> = HashMap::new();
    for (team, user) in teams.iter().zip(users.iter()) {
        let (Some(team), Some(user)) = (team, user) else { continue };
        if let Some(&user) = directory.colleague_numbers.get(user) {
            members.entry(team.to_string()).or_default().push(user);
        }
    }
    Ok(members)
}

/// Category of each connection role.
fn categories(sources: &Sources) -> Result<HashMap<String, i64>> {
    let frame = &sources.records[contract::CONNECTIONROLE.name];
    let (roles, categories) = (texts(frame, "connectionroleid")?, integers(frame, "category")?);
    Ok(roles
        .iter()
        .zip(categories.iter())
        .filter_map(|(role, category)| Some((role?.to_string(), category?)))
        .collect())
}
