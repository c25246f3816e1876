//! Distances of one deal to many, in units, four at a time: the innermost loop of the search.

use super::packed_deals::{Lane, Layout};

/// Deals per block; the lanes of a block's deals lie beside each other.
pub const BLOCK: usize = 4;

/// Rows of many deals, in blocks.
pub struct DealRows {
    blocks: Vec<u64>,
    lanes: Vec<Lane>,
    /// How many deals there are; the last block is filled up.
    count: usize,
}

impl DealRows {
    /// Rows of deals in the order given.
    pub fn of(layout: &Layout<'_>, deals: &[usize]) -> DealRows {
        let width = layout.lanes.len();
        let mut blocks = vec![0; deals.len().div_ceil(BLOCK) * BLOCK * width];
        let mut row = Vec::with_capacity(width);
        for (at, &deal) in deals.iter().enumerate() {
            row.clear();
            layout.write(deal, &mut row);
            let block = at / BLOCK * BLOCK * width;
            row.iter().enumerate().for_each(|(lane, &value)| blocks[block + lane * BLOCK + at % BLOCK] = value);
        }
        DealRows { blocks, lanes: layout.lanes.clone(), count: deals.len() }
    }

    /// Number of blocks.
    pub fn blocks(&self) -> usize {
        self.count.div_ceil(BLOCK)
    }

    /// Hands the place and distance of every deal of the blocks that is within `limit` of `row` to
    /// `found`.
    #[cfg_attr(
        target_arch = "x86_64",
        expect(
            unsafe_code,
            reason = "only at run time is it known what the processor can; plain code takes twelve times as long"
        )
    )]
    pub fn within(&self, row: &[u64], blocks: std::ops::Range<usize>, limit: u32, found: &mut Vec<(u32, u32)>) {
        #[cfg(target_arch = "x86_64")]
        if std::arch::is_x86_feature_detected!("avx2") {
            // SAFETY: the processor has the instructions, as was just asked.
            unsafe { self.within_avx2(row, blocks, limit, found) };
            return;
        }
        self.within_portable(row, blocks, limit, found);
    }

    fn within_portable(&self, row: &[u64], blocks: std::ops::Range<usize>, limit: u32, found: &mut Vec<(u32, u32)>) {
        let size = self.lanes.len() * BLOCK;
        for block in blocks {
            let lanes = &self.blocks[block * size..][..size];
            for deal in 0..BLOCK {
                let pairs = self.lanes.iter().zip(row).enumerate();
                let sum: u32 = pairs.map(|(at, (lane, &query))| lane.distance(query, lanes[at * BLOCK + deal])).sum();
                let place = block * BLOCK + deal;
                if sum <= limit && place < self.count {
                    found.push((sum, place as u32));
                }
            }
        }
    }

    #[cfg(target_arch = "x86_64")]
    #[target_feature(enable = "avx2")]
    fn within_avx2(&self, row: &[u64], blocks: std::ops::Range<usize>, limit: u32, found: &mut Vec<(u32, u32)>) {
        use std::arch::x86_64::*;
        let wide = |value: u64| _mm256_set1_epi64x(value.cast_signed());
        let differences = self.lanes.iter().filter(|lane| **lane == Lane::Differences).count();
        let queries: Vec<__m256i> = row.iter().map(|&value| wide(value)).collect();
        let (plain, coded) = queries.split_at(differences);
        let coded: Vec<(__m256i, __m256i, bool)> = self.lanes[differences..]
            .iter()
            .zip(coded)
            .map(|(lane, &query)| match lane {
                Lane::Pairs(weights) => (query, wide(*weights), true),
                Lane::Bytes(weights) => (query, wide(*weights), false),
                Lane::Differences => (query, wide(0), false),
            })
            .collect();
        let pairs_from = coded.iter().take_while(|(_, _, pairs)| !pairs).count();
        let (of_bytes, of_pairs) = coded.split_at(pairs_from);
        let zero = _mm256_setzero_si256();
        let beyond = wide(u64::from(limit) + 1);
        let size = self.lanes.len() * BLOCK;
        for block in blocks {
            let lanes = &self.blocks[block * size..][..size];
            let mut chunks = lanes.as_chunks::<BLOCK>().0.iter();
            let mut sum = zero;
            for (query, chunk) in plain.iter().zip(&mut chunks) {
                let deals = loaded(chunk);
                sum = _mm256_add_epi64(sum, _mm256_sad_epu8(*query, deals));
            }
            let mut chunks = lanes.as_chunks::<BLOCK>().0[differences..].iter();
            for ((query, weights, _), chunk) in of_bytes.iter().zip(&mut chunks) {
                let deals = loaded(chunk);
                let differ = _mm256_andnot_si256(_mm256_cmpeq_epi8(*query, deals), *weights);
                sum = _mm256_add_epi64(sum, _mm256_sad_epu8(differ, zero));
            }
            let mut chunks = lanes.as_chunks::<BLOCK>().0[differences + pairs_from..].iter();
            for ((query, weights, _), chunk) in of_pairs.iter().zip(&mut chunks) {
                let deals = loaded(chunk);
                let differ = _mm256_andnot_si256(_mm256_cmpeq_epi16(*query, deals), *weights);
                sum = _mm256_add_epi64(sum, _mm256_sad_epu8(differ, zero));
            }
            let near = _mm256_movemask_pd(_mm256_castsi256_pd(_mm256_cmpgt_epi64(beyond, sum)));
            if near != 0 {
                let (low, high) = (_mm256_castsi256_si128(sum), _mm256_extracti128_si256::<1>(sum));
                let sums = [low, high].map(|two| [_mm_cvtsi128_si64(two), _mm_extract_epi64::<1>(two)]);
                for (deal, &sum) in sums.as_flattened().iter().enumerate() {
                    let place = block * BLOCK + deal;
                    if near >> deal & 1 == 1 && place < self.count {
                        found.push((sum as u32, place as u32));
                    }
                }
            }
        }
    }
}

