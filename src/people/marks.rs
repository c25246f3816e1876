//! By what the erased are recognised in ids that mail and calendar systems made: addresses and ids (rule C4).

use std::borrow::Cow;
use std::collections::HashSet;
use std::sync::Arc;

use polars::prelude::*;

use super::erasures::{Erased, PEOPLE_TABLES, PeopleTable};
use crate::error::{Error, Result};
use crate::frames::keys::Address;
use crate::frames::typed_columns::texts;
use crate::people::carried::with_ids;
use crate::sources::columns::{ACTIVITY, IDENTITY_TEXT, SOURCE_ID};
use crate::sources::values::composed::composed;
use crate::sources::values::email_addresses::CompanyDomains;
use crate::sources::values::{ids, message_ids};
use crate::sources::{Activities, SmallTables, contract};

/// Ids and addresses of the erased. Nothing of it may be shown or logged (rule R5).
#[derive(Clone)]
pub struct Marks {
    /// Publishable ids of contacts, leads and colleagues, and of colleagues' mailboxes.
    ids: HashSet<String>,
    /// The lengths of these ids: words of other lengths, which are most in a text, need not be looked up.
    id_lengths: HashSet<usize>,
    addresses: HashSet<Address>,
    domains: CompanyDomains,
}

impl Marks {
    /// Those of some people. `deleted` has rows of the lake that were deleted: they may tell what belongs to an erased
    /// address, but nothing is followed through them.
    ///
    /// # Errors
    /// Only what the engine runs into.
    pub fn of(erased: Erased, present: &SmallTables, deleted: &SmallTables, domains: &CompanyDomains) -> Result<Marks> {
        let Erased { mut ids, addresses: erased } = erased;
        for PeopleTable { table, id, addresses } in PEOPLE_TABLES {
            let Some(frame) = deleted.get(table).filter(|deleted| deleted.width() > 0) else { continue };
            let of_erased = with_ids(frame, id, addresses)?.into_iter().filter(|(_, address)| erased.contains(address));
            ids.extend(of_erased.map(|(id, _)| id.to_string()));
        }
        for records in [present, deleted] {
            let Some(users) = records.get(contract::SYSTEMUSER.name).filter(|users| users.width() > 0) else {
                continue;
            };
            let mailboxes = texts(users, "azureactivedirectoryobjectid")?;
            let of_users = texts(users, "systemuserid")?.iter().zip(mailboxes.iter());
            let of_erased = of_users.filter(|(id, _)| id.is_some_and(|id| ids.contains(id)));
            let mailboxes: Vec<String> = of_erased.filter_map(|(_, mailbox)| mailbox.map(str::to_string)).collect();
            ids.extend(mailboxes);
        }
        let id_lengths = ids.iter().map(String::len).collect();
        Ok(Marks { ids, id_lengths, addresses: erased, domains: domains.clone() })
    }

    /// Whether these and others stand for the same people.
    pub fn are_those_of(&self, others: &Marks) -> bool {
        self.addresses == others.addresses && self.ids == others.ids
    }

    /// Whether nobody is erased.
    pub fn is_empty(&self) -> bool {
        self.ids.is_empty() && self.addresses.is_empty()
    }

    /// Takes in an id of somebody erased.
    pub fn learn_id(&mut self, id: String) {
        self.id_lengths.insert(id.len());
        self.ids.insert(id);
    }

    /// The ids.
    pub fn ids(&self) -> &HashSet<String> {
        &self.ids
    }

    /// The hashed addresses.
    pub fn addresses(&self) -> &HashSet<Address> {
        &self.addresses
    }

    /// Whether an id is that of somebody erased.
    pub fn is_id(&self, id: &str) -> bool {
        self.ids.contains(id)
    }

    /// Whether a text is an address of somebody erased.
    pub fn is_address(&self, text: &str) -> bool {
        self.domains.address(text).is_some_and(|address| self.addresses.contains(&address))
    }

    /// Whether a text has an address or id of somebody erased in it.
    pub fn holds_address_or_id(&self, text: &str) -> bool {
        self.holds_address(text) || self.holds_id(text)
    }

    fn holds_id(&self, text: &str) -> bool {
        let in_id = |letter: char| letter.is_alphanumeric() || letter == '-' || letter == '_';
        text.split(|letter| !in_id(letter)).filter(|token| self.id_lengths.contains(&token.len())).any(|token| {
            if token.bytes().any(|byte| byte.is_ascii_uppercase()) {
                self.ids.contains(&token.to_lowercase())
            } else {
                self.ids.contains(token)
            }
        })
    }

    /// An address may stand in the midst of an id of a mail system, after any separator.
    fn holds_address(&self, text: &str) -> bool {
        if self.addresses.is_empty() {
            return false;
        }
        let text = composed(text);
        let in_domain = |letter: char| letter.is_alphanumeric() || letter == '-' || letter == '.';
        let in_local = |letter: char| in_domain(letter) || "!#$%&'*+/=?^_`{|}~".contains(letter);
        text.match_indices('@').any(|(at, _)| {
            let domain_end = text[at + 1..].find(|letter| !in_domain(letter)).map_or(text.len(), |end| at + 1 + end);
            let end = at + 1 + text[at + 1..domain_end].trim_end_matches(['.', '-']).len();
            let before = text[..at].char_indices().rev().take_while(|(_, letter)| in_local(*letter));
            let starts: Vec<usize> = before.map(|(start, _)| start).collect();
            starts.iter().any(|&start| {
                let begins = text[..start].chars().next_back().is_none_or(|before| !before.is_alphanumeric());
                begins && self.is_address(&text[start..end])
            })
        })
    }

