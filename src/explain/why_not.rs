//! Why an interaction does not meet a definition: what of it would have to be otherwise.
//!
//! Definitions are expressions that nobody can read back. So they are asked: of an interaction that does not count, single
//! properties are changed, then two and three at a time, until it would count. The fewest that do are the reason. A new
//! definition is explained without a word here.

use std::collections::HashMap;

use polars::prelude::*;

use crate::interactions::Kind;
use crate::interactions::columns::{INTERACTION, OCCURRED_AT};
use crate::interactions::event::*;
use crate::interactions::reply_runs::{DUE, RESPONSE};
use crate::kpis::{COLLEAGUES, EXTERNAL_PEOPLE, held};

/// Most properties that are changed at a time.
const MOST: usize = 3;
/// A Wednesday at eleven and a Sunday at three in the night, UTC: of any working calendar, one is inside and one is not.
const TIMES: [i64; 2] = [1_772_622_000_000_000, 1_772_334_000_000_000];

/// What of an interaction definitions may look at. Times are left out: they are asked for last.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Properties {
    planned: bool,
    kind: Kind,
    ours: Option<bool>,
    has_duration: bool,
    has_colleagues: bool,
    has_external: bool,
    followed: bool,
    engaged: [bool; 4],
    due: bool,
    answered: bool,
    at: i64,
}

/// A property that is not as the definition asks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Obstacle {
    /// It lies ahead.
    Planned,
    /// It is of another kind.
    Kind,
    /// The other side started it, or nobody knows who did.
    Direction,
    /// Nobody knows its length.
    NoDuration,
    /// No colleague was present.
    NoColleague,
    /// Nobody of the other side was present.
    NoExternal,
    /// Its readers are not followed.
    NotFollowed,
    /// They did not do what is asked, by its place in [`ENGAGEMENT`].
    NotEngaged(usize),
    /// It begins no run that is due.
    NoRun,
    /// Its run was not answered.
    NoAnswer,
    /// It happened at another time.
    Time,
}

/// A change of one property.
#[derive(Clone, Copy)]
struct Change {
    obstacle: Obstacle,
    apply: fn(&mut Properties, usize),
    to: usize,
}

fn changes(of: &Properties) -> Vec<Change> {
    let mut all: Vec<Change> = Vec::new();
    let mut offer = |is_other: bool, obstacle, apply: fn(&mut Properties, usize), to| {
        if is_other {
            all.push(Change { obstacle, apply, to });
        }
    };
    offer(of.planned, Obstacle::Planned, |it, _| it.planned = false, 0);
    for (number, kind) in Kind::ALL.into_iter().enumerate() {
        offer(of.kind != kind, Obstacle::Kind, |it, to| it.kind = Kind::ALL[to], number);
    }
    for (to, ours) in [true, false].into_iter().enumerate() {
        offer(of.ours != Some(ours), Obstacle::Direction, |it, to| it.ours = Some(to == 0), to);
    }
    offer(!of.has_duration, Obstacle::NoDuration, |it, _| it.has_duration = true, 0);
    offer(!of.has_colleagues, Obstacle::NoColleague, |it, _| it.has_colleagues = true, 0);
    offer(!of.has_external, Obstacle::NoExternal, |it, _| it.has_external = true, 0);
    offer(!of.followed, Obstacle::NotFollowed, |it, _| it.followed = true, 0);
    for to in 0..ENGAGEMENT.len() {
        offer(!of.engaged[to], Obstacle::NotEngaged(to), |it, to| it.engaged[to] = true, to);
    }
    offer(!of.due, Obstacle::NoRun, |it, _| it.due = true, 0);
    offer(!of.answered, Obstacle::NoAnswer, |it, _| it.answered = true, 0);
    offer(true, Obstacle::Time, |it, _| it.at = TIMES[1], 0);
    all
}

