//! A seeded source of random choices, and of the people and times that a drawn lake is about.

use chrono::{Days, NaiveDate};

use crate::random_lake::USERS;

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
        if self.once_in(8) { "desk@nw.example".into() } else { format!("{user}@nw.example") }
    }

    pub fn customer(&mut self) -> String {
        match self.below(20) {
            0 => "no-reply@shop.example".into(),
            1 => "stranger@else.example".into(),
            2 => "gone@gone.example".into(),
            3 | 4 => format!("l{}@leads.example", self.below(4)),
            5 => "c-new@acme.example".into(),
            number => format!("c{}@acme.example", number % 9),
        }
    }

    pub fn people(&mut self, most: usize) -> Vec<String> {
        let number = self.below(most + 1);
        (0..number).map(|_| if self.once_in(3) { self.colleague() } else { self.customer() }).collect()
    }
}
