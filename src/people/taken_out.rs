//! What the administrator's lists take out of a lake, counted, so that a list without effect is seen.

use std::collections::HashSet;
use std::fmt;

use super::erasures::{self, Erased, OPTING_OUT, PEOPLE_TABLES, PeopleTable};
use super::{Mailboxes, matches, records};
use crate::config::Settings;
use crate::error::Result;
use crate::frames::typed_columns::{instants, keys, texts};
use crate::people::{build_directory, mailbox_access};
use crate::sources::columns::{MAILBOX, OCCURRED_AT};
use crate::sources::drop_reason::DropReason;
use crate::sources::values::email_addresses::CompanyDomains;
use crate::sources::{Sources, contract};
use crate::time::AsOf;
use chrono::NaiveDate;

/// What one list takes out.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TakenOut {
    /// The list's name.
    pub list: &'static str,
    /// Its rows.
    pub entries: usize,
    /// Those that name somebody whom the lake has.
    pub matched: usize,
    /// How much of what is taken out.
    pub took: Vec<(usize, &'static str)>,
}

impl fmt::Display for TakenOut {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let TakenOut { list, entries, matched, took } = self;
        write!(f, "{list}: {entries} entries, {matched} of which match")?;
        let took: Vec<String> = took.iter().map(|(count, what)| format!("{count} {what}")).collect();
        if took.is_empty() { Ok(()) } else { write!(f, "; taken out: {}", took.join(", ")) }
    }
}

/// Of each list, lists that the lake lacks aside. Counted over the whole lake, whatever the day.
///
/// # Errors
/// Only what the engine runs into.
pub fn by_lists(sources: &Sources, settings: &Settings) -> Result<Vec<TakenOut>> {
    let domains = CompanyDomains::new(&settings.company_domains);
    let matches = matches::of(sources, &domains)?;
    let (opted_out, of_erased) = items(sources, settings, &domains)?;
    let listed = erasures::listed(&sources.records, &domains)?;
    let erased = erasures::follow_from(listed, &sources.records, &domains)?;
    let mut took = Vec::new();
    for (PeopleTable { table, id, .. }, what) in PEOPLE_TABLES.into_iter().zip(["contacts", "leads", "colleagues"]) {
        let ids: HashSet<&str> = texts(&sources.records[table], id)?.iter().flatten().collect();
        took.push((ids.into_iter().filter(|id| erased.ids.contains(*id)).count(), what));
    }
    let [parties, messages, events] = matches::parts_of(sources, &erased)?;
    took.extend([
        (erased.addresses.len(), "addresses"),
        (parties, "parts in activities"),
        (messages, "parts in messages"),
        (events, "parts in calendar events"),
        (of_erased[0], "messages of mailboxes"),
        (of_erased[1], "calendar events of mailboxes"),
    ]);
    let opt_outs = vec![(opted_out[0], "messages"), (opted_out[1], "calendar events")];
    let lists = [
        (contract::OPT_OUTS.name, matches.opt_outs, opt_outs),
        (contract::ERASURES.name, matches.erasures_of_somebody(), took),
        (contract::ALIASES.name, matches.aliases, Vec::new()),
        (contract::GROUP_MEMBERS.name, matches.group_members, Vec::new()),
    ];
    let there = lists.into_iter().filter(|(list, ..)| !sources.absent.contains(list));
    let of_lists = there.map(|(list, entries, took)| TakenOut {
        list,
        entries: entries.all,
        matched: entries.all - entries.nobody,
        took,
    });
    Ok(of_lists.chain(by_dataverse(sources, &domains)?).collect())
}

/// What records that are opted out in Dataverse take out; none where no record is.
fn by_dataverse(sources: &Sources, domains: &CompanyDomains) -> Result<Option<TakenOut>> {
    let ids = erasures::opted_out(&sources.records)?;
    if ids.is_empty() {
        return Ok(None);
    }
    let entries = ids.len();
    let out = erasures::follow_from(Erased { ids, ..Erased::default() }, &sources.records, domains)?;
    let mut took = Vec::new();
    for ((table, id), what) in OPTING_OUT.into_iter().zip(["contacts", "leads", "accounts", "opportunities"]) {
        let there: HashSet<&str> = texts(&sources.records[table], id)?.iter().flatten().collect();
        took.push((there.into_iter().filter(|id| out.ids.contains(*id)).count(), what));
    }
    let [parties, messages, events] = matches::parts_of(sources, &out)?;
    took.extend([
        (out.addresses.len(), "addresses"),
        (parties, "parts in activities"),
        (messages, "parts in messages"),
        (events, "parts in calendar events"),
    ]);
    Ok(Some(TakenOut { list: contract::OPTED_OUT, entries, matched: entries, took }))
}

/// Messages and calendar events that opt-outs, and those that erasures of colleagues keep from being used.
fn items(sources: &Sources, settings: &Settings, domains: &CompanyDomains) -> Result<([usize; 2], [usize; 2])> {
    let (mut opted_out, mut of_erased) = ([0; 2], [0; 2]);
    let as_of = AsOf { date: NaiveDate::from_ymd_opt(9999, 12, 31).unwrap_or_default(), timezone: settings.timezone };
    let mailboxes = at(sources, settings, domains, &as_of)?;
    for (at, frame) in [&sources.activities.messages, &sources.activities.events].into_iter().enumerate() {
        if frame.width() == 0 {
            continue;
        }
        for (mailbox, time) in keys(frame, MAILBOX)?.iter().zip(instants(frame, OCCURRED_AT)?.iter()) {
            match mailboxes.refusal(mailbox, time) {
                Some(DropReason::OptedOut) => opted_out[at] += 1,
                Some(DropReason::Erased) => of_erased[at] += 1,
                _ => {}
            }
        }
    }
    Ok((opted_out, of_erased))
}

fn at(sources: &Sources, settings: &Settings, domains: &CompanyDomains, as_of: &AsOf) -> Result<Mailboxes> {
    let erased = erasures::follow(&sources.records, domains)?;
    let records = records::number(sources, as_of.cutoff(), &erased.ids)?;
    let directory = build_directory::build(sources, &records, &erased, domains, settings.consent)?;
    mailbox_access::judge(sources, &directory, &erased, domains, settings, as_of)
}
