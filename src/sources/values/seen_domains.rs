//! The addresses outside of the company that were met while reading: addresses travel as hashes, and who mends a lake
//! wants to know who is without a record, and in which domains.

use std::collections::HashMap;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use crate::frames::keys::KeyMap;

/// Addresses that were met lately; a power of two.
const LATELY: usize = 1 << 16;
const SHARDS: usize = 64;
/// A domain with fewer people may tell who they are.
const PEOPLE: usize = 3;
/// Domains that are named.
const NAMED: usize = 20;
/// What stands for all other domains.
pub const OTHERS: &str = "other domains";

/// The longest local part that is kept; RFC 5321 allows 64 bytes.
const LONGEST: usize = 256;

/// Addresses by the bits that people without record keep of them. Copies share what they saw.
#[derive(Clone, Debug)]
pub struct SeenDomains(Arc<Seen>);

#[derive(Debug)]
struct Seen {
    lately: Vec<AtomicU64>,
    shards: Vec<Mutex<Shard>>,
}

#[derive(Debug, Default)]
struct Shard {
    domains: HashMap<Box<str>, u32>,
    names: Vec<Box<str>>,
    of_address: KeyMap<Noted, u64>,
    /// The local parts of all addresses, one after the other.
    locals: String,
}

/// An address of a shard.
#[derive(Clone, Copy, Debug)]
struct Noted {
    /// The number of its domain.
    domain: u32,
    /// Where its local part begins among those of the shard, and its length.
    local: (u32, u16),
}

impl Shard {
    fn domain(&mut self, domain: &str) -> u32 {
        if let Some(number) = self.domains.get(domain) {
            return *number;
        }
        let number = self.names.len() as u32;
        self.names.push(domain.into());
        self.domains.insert(domain.into(), number);
        number
    }

    /// Local part and domain.
    fn parts(&self, noted: Noted) -> (&str, &str) {
        let from = noted.local.0 as usize;
        (&self.locals[from..from + usize::from(noted.local.1)], &self.names[noted.domain as usize])
    }
}

impl Default for SeenDomains {
    fn default() -> SeenDomains {
        let lately = (0..LATELY).map(|_| AtomicU64::new(0)).collect();
        let shards = (0..SHARDS).map(|_| Mutex::default()).collect();
        SeenDomains(Arc::new(Seen { lately, shards }))
    }
}

impl SeenDomains {
    /// Notes an address by its kept bits: most were met a moment ago, and cost one look. Two that agree in these
    /// differ in `others`, the bits above, so that both are looked at.
    pub fn note(&self, kept: u64, others: u64, address: &[u8]) {
        let all = kept ^ others;
        let place = &self.0.lately[kept as usize >> 1 & (LATELY - 1)];
        if place.load(Ordering::Relaxed) == all {
            return;
        }
        place.store(all, Ordering::Relaxed);
        let Some((local, domain)) = std::str::from_utf8(address).ok().and_then(|text| text.rsplit_once('@')) else {
            return;
        };
        let mut shard = self.shard(kept);
        let local = if local.len() > LONGEST { "" } else { local };
        // Whichever of two was met first, the smaller one stands for both.
        if shard.of_address.get(&kept).is_some_and(|noted| shard.parts(*noted) <= (local, domain)) {
            return;
        }
        let from = shard.locals.len() as u32;
        shard.locals.push_str(local);
        let noted = Noted { domain: shard.domain(domain), local: (from, local.len() as u16) };
        shard.of_address.insert(kept, noted);
    }

    /// The address outside of the company with these kept bits, as it compares; none where none was met.
    pub fn address(&self, kept: u64) -> Option<String> {
        let shard = self.shard(kept);
        let (local, domain) = shard.parts(*shard.of_address.get(&kept)?);
        (!local.is_empty()).then(|| format!("{local}@{domain}"))
    }

    fn shard(&self, kept: u64) -> MutexGuard<'_, Shard> {
        self.0.shards[(kept >> 20) as usize % SHARDS].lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// How many of the addresses, none of them twice, lie in each domain: those in which several people are, the
    /// largest first, then all others together.
    pub fn counts(&self, addresses: &[u64]) -> Vec<(String, usize)> {
        let mut counts: HashMap<String, usize> = HashMap::new();
        for (number, shard) in self.0.shards.iter().enumerate() {
            let shard = shard.lock().unwrap_or_else(PoisonError::into_inner);
            let mut of_shard = vec![0usize; shard.domains.len()];
            let ours = addresses.iter().filter(|address| (**address >> 20) as usize % SHARDS == number);
            for domain in ours.filter_map(|address| shard.of_address.get(address)) {
                of_shard[domain.domain as usize] += 1;
            }
            for (domain, number) in shard.domains.iter().filter(|(_, number)| of_shard[**number as usize] > 0) {
                *counts.entry(domain.to_string()).or_default() += of_shard[*number as usize];
            }
        }
        let mut counts: Vec<(String, usize)> = counts.into_iter().collect();
        counts.sort_by(|one, other| (other.1, &one.0).cmp(&(one.1, &other.0)));
        let named = counts.iter().take(NAMED).filter(|(_, people)| *people >= PEOPLE).count();
        let others: usize = counts.drain(named..).map(|(_, people)| people).sum();
        counts.extend((others > 0).then(|| (OTHERS.to_string(), others)));
        counts
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn domains_of_few_people_are_not_named() {
        let seen = SeenDomains::default();
        let people = ["a@one.example", "b@one.example", "c@one.example", "d@two.example", "e@two.example", "words"];
        for (number, address) in people.iter().enumerate() {
            // Twice, and each in another shard.
            (0..2).for_each(|_| seen.note((number as u64) << 20 | 2, 0, address.as_bytes()));
        }
        let all: Vec<u64> = (0..6u64).map(|number| number << 20 | 2).collect();
        assert_eq!(seen.counts(&all), [("one.example".to_string(), 3), (OTHERS.to_string(), 2)]);
        assert_eq!(seen.counts(&all[..2]), [(OTHERS.to_string(), 2)]);
        assert_eq!(seen.counts(&[]), []);
    }

    #[test]
    fn of_two_addresses_with_the_same_kept_bits_the_smaller_one_is_told_whichever_came_first() {
        for order in [["b@one.example", "a@two.example"], ["a@two.example", "b@one.example"]] {
            let seen = SeenDomains::default();
            for address in order {
                seen.note(6, u64::from(address.starts_with('a')), address.as_bytes());
            }
            assert_eq!(seen.address(6).as_deref(), Some("a@two.example"));
            assert_eq!(seen.address(8), None);
        }
    }
}
