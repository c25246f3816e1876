//! The interactions of a day, put together from those that all days have in common and those of the day's own.

use polars::prelude::*;

use super::numbers::{Places, RecordNumbers, partition_point};
use crate::error::{Error, Result};
use crate::interactions::bounces::Bounce;
use crate::interactions::columns::*;
use crate::interactions::drop_rules::REGARDED;
use crate::interactions::event::{INTERACTION_ID, KIND, OURS};
use crate::interactions::{Interactions, Participants, THREAD_ROOT};
use crate::people::Directory;

/// What tables of records say of single interactions; subjects are there only where they are published.
const DESCRIBED: [&str; 5] = [OCCURRED_AT, KIND, OURS, INTERACTION_ID, SUBJECT];

/// Two parts without a common interaction and thread.
pub struct Both<'a> {
    /// What all days have in common, with the records' numbers of the last one.
    pub settled: &'a Interactions,
    /// The groups of that day's directory.
    pub groups: &'a [Vec<u32>],
    /// Those of the day's own.
    pub news: &'a Interactions,
    /// Where both have their places.
    pub places: &'a Places,
    /// Records under the numbers of the day.
    pub numbers: &'a RecordNumbers,
}

impl Both<'_> {
    /// Where the interactions of two parts have their places among all.
    pub fn places(settled: &Interactions, news: &Interactions) -> Result<Places> {
        let ids = |frame: &DataFrame| PolarsResult::Ok(frame.column(INTERACTION_ID)?.str()?.rechunk().into_owned());
        let ids = |frame| ids(frame).map_err(Error::engine("interactions of a day"));
        Ok(Places::by_text(&ids(&settled.table)?, &ids(&news.table)?))
    }

    /// Both as one, as if they had been resolved at once.
    pub fn assembled(&self, directory: &Directory) -> Result<Interactions> {
        let doing = || Error::engine("interactions of a day");
        let Both { settled, news, numbers, .. } = self;
        let people = with_people(&settled.participants.people, numbers)?;
        let groups = with_people(&settled.participants.groups, numbers)?;
        let groups = with_groups(&groups, self.groups, numbers, directory)?;
        let frames = || -> PolarsResult<_> {
            Ok((
                self.merged(people, &news.participants.people)?,
                self.merged(groups, &news.participants.groups)?,
                self.merged(of_known_records(&settled.links, numbers)?, &news.links)?,
                self.merged(settled.runs.clone(), &news.runs)?,
            ))
        };
        let (people, groups, links, runs) = frames().map_err(doing())?;
        let participants = Participants { people, groups, counts: news.participants.counts.clone() };
        let mut bounces = news.bounces.clone();
        for bounce in &settled.bounces {
            bounces.push(Bounce { who: numbers.person(bounce.who)?, at: bounce.at });
        }
        bounces.sort_unstable();
        Ok(Interactions { participants, links, runs, bounces, ..self.table()? })
    }

    /// Their table, and what was dropped.
    pub fn table(&self) -> Result<Interactions> {
        let Both { settled, news, places, numbers, .. } = self;
        let table = table(&settled.table, &news.table, places, numbers);
        let table = table.map_err(Error::engine("interactions of a day"))?;
        let dropped = dropped(&settled.dropped, &news.dropped).map_err(Error::engine("dropped rows of a day"))?;
        Ok(Interactions { table, dropped, ..self.nothing() })
    }

    /// What tables of records say of single interactions: the settled ones, then the news. See [`Places::rows`] for their
    /// order.
    pub fn described(&self) -> Result<Interactions> {
        let Both { settled, news, .. } = self;
        let names: Vec<&str> =
            DESCRIBED.into_iter().filter(|name| settled.table.get_column_index(name).is_some()).collect();
        let both = || settled.table.select(&names)?.vstack(&news.table.select(&names)?);
        let table = both().map_err(Error::engine("interactions of a day"))?;
        Ok(Interactions { table, ..self.nothing() })
    }

    /// None of them.
    pub fn nothing(&self) -> Interactions {
        let none = DataFrame::empty;
        Interactions {
            table: none(),
            participants: Participants { people: none(), groups: none(), counts: none() },
            links: none(),
            runs: none(),
            dropped: none(),
            bounces: Vec::new(),
            scratch: self.news.scratch.clone(),
        }
    }

    /// Rows of both parts, each sorted by [`INTERACTION`], in that order. Frames without columns stay so.
    fn merged(&self, settled: DataFrame, news: &DataFrame) -> PolarsResult<DataFrame> {
        if settled.width() == 0 {
            return Ok(settled);
        }
        let (settled, first) = numbered(settled, &self.places.of_first)?;
        let (news, second) = numbered(news.clone(), &self.places.of_second)?;
        let mut rows = Vec::with_capacity(first.len() + second.len());
        let (mut at, end) = (0, first.len());
        for (row, interaction) in second.iter().enumerate() {
            let until = at + first[at..].partition_point(|number| number < interaction);
            rows.extend(at as IdxSize..until as IdxSize);
            rows.push((end + row) as IdxSize);
            at = until;
        }
        rows.extend(at as IdxSize..end as IdxSize);
        let mut merged = settled.vstack(&news)?.take(&IdxCa::from_vec(PlSmallStr::EMPTY, rows))?;
        merged.rechunk_mut();
        Ok(merged)
    }
}