impl Properties {
    /// Those of every row.
    pub fn of_rows(table: &DataFrame) -> PolarsResult<Vec<Properties>> {
        let flag = |name: &str| -> PolarsResult<Vec<Option<bool>>> {
            // What published tables do not say stays out of reach of definitions that ask for it.
            match table.column(name) {
                Ok(column) => Ok(column.bool()?.iter().collect()),
                Err(_) => Ok(vec![None; table.height()]),
            }
        };
        let (planned, ours, due, followed) = (flag(PLANNED)?, flag(OURS)?, flag(DUE)?, flag(FOLLOWED)?);
        let engaged = ENGAGEMENT.map(flag);
        let [opened, clicked, attachment, replied] = engaged;
        let engaged = [opened?, clicked?, attachment?, replied?];
        let kinds = table.column(KIND)?.u8()?;
        let (durations, responses) = (table.column(DURATION)?.is_not_null(), table.column(RESPONSE)?.is_not_null());
        let (colleagues, external) = (table.column(COLLEAGUES)?.u32()?, table.column(EXTERNAL_PEOPLE)?.u32()?);
        let of_row = |row: usize| Properties {
            planned: planned[row] == Some(true),
            kind: kinds.get(row).map_or(Kind::Task, Kind::of),
            ours: ours[row],
            has_duration: durations.get(row) == Some(true),
            has_colleagues: colleagues.get(row).is_some_and(|count| count > 0),
            has_external: external.get(row).is_some_and(|count| count > 0),
            followed: followed[row] == Some(true),
            engaged: [0, 1, 2, 3].map(|at| engaged[at][row] == Some(true)),
            due: due[row] == Some(true),
            answered: responses.get(row) == Some(true),
            at: TIMES[0],
        };
        Ok((0..table.height()).map(of_row).collect())
    }
}

/// Rows with these properties.
fn rows(of: &[Properties], with_engagement: bool) -> PolarsResult<DataFrame> {
    let column = |name: &'static str, value: &dyn Fn(&Properties) -> Option<bool>| {
        Column::new(name.into(), of.iter().map(value).collect::<Vec<_>>())
    };
    let count = |name: &'static str, has: &dyn Fn(&Properties) -> bool| {
        Column::new(name.into(), of.iter().map(|one| u32::from(has(one))).collect::<Vec<_>>())
    };
    let length = |name: &'static str, has: &dyn Fn(&Properties) -> bool| {
        Column::new(name.into(), of.iter().map(|one| has(one).then_some(1i64)).collect::<Vec<_>>())
    };
    let times = Column::new(OCCURRED_AT.into(), of.iter().map(|one| one.at).collect::<Vec<_>>()).cast(&INSTANT)?;
    let kinds: UInt8Chunked = of.iter().map(|one| Some(one.kind as u8)).collect();
    let mut columns = vec![
        Column::new(INTERACTION.into(), (0..of.len() as u32).collect::<Vec<_>>()),
        kinds.with_name(KIND.into()).into_column(),
        column(PLANNED, &|one| Some(one.planned)),
        column(OURS, &|one| one.ours),
        column(DUE, &|one| Some(one.due)),
        length(DURATION, &|one| one.has_duration),
        length(RESPONSE, &|one| one.answered),
        count(COLLEAGUES, &|one| one.has_colleagues),
        count(EXTERNAL_PEOPLE, &|one| one.has_external),
        times,
    ];
    if with_engagement {
        columns.push(column(FOLLOWED, &|one| Some(one.followed)));
        columns.extend((0..4).map(|at| column(ENGAGEMENT[at], &move |one| Some(one.engaged[at]))));
    }
    DataFrame::new(of.len(), columns)?.lazy().with_column(held()).collect()
}

