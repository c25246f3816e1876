//! The guard against columns that reveal the outcome (target leakage, rule S3).
//!
//! Some columns are filled in only when a deal ends, and their names do not say so. Three signs give them away: the
//! value separates won from lost deals almost perfectly, being filled in does so, or the column is filled in on
//! closed deals and hardly ever on open ones.

use super::factors::{Factor, FactorKind};
use super::outlook::outlook;

/// AUC of a single column from which it is suspicious.
const SUSPICIOUS: f64 = 0.95;
/// Most closed deals that are looked at.
const MOST: usize = 4_000;
/// Least number of deals for a judgement about a column.
const FEW: usize = 20;

/// Why a column must not be used, or None. `open` are the deals without an outcome yet.
pub fn suspicion(factor: &Factor, closed: &[usize], won: &[bool], open: &[usize]) -> Option<&'static str> {
    let from = closed.len().saturating_sub(MOST);
    let (closed, won) = (&closed[from..], &won[from..]);
    let filled: Vec<bool> =
        closed.iter().zip(won).filter(|(deal, _)| factor.is_known(**deal)).map(|(_, &won)| won).collect();
    let share = |wins: usize, of: usize| wins as f64 / of.max(1) as f64;
    let of_filled = share(filled.iter().filter(|&&won| won).count(), filled.len());
    let of_all = share(won.iter().filter(|&&won| won).count(), won.len());
    let everywhere = filled.len() + FEW > closed.len();
    let pure = !(0.02..=0.98).contains(&of_filled) && (0.1..=0.9).contains(&of_all);
    if filled.len() >= FEW && !everywhere && pure {
        return Some("whether it is filled in tells won deals from lost ones");
    }
    let known_open = open.iter().filter(|&&deal| factor.is_known(deal)).count();
    let (on_closed, on_open) = (share(filled.len(), closed.len()), share(known_open, open.len()));
    if open.len() >= FEW && filled.len() >= FEW && on_open < 0.1 * on_closed {
        return Some("it is filled in on closed deals and hardly on open ones");
    }
    (auc(factor, closed, won) >= SUSPICIOUS).then_some("it separates won deals from lost ones suspiciously well")
}

/// AUC of a forecast from this column alone; each deal is forecast by a model without it.
fn auc(factor: &Factor, closed: &[usize], won: &[bool]) -> f64 {
    let alone = Factor { kind: FactorKind::Category, ..factor.clone() };
    let odds = outlook(std::slice::from_ref(&alone), closed, won);
    let mut ranked: Vec<(f64, bool)> = closed.iter().zip(won).map(|(&deal, &won)| (odds[deal], won)).collect();
    ranked.sort_by(|one, other| one.0.total_cmp(&other.0));
    let wins = won.iter().filter(|&&won| won).count() as f64;
    let losses = won.len() as f64 - wins;
    let (mut below, mut sum) = (0.0, 0.0);
    for equal in ranked.chunk_by(|one, other| one.0 == other.0) {
        let won = equal.iter().filter(|(_, won)| *won).count() as f64;
        let lost = equal.len() as f64 - won;
        sum += won * (below + lost / 2.0);
        below += lost;
    }
    if wins > 0.0 && losses > 0.0 { sum / wins / losses } else { 0.5 }
}

#[cfg(test)]
mod tests {
    use super::super::factors::{Candidate, Encoding, Values, encode};
    use super::*;

    fn of(values: impl Fn(usize) -> Option<&'static str>) -> Option<&'static str> {
        let texts = (0..300).map(|deal| values(deal).map(str::to_string)).collect();
        let candidate = Candidate { name: "c".into(), kind: FactorKind::Category, values: Values::Texts(texts) };
        let closed: Vec<usize> = (0..200).collect();
        let open: Vec<usize> = (200..300).collect();
        let won: Vec<bool> = closed.iter().map(|deal| deal % 2 == 0).collect();
        let factor = encode(&candidate, &closed, Encoding::LEARNED).expect("it varies");
        suspicion(&factor, &closed, &won, &open)
    }

    #[test]
    fn what_gives_the_outcome_away_is_suspicious() {
        assert!(
            of(|deal| Some(if deal % 2 == 0 { "signed" } else { "no" })).is_some_and(|why| why.contains("separates"))
        );
        assert!(of(|deal| (deal % 4 == 1).then_some("too dear")).is_some_and(|why| why.contains("filled in tells")));
        assert!(
            of(|deal| (deal < 200 && deal % 3 != 0).then_some("x")).is_some_and(|why| why.contains("hardly on open"))
        );
    }

    #[test]
    fn what_only_leans_is_not() {
        assert_eq!(
            of(|deal| Some(if deal % 2 == 0 || deal % 5 == 0 { "a" } else { "b" }).filter(|_| deal % 7 != 0)),
            None
        );
    }
}
