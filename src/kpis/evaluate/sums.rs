//! What is added up of the interactions of records: whole numbers and sorted times, so that sums of parts can be put
//! together in any order.

use polars::prelude::*;

use super::contributions::Contributions;
use super::plan::Plan;
use crate::frames::Grouped;
use crate::interactions::columns::*;
use crate::interactions::record_shards::RecordShard;
use crate::kpis::kpi::Side;

/// Stands for no interaction.
pub(super) const NONE: u32 = u32::MAX;

/// An interaction and when it happens, in microseconds.
#[derive(Clone, Copy)]
pub(super) struct Dated {
    at: i64,
    pub interaction: u32,
}

/// The first and last held and the next planned interaction of a record.
#[derive(Clone, Copy)]
pub(super) struct Extremes {
    pub first: Dated,
    pub last: Dated,
    pub next: Dated,
}

impl Extremes {
    fn none() -> Extremes {
        let dated = |at| Dated { at, interaction: NONE };
        Extremes { first: dated(i64::MAX), last: dated(i64::MIN), next: dated(i64::MAX) }
    }

    /// Links come in the order of interactions: of several at one time the first is taken.
    fn meet(&mut self, one: Dated, held: bool) {
        if !held {
            if one.at < self.next.at {
                self.next = one;
            }
            return;
        }
        if one.at < self.first.at {
            self.first = one;
        }
        if one.at > self.last.at {
            self.last = one;
        }
    }

    /// Of both; of two at one time the one with the smaller number.
    fn with(self, other: &Extremes) -> Extremes {
        let earlier = |a: Dated, b: Dated| if (b.at, b.interaction) < (a.at, a.interaction) { b } else { a };
        let later = |a: Dated, b: Dated| {
            let is_later = b.at > a.at || b.at == a.at && b.interaction < a.interaction;
            if is_later { b } else { a }
        };
        Extremes {
            first: earlier(self.first, other.first),
            last: later(self.last, other.last),
            next: earlier(self.next, other.next),
        }
    }

    /// The same interactions by the places that they have among others.
    fn moved(mut self, places: &[u32]) -> Extremes {
        for one in [&mut self.first, &mut self.last, &mut self.next] {
            if let Some(&place) = places.get(one.interaction as usize) {
                one.interaction = place;
            }
        }
        self
    }
}

/// Sums of consecutive records.
pub struct Sums {
    /// By flag of the plan and record, how many interactions have it.
    pub(super) counts: Vec<Vec<u32>>,
    /// By record its amounts of time, one after the other.
    pub(super) spent: Vec<i64>,
    /// By record.
    pub(super) extremes: Vec<Extremes>,
    /// By [`place_of_answers`], microseconds, ascending.
    pub(super) answers: Grouped<i64>,
}

impl Sums {
    /// Of the records of a part. `times` are those of interactions; `is_pending` says of a record and an interaction
    /// whether the run that the interaction begins is not due yet.
    ///
    /// A loop over links, of which there are many times more than interactions and records: in the engine's groups, each
    /// aggregate was a pass of its own over columns gathered for each link.
    pub fn of(
        plan: &Plan,
        contributions: &Contributions,
        times: &[i64],
        part: &RecordShard,
        is_pending: impl Fn(u32, u32) -> bool,
    ) -> PolarsResult<Sums> {
        let records = part.records.len();
        let patterns = contributions.patterns();
        let (held, answered_by) = (contributions.held(), contributions.answered_by());
        // How often each pattern of flags is met: one count, whatever the number of KPIs that are counts.
        let mut met = vec![0u32; records * patterns];
        let each = plan.times.len();
        let mut spent = vec![0i64; records * each];
        let mut extremes = vec![Extremes::none(); records];
        let mut answers: Vec<(u32, i64)> = Vec::new();
        let linked = part.links.column(RECORD)?.u32()?.cont_slice()?;
        let numbers = part.links.column(INTERACTION)?.u32()?.cont_slice()?;
        for (&number, &interaction) in linked.iter().zip(numbers) {
            let record = (number - part.records.start) as usize;
            let one = contributions.of_one(interaction);
            let pattern = match is_pending(number, interaction) {
                true => contributions.while_pending(one.pattern),
                false => one.pattern,
            } as usize;
            met[record * patterns + pattern] += 1;
            for (sum, time) in spent[record * each..][..each].iter_mut().zip(one.times) {
                *sum += time;
            }
            extremes[record].meet(Dated { at: times[interaction as usize], interaction }, held[pattern]);
            if let Some(side) = answered_by[pattern] {
                answers.push((place_of_answers(record, side), one.response));
            }
        }
        let count = |record: usize, having: &[bool]| -> u32 {
            let met = met[record * patterns..][..patterns].iter().zip(having);
            met.filter(|(_, having)| **having).map(|(&met, _)| met).sum()
        };
        let counts = (0..plan.flags.len()).map(|flag| {
            let having = contributions.having(flag);
            (0..records).map(|record| count(record, &having)).collect()
        });
        let counts = counts.collect();
        Ok(Sums { counts, spent, extremes, answers: Grouped::new(2 * records, answers.iter().copied()).sorted() })
    }

