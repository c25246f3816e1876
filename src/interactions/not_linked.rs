//! What has to do with a record and does not count for it: interactions whose people do not link (rules L2 to L4), and
//! source rows that are dropped (rule N8). Rows that may not be used are not looked into (rule C3).

use std::collections::HashSet;

use polars::prelude::*;

use super::drop_rules::REGARDED;
use super::event::{EVENT, INTERACTION_ID, KIND, interaction_id};
use super::people::view::{ParticipantColumns, ParticipantRows};
use super::record_links::Rules;
use super::source_rows::{SOURCE_NAMES, SOURCES};
use super::{Context, Interactions, judged};
use crate::error::{Error, Result};
use crate::frames::collect;
use crate::interactions::Kind;
use crate::interactions::columns::*;
use crate::people::person_key;
use crate::sources::drop_reason::{CODES, leaves_no_trace};
use crate::sources::roles::{COPIED_IN, HIDDEN};

/// Something that does not count for a record.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NotLinked {
    /// The number of the interaction; none for what is no interaction.
    pub interaction: Option<u32>,
    /// Its id, or the table and id of a source row.
    pub id: String,
    /// Why not.
    pub why: String,
}

/// The people of a record on the customer's side, and its colleagues.
struct Sides {
    customers: HashSet<u32>,
    colleagues: HashSet<u32>,
    members: Vec<Vec<u32>>,
}

impl Sides {
    fn of(context: &Context, record: u32) -> Result<Sides> {
        let interest = &context.people.interest;
        let of = |pairs: &std::collections::BTreeSet<(u32, u32)>| -> HashSet<u32> {
            pairs.iter().filter(|(_, of)| *of == record).map(|(person, _)| *person).collect()
        };
        Ok(Sides {
            customers: of(&interest.customers),
            colleagues: of(&interest.colleagues),
            members: context.people.directory.group_members()?,
        })
    }

    /// Whether the person of a row is one of the record's customers.
    fn is_customer(&self, rows: &ParticipantRows<'_>, row: usize) -> bool {
        match rows.groups.get(row) {
            Some(&group) => self.members[group as usize].iter().any(|record| self.customers.contains(record)),
            None => person_key::record(rows.who[row]).is_some_and(|record| self.customers.contains(&record)),
        }
    }
}

/// Interactions that people of the record took part in, or that regard it, and that do not count for it.
///
/// # Errors
/// Only what the engine runs into.
pub fn refused(context: &Context, interactions: &Interactions, record: u32) -> Result<Vec<NotLinked>> {
    let (sides, rules) = (Sides::of(context, record)?, Rules::of(context)?);
    let doing = || Error::engine("interactions that do not count for a record");
    let read = || -> PolarsResult<_> {
        let links = &interactions.links;
        let linked = links.column(RECORD)?.u32()?.iter().zip(links.column(INTERACTION)?.u32()?.iter());
        let linked: HashSet<u32> =
            linked.filter(|(own, _)| *own == Some(record)).filter_map(|(_, interaction)| interaction).collect();
        let table = &interactions.table;
        let times = table.column(OCCURRED_AT)?.datetime()?.phys.clone();
        Ok((linked, table.column(KIND)?.u8()?.clone(), times, table.column(REGARDED)?.u32()?.clone()))
    };
    let (linked, kinds, times, regarded) = read().map_err(doing())?;
    let ids = interactions.table.column(INTERACTION_ID).and_then(|ids| Ok(ids.str()?.clone())).map_err(doing())?;
    let people = ParticipantColumns::of(&interactions.participants.people)?;
    let groups = ParticipantColumns::of(&interactions.participants.groups)?;
    let (mut people, mut groups) = (people.rows()?, groups.rows()?);
    let mut refused = Vec::new();
    for interaction in 0..interactions.table.height() as u32 {
        let (of_people, of_groups) = (people.next(interaction), groups.next(interaction));
        if linked.contains(&interaction) {
            continue;
        }
        let (kind, time) = (kinds.get(interaction as usize).unwrap_or_default(), times.get(interaction as usize));
        let time = time.unwrap_or_default();
        let ours = of_people.clone().any(|row| {
            let colleague = person_key::colleague_number(people.who[row]);
            people.takes_part(row) && colleague.is_some_and(|colleague| sides.colleagues.contains(&colleague))
        });
        let mut why: Option<String> = None;
        for (rows, range) in [(&people, of_people), (&groups, of_groups)] {
            for row in range.filter(|&row| sides.is_customer(rows, row)) {
                let role = rows.roles[row];
                let not_by_role = match role {
                    HIDDEN.. => Some("its person is only in blind copy"),
                    _ if role <= COPIED_IN && !rows.takes_part(row) => Some("its person declined"),
                    _ if !rules.role_links(Kind::of(kind), role) => Some("its person does not link in that part"),
                    _ => None,
                };
                let reason = match not_by_role {
                    Some(reason) => reason.to_string(),
                    None => rules.refusal(record, time, ours).unwrap_or("its people do not link").to_string(),
                };
                // The part that came furthest says most.
                if why.is_none() || not_by_role.is_none() {
                    why = Some(reason);
                }
            }
        }
        if why.is_none() && regarded.get(interaction as usize) == Some(record) {
            why = Some("it regards the deal, but happened after it was closed".to_string());
        }
        if let Some(why) = why {
            let id = ids.get(interaction as usize).unwrap_or_default().to_string();
            refused.push(NotLinked { interaction: Some(interaction), id, why });
        }
    }
    Ok(refused)
}

