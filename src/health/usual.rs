//! What is usual in a lake: how often the living relationships of a record type are in touch, and what
//! their contact comes to (rule H2).

use super::factors::Components;
use super::score::Formula;
use super::window::LIVING_DAYS;

/// Days between contacts that stand in for relationships which a young lake does not have yet.
const GAPS: [u32; 15] = [7, 10, 14, 17, 20, 23, 26, 30, 35, 40, 46, 53, 60, 75, 90];
/// What contact comes to in such relationships.
const PRODUCTS: [f64; 15] = [0.01, 0.02, 0.03, 0.05, 0.07, 0.09, 0.12, 0.15, 0.19, 0.25, 0.32, 0.45, 0.65, 1.0, 2.0];

/// What the contact with a contact person comes to in the archives that were studied. It is the same on every
/// date, so that scores of different days compare: a lake that falls silent must not make silence usual.
pub const COMMON: f64 = 0.2;

/// What is usual among the relationships of one record type.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Usual {
    /// Days from one day of contact to the next.
    pub days: u32,
    /// What contact comes to: the product of the components, frequency not yet divided.
    pub product: f64,
}

impl Usual {
    /// Among these relationships and those that stand in: the medians. Medians move little from day to
    /// day, and more contact in one relationship lifts the bar at most up to that relationship.
    pub fn of<'a>(all: impl Iterator<Item = &'a Components>, formula: &Formula) -> Usual {
        let (mut gaps, mut products) = (GAPS.to_vec(), PRODUCTS.to_vec());
        for found in all.filter(|found| found.days_since_contact <= LIVING_DAYS) {
            gaps.extend(found.own_gap);
            products.push(formula.product(found));
        }
        let half = products.len().div_ceil(2) - 1;
        let product = *products.select_nth_unstable_by(half, f64::total_cmp).1;
        let half = gaps.len().div_ceil(2) - 1;
        Usual { days: *gaps.select_nth_unstable(half).1, product }
    }
}

/// After how many days of silence a relationship is dormant: three times its own days from contact to
/// contact, else the usual ones, but no less than two months and no more than six.
pub fn dormant_after(found: &Components, expected_days: u32) -> u32 {
    (3 * found.own_gap.unwrap_or(expected_days)).clamp(60, 180)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::{Profile, Settings};

    #[test]
    fn a_young_lake_has_the_usual_of_others_and_an_old_one_its_own() {
        let formula = Formula::new(&Settings::of_profile(Profile::Default).health);
        let none = Usual::of([].iter(), &formula);
        assert_eq!((none.days, none.product), (30, 0.15));
        let lively = Components { own_gap: Some(3), ..Components::default() };
        assert_eq!(Usual::of([lively; 40].iter(), &formula).days, 3);
        let silent = Components { days_since_contact: 91, ..lively };
        assert_eq!(Usual::of([silent; 40].iter(), &formula).days, 30);
    }

    #[test]
    fn silence_is_measured_by_the_own_rhythm_within_bounds() {
        let after = |own_gap| dormant_after(&Components { own_gap, ..Components::default() }, 30);
        assert_eq!([after(Some(1)), after(Some(40)), after(Some(200)), after(None)], [60, 120, 180, 90]);
    }
}
