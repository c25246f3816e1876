//! What becomes of the rows of a table when people are forgotten.

use std::ops::Add;

use polars::prelude::*;

use super::alone::Alone;
use super::personal_columns::{JudgeColumn, Personal, of_every_kind};
use super::traces::Traces;
use super::withdrawn::Withdrawn;
use crate::error::{Error, Result};
use crate::frames::typed_columns::{integers, texts};
use crate::table::Table;

/// Rank within the rest of the key; without gaps.
const RANK: &str = "rank";

/// Whether rows depend on those before them, so that they must be taken together.
pub fn needs_whole_table(table: &Table) -> bool {
    table.key.last() == Some(&RANK)
}

/// How many rows go, and how many stay with other values.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Counts {
    /// Rows that are no longer there.
    pub gone: u64,
    /// Rows that differ.
    pub changed: u64,
}

impl Add for Counts {
    type Output = Counts;

    fn add(self, other: Counts) -> Counts {
        Counts { gone: self.gone + other.gone, changed: self.changed + other.changed }
    }
}

/// Whom and what rows are judged by.
#[derive(Clone, Copy)]
pub struct Goes<'a> {
    /// Who says how columns carry people.
    pub personal_data: JudgeColumn,
    /// By what the erased are recognised.
    pub traces: &'a Traces,
    /// Interactions of the partition that go or turn internal.
    pub alone: &'a Alone,
    /// What of Exchange may no longer be used.
    pub withdrawn: &'a Withdrawn,
}

/// What is to be done to the rows of a table.
pub struct Rules<'a> {
    table: &'a str,
    key: &'static str,
    judged: Vec<(&'static str, Personal)>,
    spares_witnesses: bool,
    ranked: bool,
    goes: Goes<'a>,
}

