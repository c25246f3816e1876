//! What a person should know about a lake that may be read: nothing is wrong with it, but with the
//! settings of the job it gives less than it could. Names and addresses stay out (rule R5).

use polars::prelude::*;

use super::{absent, unmatched_lookups};
use crate::config::Settings;
use crate::error::{Error, Result};
use crate::frames::typed_columns::texts;
use crate::interactions::columns::*;
use crate::people::{erasures, matches};
use crate::sources::values::email_addresses::CompanyDomains;
use crate::sources::values::{ids, shown_zones};
use crate::sources::{Sources, contract};

/// So many files of a table are told one by one.
const TOLD: usize = 5;
/// So many records of one address are not all of one person.
const MANY_OF_ONE_ADDRESS: usize = 10;

/// Warnings about the lake under these settings.
///
/// # Errors
/// Only what the engine runs into.
pub(super) fn of(settings: &Settings, sources: &Sources, past_until: i64) -> Result<Vec<String>> {
    let domains = CompanyDomains::new(&settings.company_domains);
    let mut warnings: Vec<String> = sources
        .unknown_zones
        .iter()
        .map(|zone| match shown_zones::offset(zone) {
            None => format!("time zone '{zone}' is unknown; its times were read as UTC"),
            Some(_) => format!(
                "time zone '{zone}' is unknown; its times were read with the offset in its name, without daylight saving"
            ),
        })
        .collect();
    warnings.extend(passed_over(sources));
    warnings.extend(answers(sources));
    warnings.extend(sources.misread.iter().map(ToString::to_string));
    if settings.company_domains.is_empty() {
        warnings.push("company_domains is empty: who is no systemuser counts as external, colleagues included".into());
    }
    if settings.consent {
        warnings.extend(exchange(settings, sources));
        warnings.extend(countries(sources)?);
    }
    warnings.extend(absent::columns(sources));
    warnings.extend(absent::empty(sources));
    warnings.extend(absent::participants(sources));
    warnings.extend(absent::settings(settings, sources));
    warnings.extend(unmatched_lookups::warnings(sources)?);
    warnings.extend(without_id(sources)?);
    warnings.extend(held_twice(sources)?);
    warnings.extend(from_the_future(sources, past_until)?);
    warnings.extend(roles(settings, sources)?);
    warnings.extend(lists(sources, &domains)?);
    Ok(warnings)
}

/// Files among those of tables that are not read.
fn passed_over(sources: &Sources) -> Vec<String> {
    let mut warnings = Vec::new();
    for input in &sources.inputs {
        let told = input.passed_over.iter().take(TOLD);
        warnings.extend(told.map(|(file, why)| format!("table {}: {file} is not read: {why}", input.table)));
        if let Some(rest) = input.passed_over.len().checked_sub(TOLD).filter(|rest| *rest > 0) {
            warnings.push(format!("table {}: {rest} further files like these are not read", input.table));
        }
    }
    warnings
}

/// Answers of attendees that are missing or that nobody knows: both look like a lake in which nobody declines.
fn answers(sources: &Sources) -> Option<String> {
    if sources.responses.are_missing() {
        return Some(
            "table calendar_view: no attendee has a status.response, so nobody counts as having declined".into(),
        );
    }
    let unknown = sources.responses.unknown();
    (!unknown.is_empty()).then(|| {
        format!(
            "table calendar_view: answers of attendees that nobody knows do not count as declined: {}; Graph writes \
             declined",
            unknown.join(", ")
        )
    })
}

