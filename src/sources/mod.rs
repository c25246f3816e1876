//! From files to frames: every table of the input contract, current rows only, in the form in
//! which the next step works with it. Nothing here depends on the date of a run.

mod activities;
mod apart;
pub mod columns;
pub mod contract;
pub mod drop_reason;
pub mod files;
mod kept;
mod reading;
pub mod roles;
pub mod tables;
pub mod values;

use std::collections::BTreeMap;
use std::thread;

use polars::prelude::*;

use crate::error::{Error, Result};
use contract::{
    ACCOUNT, ACTIVITYPARTY, ALIASES, APPOINTMENT, CALENDAR_VIEW, EMAIL, ERASURES, GROUP_MEMBERS, MESSAGES, OPPORTUNITY,
    OPT_OUTS, PHONECALL, SourceTable, System, TASK, USERS,
};
use files::{concurrent_writes, files_before, scan};
use kept::Kept;
use tables::load::{gone, live, live_within};
pub use tables::parents::Parents;
use tables::{dataverse, exchange, mailboxes, small_tables};
use values::email_addresses::CompanyDomains;
use values::ids::Names;
use values::responses::Responses;
use values::seen_domains::SeenDomains;
use values::time_zones::UnknownZones;

pub use activities::Activities;
pub use apart::read_apart;
pub use files::lake::{Lake, TableReading, Watch};
pub use files::mirror::Fetched;
pub use reading::Reading;
pub use tables::current_rows::DELETED;
pub use tables::dataverse::PARTY_TYPES;
pub use tables::exchange::{RECIPIENTS, ROLE_SHIFT};
pub use tables::extra_columns::further_columns;
pub use tables::load::InputTable;
pub use tables::mailboxes::PROXIES;
pub use tables::shares::{Shares, shares};
pub use tables::small_tables::{ADDRESS_TEXT, PRINCIPAL_TEXT};
pub use tables::written::LastWrites;
pub use values::further_addresses::further_of;
pub use values::misfits::Misread;

/// What is read besides [`small_tables::SMALL_TABLES`], in this order.
const FURTHER_TABLES: [&SourceTable; 12] = [
    &ALIASES,
    &OPT_OUTS,
    &ERASURES,
    &GROUP_MEMBERS,
    &EMAIL,
    &APPOINTMENT,
    &PHONECALL,
    &TASK,
    &ACTIVITYPARTY,
    &MESSAGES,
    &CALENDAR_VIEW,
    &USERS,
];

/// The tables of people.
const PEOPLE: [&str; 3] = [contract::CONTACT.name, contract::LEAD.name, contract::SYSTEMUSER.name];

/// Small tables by name, columns as in [`contract`], ids as text, hashed addresses; mailboxes as
/// [`Sources::mailboxes`].
pub type SmallTables = BTreeMap<&'static str, DataFrame>;

/// Everything read of a lake. Copies share their tables.
#[derive(Clone)]
pub struct Sources {
    /// The small tables.
    pub records: SmallTables,
    /// Contacts, leads and colleagues that were deleted, as far as the export still has their columns:
    /// texts may still name those of them who are erased.
    pub deleted: SmallTables,
    /// What people did: the large tables.
    pub activities: Activities,
    /// Mailboxes.
    pub mailboxes: DataFrame,
    /// Ids of the mailboxes of messages and events.
    pub mailbox_names: Names,
    /// In which domains people's addresses lie.
    pub seen_domains: SeenDomains,
    /// Company domains in which none of the addresses that were read lies.
    pub unmet_domains: Vec<String>,
    /// Which message emails answer whose header names several.
    pub parents: Parents,
    /// When activities of Dataverse were written, old versions and deletes among them (rule K12).
    pub dataverse_written: LastWrites,
    /// What was read.
    pub inputs: Vec<InputTable>,
    /// Tables that the lake lacks and need not have; they read as empty.
    pub absent: Vec<&'static str>,
    /// Time zones that were read as UTC because nobody knows them.
    pub unknown_zones: Vec<String>,
    /// What is known of the answers of attendees.
    pub responses: Responses,
    /// Columns of which a few values could not be read and are missing.
    pub misread: Vec<Misread>,
}

/// Reads the lake.
///
/// # Errors
/// A lake without Dataverse or one of its required tables, and whatever is wrong with the files.
pub fn read(lake: &Lake, how: &Reading) -> Result<Sources> {
    read_with(lake, how, &mut |error| Err(error))
}

/// Reads the lake like [`read`], but goes on after a table that cannot be read.
///
/// # Errors
/// One per table that breaks the contract.
pub fn examine(lake: &Lake, how: &Reading) -> std::result::Result<Sources, Vec<Error>> {
    let mut faults = Vec::new();
    let outcome = read_with(lake, how, &mut |error| {
        faults.push(error);
        Ok(())
    });
    match outcome {
        Ok(sources) if faults.is_empty() => Ok(sources),
        Ok(_) => Err(faults),
        Err(error) => {
            faults.push(error);
            Err(faults)
        }
    }
}

/// Hands what is wrong with a table to `fault`, which decides whether to go on without it.
fn read_with(lake: &Lake, how: &Reading, fault: &mut dyn FnMut(Error) -> Result<()>) -> Result<Sources> {
    check_dataverse(lake)?;
    if lake.is_remote() {
        fetch_ahead(lake.clone());
    }
    let (mut kept, noted) = (Kept::new(fault), Noted::default());
    let (mut records, deleted) = read_small_tables(lake, &how.domains, &mut kept)?;
    let (activities, mailboxes) = read_large_tables(lake, how, &noted, &mut kept)?;
    records.insert(USERS.name, mailboxes.clone());
    concurrent_writes::check(lake)?;
    Ok(Sources {
        records,
        deleted,
        activities,
        mailboxes,
        dataverse_written: kept.dataverse_written,
        inputs: kept.inputs,
        absent: kept.absent,
        unknown_zones: noted.zones.names(),
        responses: noted.responses,
        misread: kept.misread,
        mailbox_names: noted.mailbox_names,
        seen_domains: how.domains.seen(),
        unmet_domains: how.domains.unmet(),
        parents: noted.parents,
    })
}

