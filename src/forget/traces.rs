//! By what an erased person is recognised in results: ids, addresses, names.

use std::collections::{HashMap, HashSet};

use polars::prelude::{NamedFrom, Series};

use crate::error::Result;
use crate::frames::keys::Address;
use crate::frames::typed_columns::{addresses, texts};
use crate::people::erasures::{self, CARRIERS, Erased};
use crate::sources::values::email_addresses::CompanyDomains;
use crate::sources::{SmallTables, contract};

/// Everything by which the erased are recognised. Nothing of it may be shown or logged (rule R5).
pub struct Traces {
    /// Publishable ids of contacts, leads and colleagues, and of colleagues' mailboxes.
    ids: HashSet<String>,
    /// How long ids are; most words in a text are not.
    id_lengths: HashSet<usize>,
    /// Which of the ids are the same person.
    persons: HashMap<String, usize>,
    /// Ids of people who are not erased but have the name of somebody who is.
    namesakes: HashSet<String>,
    addresses: HashSet<Address>,
    /// Names in lower-case words, by the first of them.
    names: HashMap<String, Vec<Vec<String>>>,
    domains: CompanyDomains,
}

impl Traces {
    /// The traces of those whom the lake's control table names, and of what belongs to them.
    /// `deleted` has rows of the lake that were deleted: they may tell what belongs to an erased
    /// address, but nothing is followed through them, as a rerun does not know them.
    ///
    /// # Errors
    /// Only what the engine runs into.
    pub fn of_lake(present: &SmallTables, deleted: &SmallTables, domains: &CompanyDomains) -> Result<Traces> {
        let Erased { mut ids, addresses: erased } = erasures::follow(present, domains)?;
        let mut pairs = erasures::addresses_of_people(present, domains)?;
        pairs.retain(|(id, address)| ids.contains(id) && erased.contains(address));
        // What was merged is one person whatever its addresses; hashed addresses leave the highest bits free.
        for ((one, other), number) in erasures::merged_people(present)?.into_iter().zip(1 << 126..) {
            pairs.extend([one, other].into_iter().filter(|id| ids.contains(id)).map(|id| (id, number)));
        }
        for (table, id, columns) in CARRIERS {
            let frame = &deleted[table];
            for column in columns {
                for (id, address) in texts(frame, id)?.iter().zip(addresses(frame, column)?.iter()) {
                    if let (Some(id), Some(address)) = (id, address.filter(|address| erased.contains(address))) {
                        ids.insert(id.to_string());
                        pairs.push((id.to_string(), address));
                    }
                }
            }
        }
        let mut traces = Traces {
            persons: persons(&ids, &pairs),
            id_lengths: ids.iter().map(String::len).collect(),
            ids,
            addresses: erased,
            names: HashMap::new(),
            namesakes: HashSet::new(),
            domains: domains.clone(),
        };
        traces.learn_from_lake(&[present, deleted])?;
        traces.find_namesakes(present)?;
        Ok(traces)
    }

    /// Names and mailboxes of the erased, as the lake has them.
    fn learn_from_lake(&mut self, lake: &[&SmallTables]) -> Result<()> {
        for records in lake {
            for (table, id, _) in CARRIERS {
                let frame = &records[table];
                for (id, name) in texts(frame, id)?.iter().zip(texts(frame, "fullname")?.iter()) {
                    if let (Some(_), Some(name)) = (id.filter(|id| self.ids.contains(*id)), name) {
                        self.learn_name(name);
                    }
                }
            }
            let users = &records[contract::SYSTEMUSER.name];
            let mailboxes = texts(users, "azureactivedirectoryobjectid")?;
            let of_erased = texts(users, "systemuserid")?.iter().zip(mailboxes.iter());
            let of_erased = of_erased.filter(|(id, _)| id.is_some_and(|id| self.ids.contains(id)));
            let mailboxes: Vec<String> = of_erased.filter_map(|(_, mailbox)| mailbox.map(str::to_string)).collect();
            mailboxes.into_iter().for_each(|mailbox| self.learn_id(mailbox));
        }
        Ok(())
    }

