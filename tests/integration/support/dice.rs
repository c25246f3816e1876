//! A seeded source of random choices, and of the people and times that a drawn lake is about.

use chrono::{Days, NaiveDate};

use crate::support::random_lake::USERS;

/// SplitMix64: a few lines, and the same numbers everywhere.
pub struct Dice(u64);

impl Dice {
    pub fn seeded(seed: u64) -> Dice {
        Dice(seed)
    }

    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mixed = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        mixed ^ (mixed >> 31)
    }

    pub fn below(&mut self, end: usize) -> usize {
        (self.next() % end as u64) as usize
    }

    /// True once in `times` on average.
    pub fn once_in(&mut self, times: usize) -> bool {
        self.below(times) == 0
    }

    pub fn pick<'a, T>(&mut self, of: &'a [T]) -> &'a T {
        &of[self.below(of.len())]
    }

    pub fn shuffle<T>(&mut self, list: &mut [T]) {
        for at in (1..list.len()).rev() {
            list.swap(at, self.below(at + 1));
        }
    }

    /// A quarter of an hour between January and April, so that some activities meet.
    pub fn time(&mut self) -> String {
        let day = NaiveDate::from_ymd_opt(2026, 1, 1).expect("a day") + Days::new(self.below(110) as u64);
        format!("{day}T{:02}:{:02}Z", 6 + self.below(17), 15 * self.below(4))
    }

    pub fn colleague(&mut self) -> String {
        let user = *self.pick(&USERS);
        match self.below(16) {
            0 | 1 => "desk@nw.example".into(),
            2 => format!("{user}@other.example"),
            3 => format!("/O=Lab/CN={user}"),
            _ => format!("{user}@nw.example"),
        }
    }

    pub fn customer(&mut self) -> String {
        match self.below(20) {
            0 => "no-reply@shop.example".into(),
            1 => "stranger@else.example".into(),
            2 => "gone@gone.example".into(),
            3 | 4 => format!("l{}@leads.example", self.below(4)),
            5 => "c-new@acme.example".into(),
            6 => format!("{}@acme.example", self.pick(&["c-old", "c-older", "c-odd", "c-lost", "shared"])),
            number => format!("c{}@acme.example", number % 9),
        }
    }

    /// A party of a tracked activity, by address, id or both.
    pub fn party(&mut self) -> String {
        match self.below(12) {
            0 => (*self.pick(&[
                "contact:c-none",
                "lead:l-none",
                "team:t-none",
                "contact:c-old",
                "contact:c-odd",
                "lead:l1",
            ]))
            .into(),
            1 | 2 => format!("contact:s{} shared@acme.example", self.below(3)),
            3 => format!("contact:c{} {}", self.below(9), self.customer()),
            _ if self.once_in(3) => self.colleague(),
            _ => self.customer(),
        }
    }

    pub fn parties(&mut self, most: usize) -> Vec<String> {
        (0..self.below(most + 1)).map(|_| self.party()).collect()
    }

    pub fn people(&mut self, most: usize) -> Vec<String> {
        let number = self.below(most + 1);
        (0..number).map(|_| if self.once_in(3) { self.colleague() } else { self.customer() }).collect()
    }
}
