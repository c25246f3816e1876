//! The formulas of others, over the contacts of one connection or one person.

use rapport::connections::edges::Edge;
use rapport::interactions::Kind;
use rapport::interactions::interaction_view::Started;
use rapport::time::DAY;

pub struct Rival {
    pub name: &'static str,
    pub score: fn(&[Edge], i64) -> f64,
}

/// Counts, recency and the published formulas; `at` is the cutoff.
pub const RIVALS: [Rival; 11] = [
    Rival { name: "count", score: |edges, _| edges.len() as f64 },
    Rival { name: "recency", score: |edges, at| -gap(edges, at, |_| true) },
    Rival { name: "decay, 10 days", score: |edges, at| decayed(edges, at, 10.0, |_| 1.0) },
    Rival { name: "decay, 30 days", score: |edges, at| decayed(edges, at, 30.0, |_| 1.0) },
    Rival { name: "decay, 90 days", score: |edges, at| decayed(edges, at, 90.0, |_| 1.0) },
    Rival { name: "Interactions Rank, 30 days", score: |edges, at| decayed(edges, at, 30.0, outbound_double) },
    Rival { name: "Interactions Rank, 90 days", score: |edges, at| decayed(edges, at, 90.0, outbound_double) },
    Rival { name: "by size, 10 days", score: |edges, at| decayed(edges, at, 10.0, by_size) },
    Rival { name: "by size, 30 days", score: |edges, at| decayed(edges, at, 30.0, by_size) },
    Rival { name: "by size, 90 days", score: |edges, at| decayed(edges, at, 90.0, by_size) },
    Rival { name: "DotAlign", score: dotalign },
];

fn age(edge: &Edge, at: i64) -> f64 {
    (at - edge.at) as f64 / DAY as f64
}

/// Days since the last of some contacts; far more than a year when there were none.
fn gap(edges: &[Edge], at: i64, counts: fn(&Edge) -> bool) -> f64 {
    edges.iter().filter(|edge| counts(edge)).map(|edge| age(edge, at)).fold(1e9, f64::min)
}

fn decayed(edges: &[Edge], at: i64, half_life: f64, weight: fn(&Edge) -> f64) -> f64 {
    edges.iter().map(|edge| weight(edge) * (-age(edge, at) / half_life).exp2()).sum()
}

/// Gmail's Interactions Rank counts what was sent double.
fn outbound_double(edge: &Edge) -> f64 {
    if edge.started() == Started::ByUs { 2.0 } else { 1.0 }
}

/// One divided by the people it speaks to.
fn by_size(edge: &Edge) -> f64 {
    1.0 / f64::from(edge.people)
}

fn sent(edge: &Edge) -> bool {
    edge.kind() == Kind::Email && edge.started() == Started::ByUs
}

fn received(edge: &Edge) -> bool {
    edge.kind() == Kind::Email && edge.started() == Started::ByThem
}

fn met(edge: &Edge) -> bool {
    edge.kind() != Kind::Email
}

/// max(1, min(100, 1 + min(out, in) + 3 × events) × R), R falling to a quarter over two years and to
/// nothing over six, from the last event or the earlier of the last mail in and out.
fn dotalign(edges: &[Edge], at: i64) -> f64 {
    let count = |counts: fn(&Edge) -> bool| edges.iter().filter(|edge| counts(edge)).count() as f64;
    let both = gap(edges, at, sent).max(gap(edges, at, received));
    let days = gap(edges, at, met).min(both);
    let left = if days > 1e8 { 0.0 } else { 1.0 - 0.75 * (days / 730.0).min(1.0) - 0.25 * (days / 2190.0).min(1.0) };
    ((1.0 + count(sent).min(count(received)) + 3.0 * count(met)) * left).clamp(1.0, 100.0)
}
