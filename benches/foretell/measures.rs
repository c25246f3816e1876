//! How well scores order what came true.

/// The chance that something that came true is scored above something that did not, ties half; none
/// where one of the two is missing.
pub fn auc(scored: &[(f64, bool)]) -> Option<f64> {
    let mut sorted = scored.to_vec();
    sorted.sort_unstable_by(|a, b| a.0.total_cmp(&b.0));
    let (mut below, mut won) = (0.0, 0.0);
    for equal in sorted.chunk_by(|a, b| a.0 == b.0) {
        let hits = equal.iter().filter(|(_, true_)| *true_).count() as f64;
        let misses = equal.len() as f64 - hits;
        won += hits * (below + misses / 2.0);
        below += misses;
    }
    let hits = scored.len() as f64 - below;
    (hits > 0.0 && below > 0.0).then(|| won / (hits * below))
}

/// Normalised discounted cumulative gain of the first five of one list, in its order where scores are
/// equal; none with fewer than two candidates or without a hit.
pub fn ndcg(list: &[(f64, bool)]) -> Option<f64> {
    let hits = list.iter().filter(|(_, true_)| *true_).count();
    if list.len() < 2 || hits == 0 {
        return None;
    }
    let mut ranked = list.to_vec();
    ranked.sort_by(|a, b| b.0.total_cmp(&a.0));
    let discount = |rank: usize| 1.0 / (rank as f64 + 2.0).log2();
    let gain: f64 = ranked.iter().take(5).enumerate().filter(|(_, one)| one.1).map(|(rank, _)| discount(rank)).sum();
    let ideal: f64 = (0..hits.min(5)).map(discount).sum();
    Some(gain / ideal)
}

/// Expected calibration error: in ten ranges of chances, how far the mean chance is from the share that came true, on
/// average over the cases.
pub fn calibration_error(foretold: &[(f64, bool)]) -> f64 {
    let mut bins = [(0.0, 0.0); 10];
    for &(chance, came_true) in foretold {
        let bin = &mut bins[((chance * 10.0) as usize).min(9)];
        *bin = (bin.0 + chance, bin.1 + f64::from(u8::from(came_true)));
    }
    bins.iter().map(|(chances, came_true)| (chances - came_true).abs()).sum::<f64>() / foretold.len().max(1) as f64
}
