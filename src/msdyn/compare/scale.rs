//! The scale by which two sides measure the same.

/// Scales that two systems may differ by, and what it means where theirs is so many times ours.
const SCALES: [(f64, &str); 11] = [
    (1.0, "the same"),
    (100.0, "per cent where ours is a share"),
    (0.01, "a share where ours is per cent"),
    (60.0, "minutes where ours are hours, or seconds where ours are minutes"),
    (1.0 / 60.0, "hours where ours are minutes, or minutes where ours are seconds"),
    (3600.0, "seconds where ours are hours"),
    (1.0 / 3600.0, "hours where ours are seconds"),
    (24.0, "hours where ours are days"),
    (1.0 / 24.0, "days where ours are hours"),
    (1440.0, "minutes where ours are days"),
    (1.0 / 1440.0, "days where ours are minutes"),
];

/// Fewer values say nothing.
const ENOUGH: usize = 3;

/// How well a scale fits.
pub struct Fit {
    /// Theirs is so many times ours.
    pub scale: f64,
    /// What that means.
    pub meaning: &'static str,
    equal: usize,
    values: usize,
    /// The median of how far theirs is from ours times the scale, as a power of e.
    distance: f64,
}

impl Fit {
    /// The share of the values that agree.
    pub fn share(&self) -> f64 {
        self.equal as f64 / self.values as f64
    }
}

/// The scale at which most values agree, of as many the one that is nearest; the first of equally good ones. What is 0 on
/// either side says nothing of a scale.
pub fn best(pairs: &[(f64, f64)], tolerance: f64) -> Option<Fit> {
    let telling: Vec<(f64, f64)> =
        pairs.iter().copied().filter(|(ours, theirs)| *ours != 0.0 && *theirs != 0.0).collect();
    if telling.len() < ENOUGH {
        return None;
    }
    let fits = SCALES.map(|(scale, meaning)| {
        let equal = telling.iter().filter(|(ours, theirs)| (ours * scale - theirs).abs() <= tolerance).count();
        let distances = telling.iter().map(|(ours, theirs)| (theirs / (ours * scale)).abs().ln().abs()).collect();
        Fit { scale, meaning, equal, values: telling.len(), distance: median(distances).unwrap_or(f64::INFINITY) }
    });
    fits.into_iter().reduce(|best, fit| {
        let is_better = fit.equal > best.equal || (fit.equal == best.equal && fit.distance < best.distance);
        if is_better { fit } else { best }
    })
}

/// The middle one; of an even number the mean of the two in the middle.
pub fn median(mut numbers: Vec<f64>) -> Option<f64> {
    numbers.sort_by(f64::total_cmp);
    let middle = numbers.len() / 2;
    match numbers.len() {
        0 => None,
        count if count % 2 == 1 => Some(numbers[middle]),
        _ => Some((numbers[middle - 1] + numbers[middle]) / 2.0),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_known_scale_is_found_through_rounding_and_some_noise() {
        let minutes = [30.0, 95.0, 240.0, 12.5, 0.0, 600.0];
        let hours: Vec<(f64, f64)> = minutes.iter().map(|own| (*own, (own / 60.0 * 10.0_f64).round() / 10.0)).collect();
        let found = best(&hours, 0.05 + 1e-9).unwrap();
        assert_eq!((found.scale, found.share()), (1.0 / 60.0, 1.0));

        let noisy: Vec<(f64, f64)> = [0.25, 0.5, 0.75, 0.9].iter().map(|own| (*own, own * 103.0)).collect();
        let found = best(&noisy, 0.005).unwrap();
        assert_eq!((found.scale, found.share()), (100.0, 0.0), "the nearest where none agrees");

        let same = best(&[(1.0, 1.0), (2.0, 2.0), (3.0, 4.0)], 0.5).unwrap();
        assert_eq!((same.scale, same.meaning), (1.0, "the same"));
        assert!(best(&[(1.0, 60.0), (2.0, 120.0), (0.0, 0.0)], 0.5).is_none(), "two values say nothing");
    }
}
