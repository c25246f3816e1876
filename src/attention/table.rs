//! The table `attention`: one row per record and reason why somebody should look at it (rule K13).

use std::cmp::Reverse;
use std::collections::HashMap;

use polars::prelude::*;

use super::reasons::{FoundReason, RecordFacts, found};
use super::words;
use crate::error::{Error, Result};
use crate::frames::gather;
use crate::interactions::columns::RECORD;
use crate::interactions::event::{INSTANT, INTERACTION_ID};
use crate::interactions::{Context, Interactions};
use crate::language::Language;
use crate::people::RecordType;
use crate::people::record_details::{self, IN_BASE_CURRENCY, OWNER_NAME, RECORD_URL, STATE, VALUE};
use crate::table::{Column as Declared, ColumnType, Table, conform};

/// Sentences by column.
pub const SENTENCES: [(&str, Language); 4] = [
    ("sentence", Language::English),
    ("sentence_de", Language::German),
    ("sentence_fr", Language::French),
    ("sentence_sv", Language::Swedish),
];

/// One row per record and reason, in the order of the key.
///
/// # Errors
/// Only what the engine runs into.
pub fn attention(context: &Context, interactions: &Interactions, known: &RecordFacts) -> Result<LazyFrame> {
    let found = found(context, interactions, known)?;
    let severity: Vec<Option<f64>> = found.iter().map(|one| one.chance.map(severity)).collect();
    let values = values(context, known).map_err(Error::engine("value at stake"))?;
    let value: Vec<Option<f64>> = found.iter().map(|one| values[one.record as usize]).collect();
    let ranks = ranks(known, &found, &severity, &value)?;
    let column = |name: &'static str, values: Series| values.with_name(name.into()).into_column();
    let mut columns = vec![
        column(RECORD, found.iter().map(|one| Some(one.record)).collect::<UInt32Chunked>().into_series()),
        column("reason", found.iter().map(|one| Some(one.reason.name())).collect::<StringChunked>().into_series()),
        column("severity", severity.into_iter().collect::<Float64Chunked>().into_series()),
        column("rank", ranks.into_iter().collect::<Int64Chunked>().into_series()),
        column("value_at_stake", value.into_iter().collect::<Float64Chunked>().into_series()),
        column("waiting", found.iter().map(|one| one.interaction).collect::<UInt32Chunked>().into_series()),
        column("since_at", found.iter().map(|one| one.since).collect::<Int64Chunked>().into_series()),
        column("days", found.iter().map(|one| one.days.map(i64::abs)).collect::<Int64Chunked>().into_series()),
        column("is_overdue", found.iter().map(overdue).collect::<BooleanChunked>().into_series()),
        column("usual", found.iter().map(|one| one.usual_days).collect::<Float64Chunked>().into_series()),
        column("people_or_contacts", found.iter().map(|one| one.count).collect::<Int64Chunked>().into_series()),
        column("person", found.iter().map(|one| one.person).collect::<UInt32Chunked>().into_series()),
    ];
    for (name, language) in SENTENCES {
        let words: Vec<String> = found.iter().map(|one| words::sentence(language, one)).collect();
        columns.push(Column::new(name.into(), words));
    }
    let frame = DataFrame::new(found.len(), columns).map_err(Error::engine("table attention"))?;
    let of = |name: &str| gather(col(RECORD), known.by_record, name);
    let person = gather(col("person"), &context.people.records.table, "record_id")?;
    let message = gather(col("waiting"), &interactions.table, INTERACTION_ID)?;
    let rows = frame.lazy().with_columns([
        of("record_type")?.alias("record_type"),
        of("record_id")?.alias("record_id"),
        of("name")?.alias("name"),
        of("owner_id")?.alias("owner_id"),
        of(OWNER_NAME)?.alias(OWNER_NAME),
        of(RECORD_URL)?.alias(RECORD_URL),
        coalesce(&[message, of("last_interaction_id")?]).alias("interaction_id"),
        coalesce(&[col("since_at").cast(INSTANT), of("last_interaction_at")?.cast(INSTANT)])
            .cast(ColumnType::Timestamp.to_polars())
            .alias("since_at"),
        person.alias("person_id"),
    ]);
    Ok(conform(rows, &table()))
}

/// A chance in per cent, to a tenth.
pub fn severity(chance: f64) -> f64 {
    (chance * 1000.0).round() / 10.0
}

/// Whether what was waited for or due is past its time.
fn overdue(found: &FoundReason) -> Option<bool> {
    use crate::config::AttentionReason::{AwaitingThem, AwaitingUs, CloseDate, Silent};
    match found.reason {
        AwaitingUs | AwaitingThem => Some(found.chance == Some(1.0)),
        CloseDate => Some(found.days? < 0),
        Silent => Some(true),
        _ => None,
    }
}

/// By record, the value of a deal, and of an account the sum of its open deals' values in the base currency.
fn values(context: &Context, known: &RecordFacts) -> PolarsResult<Vec<Option<f64>>> {
    let records = &context.people.records;
    let (states, amounts) = (known.by_record.column(STATE)?.str()?, known.by_record.column(VALUE)?.f64()?);
    let accounts = known.by_record.column("account_id")?.str()?;
    let in_base = known.by_record.column(IN_BASE_CURRENCY)?.bool()?;
    let mut values = vec![None; known.by_record.height()];
    for deal in records.range(RecordType::Opportunity) {
        let at = deal as usize;
        values[at] = amounts.get(at);
        let account = accounts.get(at).and_then(|id| records.number(RecordType::Account, id));
        if let (Some("open"), Some(value), Some(true), Some(account)) =
            (states.get(at), values[at], in_base.get(at), account)
        {
            values[account as usize] = Some(values[account as usize].unwrap_or(0.0) + value);
        }
    }
    Ok(values)
}

