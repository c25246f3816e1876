//! The table `who_knows_whom`: whom to ask for an introduction, one row per contact or lead and rank (rules W2, W5).

use polars::prelude::*;

use super::colleagues::{CAN_BE_ASKED, COLLEAGUE_ADDRESS, COLLEAGUE_NAME, SYSTEMUSER_ID, colleagues};
use super::connection::Connection;
use super::introduction::Occasion;
use super::table::{LAST_AT, LAST_KIND, PERSON_ID, PERSON_TYPE, STRENGTH, USER, frame, of_record};
use crate::config::{ConnectionProfile, Settings};
use crate::error::{Error, Result};
use crate::frames::gather;
use crate::frames::keys::spread;
use crate::frames::typed_columns::{booleans, texts};
use crate::interactions::Context;
use crate::people::RecordType;
use crate::sources::contract;
use crate::sources::values::ids;
use crate::table::{Column as Declared, ColumnType, Table, conform};

/// How many colleagues are suggested at most.
pub const MOST: usize = 5;
/// Suggestions that are written out at a time.
const CHUNK: usize = 1 << 17;
const RANK: &str = "rank";
const REQUEST: &str = "introduction_request";

/// The strongest connections of every contact and lead, some rows after the other. The input may be split by record.
///
/// # Errors
/// Only what the engine runs into.
pub fn who_knows_whom<'a>(
    context: &'a Context,
    connections: &[Connection],
) -> Result<impl Iterator<Item = Result<LazyFrame>> + Send + 'a> {
    let colleagues = colleagues(context)?;
    let (first, ranks) = strongest(connections, context, &colleagues)?;
    let mut from = 0;
    Ok(std::iter::from_fn(move || {
        // A table without rows is one chunk.
        let rows = from..first.len().min(from + CHUNK);
        let is_one = from == 0 || !rows.is_empty();
        from = rows.end.max(1);
        is_one.then(|| suggestions(context, &first[rows.clone()], &ranks[rows], &colleagues))
    }))
}

/// The rows of some suggestions.
fn suggestions(
    context: &Context,
    suggested: &[Connection],
    ranks: &[i64],
    colleagues: &DataFrame,
) -> Result<LazyFrame> {
    let records = &context.people.records;
    let requests = requests(context, suggested, colleagues)?;
    let of_colleague = |column: &str| gather(col(USER), colleagues, column);
    let rows = frame(suggested, context.settings)?.with_columns([
        of_record(records, "record_type")?.alias(PERSON_TYPE),
        of_record(records, "record_id")?.alias(PERSON_ID),
        lit(Series::new(RANK.into(), ranks)).alias(RANK),
        of_colleague(SYSTEMUSER_ID)?.alias(SYSTEMUSER_ID),
        of_colleague(COLLEAGUE_NAME)?.alias(COLLEAGUE_NAME),
        of_colleague(COLLEAGUE_ADDRESS)?.alias(COLLEAGUE_ADDRESS),
        lit(Series::new(REQUEST.into(), requests)).alias(REQUEST),
    ]);
    Ok(conform(rows, &table()))
}

/// Of every contact and lead the strongest connections to colleagues who can be asked, with their
/// ranks; acquaintances only, unless a setting asks for all. Ties go to the later last
/// interaction, then to more interactions, then to a colleague drawn by both ids. The input may be split by record.
///
/// # Errors
/// Only what the engine runs into.
pub fn strongest(
    connections: &[Connection],
    context: &Context,
    colleagues: &DataFrame,
) -> Result<(Vec<Connection>, Vec<i64>)> {
    let can_be_asked = booleans(colleagues, CAN_BE_ASKED)?;
    let (records, settings) = (&context.people.records, context.settings);
    let people = records.range(RecordType::Contact).start..records.range(RecordType::Lead).end;
    let all = suggests_all(settings);
    let acquainted = |one: &Connection| all || one.is_relation();
    let suggested = |one: &&Connection| {
        people.contains(&one.record) && can_be_asked.get(one.user as usize) == Some(true) && acquainted(one)
    };
    let (users, people_ids) = (texts(colleagues, SYSTEMUSER_ID)?, texts(&records.table, "record_id")?);
    // Colleagues who are equal take turns: which comes first depends on the person, and always the same way.
    let drawn = |one: &Connection| {
        let half = |id: Option<&str>| id.and_then(ids::key).map_or(0, |key| spread((key ^ key >> 64) as u64));
        spread(half(users.get(one.user as usize)) ^ half(people_ids.get(one.record as usize)).rotate_left(17))
    };
    let mut sorted: Vec<&Connection> = connections.iter().filter(suggested).collect();
    sorted.sort_unstable_by(|a, b| {
        a.record
            .cmp(&b.record)
            .then(b.strength.total_cmp(&a.strength))
            .then(b.last.at.cmp(&a.last.at))
            .then(b.interactions.cmp(&a.interactions))
            .then_with(|| drawn(a).cmp(&drawn(b)))
            .then(a.user.cmp(&b.user))
    });
    let ranked = sorted.chunk_by(|a, b| a.record == b.record).flat_map(|of_one| of_one.iter().take(MOST).zip(1i64..));
    Ok(ranked.map(|(one, rank)| (**one, rank)).unzip())
}