/// Roots of threads are numbers within a part: those of the second begin where those of the first end.
fn table(settled: &DataFrame, news: &DataFrame, places: &Places, numbers: &RecordNumbers) -> PolarsResult<DataFrame> {
    let roots = |frame: &DataFrame| PolarsResult::Ok(frame.column(THREAD_ROOT)?.u32()?.clone());
    let further = roots(settled)?.max().map_or(0, |root| root + 1);
    let (mut settled, mut news) = (settled.clone(), news.clone());
    news.with_column((roots(&news)? + further).with_name(THREAD_ROOT.into()).into_column())?;
    let regarded = settled.column(REGARDED)?.u32()?;
    let regarded: UInt32Chunked =
        regarded.iter().map(|record| record.and_then(|record| numbers.of_day(record))).collect();
    settled.with_column(regarded.with_name(REGARDED.into()).into_column())?;
    let mut table = settled.vstack(&news)?.take(&places.rows())?;
    table.with_column(Column::new(INTERACTION.into(), (0..table.height() as u32).collect::<Vec<_>>()))?;
    table.rechunk_mut_par();
    Ok(table)
}

/// A frame by the places of its interactions among all, and these.
fn numbered(mut frame: DataFrame, places: &[u32]) -> PolarsResult<(DataFrame, Vec<u32>)> {
    let numbers = frame.column(INTERACTION)?.u32()?.iter().flatten().map(|number| places[number as usize]);
    let numbers: Vec<u32> = numbers.collect();
    frame.with_column(Column::new(INTERACTION.into(), numbers.clone()))?;
    Ok((frame, numbers))
}

/// Participants under the numbers of the day.
fn with_people(participants: &DataFrame, numbers: &RecordNumbers) -> Result<DataFrame> {
    let doing = || Error::engine("participants of a day");
    let people = participants.column(WHO).and_then(|people| people.u64()).map_err(doing())?;
    let people = people.iter().flatten().map(|who| numbers.person(who)).collect::<Result<Vec<u64>>>()?;
    let mut participants = participants.clone();
    participants.with_column(Column::new(WHO.into(), people)).map_err(doing())?;
    Ok(participants)
}

