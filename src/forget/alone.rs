//! Interactions that were with erased people alone, as far as what was published tells.

use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use polars::prelude::*;

use super::published::OpenedFile;
use super::traces::Traces;
use crate::error::Result;
use crate::frames::typed_columns::{integers, texts};

/// The interactions of one partition that had erased people on the customer side and nobody else.
#[derive(Default)]
pub struct Alone {
    /// Those that a rerun would drop.
    pub gone: HashSet<Arc<str>>,
    /// Those that stay, since they are no emails and regard a record that stays, with the record's id;
    /// they count for it alone (rule N9).
    pub internal: HashMap<Arc<str>, String>,
}

/// What the records of one interaction tell.
#[derive(Default)]
struct Linked {
    erased: HashSet<usize>,
    others: bool,
    regarded: Option<String>,
}

/// Judges the interactions of a partition by the records they count for.
///
/// Somebody erased took part, or is regarded; no other contact or lead took part; and there were no more
/// external people than erased ones: then nobody else was there. Somebody who is known by an address
/// alone counts for no record, so an interaction with them cannot be told from one with others.
///
/// An interaction of theirs that is no longer there was taken out by a rewriting that did not come as far
/// as its records: it is gone.
///
/// # Errors
/// A file that is no readable Parquet.
pub fn judge(
    traces: &Traces,
    interactions: &OpenedFile,
    records: &OpenedFile,
    emails_need_external_party: bool,
    known: &mut HashSet<Arc<str>>,
) -> Result<Alone> {
    let linked = linked(traces, records)?;
    if linked.is_empty() {
        return Ok(Alone::default());
    }
    let ids: StringChunked = linked.keys().map(|id| Some(id.as_str())).collect();
    let candidates = interactions.collect(|frame| {
        frame.filter(col("interaction_id").is_in(lit(ids.into_series()).implode(false), false)).select([
            col("interaction_id"),
            col("kind"),
            col("external_people"),
        ])
    })?;
    let (ids, kinds) = (texts(&candidates, "interaction_id")?, texts(&candidates, "kind")?);
    let external = integers(&candidates, "external_people")?;
    let mut alone = Alone::default();
    let present: HashSet<&str> = ids.iter().flatten().collect();
    for (id, _) in linked.iter().filter(|(id, linked)| !linked.others && !present.contains(id.as_str())) {
        alone.gone.insert(shared(known, id));
    }
    for ((id, kind), external) in ids.iter().zip(kinds.iter()).zip(external.iter()) {
        let (Some(id), Some(external)) = (id, external) else { continue };
        let Some(linked) = linked.get(id) else { continue };
        if linked.others || external > linked.erased.len() as i64 {
            continue;
        }
        let id = shared(known, id);
        match &linked.regarded {
            Some(record) if !(kind == Some("email") && emails_need_external_party) => {
                alone.internal.insert(id, record.clone());
            }
            _ => {
                alone.gone.insert(id);
            }
        }
    }
    Ok(alone)
}

/// Partitions have the same ids; each is kept once.
pub fn shared(known: &mut HashSet<Arc<str>>, id: &str) -> Arc<str> {
    let id = known.get(id).cloned().unwrap_or_else(|| id.into());
    known.insert(id.clone());
    id
}

/// The records of interactions that count for somebody erased.
fn linked(traces: &Traces, records: &OpenedFile) -> Result<HashMap<String, Linked>> {
    let of_erased = records.collect(|frame| {
        frame
            .filter(col("record_id").is_in(lit(traces.ids_as_series()).implode(false), false))
            .select([col("interaction_id")])
    })?;
    if of_erased.height() == 0 {
        return Ok(HashMap::new());
    }
    let ids = texts(&of_erased, "interaction_id")?.clone().into_series();
    let rows = records.collect(|frame| frame.filter(col("interaction_id").is_in(lit(ids).implode(false), false)))?;
    let (ids, types) = (texts(&rows, "interaction_id")?, texts(&rows, "record_type")?);
    let (records, reasons) = (texts(&rows, "record_id")?, texts(&rows, "reason")?);
    let mut linked: HashMap<String, Linked> = HashMap::new();
    for row in 0..rows.height() {
        let (Some(id), Some(record)) = (ids.get(row), records.get(row)) else { continue };
        let of_one = linked.entry(id.to_string()).or_default();
        let regarded = reasons.get(row) == Some("regarding");
        if traces.is_id(record) {
            of_one.erased.extend(traces.person(record));
        } else {
            if regarded {
                of_one.regarded = Some(record.to_string());
            }
            of_one.others |= !regarded && matches!(types.get(row), Some("contact" | "lead"));
        }
    }
    Ok(linked)
}
