//! What all pages of a report share: its tables, its records and who is called what.

use std::collections::{BTreeMap, HashMap};

use super::figures::Figures;
use super::html::{Html, clipped, link};
use super::published::Published;
use super::record::{Record, key, page};
use super::say::Say;
use super::sheet::Row;
use crate::people::RecordType;
use crate::table::Table;

/// What all pages of a report have at hand.
pub struct Book<'a> {
    /// The tables.
    pub published: &'a Published,
    /// How the pages speak.
    pub say: &'a Say,
    /// The records that have a page.
    pub records: Vec<Record<'a>>,
    /// Keys of the records with a page, and where these are among the records.
    pages: HashMap<String, usize>,
    /// Whether the report is for one owner or reader: then records without a page, which are not theirs, are not named.
    only_own: bool,
    colleagues: HashMap<&'a str, Colleague<'a>>,
    people: HashMap<String, &'a str>,
    contacts: BTreeMap<&'a str, Vec<&'a str>>,
    /// The declarations of all tables.
    pub dictionary: &'a [Table],
}

/// What is known of a colleague.
#[derive(Clone, Copy, Default)]
pub struct Colleague<'a> {
    /// As published, where it is.
    pub name: Option<&'a str>,
    /// As published, where it is.
    pub address: Option<&'a str>,
}

impl<'a> Book<'a> {
    /// Looks up what pages ask for by id.
    pub fn new(
        published: &'a Published,
        say: &'a Say,
        dictionary: &'a [Table],
        records: Vec<Record<'a>>,
        only_own: bool,
    ) -> Book<'a> {
        let pages = records.iter().enumerate().map(|(at, record)| (record.key(), at)).collect();
        let mut book = Book {
            published,
            say,
            records,
            pages,
            only_own,
            colleagues: HashMap::new(),
            people: HashMap::new(),
            contacts: BTreeMap::new(),
            dictionary,
        };
        book.learn_names();
        book.learn_contacts();
        book
    }

    /// Names of colleagues and customer people, from every published table that has them.
    fn learn_names(&mut self) {
        for row in self.published.table("top_contacts").into_iter().flat_map(|sheet| sheet.rows()) {
            let (Some(kind), Some(id), Some(name)) = (row.text("person_type"), row.text("person_id"), row.text("name"))
            else {
                continue;
            };
            match kind {
                "systemuser" => self.colleagues.entry(id).or_default().name = Some(name),
                // Only names of the people of records that have a page.
                _ if self.is_shown(row) => drop(self.people.insert(format!("{kind} {id}"), name)),
                _ => {}
            }
        }
        for row in self.published.table("who_knows_whom").into_iter().flat_map(|sheet| sheet.rows()) {
            let Some(id) = row.text("systemuser_id") else { continue };
            let colleague = self.colleagues.entry(id).or_default();
            colleague.name = row.text("colleague_name").or(colleague.name);
            colleague.address = row.text("colleague_address");
        }
        for row in self.published.table("people").into_iter().flat_map(|sheet| sheet.rows()) {
            if let (Some("systemuser"), Some(id), Some(name)) =
                (row.text("person_type"), row.text("person_id"), row.text("name"))
            {
                self.colleagues.entry(id).or_default().name.get_or_insert(name);
            }
        }
        // Tables of later versions name owners themselves.
        for record in &self.records {
            if let (Some(id), Some(name)) = (record.row.text("owner_id"), record.row.text("owner_name")) {
                self.colleagues.entry(id).or_default().name.get_or_insert(name);
            }
        }
    }

    fn is_shown(&self, row: Row<'_>) -> bool {
        let (kind, id) = (row.text("record_type").unwrap_or_default(), row.text("record_id").unwrap_or_default());
        !self.only_own || self.pages.contains_key(&format!("{kind} {id}"))
    }

    fn learn_contacts(&mut self) {
        let published = self.published;
        for row in published.table(RecordType::Contact.kpi_table()).into_iter().flat_map(|sheet| sheet.rows()) {
            let (Some(id), Some(account)) = (row.text("contact_id"), row.text("account_id")) else { continue };
            if self.may_show(RecordType::Contact, id) {
                self.contacts.entry(account).or_default().push(id);
            }
        }
    }

    /// Whether a record may be named: any in a report for everybody, those with a page in one for an owner or reader.
    pub fn may_show(&self, kind: RecordType, id: &str) -> bool {
        !self.only_own || self.pages.contains_key(&key(kind, id))
    }

    /// The record of a row that names it by `record_type` and `record_id`, where it has a page.
    pub fn record_of(&self, row: Row<'_>) -> Option<&Record<'a>> {
        let (kind, id) = (row.text("record_type")?, row.text("record_id")?);
        self.records.get(*self.pages.get(&format!("{kind} {id}"))?)
    }

    /// Whether the report is for everybody, and not for one owner or reader.
    pub fn shows_all(&self) -> bool {
        !self.only_own
    }

    /// The contacts of an account that may be shown.
    pub fn contacts_of(&self, account: &str) -> &[&'a str] {
        self.contacts.get(account).map(Vec::as_slice).unwrap_or_default()
    }

    /// A record's name, if it has one and it may be shown.
    pub fn name_of(&self, kind: RecordType, id: &str) -> Option<&'a str> {
        let own = self.may_show(kind, id).then(|| self.published.first(kind.kpi_table(), id)).flatten();
        own.and_then(|row| row.text("name")).or_else(|| self.people.get(&key(kind, id)).copied())
    }

    /// The same, or something in its place.
    pub fn called(&self, kind: RecordType, id: &str) -> String {
        self.name_of(kind, id).map_or_else(|| short(id), str::to_string)
    }

    /// A link to a record's page from a page of another record (`../`) or from one above them (nothing).
    pub fn link_to(&self, up: &str, kind: RecordType, id: &str, shown: &str) -> Html {
        let target = self.pages.contains_key(&key(kind, id)).then(|| format!("{up}{}", page(kind, id)));
        link(target.as_deref(), &clipped(shown))
    }

    /// What is known of the colleague with an id; nothing where no table names them.
    pub fn colleague(&self, id: &str) -> Colleague<'a> {
        self.colleagues.get(id).copied().unwrap_or_default()
    }

    /// A colleague's name, else address, else the beginning of the id.
    pub fn colleague_called(&self, id: &str) -> String {
        let known = self.colleague(id);
        known.name.or(known.address).map_or_else(|| short(id), |known| clipped(known).into_owned())
    }

    /// The figures of a row.
    pub fn figures(&self, row: Option<Row<'a>>, table: &'static str) -> Figures<'_> {
        Figures { say: self.say, row, table }
    }
}

/// The beginning of an id, where nothing better is known.
fn short(id: &str) -> String {
    let beginning: String = id.chars().take(8).collect();
    format!("{beginning}…")
}
