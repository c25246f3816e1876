//! Accounts, contacts, leads and opportunities, and which of them get a page.

use std::cmp::Reverse;

use xxhash_rust::xxh3::xxh3_64;

use super::access::Access;
use super::published::Published;
use super::sheet::Row;
use crate::error::{Error, Result};
use crate::kpis::definitions::volume::COUNT_NAMES;
use crate::people::RecordType;

/// A record of the KPI tables.
#[derive(Clone, Copy)]
pub struct Record<'a> {
    /// What it is.
    pub kind: RecordType,
    /// Its id, as published.
    pub id: &'a str,
    /// Its row in the KPI table.
    pub row: Row<'a>,
}

impl Record<'_> {
    /// The key of its rows in tables about several kinds of record, see [`key`].
    pub fn key(&self) -> String {
        key(self.kind, self.id)
    }

    /// The key of its row in a table, as `rapport explain` takes it; empty where the table has several rows of it.
    pub fn key_in(&self, table: &str) -> String {
        match table {
            "relationship_health" => self.key(),
            table if table == self.kind.kpi_table() => self.id.to_string(),
            "account_coverage" | "opportunity_benchmarks" => self.id.to_string(),
            _ => String::new(),
        }
    }

    /// Whether it is a lead or opportunity that is not closed; only those have a state of health.
    pub fn is_open(&self) -> bool {
        matches!(self.kind, RecordType::Lead | RecordType::Opportunity)
            && self.row.text("health_state").is_some_and(|state| state != "not_applicable")
    }

    fn interactions(&self) -> i64 {
        COUNT_NAMES.iter().filter_map(|column| self.row.whole(column)).sum()
    }
}

/// The key of a record's rows in tables that have a `record_type` and a `record_id`: both, with a space between them.
pub fn key(kind: RecordType, id: &str) -> String {
    format!("{} {id}", kind.name())
}

/// The page that lists all records of a type.
pub fn list_page(record_type: RecordType) -> &'static str {
    match record_type {
        RecordType::Account => "accounts.html",
        RecordType::Contact => "contacts.html",
        RecordType::Lead => "leads.html",
        RecordType::Opportunity => "opportunities.html",
    }
}

/// The file of a record's page. Ids that could name another place are replaced by their hash.
pub fn page(kind: RecordType, id: &str) -> String {
    format!("{}/{}.html", kind.name(), file_name(id))
}

/// A file's name made of an id: the id, or its hash where the id has characters that could lead out of the folder.
pub fn file_name(id: &str) -> String {
    let plain = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-';
    match !id.is_empty() && id.len() <= 64 && id.bytes().all(plain) {
        true => id.to_string(),
        false => format!("x{:016x}", xxh3_64(id.as_bytes())),
    }
}

/// Which records get a page.
#[derive(Clone, Debug, Default)]
pub struct RecordChoice {
    /// Those that this colleague or team owns, by id or, of colleagues, address.
    pub owner: Option<String>,
    /// Those that this colleague may read, by id or by what they sign in with.
    pub reader: Option<String>,
    /// Those with these ids.
    pub records: Vec<String>,
    /// Of each kind so many with the most interactions.
    pub top: Option<usize>,
}

