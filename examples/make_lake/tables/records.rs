//! Accounts, contacts, leads and opportunities as tables, with the instants the rows were made.

use polars::prelude::*;

use crate::ids::{Kind, guid};
use crate::tables::columns::{absent, flag, float, full_text, int, long, table, text, time};
use crate::times::{END, midnight};
use crate::world::{Account, Contact, Deal, Lead, PersonNo, World};

/// A table and, per row, when it was made.
pub type Rows = (DataFrame, Vec<i64>);

fn number_of<T>(items: &[T]) -> impl Iterator<Item = (u64, &T)> {
    (0..).zip(items)
}

pub fn accounts(world: &World) -> PolarsResult<Rows> {
    let all = || world.accounts.iter();
    let frame = table(vec![
        full_text("accountid", number_of(&world.accounts).map(|(number, _)| guid(Kind::Account, number))),
        full_text("name", all().map(|account| account.name.as_str())),
        text("primarycontactid", all().map(|account| id(Kind::Contact, account.primary))),
        text("parentaccountid", all().map(|account| id(Kind::Account, account.parent))),
        full_text("ownerid", all().map(|account| account.owner.id())),
        full_text("ownerid_entitytype", all().map(|account| account.owner.entity())),
        int("industrycode", all().map(|account| Some(account.industry))),
        float("revenue", all().map(|account| Some(account.revenue))),
        long("numberofemployees", all().map(|account| Some(account.employees))),
        full_text("address1_country", all().map(|account| account.country)),
        full_text("websiteurl", all().map(|account| format!("https://www.{}", account.domain))),
        int("statecode", all().map(|account| Some(i32::from(account.inactive)))),
        time("createdon", all().map(|account| Some(account.created))),
    ])?;
    Ok((frame, all().map(|account: &Account| account.created).collect()))
}

fn id(kind: Kind, number: Option<usize>) -> Option<String> {
    number.map(|number| guid(kind, number as u64))
}

pub fn contacts(world: &World) -> PolarsResult<Rows> {
    let all = || world.contacts.iter();
    let address = |person: PersonNo| world.person(person).address.as_str();
    let frame = table(vec![
        full_text("contactid", number_of(&world.contacts).map(|(number, _)| guid(Kind::Contact, number))),
        full_text("fullname", all().map(|contact| world.person(contact.person).name.as_str())),
        full_text("emailaddress1", all().map(|contact| address(contact.person))),
        text("emailaddress2", all().map(|contact| contact.second.filter(|_| !contact.alias).map(address))),
        text("emailaddress3", all().map(|contact| contact.third.map(address))),
        text("parentcustomerid", all().map(|contact| id(Kind::Account, contact.account))),
        text("parentcustomerid_entitytype", all().map(|contact| contact.account.map(|_| "account"))),
        full_text("ownerid", all().map(|contact| contact.owner.id())),
        full_text("ownerid_entitytype", all().map(|contact| contact.owner.entity())),
        int("statecode", all().map(|contact| Some(i32::from(contact.inactive)))),
        time("createdon", all().map(|contact| Some(contact.created))),
    ])?;
    Ok((frame, all().map(|contact: &Contact| contact.created).collect()))
}

pub fn leads(world: &World) -> PolarsResult<Rows> {
    let all = || world.leads.iter();
    let rows = world.leads.len();
    let frame = table(vec![
        full_text("leadid", number_of(&world.leads).map(|(number, _)| guid(Kind::Lead, number))),
        full_text("fullname", all().map(|lead| world.person(lead.person).name.as_str())),
        full_text("companyname", all().map(|lead| lead.company.as_str())),
        full_text("emailaddress1", all().map(|lead| world.person(lead.person).address.as_str())),
        absent("emailaddress2", rows, &DataType::String),
        absent("emailaddress3", rows, &DataType::String),
        text("parentaccountid", all().map(|lead| id(Kind::Account, lead.account))),
        text("parentcontactid", all().map(|lead| id(Kind::Contact, lead.contact))),
        full_text("ownerid", all().map(|lead| lead.owner.id())),
        full_text("ownerid_entitytype", all().map(|lead| lead.owner.entity())),
        int("statecode", all().map(|lead| Some(lead.state))),
        time("createdon", all().map(|lead| Some(lead.created))),
    ])?;
    Ok((frame, all().map(|lead: &Lead| lead.created).collect()))
}

pub fn opportunities(world: &World) -> PolarsResult<Rows> {
    let all = || world.deals.iter();
    let rows = world.deals.len();
    let customer = |deal: &Deal| match deal.contact.filter(|_| deal.customer_is_contact) {
        Some(contact) => guid(Kind::Contact, contact as u64),
        None => guid(Kind::Account, deal.account as u64),
    };
    let by_contact = |deal: &Deal| deal.customer_is_contact && deal.contact.is_some();
    let frame = table(vec![
        full_text("opportunityid", number_of(&world.deals).map(|(number, _)| guid(Kind::Deal, number))),
        full_text("name", all().map(|deal| deal.name.as_str())),
        full_text("customerid", all().map(customer)),
        full_text("customerid_entitytype", all().map(|deal| if by_contact(deal) { "contact" } else { "account" })),
        // The account is given where the customer is a contact, and mostly elsewhere.
        text(
            "parentaccountid",
            all().map(|deal| id(Kind::Account, (by_contact(deal) || deal.timeframe > 0).then_some(deal.account))),
        ),
        text("parentcontactid", all().map(|deal| id(Kind::Contact, deal.contact))),
        full_text("ownerid", all().map(|deal| deal.owner.id())),
        full_text("ownerid_entitytype", all().map(|deal| deal.owner.entity())),
        int("statecode", all().map(|deal| Some(deal.state))),
        int("statuscode", all().map(|deal| Some([1, 3, 4][deal.state as usize % 3]))),
        float("estimatedvalue", all().map(|deal| Some(deal.value))),
        float("estimatedvalue_base", all().map(|deal| Some(deal.value))),
        float("actualvalue", all().map(|deal| (deal.state == 1).then(|| (deal.value * 0.95).round()))),
        time("estimatedclosedate", all().map(|deal| Some(midnight(deal.expected_close)))),
        time("actualclosedate", all().map(|deal| deal.closed)),
        time("createdon", all().map(|deal| Some(deal.created))),
        full_text("transactioncurrencyid", all().map(|_| guid(Kind::Currency, 0))),
        int("opportunityratingcode", all().map(|deal| Some(deal.rating))),
        int("purchasetimeframe", all().map(|deal| Some(deal.timeframe))),
        int("purchaseprocess", all().map(|deal| Some(deal.process))),
        int("budgetstatus", all().map(|deal| Some(deal.budget_status))),
        float("budgetamount", all().map(|deal| deal.budget)),
        int("need", all().map(|deal| Some(deal.need))),
        int("prioritycode", all().map(|deal| Some(deal.priority))),
        int("salesstagecode", all().map(|deal| Some(deal.stage))),
        text("campaignid", all().map(|deal| (deal.rating == 1).then(|| guid(Kind::Campaign, deal.timeframe as u64)))),
        text("originatingleadid", all().map(|deal| id(Kind::Lead, deal.lead))),
        // Two custom columns, as a job may name them; and a column that was removed.
        full_text("new_product", all().map(|deal| deal.product)),
        full_text("new_segment", all().map(|deal| deal.segment)),
        absent("new_region", rows, &DataType::String),
        flag("isprivate", all().map(|_| Some(false))),
    ])?;
    Ok((frame, all().map(|deal: &Deal| deal.created.min(END)).collect()))
}