/// Rows that nothing names, table by table: activities are dropped as `no_id`, records are left out.
fn without_id(sources: &Sources) -> Result<Vec<String>> {
    let activities = &sources.activities;
    let mut found = Vec::new();
    let nulls = |frame: &DataFrame, columns: &[&str]| -> PolarsResult<usize> {
        let columns = columns.iter().map(|name| Ok(frame.column(name)?.is_null()));
        let nameless = columns.reduce(|all, one: PolarsResult<BooleanChunked>| Ok(all? & one?));
        Ok(nameless.transpose()?.map_or(0, |nameless| nameless.sum().unwrap_or(0) as usize))
    };
    for (table, frame, ids) in [
        (&contract::EMAIL, &activities.emails, &[ACTIVITY, IDENTITY][..]),
        (&contract::APPOINTMENT, &activities.appointments, &[ACTIVITY, IDENTITY_TEXT]),
        (&contract::PHONECALL, &activities.calls, &[ACTIVITY]),
        (&contract::TASK, &activities.tasks, &[ACTIVITY]),
        (&contract::MESSAGES, &activities.messages, &[IDENTITY]),
        (&contract::CALENDAR_VIEW, &activities.events, &["item", IDENTITY_TEXT]),
    ] {
        found.push((table.name, nulls(frame, ids), "dropped as no_id"));
    }
    for table in
        [&contract::ACCOUNT, &contract::CONTACT, &contract::LEAD, &contract::OPPORTUNITY, &contract::SYSTEMUSER]
    {
        found.push((table.name, nulls(&sources.records[table.name], table.primary_key), "left out"));
    }
    let mut warnings = Vec::new();
    for (table, count, fate) in found {
        let count = count.map_err(Error::engine("rows without an id"))?;
        if count > 0 {
            warnings.push(match count {
                1 => format!("table {table}: one row has no id and is {fate}"),
                _ => format!("table {table}: {count} rows have no id and are {fate}"),
            });
        }
    }
    Ok(warnings)
}

/// Records that a table without versions holds more than once, so that nothing tells which row is current.
fn held_twice(sources: &Sources) -> Result<Vec<String>> {
    let mut warnings = Vec::new();
    for table in
        [&contract::ACCOUNT, &contract::CONTACT, &contract::LEAD, &contract::OPPORTUNITY, &contract::SYSTEMUSER]
    {
        let input = sources.inputs.iter().find(|input| input.table == table.name);
        if !input.is_some_and(|input| input.lacking.contains(&"versionnumber")) {
            continue;
        }
        let ids = texts(&sources.records[table.name], table.primary_key[0])?;
        let known = ids.len() - ids.null_count();
        let records = ids.drop_nulls().n_unique().map_err(Error::engine("records held twice"))?;
        let rows = match known - records {
            0 => continue,
            1 => "one row shares its id".to_string(),
            rows => format!("{rows} rows share their ids"),
        };
        warnings.push(format!(
            "table {}: {rows} with another row, and without a column versionnumber nothing tells which is current",
            table.name
        ));
    }
    Ok(warnings)
}

/// What is said to have happened, or to have been written, in the future; plans may well lie there.
fn from_the_future(sources: &Sources, past_until: i64) -> Result<Vec<String>> {
    let doing = || Error::engine("rows from the future");
    let activities = &sources.activities;
    let held = || col("statecode").eq(lit(1)).fill_null(lit(false));
    let mut warnings = Vec::new();
    for (table, frame, happened) in [
        (&contract::EMAIL, &activities.emails, held()),
        (&contract::PHONECALL, &activities.calls, held()),
        (&contract::TASK, &activities.tasks, held()),
        (&contract::MESSAGES, &activities.messages, col("draft").not()),
    ] {
        if frame.width() == 0 {
            continue;
        }
        let later = col(OCCURRED_AT).cast(DataType::Int64).gt(lit(past_until));
        let later = frame.clone().lazy().select([later.and(happened).sum().alias("rows")]).collect();
        let later = later.map_err(doing())?;
        match later.column("rows").and_then(|rows| Ok(rows.idx()?.get(0))).map_err(doing())? {
            None | Some(0) => {}
            Some(rows) => warnings.push(format!(
                "table {}: {} dated in the future, though what they say has happened: no day before theirs counts \
                 them. Correct the clock or the time zone of what wrote them",
                table.name,
                if rows == 1 { "one row is".to_string() } else { format!("{rows} rows are") }
            )),
        }
    }
    if sources.dataverse_written.goes_beyond(past_until) {
        warnings.push(
            "Dataverse: rows are said to have been written in the future; they are no sign of a fresh export".into(),
        );
    }
    Ok(warnings)
}

fn is_absent(sources: &Sources, table: &contract::SourceTable) -> bool {
    sources.absent.contains(&table.name)
}

fn exchange(settings: &Settings, sources: &Sources) -> Option<String> {
    if is_absent(sources, &contract::MESSAGES) && is_absent(sources, &contract::CALENDAR_VIEW) {
        return Some("consent is true, but the lake has no Exchange data: results are partial".into());
    }
    let unknown = is_absent(sources, &contract::USERS) && settings.default_country.is_none();
    (unknown && settings.mailbox_countries.is_empty()).then(|| {
        "the lake has no table users, so no mailbox has a country, and default_country is \"none\": \
         no Exchange data is used"
            .into()
    })
}