/// The lanes of a block's deals side by side: one load, which the compiler makes of it.
#[cfg(target_arch = "x86_64")]
#[target_feature(enable = "avx2")]
fn loaded(chunk: &[u64; BLOCK]) -> std::arch::x86_64::__m256i {
    let [first, second, third, fourth] = chunk.map(u64::cast_signed);
    std::arch::x86_64::_mm256_setr_epi64x(first, second, third, fourth)
}

impl Lane {
    fn distance(self, one: u64, other: u64) -> u32 {
        let bytes = |lane: u64| lane.to_le_bytes();
        match self {
            Lane::Differences => {
                bytes(one).iter().zip(bytes(other)).map(|(&one, other)| u32::from(one.abs_diff(other))).sum()
            }
            Lane::Bytes(weights) => {
                let differ = |at: usize| bytes(one)[at] != bytes(other)[at];
                (0..8).filter(|&at| differ(at)).map(|at| u32::from(bytes(weights)[at])).sum()
            }
            Lane::Pairs(weights) => {
                let pair = |lane: u64, at: u32| lane >> (16 * at) & 0xFFFF;
                (0..4).filter(|&at| pair(one, at) != pair(other, at)).map(|at| pair(weights, at) as u32).sum()
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_instructions_of_the_processor_find_what_plain_code_finds() {
        let mut dice = fastrand::Rng::with_seed(7);
        let mut drawn = || dice.u64(..);
        for count in [0usize, 1, 3, 4, 5, 1003] {
            for (differences, bytes, pairs) in [(1, 0, 0), (0, 1, 0), (0, 0, 1), (3, 2, 4)] {
                let mut lanes = vec![Lane::Differences; differences];
                lanes.extend((0..bytes).map(|_| Lane::Bytes(drawn())));
                // A weight is a byte, also where two bytes are compared.
                lanes.extend((0..pairs).map(|_| Lane::Pairs(drawn() & 0x00FF_00FF_00FF_00FF)));
                let width = lanes.len();
                // Of each byte one bit, so that some bytes and pairs are alike.
                let lane = |number: u64| number & 0x0101_0101_0101_0101;
                let blocks = (0..count.div_ceil(BLOCK) * BLOCK * width).map(|_| lane(drawn())).collect();
                let rows = DealRows { blocks, lanes, count };
                let row: Vec<u64> = (0..width).map(|_| lane(drawn())).collect();
                for limit in [0, 100, 700, u32::MAX] {
                    let (mut found, mut plain) = (Vec::new(), Vec::new());
                    rows.within(&row, 0..rows.blocks(), limit, &mut found);
                    rows.within_portable(&row, 0..rows.blocks(), limit, &mut plain);
                    assert_eq!(found, plain, "{count} deals, limit {limit}");
                    assert!(limit < u32::MAX || found.len() == count);
                }
            }
        }
    }
}
