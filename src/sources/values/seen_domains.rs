//! Which mail domain each address lies in that was met while reading: addresses travel as hashes, and who
//! mends a lake wants to know where people without a record are.

use std::collections::HashMap;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

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

/// The domains of addresses by the bits that people without record keep of them. Copies share what they saw.
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
    of_address: KeyMap<u32, u64>,
}

impl Default for SeenDomains {
    fn default() -> SeenDomains {
        let lately = (0..LATELY).map(|_| AtomicU64::new(0)).collect();
        let shards = (0..SHARDS).map(|_| Mutex::default()).collect();
        SeenDomains(Arc::new(Seen { lately, shards }))
    }
}

impl SeenDomains {
    /// Notes an address by its kept bits: most were met a moment ago, and cost one look.
    pub fn note(&self, in_flight: u64, address: &[u8]) {
        let place = &self.0.lately[in_flight as usize >> 1 & (LATELY - 1)];
        if place.load(Ordering::Relaxed) == in_flight {
            return;
        }
        place.store(in_flight, Ordering::Relaxed);
        let Some(at) = address.iter().rposition(|&byte| byte == b'@') else { return };
        let Ok(domain) = std::str::from_utf8(&address[at + 1..]) else { return };
        let shard = &self.0.shards[(in_flight >> 20) as usize % SHARDS];
        let mut shard = shard.lock().unwrap_or_else(PoisonError::into_inner);
        if shard.of_address.contains_key(&in_flight) {
            return;
        }
        let next = shard.domains.len() as u32;
        let number = match shard.domains.get(domain) {
            Some(number) => *number,
            None => *shard.domains.entry(domain.into()).or_insert(next),
        };
        shard.of_address.insert(in_flight, number);
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
                of_shard[*domain as usize] += 1;
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
            (0..2).for_each(|_| seen.note((number as u64) << 20 | 2, address.as_bytes()));
        }
        let all: Vec<u64> = (0..6u64).map(|number| number << 20 | 2).collect();
        assert_eq!(seen.counts(&all), [("one.example".to_string(), 3), (OTHERS.to_string(), 2)]);
        assert_eq!(seen.counts(&all[..2]), [(OTHERS.to_string(), 2)]);
        assert_eq!(seen.counts(&[]), []);
    }
}
