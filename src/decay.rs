//! How things past count less: the arithmetic that strength and health share.
//!
//! Only `+ - × ÷ √` are used, which every platform computes to the same bit, and what is summed are
//! whole millionths, so that no order of rows can change a digit.

/// One, in the millionths that are summed.
pub const MICRO: u32 = 1_000_000;

/// Nearest whole millionth of a share that is not negative.
pub fn micro(share: f64) -> u32 {
    (share * f64::from(MICRO) + 0.5) as u32
}

/// Whole millionths as a number.
pub fn whole(micros: u64) -> f64 {
    micros as f64 / f64::from(MICRO)
}

/// Hyperbolic forgetting: 1 today, ½ after `half` days, ⅓ after two of them, ¼ after three.
pub fn life(age: u32, half: f64) -> f64 {
    half / (half + f64::from(age))
}

/// √[`life`] of every age below a bound, which sums look up instead of taking roots.
#[derive(Clone, Debug)]
pub struct Fading {
    /// Days after which [`life`] is a half.
    pub half: f64,
    roots: Vec<f64>,
}

impl Fading {
    /// For ages below `ages`.
    pub fn new(half: f64, ages: u32) -> Fading {
        Fading { half, roots: (0..ages).map(|age| life(age, half).sqrt()).collect() }
    }

    /// What a weight in millionths still counts at an age, in millionths; nothing beyond the bound.
    pub fn weigh(&self, weight: u32, age: u32) -> u64 {
        self.roots.get(age as usize).map_or(0, |root| (f64::from(weight) * root + 0.5) as u64)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn half_is_left_after_a_half_and_a_third_after_two() {
        assert_eq!([life(0, 7.0), life(7, 7.0), life(14, 7.0)], [1.0, 0.5, 1.0 / 3.0]);
        let fading = Fading::new(7.0, 365);
        assert_eq!(
            (fading.weigh(MICRO, 0), fading.weigh(MICRO, 21), fading.weigh(MICRO, 365)),
            (1_000_000, 500_000, 0)
        );
        assert_eq!((micro(0.25), whole(1_500_000)), (250_000, 1.5));
    }
}