/// Rows that are no interaction though people of the record took part or they regard it: whole events, and rows of
/// Dataverse that regard it. The activities are used up.
///
/// # Errors
/// Only what the engine runs into.
pub fn dropped_about(context: &mut Context, record: u32) -> Result<Vec<NotLinked>> {
    let doing = || Error::engine("dropped rows about a record");
    let sides = Sides::of(context, record)?;
    let activities = &context.activities;
    let tables = [
        (SOURCES.email, &activities.emails),
        (SOURCES.appointment, &activities.appointments),
        (SOURCES.phonecall, &activities.calls),
        (SOURCES.task, &activities.tasks),
    ];
    let mut regarding: Vec<(u8, usize, String)> = Vec::new();
    for (source, table) in tables {
        let read = || -> PolarsResult<Vec<(u8, usize, String)>> {
            let (keys, ids) = (table.column(REGARDING)?.i128()?, table.column(SOURCE_ID)?.str()?);
            let own = |key: Option<i128>| key.and_then(|key| context.people.records.by_key(key)) == Some(record);
            let rows = keys.iter().zip(ids.iter()).enumerate().filter(|(_, (key, _))| own(*key));
            Ok(rows.map(|(row, (_, id))| (source, row, id.unwrap_or_default().to_string())).collect())
        };
        regarding.extend(read().map_err(doing())?);
    }
    let judged = judged(context)?;
    let mut found = Vec::new();
    for (source, row, id) in regarding {
        let places = judged.kinds.iter().map(|kind| &kind.tracked).find(|places| places.source == source);
        // What may not be used, is deleted or has no id leaves no trace here either.
        if let Some(reason) =
            places.and_then(|places| places.own_reason(row)).filter(|reason| !leaves_no_trace(*reason))
        {
            let why = format!("dropped as {}", CODES.get(usize::from(reason)).copied().unwrap_or_default());
            let id = format!("{}:{id}", SOURCE_NAMES[usize::from(source)]);
            found.push(NotLinked { interaction: None, id, why });
        }
    }
    let by_number = |frame: &DataFrame| -> Result<ParticipantColumns> {
        let numbered = frame.clone().lazy().rename([EVENT], [INTERACTION], true);
        ParticipantColumns::of(&collect(numbered, "dropped rows about a record")?)
    };
    let (people, groups) = (by_number(&judged.participants.people)?, by_number(&judged.participants.groups)?);
    let (mut people, mut groups) = (people.rows()?, groups.rows()?);
    let ids = judged.events.clone().lazy().select([
        interaction_id(col(KIND), col(IDENTITY_TEXT)).alias(INTERACTION_ID),
        col(REASON),
        col(REGARDED),
    ]);
    let events = collect(ids, "dropped rows about a record")?;
    let read = || -> PolarsResult<_> {
        let ids = events.column(INTERACTION_ID)?.str()?.clone();
        Ok((ids, events.column(REASON)?.u8()?.clone(), events.column(REGARDED)?.u32()?.clone()))
    };
    let (ids, reasons, regarded) = read().map_err(doing())?;
    for event in 0..events.height() {
        let (of_people, of_groups) = (people.next(event as u32), groups.next(event as u32));
        let Some(reason) = reasons.get(event).filter(|reason| !leaves_no_trace(*reason)) else { continue };
        let takes_part = of_people.into_iter().any(|row| sides.is_customer(&people, row))
            || of_groups.into_iter().any(|row| sides.is_customer(&groups, row));
        if takes_part || regarded.get(event) == Some(record) {
            let why = format!("dropped as {}", CODES.get(usize::from(reason)).copied().unwrap_or_default());
            found.push(NotLinked { interaction: None, id: ids.get(event).unwrap_or_default().to_string(), why });
        }
    }
    Ok(found)
}