    /// How many records there are.
    pub fn records(&self) -> usize {
        self.extremes.len()
    }

    /// Of all records of consecutive parts.
    pub fn joined(parts: &[Sums]) -> Sums {
        let flags = parts.first().map_or(0, |part| part.counts.len());
        let mut from = 0;
        let mut answers = Vec::new();
        for part in parts {
            answers.extend(part.pairs().map(|(place, time)| (from + place, time)));
            from += 2 * part.records() as u32;
        }
        Sums {
            counts: (0..flags)
                .map(|flag| parts.iter().flat_map(|part| &part.counts[flag]).copied().collect())
                .collect(),
            spent: parts.iter().flat_map(|part| &part.spent).copied().collect(),
            extremes: parts.iter().flat_map(|part| &part.extremes).copied().collect(),
            answers: Grouped::new(from as usize, answers.iter().copied()),
        }
    }

    /// These with those of other interactions of the same records, of which `number` says under which number they are
    /// here, if at all. In both, interactions are numbered anew by their `places` among all.
    pub fn with(self, others: &Sums, number: impl Fn(u32) -> Option<u32>, places: [&[u32]; 2]) -> Sums {
        let Sums { mut counts, mut spent, extremes, answers } = self;
        let mut extremes: Vec<Extremes> = extremes.into_iter().map(|one| one.moved(places[0])).collect();
        let each = spent.len().checked_div(extremes.len()).unwrap_or(0);
        let numbers: Vec<Option<u32>> = (0..others.records() as u32).map(number).collect();
        for (counts, others) in counts.iter_mut().zip(&others.counts) {
            for (count, number) in others.iter().zip(&numbers) {
                if let Some(number) = number {
                    counts[*number as usize] += count;
                }
            }
        }
        for (other, number) in numbers.iter().enumerate() {
            let Some(number) = number.map(|number| number as usize) else { continue };
            let added = &others.spent[other * each..][..each];
            spent[number * each..][..each].iter_mut().zip(added).for_each(|(sum, time)| *sum += time);
            extremes[number] = extremes[number].with(&others.extremes[other].moved(places[1]));
        }
        let own = Sums { counts: Vec::new(), spent: Vec::new(), extremes: Vec::new(), answers };
        let further =
            others.pairs().filter_map(|(place, time)| Some((2 * numbers[place as usize / 2]? + place % 2, time)));
        let all: Vec<(u32, i64)> = own.pairs().chain(further).collect();
        let answers = Grouped::new(2 * extremes.len(), all.iter().copied()).sorted();
        Sums { counts, spent, extremes, answers }
    }

    /// Answers with their places.
    fn pairs(&self) -> impl Iterator<Item = (u32, i64)> + '_ {
        (0..self.answers.count() as u32).flat_map(|place| self.answers.of(place).iter().map(move |&time| (place, time)))
    }
}

/// Where the response times of a record and a side are grouped.
pub(super) fn place_of_answers(record: usize, side: Side) -> u32 {
    2 * record as u32 + u32::from(side == Side::Us)
}
