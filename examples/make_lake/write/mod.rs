//! Writes a lake: the tables as the two sources export them, file by file.

mod activities;
mod delta;
mod drift;
pub mod export;
pub mod lake;
pub mod patch;
mod records;
mod reshape;

use polars::prelude::*;

use crate::awkward::plants::Plants;
use crate::settings::Settings;
use crate::world::World;
use lake::Lake;

pub fn write(lake: &mut Lake, settings: &Settings, world: &World, plants: &Plants) -> PolarsResult<()> {
    records::write_records(lake, settings, world, plants)?;
    records::write_staff(lake, settings, world, plants)?;
    activities::write_activities(lake, settings, world, plants)?;
    for (name, frame) in plants.control.tables()? {
        lake.put("control", name, name, frame)?;
    }
    Ok(())
}