impl RecordChoice {
    /// The chosen records, by kind and in the order of the tables. Where `record_access` is published, those of an
    /// owner are records that the owner may read.
    ///
    /// # Errors
    /// An owner, a reader or a record that the tables do not have.
    pub fn of<'a>(
        &self,
        published: &'a Published,
        of_owner: Option<&Access>,
        of_reader: Option<&Access>,
    ) -> Result<Vec<Record<'a>>> {
        if let (Some(_), None) = (&self.reader, of_reader) {
            return Err(Error::usage(
                "--reader",
                format!("record_access, which says who may read what, is not published as of {}", published.as_of),
                "Publish it by rapport run relationship_kpis --tables record_access",
            ));
        }
        let named = |owner: &str| {
            of_owner.and_then(|access| access.colleague.clone()).unwrap_or_else(|| owner_id(published, owner))
        };
        let owner = self.owner.as_deref().map(named);
        let mut chosen = Vec::new();
        for kind in RecordType::ALL {
            let Some(sheet) = published.table(kind.kpi_table()) else { continue };
            let all = sheet.rows().filter_map(|row| Some(Record { kind, id: row.text(kind.published_id())?, row }));
            let is_owned = |record: &Record<'_>| owner.is_none() || record.row.text("owner_id") == owner.as_deref();
            let is_allowed = |record: &Record<'_>| {
                of_owner.is_none_or(|access| access.reads_own(&record.key()))
                    && of_reader.is_none_or(|access| access.reads(&record.key()))
            };
            let is_named =
                |record: &Record<'_>| self.records.is_empty() || self.records.iter().any(|id| id == record.id);
            let all = all.filter(|record| is_owned(record) && is_allowed(record) && is_named(record));
            let mut all: Vec<Record<'a>> = all.collect();
            if let Some(top) = self.top {
                all.sort_by_key(|record| Reverse(record.interactions()));
                all.truncate(top);
                all.sort_by_key(|record| record.id);
            }
            chosen.extend(all);
        }
        let missing = self.records.iter().find(|id| !chosen.iter().any(|record: &Record<'_>| record.id == id.as_str()));
        if missing.is_some() && self.top.is_none() {
            return Err(Error::usage(
                "--record",
                format!("no chosen record as of {} has that id", published.as_of),
                "Give the id of an account, contact, lead or opportunity in the KPI tables of that day",
            ));
        }
        match (chosen.is_empty(), &self.owner, &self.reader) {
            (true, Some(_), _) => Err(Error::usage(
                "--owner",
                match of_owner {
                    Some(_) => format!("no record as of {} has that owner and may be read by them", published.as_of),
                    None => format!("no record as of {} has that owner", published.as_of),
                },
                "Give an owner_id of the KPI tables, or a colleague's address",
            )),
            (true, None, Some(_)) => Err(Error::usage(
                "--reader",
                format!("record_access as of {} names no record for that colleague", published.as_of),
                "Give a systemuser_id of record_access, or what the colleague signs in with",
            )),
            _ => Ok(chosen),
        }
    }
}

/// The id of an owner who is named by an address; else what was given.
fn owner_id(published: &Published, owner: &str) -> String {
    let suggestions = published.table("who_knows_whom").into_iter().flat_map(|sheet| sheet.rows());
    let mut by_address = suggestions
        .filter(|row| row.text("colleague_address").is_some_and(|address| address.eq_ignore_ascii_case(owner)))
        .filter_map(|row| row.text("systemuser_id"));
    by_address.next().map_or_else(|| owner.to_ascii_lowercase(), str::to_string)
}

/// A name for the folder of an owner's report, and no other place.
pub fn owner_folder(owner: &str) -> String {
    let plain = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || b"-_.@".contains(&byte);
    let owner = owner.to_ascii_lowercase();
    match !owner.starts_with('.') && owner.len() <= 100 && owner.bytes().all(plain) {
        true if !owner.is_empty() => owner,
        _ => file_name(&owner),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_id_never_names_another_place() {
        assert_eq!(page(RecordType::Lead, "0a1b-c"), "lead/0a1b-c.html");
        for id in ["../../etc/passwd", "a/b", "", "A", ".", "c:\\x", "a\u{0}b"] {
            let name = file_name(id);
            assert!(name.len() == 17 && name.bytes().all(|byte| byte.is_ascii_alphanumeric()), "{id}: {name}");
        }
        assert_eq!(owner_folder("Anna@Nordwind.example"), "anna@nordwind.example");
        for owner in ["../x", "..", "", ".ssh", "a/b"] {
            assert!(!owner_folder(owner).contains(['/', '.']), "{owner}");
        }
    }
}
