//! By what an erased person is recognised in results: ids, addresses, names.

use std::collections::{HashMap, HashSet};

use polars::prelude::{NamedFrom, Series};

use crate::error::Result;
use crate::frames::keys::Address;
use crate::frames::typed_columns::texts;
use crate::people::carried::with_ids;
use crate::people::erasures::{self, Erased, PEOPLE_TABLES, PeopleTable};
use crate::people::marks::Marks;
use crate::sources::values::composed::composed;
use crate::sources::values::email_addresses::CompanyDomains;
use crate::sources::{SmallTables, contract};

/// Everything by which the erased are recognised. Nothing of it may be shown or logged (rule R5).
pub struct Traces {
    marks: Marks,
    /// Which of the ids are the same person.
    persons: HashMap<String, usize>,
    /// Ids of people who are not erased but have the name of somebody who is.
    namesakes: HashSet<String>,
    /// Names in lower-case words, by the first of them.
    names: HashMap<String, Vec<Vec<String>>>,
}

impl Traces {
    /// The traces of those whom the lake's control table names or Dataverse opts out, and of what belongs to them.
    /// `deleted` has rows of the lake that were deleted: they may tell what belongs to an erased
    /// address, but nothing is followed through them, as a rerun does not know them.
    ///
    /// # Errors
    /// Only what the engine runs into.
    pub fn of_lake(present: &SmallTables, deleted: &SmallTables, domains: &CompanyDomains) -> Result<Traces> {
        Traces::of(erasures::follow(present, domains)?, present, deleted, domains)
    }

    /// The traces of some people, who are followed already.
    ///
    /// # Errors
    /// Only what the engine runs into.
    pub fn of(
        erased: Erased,
        present: &SmallTables,
        deleted: &SmallTables,
        domains: &CompanyDomains,
    ) -> Result<Traces> {
        let named = erased.ids.clone();
        let marks = Marks::of(erased, present, deleted, domains)?;
        let mut pairs = erasures::addresses_of_people(present, domains)?;
        pairs.retain(|(id, address)| named.contains(id) && marks.addresses().contains(address));
        // What was merged is one person whatever its addresses; hashed addresses leave the highest bits free.
        for ((one, other), number) in erasures::merged_people(present)?.into_iter().zip(1 << 126..) {
            pairs.extend([one, other].into_iter().filter(|id| named.contains(id)).map(|id| (id, number)));
        }
        let mut people: HashSet<String> = named;
        for PeopleTable { table, id, addresses } in PEOPLE_TABLES {
            let frame = &deleted[table];
            for (id, address) in with_ids(frame, id, addresses)? {
                if marks.addresses().contains(&address) {
                    people.insert(id.to_string());
                    pairs.push((id.to_string(), address));
                }
            }
        }
        let companies_and_deals =
            [(contract::ACCOUNT.name, "accountid"), (contract::OPPORTUNITY.name, "opportunityid")];
        for (table, id) in companies_and_deals {
            for id in texts(&present[table], id)?.iter().flatten() {
                people.remove(id);
            }
        }
        let persons = persons(&people, &pairs);
        let mut traces = Traces { marks, persons, names: HashMap::new(), namesakes: HashSet::new() };
        traces.learn_from_lake(&[present, deleted])?;
        traces.find_namesakes(present)?;
        Ok(traces)
    }

    /// Names of the erased, as the lake has them.
    fn learn_from_lake(&mut self, lake: &[&SmallTables]) -> Result<()> {
        for records in lake {
            for PeopleTable { table, id, .. } in PEOPLE_TABLES {
                let frame = &records[table];
                for (id, name) in texts(frame, id)?.iter().zip(texts(frame, "fullname")?.iter()) {
                    if let (Some(_), Some(name)) = (id.filter(|id| self.is_id(id)), name) {
                        self.learn_name(name);
                    }
                }
            }
        }
        Ok(())
    }

