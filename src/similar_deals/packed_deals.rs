//! Deals as rows of bytes whose distance is a sum over bytes: what the kernel works on.
//!
//! A factor's distance times its weight is a whole number of units. Numbers become bytes whose
//! absolute differences add up to it (a number that may be unknown becomes two such parts, one rising
//! and one falling, between which there is a place as far from all known numbers as it gets). A
//! category becomes its code, repeated until the weights of the repetitions add up.

use super::factors::{Factor, Levels};

/// Units of a distance of 1. More would be finer and take more bytes per deal.
const UNITS: f64 = 6_000.0;
const MOST: usize = 255;

/// How the bytes of a lane of eight are compared.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Lane {
    /// Absolute differences of eight bytes.
    Differences,
    /// Weights of those of eight bytes that differ.
    Bytes(u64),
    /// Weights of those of four pairs of bytes that differ.
    Pairs(u64),
}

/// One part of a factor: several bytes (or pairs) of a deal.
enum Part<'a> {
    Rising { values: &'a [f64], units: f64, unknown: usize },
    Falling { values: &'a [f64], units: f64, unknown: usize },
    Code { codes: &'a [u16], units: Vec<u8> },
}

/// How deals become rows of lanes.
pub struct Layout<'a> {
    differences: Vec<(Part<'a>, usize)>,
    bytes: Vec<Part<'a>>,
    pairs: Vec<Part<'a>>,
    /// How each lane of a row is compared: differences first, then bytes, then pairs.
    pub lanes: Vec<Lane>,
    /// No distance in units is further than this from the exact one.
    pub error: u32,
}

/// Distance in units.
pub fn units(distance: f64) -> f64 {
    distance * UNITS
}

impl<'a> Layout<'a> {
    /// Rows for factors with weights that sum to 1.
    pub fn of(factors: &'a [Factor], weights: &[f64]) -> Layout<'a> {
        let mut layout =
            Layout { differences: Vec::new(), bytes: Vec::new(), pairs: Vec::new(), lanes: Vec::new(), error: 1 };
        for (factor, &weight) in factors.iter().zip(weights) {
            let units = units(weight);
            if units < 0.5 {
                layout.error += 1;
                continue;
            }
            layout.error += 2;
            match &factor.levels {
                Levels::Scaled(values) if values.iter().any(|value| value.is_nan()) => {
                    let half = (units / 2.0).round();
                    let unknown = (1.5 * half) as usize;
                    let wide = unknown.div_ceil(MOST);
                    layout.error += 1;
                    layout.differences.push((Part::Rising { values, units: half, unknown }, wide));
                    // What rounding takes from one part, the other must have.
                    let unknown = (3.0 * half) as usize - unknown;
                    layout.differences.push((Part::Falling { values, units: half, unknown }, unknown.div_ceil(MOST)));
                }
                Levels::Scaled(values) => {
                    let wide = (units.round() as usize).div_ceil(MOST);
                    layout.differences.push((Part::Rising { values, units: units.round(), unknown: 0 }, wide));
                }
                Levels::Codes(codes) => {
                    let part = Part::Code { codes, units: spread(units.round() as usize) };
                    let few = codes.iter().all(|&code| usize::from(code) <= MOST);
                    if few { layout.bytes.push(part) } else { layout.pairs.push(part) }
                }
            }
        }
        layout.lanes = layout.lanes();
        layout
    }

    fn lanes(&self) -> Vec<Lane> {
        let differences: usize = self.differences.iter().map(|(_, wide)| wide).sum();
        let weights = |parts: &[Part<'_>]| -> Vec<u8> { parts.iter().flat_map(Part::weights).collect() };
        let mut lanes = vec![Lane::Differences; differences.div_ceil(8)];
        let packed = |weights: &[u8], size: usize| {
            weights.iter().enumerate().fold(0u64, |lane, (at, &weight)| lane | u64::from(weight) << (at * size))
        };
        lanes.extend(weights(&self.bytes).chunks(8).map(|weights| Lane::Bytes(packed(weights, 8))));
        lanes.extend(weights(&self.pairs).chunks(4).map(|weights| Lane::Pairs(packed(weights, 16))));
        lanes
    }

    /// Appends the row of a deal, one number per lane.
    pub fn write(&self, deal: usize, row: &mut Vec<u64>) {
        let mut lane = Packer { lane: 0, used: 0, row };
        for (part, wide) in &self.differences {
            let total = part.total(deal);
            // Each byte rises with the total, so their differences add up to that of the totals.
            (0..*wide).for_each(|at| lane.push(((total + at) / wide) as u64, 8));
        }
        lane.flush();
        for (parts, size) in [(&self.bytes, 8), (&self.pairs, 16)] {
            for part in parts {
                if let Part::Code { codes, units } = part {
                    units.iter().for_each(|_| lane.push(u64::from(codes[deal]), size));
                }
            }
            lane.flush();
        }
    }
}

impl Part<'_> {
    fn weights(&self) -> Vec<u8> {
        match self {
            Part::Code { units, .. } => units.clone(),
            _ => Vec::new(),
        }
    }

    fn total(&self, deal: usize) -> usize {
        let (value, unknown, units, falling) = match self {
            Part::Rising { values, units, unknown } => (values[deal], *unknown, *units, false),
            Part::Falling { values, units, unknown } => (values[deal], *unknown, *units, true),
            Part::Code { .. } => return 0,
        };
        if value.is_nan() {
            return unknown;
        }
        let risen = (value * units).round() as usize;
        if falling { units as usize - risen } else { risen }
    }
}

/// A weight as weights that fit a byte each.
fn spread(units: usize) -> Vec<u8> {
    let wide = units.div_ceil(MOST).max(1);
    (0..wide).map(|at| ((units + at) / wide) as u8).collect()
}

struct Packer<'a> {
    lane: u64,
    used: u32,
    row: &'a mut Vec<u64>,
}

impl Packer<'_> {
    fn push(&mut self, value: u64, bits: u32) {
        self.lane |= value << self.used;
        self.used += bits;
        if self.used == 64 {
            self.flush();
        }
    }

    fn flush(&mut self) {
        if self.used > 0 {
            self.row.push(self.lane);
            (self.lane, self.used) = (0, 0);
        }
    }
}
