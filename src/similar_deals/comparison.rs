//! The won deals that each open deal is compared with: the most similar ones, or else those won last
//! (rules S1 to S4).

use super::deals::{CUSTOMER, DealOutcome, Deals, OWNER};
use super::factors::{Candidate, Encoding, Factor, Values, encode};
use super::importance::{ClosedDeals, Learned, OUTLOOK, learn};
use super::leakage::suspicion;
use super::nearest::{Neighbour, Similarity, usual_distances};
use crate::config::SimilarDeals;

/// Least number of won deals, and of lost ones, before anything is learned (rule S2).
pub const LEAST_CLOSED: usize = 30;
/// How many of the deals won last stand in where none is similar (rule S2).
pub const FALLBACK: usize = 100;
/// Most closed deals that are learned from, the latest ones.
const TAUGHT_BY: usize = 20_000;
/// Factors that are named per pair of deals.
pub const NAMED: usize = 3;

/// What an open deal is compared with.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Comparison {
    /// Its most similar won deals.
    Similar,
    /// The last won ones: too few deals have closed to learn from.
    TooFewClosed,
    /// The last won ones: none in the window is similar enough.
    NoneSimilar,
    /// Nothing: no deal has been won.
    NoneWon,
}

impl Comparison {
    /// As it is published.
    pub fn name(self) -> &'static str {
        match self {
            Comparison::Similar => "similar",
            Comparison::TooFewClosed => "too_few_closed_deals",
            Comparison::NoneSimilar => "none_similar",
            Comparison::NoneWon => "no_won_deals",
        }
    }
}

/// A won deal that an open one is compared with.
#[derive(Clone, Debug)]
pub struct ComparedDeal {
    /// Number of the won deal.
    pub won: usize,
    /// From 0 to 1; None where the deal stands in because none is similar.
    pub similarity: Option<f64>,
    /// Numbers of the factors that contribute most to the similarity, the strongest first.
    pub factors: Vec<usize>,
    /// Numbers of the factors that take most from it.
    pub different: Vec<usize>,
}

/// The comparison of one open deal.
#[derive(Clone, Debug)]
pub struct DealComparison {
    /// Number of the open deal.
    pub deal: usize,
    /// What the entries are.
    pub comparison: Comparison,
    /// Won deals, the most similar or latest first.
    pub entries: Vec<ComparedDeal>,
}

/// All comparisons as of a date.
pub struct Comparisons {
    /// Factors with their weights; None while too few deals have closed.
    pub learned: Option<Learned>,
    /// Number of closed deals that the factors were learned from.
    pub taught_by: usize,
    /// One per open deal, in order of ids.
    pub lists: Vec<DealComparison>,
    /// Warnings about columns that reveal the outcome and were left out.
    pub warnings: Vec<String>,
}

/// Compares every open deal. `as_of_day` is in days since 1970.
pub fn compare(deals: &Deals, settings: &SimilarDeals, as_of_day: i32) -> Comparisons {
    let all = 0..deals.state.len();
    let open: Vec<usize> = all.clone().filter(|&deal| deals.state[deal] == DealOutcome::Open).collect();
    let mut closed: Vec<usize> = all.filter(|&deal| deals.state[deal] != DealOutcome::Open).collect();
    // Deals without a close date closed at some time before all others.
    closed.sort_by_key(|&deal| (deals.closed[deal], deal));
    let recent_won: Vec<usize> =
        latest_first(deals, closed.iter().copied().filter(|&deal| deals.state[deal] == DealOutcome::Won));
    let fallback: Vec<ComparedDeal> = recent_won[..recent_won.len().min(FALLBACK)]
        .iter()
        .map(|&won| ComparedDeal { won, similarity: None, factors: Vec::new(), different: Vec::new() })
        .collect();
    let others = |deal, comparison| {
        let comparison = if fallback.is_empty() { Comparison::NoneWon } else { comparison };
        DealComparison { deal, comparison, entries: fallback.clone() }
    };

    let lost = closed.len() - recent_won.len();
    if recent_won.len() < LEAST_CLOSED || lost < LEAST_CLOSED {
        let lists = open.iter().map(|&deal| others(deal, Comparison::TooFewClosed)).collect();
        return Comparisons { learned: None, taught_by: 0, lists, warnings: Vec::new() };
    }
    let teaching = &closed[closed.len().saturating_sub(TAUGHT_BY)..];
    let (factors, warnings) = factors(deals, teaching, &open);
    let learned = learn(factors, &history(deals, teaching));
    let similarity = Similarity { factors: &learned.factors, weights: &learned.weights };
    let from = as_of_day - settings.window_days as i32;
    let in_window = |deal: &usize| deals.closed[*deal].is_some_and(|day| day > from);
    let window: Vec<usize> = recent_won.iter().copied().filter(in_window).collect();
    let near = similarity.nearest(&open, &window, settings.list_length as usize, settings.minimum_similarity);
    let usual = usual_distances(&learned.factors, teaching, teaching);
    let lists = open
        .iter()
        .zip(near)
        .map(|(&deal, near)| match near.as_slice() {
            [] => others(deal, Comparison::NoneSimilar),
            near => {
                let entry = |near: &Neighbour| {
                    let won = window[near.place];
                    let [factors, different] = [1.0, -1.0].map(|sign| strongest(&similarity, &usual, deal, won, sign));
                    ComparedDeal { won, similarity: Some(near.similarity), factors, different }
                };
                DealComparison { deal, comparison: Comparison::Similar, entries: near.iter().map(entry).collect() }
            }
        })
        .collect();
    Comparisons { learned: Some(learned), taught_by: teaching.len(), lists, warnings }
}

