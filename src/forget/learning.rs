//! What all files learn from some of them before anything is rewritten: names and ids of the erased, and which
//! interactions go.

use std::collections::{HashMap, HashSet};

use polars::prelude::*;

use super::alone::{self, Alone};
use super::layout::Place;
use super::personal_columns::Personal;
use super::published;
use super::traces::Traces;
use super::withdrawn::Withdrawn;
use crate::context::RunContext;
use crate::error::{Error, Result};
use crate::frames::typed_columns::texts;

/// None for a file that is broken, which is reported when it is to be rewritten. Trouble of the storage
/// ends the search: without the names in that file too little would be forgotten.
///
/// # Errors
/// Trouble of the storage.
pub fn readable<T>(outcome: Result<T>) -> Result<Option<T>> {
    match outcome {
        Ok(found) => Ok(Some(found)),
        Err(error @ Error::Storage { .. }) => Err(error),
        Err(_) => Ok(None),
    }
}

/// Takes in the ids that were published with addresses of the erased, and then the names that were
/// published of the erased: the lake may no longer hold them.
///
/// # Errors
/// Trouble of the storage, and a signal.
pub fn learn(places: &[Place<'_>], traces: &mut Traces, run: &RunContext<'_>) -> Result<()> {
    let witnesses = places.iter().filter(|place| place.witnesses());
    for place in witnesses.chain(places) {
        run.check_interrupted()?;
        readable(learn_from(place, traces))?;
    }
    Ok(())
}

fn learn_from(place: &Place<'_>, traces: &mut Traces) -> Result<()> {
    let judged = |name: &str| (place.folder.personal_data)(place.table.name, name);
    let columns = place.table.columns.iter().map(|column| column.name);
    let names: Vec<(&str, &str)> = columns
        .clone()
        .filter_map(|name| match judged(name) {
            Some(Personal::SubjectName(id)) => Some((id, name)),
            _ => None,
        })
        .collect();
    if names.is_empty() {
        return Ok(());
    }
    let address = columns.clone().find(|name| judged(name) == Some(Personal::SubjectAddress));
    let file = published::open(place.file.bring()?)?;
    for (id, name) in names {
        let wanted: Vec<&str> = [id, name].into_iter().chain(address).collect();
        learn_names(&file, &wanted, traces)?;
    }
    Ok(())
}

/// From columns with ids, names and, where there is one, addresses.
fn learn_names(file: &published::OpenedFile, wanted: &[&str], traces: &mut Traces) -> Result<()> {
    for offset in published::offsets(file.rows) {
        let rows = file.read(wanted, offset, published::CHUNK)?;
        let (ids, names) = (texts(&rows, wanted[0])?, texts(&rows, wanted[1])?);
        let addresses = wanted.get(2).map(|address| texts(&rows, address)).transpose()?;
        for (row, (id, name)) in ids.iter().zip(names.iter()).enumerate() {
            let Some(id) = id else { continue };
            let by_address = || addresses.and_then(|all| all.get(row)).is_some_and(|text| traces.is_address(text));
            if traces.is_id(id) || by_address() {
                traces.learn_id(id.to_string());
                name.into_iter().for_each(|name| traces.learn_name(name));
            }
        }
    }
    Ok(())
}

/// The interactions of each partition that were with erased people alone; where consent is withdrawn, those too that
/// only Exchange gave.
///
/// # Errors
/// Trouble of the storage.
pub fn alone_by_partition<'p>(
    places: &'p [Place<'_>],
    traces: &Traces,
    withdrawn: &Withdrawn,
    emails_need_external_party: bool,
) -> Result<HashMap<&'p String, Alone>> {
    let of_table = |name: &str| -> HashMap<&'p String, &'p Place<'_>> {
        let of_table = places.iter().filter(|place| place.table.name == name);
        of_table.map(|place| (&place.partition, place)).collect()
    };
    let (interactions, records) = (of_table("interactions"), of_table("interaction_records"));
    let mut known = HashSet::new();
    let open = |place: &Place<'_>| published::open(place.file.bring()?);
    let mut judge = |interactions: &Place<'_>, records: Option<&&Place<'_>>| {
        let interactions = open(interactions)?;
        let mut judged = match records {
            Some(records) => {
                let records = open(records)?;
                let mut judged = alone::judge(traces, &interactions, &records, emails_need_external_party, &mut known)?;
                if withdrawn.all {
                    judged
                        .gone
                        .extend(orphans(&interactions, &records)?.iter().map(|id| alone::shared(&mut known, id)));
                }
                judged
            }
            None => Alone::default(),
        };
        if withdrawn.all {
            judged.gone.extend(of_exchange_alone(&interactions)?.iter().map(|id| alone::shared(&mut known, id)));
        }
        Ok(judged)
    };
    let mut judged = HashMap::new();
    for (partition, interactions) in interactions {
        if let Some(alone) = readable(judge(interactions, records.get(partition)))? {
            judged.insert(partition, alone);
        }
    }
    Ok(judged)
}

/// Interactions that only Exchange gave.
fn of_exchange_alone(interactions: &published::OpenedFile) -> Result<Vec<String>> {
    let rows = interactions.collect(|plan| {
        plan.filter(col("in_exchange").and(col("in_dataverse").not())).select([col("interaction_id")])
    })?;
    Ok(texts(&rows, "interaction_id")?.iter().flatten().map(str::to_string).collect())
}

/// Interactions of which only links are left: a rewriting was cut short that did not come as far as these.
fn orphans(interactions: &published::OpenedFile, links: &published::OpenedFile) -> Result<Vec<String>> {
    let ids = |file: &published::OpenedFile| file.collect(|plan| plan.select([col("interaction_id")]));
    let (present, linked) = (ids(interactions)?, ids(links)?);
    let present: HashSet<&str> = texts(&present, "interaction_id")?.iter().flatten().collect();
    let linked: HashSet<&str> = texts(&linked, "interaction_id")?.iter().flatten().collect();
    Ok(linked.difference(&present).map(|id| id.to_string()).collect())
}