/// The place of each row among those of its owner: the most severe first, then the most valuable, then in the order of the key.
fn ranks(
    known: &RecordFacts,
    found: &[FoundReason],
    severity: &[Option<f64>],
    value: &[Option<f64>],
) -> Result<Vec<Option<i64>>> {
    let owners = known.by_record.column("owner_id").and_then(|owners| owners.str());
    let owners = owners.map_err(Error::engine("owners of records"))?;
    let mut rows: HashMap<&str, Vec<usize>> = HashMap::new();
    for (at, one) in found.iter().enumerate() {
        if let Some(owner) = owners.get(one.record as usize) {
            rows.entry(owner).or_default().push(at);
        }
    }
    let mut ranks = vec![None; found.len()];
    // Whole thousandths compare as integers; unknown comes last.
    let whole = |number: Option<f64>| number.map(|number| (number * 1000.0).clamp(-1e18, 1e18) as i64);
    for mut of_owner in rows.into_values() {
        of_owner.sort_by_key(|&at| (Reverse(whole(severity[at])), Reverse(whole(value[at])), at));
        of_owner.into_iter().zip(1i64..).for_each(|(at, rank)| ranks[at] = Some(rank));
    }
    Ok(ranks)
}

/// The table `attention`.
pub fn table() -> Table {
    let column = |name, dtype, unit, description, empty, example| {
        Declared::new(name, dtype, unit, description, empty, "K13", example)
    };
    let text = |name, description, empty, example| column(name, ColumnType::Text, "", description, empty, example);
    let other = "null for other reasons";
    let mut columns = vec![
        text("record_type", "account, contact, lead, opportunity.", "never", "opportunity"),
        text("record_id", "The record.", "never", "d0000001-0000-4000-8000-000000000000"),
        text(
            "reason",
            "awaiting_us (they wait for our answer), awaiting_them (we wait for theirs), silent (beyond its own rhythm), \
             one_contact, one_colleague (only one of a side was in touch in 90 days), no_next_step (open deal, nothing planned), \
             close_date (near or past, health falling), owner_disabled, stakeholder_unheard (somebody of the deal never heard \
             from us), unlike_similar (much less contact than similar won deals at this age).",
            "never",
            "awaiting_us",
        ),
        column(
            "severity",
            ColumnType::Float64,
            "0–100",
            "The chance, in per cent, of what the reason fears: that the answer comes later than the 90th percentile of that side's \
             answers or never; for all other reasons that nothing is held in the next 28 days, though the relationship was active.",
            "null where the relationship was not active in the last active_days: it cannot fall silent",
            "83.4",
        ),
        text("owner_id", "The colleague or team that owns the record.", "null when unknown or erased", "a0000001-…"),
        column(
            "rank",
            ColumnType::Int64,
            "",
            "Place among the rows of the same owner: the most severe first, then the most valuable.",
            "null without owner",
            "1",
        ),
        column(
            "value_at_stake",
            ColumnType::Float64,
            "money",
            "What the deal is worth; of an account what its open deals are worth together, as far as known in the base currency.",
            "null on contacts and leads, and when unknown",
            "20000.0",
        ),
        text(
            "interaction_id",
            "The email that waits for an answer, the first of its run; for other reasons the last interaction.",
            "null when there was none",
            "email:m36@nordwind.example",
        ),
        column("since_at", ColumnType::Timestamp, "", "When that was.", "null when there was none", "2026-03-20 12:00"),
        column(
            "days",
            ColumnType::Int64,
            "days",
            "For how many days it has waited or been silent; for close_date how far the expected close is, past where is_overdue.",
            other,
            "12",
        ),
        column(
            "usual",
            ColumnType::Float64,
            "days",
            "What that is held against: for waits the 90th percentile of the side's answers in days (the record's own with five \
             answers or more, else that of all), for silent the usual days from contact to contact; for unlike_similar the median \
             number of contacts of similar won deals.",
            other,
            "3.5",
        ),
        column(
            "is_overdue",
            ColumnType::Boolean,
            "",
            "Whether it has waited longer than that, or the expected close is past.",
            other,
            "true",
        ),
        column(
            "people_or_contacts",
            ColumnType::Int64,
            "people",
            "How many people: the only one, or those who never heard from us; of waits 0 where the record's people are only copied or named in \
             the email, else 1; for unlike_similar the emails, meetings and calls so far.",
            other,
            "1",
        ),
        text(
            "person_id",
            "The contact it is about: the only one, or the first who never heard from us.",
            other,
            "c0000001-0000-4000-8000-000000000000",
        ),
    ];
    columns.extend(
        [
            ("sentence", "The reason in a sentence.", "Nothing is planned: no meeting, call or task."),
            ("sentence_de", "The same in German.", "Nichts ist geplant: kein Treffen, kein Anruf, keine Aufgabe."),
            ("sentence_fr", "The same in French.", "Rien n'est prévu : ni réunion, ni appel, ni tâche."),
            ("sentence_sv", "The same in Swedish.", "Inget är planerat: inget möte, inget samtal, ingen uppgift."),
        ]
        .map(|(name, description, example)| text(name, description, "never", example)),
    );
    columns.push(text("name", "Name of the record.", "null when it has none", "Cranes for the new harbour"));
    columns.extend([record_details::owner_name(), record_details::record_url()]);
    Table {
        defined_in: file!(),
        name: "attention",
        version: 1,
        grain: "record and reason",
        description: "Accounts, contacts, open leads and open deals that need attention, and why: with the chance of what is \
                      feared, the evidence, and a place in the list of the owner. It speaks of relationships, never of how \
                      somebody works.",
        key: &["record_type", "record_id", "reason"],
        columns,
    }
}