    /// People of the lake who are not erased and have the name of somebody who is.
    fn find_namesakes(&mut self, present: &SmallTables) -> Result<()> {
        for (table, id, _) in CARRIERS {
            let frame = &present[table];
            for (id, name) in texts(frame, id)?.iter().zip(texts(frame, "fullname")?.iter()) {
                if let (Some(id), Some(name)) = (id.filter(|id| !self.ids.contains(*id)), name)
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
        self.ids.is_empty() && self.addresses.is_empty()
    }

    /// Takes in an id of somebody erased.
    pub fn learn_id(&mut self, id: String) {
        self.id_lengths.insert(id.len());
        self.ids.insert(id);
    }

    /// The ids, for plans.
    pub fn ids_as_series(&self) -> Series {
        let mut ids: Vec<&str> = self.ids.iter().map(String::as_str).collect();
        ids.sort_unstable();
        Series::new("ids".into(), ids)
    }

    /// Whether an id is that of somebody erased.
    pub fn is_id(&self, id: &str) -> bool {
        self.ids.contains(id)
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

    /// Whether a text has the whole name of somebody erased in it, in words. A name of one word
    /// would be found everywhere; it must be the whole text.
    pub fn holds_name(&self, text: &str) -> bool {
        if self.names.is_empty() {
            return false;
        }
        let words: Vec<String> = words(text).collect();
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

fn words(text: &str) -> impl Iterator<Item = String> + '_ {
    text.split(|letter: char| !letter.is_alphanumeric()).filter(|word| !word.is_empty()).map(str::to_lowercase)
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
    use super::*;

    fn traces() -> Traces {
        let domains = CompanyDomains::new(&[]);
        let addresses = ["anna.berg@kund.example", "a+b@x.example"].iter().filter_map(|a| domains.address(a)).collect();
        let mut traces = Traces {
            ids: ["a0000000-0000-4000-8000-000000000011".to_string()].into(),
            id_lengths: [36].into(),
            persons: HashMap::new(),
            namesakes: HashSet::new(),
            addresses,
            names: HashMap::new(),
            domains,
        };
        ["Anna Berg", "Öz, Çağla", "Kund"].iter().for_each(|name| traces.learn_name(name));
        traces
    }

    #[test]
    fn addresses_and_ids_are_found_within_texts() {
        let traces = traces();
        for text in [
            "email:anna.berg@kund.example",
            "email:20260301.ANNA.Berg@Kund.example",
            "Re: (anna.berg@kund.example).",
            "<a+b@x.example>",
            "x/A0000000-0000-4000-8000-000000000011",
            "{a0000000-0000-4000-8000-000000000011}",
        ] {
            assert!(traces.holds_address_or_id(text), "{text}");
        }
        for text in [
            "email:joanna.berg@kund.example",
            "anna.berg@kund.example.com",
            "anna.berg@ kund.example",
            "b0000000-0000-4000-8000-000000000011",
            "@",
            "",
        ] {
            assert!(!traces.holds_address_or_id(text), "{text}");
        }
    }

    #[test]
    fn names_are_found_in_whole_words_in_either_order() {
        let traces = traces();
        for text in ["Deal with anna BERG", "Berg, Anna: offer", "Çağla Öz", "ÖZ,ÇAĞLA", "kund"] {
            assert!(traces.holds_name(text), "{text}");
        }
        for text in ["Anna Bergman", "Anna", "Johanna Berg", "Kund AB", "Anna and Berg", ""] {
            assert!(!traces.holds_name(text), "{text}");
        }
    }

    #[test]
    fn ids_that_share_addresses_are_one_person() {
        let ids: HashSet<String> = ["a", "b", "c", "d"].map(str::to_string).into();
        let pairs = [("c", 1), ("a", 2), ("b", 1), ("b", 2), ("d", 3)].map(|(id, address)| (id.to_string(), address));
        let persons = persons(&ids, &pairs);
        assert!(persons["a"] == persons["b"] && persons["b"] == persons["c"] && persons["c"] != persons["d"]);
    }
}
