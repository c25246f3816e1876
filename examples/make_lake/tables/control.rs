//! The administrator's control tables: opt-outs, erasures, aliases.

use polars::prelude::*;

use crate::ids::{Kind, guid};
use crate::tables::columns::{date, full_text, table, text};
use crate::times::{DAY, END};
use crate::world::World;

#[derive(Default)]
pub struct Control {
    /// Principal and the day from which it holds.
    pub opt_outs: Vec<(String, Option<i64>)>,
    /// Kind and principal.
    pub erasures: Vec<(&'static str, String)>,
    /// Address, and the colleague or the contact who has it.
    pub aliases: Vec<(String, Option<usize>, Option<usize>)>,
}

impl Control {
    /// Some colleagues opted out, a few contacts were erased, some have aliases.
    pub fn drawn(world: &World) -> Self {
        let mut control = Control::default();
        for number in (0..world.drawn.colleagues).filter(|number| number % 90 == 89) {
            let from = (number % 180 == 89).then_some(END - 200 * DAY);
            control.opt_outs.push((guid(Kind::Colleague, number as u64), from));
        }
        for number in (0..world.drawn.contacts).filter(|number| number % 1_000 == 999) {
            control.erasures.push(("contact", guid(Kind::Contact, number as u64)));
        }
        for (number, contact) in world.contacts.iter().enumerate() {
            if let Some(second) = contact.second.filter(|_| contact.alias) {
                control.aliases.push((world.person(second).address.clone(), None, Some(number)));
            }
        }
        control
    }

    pub fn tables(&self) -> PolarsResult<[(&'static str, DataFrame); 3]> {
        let id = |kind, number: Option<usize>| number.map(|number| guid(kind, number as u64));
        let aliases = || self.aliases.iter();
        Ok([
            (
                "opt_outs",
                table(vec![
                    full_text("principal", self.opt_outs.iter().map(|row| row.0.as_str())),
                    date("effective_from", self.opt_outs.iter().map(|row| row.1))?,
                ])?,
            ),
            (
                "erasures",
                table(vec![
                    full_text("kind", self.erasures.iter().map(|row| row.0)),
                    full_text("principal", self.erasures.iter().map(|row| row.1.as_str())),
                    date("requested_on", self.erasures.iter().map(|_| Some(END - 20 * DAY)))?,
                ])?,
            ),
            (
                "aliases",
                table(vec![
                    full_text("address", aliases().map(|row| row.0.as_str())),
                    text("systemuserid", aliases().map(|row| id(Kind::Colleague, row.1))),
                    text("contactid", aliases().map(|row| id(Kind::Contact, row.2))),
                ])?,
            ),
        ])
    }
}