    /// People of the lake who are not erased and have the name of somebody who is.
    fn find_namesakes(&mut self, present: &SmallTables) -> Result<()> {
        for PeopleTable { table, id, .. } in PEOPLE_TABLES {
            let frame = &present[table];
            for (id, name) in texts(frame, id)?.iter().zip(texts(frame, "fullname")?.iter()) {
                if let (Some(id), Some(name)) = (id.filter(|id| !self.is_id(id)), name)
                    && self.holds_name(name)
                {
                    self.namesakes.insert(id.to_string());
                }
            }
        }
        Ok(())
    }

    /// Whether nobody is erased.
    pub fn is_empty(&self) -> bool {
        self.marks.is_empty()
    }

    /// Takes in an id of somebody erased.
    pub fn learn_id(&mut self, id: String) {
        self.marks.learn_id(id);
    }

    /// The ids, for plans.
    pub fn ids_as_series(&self) -> Series {
        Series::new("ids".into(), self.sorted_ids())
    }

    /// The ids, in order.
    pub fn sorted_ids(&self) -> Vec<&str> {
        let mut ids: Vec<&str> = self.marks.ids().iter().map(String::as_str).collect();
        ids.sort_unstable();
        ids
    }

    /// Whether an id is that of somebody erased.
    pub fn is_id(&self, id: &str) -> bool {
        self.marks.is_id(id)
    }

    /// A number for whom an erased id stands; several ids may be one person.
    pub fn person(&self, id: &str) -> Option<usize> {
        self.persons.get(id).copied()
    }

    /// Whether somebody who is not erased has the name of somebody who is.
    pub fn is_namesake(&self, id: &str) -> bool {
        self.namesakes.contains(id)
    }

    /// Takes in a name of somebody erased, and the same with the last word first.
    pub fn learn_name(&mut self, name: &str) {
        let words: Vec<String> = words(name).collect();
        for turn in 0..words.len().min(2) {
            let mut turned = words.clone();
            match turn {
                0 => {}
                // "Berg, Anna Maria" is "Anna Maria Berg", and the other way round.
                _ if name.contains(',') => turned.rotate_left(1),
                _ => turned.rotate_right(1),
            }
            let known = self.names.entry(turned[0].clone()).or_default();
            if !known.contains(&turned) {
                known.push(turned);
            }
        }
    }

    /// Whether a text is an address of somebody erased.
    pub fn is_address(&self, text: &str) -> bool {
        self.marks.is_address(text)
    }

    /// Whether a text has an address or id of somebody erased in it.
    pub fn holds_address_or_id(&self, text: &str) -> bool {
        self.marks.holds_address_or_id(text)
    }

    /// Whether a text tells of somebody erased, by address, id or name.
    pub fn are_in(&self, text: &str) -> bool {
        self.holds_address_or_id(text) || self.holds_name(text)
    }

    /// The same of a text that was cut to `longest` characters: where it has that many, its end may be as much of a name as
    /// there was room for. A single word that begins like a name is one only where it is the whole text.
    pub fn are_in_cut(&self, text: &str, longest: u32) -> bool {
        self.are_in(text) || text.chars().count() >= longest as usize && self.ends_within_name(text)
    }

    /// The same where doubt counts: half an address has another hash, so that nobody knows whose it was.
    pub fn may_be_in_cut(&self, text: &str, longest: u32) -> bool {
        let ends_in_address = text.rsplit(char::is_whitespace).next().is_some_and(|last| last.contains('@'));
        self.are_in_cut(text, longest)
            || ends_in_address && text.chars().count() >= longest as usize && !self.is_empty()
    }

    fn ends_within_name(&self, text: &str) -> bool {
        let words: Vec<String> = words(text).collect();
        (0..words.len()).any(|from| {
            let Some((last, before)) = words[from..].split_last() else { return false };
            let begins = |name: &Vec<String>| {
                name.get(before.len()).is_some_and(|word| word.starts_with(last)) && name.starts_with(before)
            };
            match before.first() {
                Some(first) => self.names.get(first).is_some_and(|names| names.iter().any(begins)),
                None => from == 0 && self.names.values().flatten().any(begins),
            }
        })
    }

    /// Whether a text has the whole name of somebody erased in it, in words. A name of one word
    /// would be found everywhere; it must be the whole text.
    pub fn holds_name(&self, text: &str) -> bool {
        let words: Vec<String> = if self.names.is_empty() { Vec::new() } else { words(text).collect() };
        (0..words.len()).any(|from| {
            self.names.get(&words[from]).is_some_and(|names| {
                names.iter().any(|name| match name.len() {
                    1 => words.len() == 1,
                    _ => words[from..].starts_with(name),
                })
            })
        })
    }
}