impl<'a> Rules<'a> {
    /// The rules for a table with the columns that its file has.
    pub fn of(table: &'a Table, goes: Goes<'a>) -> Rules<'a> {
        let judge = |name| Some((name, (goes.personal_data)(table.name, name)?));
        let judged = table.columns.iter().filter_map(|column| judge(column.name));
        let judged = judged.filter(|(_, data)| *data != Personal::Nobody).collect();
        let key = table.key.first().copied().unwrap_or_default();
        let ranked = needs_whole_table(table);
        Rules { table: table.name, key, judged, spares_witnesses: false, ranked, goes }
    }

    /// The rules for a table whose rows were just computed: nobody erased is among them, but texts that
    /// people wrote may still tell of somebody.
    pub fn of_texts(table: &'a Table, goes: Goes<'a>) -> Rules<'a> {
        let mut rules = Rules::of(table, goes);
        rules.judged.retain(|(_, data)| matches!(data, Personal::FreeText | Personal::TextAbout(_)));
        rules
    }

    /// The rules that leave every row where it is, and with it whom it names: other files learn from them.
    pub fn of_values(table: &'a Table, goes: Goes<'a>) -> Rules<'a> {
        let mut rules = Rules::of(table, goes);
        let of_rows = |data: Personal| {
            use Personal::{SourceKey, Subject, SubjectAddress, SubjectName};
            matches!(data, Subject | SubjectAddress | SubjectName(_) | SourceKey)
        };
        rules.judged.retain(|(_, data)| !of_rows(*data));
        rules
    }

    /// The rules that leave the rows which tell that an erased address is somebody's.
    pub fn without_witnesses(table: &'a Table, goes: Goes<'a>) -> Rules<'a> {
        Rules { spares_witnesses: true, ..Rules::of(table, goes) }
    }

    /// The columns that decide, of those in the table.
    pub fn looks_at(&self, table: &Table) -> Vec<&'static str> {
        let mut names: Vec<&str> =
            self.judged.iter().flat_map(|(name, c)| [vec![*name], c.besides()].concat()).collect();
        names.extend(["external_people", "reason", "weight", "in_exchange", "in_dataverse"]);
        names.extend(table.key);
        let names = |column: &&crate::table::Column| names.contains(&column.name);
        table.columns.iter().filter(names).map(|column| column.name).collect()
    }

    /// The rows as they are without the erased. The input may be split by row, or, where
    /// [`needs_whole_table`], not at all.
    ///
    /// # Errors
    /// Only what the engine runs into.
    pub fn apply(&self, frame: DataFrame) -> Result<(DataFrame, Counts)> {
        let rows = frame.height();
        let mut goes = vec![false; rows];
        let mut blanks: Vec<(&'static str, Vec<bool>)> = Vec::new();
        for (name, judged) in &self.judged {
            let blank = self.judge(&frame, name, *judged, &mut goes)?;
            if blank.contains(&true) {
                let with = match judged {
                    Personal::Mention { with, .. } | Personal::Interaction(with) => *with,
                    _ => &[],
                };
                let with = with.iter().filter(|other| frame.column(other).is_ok());
                blanks.extend([name].into_iter().chain(with).map(|name| (*name, blank.clone())));
            }
        }
        if self.spares_witnesses {
            self.spare_witnesses(&frame, &mut goes)?;
        }
        let mut frame = frame;
        let mut changed = vec![false; rows];
        for (name, blank) in blanks {
            self.blank(&mut frame, name, &blank, &mut changed)?;
        }
        self.settle_internal(&mut frame, &mut changed)?;
        self.settle_withdrawn(&mut frame, &mut changed)?;
        let gone = goes.iter().filter(|goes| **goes).count() as u64;
        if gone > 0 {
            let stays: Vec<bool> = goes.iter().map(|goes| !goes).collect();
            let stays = BooleanChunked::from_slice("stays".into(), &stays);
            frame = frame.filter(&stays).map_err(self.doing())?;
            changed = changed.into_iter().zip(goes).filter(|(_, goes)| !goes).map(|(changed, _)| changed).collect();
            if self.ranked {
                self.close_ranks(&mut frame, &mut changed)?;
            }
        }
        Ok((frame, Counts { gone, changed: changed.iter().filter(|changed| **changed).count() as u64 }))
    }

    /// Notes the rows that go on account of a column; returns where it becomes null.
    fn judge(&self, frame: &DataFrame, name: &str, judged: Personal, goes: &mut [bool]) -> Result<Vec<bool>> {
        let Goes { traces, withdrawn, .. } = self.goes;
        let values = texts(frame, name)?;
        let marked = |test: &dyn Fn(usize, &str) -> bool| -> Vec<bool> {
            values.iter().enumerate().map(|(row, value)| value.is_some_and(|value| test(row, value))).collect()
        };
        let mut go = |marks: Vec<bool>| goes.iter_mut().zip(marks).for_each(|(goes, mark)| *goes |= mark);
        match judged {
            Personal::Nobody | Personal::SubjectName(_) => {}
            Personal::Subject => go(marked(&|_, id| traces.is_id(id))),
            Personal::SubjectAddress => go(marked(&|_, address| traces.is_address(address))),
            Personal::SourceKey => {
                // Beside a record, an interaction that is internal now counts for what it regards alone.
                let reasons = texts(frame, "reason").ok().filter(|_| name == "interaction_id");
                let participant = |row| reasons.and_then(|reasons| reasons.get(row)) == Some("participant");
                go(marked(&|row, id| {
                    self.is_gone(id)
                        || participant(row) && self.goes.alone.internal.contains_key(id)
                        || traces.holds_address_or_id(id)
                }));
            }
            Personal::Mention { out_of, .. } => {
                let mentioned = marked(&|_, id| traces.is_id(id));
                if let Some(count) = out_of {
                    let counts = integers(frame, count)?;
                    go(mentioned.iter().enumerate().map(|(row, is)| *is && counts.get(row) == Some(1)).collect());
                }
                return Ok(mentioned);
            }
            Personal::Interaction(_) | Personal::InteractionWithoutKind => {
                let record = texts(frame, self.key)?;
                // An internal interaction counts for the record that it regards, and no longer for others.
                let unlinked = |row, id: &str| {
                    self.goes.alone.internal.get(id).is_some_and(|regarded| record.get(row) != Some(regarded.as_str()))
                };
                let goes = |row, id: &str| self.is_gone(id) || unlinked(row, id) || traces.holds_address_or_id(id);
                let is_bare = judged == Personal::InteractionWithoutKind;
                return Ok(marked(&|row, id| goes(row, id) || is_bare && of_every_kind(id).any(|id| goes(row, &id))));
            }
            Personal::SourceText => {
                return Ok(marked(&|_, id| withdrawn.gone.contains(id) || traces.holds_address_or_id(id)));
            }
            Personal::FreeText => {
                return Ok(marked(&|_, text| traces.are_in(text)));
            }
            Personal::CutText(longest) => {
                return Ok(marked(&|_, text| traces.may_be_in_cut(text, longest)));
            }
            Personal::BeginningOf(whole) => {
                let wholes = texts(frame, whole)?;
                return Ok(marked(&|row, text| traces.are_in(wholes.get(row).unwrap_or(text))));
            }
            Personal::TextAbout(people) => {
                let people: Vec<&StringChunked> = people.iter().map(|id| texts(frame, id)).collect::<Result<_>>()?;
                let has_namesake = |row| people.iter().any(|ids| ids.get(row).is_some_and(|id| traces.is_namesake(id)));
                return Ok(marked(&|row, text| {
                    traces.holds_address_or_id(text) || traces.holds_name(text) && !has_namesake(row)
                }));
            }
        }
        Ok(Vec::new())
    }

    fn is_gone(&self, interaction: &str) -> bool {
        self.goes.alone.gone.contains(interaction) || self.goes.withdrawn.gone.contains(interaction)
    }

    /// What Dataverse holds too stays, but Exchange gives it no longer.
    fn settle_withdrawn(&self, frame: &mut DataFrame, changed: &mut [bool]) -> Result<()> {
        let withdrawn = self.goes.withdrawn;
        if self.table != "interactions" || withdrawn.is_nothing() {
            return Ok(());
        }
        let ids = texts(frame, "interaction_id")?;
        let flags_of = |name| frame.column(name).and_then(|flags| flags.bool()).map_err(self.doing());
        let (flags, tracked) = (flags_of("in_exchange")?, flags_of("in_dataverse")?);
        // What only Exchange gave goes as a row, and tells of itself until then.
        let stays =
            |id: &str, tracked: Option<bool>| !(withdrawn.kept.contains(id) || withdrawn.all && tracked == Some(true));
        let settled: BooleanChunked = ids
            .iter()
            .zip(flags.iter())
            .zip(tracked.iter())
            .map(|((id, flag), tracked)| flag.map(|flag| flag && id.is_none_or(|id| stays(id, tracked))))
            .collect();
        note(changed, settled.iter().zip(flags.iter()).map(|(settled, flag)| settled != flag));
        frame.with_column(settled.with_name("in_exchange".into()).into_column()).map(drop).map_err(self.doing())
    }

    fn spare_witnesses(&self, frame: &DataFrame, goes: &mut [bool]) -> Result<()> {
        for (name, _) in self.judged.iter().filter(|(_, data)| *data == Personal::SubjectAddress) {
            for (goes, address) in goes.iter_mut().zip(texts(frame, name)?.iter()) {
                *goes &= !address.is_some_and(|address| self.goes.traces.is_address(address));
            }
        }
        Ok(())
    }

    fn blank(&self, frame: &mut DataFrame, name: &str, blank: &[bool], changed: &mut [bool]) -> Result<()> {
        let column = frame.column(name).map_err(self.doing())?;
        let known = column.is_not_null();
        for ((changed, blank), known) in changed.iter_mut().zip(blank).zip(known.iter()) {
            *changed |= *blank && known == Some(true);
        }
        let keep: Vec<bool> = blank.iter().map(|blank| !blank).collect();
        let keep = BooleanChunked::from_slice("keep".into(), &keep);
        let values = column.as_materialized_series();
        let nulls = Series::full_null(values.name().clone(), values.len(), values.dtype());
        let blanked = values.zip_with(&keep, &nulls).map_err(self.doing())?;
        frame.with_column(blanked.into_column()).map(drop).map_err(self.doing())
    }

    /// Interactions that are internal now have no external people, and one record that they count for.
    fn settle_internal(&self, frame: &mut DataFrame, changed: &mut [bool]) -> Result<()> {
        if self.goes.alone.internal.is_empty() || !matches!(self.table, "interactions" | "interaction_records") {
            return Ok(());
        }
        let ids = texts(frame, "interaction_id")?;
        let internal: Vec<bool> =
            ids.iter().map(|id| id.is_some_and(|id| self.goes.alone.internal.contains_key(id))).collect();
        let settled = if self.table == "interactions" {
            let people = integers(frame, "external_people")?;
            note(changed, internal.iter().zip(people.iter()).map(|(internal, n)| *internal && n != Some(0)));
            let people = internal.iter().zip(people.iter()).map(|(internal, n)| if *internal { Some(0) } else { n });
            people.collect::<Int64Chunked>().with_name("external_people".into()).into_column()
        } else {
            let weights = frame.column("weight").and_then(|weights| weights.f64()).map_err(self.doing())?;
            let whole = |internal: bool, weight: Option<f64>| if internal { weight.map(|_| 1.0) } else { weight };
            let settled: Vec<Option<f64>> =
                internal.iter().zip(weights.iter()).map(|(internal, weight)| whole(*internal, weight)).collect();
            note(changed, settled.iter().zip(weights.iter()).map(|(settled, weight)| *settled != weight));
            Float64Chunked::from_slice_options("weight".into(), &settled).into_column()
        };
        frame.with_column(settled).map(drop).map_err(self.doing())
    }

    /// Ranks run from 1 without gaps within the rest of the key, whose rows stand together.
    fn close_ranks(&self, frame: &mut DataFrame, changed: &mut [bool]) -> Result<()> {
        let group: Vec<&StringChunked> =
            frame.columns().iter().take_while(|column| column.name() != RANK).filter_map(|c| c.str().ok()).collect();
        let ranks = integers(frame, RANK)?;
        let mut closed = Vec::with_capacity(frame.height());
        for row in 0..frame.height() {
            let same = row > 0 && group.iter().all(|column| column.get(row) == column.get(row - 1));
            closed.push(if same { closed[row - 1] + 1 } else { 1i64 });
        }
        note(changed, closed.iter().zip(ranks.iter()).map(|(closed, rank)| Some(*closed) != rank));
        frame.with_column(Column::new(RANK.into(), closed)).map(drop).map_err(self.doing())
    }

    fn doing(&self) -> impl FnOnce(PolarsError) -> Error + use<> {
        Error::engine(format!("table {}: forgetting", self.table))
    }
}

fn note(changed: &mut [bool], marks: impl Iterator<Item = bool>) {
    changed.iter_mut().zip(marks).for_each(|(changed, mark)| *changed |= mark);
}
