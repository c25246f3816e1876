//! Which conditions and amounts are evaluated for each interaction, and which columns they add up to.

use polars::prelude::*;

use crate::interactions::reply_runs::DUE;
use crate::kpis::definitions::responsiveness::answered;
use crate::kpis::kpi::{Kpi, Measure, Side, Statistic};
use crate::kpis::measuring::{Measuring, held};

/// Number of a condition among those of a plan.
pub type Flag = usize;

/// Whether the interaction is held.
pub const IS_HELD: Flag = 0;
/// Whether it begins a response run that is due.
pub const IS_DUE: Flag = 1;
/// Whether it begins a run that we answered.
pub const ANSWERED_BY_US: Flag = 2;
/// Whether it begins a run that they answered.
pub const ANSWERED_BY_THEM: Flag = 3;

/// What is evaluated for each interaction, for a set of KPIs.
pub struct Plan {
    /// Conditions, by `Flag`.
    pub flags: Vec<Expr>,
    /// The flags that an interaction only has because it begins a run that is due.
    pub of_runs: Vec<Flag>,
    /// Amounts of time in microseconds.
    pub times: Vec<Expr>,
    /// The columns that come out, in the order of the KPIs.
    pub columns: Vec<Planned>,
}

/// A column and what it is added up from.
pub struct Planned {
    /// Name of the KPI.
    pub name: &'static str,
    /// What is added up.
    pub sum: Sum,
}

/// What is added up for a KPI.
pub enum Sum {
    /// How many interactions have a flag.
    Count(Flag),
    /// Nothing: the settings leave the KPI undefined.
    Undefined,
    /// The amounts of time at a place among those of the plan.
    Minutes {
        /// The place.
        time: usize,
        /// Of interactions that take time, and it is known how much.
        known: Flag,
        /// Of interactions that take time, and it is not known how much.
        unknown: Flag,
    },
    /// Response times of a side.
    ResponseHours(Side, Statistic),
}

impl Plan {
    /// For those of the KPIs that are added up from interactions.
    pub fn of(kpis: &[Kpi], measuring: &Measuring) -> Plan {
        let begins_answered = |side| col(DUE).and(answered(side));
        let flags = vec![held(), col(DUE), begins_answered(Side::Us), begins_answered(Side::Them)];
        let of_runs = vec![IS_DUE, ANSWERED_BY_US, ANSWERED_BY_THEM];
        let mut plan = Plan { flags, of_runs, times: Vec::new(), columns: Vec::new() };
        for kpi in kpis {
            let sum = match kpi.measure {
                Measure::Count(condition) => Sum::Count(plan.flag(condition(measuring))),
                Measure::CountIfDefined(condition) => {
                    condition(measuring).map_or(Sum::Undefined, |condition| Sum::Count(plan.flag(condition)))
                }
                Measure::CountRuns(condition) => {
                    let flag = plan.flag(col(DUE).and(condition(measuring)));
                    plan.of_runs.push(flag);
                    Sum::Count(flag)
                }
                Measure::Minutes { time, takes } => {
                    let (time, takes) = (time(measuring), takes(measuring));
                    let known = plan.flag(takes.clone().and(time.clone().is_not_null()));
                    let unknown = plan.flag(takes.and(time.clone().is_null()));
                    plan.times.push(time);
                    Sum::Minutes { time: plan.times.len() - 1, known, unknown }
                }
                Measure::ResponseHours { answered_by, statistic } => Sum::ResponseHours(answered_by, statistic),
                Measure::Ratio { .. } | Measure::Share { .. } | Measure::FirstLastNext | Measure::Given => continue,
            };
            plan.columns.push(Planned { name: kpi.column.name, sum });
        }
        plan
    }

    fn flag(&mut self, condition: Expr) -> Flag {
        self.flags.push(condition);
        self.flags.len() - 1
    }
}
