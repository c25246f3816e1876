//! Seeded random numbers (splitmix64) and the distributions the lake needs.
//!
//! Every part of the lake draws from a generator of its own, made from the seed and a key. So what
//! one part draws never shifts what another part gets, and the same arguments give the same bytes.

/// Which part of the lake draws.
#[derive(Clone, Copy)]
pub enum Stream {
    People = 1,
    Deals = 2,
    Mail = 3,
    Meetings = 4,
    Calls = 5,
    Tasks = 6,
    Export = 7,
}

pub struct Random {
    state: u64,
}

const STEP: u64 = 0x9E37_79B9_7F4A_7C15;

fn mix(mut bits: u64) -> u64 {
    bits = (bits ^ (bits >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
    bits = (bits ^ (bits >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
    bits ^ (bits >> 31)
}

/// One number for a key.
pub fn hash(key: &[u64]) -> u64 {
    key.iter().fold(STEP, |state, part| mix(state.wrapping_add(STEP) ^ mix(part.wrapping_add(STEP))))
}

/// Activities numbered from here on are planted: nothing befalls them by chance.
pub const PLANTED: u64 = 7_000_000_000;

/// A number in [0, 1) that belongs to a row: the same in every table that asks for it.
pub fn share(row: u64, salt: u64) -> f64 {
    (hash(&[row, salt]) >> 11) as f64 / (1u64 << 53) as f64
}

/// Whether something rare befalls a row.
pub fn rarely(row: u64, salt: u64, probability: f64) -> bool {
    row < PLANTED && share(row, salt) < probability
}

impl Random {
    pub fn new(seed: u64, stream: Stream, key: u64) -> Self {
        Random { state: hash(&[seed, stream as u64, key]) }
    }

    pub fn bits(&mut self) -> u64 {
        self.state = self.state.wrapping_add(STEP);
        mix(self.state)
    }

    /// In [0, 1).
    pub fn unit(&mut self) -> f64 {
        (self.bits() >> 11) as f64 / (1u64 << 53) as f64
    }

    pub fn chance(&mut self, probability: f64) -> bool {
        self.unit() < probability
    }

    /// In 0..count; 0 when there is nothing to choose from.
    pub fn below(&mut self, count: usize) -> usize {
        ((u128::from(self.bits()) * count as u128) >> 64) as usize
    }

    pub fn between(&mut self, from: i64, to: i64) -> i64 {
        from + self.below((to - from).max(1) as usize) as i64
    }

    pub fn pick<T: Copy>(&mut self, items: &[T]) -> T {
        items[self.below(items.len())]
    }

    /// One of the choices, each with its weight.
    pub fn weighted<T: Copy>(&mut self, choices: &[(f64, T)]) -> T {
        let total: f64 = choices.iter().map(|choice| choice.0).sum();
        let mut left = self.unit() * total;
        for &(weight, choice) in choices {
            left -= weight;
            if left < 0.0 {
                return choice;
            }
        }
        choices[choices.len() - 1].1
    }

    /// How often in a row something goes on, at most `most` times.
    pub fn streak(&mut self, probability: f64, most: usize) -> usize {
        (0..most).take_while(|_| self.chance(probability)).count()
    }

    pub fn normal(&mut self) -> f64 {
        let radius = (-2.0 * (1.0 - self.unit()).ln()).sqrt();
        radius * (std::f64::consts::TAU * self.unit()).cos()
    }

    pub fn log_normal(&mut self, median: f64, sigma: f64) -> f64 {
        median * (sigma * self.normal()).exp()
    }
}

/// Ranks whose weight falls as 1 / (rank + 3)^0.9: a few large customers, a long tail.
pub struct Zipf {
    cumulative: Vec<f64>,
}

impl Zipf {
    pub fn new(count: usize) -> Self {
        let mut sum = 0.0;
        let cumulative = (0..count)
            .map(|rank| {
                sum += (rank as f64 + 3.0).powf(-0.9);
                sum
            })
            .collect();
        Zipf { cumulative }
    }

    pub fn draw(&self, random: &mut Random) -> usize {
        let total = self.cumulative.last().copied().unwrap_or(0.0);
        let point = random.unit() * total;
        self.cumulative.partition_point(|&sum| sum <= point).min(self.cumulative.len().saturating_sub(1))
    }
}
