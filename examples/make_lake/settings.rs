//! How large a lake is to be.

use crate::times::{Period, periods};

pub const COMPANY_DOMAIN: &str = "nordwind.example";
pub const COMPANY: &str = "Nordwind";

pub struct Settings {
    pub seed: u64,
    /// Whether files drift in schema and every awkward case is planted.
    pub awkward: bool,
    pub mails: Mails,
    pub colleagues: usize,
    pub accounts: usize,
    pub contacts: usize,
    pub leads: usize,
    pub deals: usize,
    pub strangers: usize,
    pub meetings: usize,
    pub calls: usize,
    pub tasks: usize,
    pub periods: Vec<Period>,
}

/// The number of distinct mails to make, and of those that lie in no source (their replies have a
/// missing parent).
pub struct Mails {
    pub distinct: usize,
    pub lost: f64,
}

impl Settings {
    /// A benchmark lake: `emails` is the scale, about as many distinct mails lie in the two sources.
    pub fn benchmark(emails: usize, seed: u64) -> Self {
        Settings {
            seed,
            awkward: false,
            mails: Mails { distinct: emails * 96 / 100, lost: 0.02 },
            colleagues: (emails / 2_000).max(20),
            accounts: (emails / 250).max(12),
            contacts: (emails / 60).max(40),
            leads: (emails / 200).max(10),
            deals: (emails / 150).max(12),
            strangers: (emails / 100).max(20),
            meetings: emails * 172 / 10_000,
            calls: emails / 50,
            tasks: emails / 100,
            // A year of a small lake is one file, as real exports have it.
            periods: periods(emails > 200_000),
        }
    }

    /// The sample, planted cases aside: a small company with more meetings, calls and deals than its mail would suggest.
    pub fn sample(seed: u64) -> Self {
        Settings {
            awkward: true,
            colleagues: 28,
            accounts: 104,
            contacts: 475,
            leads: 76,
            deals: 137,
            strangers: 60,
            meetings: 420,
            calls: 260,
            tasks: 130,
            ..Settings::benchmark(6_000, seed)
        }
    }
}