/// Further records of participants under the numbers of the day's groups.
fn with_groups(
    participants: &DataFrame,
    groups: &[Vec<u32>],
    numbers: &RecordNumbers,
    directory: &Directory,
) -> Result<DataFrame> {
    let doing = || Error::engine("participants of a day");
    let found = participants.column("group").and_then(|groups| groups.u32()).map_err(doing())?;
    let mut is_met = vec![false; groups.len()];
    found.iter().flatten().for_each(|group| is_met[group as usize] = true);
    // Groups that nobody belongs to who takes part may hold records that the day does not know.
    let met = groups.iter().zip(is_met).map(|(members, is_met)| if is_met { members.clone() } else { Vec::new() });
    let of_day = numbers.groups(&met.collect::<Vec<_>>(), directory)?;
    let groups: Vec<u32> = found.iter().flatten().map(|group| of_day[group as usize]).collect();
    let mut participants = participants.clone();
    participants.with_column(Column::new("group".into(), groups)).map_err(doing())?;
    Ok(participants)
}

/// Links under the numbers of the day, to records that it knows.
fn of_known_records(links: &DataFrame, numbers: &RecordNumbers) -> PolarsResult<DataFrame> {
    if links.width() == 0 {
        return Ok(links.clone());
    }
    let records = links.column(RECORD)?.u32()?.iter();
    let records: UInt32Chunked = records.map(|record| record.and_then(|record| numbers.of_day(record))).collect();
    let known = records.is_not_null();
    let mut links = links.clone();
    links.with_column(records.with_name(RECORD.into()).into_column())?;
    links.filter(&known)
}

/// Dropped rows of both parts, each sorted; what both name is one row.
fn dropped(settled: &DataFrame, news: &DataFrame) -> PolarsResult<DataFrame> {
    let (mut rows, mut at, end) = (Vec::new(), 0, settled.height());
    for (new, place) in places(settled, news)?.into_iter().enumerate() {
        rows.extend(at as IdxSize..place.behind as IdxSize);
        at = place.behind;
        rows.extend(place.is_new.then_some((end + new) as IdxSize));
    }
    rows.extend(at as IdxSize..end as IdxSize);
    let mut dropped = settled.vstack(news)?.take(&IdxCa::from_vec(PlSmallStr::EMPTY, rows))?;
    dropped.rechunk_mut();
    Ok(dropped)
}

/// Where a dropped row of the news stands among the settled ones.
struct DroppedPlace {
    /// Behind so many of them.
    behind: usize,
    /// It is none of them.
    is_new: bool,
}

fn places(settled: &DataFrame, news: &DataFrame) -> PolarsResult<Vec<DroppedPlace>> {
    let texts = |frame: &DataFrame| -> PolarsResult<[StringChunked; 3]> {
        let text = |name: &str| PolarsResult::Ok(frame.column(name)?.str()?.rechunk().into_owned());
        Ok([text("source")?, text(SOURCE_ID)?, text(REASON)?])
    };
    fn row(texts: &[StringChunked; 3], at: usize) -> [Option<&str>; 3] {
        texts.each_ref().map(|texts| texts.get(at))
    }
    let (of_settled, of_news) = (texts(settled)?, texts(news)?);
    let (mut behind, end) = (0, settled.height());
    let place = |new: usize| {
        let wanted = row(&of_news, new);
        behind += partition_point(end - behind, |further| row(&of_settled, behind + further) < wanted);
        DroppedPlace { behind, is_new: behind == end || row(&of_settled, behind) != wanted }
    };
    Ok((0..news.height()).map(place).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dropped_rows_of_both_parts_are_sorted_and_none_is_there_twice() {
        let rows = |rows: &[[&str; 3]]| {
            let column = |at: usize| rows.iter().map(|row| row[at].to_string()).collect::<Vec<_>>();
            df!("source" => column(0), SOURCE_ID => column(1), REASON => column(2)).expect("rows")
        };
        let settled = rows(&[["email", "a", "draft"], ["email", "c", "draft"], ["task", "a", "no_time"]]);
        let news = rows(&[["email", "b", "draft"], ["email", "c", "draft"], ["email", "c", "failed"]]);
        let expected = rows(&[
            ["email", "a", "draft"],
            ["email", "b", "draft"],
            ["email", "c", "draft"],
            ["email", "c", "failed"],
            ["task", "a", "no_time"],
        ]);
        assert_eq!(dropped(&settled, &news).expect("dropped rows"), expected);
    }
}