/// What keeps interactions with these properties from meeting a condition; nothing where no change of at most three
/// properties would do.
///
/// # Errors
/// Only what the engine runs into.
pub fn obstacles(
    condition: &Expr,
    of: impl Iterator<Item = Properties>,
    with_engagement: bool,
) -> PolarsResult<HashMap<Properties, Vec<Obstacle>>> {
    let mut open: Vec<Properties> = of.collect();
    open.sort_unstable_by_key(|one| format!("{one:?}"));
    open.dedup();
    let mut found = HashMap::new();
    for size in 1..=MOST {
        if open.is_empty() {
            break;
        }
        let (mut tried, mut changed) = (Vec::new(), Vec::new());
        for (at, one) in open.iter().enumerate() {
            for change in combinations(&changes(one), size) {
                let mut other = *one;
                change.iter().for_each(|change| (change.apply)(&mut other, change.to));
                tried.push((at, change.iter().map(|change| change.obstacle).collect::<Vec<_>>()));
                changed.push(other);
            }
        }
        let meets = rows(&changed, with_engagement)?.lazy().select([condition.clone().alias("meets")]).collect()?;
        let meets: Vec<Option<bool>> = meets.column("meets")?.bool()?.iter().collect();
        for ((at, obstacles), meets) in tried.into_iter().zip(meets) {
            if meets == Some(true) {
                found.entry(open[at]).or_insert(obstacles);
            }
        }
        open.retain(|one| !found.contains_key(one));
    }
    Ok(found)
}

/// Every set of `size` changes of different properties.
fn combinations(all: &[Change], size: usize) -> Vec<Vec<Change>> {
    if size == 0 {
        return vec![Vec::new()];
    }
    let mut sets = Vec::new();
    for (at, first) in all.iter().enumerate() {
        for mut rest in combinations(&all[at + 1..], size - 1) {
            if rest.iter().all(|other| other.obstacle != first.obstacle) {
                rest.insert(0, *first);
                sets.push(rest);
            }
        }
    }
    sets
}

impl Obstacle {
    /// In words, of an interaction with these properties that is this in the turns of its thread.
    pub fn words(self, of: &Properties, turn: Option<&str>) -> String {
        const KIND_WORDS: [&str; 4] = ["an email", "a meeting", "a call", "a task"];
        const UNDONE: [&str; 4] =
            ["nobody opened it", "no link of it was clicked", "its attachment was not opened", "it was not replied to"];
        let words = match self {
            Obstacle::Planned => "it is planned, not held",
            Obstacle::Kind => return format!("it is {}", KIND_WORDS[of.kind as usize]),
            Obstacle::Direction => match of.ours {
                Some(true) => "we started it",
                Some(false) => "they started it",
                None => "nobody knows who started it",
            },
            Obstacle::NoDuration => "nobody knows its length",
            Obstacle::NoColleague => "no colleague was present",
            Obstacle::NoExternal => "nobody of their side was present",
            Obstacle::NotFollowed => "its readers are not followed",
            Obstacle::NotEngaged(at) => UNDONE[at.min(3)],
            Obstacle::NoRun => match turn {
                Some(turn) => return format!("it {turn}"),
                None => "it begins no run",
            },
            Obstacle::NoAnswer => "its run was not answered within the horizon",
            Obstacle::Time => "of the time at which it happened",
        };
        words.to_string()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::kpis::HELD;

    #[test]
    fn the_fewest_changes_that_would_count_are_the_reason() {
        let email = Properties {
            planned: false,
            kind: Kind::Email,
            ours: Some(true),
            has_duration: false,
            has_colleagues: true,
            has_external: true,
            followed: false,
            engaged: [false; 4],
            due: false,
            answered: false,
            at: TIMES[0],
        };
        let received = col(HELD).and(col(KIND).eq(Kind::Email.lit())).and(col(OURS).not());
        let plan = Properties { planned: true, kind: Kind::Meeting, ours: None, ..email };
        let found = obstacles(&received, [email, plan].into_iter(), false).expect("obstacles");
        assert_eq!(found[&email], [Obstacle::Direction]);
        assert_eq!(found[&plan], [Obstacle::Planned, Obstacle::Kind, Obstacle::Direction]);
        let impossible = obstacles(&lit(false), [email].into_iter(), false).expect("obstacles");
        assert!(impossible.is_empty());
        assert_eq!(Obstacle::Direction.words(&email, None), "we started it");
    }
}