/// By close date, the latest first, then by id; those without one last.
fn latest_first(deals: &Deals, won: impl Iterator<Item = usize>) -> Vec<usize> {
    let mut won: Vec<usize> = won.collect();
    won.sort_by_key(|&deal| (std::cmp::Reverse(deals.closed[deal]), deal));
    won
}

/// Columns that vary, can be compared and do not reveal the outcome.
fn factors(deals: &Deals, teaching: &[usize], open: &[usize]) -> (Vec<Factor>, Vec<String>) {
    let won: Vec<bool> = teaching.iter().map(|&deal| deals.state[deal] == DealOutcome::Won).collect();
    let (mut factors, mut warnings) = (Vec::new(), Vec::new());
    for candidate in &deals.candidates {
        let Some(factor) = encode(candidate, teaching, Encoding::LEARNED) else { continue };
        // Owner and customer may well decide the outcome, and are known from the start.
        let above_suspicion = matches!(factor.name.as_str(), OWNER | CUSTOMER);
        match suspicion(&factor, teaching, &won, open) {
            Some(reason) if !above_suspicion => {
                warnings.push(format!("column {} is no factor of similar won deals: {reason}", factor.name));
            }
            _ if is_free_text(candidate, teaching) => {}
            _ => factors.push(factor),
        }
    }
    (factors, warnings)
}

/// Whether a choice is none: most deals have a text of their own.
fn is_free_text(candidate: &Candidate, teaching: &[usize]) -> bool {
    let Values::Texts(texts) = &candidate.values else { return false };
    let mut known: Vec<&str> = teaching.iter().filter_map(|&deal| texts[deal].as_deref()).collect();
    let count = known.len();
    known.sort_unstable();
    known.dedup();
    known.len() * 2 > count && count > 0 && !matches!(candidate.name.as_str(), OWNER | CUSTOMER)
}

fn history(deals: &Deals, teaching: &[usize]) -> ClosedDeals {
    let won = |deal: &usize| deals.state[*deal] == DealOutcome::Won;
    let of_won = |deal: &usize, value: f64| if won(deal) { value } else { f64::NAN };
    ClosedDeals {
        deals: teaching.to_vec(),
        won: teaching.iter().map(won).collect(),
        value: teaching.iter().map(|deal| of_won(deal, deals.value[*deal])).collect(),
        days: teaching
            .iter()
            .map(|deal| of_won(deal, deals.days_to_close(*deal).map_or(f64::NAN, f64::from)))
            .collect(),
    }
}

impl Deals {
    /// Days from creation to closing.
    pub fn days_to_close(&self, deal: usize) -> Option<i32> {
        Some(self.closed[deal]? - self.created[deal]?)
    }
}

/// The factors in which a pair is closer than deals usually are, ordered by what that adds to the similarity; with the
/// sign -1 those in which it is further apart. The outlook is left out, since it sums up the others.
fn strongest(similarity: &Similarity<'_>, usual: &[f64], one: usize, other: usize, sign: f64) -> Vec<usize> {
    let mut closer: Vec<(f64, usize)> = similarity
        .factors
        .iter()
        .zip(similarity.weights)
        .zip(usual)
        .enumerate()
        .filter(|(_, ((factor, _), _))| factor.name != OUTLOOK)
        .map(|(at, ((factor, weight), usual))| (sign * weight * (usual - factor.distance(one, other)), at))
        .filter(|(gain, _)| *gain > 0.0)
        .collect();
    closer.sort_by(|one, other| other.0.total_cmp(&one.0).then(one.1.cmp(&other.1)));
    closer.iter().take(NAMED).map(|(_, at)| *at).collect()
}
