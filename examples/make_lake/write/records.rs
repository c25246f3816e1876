//! Writes the records: companies, people, deals, and who may do what.

use polars::prelude::*;

use crate::awkward::plants::Plants;
use crate::settings::Settings;
use crate::tables::connections::{connectionroles, connections};
use crate::tables::records::{self, Rows};
use crate::tables::{columns, staff};
use crate::times::year;
use crate::world::World;
use crate::write::export::{ACTIVITIES, Export, Fresh, RECORDS, STEADY};
use crate::write::lake::Lake;
use crate::write::patch::apply;

pub fn write_records(lake: &mut Lake, settings: &Settings, world: &World, plants: &Plants) -> PolarsResult<()> {
    let drawn = world.drawn;
    let accounts = records::accounts(world)?;
    let contacts = records::contacts(world)?;
    let leads = records::leads(world)?;
    let deals = records::opportunities(world)?;
    let users = staff::systemusers(world)?;
    let mut put = |table, key, rows, drawn, churn| {
        by_year(lake, Export::new(table, key, settings.seed, churn), rows, drawn, plants)
    };
    put("account", "accountid", accounts, settings.accounts, RECORDS)?;
    put("contact", "contactid", contacts, drawn.contacts, RECORDS)?;
    put("lead", "leadid", leads, drawn.leads, RECORDS)?;
    put("opportunity", "opportunityid", deals, drawn.deals, RECORDS)?;
    put("systemuser", "systemuserid", users, drawn.colleagues, STEADY)
}

/// Writes records into a file per year of their creation.
fn by_year(
    lake: &mut Lake,
    mut export: Export,
    (frame, created): Rows,
    drawn: usize,
    plants: &Plants,
) -> PolarsResult<()> {
    let mut years: Vec<i32> = created.iter().map(|&at| year(at)).collect();
    years.sort_unstable();
    years.dedup();
    for &this in &years {
        let numbers: Vec<usize> = (0..created.len()).filter(|&row| year(created[row]) == this).collect();
        let fresh = Fresh {
            frame: columns::rows(&frame, numbers.iter().map(|&row| row as IdxSize).collect())?,
            created: numbers.iter().map(|&row| created[row]).collect(),
            planted: numbers.iter().map(|&row| row >= drawn).collect(),
        };
        let frame = export.file(fresh, plants, years.last() == Some(&this))?;
        lake.put("dataverse", export.table, &this.to_string(), frame)?;
    }
    Ok(())
}

pub fn write_staff(lake: &mut Lake, settings: &Settings, world: &World, plants: &Plants) -> PolarsResult<()> {
    let export = |table, key| Export::new(table, key, settings.seed, STEADY);
    by_year(lake, export("systemuserroles", "systemuserroleid"), staff::systemuserroles(world)?, 0, plants)?;
    let (rows, drawn) = connections(world)?;
    let changing = Export::new("connection", "connectionid", settings.seed, ACTIVITIES);
    by_year(lake, changing, rows, drawn, plants)?;
    let label = settings.periods.first().map_or("all", |period| period.label.as_str());
    lake.put("dataverse", "role", label, staff::roles()?)?;
    lake.put("dataverse", "teammembership", label, staff::teammembership(world)?)?;
    lake.put("dataverse", "connectionrole", label, connectionroles()?)?;
    let mut users = staff::users(world)?;
    apply(&mut users, "users", "id", &plants.patches)?;
    lake.put("exchange", "users", "users", users)
}