/// The small tables, and the rows of people that were deleted.
fn read_small_tables(lake: &Lake, domains: &CompanyDomains, kept: &mut Kept<'_>) -> Result<(SmallTables, SmallTables)> {
    let (mut records, mut deleted) = (SmallTables::new(), SmallTables::new());
    for (table, ids, addresses) in small_tables::SMALL_TABLES {
        let frame = kept.rows(small_tables::dataverse(lake, table, ids, addresses, domains))?;
        if PEOPLE.contains(&table.name) {
            deleted.insert(table.name, gone(&frame, table)?);
        }
        records.insert(table.name, live(frame, table)?);
    }
    for table in contract::CONTROL_TABLES {
        records.insert(table.name, kept.rows(small_tables::control(lake, table))?);
    }
    lake.scratch().keep_together(records.values_mut())?;
    Ok((records, deleted))
}

/// What is noted of values while the large tables are read.
#[derive(Default)]
struct Noted {
    zones: UnknownZones,
    responses: Responses,
    mailbox_names: Names,
    parents: Parents,
}

/// What people did, and the mailboxes.
fn read_large_tables(
    lake: &Lake,
    how: &Reading,
    noted: &Noted,
    kept: &mut Kept<'_>,
) -> Result<(Activities, DataFrame)> {
    let Reading { domains, subjects, automated } = how;
    let subjects = *subjects;
    let Noted { zones, responses, mailbox_names, parents } = noted;
    // The largest tables of Dataverse, while nothing else is in memory; the lesser ones beside the largest
    // of Exchange, for one table alone leaves a core idle now and then.
    let (emails, parties) =
        rayon::join(|| dataverse::emails(lake, automated, parents, subjects), || dataverse::parties(lake, domains));
    let (messages, [appointments, calls, tasks, events, users]) = rayon::join(
        || exchange::messages(lake, how, mailbox_names, parents),
        || {
            [
                dataverse::appointments(lake, subjects),
                dataverse::calls(lake, subjects),
                dataverse::tasks(lake, subjects),
                exchange::events(lake, how, zones, responses, mailbox_names),
                mailboxes::users(lake, domains),
            ]
        },
    );
    let activities = Activities {
        emails: kept.rows(emails)?,
        appointments: kept.rows(appointments)?,
        calls: kept.rows(calls)?,
        tasks: kept.rows(tasks)?,
        parties: live_within(kept.rows(parties)?, &ACTIVITYPARTY, lake.scratch())?,
        messages: kept.rows(messages)?,
        events: kept.rows(events)?,
    };
    Ok((activities, kept.rows(users)?))
}

/// Brings the tables from the store in the order in which they are read, while they are read. What goes
/// wrong is told when the table's turn comes.
fn fetch_ahead(lake: Lake) {
    let small = small_tables::SMALL_TABLES.iter().map(|(table, _, _)| *table);
    let tables: Vec<&SourceTable> = small.chain(FURTHER_TABLES).collect();
    thread::spawn(move || {
        for table in tables {
            if let Err(error) = scan::fetch(&lake, table) {
                return lake.leave_failure(table, error);
            }
        }
    });
}

/// Reads what erasures are followed through: contacts, leads, colleagues, mailboxes, aliases, erasures and opt-outs, and
/// accounts and opportunities, which may be opted out. In the second map are the rows of the first three that were deleted, as far as the export still
/// has their columns: results of earlier days may speak of them.
///
/// # Errors
/// A lake without Dataverse, and whatever is wrong with these tables.
pub fn read_people(lake: &Lake, domains: &CompanyDomains) -> Result<(SmallTables, SmallTables)> {
    check_dataverse(lake)?;
    let (mut present, mut deleted) = (SmallTables::new(), SmallTables::new());
    for (table, ids, addresses) in small_tables::SMALL_TABLES {
        let is_of_people = PEOPLE.contains(&table.name);
        if !is_of_people && ![ACCOUNT.name, OPPORTUNITY.name].contains(&table.name) {
            continue;
        }
        let frame = small_tables::dataverse(lake, table, ids, addresses, domains)?.frame;
        if is_of_people {
            deleted.insert(table.name, gone(&frame, table)?);
        }
        present.insert(table.name, live(frame, table)?);
    }
    for table in [&ALIASES, &ERASURES, &OPT_OUTS] {
        present.insert(table.name, small_tables::control(lake, table)?.frame);
    }
    present.insert(USERS.name, mailboxes::users(lake, domains)?.frame);
    concurrent_writes::check(lake)?;
    Ok((present, deleted))
}

fn check_dataverse(lake: &Lake) -> Result<()> {
    let dataverse = lake.folder(System::Dataverse)?;
    if dataverse.is_dir() {
        return Ok(());
    }
    if lake.local_folder(System::Dataverse).is_some() && concurrent_writes::appears(dataverse) {
        return Err(files_before::changed(dataverse));
    }
    let missing = Error::Input {
        table: "dataverse".into(),
        column: None,
        file: Some(dataverse.display().to_string()),
        message: "the lake has no folder of Dataverse tables".into(),
        remedy: "point --input at the folder that holds dataverse/, exchange/ and control/, or name the folders \
                 in the job file"
            .into(),
    };
    Err(lake.named(System::Dataverse, missing))
}
