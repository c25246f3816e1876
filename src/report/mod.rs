//! A report to look at: a static site made from published tables, never from the lake.
//!
//! [`published`] finds and reads the tables of a day; [`record`] says which records get a page; [`book`] is what all
//! pages share. `overview` and `widgets` are what stands on the pages, one file each, and `charts` draws.
//! [`words`] has every word in four languages, [`say`] writes numbers and days, and [`site`] puts the files in place.
//!
//! Pages work from a file share: each is one file, loads nothing, and its content security policy lets nothing run
//! but our own script. Every text of a table is escaped, by templates or by [`html::escaped`].

mod access;
pub mod book;
mod card;
mod charts;
mod coverage;
mod definitions;
mod figures;
mod health_words;
pub mod html;
mod introduction;
pub mod kept;
mod listing;
mod needs;
mod overview;
mod page;
pub mod published;
pub mod record;
mod record_page;
pub mod say;
mod sheet;
mod sides;
pub mod site;
mod widgets;
pub mod words;

use std::path::Path;

use chrono::NaiveDate;
use chrono_tz::Tz;

use access::Access;
use book::Book;
use published::{Published, Source};
use record::RecordChoice;
use say::Say;
use site::Site;

use crate::error::Result;
use crate::language::Language;
use crate::people::RecordType;
use crate::table::Table;

/// What is asked for.
pub struct Request<'a> {
    /// Where tables lie.
    pub sources: &'a [Source<'a>],
    /// As of which day; none for that of `current/`.
    pub date: Option<NaiveDate>,
    /// Which records have pages.
    pub choice: &'a RecordChoice,
    /// In which the pages are written.
    pub language: Language,
    /// In which days begin.
    pub zone: Tz,
    /// The declarations of all tables: what their columns mean.
    pub dictionary: &'a [Table],
    /// The folder of the report.
    pub site: &'a Path,
    /// Who may read its files.
    pub file_mode: u32,
}

/// What was written.
pub struct Written {
    /// The day that the pages show.
    pub as_of: NaiveDate,
    /// Pages of records.
    pub records: usize,
    /// Tables that are not there.
    pub missing: Vec<&'static str>,
}

/// Writes the report. `progress` is told how many of how many pages of records are done, and may end it.
///
/// # Errors
/// Tables that are not there at all or cannot be read, records that were not found, what the system refuses, and what
/// `progress` says.
pub fn write(request: &Request<'_>, progress: &dyn Fn(usize, usize) -> Result<()>) -> Result<Written> {
    let mut site = Site::begin(request.site, request.file_mode)?;
    let published = Published::read(request.sources, request.date, request.language)?;
    let RecordChoice { owner, reader, .. } = request.choice;
    let access = |named: &Option<String>| match named {
        Some(named) => Access::of(request.sources, published.as_of, named),
        None => Ok(None),
    };
    let records = request.choice.of(&published, access(owner)?.as_ref(), access(reader)?.as_ref())?;
    let say = Say::new(request.language, request.zone);
    let book = Book::new(&published, &say, request.dictionary, records, owner.is_some() || reader.is_some());
    site.add("index.html", &overview::document(&book)?)?;
    for kind in RecordType::ALL {
        for (path, document) in overview::lists::documents(&book, kind)? {
            site.add(&path, &document)?;
        }
    }
    site.add(page::COVERAGE, &coverage::document(&book)?)?;
    for (path, document) in [overview::attention::document(&book)?, overview::changes::document(&book)?] {
        site.add(&path, &document)?;
    }
    for (done, record) in book.records.iter().enumerate() {
        progress(done, book.records.len())?;
        let (path, document) = record_page::document(&book, record)?;
        site.add(&path, &document)?;
        for (path, draft) in widgets::introductions(&book, record) {
            site.add(&path, &draft)?;
        }
    }
    progress(book.records.len(), book.records.len())?;
    site.finish(&published.as_of.to_string(), request.language.code())?;
    let (as_of, missing) = (published.as_of, published.missing().collect());
    Ok(Written { as_of, records: book.records.len(), missing })
}