    /// The same id every time for one that tells of somebody erased; none for others.
    fn stand_in(&self, id: &str) -> Option<String> {
        let key =
            if self.holds_address_or_id(id) { ids::exact_key(message_ids::message_id(id))? } else { return None };
        Some(format!("erased-{key:032x}"))
    }

    /// `column` of ids, with stand-ins for those that tell of somebody erased.
    pub fn without(self: &Arc<Marks>, column: Expr) -> Expr {
        if self.is_empty() {
            return column;
        }
        let marks = self.clone();
        column.map(
            move |column| Ok(marks.replaced(column.str()?).into_column()),
            |_, field| Ok(Field::new(field.name().clone(), DataType::String)),
        )
    }

    fn replaced(&self, ids: &StringChunked) -> StringChunked {
        let stand_ins: Vec<Option<String>> = ids.iter().map(|id| self.stand_in(id?)).collect();
        if stand_ins.iter().all(Option::is_none) {
            return ids.clone();
        }
        let both = ids.iter().zip(&stand_ins);
        let replaced: StringChunked = both.map(|(id, stand_in)| stand_in.as_deref().or(id)).collect();
        replaced.with_name(ids.name().clone())
    }

    /// Puts stand-ins where ids of activities tell of somebody erased: whatever is named by them later is named so in
    /// every run. The keys by which rows find each other stay.
    ///
    /// # Errors
    /// Only what the engine runs into.
    pub fn replace_in(self: &Arc<Marks>, activities: &mut Activities) -> Result<()> {
        if self.is_empty() {
            return Ok(());
        }
        let Activities { emails, appointments, messages, events, .. } = activities;
        for frame in [&mut *emails, &mut *appointments] {
            self.replace_names(frame).map_err(Error::engine("ids that tell of erased people"))?;
        }
        let (tracked, copies) = (&[IDENTITY_TEXT][..], &[SOURCE_ID, IDENTITY_TEXT, "message_id"][..]);
        for (frame, names) in [(emails, tracked), (appointments, tracked), (messages, copies), (events, copies)] {
            for name in names.iter().copied() {
                let Ok(column) = frame.column(name) else { continue };
                let doing = || Error::engine("ids that tell of erased people");
                let replaced = self.replaced(column.str().map_err(doing())?).into_column();
                frame.with_column(replaced).map_err(doing())?;
            }
        }
        Ok(())
    }

    /// Rows of Dataverse are named by ids that tell of nobody; one without such an id is named by its message or
    /// calendar id.
    fn replace_names(&self, frame: &mut DataFrame) -> PolarsResult<()> {
        let (Ok(own), Ok(names)) = (frame.column(ACTIVITY), frame.column(SOURCE_ID)) else { return Ok(()) };
        if own.null_count() == 0 {
            return Ok(());
        }
        let rows = names.str()?.iter().zip(own.i128()?.iter());
        let replaced: StringChunked = rows
            .map(|(name, own)| {
                let stand_in = if own.is_none() { self.stand_in(name?) } else { None };
                stand_in.map(Cow::Owned).or(name.map(Cow::Borrowed))
            })
            .collect();
        frame.with_column(replaced.with_name(SOURCE_ID.into()).into_column())?;
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn marks() -> Marks {
        let domains = CompanyDomains::new(&[]);
        let addresses = ["anna.berg@kund.example", "a+b@x.example"].iter().filter_map(|a| domains.address(a)).collect();
        let ids = ["a0000000-0000-4000-8000-000000000011".to_string()].into();
        Marks { ids, id_lengths: [36].into(), addresses, domains }
    }

    #[test]
    fn addresses_and_ids_are_found_within_texts() {
        let marks = marks();
        for text in [
            "email:anna.berg@kund.example",
            "email:20260301.ANNA.Berg@Kund.example",
            "Re: (anna.berg@kund.example).",
            "<a+b@x.example>",
            "x/A0000000-0000-4000-8000-000000000011",
            "{a0000000-0000-4000-8000-000000000011}",
        ] {
            assert!(marks.holds_address_or_id(text), "{text}");
        }
        for text in [
            "email:joanna.berg@kund.example",
            "anna.berg@kund.example.com",
            "anna.berg@ kund.example",
            "b0000000-0000-4000-8000-000000000011",
            "@",
            "",
        ] {
            assert!(!marks.holds_address_or_id(text), "{text}");
        }
    }

    #[test]
    fn ids_that_tell_of_somebody_have_stand_ins_and_others_stay() {
        let ids = StringChunked::new("id".into(), [Some("m1.anna.berg@kund.example"), Some("m2@kund.example"), None]);
        let replaced = marks().replaced(&ids);
        let texts: Vec<Option<&str>> = replaced.iter().collect();
        let stand_in = texts[0].expect("a stand-in");
        assert!(stand_in.starts_with("erased-") && stand_in.len() == 39 && !stand_in.contains("kund"), "{stand_in}");
        assert_eq!(texts[1..], [Some("m2@kund.example"), None]);
        assert_eq!(marks().replaced(&ids).get(0), Some(stand_in));
    }
}