fn words(text: &str) -> impl Iterator<Item = String> {
    let text = composed(text);
    let words = text.split(|letter: char| !letter.is_alphanumeric()).filter(|word| !word.is_empty());
    words.map(str::to_lowercase).collect::<Vec<_>>().into_iter()
}

/// Gives ids that share addresses the same number.
fn persons(ids: &HashSet<String>, pairs: &[(String, Address)]) -> HashMap<String, usize> {
    let mut sorted: Vec<&String> = ids.iter().collect();
    sorted.sort_unstable();
    let mut persons: HashMap<String, usize> = sorted.into_iter().cloned().zip(0..).collect();
    let mut by_address: HashMap<Address, usize> = HashMap::new();
    loop {
        let mut settled = true;
        for (id, address) in pairs {
            let Some(person) = persons.get_mut(id) else { continue };
            let least = by_address.entry(*address).or_insert(*person);
            if *least != *person {
                *least = (*least).min(*person);
                *person = *least;
                settled = false;
            }
        }
        if settled {
            return persons;
        }
    }
}

#[cfg(test)]
mod tests {
    use polars::prelude::DataFrame;

    use super::*;

    fn nobody() -> Traces {
        let lake = || PEOPLE_TABLES.map(|people| (people.table, DataFrame::empty()));
        let marks = Marks::of(Erased::default(), &lake().into(), &lake().into(), &CompanyDomains::new(&[]));
        let marks = marks.expect("marks of nobody");
        Traces { marks, persons: HashMap::new(), namesakes: HashSet::new(), names: HashMap::new() }
    }

    #[test]
    fn names_are_found_in_whole_words_in_either_order() {
        let mut traces = nobody();
        ["Anna Berg", "Öz, Çağla", "Kund"].iter().for_each(|name| traces.learn_name(name));
        for text in [
            "Deal with anna BERG",
            "Berg, Anna: offer",
            "Çağla Öz",
            "ÖZ,ÇAĞLA",
            "kund",
            "C\u{327}ag\u{306}la O\u{308}z",
        ] {
            assert!(traces.holds_name(text), "{text}");
        }
        for text in ["Anna Bergman", "Anna", "Johanna Berg", "Kund AB", "Anna and Berg", ""] {
            assert!(!traces.holds_name(text), "{text}");
        }
    }

    #[test]
    fn a_name_that_was_cut_is_found_at_the_end_of_what_is_left() {
        let mut traces = nobody();
        ["Anna Maria Berg", "Kund"].iter().for_each(|name| traces.learn_name(name));
        for text in ["Anna Maria B", "Deal with Anna Mar", "Berg, Anna Ma", "Ku"] {
            assert!(!traces.are_in(text) && traces.are_in_cut(text, text.len() as u32), "{text}");
            assert!(!traces.are_in_cut(text, 100), "{text} was not cut");
        }
        for text in ["Deal with Anna", "Anna Bert", "Deal with Ku", "Anna Maria Bo", "bo@kund.example: offer"] {
            assert!(!traces.are_in_cut(text, text.len() as u32), "{text}");
        }
        let address = "Offer for <anna.berg@nordw";
        assert!(!traces.may_be_in_cut(address, address.len() as u32), "nobody is erased");
        traces.learn_id("a".to_string());
        assert!(traces.may_be_in_cut(address, address.len() as u32) && !traces.may_be_in_cut(address, 100));
    }

    #[test]
    fn ids_that_share_addresses_are_one_person() {
        let ids: HashSet<String> = ["a", "b", "c", "d"].map(str::to_string).into();
        let pairs = [("c", 1), ("a", 2), ("b", 1), ("b", 2), ("d", 3)].map(|(id, address)| (id.to_string(), address));
        let persons = persons(&ids, &pairs);
        assert!(persons["a"] == persons["b"] && persons["b"] == persons["c"] && persons["c"] != persons["d"]);
    }
}
