//! What the administrator's lists take out of a lake, counted, so that a list without effect is seen.

use std::collections::HashSet;
use std::fmt;

use chrono::NaiveDate;
use polars::prelude::DataFrame;

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
    let Unused { opted_out, of_erased } = unused(sources, settings, &domains)?;
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
        (of_erased.messages, "messages of mailboxes"),
        (of_erased.events, "calendar events of mailboxes"),
    ]);
    let opt_outs = vec![(opted_out.messages, "messages"), (opted_out.events, "calendar events")];
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

/// How many items of mailboxes are not used because of a list.
#[derive(Default)]
struct Items {
    messages: usize,
    events: usize,
}

/// What is not used of mailboxes whose owners opted out or are erased.
#[derive(Default)]
struct Unused {
    opted_out: Items,
    of_erased: Items,
}

fn unused(sources: &Sources, settings: &Settings, domains: &CompanyDomains) -> Result<Unused> {
    let mut found = Unused::default();
    // The last day of all, by which every opt-out holds.
    let as_of = AsOf { date: NaiveDate::from_ymd_opt(9999, 12, 31).unwrap_or_default(), timezone: settings.timezone };
    let mailboxes = mailboxes_as_of(sources, settings, domains, &as_of)?;
    let kinds: [(&DataFrame, fn(&mut Items) -> &mut usize); 2] = [
        (&sources.activities.messages, |items| &mut items.messages),
        (&sources.activities.events, |items| &mut items.events),
    ];
    for (frame, count) in kinds.into_iter().filter(|(frame, _)| frame.width() > 0) {
        for (mailbox, time) in keys(frame, MAILBOX)?.iter().zip(instants(frame, OCCURRED_AT)?.iter()) {
            match mailboxes.refusal(mailbox, time) {
                Some(DropReason::OptedOut) => *count(&mut found.opted_out) += 1,
                Some(DropReason::Erased) => *count(&mut found.of_erased) += 1,
                _ => {}
            }
        }
    }
    Ok(found)
}

fn mailboxes_as_of(
    sources: &Sources,
    settings: &Settings,
    domains: &CompanyDomains,
    as_of: &AsOf,
) -> Result<Mailboxes> {
    let erased = erasures::follow(&sources.records, domains)?;
    let records = records::number(sources, as_of.cutoff(), &erased.ids)?;
    let directory = build_directory::build(sources, &records, &erased, domains, settings.consent)?;
    mailbox_access::judge(sources, &directory, &erased, domains, settings, as_of)
}