/// Whether others than acquaintances are suggested too.
pub fn suggests_all(settings: &Settings) -> bool {
    settings.suggest_all || settings.connection_profile == ConnectionProfile::Basic
}

/// The draft for each suggestion.
fn requests(context: &Context, connections: &[Connection], colleagues: &DataFrame) -> Result<Vec<String>> {
    let occasion = occasions(context, colleagues)?;
    let request = |one: &Connection| Some(context.settings.introductions.request(&occasion(one)?));
    let requests: Option<Vec<String>> = connections.iter().map(request).collect();
    requests.ok_or_else(|| Error::Checks {
        message: "table who_knows_whom: a suggestion without address or day; this is a mistake of the program".into(),
    })
}

/// What the request of each suggestion speaks of; nothing where the colleague has no address.
///
/// # Errors
/// Only what the engine runs into.
pub fn occasions<'a>(
    context: &'a Context,
    colleagues: &'a DataFrame,
) -> Result<impl Fn(&Connection) -> Option<Occasion<'a>>> {
    let records = &context.people.records;
    let names = texts(&records.table, "name")?;
    let (colleague_names, addresses) = (texts(colleagues, COLLEAGUE_NAME)?, texts(colleagues, COLLEAGUE_ADDRESS)?);
    let accounts = texts(&records.table, "account_id")?;
    let lead_companies = texts(&context.sources.records[contract::LEAD.name], "companyname")?;
    let leads = records.range(RecordType::Lead);
    let filled = |text: Option<&'a str>| text.map(str::trim).filter(|text| !text.is_empty());
    let company = move |record: u32| {
        if leads.contains(&record) {
            return filled(lead_companies.get(records.rows[record as usize]));
        }
        let account = accounts.get(record as usize).and_then(|id| records.number(RecordType::Account, id));
        filled(account.and_then(|account| names.get(account as usize)))
    };
    Ok(move |one: &Connection| {
        let user = one.user as usize;
        Some(Occasion {
            colleague_name: colleague_names.get(user),
            colleague_address: addresses.get(user)?,
            person_name: filled(names.get(one.record as usize)),
            company_name: company(one.record),
            last_day: context.as_of.day_of(one.last.at)?,
            last_kind: one.last.kind(),
            last_heard: one.last_heard().and_then(|heard| Some((context.as_of.day_of(heard.at)?, heard.kind()))),
            one_way: one.components.one_way(),
        })
    })
}

/// The table `who_knows_whom`.
pub fn table() -> Table {
    let column = Declared::new;
    let text =
        |name, description, empty, example| column(name, ColumnType::Text, "", description, empty, "W2, W5", example);
    Table {
        defined_in: file!(),
        name: "who_knows_whom",
        version: 3,
        grain: "contact or lead and rank 1 to 5",
        description: "Whom to ask for an introduction: the colleagues with the strongest connections who are not \
                      disabled and have an address. Connections in one direction, and of a strength below 5, are left \
                      out unless suggest_all is true.",
        key: &[PERSON_TYPE, PERSON_ID, RANK],
        columns: vec![
            text(PERSON_TYPE, "contact or lead.", "never", "contact"),
            text(PERSON_ID, "The contact or lead.", "never", "c0000001-0000-4000-8000-000000000000"),
            column(
                RANK,
                ColumnType::Int64,
                "",
                "1 is the strongest; ties by the later last interaction, then by more interactions, then drawn by both ids.",
                "never",
                "W2",
                "1",
            ),
            text(SYSTEMUSER_ID, "The colleague.", "never", "a0000001-0000-4000-8000-000000000000"),
            text(COLLEAGUE_NAME, "The colleague's name.", "null when it has none", "Anna Berg"),
            text(
                COLLEAGUE_ADDRESS,
                "The colleague's address: internalemailaddress, else domainname.",
                "never",
                "anna@nordwind.example",
            ),
            column(
                STRENGTH,
                ColumnType::Float64,
                "0–100",
                "How strong the connection is, as in connections.",
                "never",
                "W3",
                "71.2",
            ),
            text("label", "strong, good or weak, as in connections.", "never", "strong"),
            column(
                LAST_AT,
                ColumnType::Timestamp,
                "",
                "When the last interaction of the two happened.",
                "never",
                "W5",
                "2026-03-20 12:00",
            ),
            text(LAST_KIND, "Its kind: email, meeting, phone_call.", "never", "meeting"),
            text(
                REQUEST,
                "A message to the colleague that asks for the introduction, from the template of the job file.",
                "null only where it named somebody forgotten",
                "Hi Anna, I would like to get in touch with …",
            ),
        ],
    }
}