/// Countries of mailboxes that are no codes: no list of regions has them, and all mail of these mailboxes is dropped.
fn countries(sources: &Sources) -> Result<Option<String>> {
    if sources.mailboxes.width() == 0 {
        return Ok(None);
    }
    let said = texts(&sources.mailboxes, "country")?;
    let is_code = |country: &str| country.len() == 2 && country.bytes().all(|byte| byte.is_ascii_alphabetic());
    let others: Vec<&str> = said.iter().flatten().filter(|country| !is_code(country)).collect();
    Ok(others.first().map(|first| {
        format!(
            "table users: usageLocation of {} mailboxes is no country code of two letters, such as '{first}'; their \
             mail counts as of no supported region. Export the code, or name the mailboxes in mailbox_countries",
            others.len()
        )
    }))
}

fn roles(settings: &Settings, sources: &Sources) -> Result<Vec<String>> {
    if settings.selected_roles.is_empty() {
        return Ok(Vec::new());
    }
    let groups: Vec<Option<&str>> = texts(&sources.records[contract::GROUP_MEMBERS.name], "group")?.iter().collect();
    let is_group =
        |role: &str| groups.iter().flatten().any(|group| ids::canonical(group.trim()) == ids::canonical(role.trim()));
    if settings.selected_roles.iter().all(|role| is_group(role)) {
        return Ok(Vec::new());
    }
    let missing = [&contract::ROLE, &contract::SYSTEMUSERROLES].into_iter().filter(|table| is_absent(sources, table));
    let missing: Vec<&str> = missing.map(|table| table.name).collect();
    if !missing.is_empty() {
        let tables = missing.join(" and ");
        return Ok(vec![format!(
            "selected_roles is set, but the lake has no table {tables}: nobody holds a selected role, and no Exchange data is used"
        )]);
    }
    let frame = &sources.records[contract::ROLE.name];
    let (role_ids, names) = (texts(frame, "roleid")?, texts(frame, "name")?);
    let unknown = settings.selected_roles.iter().filter(|role| {
        let id = ids::canonical(role);
        let by_name = |name: &str| name.trim().eq_ignore_ascii_case(role.trim());
        !is_group(role) && !role_ids.iter().flatten().any(|known| known == id) && !names.iter().flatten().any(by_name)
    });
    Ok(unknown.map(|role| format!("selected_roles: the lake has no role '{role}'")).collect())
}

/// Entries of the administrator's lists that name nobody: each may be a person who wants to be left alone
/// and is mistyped.
fn lists(sources: &Sources, domains: &CompanyDomains) -> Result<Vec<String>> {
    let found = matches::of(sources, domains)?;
    let of_records = found.erasures.nobody - found.nobodys_addresses;
    let counted = [
        ("erasures", of_records, found.erasures.all, "name no current record of their kind"),
        (
            "erasures",
            found.unknown_kinds,
            found.erasures.all,
            "have a kind other than contact, lead, systemuser or address",
        ),
        ("erasures", found.nobodys_addresses, found.erasures.all, "name an address that the lake does not have"),
        ("opt_outs", found.opt_outs.nobody, found.opt_outs.all, "name no colleague or mailbox of the lake"),
        ("aliases", found.aliases.nobody, found.aliases.all, "name no address of a colleague or contact of the lake"),
        (
            "group_members",
            found.group_members.nobody,
            found.group_members.all,
            "name no colleague or mailbox of the lake",
        ),
    ];
    let some = counted.into_iter().filter(|(_, nobody, ..)| *nobody > 0);
    let mut warnings: Vec<String> =
        some.map(|(list, nobody, all, what)| format!("{list}: {nobody} of {all} rows {what}")).collect();
    // Somebody has two or three records; more share what was typed where there was no address.
    let erased = erasures::follow(&sources.records, domains)?;
    let most = erasures::most_of_one_address(&erased, &sources.records, domains)?;
    if most >= MANY_OF_ONE_ADDRESS {
        warnings.push(format!(
            "erasures: {most} contacts, leads and colleagues carry one address that is erased, and all of them are. If it \
             stands for no address, as noemail@ does, empty the field on these records"
        ));
    }
    Ok(warnings)
}
